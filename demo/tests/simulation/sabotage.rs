//! A VTN with a fault put in on purpose: the checker must find each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use oadr_schemas::openadr::{self, Message, ei::EiResponse, oadr::OadrUpdatedReport};
use oadr_schemas::xml::Limits;
use oadr_transport::net::BoxFuture;
use oadr_transport::{Answer, Handler, Peer, Received};
use oadr_vtn::Vtn;

/// Which fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// The VTN as it is.
    None,
    /// No idempotency: a tenderID counts for one request only, so one that comes again is new.
    EachTenderIsNew,
    /// Every fifth report is acknowledged and not kept.
    ForgetsReports,
    /// Answers to events are acknowledged and not kept; they are asked for again in vain.
    ForgetsAnswers,
}

/// The handler of a VTN.
pub struct Saboteur {
    pub vtn: Vtn,
    pub sabotage: Sabotage,
    /// Requests it was tempted by, over all restarts.
    pub count: Arc<AtomicU32>,
}

impl Handler for Saboteur {
    fn handle(&self, peer: Peer, request: Received) -> BoxFuture<'_, Answer> {
        let is = |service: &str| request.path.ends_with(service);
        match self.sabotage {
            Sabotage::EachTenderIsNew if is("EiTender") => Box::pin(self.anew(peer, request)),
            Sabotage::ForgetsReports if is("EiReport") => {
                self.forgetting(peer, request, ("oadrUpdateReport", 5))
            }
            Sabotage::ForgetsAnswers if is("EiEvent") => {
                self.forgetting(peer, request, ("oadrCreatedEvent", 1))
            }
            _ => self.vtn.handle(peer, request),
        }
    }
}

impl Saboteur {
    async fn anew(&self, peer: Peer, request: Received) -> Answer {
        let mark = format!(".{}", self.count.fetch_add(1, Ordering::Relaxed));
        let marked = mark_tenders(&text(&request.body), |id| format!("{id}{mark}"));
        let answer = self.vtn.handle(peer, Received { body: marked.into(), ..request }).await;
        let body = text(&answer.body).replace(&mark, "");
        Answer { body: body.into(), ..answer }
    }

    fn forgetting(
        &self,
        peer: Peer,
        request: Received,
        (name, every): (&str, u32),
    ) -> BoxFuture<'_, Answer> {
        let is_it = text(&request.body).contains(name);
        if !is_it || !self.count.fetch_add(1, Ordering::Relaxed).is_multiple_of(every) {
            return self.vtn.handle(peer, request);
        }
        let message = openadr::decode(&request.body, &Limits::reports()).unwrap().message;
        let ok = EiResponse::ok(message.request_id().unwrap_or_default());
        let reply: Message = match &message {
            Message::OadrUpdateReport(update) => OadrUpdatedReport {
                schema_version: None,
                ei_response: ok,
                oadr_cancel_report: None,
                ven_id: update.ven_id.clone(),
            }
            .into(),
            other => {
                let ven_id = other.ven_id().map(str::to_owned);
                openadr::oadr::OadrResponse { schema_version: None, ei_response: ok, ven_id }.into()
            }
        };
        Box::pin(std::future::ready(Answer::ok(openadr::encode(reply, None))))
    }
}

/// Rewrites the content of every tenderID.
fn mark_tenders(document: &str, rewrite: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(document.len() + 16);
    let mut rest = document;
    while let Some(at) = rest.find("tenderID>") {
        let (before, after) = rest.split_at(at + "tenderID>".len());
        let (id, tail) = after.split_once('<').unwrap();
        out.push_str(before);
        out.push_str(&rewrite(id));
        // The closing tag is not an opening one.
        let close = tail.find('>').unwrap() + 1;
        out.push('<');
        out.push_str(&tail[..close]);
        rest = &tail[close..];
    }
    out + rest
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
