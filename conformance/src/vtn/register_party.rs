//! EiRegisterParty, VTN under test. OpenADR 2.0b Profile, rules 400 to 407.

mod again;
mod over;

use oadr_schemas::openadr::oadr::{OadrCreatedPartyRegistration, OadrProfile, OadrTransport};

use super::push::Listener;
use super::{VtnPlay, is_told};
use crate::say::{self, saw};
use crate::scenario::{Profile, Scenario};
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
    Scenario::vtn("reg-create-push", |play| Box::pin(create_push(play)))
        .profile(Profile::Push)
        .given("a VEN that is not registered and listens at an address of its own")
        .when("it registers with oadrHttpPullModel false: with that address, then without")
        .expect("200, and the VTN posts below that address; 4xx, and not registered")
        .rules(&["33", "38", "51", "402", "403", "511"]),
    Scenario::vtn("reg-preset-venid", |play| Box::pin(preset_ven_id(play)))
        .given("two VENs that are not registered, a venID preset in the VTN for each")
        .when("one registers with its venID, the other with one that is not preset for it")
        .expect("200 with the preset venID; 452")
        .rules(&["400", "402"])
        .needs(&["admit"]),
    Scenario::vtn("reg-reregister", |play| Box::pin(again::reregister(play)))
        .given("a registered VEN that owes periodic reports")
        .when("it registers again with both IDs, then with another registrationID")
        .expect("200, the same IDs, reports still wanted; 452, and still registered")
        .rules(&["400", "402", "403", "405"]),
    Scenario::vtn("reg-new-wipes", |play| Box::pin(again::new_wipes(play)))
        .given("a registered VEN that owes periodic reports")
        .when("it registers without IDs, then reports under the old reportRequestID")
        .expect("200; 452, and the exchange of metadata begins anew")
        .rules(&["304", "406"])
        .needs(&["request_report"]),
    Scenario::vtn("reg-cancel-by-ven", |play| Box::pin(over::cancel_by_ven(play)))
        .given("a registered VEN")
        .when("it sends oadrCancelPartyRegistration, then oadrPoll")
        .expect("oadrCanceledPartyRegistration 200; oadrResponse 463")
        .rules(&["401", "407", "517"]),
    Scenario::vtn("reg-initiated-by-vtn", |play| Box::pin(over::initiated_by_vtn(play)))
        .given("a registered VEN, which the operator asks to register again and later cancels")
        .when("it polls, answers and registers with its IDs; polls, answers and sends its metadata")
        .expect("oadrRequestReregistration, nothing wiped; oadrCancelPartyRegistration, then 463")
        .rules(&["401", "406", "407", "500", "517"])
        .needs(&["reregister", "cancel_registration"]),
    Scenario::vtn("reg-unregistered-traffic", |play| Box::pin(over::unregistered_traffic(play)))
        .given("a VEN whose certificate the VTN knows and that is not registered")
        .when("it polls, asks for events, answers one, offers reports and opts out in turn")
        .expect("HTTP 200 and 463 each time, in the payload that answers the request")
        .rules(&["405", "517"]),
    Scenario::vtn("reg-metadata-first", |play| Box::pin(over::metadata_first(play)))
        .given("a VEN that has just registered anew")
        .when("it polls until something comes")
        .expect("the VTN's oadrRegisterReport comes first")
        .rules(&["301", "305", "309", "405"]),
];

async fn query_unregistered(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    let id = play.unique("query");
    let created = play.ask(&mut ven, say::register_party::query(&id)).await?;
    let response = &created.ei_response;
    play.taken(&["404"], "the query is answered with 200", response);
    play.echoes(&["404"], response, &id);
    play.check(&["404"], "vtnID is told", !created.vtn_id.is_empty(), &created.vtn_id);
    let told = has_id(&created.registration_id) || has_id(&created.ven_id);
    let what = "neither registrationID nor venID is told";
    play.check(&["404"], what, !told, saw::ids(&created));
    offers_all(play, &created);
    Ok(())
}

async fn create_pull(play: &mut VtnPlay) -> Ended {
    let (mut first, mut second) = (play.unregistered().await?, play.unregistered().await?);
    let id = play.unique("create");
    let created = play.ask(&mut first, say::register_party::create(&id)).await?;
    let response = &created.ei_response;
    play.must_be_taken(&["403"], "the registration is answered with 200", response)?;
    play.echoes(&["403"], response, &id);
    ids_are_told(play, &created);
    play.check(&["403"], "vtnID is told", !created.vtn_id.is_empty(), saw::ids(&created));
    let poll = &created.oadr_requested_oadr_poll_freq;
    let what = "a PULL VEN is told how often to poll";
    play.check(&["403"], what, poll.is_some(), saw::text("no oadrRequestedOadrPollFreq"));
    offers_all(play, &created);
    let id = play.unique("create");
    let other = play.ask(&mut second, say::register_party::create(&id)).await?;
    let differ = has_id(&other.ven_id) && other.ven_id != created.ven_id;
    play.check(&["70"], "two VENs get two venIDs", differ, saw::ids(&other));
    Ok(())
}

async fn create_push(play: &mut VtnPlay) -> Ended {
    let (mut ven, mut listener) = Listener::open(play).await?;
    let id = play.unique("create");
    let create = say::register_party::create_push(&id, Some(&listener.url));
    let created = play.ask(&mut ven, create).await?;
    let response = &created.ei_response;
    let what = "the registration with an address is answered with 200";
    play.must_be_taken(&["38", "403"], what, response)?;
    ids_are_told(play, &created);
    listener.learn(&mut ven, &created);
    let what = "the VTN posts its metadata to EiReport below the address told";
    let posted = listener.wait_for(play, "oadrRegisterReport").await?;
    let Some(posted) = posted else {
        return play.fail(&["38", "51", "405"], what, saw::text(listener.story()));
    };
    play.equal(&["511"], what, (posted.path.as_str(), "/p/OpenADR2/Simple/2.0b/EiReport"));
    without_address(play).await
}

async fn without_address(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    let id = play.unique("create");
    let created = play.ask(&mut ven, say::register_party::create_push(&id, None)).await?;
    let response = &created.ei_response;
    let is_4xx = response.response_code.value().starts_with('4');
    let what = "a PUSH VEN without an address is answered with 4xx";
    play.check(&["33", "402"], what, is_4xx, saw::response(response));
    let given = created.ven_id.filter(|id| !id.is_empty());
    ven.ven_id = Some(given.unwrap_or_else(|| play.unique("nobody")));
    let list = play.events(&mut ven).await?;
    let what = "a PUSH VEN without an address is not registered";
    let response = list.ei_response.as_ref();
    play.check(
        &["33", "402"],
        what,
        response.is_some_and(|one| !one.is_ok()),
        saw::response(response),
    );
    Ok(())
}

async fn preset_ven_id(play: &mut VtnPlay) -> Ended {
    let (preset, other) = (play.unique("Preset"), play.unique("Preset"));
    let (mut first, mut second) = (play.preset(&preset).await?, play.preset(&other).await?);
    let id = play.unique("create");
    let mut create = say::register_party::create(&id);
    create.ven_id = Some(preset.clone());
    let created = play.ask(&mut first, create.clone()).await?;
    let response = &created.ei_response;
    play.must_be_taken(&["402"], "a preset venID is answered with 200", response)?;
    let what = "the VEN gets the venID preset for it";
    play.equal(&["402"], what, (created.ven_id.as_deref(), Some(preset.as_str())));
    create.ven_id = Some(play.unique("Unset"));
    create.request_id = play.unique("create");
    let refused = play.ask(&mut second, create).await?;
    let what = "a venID that is not the preset one is answered with 452";
    play.refused(&["400", "402"], what, (&refused.ei_response, &["452"]));
    Ok(())
}

/// Rules 38, 506, 507: a VTN serves both profiles, over HTTP and XMPP.
fn offers_all(play: &mut VtnPlay, created: &OadrCreatedPartyRegistration) {
    let profiles = &created.oadr_profiles.oadr_profile;
    let has_profile = |name| profiles.iter().any(|one| one.oadr_profile_name == name);
    let transports = profiles.iter().flat_map(|one| &one.oadr_transports.oadr_transport);
    let transports: Vec<_> = transports.map(|one| &one.oadr_transport_name).collect();
    let mut offered = |rules: &[&'static str], what: &str, holds| {
        play.check(rules, format!("{what} is offered"), holds, saw::profiles(created));
    };
    offered(&["403", "404"], "profile 2.0b", has_profile(OadrProfile::V20b));
    offered(&["506"], "profile 2.0a", has_profile(OadrProfile::V20a));
    offered(&["38"], "simpleHttp", transports.contains(&&OadrTransport::SimpleHttp));
    offered(&["38", "507"], "XMPP", transports.contains(&&OadrTransport::Xmpp));
}

/// Rule 403: who registers is told its IDs.
fn ids_are_told(play: &mut VtnPlay, created: &OadrCreatedPartyRegistration) {
    let all = has_id(&created.registration_id) && has_id(&created.ven_id);
    play.check(&["403"], "registrationID and venID are told", all, saw::ids(created));
}

fn has_id(id: &Option<String>) -> bool {
    is_told(id.as_deref())
}
