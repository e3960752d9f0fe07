//! EiEvent as the site of a VEN sees it, and a VEN of 2.0a. OpenADR 2.0b Profile, rules 6, 18, 30
//! to 32, 47, 64 to 66, 114, 506.

mod edges;
mod profile_a;
mod shifted;
mod stopped;
mod timeline;

use crate::scenario::Scenario;

pub(super) use profile_a::answer as answer_of_2a;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("event-values-followed", |play| Box::pin(edges::values_followed(play)))
        .given("a VEN that read an event once, while it was far; its site visible")
        .when("the event's time comes, with the values 1, 3 and 0, and nothing more is said of it")
        .expect("the site starts by itself and follows the values and instants, give or take a second")
        .rules(&["31", "32", "114"])
        .needs(&["site"]),
    Scenario::ven("event-random-start", |play| Box::pin(shifted::random_start(play)))
        .given("a VEN that knows ten events with startafter, its site visible")
        .when("one of them is modified elsewhere; it starts; a list says completed before it has run its time")
        .expect("starts within startafter, not all equally late, full durations, the same shift after the modification, the run to its shifted end")
        .rules(&["30", "31", "66"])
        .needs(&["site"]),
    Scenario::ven("event-random-cancel", |play| Box::pin(stopped::random_cancel(play)))
        .given("a VEN that follows an event with startafter, its site visible; several times over")
        .when("the event is cancelled, openly and by being listed no more")
        .expect("it ends no later than startafter from then, and not equally soon each time")
        .rules(&["65"])
        .needs(&["site"]),
    Scenario::ven("event-boundaries", |play| Box::pin(edges::boundaries(play)))
        .given("a registered VEN, its site visible")
        .when("an event of duration 0 runs for long and is cancelled; of two events the second starts when the first ends")
        .expect("the first runs until it is cancelled; at the instant of change the later event is in force")
        .rules(&["18", "47"])
        .needs(&["site"]),
    Scenario::ven("event-test-flag", |play| Box::pin(edges::test_flag(play)))
        .given("a registered VEN, its site visible")
        .when("events come with testEvent true, maybe and false")
        .expect("the site takes the first two for tests, the last for a real one")
        .rules(&["6"])
        .needs(&["site"]),
    Scenario::ven("event-ven-profile-a", |play| Box::pin(profile_a::plays(play)))
        .given("a VEN set to 2.0a, and a VTN of 2.0a")
        .when("its oadrRequestEvent brings two events that are to be answered")
        .expect("namespace and address of 2.0a, EiEvent only, no oadrPoll, no schemaVersion, no venID in oadrResponse; both events answered before it asks again")
        .rules(&["64", "506"])
        .needs(&["start"])
        .feature("profile-a"),
];
