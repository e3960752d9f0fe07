//! EiEvent, VEN under test: what it answers. OpenADR 2.0b Profile, rules 12 to 69, 104 to 116.

mod answers;
mod cancelled;
mod changed;
mod fitting;
mod nonsense;
pub(super) mod reply;
mod signals;

use crate::scenario::Scenario;

pub(super) use cancelled::is_stopped;
pub(super) use changed::next;
pub(super) use reply::site_if_any;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("event-always", |play| Box::pin(answers::always(play)))
        .given("a registered VEN")
        .when("an event that is to be answered comes; the same list again; another event under the same requestID")
        .expect("an oadrCreatedEvent each time: 200, an optType, the list's requestID inside, none outside")
        .rules(&["12", "35", "42", "43", "56", "62"]),
    Scenario::ven("event-never", |play| Box::pin(answers::never(play)))
        .given("a registered VEN")
        .when("an event that wants no answer comes, is modified and is cancelled, each time beside one that wants an answer")
        .expect("no oadrCreatedEvent and no oadrCreateOpt speaks of it")
        .rules(&["12", "36", "62", "206"]),
    Scenario::ven("event-mixed-validity", |play| Box::pin(answers::mixed_validity(play)))
        .given("a VEN that serves one market context, if it can be so set")
        .when("a list brings a good event and one of a foreign market context")
        .expect("the outer code is 200; the good event is answered with 200, the other with 462 and optOut or not at all")
        .rules(&["19", "48"]),
    Scenario::ven("event-market-context", |play| Box::pin(fitting::market_context(play)))
        .given("a VEN that serves one market context")
        .when("an event of another market context comes, and one of its own written with a host in capitals")
        .expect("462 and optOut for the first, 200 for the second")
        .rules(&["48", "512"])
        .needs(&["start"]),
    Scenario::ven("event-target", |play| Box::pin(fitting::target(play)))
        .given("a VEN with a resource of a known name, if it can be so set")
        .when("events are for foreign resources only; for nobody by name; for the VEN; for a foreign resource and its own")
        .expect("462 and optOut for the first, 200 for the others")
        .rules(&["22", "48", "510"]),
    Scenario::ven("event-signal-target", |play| Box::pin(fitting::signal_target(play)))
        .given("a VEN of one device class, its site visible")
        .when("a signal is for that class; for another one; for both")
        .expect("the site follows the first and the last, not the second")
        .rules(&["111"])
        .needs(&["start", "site"]),
    Scenario::ven("event-signal-unsupported", |play| Box::pin(signals::unsupported(play)))
        .given("a registered VEN")
        .when("a signal nobody knows comes; a price in kilowatts; a signal that may be for any of several resources")
        .expect("460 and optOut; 460 and optOut; 469")
        .rules(&["48", "109", "112"]),
    Scenario::ven("event-minimum-signals", |play| Box::pin(signals::minimum(play)))
        .given("a registered VEN")
        .when("SIMPLE, a price of electricity, a setpoint of load and all of them in one event come; SIMPLE as a price beside a good event")
        .expect("200 for the first four; the last is taken or refused, and the good one beside it is taken")
        .rules(&["69", "104", "106", "110", "116", "510"]),
    Scenario::ven("event-modified", |play| Box::pin(changed::modified(play)))
        .given("a VEN that follows an event")
        .when("the event comes with the next modificationNumber and other values for what is left of it")
        .expect("an answer with the new modificationNumber, and the new values at the site")
        .rules(&["20", "57", "62"]),
    Scenario::ven("event-stale", |play| Box::pin(changed::stale(play)))
        .given("a VEN that knows modification 2 of an event")
        .when("modification 1 comes, and once more as cancelled")
        .expect("450 both times; the event stays as it was")
        .rules(&["58"]),
    Scenario::ven("event-cancel-known", |play| Box::pin(cancelled::known(play)))
        .given("a VEN that follows an event")
        .when("the event is cancelled; then a list brings another event")
        .expect("the cancellation is answered; later answers do not speak of the event, and the site follows it no more")
        .rules(&["36", "59"]),
    Scenario::ven("event-cancel-unknown", |play| Box::pin(cancelled::unknown(play)))
        .given("a registered VEN")
        .when("an event it never heard of comes as cancelled")
        .expect("it is answered with 200")
        .rules(&["21", "36", "60", "62"]),
    Scenario::ven("event-cancel-implied", |play| Box::pin(cancelled::implied(play)))
        .given("a VEN that knows two events")
        .when("a list leaves one of them out; a later one brings it again, with modificationNumber 0")
        .expect("no answer speaks of the missing one, the site drops it, and when it comes again it is new")
        .rules(&["56", "61"]),
    Scenario::ven("event-bad-content", |play| Box::pin(nonsense::bad_content(play)))
        .given("a registered VEN")
        .when("a list has a foreign vtnID; a new event ended yesterday; intervals do not sum to the event's duration")
        .expect("452 and nothing taken; a code beginning with 4 for each of the two events")
        .rules(&["21", "33", "48"]),
];
