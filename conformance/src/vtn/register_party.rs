//! EiRegisterParty, VTN under test. OpenADR 2.0b Profile, rules 400 to 407.

use oadr_schemas::openadr::oadr::{OadrCreatedPartyRegistration, OadrProfile, OadrTransport};

use super::VtnPlay;
use crate::say;
use crate::scenario::Scenario;
use crate::verdict::Ended;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("reg-query-unregistered", |play| Box::pin(query_unregistered(play)))
        .given("a VEN whose certificate the VTN knows and that is not registered")
        .when("it sends oadrQueryRegistration")
        .expect(
            "200 with vtnID, both profiles and both transports; neither registrationID nor venID",
        )
        .rules(&["38", "404", "506", "507"]),
    Scenario::vtn("reg-create-pull", |play| Box::pin(create_pull(play)))
        .given("two VENs that are not registered")
        .when("each sends oadrCreatePartyRegistration over simpleHttp with oadrHttpPullModel true")
        .expect("200, IDs, profiles, a poll interval; and two different venIDs")
        .rules(&["38", "70", "402", "403"]),
];

async fn query_unregistered(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    let id = play.unique("query");
    let created = play.ask(&mut ven, say::register_party::query(&id)).await?;
    let response = &created.ei_response;
    play.check(&["404"], "the query is answered with 200", response.is_ok(), response);
    play.equal(&["404"], "the requestID is repeated", (&response.request_id, &id));
    play.check(&["404"], "vtnID is told", !created.vtn_id.is_empty(), &created.vtn_id);
    let ids = (&created.registration_id, &created.ven_id);
    let what = "neither registrationID nor venID is told";
    play.check(&["404"], what, created.registration_id.is_none() && created.ven_id.is_none(), ids);
    offers_all(play, &created);
    Ok(())
}

async fn create_pull(play: &mut VtnPlay) -> Ended {
    let (mut first, mut second) = (play.unregistered().await?, play.unregistered().await?);
    let id = play.unique("create");
    let created = play.ask(&mut first, say::register_party::create(&id)).await?;
    let response = &created.ei_response;
    play.require(&["403"], "the registration is answered with 200", response.is_ok(), response)?;
    play.equal(&["403"], "the requestID is repeated", (&response.request_id, &id));
    let ids = (&created.registration_id, &created.ven_id, &created.vtn_id);
    let all = created.registration_id.is_some() && created.ven_id.is_some();
    play.check(&["403"], "registrationID and venID are told", all, ids);
    play.check(&["403"], "vtnID is told", !created.vtn_id.is_empty(), ids);
    let poll = &created.oadr_requested_oadr_poll_freq;
    play.check(&["403"], "a PULL VEN is told how often to poll", poll.is_some(), poll);
    offers_all(play, &created);
    let id = play.unique("create");
    let other = play.ask(&mut second, say::register_party::create(&id)).await?;
    let differ = other.ven_id.is_some() && other.ven_id != created.ven_id;
    play.check(&["70"], "two VENs get two venIDs", differ, (&created.ven_id, &other.ven_id));
    Ok(())
}

/// Rules 38, 506, 507: a VTN serves both profiles, over HTTP and XMPP.
fn offers_all(play: &mut VtnPlay, created: &OadrCreatedPartyRegistration) {
    let profiles = &created.oadr_profiles.oadr_profile;
    let has_profile = |name| profiles.iter().any(|one| one.oadr_profile_name == name);
    let transports = profiles.iter().flat_map(|one| &one.oadr_transports.oadr_transport);
    let transports: Vec<_> = transports.map(|one| &one.oadr_transport_name).collect();
    play.check(
        &["403", "404"],
        "profile 2.0b is offered",
        has_profile(OadrProfile::V20b),
        profiles,
    );
    play.check(&["506"], "profile 2.0a is offered", has_profile(OadrProfile::V20a), profiles);
    let http = transports.contains(&&OadrTransport::SimpleHttp);
    play.check(&["38"], "simpleHttp is offered", http, &transports);
    let xmpp = transports.contains(&&OadrTransport::Xmpp);
    play.check(&["38", "507"], "XMPP is offered", xmpp, &transports);
}
