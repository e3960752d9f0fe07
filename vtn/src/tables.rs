//! The tables: typed descriptions of what is remembered.
//!
//! No request does work that grows with the number of VENs: every table that a VEN's request
//! reads begins its key with the VEN, and a poll reads one row of each. `deliveries` alone
//! begins with the event, for the operator; `live` leads from a VEN to its rows there.

use jiff::Timestamp;
use oadr_store::Table;

use crate::record::{
    Delivery, Due, Entry, Event, EventSeries, GivenUp, GreenButton, Group, Holidays, Metadata,
    Occurrence, Once, OptChange, OptEntry, OptUse, Party, Print, Programme, PushTrouble, Reading,
    ReportRequest, Series, Template,
};

/// venID → party.
pub(crate) const PARTIES: Table<String, Party> = Table::new("parties", 1);
/// SHA-256 of a certificate → venID. The only way from a certificate to a party.
pub(crate) const BY_THUMBPRINT: Table<[u8; 32], String> = Table::new("by_thumbprint", 1);
/// Fingerprint of a certificate that some party has, seen or not. Each belongs to one party, and
/// leads to it at first contact only.
pub(crate) const BY_FINGERPRINT: Table<[u8; 10], Print> = Table::new("by_fingerprint", 1);
/// (end in microseconds, fingerprint) → venID: when certificates of VENs end; one whose end is not
/// known stands at the end of time.
pub(crate) const CERTIFICATE_ENDS: Table<(i64, [u8; 10]), String> =
    Table::new("certificate_ends", 1);
/// One row, `""`, once the table above has all there are.
pub(crate) const CERTIFICATES_INDEXED: Table<String, ()> = Table::new("certificates_indexed", 1);
/// venID of a first contact that waits for an operator.
pub(crate) const PENDING: Table<String, ()> = Table::new("pending", 1);
/// (groupID, venID): who is in a group.
pub(crate) const MEMBERS: Table<(String, String), ()> = Table::new("members", 1);
/// groupID → a group that an operator made. One that only has members is in `members` alone.
pub(crate) const GROUPS: Table<String, Group> = Table::new("groups", 1);
/// marketContext in its normal form (rule 512) → programme.
pub(crate) const PROGRAMMES: Table<String, Programme> = Table::new("programmes", 1);
/// Name → template.
pub(crate) const TEMPLATES: Table<String, Template> = Table::new("templates", 1);
/// Name → series of events.
pub(crate) const EVENT_SERIES: Table<String, EventSeries> = Table::new("event_series", 1);
/// (name of a series, instant in seconds) → the event that was made for it.
pub(crate) const OCCURRENCES: Table<(String, i64), Occurrence> = Table::new("occurrences", 1);
/// Name of a series → why some of its events could not be made, the last time.
pub(crate) const TROUBLES: Table<String, String> = Table::new("troubles", 1);
/// Name → list of holidays.
pub(crate) const HOLIDAYS: Table<String, Holidays> = Table::new("holidays", 1);

/// eventID → event.
pub(crate) const EVENTS: Table<String, Event> = Table::new("events", 1);
/// eventID of an event that is not over: what a VEN that comes later may have to be told.
pub(crate) const OPEN_EVENTS: Table<String, ()> = Table::new("open_events", 1);
/// One row, `""`: a number that grows with every event made, and with whatever else names VENs,
/// groups or a programme. Whoever enrols a VEN requires it unchanged, so that no event passes
/// between a new VEN and its list; so does whoever forgets a group or a programme.
pub(crate) const EVENT_CLOCK: Table<String, u64> = Table::new("event_clock", 1);
/// eventID → modificationNumber that is being told to its VENs; finished after a restart.
pub(crate) const FAN_OUTS: Table<String, u32> = Table::new("fan_outs", 1);
/// (eventID, venID) → what was sent and answered.
pub(crate) const DELIVERIES: Table<(String, String), Delivery> = Table::new("deliveries", 1);
/// (venID, eventID): the events a VEN's oadrDistributeEvent lists.
pub(crate) const LIVE: Table<(String, String), ()> = Table::new("live", 1);
/// venID → its events are to be offered by a poll.
pub(crate) const DUE: Table<String, Due> = Table::new("due", 1);

/// (venID, number) → opt schedule in force.
pub(crate) const OPTS: Table<(String, u64), OptEntry> = Table::new("opts", 1);
/// (venID, number) → what happened, in order.
pub(crate) const OPT_HISTORY: Table<(String, u64), OptChange> = Table::new("opt_history", 1);

/// (venID, optID) → what it was for: a cancelled or superseded opt is still known.
pub(crate) const OPT_IDS: Table<(String, String), OptUse> = Table::new("opt_ids", 1);

/// (venID, reportSpecifierID) → what it offers.
pub(crate) const METADATA: Table<(String, String), Metadata> = Table::new("metadata", 1);
/// (venID, reportRequestID) → what was asked.
pub(crate) const REPORT_REQUESTS: Table<(String, String), ReportRequest> =
    Table::new("report_requests", 1);
/// (venID, reportSpecifierID, rID) → what the readings are of.
pub(crate) const SERIES: Table<(String, String, String), Series> = Table::new("series", 1);
/// (venID, reportSpecifierID, rID, start in microseconds) → reading. rIDs are unique in a
/// report only (rule 308).
pub(crate) const READINGS: Table<(String, String, String, i64), Reading> =
    Table::new("readings", 1);

/// (venID, feed's ID) → what is told of a Green Button feed.
pub(crate) const GREEN_BUTTON: Table<(String, String), GreenButton> = Table::new("green_button", 1);
/// The same → the feed itself, so that listing them reads none.
pub(crate) const GREEN_BUTTON_FEEDS: Table<(String, String), String> =
    Table::new("green_button_feeds", 1);

/// (operator's name, the operator's name for a request) → what it made, for a day.
pub(crate) const ONCE: Table<(String, String), Once> = Table::new("once", 1);
/// (when in microseconds, operator's name, their name for it): the same, oldest first.
pub(crate) const ONCE_AGES: Table<(i64, String, String), ()> = Table::new("once_ages", 1);

/// (venID, number) → payload that waits for a poll.
pub(crate) const OUTBOX: Table<(String, u64), Entry> = Table::new("outbox", 1);
/// (venID, number) → payload that was given up, the last hundred.
pub(crate) const GIVEN_UP: Table<(String, u64), GivenUp> = Table::new("given_up", 1);
/// venID → what is pushed to it does not arrive.
pub(crate) const PUSH_TROUBLES: Table<String, PushTrouble> = Table::new("push_troubles", 1);
/// (venID, due in microseconds, number) → payload that was fetched and is not answered.
pub(crate) const SENT: Table<(String, i64, u64), Entry> = Table::new("sent", 1);

/// One row, `""`: when somebody last asked whether the store can be written.
pub(crate) const PROBE: Table<String, Timestamp> = Table::new("probe", 1);
