//! The one table of the API: method, path, the least role that may, handler, description. The
//! router, the check of roles and `/api/openapi.json` are all made from it.

use axum::http::HeaderName;
use axum::routing::{MethodRouter, delete, get, post, put};

use super::api::Api;
use super::header::{EXPECTED, Header, KEY, VERSION};
use super::role::Role;
use super::{
    audit, certificate, event, explain, green_button, health, openapi, opt, programme, reading,
    report, series, status, template, trade, ven,
};

/// A row of the table.
pub(super) struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// Who may: this role and greater ones.
    pub least: Role,
    pub id: &'static str,
    pub summary: &'static str,
    pub takes: Takes,
    pub gives: Gives,
    /// Headers of its requests.
    pub heeds: &'static [Header],
    /// Headers of its answers.
    pub tells: &'static [Header],
    pub handler: fn() -> MethodRouter<Api>,
}

impl Route {
    /// Whether its requests may carry this header.
    pub(super) fn heeds(&self, name: &HeaderName) -> bool {
        self.heeds.iter().any(|header| header.name.eq_ignore_ascii_case(name.as_str()))
    }
}

/// What a request carries.
pub(super) enum Takes {
    /// Nothing.
    Nothing,
    /// These fields in its query.
    Query(&'static [&'static str]),
    /// A JSON body of this schema.
    Body(&'static str),
    /// A JSON body of this schema, or none.
    Optional(&'static str),
}

/// What the answer carries.
pub(super) enum Gives {
    /// JSON of this schema.
    One(&'static str),
    /// A page of this schema; all its queries take `limit` and `after`.
    Page(&'static str),
    /// A page, or CSV if the caller wants it.
    PageOrCsv(&'static str),
    /// An Atom feed (RFC 4287).
    Atom,
    /// Some JSON.
    Any,
    /// Plain text.
    Text,
}

use Gives::{Any, Atom, One, Page, PageOrCsv, Text};
use Role::{Administrator, Operator, Viewer};
use Takes::{Body, Nothing, Optional, Query};

macro_rules! table {
    ($($method:ident $path:literal $least:ident $id:literal $summary:literal
        $takes:expr => $gives:expr, $handler:path
        $(, heeds [$($heeds:expr),*])? $(, tells [$($tells:expr),*])?;)*) => {
        &[$(Route {
            method: stringify!($method), path: $path, least: $least, id: $id, summary: $summary,
            takes: $takes, gives: $gives, heeds: &[$($($heeds),*)?], tells: &[$($($tells),*)?],
            handler: || $method($handler),
        }),*]
    };
}

/// The table. Rows of one path stand together.
pub(super) const ROUTES: &[Route] = table! {
    get "/api/openapi.json" Viewer "describe" "This description"
        Nothing => Any, openapi::describe;
    get "/metrics" Viewer "metrics" "What is measured, in Prometheus' text format"
        Nothing => Text, health::measured;
    get "/healthz" Viewer "healthz" "Whether the VTN answers at all"
        Nothing => Text, health::alive;
    get "/readyz" Viewer "readyz" "Whether VENs are served; 503 if the store cannot be written or the VTN is ending"
        Nothing => Text, health::ready;
    get "/api/v1/status" Viewer "status" "How the VTN is: counters, versions, certificates"
        Nothing => One("Status"), status::status;
    get "/api/v1/certificates" Viewer "list_certificates" "Certificates by when they end: the VTN's, authorities, operators', VENs'; within: only those that end within so many days or have ended"
        Query(&["within", "limit", "after"]) => Page("CertificateEnd"), certificate::list;
    post "/api/v1/backup" Administrator "backup" "Copies the store and the audit log into a directory of the VTN's machine"
        Body("BackupRequest") => One("BackupSummary"), status::backup;

    // For administrators: it says of people what they did and when, their colleagues included.
    get "/api/v1/audit" Administrator "audit" "What operators did and VENs said, oldest first; a page may be empty and another follow"
        Query(&["since", "until", "ven", "operator", "limit", "after"]) => Page("AuditLine"), audit::list;

    get "/api/v1/vens" Viewer "list_vens" "All VENs"
        Query(&["limit", "after"]) => Page("Ven"), ven::list;
    post "/api/v1/vens" Administrator "enrol_ven" "Enrols a VEN by its certificate's fingerprint"
        Body("Enrolment") => One("Ven"), ven::enrol;
    post "/api/v1/ven-imports" Administrator "import_vens" "Enrols many VENs at once, or none if one does not fit; those that are there are brought up to date"
        Body("Import") => One("Imported"), ven::import;
    get "/api/v1/vens/{ven}" Viewer "show_ven" "One VEN"
        Nothing => One("Ven"), ven::show;
    delete "/api/v1/vens/{ven}" Administrator "remove_ven" "Ends a VEN's registration; it is told by its next poll"
        Nothing => One("Ven"), ven::remove;
    post "/api/v1/vens/{ven}/approve" Administrator "approve_ven" "Says yes to a VEN that waits"
        Optional("Approval") => One("Ven"), ven::approve;
    post "/api/v1/vens/{ven}/bar" Administrator "bar_ven" "Refuses a VEN from now on, until it is approved again"
        Nothing => One("Ven"), ven::bar;
    post "/api/v1/vens/{ven}/certificates" Administrator "add_certificate" "Lets a VEN change over to another certificate"
        Body("CertificateAdded") => One("Ven"), ven::add_certificate;
    delete "/api/v1/vens/{ven}/certificates/{fingerprint}" Administrator "remove_certificate" "Takes a certificate from a VEN, at once"
        Nothing => One("Ven"), ven::remove_certificate;
    get "/api/v1/vens/{ven}/outbox" Viewer "outbox" "What waits for a VEN"
        Nothing => One("Outbox"), ven::outbox;
    post "/api/v1/vens/{ven}/reregister" Operator "reregister_ven" "Asks a VEN to register again"
        Nothing => One("Ven"), ven::reregister;
    put "/api/v1/vens/{ven}/groups" Operator "set_groups" "Sets the groups a VEN is in"
        Body("Groups") => One("Ven"), ven::groups;

    get "/api/v1/groups" Viewer "list_groups" "All groups of VENs"
        Query(&["limit", "after"]) => Page("Group"), programme::groups;
    get "/api/v1/groups/{group}" Viewer "show_group" "One group"
        Nothing => One("Group"), programme::group;
    put "/api/v1/groups/{group}" Operator "put_group" "Makes a group, or says its name anew; its members stay"
        Body("GroupDraft") => One("Group"), programme::put_group;
    delete "/api/v1/groups/{group}" Operator "remove_group" "Forgets a group that has no members and that nothing names"
        Nothing => One("Group"), programme::remove_group;
    get "/api/v1/groups/{group}/members" Viewer "group_members" "The VENs of a group"
        Query(&["limit", "after"]) => Page("Member"), programme::members;
    post "/api/v1/groups/{group}/members" Operator "move_members" "Lets VENs enter and leave a group, all or none; events for it follow"
        Body("Movement") => One("Group"), programme::move_members;

    get "/api/v1/programmes" Viewer "list_programmes" "All programmes"
        Query(&["limit", "after"]) => Page("Programme"), programme::list;
    get "/api/v1/programmes/{programme}" Viewer "show_programme" "One programme, by its market context"
        Nothing => One("Programme"), programme::show;
    put "/api/v1/programmes/{programme}" Operator "put_programme" "Makes a programme, or replaces what it says; events that are there stay"
        Body("ProgrammeDraft") => One("Programme"), programme::put;
    delete "/api/v1/programmes/{programme}" Operator "remove_programme" "Forgets a programme that no event needs"
        Nothing => One("Programme"), programme::remove;

    get "/api/v1/templates" Viewer "list_templates" "All templates of events"
        Query(&["limit", "after"]) => Page("Template"), template::list;
    get "/api/v1/templates/{template}" Viewer "show_template" "One template"
        Nothing => One("Template"), template::show;
    put "/api/v1/templates/{template}" Operator "put_template" "Makes a template, or replaces what it says; events made of it stay"
        Body("TemplateDraft") => One("Template"), template::put;
    delete "/api/v1/templates/{template}" Operator "remove_template" "Forgets a template"
        Nothing => One("Template"), template::remove;
    post "/api/v1/templates/{template}/events" Operator "create_event_of" "Makes an event of a template and tells it to its VENs"
        Body("Occasion") => One("Event"), template::create_event, heeds [KEY], tells [VERSION];

    get "/api/v1/holidays" Viewer "list_holidays" "All lists of holidays"
        Query(&["limit", "after"]) => Page("Holidays"), series::all_holidays;
    get "/api/v1/holidays/{list}" Viewer "show_holidays" "One list of holidays"
        Nothing => One("Holidays"), series::holidays;
    put "/api/v1/holidays/{list}" Operator "put_holidays" "Makes a list of holidays, or replaces it; series that name it follow"
        Body("HolidaysDraft") => One("Holidays"), series::put_holidays;
    delete "/api/v1/holidays/{list}" Operator "remove_holidays" "Forgets a list of holidays that no series needs"
        Nothing => One("Holidays"), series::remove_holidays;

    get "/api/v1/series" Viewer "list_series" "All series of events"
        Query(&["limit", "after"]) => Page("Series"), series::list;
    get "/api/v1/series/{series}" Viewer "show_series" "One series"
        Nothing => One("Series"), series::show;
    put "/api/v1/series/{series}" Operator "put_series" "Makes a series, or changes it and those of its events that have not begun"
        Body("SeriesDraft") => One("Series"), series::put;
    delete "/api/v1/series/{series}" Operator "stop_series" "Stops a series; its events that have not begun are cancelled, or left"
        Query(&["events"]) => One("Series"), series::stop;
    get "/api/v1/series/{series}/events" Viewer "series_events" "The events that a series has made"
        Query(&["limit", "after"]) => Page("SeriesEvent"), series::events;
    post "/api/v1/series-previews" Viewer "preview_series" "The instants that a series would have; changes nothing"
        Body("SeriesPreview") => One("Slots"), series::preview;

    get "/api/v1/events" Viewer "list_events" "All events"
        Query(&["limit", "after"]) => Page("Event"), event::list;
    post "/api/v1/events" Operator "create_event" "Makes an event and tells it to its VENs"
        Body("EventDraft") => One("Event"), event::create, heeds [KEY], tells [VERSION];
    get "/api/v1/events/{event}" Viewer "show_event" "One event"
        Nothing => One("Event"), event::show, tells [VERSION];
    put "/api/v1/events/{event}" Operator "modify_event" "Replaces an event's content and tells its VENs"
        Body("Modification") => One("Event"), event::modify, heeds [EXPECTED], tells [VERSION];
    delete "/api/v1/events/{event}" Operator "cancel_event" "Cancels an event and tells its VENs"
        Query(&["reason"]) => One("Event"), event::cancel, heeds [EXPECTED], tells [VERSION];
    get "/api/v1/events/{event}/answers" Viewer "event_answers" "What each VEN got of an event and said"
        Query(&["limit", "after"]) => Page("Answer"), event::answers;

    get "/api/v1/explain" Viewer "explain" "Why a VEN did or did not get, answer or follow an event; without an event: whether one would reach it"
        Query(&["ven", "event"]) => One("Explanation"), explain::explain;

    get "/api/v1/reports" Viewer "list_reports" "What VENs offer to report, and what was asked for"
        Query(&["limit", "after"]) => Page("Reports"), report::list;
    post "/api/v1/vens/{ven}/report-requests" Operator "request_report" "Asks a VEN for a report"
        Body("ReportWanted") => One("ReportRequest"), report::request, heeds [KEY];
    delete "/api/v1/vens/{ven}/report-requests/{request}" Operator "cancel_report" "Asks a VEN to stop reporting: by its next poll, or embedded in the answer to its next report"
        Query(&["one_more", "embedded"]) => One("ReportRequest"), report::cancel;
    get "/api/v1/vens/{ven}/readings" Operator "readings" "What a VEN measured; rid: one or more, with commas"
        Query(&["rid", "from", "to", "limit", "after"]) => PageOrCsv("Reading"), reading::list;

    get "/api/v1/vens/{ven}/green-button" Operator "list_green_button" "The Green Button feeds that a VEN reported"
        Query(&["limit", "after"]) => Page("GreenButton"), green_button::list;
    get "/api/v1/vens/{ven}/green-button/{feed}" Operator "show_green_button" "One feed: Atom with ESPI resources"
        Nothing => Atom, green_button::show;

    get "/api/v1/vens/{ven}/opts" Viewer "list_opts" "A VEN's opt schedules in force"
        Query(&["limit", "after"]) => Page("Opt"), opt::list;
    get "/api/v1/vens/{ven}/opt-history" Viewer "opt_history" "What happened to a VEN's opts, newest first"
        Query(&["limit", "after"]) => Page("OptChange"), opt::history;

    get "/api/v1/vens/{ven}/availability" Viewer "availability" "Whether a VEN and each of its resources is in or out at an instant, by its opt schedules"
        Query(&["at", "market_context"]) => One("Availability"), opt::availability;

    get "/api/v1/tenders" Operator "list_tenders" "Tenders"
        Query(&["limit", "after"]) => Page("Tender"), trade::tenders;
    get "/api/v1/transactions" Operator "list_transactions" "Transactions"
        Query(&["limit", "after"]) => Page("Transaction"), trade::transactions;
    get "/api/v1/deliveries" Operator "list_deliveries" "Deliveries that were asked for and metered"
        Query(&["limit", "after"]) => Page("Delivery"), trade::deliveries;
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Who may what, cell by cell: viewer, operator, administrator.
    const MATRIX: &[(&str, [bool; 3])] = &[
        ("describe", [true, true, true]),
        ("metrics", [true, true, true]),
        ("healthz", [true, true, true]),
        ("readyz", [true, true, true]),
        ("status", [true, true, true]),
        ("list_certificates", [true, true, true]),
        ("backup", [false, false, true]),
        ("audit", [false, false, true]),
        ("list_vens", [true, true, true]),
        ("enrol_ven", [false, false, true]),
        ("import_vens", [false, false, true]),
        ("show_ven", [true, true, true]),
        ("remove_ven", [false, false, true]),
        ("approve_ven", [false, false, true]),
        ("bar_ven", [false, false, true]),
        ("add_certificate", [false, false, true]),
        ("remove_certificate", [false, false, true]),
        ("outbox", [true, true, true]),
        ("reregister_ven", [false, true, true]),
        ("set_groups", [false, true, true]),
        ("list_groups", [true, true, true]),
        ("show_group", [true, true, true]),
        ("put_group", [false, true, true]),
        ("remove_group", [false, true, true]),
        ("group_members", [true, true, true]),
        ("move_members", [false, true, true]),
        ("list_programmes", [true, true, true]),
        ("show_programme", [true, true, true]),
        ("put_programme", [false, true, true]),
        ("remove_programme", [false, true, true]),
        ("list_templates", [true, true, true]),
        ("show_template", [true, true, true]),
        ("put_template", [false, true, true]),
        ("remove_template", [false, true, true]),
        ("create_event_of", [false, true, true]),
        ("list_holidays", [true, true, true]),
        ("show_holidays", [true, true, true]),
        ("put_holidays", [false, true, true]),
        ("remove_holidays", [false, true, true]),
        ("list_series", [true, true, true]),
        ("show_series", [true, true, true]),
        ("put_series", [false, true, true]),
        ("stop_series", [false, true, true]),
        ("series_events", [true, true, true]),
        ("preview_series", [true, true, true]),
        ("list_events", [true, true, true]),
        ("create_event", [false, true, true]),
        ("show_event", [true, true, true]),
        ("modify_event", [false, true, true]),
        ("cancel_event", [false, true, true]),
        ("event_answers", [true, true, true]),
        ("explain", [true, true, true]),
        ("list_reports", [true, true, true]),
        ("request_report", [false, true, true]),
        ("cancel_report", [false, true, true]),
        ("readings", [false, true, true]),
        ("list_green_button", [false, true, true]),
        ("show_green_button", [false, true, true]),
        ("list_opts", [true, true, true]),
        ("opt_history", [true, true, true]),
        ("availability", [true, true, true]),
        ("list_tenders", [false, true, true]),
        ("list_transactions", [false, true, true]),
        ("list_deliveries", [false, true, true]),
    ];

    #[test]
    fn every_role_may_exactly_what_the_matrix_says() {
        assert_eq!(ROUTES.len(), MATRIX.len());
        for (route, (id, may)) in ROUTES.iter().zip(MATRIX) {
            assert_eq!(route.id, *id);
            assert_eq!(Role::ALL.map(|role| role >= route.least), *may, "{id}");
        }
    }
}
