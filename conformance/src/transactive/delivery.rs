//! EiDelivery: what was metered in an interval, once it is known. EI 1.0 EiDelivery.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::ei::pyld::{EiCreateDelivery, EiCreatedDelivery};
use oadr_schemas::emix::{Delivery, Metered};
use oadr_schemas::openadr::ei::{EiTarget, ReportName};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::oadr::OadrReport;
use oadr_schemas::openadr::report::{Heading, Row, Sampling, usage_description};
use oadr_schemas::openadr::scale::SiScaleCode;
use rust_decimal::Decimal;
use serde_json::json;

use super::floor;
use crate::hook::Told;
use crate::say;
use crate::say::saw;
use crate::scenario::{Profile, Scenario};
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::{Party, VtnPlay};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("ei-delivery", |play| Box::pin(delivered(play)))
        .profile(Profile::Transactive)
        .feature("transactive")
        .given("a party whose meter read 1500 Wh in an hour that is over")
        .when("it asks what was delivered in that hour, out of the market and into it, and in an hour to come")
        .expect("1500 Wh; as much with the other sign; and no quantity for what is not over")
        .rules(&["EI-parties", "EI-response", "EiDelivery", "EMIX"])
        .needs(&["meter", "request_report"]),
];

async fn delivered(play: &mut VtnPlay) -> Ended {
    let mut a = play.registered().await?;
    let (from, to_come) = (play.in_s(-7200), play.in_s(7200));
    meter(play, &mut a, from).await?;
    let out = ask(play, &mut a, from, false).await?;
    let response = &out.ei_response;
    floor::must_be_taken(play, (&["EiDelivery"], "the question is answered with 200"), response)?;
    let wh = quantity(&out);
    play.equal(&["EiDelivery"], "1500 Wh were delivered", (wh, Some(1500.into())));
    let into = ask(play, &mut a, from, true).await?;
    let what = "seen from the market, they have the other sign";
    play.equal(&["EMIX"], what, (quantity(&into), Some((-1500).into())));
    let early = ask(play, &mut a, to_come, false).await?;
    let what = "for an hour to come there is no quantity yet";
    play.check(&["EiDelivery"], what, quantity(&early).is_none(), floor::told(&early.ei_response));
    let mut other = play.registered().await?;
    let foreign = ask_for(play, (&mut other, &a.id()), from, false).await?;
    let what = "what another's meter read is not told";
    play.check(
        &["EI-parties"],
        what,
        quantity(&foreign).is_none(),
        floor::told(&foreign.ei_response),
    );
    Ok(())
}

/// Lets 1500 Wh be metered in an hour: by the hook or, where the VTN meters by reports, by one.
async fn meter(play: &mut VtnPlay, a: &mut Party, from: Timestamp) -> Ended {
    let question = json!({
        "do": "meter", "party_id": a.id(), "from": from, "duration_s": 3600, "wh": 1500,
    });
    match play.hook().put(question).await {
        Told::Cannot(_) => report(play, a, from).await,
        told => told.get::<serde_json::Value>().map(|_| ()),
    }
}

async fn report(play: &mut VtnPlay, a: &mut Party, from: Timestamp) -> Ended {
    let (minute, hour) = (say::seconds(60), say::seconds(3600));
    let sampling = Sampling { shortest: minute, longest: hour, on_change: false };
    let unit = ItemBase::energy_real(SiScaleCode::None_);
    let point = usage_description("energy", unit, EiTarget::resources(["site"]), sampling);
    let (name, depth) = (ReportName::MetadataTelemetryUsage, say::seconds(86_400));
    let offer = OadrReport::metadata(name, "usage", depth, vec![point], play.now_s());
    let offer = say::report::metadata(play, a, &[offer]);
    play.ask(a, offer).await?;
    let question = json!({
        "do": "request_report", "ven_id": a.id(), "specifier": "usage", "rids": ["energy"],
        "granularity_s": 3600, "back_s": 3600,
    });
    let answer: serde_json::Value = play.hook().put(question).await.get()?;
    let id = answer["report_request_id"].as_str().unwrap_or_default().to_owned();
    play.drain(a).await?;
    let row = Row::at("energy", from, Decimal::from(1500)).over(hour);
    let heading = Heading {
        report_request_id: id,
        report_specifier_id: "usage".to_owned(),
        report_name: ReportName::TelemetryUsage,
        created: play.now_s(),
    };
    let reports = OadrReport::of_rows(heading, &[row]).into_iter().collect();
    let update = say::report::update(play, a, reports);
    let updated = play.ask(a, update).await?;
    match updated.ei_response.is_ok() {
        true => Ok(()),
        false => inconclusive(format!(
            "the readings are refused: {:?}",
            saw::response(&updated.ei_response)
        )),
    }
}

async fn ask(
    play: &mut VtnPlay,
    party: &mut Party,
    from: Timestamp,
    injection: bool,
) -> Result<EiCreatedDelivery, Stop> {
    let id = party.id();
    ask_for(play, (party, &id), from, injection).await
}

async fn ask_for(
    play: &mut VtnPlay,
    (party, of): (&mut Party, &str),
    from: Timestamp,
    injection: bool,
) -> Result<EiCreatedDelivery, Stop> {
    let duration = SignedDuration::from_hours(1);
    let interval = Metered { uid: "0".to_owned(), start: from, duration, quantity: None };
    let delivery = Delivery { uid: play.unique("delivery"), injection, metered: vec![interval] };
    let request = EiCreateDelivery {
        request_id: play.unique("look"),
        requestor_party_id: of.to_owned(),
        delivery: vec![delivery.to_emix().map_err(crate::stage::told)?],
    };
    floor::ask(play, party, request).await
}

/// The quantity of the first interval of the first delivery, Wh.
fn quantity(created: &EiCreatedDelivery) -> Option<Decimal> {
    let delivery = Delivery::try_from(created.ei_delivery.first()?).ok()?;
    delivery.metered.first()?.quantity.map(|(quantity, _)| quantity.value)
}
