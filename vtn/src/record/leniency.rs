//! Known faults of peers that are taken all the same, each under a name. None is unless the
//! party's record, or the settings for everybody, ask for it.

use serde::{Deserialize, Serialize};

/// A fault that is overlooked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leniency {
    /// Metadata without duration (rule 312), with a reportRequestID of their own (rule 311), and
    /// usage reports of another reportType than `usage` (rule 331). OpenLEADR 0.5.36 sends no
    /// duration and the type `reading` unless it is told otherwise; earlier ones an ID.
    MetadataForm,
    /// Data whose report has no start, or another than its first interval's (rules 313, 314),
    /// and intervals out of order (314). EnerNOC's samples, OpenLEADR 0.5.36 with several data
    /// points in a report.
    IntervalStarts,
}
