//! The beginning and the end of a registration. Rules 301, 309, 401, 405, 407, 517.

use oadr_schemas::openadr::Message;
use oadr_schemas::openadr::ei::OptType;
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrRegisterReport, OadrReport, OadrRequestReregistration,
    OadrResponse,
};

use super::again::{any_report, still_wanted};
use crate::say;
use crate::verdict::{Ended, Stop};
use crate::vtn::{Party, VtnPlay, has_code};

pub(super) async fn cancel_by_ven(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let id = play.unique("cancel");
    let cancel = say::register_party::cancel(&ven, &id);
    let canceled = play.ask(&mut ven, cancel).await?;
    let what = "oadrCancelPartyRegistration is answered with 200";
    play.taken(&["401", "407"], what, &canceled.ei_response);
    play.echoes(&["401"], &canceled.ei_response, &id);
    let polled = play.poll(&mut ven).await?;
    poll_is_refused(play, ("407", "a poll after the cancellation"), &polled);
    Ok(())
}

pub(super) async fn initiated_by_vtn(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    play.register(&mut ven).await?;
    let running = any_report(play, &mut ven).await?;
    play.hook().reregister(&ven.id()).await?;
    let asked: OadrRequestReregistration = play.poll_for(&mut ven, &["401", "500"]).await?;
    let what = "oadrRequestReregistration names the venID";
    play.equal(&["401"], what, (&asked.ven_id, &ven.id()));
    play.confirmed(&mut ven, &asked.into(), &["500"]).await?;
    let again = say::register_party::again(&ven, &play.unique("again"));
    let created = play.ask(&mut ven, again).await?;
    let response = &created.ei_response;
    play.must_be_taken(&["406"], "the re-registration is taken", response)?;
    let what = "the registrationID stays";
    play.equal(&["406"], what, (&created.registration_id, &ven.registration_id));
    if let Some(running) = &running {
        let what = "a re-registration that the VTN asked for wipes nothing";
        still_wanted(play, &mut ven, running, ("406", what)).await?;
    }
    cancelled_by_vtn(play, &mut ven).await
}

async fn cancelled_by_vtn(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    play.hook().cancel_registration(&ven.id()).await?;
    let cancel: OadrCancelPartyRegistration = play.poll_for(ven, &["401", "500"]).await?;
    let what = "oadrCancelPartyRegistration names the registrationID";
    play.equal(&["401"], what, (&cancel.registration_id, &ven.registration()));
    play.confirmed(ven, &cancel.into(), &["500"]).await?;
    let metadata = say::report::metadata(play, ven, &[]);
    let registered = play.ask(ven, metadata).await?;
    expect_463(play, ("407", "metadata after the cancellation"), &registered.into());
    Ok(())
}

pub(super) async fn unregistered_traffic(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    let ven_id = play.unique("nobody");
    ven.ven_id = Some(ven_id);
    let polled = play.poll(&mut ven).await?;
    poll_is_refused(play, ("405", "oadrPoll of an unregistered VEN"), &polled);
    let (id, opt_id) = (play.unique("none"), play.unique("opt"));
    let request = say::event::request(&ven, None, &id);
    let list = play.ask(&mut ven, request).await?;
    expect_463(play, ("405", "oadrRequestEvent of an unregistered VEN"), &list.into());
    let answer = say::event::answer(&ven, (&id, 0), OptType::OptIn, &id);
    let response = play.ask(&mut ven, answer).await?;
    expect_463(play, ("405", "oadrCreatedEvent of an unregistered VEN"), &response.into());
    let metadata = say::report::metadata(play, &ven, &[]);
    let registered = play.ask(&mut ven, metadata).await?;
    expect_463(play, ("405", "oadrRegisterReport of an unregistered VEN"), &registered.into());
    let opt = (opt_id.as_str(), OptType::OptOut);
    let opt = say::opt::schedule(&ven, opt, (play.in_s(3600), 600), play.now_s());
    let created = play.ask(&mut ven, opt).await?;
    expect_463(play, ("405", "oadrCreateOpt of an unregistered VEN"), &created.into());
    Ok(())
}

pub(super) async fn metadata_first(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    play.register(&mut ven).await?;
    let first = first_payload(play, &mut ven).await?;
    let rules = ["301", "309", "405"];
    let what = "the first payload that polls bring is the VTN's oadrRegisterReport";
    let Some(Message::OadrRegisterReport(metadata)) = first else {
        let saw = first.map_or("nothing", |one| one.name());
        return play.fail(&rules, what, saw);
    };
    play.check(&rules, what, true, ());
    has_form(play, &metadata);
    play.confirmed(&mut ven, &metadata.into(), &["301"]).await
}

/// What polls bring before anything else; `None` if nothing comes.
async fn first_payload(play: &mut VtnPlay, ven: &mut Party) -> Result<Option<Message>, Stop> {
    for _ in 0..POLLS {
        match play.poll(ven).await? {
            Message::OadrResponse(_) => play.pass(2).await?,
            other => return Ok(Some(other)),
        }
    }
    Ok(None)
}

/// Rule 305; a VTN that has nothing to report offers no report at all, which fits too.
fn has_form(play: &mut VtnPlay, metadata: &OadrRegisterReport) {
    let reports = &metadata.oadr_report;
    let described = reports.iter().all(|one| !one.oadr_report_description.is_empty());
    play.check(
        &["305"],
        "each report offered has its oadrReportDescription",
        described,
        names(reports),
    );
    let bare = reports.iter().all(|one| one.intervals.is_none() && one.dtstart.is_none());
    play.check(&["305"], "no report offered has intervals or dtstart", bare, names(reports));
}

fn names(reports: &[OadrReport]) -> say::saw::Saw {
    say::saw::list(reports.iter().map(|one| &one.report_specifier_id))
}

fn expect_463(play: &mut VtnPlay, (rule, asked): (&'static str, &str), answer: &Message) {
    let what = format!("{asked} is answered with 463 in {}", answer.name());
    let holds = answer.response().is_some_and(|one| has_code(one, &["463"]));
    play.check(&[rule, "517"], what, holds, say::saw::message(answer));
}

/// Who is nobody has no right venID either: the source lets both codes stand for a poll (500, 517).
fn poll_is_refused(play: &mut VtnPlay, (rule, asked): (&'static str, &str), answer: &Message) {
    let what = format!("{asked} is answered by oadrResponse 463 (or 452)");
    let fits = |one: &OadrResponse| has_code(&one.ei_response, &["463", "452"]);
    let holds = matches!(answer, Message::OadrResponse(one) if fits(one));
    play.check(&[rule, "517"], what, holds, say::saw::message(answer));
}

/// So often a VEN polls for the VTN's metadata.
const POLLS: usize = 5;
