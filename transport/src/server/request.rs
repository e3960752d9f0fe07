//! One request: the binding's rules in, the handler, the binding's rules out.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST,
    HeaderMap, HeaderValue, RETRY_AFTER, TRANSFER_ENCODING, VARY,
};
use hyper::service::Service;
use hyper::{Method, Request, Response, StatusCode, Version};
use oadr_certs::Thumbprint;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::meters::count;
use super::quota::Place;
use super::{Answer, Observed, Peer, Received, Shared};
use crate::coding::Coding;
use crate::uri::normalised_path;

/// The requests of one connection.
pub(super) struct Requests {
    shared: Arc<Shared>,
    peer: Peer,
}

/// A request under way: what its answer and its observer need.
struct Exchange {
    shared: Arc<Shared>,
    peer: Peer,
    began: Instant,
    path: String,
    coding: Option<Coding>,
    received: usize,
    handled: bool,
    close: bool,
}

/// The places a request holds until its handler has ended.
struct Places {
    _of_party: Place<Thumbprint>,
    _of_all: OwnedSemaphorePermit,
}

impl Requests {
    pub(super) fn new(shared: Arc<Shared>, peer: Peer) -> Self {
        Self { shared, peer }
    }
}

impl Service<Request<Incoming>> for Requests {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let accepted = single(request.headers(), ACCEPT_ENCODING.as_str());
        let mut exchange = Exchange {
            shared: Arc::clone(&self.shared),
            peer: self.peer.clone(),
            began: Instant::now(),
            path: request.uri().path().to_owned(),
            coding: accepted.and_then(Coding::accepted),
            received: 0,
            handled: false,
            close: false,
        };
        Box::pin(async move {
            let answer = exchange.answer(request).await;
            exchange.close |= answer.status == 403;
            Ok(exchange.response(answer))
        })
    }
}

impl Exchange {
    async fn answer(&mut self, request: Request<Incoming>) -> Answer {
        let now = self.shared.clock.now();
        // Rule 516: no application traffic with a peer whose certificate has expired.
        if self.peer.certificate.is_expired(now) {
            return Answer::status(403);
        }
        let (head, body) = request.into_parts();
        let length = match self.framing(&head) {
            Ok(length) => length,
            Err(status) => {
                self.close = true;
                return Answer::status(status);
            }
        };
        let places = match self.rules(&head).and_then(|()| self.places()) {
            Ok(places) => places,
            Err(answer) => {
                self.close |= !drained(body).await;
                return answer;
            }
        };
        match collected(body, length).await {
            Some(body) => {
                self.received = body.len();
                self.handled(body, places).await
            }
            // Too slow, or gone. The request as such may be right: it may come again.
            None => {
                self.close = true;
                Answer::unavailable(self.shared.limits.retry_after)
            }
        }
    }

    /// The rules without which the body cannot be told from what follows it: its length, or the
    /// status to answer before closing. A method other than POST may come without a body.
    fn framing(&self, head: &hyper::http::request::Parts) -> Result<usize, u16> {
        let headers = &head.headers;
        if head.version != Version::HTTP_11 || headers.contains_key(TRANSFER_ENCODING) {
            return Err(406);
        }
        let length = match (single(headers, CONTENT_LENGTH.as_str()), &head.method) {
            (Some(length), _) => length.parse().map_err(|_| 406_u16)?,
            (None, &Method::POST) => return Err(406),
            (None, _) => 0,
        };
        if length > self.shared.limits.max_body { Err(406) } else { Ok(length) }
    }

    /// The rules about what is asked.
    fn rules(&mut self, head: &hyper::http::request::Parts) -> Result<(), Answer> {
        if head.method != Method::POST {
            return Err(Answer::status(501));
        }
        if head.headers.get_all(HOST).iter().count() != 1 {
            return Err(Answer::status(406));
        }
        let path = normalised_path(head.uri.path()).filter(|_| head.uri.query().is_none());
        self.path = path.ok_or_else(|| Answer::status(404))?;
        let kind = single(&head.headers, CONTENT_TYPE.as_str()).unwrap_or("");
        if !is_xml(kind) || head.headers.contains_key(CONTENT_ENCODING) {
            return Err(Answer::status(406));
        }
        Ok(())
    }

    /// A place for this request among its party's and among all.
    fn places(&self) -> Result<Places, Answer> {
        let busy = || Answer::unavailable(self.shared.limits.retry_after);
        let meters = &self.shared.meters;
        let party = self.peer.certificate.thumbprint;
        let of_party = self.shared.parties.take(party).ok_or_else(|| {
            count(&meters.refused_party);
            busy()
        })?;
        let requests = Arc::clone(&self.shared.requests);
        let of_all = requests.try_acquire_owned().map_err(|_| {
            count(&meters.refused_requests);
            busy()
        })?;
        Ok(Places { _of_party: of_party, _of_all: of_all })
    }

    /// Runs the handler as its own task: it ends what it began even if the peer hangs up.
    async fn handled(&mut self, body: Bytes, places: Places) -> Answer {
        let handler = Arc::clone(&self.shared.handler);
        let peer = self.peer.clone();
        let received = Received { path: self.path.clone(), body };
        let task = tokio::spawn(async move {
            let _places = places;
            handler.handle(peer, received).await
        });
        match tokio::time::timeout(self.shared.limits.request_timeout, task).await {
            Ok(Ok(answer)) => {
                self.handled = true;
                answer
            }
            Ok(Err(error)) => {
                tracing::error!(path = self.path, %error, "a handler panicked");
                count(&self.shared.meters.panicked);
                Answer::status(500)
            }
            Err(_) => {
                count(&self.shared.meters.timed_out);
                Answer::unavailable(self.shared.limits.retry_after)
            }
        }
    }

    /// Puts an answer into HTTP: Content-Length exact (hyper, from the body's size), never chunked.
    fn response(&self, answer: Answer) -> Response<Full<Bytes>> {
        let status = StatusCode::from_u16(answer.status)
            .ok()
            .filter(|status| !status.is_informational() && *status != StatusCode::NO_CONTENT)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (body, coding) = self.coded(answer.body);
        self.note(status.as_u16(), body.len());
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(XML));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        if let Some(time) = answer.retry_after.filter(|_| status.as_u16() == 503) {
            headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(time)));
        }
        if let Some(date) = self.date() {
            headers.insert(DATE, date);
        }
        if self.close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    fn coded(&self, body: Bytes) -> (Bytes, Option<Coding>) {
        let coding = self.coding.filter(|_| !body.is_empty());
        match coding.and_then(|coding| coding.encode(&body).ok()) {
            Some(coded) => (coded.into(), coding),
            None => (body, None),
        }
    }

    /// The Date header by the given clock, so that simulated peers see simulated time.
    fn date(&self) -> Option<HeaderValue> {
        let now = self.shared.clock.now();
        let text = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
        HeaderValue::try_from(text.ok()?).ok()
    }

    fn note(&self, status: u16, sent: usize) {
        count(self.shared.meters.status(status));
        if let Some(observe) = &self.shared.observe {
            observe(&Observed {
                peer: &self.peer,
                path: &self.path,
                status,
                handled: self.handled,
                took: self.began.elapsed(),
                received: self.received,
                sent,
            });
        }
    }
}

/// `application/xml`, alone or with `charset=utf-8` (OpenADR 2.0b Profile 9.1; names in any case,
/// as RFC 9110 has it, and the value quoted or not).
pub(crate) fn is_xml(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let xml = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(XML));
    xml && parts.all(|parameter| {
        let value =
            parameter.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
        value.is_some_and(|(_, value)| value.trim_matches('"').eq_ignore_ascii_case("utf-8"))
    })
}

/// The value of a header that occurs exactly once and is text.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

/// The whole body, `length` bytes, or nothing if the peer went away before its end.
async fn collected(mut body: Incoming, length: usize) -> Option<Bytes> {
    let mut whole = BytesMut::with_capacity(length);
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            whole.extend_from_slice(&data);
        }
    }
    Some(whole.freeze())
}

/// Reads and forgets a body, so that the connection can go on. `false` if it cannot.
async fn drained(mut body: Incoming) -> bool {
    while let Some(frame) = body.frame().await {
        if frame.is_err() {
            return false;
        }
    }
    body.is_end_stream()
}

fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

const XML: &str = "application/xml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_xml_in_utf_8_is_xml() {
        for kind in [
            "application/xml",
            "Application/XML",
            "application/xml; charset=utf-8",
            "application/xml;charset=UTF-8",
            "application/xml ; Charset=\"utf-8\"",
        ] {
            assert!(is_xml(kind), "{kind}");
        }
        for kind in [
            "",
            "text/xml",
            "application/json",
            "application/xml; charset=iso-8859-1",
            "application/xml; charset",
            "application/xml; q=1",
            "application/xml, application/xml",
            "application/xmlx",
        ] {
            assert!(!is_xml(kind), "{kind}");
        }
    }

    #[test]
    fn retry_after_is_never_shorter_than_asked() {
        assert_eq!(whole_seconds(Duration::from_millis(1001)), 2);
        assert_eq!(whole_seconds(Duration::from_secs(5)), 5);
    }
}
