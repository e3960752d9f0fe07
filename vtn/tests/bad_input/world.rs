//! A VTN that waits for every message a VEN may send, and these messages.

use std::sync::{Arc, OnceLock};

use jiff::SignedDuration;
use oadr_certs::PeerCertificate;
use oadr_schemas::exchange::openadr_table::PAIRINGS;
use oadr_schemas::exchange::{Pairing, Sender, Service};
use oadr_schemas::openadr::ei::{EiTarget, OptType};
use oadr_schemas::openadr::oadr::{
    OadrCancelPartyRegistration, OadrCancelReport, OadrCreateReport, OadrDataQualityType, OadrPoll,
    OadrReport, OadrResponse,
};
use oadr_schemas::openadr::power::EndDeviceAsset;
use oadr_schemas::openadr::report::Row;
use oadr_schemas::openadr::xcal::{Properties, WsCalendarInterval};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::{Duration, Uri};
use oadr_store::{Pair, Read, Span, Store};
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::EventDraft;
use rust_decimal::Decimal;

use crate::common::{self, Bench, Ven, at, minutes, row, running, simple, usage, wanted};

/// What came back.
#[derive(Debug, PartialEq)]
pub struct Told {
    /// HTTP status.
    pub status: u16,
    /// Code of the reply; 200 for a payload without one, 0 without a payload.
    pub code: u16,
    /// The payload.
    pub reply: Option<Message>,
}

/// The row of a payload, whose label may have more after a `+`.
pub fn pairing(label: &str) -> Pairing {
    let name = label.split('+').next().unwrap();
    *PAIRINGS.iter().find(|row| row.request == name).unwrap()
}

/// A registered VEN `A` from which every answer is outstanding, and another, `B`.
pub struct World {
    bench: Bench,
    certificate: Arc<PeerCertificate>,
    registration: String,
    /// reportRequestIDs: of a report that runs, of one that was asked for, of metadata.
    running: String,
    asked: String,
    metadata: String,
    /// requestIDs of payloads that were fetched: oadrCreateReport, oadrCancelReport,
    /// oadrCancelPartyRegistration.
    create: String,
    cancel: String,
    end: String,
}

impl World {
    pub async fn new() -> Self {
        static CERTIFICATE: OnceLock<Arc<PeerCertificate>> = OnceLock::new();
        let bench = Bench::new().await;
        let certificate = Arc::clone(CERTIFICATE.get_or_init(|| common::certificate("A")));
        bench.enrol("A", certificate.fingerprint()).await;
        bench.enrol("B", common::certificate("B").fingerprint()).await;
        let ven = Ven { bench: &bench, certificate: Arc::clone(&certificate), id: "A".into() };
        let registration = ven.register().await;
        ven.take_metadata().await;
        let offer = usage("usage", &["power"], bench.now());
        assert_eq!(ven.code(ven.register_report(vec![offer])).await, 200);
        let running_report = running(&ven, wanted(minutes(1), minutes(5))).await;
        let stopped = running(&ven, wanted(minutes(1), minutes(5))).await;
        let (none, specifier) = (SignedDuration::ZERO, "METADATA".to_owned());
        let metadata = ReportWanted { specifier, ..wanted(none, minutes(60)) };
        let metadata = running(&ven, metadata).await;
        let hour = (bench.now(), Duration::from_seconds(3600));
        assert_eq!(ven.code(ven.opt("held", OptType::OptOut, hour)).await, 200);
        let draft = |levels: &[i64]| {
            let draft = simple(&["A"], at(60), levels);
            EventDraft { id: Some("event".into()), ..draft }
        };
        bench.vtn.create_event(draft(&[1])).await.unwrap();
        ven.poll_events().await;
        bench.vtn.modify_event("event", draft(&[2]), None).await.unwrap();
        let events = ven.poll_events().await;
        assert_eq!(events.oadr_event[0].ei_event.modification_number(), 1);
        let asked = bench.vtn.request_report("A", wanted(minutes(1), minutes(5))).await.unwrap().id;
        let create = OadrCreateReport::try_from(ven.poll().await).unwrap().request_id;
        bench.vtn.cancel_report("A", &stopped, true).await.unwrap();
        let cancel = OadrCancelReport::try_from(ven.poll().await).unwrap().request_id;
        assert_eq!(ven.code(ven.create_report("METADATA")).await, 200);
        assert_eq!(ven.poll().await.name(), "oadrRegisterReport");
        bench.vtn.request_reregistration("A").await.unwrap();
        assert_eq!(ven.poll().await.name(), "oadrRequestReregistration");
        bench.vtn.cancel_registration("A").await.unwrap();
        let end = OadrCancelPartyRegistration::try_from(ven.poll().await).unwrap().request_id;
        drop(ven);
        let running = running_report;
        Self { bench, certificate, registration, running, asked, metadata, create, cancel, end }
    }

    fn ven(&self) -> Ven<'_> {
        let certificate = Arc::clone(&self.certificate);
        Ven { bench: &self.bench, certificate, id: "A".into() }
    }

    /// Each payload a VEN may send, with all that it may hold and this VTN reads. Two of a kind
    /// have their own names.
    pub fn messages(&self) -> Vec<(&'static str, Message)> {
        let ven = self.ven();
        let poll = OadrPoll { schema_version: None, ven_id: "A".into() };
        let mut renewal = ven.renew_registration(&self.registration);
        renewal.oadr_http_pull_model = Some(false);
        renewal.oadr_transport_address = Some("https://192.0.2.7:8443/".into());
        let mut registered = ven.registered_report("metadata-their request");
        registered.oadr_report_request = ven.create_report("METADATA").oadr_report_request;
        registered.oadr_report_request[0].report_request_id = "their next".into();
        let mut report_asked = ven.create_report("METADATA");
        let interval = Properties::new(at(0), Duration::from_seconds(0));
        report_asked.oadr_report_request[0].report_specifier.report_interval =
            Some(WsCalendarInterval { properties: interval });
        let mut register = ven.register_report(vec![self.offer()]);
        register.report_request_id = Some(self.metadata.clone());
        let canceled = ven.canceled_report(&self.cancel, &[]);
        let mut messages: Vec<(&str, Message)> = vec![
            ("oadrPoll", poll.into()),
            ("oadrQueryRegistration", ven.query().into()),
            ("oadrCreatePartyRegistration", ven.create_registration().into()),
            ("oadrCreatePartyRegistration+renewal", renewal.into()),
            ("oadrCancelPartyRegistration", ven.cancel_registration(&self.registration).into()),
            (
                "oadrCanceledPartyRegistration",
                ven.canceled_registration(&self.end, &self.registration).into(),
            ),
            ("oadrResponse", OadrResponse::ok("").with_ven_id("A").into()),
            ("oadrRequestEvent", ven.request_event(Some(1)).into()),
            ("oadrCreatedEvent", ven.answer_to("event", 1, OptType::OptIn).into()),
            ("oadrRegisterReport", register.into()),
            ("oadrRegisteredReport", registered.into()),
            ("oadrCreateReport", report_asked.into()),
            ("oadrCreatedReport", ven.created_report(&self.create, &[&self.asked]).into()),
            ("oadrUpdateReport", ven.update_report(vec![self.data()]).into()),
            ("oadrUpdatedReport", ven.updated_report("none").into()),
            ("oadrCancelReport", ven.cancel_report(&["their request"]).into()),
            ("oadrCanceledReport", canceled.into()),
            ("oadrCancelOpt", ven.cancel_opt("held").into()),
        ];
        messages.extend(self.opts());
        for row in PAIRINGS.iter().filter(|row| row.sender != Sender::Vtn) {
            assert!(messages.iter().any(|(_, m)| m.name() == row.request), "{}", row.request);
        }
        messages
    }

    fn opts(&self) -> [(&'static str, Message); 2] {
        let ven = self.ven();
        let classes = |mrid: &str| EiTarget {
            end_device_asset: vec![EndDeviceAsset { mrid: mrid.into() }],
            ..EiTarget::recipient()
        };
        let hour = (self.bench.now(), Duration::from_seconds(3600));
        let mut schedule = ven.opt("new", OptType::OptIn, hour);
        schedule.market_context = Some(Uri::from("http://market.example/"));
        schedule.ei_target = EiTarget::resources(["site"]);
        schedule.oadr_device_class = Some(classes("Thermostat"));
        let mut event = ven.opt_event("new", OptType::OptOut, ("event", 1));
        event.ei_target = EiTarget::resources(["site"]);
        [("oadrCreateOpt", schedule.into()), ("oadrCreateOpt+event", event.into())]
    }

    fn offer(&self) -> OadrReport {
        let mut offer = usage("usage", &["power"], self.bench.now());
        let point = &mut offer.oadr_report_description[0];
        point.report_subject = Some(EiTarget {
            end_device_asset: vec![EndDeviceAsset { mrid: "Thermostat".into() }],
            ..EiTarget::recipient()
        });
        point.market_context = Some(Uri::from("http://market.example/"));
        offer
    }

    fn data(&self) -> OadrReport {
        let mut value = row(0, 4).over(Duration::from_seconds(60));
        value.quality = Some(OadrDataQualityType::QualityGoodNonSpecific);
        value.accuracy = Some(Decimal::ONE);
        value.confidence = Some(90);
        let rows: [Row; 1] = [value];
        let mut data = common::data(&self.running, "usage", &rows, self.bench.now());
        data.ei_report_id = Some("any".into());
        data.duration = Some(Duration::from_seconds(60).into());
        data
    }

    pub fn labels(&self) -> Vec<&'static str> {
        self.messages().into_iter().map(|(label, _)| label).collect()
    }

    pub fn document(&self, label: &str) -> String {
        let found = self.messages().into_iter().find(|(one, _)| *one == label);
        openadr::encode(found.unwrap().1, None)
    }

    /// Posts a document where its payload belongs.
    pub async fn send(&self, label: &str, document: &str) -> Told {
        self.send_as(&self.certificate, label, document).await
    }

    /// The same under another certificate. A refusal by status has no body, and one by code is told
    /// in the payload that would normally answer.
    pub async fn send_as(
        &self,
        certificate: &Arc<PeerCertificate>,
        label: &str,
        document: &str,
    ) -> Told {
        let row = pairing(label);
        let path = format!("/OpenADR2/Simple/2.0b/{}", row.service.name());
        let ven = Ven { certificate: Arc::clone(certificate), ..self.ven() };
        let answer = ven.post(&path, document).await;
        if answer.status != 200 {
            assert!(answer.body.is_empty(), "{label}: {answer:?}");
            return Told { status: answer.status, code: 0, reply: None };
        }
        let reply = common::read(&answer);
        let code = reply.response().map_or(200, |_| common::code(&reply));
        let fitting = row.reply.filter(|name| *name != "*").unwrap_or("oadrResponse");
        assert!(code == 200 || reply.name() == fitting, "{label}: {reply:?}");
        Told { status: 200, code, reply: Some(reply) }
    }

    /// The status of a document that is posted at another service.
    pub async fn misplace(&self, service: Service, document: &str) -> u16 {
        let path = format!("/OpenADR2/Simple/2.0b/{}", service.name());
        self.ven().post(&path, document).await.status
    }

    /// An operator turns the VEN away.
    pub async fn bar(&self) {
        self.bench.vtn.bar_ven("A").await.unwrap();
    }

    pub fn dump(&self) -> Vec<(String, Vec<Pair>)> {
        dump(self.bench.vtn.store())
    }
}

/// All that is remembered, as stored.
pub fn dump(store: &Store) -> Vec<(String, Vec<Pair>)> {
    let view = store.snapshot().unwrap();
    let rows = |table: &str| view.range_bytes(table, &Span::all()).unwrap();
    let tables = view.tables().unwrap().into_iter().map(|table| (table.clone(), rows(&table)));
    tables.filter(|(_, rows)| !rows.is_empty()).collect()
}
