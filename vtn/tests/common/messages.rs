//! The messages a VEN sends in these tests.

use jiff::Timestamp;
use oadr_schemas::openadr::ei::{
    EiResponse, EiTarget, EventResponse, OptReason, OptType, QualifiedEventID, ReportName,
};
use oadr_schemas::openadr::oadr::{
    OadrCancelOpt, OadrCancelPartyRegistration, OadrCanceledPartyRegistration, OadrCanceledReport,
    OadrCreateOpt, OadrCreatePartyRegistration, OadrCreatedEvent, OadrCreatedPartyRegistration,
    OadrCreatedReport, OadrDistributeEvent, OadrPoll, OadrProfile, OadrQueryRegistration,
    OadrRegisterReport, OadrRegisteredReport, OadrReport, OadrRequestEvent, OadrResponse,
    OadrTransport, OadrUpdateReport,
};
use oadr_schemas::openadr::pyld::EiRequestEvent;
use oadr_schemas::openadr::report::{
    Heading, Row, Sampling, status_description, usage_description,
};
use oadr_schemas::openadr::{Code, Message};
use oadr_schemas::xml::{DateTime, Duration};

use super::{Ven, code};

impl Ven<'_> {
    pub fn query(&self) -> OadrQueryRegistration {
        OadrQueryRegistration { schema_version: None, request_id: "q1".into() }
    }

    /// A first registration as a PULL VEN, without any ID.
    pub fn create_registration(&self) -> OadrCreatePartyRegistration {
        OadrCreatePartyRegistration {
            schema_version: None,
            request_id: "r1".into(),
            registration_id: None,
            ven_id: None,
            oadr_profile_name: OadrProfile::V20b,
            oadr_transport_name: OadrTransport::SimpleHttp,
            oadr_transport_address: None,
            oadr_report_only: false,
            oadr_xml_signature: false,
            oadr_ven_name: Some("a VEN".into()),
            oadr_http_pull_model: Some(true),
        }
    }

    /// The same with both IDs.
    pub fn renew_registration(&self, registration_id: &str) -> OadrCreatePartyRegistration {
        OadrCreatePartyRegistration {
            request_id: "r2".into(),
            registration_id: Some(registration_id.into()),
            ven_id: Some(self.id.clone()),
            ..self.create_registration()
        }
    }

    pub async fn created(&self, m: OadrCreatePartyRegistration) -> OadrCreatedPartyRegistration {
        self.send(m).await.try_into().unwrap()
    }

    /// Registers anew and gives the registrationID.
    pub async fn register(&self) -> String {
        let created = self.created(self.create_registration()).await;
        assert!(created.ei_response.is_ok(), "{created:?}");
        assert_eq!(created.ven_id.as_deref(), Some(self.id.as_str()));
        created.registration_id.unwrap()
    }

    pub fn cancel_registration(&self, registration_id: &str) -> OadrCancelPartyRegistration {
        OadrCancelPartyRegistration {
            schema_version: None,
            request_id: "c1".into(),
            registration_id: registration_id.into(),
            ven_id: Some(self.id.clone()),
        }
    }

    pub fn canceled_registration(
        &self,
        request_id: &str,
        id: &str,
    ) -> OadrCanceledPartyRegistration {
        OadrCanceledPartyRegistration {
            schema_version: None,
            ei_response: EiResponse::ok(request_id),
            registration_id: Some(id.into()),
            ven_id: Some(self.id.clone()),
        }
    }

    /// Polls the VTN's metadata and answers it.
    pub async fn take_metadata(&self) {
        let reply = self.poll().await;
        let register = OadrRegisterReport::try_from(reply).unwrap();
        assert_eq!(code(&self.send(self.registered_report(&register.request_id)).await), 200);
    }

    pub fn registered_report(&self, request_id: &str) -> OadrRegisteredReport {
        OadrRegisteredReport {
            schema_version: None,
            ei_response: EiResponse::ok(request_id),
            oadr_report_request: Vec::new(),
            ven_id: Some(self.id.clone()),
        }
    }

    pub fn request_event(&self, reply_limit: Option<u32>) -> OadrRequestEvent {
        let (request_id, ven_id) = ("e1".into(), self.id.clone());
        let ei_request_event = EiRequestEvent { request_id, ven_id, reply_limit };
        OadrRequestEvent { schema_version: None, ei_request_event }
    }

    /// oadrRequestEvent and what it lists.
    pub async fn events(&self) -> OadrDistributeEvent {
        self.send(self.request_event(None)).await.try_into().unwrap()
    }

    pub async fn poll_events(&self) -> OadrDistributeEvent {
        self.poll().await.try_into().unwrap()
    }

    /// One answer to each event listed.
    pub fn answer(&self, events: &OadrDistributeEvent, opt: OptType) -> OadrCreatedEvent {
        let answers = events.oadr_event.iter().map(|event| {
            let event = &event.ei_event;
            let id = QualifiedEventID::new(event.id(), event.modification_number());
            EventResponse::new(id, opt.clone(), Code::Ok, events.request_id.as_str())
        });
        OadrCreatedEvent::answering(self.id.as_str(), answers.collect())
    }

    pub fn answer_to(&self, event: &str, number: u32, opt: OptType) -> OadrCreatedEvent {
        let id = QualifiedEventID::new(event, number);
        let answer = EventResponse::new(id, opt, Code::Ok, "d1");
        OadrCreatedEvent::answering(self.id.as_str(), vec![answer])
    }

    /// An opt schedule of one stretch; zero has no end.
    pub fn opt(&self, id: &str, opt: OptType, time: (Timestamp, Duration)) -> OadrCreateOpt {
        OadrCreateOpt {
            vavailability: Some([time].into_iter().collect()),
            ..self.opt_bare(id, opt)
        }
    }

    pub fn opt_event(&self, id: &str, opt: OptType, event: (&str, u32)) -> OadrCreateOpt {
        let qualified_event_id = Some(QualifiedEventID::new(event.0, event.1));
        OadrCreateOpt { qualified_event_id, ..self.opt_bare(id, opt) }
    }

    pub fn opt_bare(&self, id: &str, opt_type: OptType) -> OadrCreateOpt {
        OadrCreateOpt {
            schema_version: None,
            opt_id: id.into(),
            opt_type,
            opt_reason: OptReason::Economic,
            market_context: None,
            ven_id: self.id.clone(),
            vavailability: None,
            created_date_time: DateTime(self.bench.now()),
            request_id: "o1".into(),
            qualified_event_id: None,
            ei_target: EiTarget::recipient(),
            oadr_device_class: None,
        }
    }

    pub fn cancel_opt(&self, id: &str) -> OadrCancelOpt {
        OadrCancelOpt {
            schema_version: None,
            request_id: "o2".into(),
            opt_id: id.into(),
            ven_id: self.id.clone(),
        }
    }

    pub fn register_report(&self, reports: Vec<OadrReport>) -> OadrRegisterReport {
        OadrRegisterReport {
            schema_version: None,
            request_id: "m1".into(),
            oadr_report: reports,
            ven_id: Some(self.id.clone()),
            report_request_id: None,
        }
    }

    pub fn created_report(&self, request_id: &str, pending: &[&str]) -> OadrCreatedReport {
        OadrCreatedReport {
            schema_version: None,
            ei_response: EiResponse::ok(request_id),
            oadr_pending_reports: pending.iter().copied().collect(),
            ven_id: Some(self.id.clone()),
        }
    }

    pub fn canceled_report(&self, request_id: &str, pending: &[&str]) -> OadrCanceledReport {
        OadrCanceledReport {
            schema_version: None,
            ei_response: EiResponse::ok(request_id),
            oadr_pending_reports: pending.iter().copied().collect(),
            ven_id: Some(self.id.clone()),
        }
    }

    pub fn update_report(&self, reports: Vec<OadrReport>) -> OadrUpdateReport {
        OadrUpdateReport {
            schema_version: None,
            request_id: "u1".into(),
            oadr_report: reports,
            ven_id: Some(self.id.clone()),
        }
    }

    /// Every payload a VEN can send, all right but for what the VTN does not know.
    pub fn every_request(&self) -> Vec<Message> {
        let hour = (self.bench.now(), Duration::from_seconds(3600));
        vec![
            self.query().into(),
            self.create_registration().into(),
            OadrPoll { schema_version: None, ven_id: self.id.clone() }.into(),
            OadrResponse::ok("no such request").with_ven_id(self.id.as_str()).into(),
            self.request_event(None).into(),
            self.answer_to("no such event", 0, OptType::OptIn).into(),
            self.register_report(vec![usage("usage", &["power"], self.bench.now())]).into(),
            self.registered_report("no such request").into(),
            self.created_report("no such request", &[]).into(),
            self.canceled_report("no such request", &[]).into(),
            self.update_report(Vec::new()).into(),
            self.updated_report("no such request").into(),
            self.create_report("no such report").into(),
            self.cancel_report(&["no such request"]).into(),
            self.opt("opt", OptType::OptOut, hour).into(),
            self.cancel_opt("opt").into(),
            self.cancel_registration("no such registration").into(),
            self.canceled_registration("no such request", "none").into(),
            self.renew_registration("no such registration").into(),
        ]
    }
}

/// TELEMETRY_USAGE in kW, each point sampled every one to sixty minutes, a day kept.
pub fn usage(specifier: &str, rids: &[&str], now: Timestamp) -> OadrReport {
    let unit = oadr_vtn::unit::parse("kW").unwrap();
    let point = |rid: &&str| {
        usage_description(*rid, unit.clone(), EiTarget::resources(["site"]), sampling())
    };
    let points = rids.iter().map(point).collect();
    let day = Duration::from_seconds(86_400);
    OadrReport::metadata(ReportName::MetadataTelemetryUsage, specifier, day, points, now)
}

/// TELEMETRY_STATUS.
pub fn status(specifier: &str, rids: &[&str], now: Timestamp) -> OadrReport {
    let point = |rid: &&str| status_description(*rid, EiTarget::resources(["site"]), sampling());
    let points = rids.iter().map(point).collect();
    let day = Duration::from_seconds(86_400);
    OadrReport::metadata(ReportName::MetadataTelemetryStatus, specifier, day, points, now)
}

fn sampling() -> Sampling {
    Sampling {
        shortest: Duration::from_seconds(60),
        longest: Duration::from_seconds(3600),
        on_change: false,
    }
}

/// A data report of TELEMETRY_USAGE.
pub fn data(request: &str, specifier: &str, rows: &[Row], now: Timestamp) -> OadrReport {
    let heading = Heading {
        report_request_id: request.into(),
        report_specifier_id: specifier.into(),
        report_name: ReportName::TelemetryUsage,
        created: now,
    };
    OadrReport::of_rows(heading, rows).unwrap()
}
