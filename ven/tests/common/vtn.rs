//! A VTN that does what the script says and writes down what it is told. Every document goes
//! through bytes, so that what is not valid by the schema fails.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use oadr_schemas::ei;
use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::oadr::*;
use oadr_schemas::openadr::{Code, Message, check, decode, ei::EiResponse, encode};
use oadr_schemas::xml::{self, Limits};
use oadr_transport::Retry;
use oadr_transport::net::BoxFuture;
use oadr_ven::{About, Link, Silence};

#[derive(Default)]
pub struct Vtn(Mutex<State>);

#[derive(Default)]
pub struct State {
    /// What polls fetch, in turn.
    pub queue: VecDeque<Message>,
    /// What oadrRequestEvent fetches.
    pub events: Vec<OadrEvent>,
    /// What came in, in order, with its service.
    pub heard: Vec<(Service, Message)>,
    /// The same of EI 1.0.
    pub heard_ei: Vec<ei::Message>,
    /// Nobody answers; with a time: 503 and Retry-After.
    pub away: Option<Option<Duration>>,
    /// Nobody answers after so many messages more.
    pub away_after: Option<usize>,
    /// Answers with this code to the payload of that name, that often.
    pub refuse: BTreeMap<&'static str, (Code, usize)>,
    /// The payload of this name is answered with HTTP 500, or, with a time, with 503 and
    /// Retry-After.
    pub choke_on: Option<(&'static str, Option<Duration>)>,
    /// Report requests in the next oadrRegisteredReport.
    pub piggyback: Vec<OadrReportRequest>,
    /// The oadrCancelReport in the next oadrUpdatedReport.
    pub embedded_cancel: Option<OadrCancelReport>,
    /// Answers of EI 1.0, by what was asked.
    pub trade: Option<fn(&ei::Message) -> ei::Message>,
    /// So many answers of EI 1.0 are lost on the way.
    pub lost_ei: usize,
    pub registrations: usize,
}

impl Vtn {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Something for the next poll.
    pub fn queue(&self, message: impl Into<Message>) {
        self.state().queue.push_back(message.into());
    }

    /// What was heard so far does not matter.
    pub fn forget(&self) {
        self.state().heard.clear();
    }

    /// The names of what came in, polls left out.
    pub fn names(&self) -> Vec<&'static str> {
        let state = self.state();
        let names = state.heard.iter().map(|(_, message)| message.name());
        names.filter(|name| *name != "oadrPoll").collect()
    }

    /// All that came in of one kind.
    pub fn all<M: TryFrom<Message>>(&self) -> Vec<M> {
        let state = self.state();
        state.heard.iter().filter_map(|(_, m)| M::try_from(m.clone()).ok()).collect()
    }

    /// The one that came in of a kind.
    pub fn one<M: TryFrom<Message>>(&self) -> M {
        let mut all = self.all::<M>();
        assert_eq!(all.len(), 1, "heard {:?}", self.names());
        all.remove(0)
    }

    pub fn polls(&self) -> usize {
        self.all::<OadrPoll>().len()
    }

    pub fn refuse(&self, name: &'static str, code: Code, times: usize) {
        self.state().refuse.insert(name, (code, times));
    }

    fn answer(&self, service: Service, message: Message) -> Result<Option<Message>, Silence> {
        let mut state = self.state();
        if let Some(pause) = state.away {
            let retry = pause.map_or(Retry::BackOff, Retry::After);
            return Err(link_down(retry, "nobody answers"));
        }
        if let Some(left) = &mut state.away_after {
            if *left == 0 {
                return Err(link_down(Retry::BackOff, "nobody answers any more"));
            }
            *left -= 1;
        }
        well_formed(&message);
        state.heard.push((service, message.clone()));
        match state.choke_on {
            Some((name, None)) if name == message.name() => {
                let (retry, about) = (Retry::BackOff, About::Message);
                return Err(Silence { retry, about, detail: "HTTP status 500".to_owned() });
            }
            Some((name, Some(pause))) if name == message.name() => {
                return Err(link_down(Retry::After(pause), "HTTP status 503"));
            }
            _ => {}
        }
        let id = message.request_id().unwrap_or("").to_owned();
        let response = match state.refuse.get_mut(message.name()) {
            Some((code, times)) if *times > 0 => {
                *times -= 1;
                EiResponse::error(*code, "so the script says", id)
            }
            _ => EiResponse::ok(id),
        };
        Ok(Some(reply(&mut state, message, response)))
    }
}

impl Link for Vtn {
    fn openadr(
        &self,
        service: Service,
        message: Message,
    ) -> BoxFuture<'_, Result<Option<Message>, Silence>> {
        Box::pin(async move {
            let reply = self.answer(service, over_the_wire(message))?;
            Ok(reply.map(over_the_wire))
        })
    }

    fn ei(
        &self,
        _: Service,
        message: ei::Message,
    ) -> BoxFuture<'_, Result<Option<ei::Message>, Silence>> {
        Box::pin(async move {
            let mut state = self.state();
            if state.away.is_some() || state.away_after == Some(0) {
                return Err(link_down(Retry::BackOff, "nobody answers"));
            }
            let message: ei::Message =
                xml::decode_any(xml::encode_any(&message).as_bytes(), &Limits::default()).unwrap();
            state.heard_ei.push(message.clone());
            if state.lost_ei > 0 {
                state.lost_ei -= 1;
                return Err(link_down(Retry::BackOff, "the answer is lost"));
            }
            let answer = state.trade.expect("no trade is scripted")(&message);
            Ok(Some(answer))
        })
    }
}

fn link_down(retry: Retry, detail: &str) -> Silence {
    Silence { retry, about: About::Link, detail: detail.to_owned() }
}

fn over_the_wire(message: Message) -> Message {
    decode(encode(message, None).as_bytes(), &Limits::reports()).unwrap().message
}

/// Scenario base-wellformed, and what the schemas crate knows of each payload.
fn well_formed(message: &Message) {
    let named = !matches!(
        message,
        Message::OadrQueryRegistration(_) | Message::OadrCreatePartyRegistration(_)
    );
    assert!(!named || message.ven_id().is_some(), "rule 508: {message:?}");
    match message {
        Message::OadrCreatePartyRegistration(m) => check::check_registration(m).unwrap(),
        Message::OadrRegisterReport(m) => check::check_report_metadata(m).unwrap(),
        Message::OadrCreateOpt(m) => check::check_opt(m).unwrap(),
        Message::OadrUpdateReport(m) => {
            m.oadr_report.iter().for_each(|report| check::check_report_data(report).unwrap());
        }
        _ => {}
    }
}

fn reply(state: &mut State, message: Message, ei_response: EiResponse) -> Message {
    let (schema_version, ven_id) = (None, Some("ven-1".to_owned()));
    let ok = ei_response.is_ok();
    match message {
        Message::OadrQueryRegistration(_) => created(ei_response, false).into(),
        Message::OadrCreatePartyRegistration(_) => {
            state.registrations += usize::from(ok);
            created(ei_response, ok).into()
        }
        Message::OadrRequestEvent(_) => OadrDistributeEvent {
            schema_version,
            ei_response: Some(ei_response),
            request_id: "list".to_owned(),
            vtn_id: "vtn-1".to_owned(),
            oadr_event: state.events.clone(),
        }
        .into(),
        Message::OadrRegisterReport(_) => OadrRegisteredReport {
            schema_version,
            ei_response,
            oadr_report_request: std::mem::take(&mut state.piggyback),
            ven_id,
        }
        .into(),
        Message::OadrUpdateReport(_) => OadrUpdatedReport {
            schema_version,
            ei_response,
            oadr_cancel_report: state.embedded_cancel.take(),
            ven_id,
        }
        .into(),
        Message::OadrCreateOpt(m) => OadrCreatedOpt::new(ei_response, m.opt_id).into(),
        Message::OadrCancelOpt(m) => OadrCanceledOpt::new(ei_response, m.opt_id).into(),
        Message::OadrPoll(_) if ok => match state.queue.pop_front() {
            Some(message) => message,
            None => OadrResponse { schema_version, ei_response, ven_id }.into(),
        },
        _ => OadrResponse { schema_version, ei_response, ven_id }.into(),
    }
}

fn created(ei_response: EiResponse, ids: bool) -> OadrCreatedPartyRegistration {
    let transport = OadrTransport2 { oadr_transport_name: OadrTransport::SimpleHttp };
    OadrCreatedPartyRegistration {
        schema_version: None,
        ei_response,
        registration_id: ids.then(|| "reg-1".to_owned()),
        ven_id: ids.then(|| "ven-1".to_owned()),
        vtn_id: "vtn-1".to_owned(),
        oadr_profiles: OadrProfiles {
            oadr_profile: vec![OadrProfile2 {
                oadr_profile_name: OadrProfile::V20b,
                oadr_transports: OadrTransports { oadr_transport: vec![transport] },
            }],
        },
        oadr_requested_oadr_poll_freq: Some(xml::Duration::from_seconds(10).into()),
        oadr_service_specific_info: None,
        oadr_extensions: None,
    }
}
