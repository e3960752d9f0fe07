//! Registering a second time: with IDs, and as if for the first time. Rules 400, 402, 405, 406.

use oadr_schemas::openadr::ei::ReportName;
use oadr_schemas::openadr::oadr::{OadrCreateReport, OadrReport, OadrReportRequest};
use oadr_schemas::openadr::report::{Heading, Row};
use rust_decimal::Decimal;
use serde_json::json;

use crate::say;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::{Party, VtnPlay};

pub(super) async fn reregister(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    play.register(&mut ven).await?;
    let running = any_report(play, &mut ven).await?;
    let again = say::register_party::again(&ven, &play.unique("again"));
    let created = play.ask(&mut ven, again).await?;
    let response = &created.ei_response;
    let what = "the registration with both IDs is answered with 200";
    play.must_be_taken(&["402", "403"], what, response)?;
    let what = "the registrationID stays";
    play.equal(&["403"], what, (&created.registration_id, &ven.registration_id));
    play.equal(&["403"], "the venID stays", (&created.ven_id, &ven.ven_id));
    if let Some(running) = &running {
        let what = "the reports asked for are still wanted after a re-registration";
        still_wanted(play, &mut ven, running, ("405", what)).await?;
    }
    let mut altered = say::register_party::again(&ven, &play.unique("again"));
    altered.registration_id = Some(play.unique("altered"));
    let refused = play.ask(&mut ven, altered).await?;
    let what = "another registrationID is answered with 452";
    play.refused(&["400"], what, (&refused.ei_response, &["452"]));
    let polled = play.poll(&mut ven).await?;
    let response = polled.response();
    let what = "the registration holds after the refusal";
    play.check(
        &["400"],
        what,
        response.is_none_or(|one| one.is_ok()),
        say::saw::response(response),
    );
    Ok(())
}

pub(super) async fn new_wipes(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    play.register(&mut ven).await?;
    let running = running_report(play, &mut ven).await?;
    still_wanted(play, &mut ven, &running, ("304", "a report that was asked for is taken")).await?;
    let anew = say::register_party::create(&play.unique("anew"));
    let created = play.ask(&mut ven, anew).await?;
    let response = &created.ei_response;
    let what = "a registered VEN may register without IDs";
    play.must_be_taken(&["406"], what, response)?;
    ven.learn(&created);
    let old = data(play, &running);
    let update = say::report::update(play, &ven, old);
    let updated = play.ask(&mut ven, update).await?;
    let what = "a report under a reportRequestID of before is answered with 452";
    play.refused(&["304", "406"], what, (&updated.ei_response, &["452"]));
    play.poll_for::<oadr_schemas::openadr::oadr::OadrRegisterReport>(&mut ven, &["406"]).await?;
    let metadata = say::report::metadata(play, &ven, &[]);
    let registered = play.ask(&mut ven, metadata).await?;
    let what = "the VEN's metadata is taken anew";
    play.taken(&["406"], what, &registered.ei_response);
    Ok(())
}

/// The same, if a report is to be had: without an operator who asks for one the registration
/// itself can still be judged.
pub(super) async fn any_report(
    play: &mut VtnPlay,
    ven: &mut Party,
) -> Result<Option<OadrReportRequest>, Stop> {
    match running_report(play, ven).await {
        Ok(running) => Ok(Some(running)),
        Err(Stop::Skip(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Offers a report, lets the VTN ask for it, and gives the request that now runs.
pub(super) async fn running_report(
    play: &mut VtnPlay,
    ven: &mut Party,
) -> Result<OadrReportRequest, Stop> {
    let specifier = play.unique("usage");
    let offered = say::report::usage(&specifier, &["r1"], play.now_s());
    let metadata = say::report::metadata(play, ven, &[offered]);
    let registered = play.ask(ven, metadata).await?;
    let mut asked = registered.oadr_report_request;
    if !asked.is_empty() {
        let create = OadrCreateReport {
            schema_version: None,
            request_id: registered.ei_response.request_id,
            oadr_report_request: asked.clone(),
            ven_id: None,
        };
        play.owe(ven, &create.into()).await?;
    }
    for message in play.drain(ven).await? {
        if let Ok(create) = OadrCreateReport::try_from(message) {
            asked.extend(create.oadr_report_request);
        }
    }
    if let Some(own) = asked.into_iter().find(is_periodic) {
        return Ok(own);
    }
    let question = json!({
        "do": "request_report", "ven_id": ven.id(), "specifier": specifier, "rids": ["r1"],
        "granularity_s": 10, "back_s": 60, "from": play.now_s(), "duration_s": 0,
    });
    let told: serde_json::Value = play.hook().put(question).await.get()?;
    let wanted = told["report_request_id"].as_str().unwrap_or_default().to_owned();
    let create: OadrCreateReport = play.poll_for(ven, &["500"]).await?;
    play.owe(ven, &create.clone().into()).await?;
    let found = create.oadr_report_request.into_iter().find(|one| one.report_request_id == wanted);
    match found {
        Some(found) => Ok(found),
        None => inconclusive(format!("the poll does not bring the report request {wanted:?}")),
    }
}

fn is_periodic(request: &OadrReportRequest) -> bool {
    request.report_specifier.report_specifier_id != "METADATA"
        && request.report_specifier.report_back_duration.duration != say::seconds(0)
}

/// Sends a report of a request and checks that it is taken.
pub(super) async fn still_wanted(
    play: &mut VtnPlay,
    ven: &mut Party,
    running: &OadrReportRequest,
    (rule, what): (&'static str, &str),
) -> Ended {
    play.pass(1).await?;
    let reports = data(play, running);
    let update = say::report::update(play, ven, reports);
    let updated = play.ask(ven, update).await?;
    play.taken(&[rule], what, &updated.ei_response);
    Ok(())
}

fn data(play: &VtnPlay, running: &OadrReportRequest) -> Vec<OadrReport> {
    let specifier = &running.report_specifier;
    let heading = Heading {
        report_request_id: running.report_request_id.clone(),
        report_specifier_id: specifier.report_specifier_id.clone(),
        report_name: ReportName::TelemetryUsage,
        created: play.now_s(),
    };
    let value = Decimal::from(3);
    let rows = specifier.specifier_payload.iter().map(|one| &one.rid);
    let rows: Vec<_> = rows.map(|rid| Row::at(rid.as_str(), play.now_s(), value)).collect();
    OadrReport::of_rows(heading, &rows).into_iter().collect()
}
