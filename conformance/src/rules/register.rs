//! Rules on EiRegisterParty: OpenADR 2.0b Profile, rules 400 to 407.

use super::Binds::{Both, Ven, Vtn};
use super::{Rule, must, should};

const CREATE: &str = "EiRegisterParty / oadrCreatePartyRegistration";
const CREATED: &str = "EiRegisterParty / oadrCreatedPartyRegistration";

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    should("400", Both, "EiRegisterParty, IDs",
        "Check venID, vtnID and registrationID and answer 452 if they do not match."),
    must("401", Both, "EiRegisterParty",
        "Only a VEN queries and registers, only a VTN asks to re-register, either may cancel. A \
         cancelled VEN may try again at intervals the deployment sets; an unregistered one set up \
         for a VTN tries at power-up or reset."),
    must("402", Ven, CREATE,
        "Over HTTP state oadrHttpPullModel and, if it is false, oadrTransportAddress. Send \
         registrationID and venID when re-registering and no registrationID the first time; a \
         venID that comes then was set beforehand, and the VTN should check it."),
    must("403", Vtn, CREATED,
        "Answer a registration with registrationID, venID, all profiles and transports, the \
         service details and extensions needed, and for VENs in PULL oadrRequestedOadrPollFreq."),
    must("404", Vtn, CREATED,
        "Answer a query with all profiles and transports and whatever else bears on the VEN's \
         choice. A VEN not yet registered gets no registrationID and no venID; the poll interval \
         is optional."),
    must("405", Both, "EiRegisterParty",
        "A VEN supports registration, should register before other traffic unless registered by \
         other means, and should ignore a VTN until then. After a new registration both exchange \
         metadata and the VEN fetches events by oadrRequestEvent."),
    must("406", Vtn, CREATE,
        "When a registered VEN registers anew without IDs and unasked, wipe its registration and \
         report data and start over. It may get the same IDs again."),
    must("407", Both, "EiRegisterParty / oadrCancelPartyRegistration",
        "On receipt wipe the metadata, report requests and registration of the other party."),
];
