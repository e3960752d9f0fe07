//! Clients that are not who they should be. Rules 21, 516, 517.

use std::sync::Arc;

use jiff::SignedDuration;
use oadr_certs::dev::{KeyKind, Role, Subject, Validity};
use oadr_schemas::exchange::Service;
use oadr_schemas::openadr;
use oadr_transport::{Clock as _, SystemClock};
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::lab::Lab;
use crate::say;
use crate::stage::told;
use crate::verdict::{Ended, Stop, inconclusive, optional};
use crate::vtn::{VtnPlay, has_code};
use crate::wire::client::Caller;

pub(super) async fn bad(play: &mut VtnPlay) -> Ended {
    // With a good certificate the way is open, so that what follows says something.
    let mut ven = play.registered().await?;
    let other = play.registered().await?;
    let nobody = nameless(play)?;
    kept_out(play, ("517", "a client without a certificate"), nobody).await?;
    let stranger = Lab::stranger()?.issue(Role::Ven, &play.unique("foreign"), KeyKind::Ecc, &[]);
    let stranger = stranger.map_err(told)?;
    // An operator's side that does not even take its print is all the better.
    let _ = play.admit("foreign", stranger.leaf(), None).await;
    let config = play.setting.lab.client(stranger)?;
    kept_out(play, ("517", "a client with a certificate of a foreign authority"), config).await?;
    let own = ven.id();
    ven.ven_id = other.ven_id.clone();
    let list = play.events(&mut ven).await?;
    let response = list.ei_response.as_ref();
    let fits = response.is_some_and(|one| has_code(one, &["452", "463"]));
    let what = "the venID of B with the certificate of A is answered with 452 or 463";
    play.check(&["21", "517"], what, fits, say::saw::response(response));
    ven.ven_id = Some(own);
    // Of supplied certificates none has expired.
    optional(out_of_date(play).await)?;
    // Still open to who is good: nobody was kept out by a VTN that is gone.
    let list = play.events(&mut ven).await?;
    let response = list.ei_response.as_ref();
    if response.is_some_and(|one| one.is_ok()) {
        return Ok(());
    }
    inconclusive(format!("the good VEN is served no more: {:?}", say::saw::response(response)))
}

async fn out_of_date(play: &mut VtnPlay) -> Ended {
    let config = expired(play).await?;
    kept_out(play, ("516", "a client with an expired certificate"), config).await
}

/// Checks that no payload is to be had.
async fn kept_out(
    play: &mut VtnPlay,
    (rule, who): (&'static str, &str),
    config: Arc<ClientConfig>,
) -> Ended {
    let mut ven = play.stranger()?;
    ven.caller = Caller::new(play.address.clone(), config);
    let query = say::register_party::query(&play.unique("query"));
    let text = openadr::encode(query.into(), None);
    let request = ven.caller.post(&play.path(Service::EiRegisterParty), text.into_bytes());
    let what = format!("{who} is kept out: the handshake ends, or HTTP 403");
    match play.call(&mut ven, request).await {
        Err(_) => play.check(&[rule], what, true, ()),
        Ok(reply) => play.check(&[rule], what, reply.status == 403, reply.story()),
    };
    Ok(())
}

/// TLS for a client that shows nothing.
fn nameless(play: &VtnPlay) -> Result<Arc<ClientConfig>, Stop> {
    let mut roots = RootCertStore::empty();
    for der in play.setting.lab.roots.ders() {
        roots.add(der.clone()).map_err(told)?;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(told)?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// TLS for a client whose certificate was good until yesterday.
async fn expired(play: &VtnPlay) -> Result<Arc<ClientConfig>, Stop> {
    let day = SignedDuration::from_hours(24);
    let ago = |days: i32| SystemClock.now().checked_sub(day * days).map_err(told);
    let validity = Validity { not_before: ago(3)?, not_after: ago(1)? };
    let (role, name, key) = (Role::Ven, play.unique("expired"), KeyKind::Ecc);
    let subject = Subject { role, name, key, hosts: Vec::new() };
    let identity = play.setting.lab.authority()?.issue_for(&subject, validity).map_err(told)?;
    let _ = play.admit("expired", identity.leaf(), None).await;
    play.setting.lab.client(identity)
}
