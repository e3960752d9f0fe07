//! One exchange with a PUSH VEN.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use jiff::Timestamp;
use oadr_schemas::exchange::{Service, openadr_table};
use oadr_schemas::openadr::{self, Message};
use oadr_store::Batch;
use oadr_transport::{BaseUrl, Family, Peer, Received, Reply, Retry};

use super::lanes::Call;
use crate::context::Context;
use crate::error::Error;
use crate::outbox;
use crate::party::known;
use crate::record::PushTrouble;
use crate::service::offer;
use crate::tables::{DUE, PUSH_TROUBLES};
use crate::vtn::{Inner, Vtn};
use crate::watch::count;

/// How it went.
pub(super) enum Outcome {
    /// The VEN has taken a payload; there may be more.
    Delivered,
    /// Nothing is due before then, if ever.
    Nothing(Option<Timestamp>),
    /// It did not arrive: the next attempt after this, if the VEN asks for it.
    Failed { wait: Option<Duration> },
}

/// A payload that is marked as out.
struct Offered {
    message: Message,
    /// What takes the mark back.
    undo: Batch,
}

/// Posts what waits for a VEN, one payload, and takes in what it answers.
///
/// # Errors
/// Those of the store.
pub(super) async fn deliver(vtn: &Vtn, call: &Call) -> Result<Outcome, Error> {
    if call.fresh {
        // The reply to its registration overtakes nothing: this is the wire's time.
        tokio::time::sleep(GRACE).await;
    }
    let inner = &vtn.0;
    let now = inner.clock.now();
    let Some(Offered { mut message, undo }) = offered(inner, &call.ven, now).await? else {
        return Ok(Outcome::Nothing(next_due(inner, &call.ven)?));
    };
    if let Message::OadrDistributeEvent(list) = &mut message {
        // Rule 40 wants it in answers, and this is none.
        list.ei_response = None;
    }
    let row = openadr_table::pairing_of(&message);
    let service = row.map_or(Service::EiEvent, |row| row.service).name();
    let (payload, request_id) =
        (message.name(), message.request_id().unwrap_or_default().to_owned());
    let body = openadr::encode(message, None);
    let began = tokio::time::Instant::now();
    let url = call.address.parse::<BaseUrl>().and_then(|to| to.service(Family::OpenAdr, service));
    let posted = match url {
        Ok(url) => call.client.post(&url, body.clone()).await,
        Err(error) => Err(error),
    };
    let us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let (ven, why) = (&call.ven, posted.as_ref().err().map(ToString::to_string));
    tracing::info!(ven, payload, request_id, us, why, "pushed");
    let answer = posted.as_ref().map(|reply| &reply.body[..]).unwrap_or_default();
    inner.archive(now, ven, (body.as_bytes(), answer)).await;
    match posted {
        Ok(reply) => {
            arrived(inner, (ven, service), reply).await?;
            Ok(Outcome::Delivered)
        }
        Err(error) => {
            let retry = error.retry();
            // What the VEN would refuse again is as good as taken and not answered: its tries
            // count. What did not arrive was not tried.
            let undo = if retry == Retry::No { Batch::new() } else { undo };
            failed(inner, ven, (undo, error.to_string())).await?;
            let wait = if let Retry::After(time) = retry { Some(time) } else { None };
            Ok(Outcome::Failed { wait })
        }
    }
}

/// Marks the next payload as out, again if somebody wrote in between.
async fn offered(inner: &Inner, ven: &str, now: Timestamp) -> Result<Option<Offered>, Error> {
    loop {
        let Inner { settings, store, hooks, ids, floor, .. } = inner;
        let view = store.snapshot()?;
        let party = known(&view, ven)?;
        let cx = Context { party, view, store, hooks, now, settings, ids, floor };
        let mut batch = Batch::new();
        let message = offer::next(&cx, &mut batch)?;
        let undo = batch.undo(&cx.view)?;
        match cx.commit(batch).await {
            Ok(()) => return Ok(message.map(|message| Offered { message, undo })),
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
}

/// When something falls due for a VEN for which nothing does now.
fn next_due(inner: &Inner, ven: &str) -> Result<Option<Timestamp>, Error> {
    let view = inner.store.snapshot()?;
    let waits = outbox::next_due(&view, ven)?;
    let waits = waits.map(|at| Timestamp::from_microsecond(at).unwrap_or(Timestamp::MIN));
    Ok(DUE.get(&view, ven)?.map(|due| due.at).into_iter().chain(waits).min())
}

/// Takes in the VEN's answer as if it had posted it. An empty one is an answer as well: that to
/// events comes later (rule 51).
async fn arrived(inner: &Inner, (ven, service): (&str, &str), reply: Reply) -> Result<(), Error> {
    count(&inner.watch.pushed);
    inner.watch.hear(ven, inner.clock.now());
    let mut batch = Batch::new();
    if PUSH_TROUBLES.contains(&inner.store, ven)? {
        PUSH_TROUBLES.delete(&mut batch, ven);
    }
    inner.store.commit(batch).await?;
    if !reply.body.is_empty() {
        let prefix = inner.settings.prefix.trim_matches('/');
        let below = if prefix.is_empty() { String::new() } else { format!("/{prefix}") };
        let path = format!("{below}/{}/{service}", Family::OpenAdr.path());
        let peer = Peer { certificate: reply.peer, address: NOWHERE };
        // What is wrong with it is logged there, and remembered as of any message.
        let _ = inner.answer(peer, Received { path, body: reply.body }).await;
    }
    Ok(())
}

/// Writes down that it did not arrive, and gives up what has waited for too long.
async fn failed(inner: &Inner, ven: &str, (undo, why): (Batch, String)) -> Result<(), Error> {
    count(&inner.watch.push_failed);
    match inner.store.commit(undo).await {
        // Somebody wrote in between, the VEN perhaps: the mark stands, and costs a try.
        Err(error) if error.is_conflict() => {}
        result => result?,
    }
    let now = inner.clock.now();
    loop {
        let view = inner.store.snapshot()?;
        let before = PUSH_TROUBLES.get(&view, ven)?;
        let since = before.as_ref().map_or(now, |trouble| trouble.since);
        let failures = before.map_or(0, |trouble| trouble.failures).saturating_add(1);
        let mut batch = Batch::new();
        let trouble = PushTrouble { since, failures, at: now, why: why.clone() };
        PUSH_TROUBLES.put(&mut batch, ven, &trouble)?;
        let age = inner.settings.push.give_up_after;
        let oldest = now.saturating_sub(age).unwrap_or(Timestamp::MIN);
        outbox::give_up_older(&view, &mut batch, ven, (oldest, now, &why))?;
        match inner.store.commit(batch).await {
            Err(error) if error.is_conflict() => {}
            result => return Ok(result?),
        }
    }
}

/// For a VEN to be told of its registration before it is told of anything else.
const GRACE: Duration = Duration::from_millis(200);
/// The peer was called, not heard.
const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
