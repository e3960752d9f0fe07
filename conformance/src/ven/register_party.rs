//! EiRegisterParty, VEN under test. OpenADR 2.0b Profile, rules 301, 309, 400 to 407.

use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCreatePartyRegistration,
    OadrCreatedEvent, OadrPoll, OadrRegisterReport, OadrRegisteredReport, OadrReport,
    OadrRequestEvent, OadrRequestReregistration, OadrResponse, OadrTransport, OadrUpdateReport,
};
use oadr_schemas::openadr::{self, Code, Message};

use super::{Model, Registered, VenPlay, answer, enrol, said};
use crate::hook::VenSettings;
use crate::record::From;
use crate::say;
use crate::scenario::{Profile, Scenario};
use crate::verdict::{Ended, Stop, optional};
use crate::wire::client::{Address, NoAnswer};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::ven("reg-boot", |play| Box::pin(boot(play)))
        .given("a VEN that is configured for the VTN and not registered")
        .when("it is powered up")
        .expect(
            "it queries or registers before anything else: no registrationID, oadrHttpPullModel, and an address if that is false",
        )
        .rules(&["401", "402", "405"])
        .needs(&["start"]),
    Scenario::ven("reg-after-new", |play| Box::pin(after_new(play)))
        .given("a VEN that is not registered, and a VTN that has metadata for it")
        .when("its registration is accepted")
        .expect(
            "oadrRegisterReport and oadrRequestEvent precede other services, and the VTN's metadata are answered",
        )
        .rules(&["301", "309", "405"])
        .needs(&["start"]),
    Scenario::ven("reg-reregister-on-request", |play| Box::pin(reregister(play)))
        .given("a registered VEN")
        .when("the VTN asks it to register again")
        .expect("oadrResponse 200, then oadrCreatePartyRegistration with both IDs as they were told")
        .rules(&["401", "402"]),
    Scenario::ven("reg-cancelled", |play| Box::pin(cancelled(play)))
        .given("a registered VEN, a report running if it offers one")
        .when(
            "its registration is cancelled under a foreign registrationID, then under the right one; it is powered up again",
        )
        .expect(
            "452 and nothing changes; 200, and reports and polls end; it registers, without any IDs",
        )
        .rules(&["400", "401", "402", "407"]),
    Scenario::ven("reg-ignore-unregistered", |play| Box::pin(ignore(play)))
        .given("a PUSH VEN that listens where it did, its registration cancelled")
        .when("an event is posted to it")
        .expect("no oadrCreatedEvent, and the site holds no such event")
        .rules(&["405"])
        .profile(Profile::Push)
        .feature("push"),
];

async fn boot(play: &mut VenPlay) -> Ended {
    first_words(play, Model::Pull).await?;
    if play.claims("push") {
        return optional(first_words(play, Model::Push).await);
    }
    Ok(())
}

/// Starts the VEN in this model and looks at what it says first.
async fn first_words(play: &mut VenPlay, model: Model) -> Ended {
    play.model = model;
    power_up_alone(play).await?;
    let created = await_first(play).await?;
    let before: Vec<_> = play.names();
    let before: Vec<_> = before.iter().take_while(|name| *name != CREATE).collect();
    let only_queries = before.iter().all(|name| *name == "oadrQueryRegistration");
    play.check(&["405"], "nothing but queries precedes the registration", only_queries, &before);
    let to = play.all::<OadrCreatePartyRegistration>();
    let service = to.first().map(|(heard, _)| heard.service.clone()).unwrap_or_default();
    let what = "it is posted to EiRegisterParty";
    play.equal(&["401"], what, (service.as_str(), "EiRegisterParty"));
    let id = &created.registration_id;
    play.check(&["402"], "a first registration has no registrationID", id.is_none(), id);
    let http = created.oadr_transport_name == OadrTransport::SimpleHttp;
    let pull = created.oadr_http_pull_model;
    play.check(&["402"], "simpleHttp has oadrHttpPullModel", !http || pull.is_some(), pull);
    let address = &created.oadr_transport_address;
    let listens = address.as_deref().is_some_and(|text| Address::parse(text).is_ok());
    let pushed = pull == Some(false);
    play.check(&["402"], "who is pushed to tells an address", !pushed || listens, address);
    let wanted = Some(model == Model::Pull);
    play.check(&["402"], "it registers in the model it is set to", pull == wanted, pull);
    Ok(())
}

/// (Re)starts the VEN, without a stand-in for those who cannot be started.
async fn power_up(play: &VenPlay, fresh: bool) -> Ended {
    let (url, model, settings) = (play.url.clone(), play.model.word(), VenSettings::default());
    play.hook().start((&url, model), fresh, None, &settings).await
}

/// The same afresh, with nothing heard of one that ran before: it is stopped first, if it can be.
async fn power_up_alone(play: &VenPlay) -> Ended {
    optional(play.hook().stop().await)?;
    play.top.state().ven = None;
    play.forget();
    power_up(play, true).await
}

/// The first oadrCreatePartyRegistration, which stays among what was heard.
async fn await_first(play: &mut VenPlay) -> Result<OadrCreatePartyRegistration, Stop> {
    let end = play.in_s(BOOT_S);
    play.settle().await?;
    loop {
        if let Some((_, created)) = play.all::<OadrCreatePartyRegistration>().into_iter().next() {
            return Ok(created);
        }
        if play.now() >= end {
            let saw = play.so_far();
            return play.fail(&["401", "405"], "a VEN registers when it is powered up", saw);
        }
        play.wait_a_little().await?;
    }
}

async fn after_new(play: &mut VenPlay) -> Ended {
    power_up_alone(play).await?;
    await_first(play).await?;
    let end = play.in_s(BOOT_S);
    let what_comes = ["oadrRegisterReport", "oadrRequestEvent", "oadrRegisteredReport"];
    while play.now() < end {
        let names = play.names();
        if what_comes.iter().all(|wanted| names.iter().any(|name| name == wanted)) {
            break;
        }
        play.wait_a_little().await?;
    }
    let names = play.names();
    let at = |name: &str| names.iter().position(|one| one == name);
    let metadata = at("oadrRegisterReport");
    play.check(&["301", "309"], "its metadata come", metadata.is_some(), &names);
    play.check(&["405"], "it fetches its events", at("oadrRequestEvent").is_some(), &names);
    let early = first_of(&names, &["oadrRequestEvent"]);
    let first = early.is_none() || early >= metadata;
    play.check(&["309"], "only oadrRequestEvent may precede its metadata", first, &names);
    let late = metadata.max(at("oadrRequestEvent"));
    let other = first_of(&names, &["oadrRequestEvent", "oadrRegisterReport", "oadrPoll", ANSWER]);
    let first = other.is_none() || late.is_none() || other > late;
    let what = "metadata and oadrRequestEvent precede other services";
    play.check(&["405"], what, first, &names);
    let asked = enrol::metadata_id(&play.ven()?);
    let answered = play.all::<OadrRegisteredReport>().into_iter().map(|(_, answer)| answer);
    let answer = answered.into_iter().find(|answer| answer.ei_response.request_id == asked);
    let ok = answer.as_ref().is_some_and(|answer| answer.ei_response.is_ok());
    let saw = said::names(&names);
    play.check(&["301", "309"], "the VTN's metadata are answered with 200", ok, (answer, saw));
    if play.claims("push") { optional(pushed_metadata(play).await) } else { Ok(()) }
}

/// A PUSH VEN answers the VTN's metadata at once.
async fn pushed_metadata(play: &mut VenPlay) -> Ended {
    play.model = Model::Push;
    play.top.state().ven = None;
    play.boot().await?;
    let metadata = answer::metadata(&play.unique("md"), None);
    let answer = match play.tell(metadata).await? {
        Some(Message::OadrRegisteredReport(answer)) => Some(answer),
        _ => None,
    };
    let ok = answer.as_ref().is_some_and(|answer| answer.ei_response.is_ok());
    let what = "pushed to, the VTN's metadata are answered with 200";
    play.check(&["301", "309"], what, ok, answer);
    Ok(())
}

/// Where the first of what is neither registration nor one of `others` is said.
fn first_of(names: &[String], others: &[&str]) -> Option<usize> {
    let is_registration = |name: &str| name == CREATE || name == "oadrQueryRegistration";
    names.iter().position(|name| !is_registration(name) && !others.contains(&name.as_str()))
}

async fn reregister(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let Registered { ven_id, registration_id, .. } = play.ven()?;
    let request = OadrRequestReregistration { schema_version: None, ven_id: ven_id.clone() };
    let soon = play.soon();
    let answer = match play.tell(request).await? {
        Some(Message::OadrResponse(answer)) => answer,
        Some(other) => {
            return play.fail(&["401"], "the answer is oadrResponse", other.name());
        }
        None => play.expect::<OadrResponse>(&["401"], soon).await?,
    };
    let response = &answer.ei_response;
    play.check(
        &["401"],
        "the request is answered with 200",
        response.is_ok(),
        said::code(response),
    );
    let created = play.expect::<OadrCreatePartyRegistration>(&["401"], soon).await?;
    let found = (created.registration_id.as_deref(), created.ven_id.as_deref());
    let wanted = (Some(registration_id.as_str()), Some(ven_id.as_str()));
    play.equal(&["402"], "the registration carries both IDs as told", (found, wanted));
    Ok(())
}

async fn cancelled(play: &mut VenPlay) -> Ended {
    let reports = start_reporting(play).await?;
    let ven = play.ven()?;
    let foreign = format!("{}-foreign", ven.registration_id);
    let refused = cancel(play, &ven, &foreign).await?;
    let code = Code::try_from(&refused.ei_response.response_code);
    let what = "a foreign registrationID is refused with 452";
    play.check(&["400"], what, code == Ok(Code::InvalidId), said::code(&refused.ei_response));
    play.forget();
    let soon = play.soon();
    let polls = play.hear::<OadrPoll>(soon).await?.is_some();
    let saw = play.so_far();
    play.check(&["400"], "it is still registered and polls", polls, saw);
    if let Some(period_s) = reports {
        let goes_on = play.hear::<OadrUpdateReport>(period_s * 2 + 10).await?.is_some();
        let saw = play.so_far();
        play.check(&["400"], "its report goes on", goes_on, saw);
    }
    play.top.state().closed = true;
    let answer = cancel(play, &ven, &ven.registration_id).await?;
    let response = &answer.ei_response;
    play.require(
        &["401", "407"],
        "a cancellation is answered with 200",
        response.is_ok(),
        said::code(response),
    )?;
    let least = if play.setting.pace.is_steered() { 90 } else { 12 };
    let span = (reports.unwrap_or(0) * 2 + 2).max(play.soon()).max(least);
    play.pass(span).await?;
    let since = said_since(play, "oadrCanceledPartyRegistration");
    let none = |name: &str| !since.iter().any(|one| one == name);
    play.check(&["407"], format!("no report comes for {span} s"), none("oadrUpdateReport"), &since);
    play.check(&["407"], format!("no poll comes for {span} s"), none("oadrPoll"), &since);
    play.forget();
    play.top.state().closed = false;
    comes_back(play).await
}

/// Boots the VEN and has it report every few seconds, if it offers a report that can be asked for;
/// gives how many.
async fn start_reporting(play: &mut VenPlay) -> Result<Option<u64>, Stop> {
    play.start(&VenSettings::default()).await?;
    let metadata = play.hear::<OadrRegisterReport>(60).await?;
    if play.hear::<OadrRequestEvent>(60).await?.is_none() || play.top.state().ven.is_none() {
        return Err(Stop::Inconclusive("the VEN does not register and fetch its events".into()));
    }
    play.introduce().await?;
    let offered = metadata.iter().flat_map(|metadata| &metadata.oadr_report);
    let Some((specifier, rid, finest_s)) = offered.filter_map(point).next() else {
        return Ok(None);
    };
    let (ven_id, id, endless) = (play.ven()?.ven_id, play.unique("report"), (play.now_s(), 0));
    let pace = (finest_s, finest_s.max(5));
    let request = say::report::request(&id, (&specifier, &[&rid]), pace, Some(endless));
    let request = say::report::create(&play.unique("create"), Some(ven_id), vec![request]);
    play.tell(request).await?;
    let period_s = u64::from(pace.1);
    let within_s = play.soon() + (period_s * 2).min(20);
    Ok(play.hear::<OadrUpdateReport>(within_s).await?.map(|_| period_s))
}

/// A point of a usage report, and how finely it is measured at best, in seconds.
fn point(report: &OadrReport) -> Option<(String, String, u32)> {
    if report.report_name != Some(ReportName::MetadataTelemetryUsage) {
        return None;
    }
    let point = report.oadr_report_description.first()?;
    let finest = point.oadr_sampling_rate.as_ref()?.oadr_min_period.exact()?;
    let finest = u32::try_from(finest.as_secs()).ok()?.max(1);
    Some((report.report_specifier_id.clone(), point.rid.clone(), finest))
}

/// oadrCancelPartyRegistration under this registrationID, and its answer.
async fn cancel(
    play: &mut VenPlay,
    ven: &Registered,
    registration_id: &str,
) -> Result<OadrCanceledPartyRegistration, Stop> {
    let request = OadrCancelPartyRegistration {
        schema_version: None,
        request_id: play.unique("cancel"),
        registration_id: registration_id.to_owned(),
        ven_id: Some(ven.ven_id.clone()),
    };
    let soon = play.soon();
    match play.tell(request).await? {
        Some(Message::OadrCanceledPartyRegistration(answer)) => Ok(answer),
        Some(other) => {
            let what = "the answer is oadrCanceledPartyRegistration";
            play.fail(&["401"], what, other.name())
        }
        None => play.expect::<OadrCanceledPartyRegistration>(&["401"], soon).await,
    }
}

/// What the VEN said after it last said this.
fn said_since(play: &VenPlay, payload: &str) -> Vec<String> {
    let said = play.log.all().into_iter().filter(|one| one.from == From::Subject);
    let said: Vec<_> = said.map(|one| one.asked).collect();
    let at = said.iter().rposition(|name| name == payload).map_or(0, |at| at + 1);
    said[at..].to_vec()
}

/// Rule 401: powered up, it must register, whenever it would have come back by itself.
async fn comes_back(play: &mut VenPlay) -> Ended {
    let created = match power_up(play, false).await {
        // Nobody can power it up, and by itself it need not come: what is judged stands.
        Err(Stop::Skip(_)) => {
            let span = if play.setting.pace.is_steered() { 900 } else { 40 };
            let Some(created) = play.hear::<OadrCreatePartyRegistration>(span).await? else {
                return Ok(());
            };
            Some(created)
        }
        done => {
            done?;
            play.hear::<OadrCreatePartyRegistration>(60).await?
        }
    };
    let Some(created) = created else {
        let saw = play.so_far();
        return play.fail(&["401"], "powered up, it registers", saw);
    };
    let ids = (&created.registration_id, &created.ven_id);
    let none = ids.0.is_none() && ids.1.is_none();
    play.check(&["402", "407"], "a new registration has neither ID", none, ids);
    Ok(())
}

async fn ignore(play: &mut VenPlay) -> Ended {
    play.boot().await?;
    let (ven, address) = (play.ven()?, play.door_of_ven()?);
    play.top.state().closed = true;
    cancel(play, &ven, &ven.registration_id).await?;
    play.top.state().ven = None;
    play.settle().await?;
    play.forget();
    let id = play.unique("event");
    let (start, request_id) = (play.in_s(3600), play.unique("list"));
    let list = play.list(&request_id, vec![say::event::simple(&id, start, 60)]);
    let text = openadr::encode(list.into(), None);
    let answer = play.knock_text(&address, Service::EiEvent, text).await?;
    if let Err(NoAnswer::Connect(_) | NoAnswer::Tls(_)) = answer {
        play.check(&["405"], "nobody listens while it is not registered", true, ());
        return Ok(());
    }
    play.silence::<OadrCreatedEvent>(&["405"], 15).await?;
    if let Ok(site) = play.hook().site().await {
        let held = site.event(&id);
        play.check(&["405"], "the site holds no such event", held.is_none(), held);
    }
    Ok(())
}

const CREATE: &str = "oadrCreatePartyRegistration";
const ANSWER: &str = "oadrRegisteredReport";
const BOOT_S: i64 = 60;
