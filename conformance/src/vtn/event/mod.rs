//! EiEvent, VTN under test. OpenADR 2.0b Profile, rules 1 to 116.
//!
//! | module | scenarios |
//! |---|---|
//! | `form` | what a new event looks like, with several signals too |
//! | `target` | whom events and signals name |
//! | `refuse` | what the operator may not define |
//! | `change` | modifying, cancelling |
//! | `time` | eventStatus and currentValue as time passes |
//! | `list` | completeness and order |
//! | `answer` | oadrCreatedEvent |
//! | `profile_a` | the face to 2.0a VENs |
//! | `seen` | reading what came |

mod answer;
mod change;
mod form;
mod list;
mod profile_a;
mod refuse;
mod seen;
mod target;
mod time;

use crate::scenario::Scenario;

/// The scenarios of this folder.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("event-new-form", |play| Box::pin(form::new_form(play)))
        .given("a registered PULL VEN")
        .when("the operator creates an event of SIMPLE with three intervals, and the VEN polls")
        .expect("the event in a complete list, numbered, summed and valued as the rules ask")
        .rules(&["2", "4", "8", "9", "40", "41", "100", "102", "103", "105", "116"])
        .needs(&["create_event"]),
    Scenario::vtn("event-refuse-bad-definition", |play| Box::pin(refuse::bad_definition(play)))
        .given("a registered PULL VEN and one good event")
        .when("the operator creates events that break a rule each")
        .expect("each is refused and none reaches the VEN, but as the rule has it")
        .rules(&["8", "9", "70", "104", "111"])
        .needs(&["create_event"]),
    Scenario::vtn("event-modify", |play| Box::pin(change::modify(play)))
        .given("a running event that is acknowledged, its first interval over, and a later event")
        .when("the operator changes the last interval twice, then the one that is over")
        .expect("polls bring each change, numbered and newly dated; the last is refused")
        .rules(&["5", "20", "115", "502"])
        .needs(&["create_event", "modify_event"]),
    Scenario::vtn("event-status-timeline", |play| Box::pin(time::status_timeline(play)))
        .given("two short events, one with x-eiRampUp")
        .when("the VEN asks for its events each second across start and end, and polls in between")
        .expect("far, near, active for the one, far, active for the other, unchanged in number")
        .rules(&["5", "13", "115", "502"])
        .needs(&["create_event"]),
    Scenario::vtn("event-current-value", |play| Box::pin(time::current_value(play)))
        .given("a short event whose two intervals have the values 1 and 2")
        .when("the VEN asks for its events before it, in each interval, and after it")
        .expect("currentValue, if it is sent, is 0, 1, 2, 0")
        .rules(&["14", "29"])
        .needs(&["create_event"]),
    Scenario::vtn("event-cancel-explicit", |play| Box::pin(change::cancel_explicit(play)))
        .given("two events that are acknowledged")
        .when("the operator cancels both, and the VEN acknowledges the first only")
        .expect(
            "both come as cancelled, one number higher; the second is repeated, and not for ever",
        )
        .rules(&["5", "10", "50", "52", "502"])
        .needs(&["create_event", "cancel_event"]),
    Scenario::vtn("event-list-complete", |play| Box::pin(list::complete(play)))
        .given("events that are active, near, far, overlapping, and one the VEN opted out of")
        .when("the VEN asks for its events; then polls after a further one is created")
        .expect("all of them each time, none twice; the one opted out of may be missing")
        .rules(&["18", "50", "502"])
        .needs(&["create_event"]),
    Scenario::vtn("event-order", |play| Box::pin(list::order(play)))
        .given("active and pending events of several priorities; for a second VEN three equal ones")
        .when("the VENs ask for their events, with replyLimit too")
        .expect("active ones by priority and start, pending ones by start, cut alike each time")
        .rules(&["3", "15", "27"])
        .needs(&["create_event"]),
    Scenario::vtn("event-random-window", |play| Box::pin(time::random_window(play)))
        .given("an event with startafter")
        .when("the VEN asks for its events until dtstart, duration and startafter are over")
        .expect("it is listed all the time, as completed after its duration")
        .rules(&["66"])
        .needs(&["create_event"]),
    Scenario::vtn("event-open-ended", |play| Box::pin(time::open_ended(play)))
        .given("an event of duration 0")
        .when("the VEN asks for its events long after its start; then the operator cancels it")
        .expect("it is active until it is cancelled")
        .rules(&["47"])
        .needs(&["create_event", "cancel_event"]),
    Scenario::vtn("event-multi-signal", |play| Box::pin(form::multi_signal(play)))
        .given("a registered PULL VEN")
        .when("the operator creates an event of three signals, and another with a baseline")
        .expect("signalIDs differ, types and units fit, the baseline is numbered and summed")
        .rules(&["100", "101", "102", "103", "104", "106", "107", "110", "510"])
        .needs(&["create_event"]),
    Scenario::vtn("event-targets", |play| Box::pin(target::targets(play)))
        .given("two registered PULL VENs")
        .when("the operator aims events at resources, at both VENs, and a signal at device classes")
        .expect("at most one venID; a signal names device classes alone, or has no eiTarget")
        .rules(&["63", "111", "510"])
        .needs(&["create_event"]),
    Scenario::vtn("event-opt-recorded", |play| Box::pin(answer::opt_recorded(play)))
        .given("two events that were delivered")
        .when("the VEN opts in to both at once, later out of each, then answers both differently")
        .expect("oadrResponse 200 each time, and what is stored follows")
        .rules(&["12", "16", "17", "25", "42"])
        .needs(&["create_event", "opts"]),
    Scenario::vtn("event-created-faults", |play| Box::pin(answer::created_faults(play)))
        .given("an event of modificationNumber 1")
        .when("the VEN reports an error, answers an unknown event, answers modification 0")
        .expect("oadrResponse 200, then 452, then 450")
        .rules(&["21", "25", "35", "48"])
        .needs(&["create_event", "modify_event"]),
    Scenario::vtn("event-profile-a", |play| Box::pin(profile_a::profile_a(play)))
        .given("a 2.0a VEN with a preset venID, and a 2.0b VEN at work")
        .when("the 2.0a VEN asks for its events at the address of 2.0a, and answers them")
        .expect("one SIMPLE signal with currentValue in the words of 2.0a and no others")
        .rules(&["7", "9", "69", "113", "506"])
        .needs(&["admit", "create_event"]),
];
