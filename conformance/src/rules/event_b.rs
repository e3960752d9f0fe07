//! Rules on EiEvent that 2.0b added: OpenADR 2.0b Profile, rules 100 to 116.

use super::Binds::{Both, Ven, Vtn};
use super::{Rule, defines, may, must};

const CREATED: &str = "EiEvent / oadrCreatedEvent";
const DISTRIBUTE: &str = "EiEvent / oadrDistributeEvent";

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    must("100", Vtn, DISTRIBUTE,
        "Each interval of a signal or baseline has one signalPayload, and that holds a \
         payloadFloat."),
    must("101", Vtn, DISTRIBUTE,
        "Number the intervals of a baseline with `uid` 0, 1, 2 and so on."),
    must("102", Vtn, DISTRIBUTE,
        "Give every interval a duration. Those of a signal add up to the event's duration, those \
         of a baseline to the baseline's own."),
    must("103", Vtn, DISTRIBUTE,
        "Put no dtstart in the intervals of signals and baselines."),
    must("104", Vtn, DISTRIBUTE,
        "Combine a well-known signalName only with the signalType, unit and values the profile \
         lists for it."),
    must("105", Vtn, DISTRIBUTE,
        "Include x-eiNotification in the properties of eiActivePeriod, though the schema could do \
         without."),
    may("106", Vtn, DISTRIBUTE,
        "Other signals may stand beside `SIMPLE`; how they relate is for the deployment to say."),
    must("107", Vtn, DISTRIBUTE,
        "If an event has several signals, give each a signalID that is unique in the event."),
    defines("108", Vtn, DISTRIBUTE,
        "A baseline with resourceIDs is the total of those resources, whatever the eiTarget of the \
         event is.")
        .unseen("It says what the resourceIDs of a baseline mean; no message depends on it."),
    must("109", Ven, CREATED,
        "Answer 460 if the signalType and unit of any signal in the event are not supported."),
    defines("110", Vtn, DISTRIBUTE,
        "While an event is not active, currentValue has no meaning except for `SIMPLE` (rule 14)."),
    must("111", Both, DISTRIBUTE,
        "A signal's eiTarget holds only endDeviceAsset, its mrid one of the listed device classes; \
         leave it out if there is none. Several mrids are alternatives, and together they narrow \
         the target of the event."),
    must("112", Ven, CREATED,
        "Answer 469 if the signal leaves open which resource it is for."),
    must("113", Vtn, DISTRIBUTE,
        "Always send currentValue to 2.0a VENs; for 2.0b VENs it is optional."),
    must("114", Ven, DISTRIBUTE,
        "Keep the clock reasonably in step with the VTN's, by the means and within the tolerance \
         the deployment sets. A VEN may work out eventStatus for itself and pass over any it \
         receives but `cancelled`."),
    must("115", Vtn, DISTRIBUTE,
        "Renew createdDateTime whenever the event changes, and send all events of a payload with \
         the same one. Bring eventStatus up to date before answering oadrRequestEvent; before \
         answering oadrPoll this may be skipped."),
    must("116", Both, DISTRIBUTE,
        "Between 2.0b parties a `SIMPLE` signal has signalType `level`."),
];
