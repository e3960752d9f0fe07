//! Rules on EiOpt: OpenADR 2.0b Profile, rules 200 to 211.

use super::Binds::{Both, Ven, Vtn};
use super::{Rule, defines, must};

const CREATE: &str = "EiOpt / oadrCreateOpt";

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    must("200", Both, CREATE,
        "The properties of vavailability hold dtstart and duration and nothing else: no tolerance, \
         x-eiNotification, x-eiRampUp or x-eiRecovery."),
    defines("201", Both, CREATE,
        "The programme decides which schedules a VEN may send, what holds outside of them, what \
         overlaps mean and whether they are allowed, and whether events may fall into an `optOut` \
         period.")
        .unseen("It lists choices of the programme, which each deployment makes differently."),
    must("202", Ven, CREATE,
        "An empty eiTarget means all resources of the VEN, and listed targets name any of them. \
         There may be several schedules for different resources."),
    must("203", Vtn, CREATE,
        "A new schedule replaces the older ones of its kind: for all resources if its only target \
         is the venID, otherwise for the named resources alone. Keep `optIn` and `optOut` \
         schedules apart in this."),
    must("204", Ven, "EiOpt / oadrCreateOpt, oadrCancelOpt",
        "Always send an optID; resources may share one. One oadrCancelOpt then cancels for all \
         that share it."),
    must("205", Vtn, CREATE,
        "Apply a schedule with a marketContext only to events of that market context."),
    must("206", Both, "EiOpt / oadrCreateOpt, EiEvent / oadrCreatedEvent",
        "The VEN answers `always` events by oadrCreatedEvent first, then may use oadrCreateOpt \
         with the eventID (no vavailability, no marketContext); never for `never` events. What \
         oadrCreateOpt set only another changes. Named resources alone change and must be the \
         event's, else 4xx; without an eventID vavailability is mandatory."),
    must("207", Both, "EiOpt / oadrCreateOpt, oadrCancelOpt",
        "Repeat the requestID of the request in the answer; it may be empty."),
    must("208", Both, "EiOpt, IDs",
        "The VEN names itself by venID and the opt by optID. If either does not match, the VTN \
         should notice and answer 452."),
    must("209", Both, CREATE,
        "Put only endDeviceAsset with listed device classes in oadrDeviceClass, and leave it out \
         if there is none. It should narrow what eiTarget and marketContext select."),
    must("210", Both, CREATE,
        "Take a schedule of duration 0 to be without end."),
    must("211", Both, "EiOpt / oadrCancelOpt",
        "A VEN does not cancel an opt it gave for a pending or active event. A VTN makes no error \
         of cancelling a schedule that a newer one replaced."),
];
