//! What a Prometheus server is told: counters kept as messages are answered, gauges sampled
//! beside them.
//!
//! Labels are of closed sets (services, payloads, statuses, response codes) and never a venID: the
//! number of series does not grow with VENs. A scrape reads neither store nor files.

mod certificates;
mod sample;

use std::time::Duration;

use oadr_schemas::exchange::Service;
use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::vtn::Vtn;
use certificates::Certificates;

pub(crate) use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;
pub(crate) use sample::Sampler;

/// Everything that is measured.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    messages: Family<Message, Counter>,
    answers: Family<Place, Histogram>,
    online: Gauge<u64, std::sync::atomic::AtomicU64>,
    gauges: Sampled,
    certificates: Certificates,
}

/// What the store tells now and then.
#[derive(Clone, Debug, Default)]
struct Sampled {
    registered: Gauge,
    outbox: Family<Queue, Gauge>,
}

/// A message and how it was answered.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Message {
    service: &'static str,
    /// The root's name; empty if it could not be read.
    payload: &'static str,
    /// Of HTTP.
    status: u16,
    /// The response code, in an answer that carries one.
    code: Option<u16>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Place {
    service: &'static str,
}

/// What waits for VENs.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Queue {
    what: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

impl Metrics {
    /// Registers everything, and has `store` tell its syncs.
    pub(crate) fn new(store: &oadr_store::Store) -> Self {
        let mut registry = Registry::with_prefix("vtn");
        let metrics = Self {
            messages: Family::default(),
            answers: Family::new_with_constructor(|| Histogram::new(ANSWERS)),
            online: Gauge::default(),
            gauges: Sampled::default(),
            certificates: Certificates::default(),
            registry: Registry::default(),
        };
        registry.register("build", "What runs", Info::new(Build { version: VERSION }));
        let help = "Messages by service, payload, HTTP status and response code";
        registry.register("messages", help, metrics.messages.clone());
        let help = "From a message's receipt to its answer";
        registry.register_with_unit("answer", help, Unit::Seconds, metrics.answers.clone());
        let help = "VENs heard within three poll intervals";
        registry.register("online_vens", help, metrics.online.clone());
        metrics.gauges.register(&mut registry);
        metrics.certificates.register(&mut registry);
        let syncs = Histogram::new(SYNCS);
        let help = "Writing and syncing a group of commits";
        registry.register_with_unit("store_sync", help, Unit::Seconds, syncs.clone());
        store.observe_syncs(move |took| syncs.observe(took.as_secs_f64()));
        Self { registry, ..metrics }
    }

    /// A message was answered: by this service of its path, with this status and response code.
    pub(crate) fn answered(
        &self,
        (service, payload): (Option<&str>, &'static str),
        (status, code): (u16, &str),
        took: Duration,
    ) {
        // What a peer may have made up is no label.
        let service = service.and_then(Service::named).map_or("unknown", Service::name);
        let code = code.parse().ok().filter(|_| status == 200);
        self.messages.get_or_create(&Message { service, payload, status, code }).inc();
        self.answers.get_or_create(&Place { service }).observe(took.as_secs_f64());
    }
}

impl Sampled {
    fn register(&self, registry: &mut Registry) {
        registry.register("registered_vens", "VENs that are registered", self.registered.clone());
        let help = "Payloads that wait for a poll (waiting) or for the VEN's answer (unanswered), \
            VENs whose events are to be offered (events)";
        registry.register("outbox_depth", help, self.outbox.clone());
    }

    fn outbox(&self, what: &'static str) -> Gauge {
        self.outbox.get_or_create_owned(&Queue { what })
    }
}

impl Vtn {
    /// What is measured, in Prometheus' text format 0.0.4.
    #[must_use]
    pub fn metrics(&self) -> String {
        let metrics = &self.0.metrics;
        metrics.online.set(self.0.watch.online(self.0.clock.now()));
        let mut text = String::new();
        // Writing to a String fails only if a metric does, and ours do not.
        let _ = prometheus_text::encode(&mut text, &metrics.registry);
        text
    }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Upper bounds in seconds: an answer that waits for the disk takes some milliseconds.
const ANSWERS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
const SYNCS: [f64; 11] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
