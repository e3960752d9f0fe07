//! EiReport of the simulated site's status: offered, asked for, delivered. OpenADR 2.0b
//! Profile, rules 334, 510; the table of well-known reports.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::make::{create, report};
use common::noon;
use common::reports::rows;
use common::vtn::Vtn;
use jiff::{SignedDuration, Timestamp};
use oadr_platform::prosumer::site::{self, Profile, Simulator};
use oadr_schemas::openadr::ei::{ReadingType, ReportName, ReportType};
use oadr_schemas::openadr::oadr::*;
use oadr_store::Memory;
use oadr_transport::{ManualClock, Random};
use oadr_ven::{Settings, Surroundings, Ven};
use rand::SeedableRng;

/// The simulated house behind a VEN that is registered.
struct House {
    clock: ManualClock,
    vtn: Arc<Vtn>,
    site: Arc<Simulator>,
    ven: Ven,
}

impl House {
    async fn registered() -> Self {
        let settings = site::Settings {
            resource: "house".into(),
            battery: None,
            flexible: None,
            tariff: None,
            trading: None,
        };
        let day = "timestamp_utc,wh\n2026-01-01T00:00:00Z,1200\n2026-01-01T01:00:00Z,1200\n";
        let profile = Profile::parse(day).unwrap();
        let site = Arc::new(Simulator::new(settings, profile, noon()).unwrap());
        let (clock, vtn) = (ManualClock::new(noon()), Arc::new(Vtn::default()));
        let surroundings = Surroundings {
            store: Memory::new().open(),
            prosumer: Arc::clone(&site) as _,
            link: Arc::clone(&vtn) as _,
            clock: Arc::new(clock.clone()),
            random: Random::seed_from_u64(1),
        };
        let mut ven = Ven::open(Settings::default(), surroundings).await.unwrap();
        ven.step().await.unwrap();
        Self { clock, vtn, site, ven }
    }

    /// A second a step.
    async fn pass(&mut self, seconds: i64) {
        for second in 1..=seconds {
            self.clock.set(self.at(1));
            self.ven.step().await.unwrap_or_else(|error| panic!("{error} at {second}"));
        }
    }

    fn at(&self, seconds: i64) -> Timestamp {
        use oadr_transport::Clock;
        self.clock.now().checked_add(SignedDuration::from_secs(seconds)).unwrap()
    }
}

#[tokio::test]
async fn rule_510_the_simulated_site_offers_and_reports_its_status() {
    let mut house = House::registered().await;
    let metadata: OadrRegisterReport = house.vtn.one();
    let offered = metadata.oadr_report.iter();
    let offered = offered.filter(|r| r.report_name == Some(ReportName::MetadataTelemetryStatus));
    let offered: Vec<_> = offered.flat_map(|report| &report.oadr_report_description).collect();
    assert_eq!(offered.len(), 1, "rule 510");
    assert_eq!(offered[0].rid, "house-status");
    assert_eq!(offered[0].report_data_source.as_ref().unwrap().resource_id, ["house"]);
    assert_eq!(offered[0].report_type, ReportType::XResourceStatus);
    assert_eq!(offered[0].reading_type, ReadingType::XNotApplicable);
    assert_eq!(offered[0].item_base, None, "rule 334");

    let from = Some(("2026-06-01T12:01:00Z", "PT0S"));
    let request = report("r1", ("TELEMETRY_STATUS", &["house-status"]), ("PT10S", "PT20S"), from);
    house.vtn.queue(create("q1", vec![request]));
    house.pass(75).await;
    house.site.set_override(true, house.at(0));
    house.pass(30).await;
    let updates = house.vtn.all::<OadrUpdateReport>();
    let reports: Vec<_> = updates.iter().flat_map(|update| &update.oadr_report).collect();
    assert_eq!(reports[0].report_name, Some(ReportName::TelemetryStatus), "rule 313");
    let found: Vec<_> = reports.into_iter().flat_map(rows).collect();
    // oadrOnline, oadrManualOverride.
    let row = |start: &str, status: &str| {
        (start.to_owned(), vec![("house-status".to_owned(), status.to_owned())])
    };
    let wanted = [
        row("12:01:00", "true false"),
        row("12:01:10", "true false"),
        row("12:01:20", "true true"),
        row("12:01:30", "true true"),
    ];
    assert_eq!(found, wanted, "rule 334: in every interval");
}
