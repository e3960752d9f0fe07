//! What a VTN must take, and what it must not. Rules 1, 23, 33, 46, 48, 401.

use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::oadr::{OadrDistributeEvent, OadrRequestReregistration};
use oadr_schemas::openadr::{self, Message};

use crate::say;
use crate::verdict::{Ended, Stop};
use crate::vtn::{Party, VtnPlay, has_code, is_told};

pub(super) async fn tolerant(play: &mut VtnPlay) -> Ended {
    let mut ven = play.registered().await?;
    let offered = say::report::usage(&play.unique("usage"), &["r1"], play.now_s());
    let metadata = say::report::metadata(play, &ven, &[offered]);
    let text = openadr::encode(metadata.into(), None).replace("Z<", ".123Z<");
    let reply = play.post_text(&mut ven, Service::EiReport, text).await?;
    let what = "a time with a fraction of a second is taken";
    play.check(&["1"], what, reply.is_taken(), reply.story());
    optional_elements(play, &mut ven).await
}

/// The same registration again, its optional elements filled, empty and absent.
async fn optional_elements(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let address = "https://127.0.0.1:8443/ven/".to_owned();
    for (how, name, address) in [
        ("filled", Some("A VEN of the kit".to_owned()), Some(address)),
        ("empty", Some(String::new()), Some(String::new())),
        ("left out", None, None),
    ] {
        let mut again = say::register_party::again(ven, &play.unique("again"));
        (again.oadr_ven_name, again.oadr_transport_address) = (name, address);
        let created = play.ask(ven, again).await?;
        let response = &created.ei_response;
        let what = format!("a registration with optional elements {how} is taken");
        if play.taken(&["46"], what, response) {
            let what = format!("the IDs count, optional elements being {how}");
            let ids = (&created.ven_id, &created.registration_id);
            play.equal(&["46"], what, (ids, (&ven.ven_id, &ven.registration_id)));
        }
    }
    Ok(())
}

pub(super) async fn missing_or_wrong(play: &mut VtnPlay) -> Ended {
    let mut ven = play.unregistered().await?;
    let mut create = say::register_party::create(&play.unique("create"));
    create.oadr_http_pull_model = None;
    let created = play.ask(&mut ven, create).await?;
    let what = "oadrCreatePartyRegistration without oadrHttpPullModel is answered with 459";
    play.refused(&["33", "48"], what, (&created.ei_response, &["459"]));
    let given = [&created.registration_id, &created.ven_id];
    let bare = given.iter().all(|id| !is_told(id.as_deref()));
    play.check(&["33"], "no ID is given to a VEN that is refused", bare, say::saw::ids(&created));
    let mut ven = play.registered().await?;
    let mut metadata = say::report::metadata(play, &ven, &[]);
    metadata.ven_id = None;
    let registered = play.ask(&mut ven, metadata).await?;
    let what = "oadrRegisterReport without venID is answered with 459";
    play.refused(&["33", "48"], what, (&registered.ei_response, &["459"]));
    wrong_way(play, &mut ven).await
}

/// What only a VTN sends.
async fn wrong_way(play: &mut VtnPlay, ven: &mut Party) -> Ended {
    let (schema_version, ven_id) = (None, ven.id());
    let reregister = OadrRequestReregistration { schema_version, ven_id };
    refused(play, ven, (&["23", "33", "401"], reregister.into())).await?;
    let id = play.unique("smuggled");
    let list = OadrDistributeEvent {
        schema_version: None,
        ei_response: None,
        request_id: play.unique("list"),
        vtn_id: ven.vtn_id.clone(),
        oadr_event: vec![say::event::simple(&id, play.in_s(3600), 600)],
    };
    refused(play, ven, (&["33"], list.into())).await?;
    let events = play.events(ven).await?;
    let known = say::event::find(&events, &id).is_some();
    play.check(&["33"], "an event that a VEN sends is not taken", !known, &id);
    Ok(())
}

async fn refused(
    play: &mut VtnPlay,
    ven: &mut Party,
    (rules, message): (&[&'static str], Message),
) -> Result<(), Stop> {
    let what = format!("{} from a VEN is met with 459 or HTTP 404", message.name());
    let reply = play.post(ven, message).await?;
    let by_code = reply.response().is_some_and(|response| has_code(response, &["459"]));
    play.check(rules, what, reply.status == 404 || by_code, reply.story());
    Ok(())
}
