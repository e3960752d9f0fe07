//! What is remembered, in plain structs: stored as they are, and given to the operator.

mod event;
mod leniency;
mod once;
mod opt;
mod outbox;
mod party;
mod programme;
mod report;
mod series;
mod template;
mod version;

pub use event::{
    BaselineDraft, Delivery, Event, EventAnswer, EventDraft, IntervalDraft, ResourceOpt, Sent,
    SignalDraft, Targets,
};
pub use leniency::Leniency;
pub use once::{Made, Once};
pub use opt::{OptAction, OptChange, OptEntry, OptUse, TargetRef, Window};
pub use outbox::{Due, Entry, GivenUp, Item, PushTrouble};
pub use party::{Certificate, Enrolment, Party, Print, Registration, Standing};
pub use programme::{Group, GroupDraft, Programme, ProgrammeDraft};
pub use report::{
    GreenButton, Metadata, Point, Reading, ReadingValue, ReportRequest, RequestState,
    ResourceStatus, Series,
};
pub use series::{
    EventSeries, EventSeriesDraft, Except, Holidays, HolidaysDraft, Occurrence, Stopped,
};
pub use template::{Template, TemplateDraft};
pub use version::Version;
