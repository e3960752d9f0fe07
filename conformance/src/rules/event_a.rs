//! Rules on EiEvent that 2.0b took over from 2.0a: OpenADR 2.0b Profile, rules 1 to 70.

use super::Binds::{Both, Ven, Vtn};
use super::{Rule, defines, may, must, should};

const CREATED: &str = "EiEvent / oadrCreatedEvent";
const DISTRIBUTE: &str = "EiEvent / oadrDistributeEvent";
const EITHER: &str = "EiEvent / oadrDistributeEvent, oadrCreatedEvent";
const REQUEST: &str = "EiEvent / oadrRequestEvent";

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    must("1", Both, "every payload",
        "Write every time in UTC with a final `Z`, never `+0000`, and every duration in ISO 8601 \
         without decimals. Take times with fractions of a second, cutting the fraction off if need \
         be."),
    must("2", Vtn, DISTRIBUTE,
        "Number the intervals of each signal with `uid` 0, 1, 2 and so on."),
    defines("3", Vtn, DISTRIBUTE,
        "The smaller priority number wins; 0 means no priority and ranks last."),
    must("4", Vtn, DISTRIBUTE,
        "Send an event for the first time with modificationNumber 0."),
    must("5", Vtn, DISTRIBUTE,
        "Raise modificationNumber by one at every change of the event, cancelling included. A new \
         createdDateTime, currentValue or any other eventStatus is no change."),
    must("6", Ven, DISTRIBUTE,
        "Treat an event as a test if its testEvent holds any text but `false`."),
    must("7", Vtn, DISTRIBUTE,
        "Give a 2.0a VEN events of exactly one signal, named `SIMPLE` or `simple`.").profile_a(),
    must("8", Vtn, DISTRIBUTE,
        "The durations of a signal's intervals add up to the duration of eiActivePeriod."),
    must("9", Vtn, DISTRIBUTE,
        "Give a `SIMPLE` signal no values but 0 (normal), 1 (moderate), 2 (high) and 3 (special)."),
    must("10", Vtn, DISTRIBUTE,
        "Cancel an event by sending it with eventStatus `cancelled` and modificationNumber one \
         higher."),
    must("12", Ven, CREATED,
        "Answer an event with oadrResponseRequired `always` each time it arrives, changed or not, \
         and one with `never` not at all. Several answers should share one oadrCreatedEvent, but \
         may come apart."),
    must("13", Vtn, DISTRIBUTE,
        "Let eventStatus pass from `far` to `near` when x-eiRampUp begins and to `active` at \
         dtstart. Without x-eiRampUp it passes from `far` to `active`."),
    must("14", Vtn, DISTRIBUTE,
        "A currentValue sent for a `SIMPLE` signal is 0 unless the event is `active`."),
    must("15", Vtn, DISTRIBUTE,
        "List active events first, by priority and then by start, and after them the pending ones \
         by start. If replyLimit cuts a list that is still tied, keep the same order from answer \
         to answer. A cancelled event should keep its place."),
    must("16", Vtn, CREATED,
        "Record the optType of each answer, `optIn` and `optOut` alike, unless the VEN settled it \
         by oadrCreateOpt (rule 206)."),
    must("17", Vtn, CREATED,
        "Accept an `optOut` that comes unasked for an event answered before, unless the VEN \
         settled it by oadrCreateOpt (rule 206)."),
    must("18", Both, "EiEvent",
        "Events may overlap, and the deployment should define what a VEN then does. An event ends \
         at dtstart plus duration plus startafter (a cancelled one at its acknowledgement plus \
         startafter); of two that touch, the later is in force at that instant."),
    must("19", Ven, DISTRIBUTE,
        "Answer the good events of an oadrDistributeEvent even if others in it are bad."),
    may("20", Vtn, DISTRIBUTE,
        "A pending or running event may change in any part that has not yet passed."),
    must("21", Both, "every payload with venID, vtnID or eventID",
        "Check each ID received, and report an error if another was expected. Cancelling an event \
         the VEN never knew is no error."),
    defines("22", Ven, DISTRIBUTE,
        "An empty eiTarget means the receiver itself, and several criteria mean any of them. How \
         the VEN acts on a match is its own affair."),
    must("23", Both, REQUEST,
        "Send oadrRequestEvent from VEN to VTN only."),
    must("25", Vtn, CREATED,
        "If the outer eiResponse reports an error, the eventResponses need not be read. Otherwise \
         every responseCode and optType in them should be."),
    must("27", Vtn, "EiEvent / oadrRequestEvent, oadrDistributeEvent",
        "Answer with no more events than the replyLimit of the request, if it has one."),
    must("29", Vtn, DISTRIBUTE,
        "A currentValue sent for an active event is the value of the interval in force."),
    must("30", Ven, DISTRIBUTE,
        "Shift the start of an event with startafter at random; it should fall between dtstart and \
         dtstart plus startafter. The end shifts with it, and a modification should keep the shift \
         unless startafter itself changed."),
    must("31", Ven, DISTRIBUTE,
        "Act on dtstart, duration, tolerance, x-eiRampUp and x-eiRecovery; the last two may be \
         negative."),
    must("32", Both, DISTRIBUTE,
        "Act on the duration and the signalPayload of each interval."),
    must("33", Both, "every payload",
        "Report an application error: 459 for missing information or the wrong payload, 452 for an \
         unexpected ID, a code of choice for a request that makes no sense. What breaks the schema \
         may fail in the transport instead."),
    must("35", Ven, CREATED,
        "Include eventResponses unless eiResponse reports an error."),
    must("36", Ven, CREATED,
        "Answer a cancelled event unless it says `never`: `optIn` if it was cancelled, `optOut` if \
         it cannot be. After that leave it out until the VTN sends it again."),
    must("37", Ven, "simple HTTP",
        "An HTTP VEN supports PULL; PUSH may come in addition."),
    must("38", Vtn, "transport",
        "Support HTTP PULL, HTTP PUSH and XMPP PUSH."),
    must("40", Vtn, DISTRIBUTE,
        "Include eiResponse when answering oadrRequestEvent or oadrPoll."),
    must("41", Vtn, DISTRIBUTE,
        "Fill the payload's own requestID, apart from the one in eiResponse; values may repeat."),
    must("42", Both, CREATED,
        "Each eventResponse repeats the requestID of the oadrDistributeEvent that brought the \
         event, also when the opt state changes later. The outer requestID is then empty, and the \
         VTN goes by the inner ones."),
    must("43", Ven, DISTRIBUTE,
        "Do not rely on requestIDs being unique."),
    must("45", Both, "every payload",
        "Send no `schemaLocation` attribute."),
    must("46", Both, "every payload",
        "Understand and obey every optional element that arrives, whether or not you send it. Read \
         an empty element as an absent one, unless a rule forbids the tag."),
    defines("47", Both, DISTRIBUTE,
        "An event of duration 0 is without end and runs until it is cancelled."),
    must("48", Both, EITHER,
        "Answer what is valid by schema but wrong in sense with a 4xx code. A VEN detects a \
         foreign market context or target (462) and an unsupported signal (460), answers `optOut`, \
         and should keep the error to that event. A VTN should answer 452 to an unknown eventID, \
         450 to a wrong modificationNumber."),
    must("50", Vtn, DISTRIBUTE,
        "List all far, near and active events each time; opting out need not remove one. List a \
         cancelled event once its modificationNumber has changed and until the VEN acknowledges \
         it."),
    must("51", Both, "transport",
        "In PULL use only exchanges that the VEN opens. In PUSH, HTTP or XMPP, use any but \
         oadrPoll."),
    must("52", Vtn, DISTRIBUTE,
        "Repeat a cancelled event that says `always` until it is acknowledged or over, or a set \
         number of attempts is used up."),
    must("53", Both, "simple HTTP",
        "Send `Content-Length`, `Content-Type: application/xml` and, in requests, `Host`."),
    should("56", Ven, DISTRIBUTE,
        "Take an unknown eventID for a new event: process and remember it."),
    should("57", Both, DISTRIBUTE,
        "When a known event arrives with a higher modificationNumber, its new content replaces the \
         old."),
    should("58", Ven, DISTRIBUTE,
        "Answer 450 if a known event arrives with a lower modificationNumber, even as \
         `cancelled`."),
    should("59", Ven, DISTRIBUTE,
        "Stop and forget a known event that arrives as `cancelled`."),
    must("60", Ven, EITHER,
        "A `cancelled` event that was never known should have no effect, but is answered if it \
         says `always`."),
    must("61", Ven, DISTRIBUTE,
        "Drop a remembered event that a later oadrDistributeEvent no longer lists. One that is \
         running and cannot be stopped may stay until it can be stopped or is over."),
    must("62", Ven, EITHER,
        "Process every event, and answer it exactly if it says `always`, whether known or not and \
         by whatever route it came."),
    must("63", Vtn, DISTRIBUTE,
        "Put at most one venID in eiTarget."),
    must("64", Ven, "EiEvent",
        "A 2.0a VEN in PULL answers all events it received before it polls again.").profile_a(),
    must("65", Ven, EITHER,
        "End an event that has startafter and is cancelled, openly or by omission, after a random \
         delay. It should be between 0 and startafter."),
    must("66", Both, DISTRIBUTE,
        "The VTN lists an event with startafter, even as `completed`, until dtstart plus duration \
         plus startafter. A VEN that reads `completed` still keeps to its own shifted times."),
    must("67", Both, "TLS",
        "Use TLS 1.2 with TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 and \
         TLS_RSA_WITH_AES_128_CBC_SHA256: both for a VTN, at least one for a VEN. A server picks \
         from these whatever else is offered. Other versions and suites may be had by changing the \
         configuration only."),
    must("68", Both, "TLS",
        "Use X.509v3 certificates as client and as server: a VTN has one of RSA and one of ECC, a \
         VEN at least one of either. RSA keys have 2048 bits or more and ECC keys 224; a 256-bit \
         ECC key may be signed by RSA 2048."),
    may("69", Both, DISTRIBUTE,
        "A `SIMPLE` signal may carry any listed signalType as a hint at what its levels mean; \
         between 2.0b parties rule 116 decides. The standard prints this rule without a number."),
    must("70", Vtn, "EiEvent, IDs",
        "Give each VEN a venID of its own, and never use an eventID for two different events of \
         one VEN. Different VENs may get the same eventID."),
];
