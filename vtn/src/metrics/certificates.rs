//! When certificates end.

use std::collections::HashSet;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use crate::vtn::Vtn;

/// The gauges, with who has to keep them.
#[derive(Clone, Debug, Default)]
pub(super) struct Certificates {
    ends: Family<One, Gauge>,
    vens: Family<State, Gauge>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct One {
    holder: &'static str,
    fingerprint: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct State {
    state: &'static str,
}

/// Keeps the gauges: there is one keeper.
pub(crate) struct CertificateGauges {
    gauges: Certificates,
    known: HashSet<One>,
}

impl Certificates {
    pub(super) fn register(&self, registry: &mut Registry) {
        let help = "When a certificate of the VTN, an authority or an operator ends, Unix time";
        registry.register_with_unit("certificate_expiry", help, Unit::Seconds, self.ends.clone());
        let help = "VENs' certificates that end within 30 days, or have ended";
        registry.register("ven_certificates", help, self.vens.clone());
    }
}

impl Vtn {
    pub(crate) fn certificate_gauges(&self) -> CertificateGauges {
        let gauges = self.0.metrics.certificates.clone();
        CertificateGauges { gauges, known: HashSet::new() }
    }
}

impl CertificateGauges {
    /// These certificates, by holder and fingerprint, with their ends in seconds of Unix time, and
    /// no others; and so many of VENs by their state.
    pub(crate) fn set(
        &mut self,
        ends: impl Iterator<Item = ((&'static str, String), i64)>,
        vens: [(&'static str, i64); 2],
    ) {
        let mut known = HashSet::new();
        for ((holder, fingerprint), end) in ends {
            let one = One { holder, fingerprint };
            self.gauges.ends.get_or_create(&one).set(end);
            known.insert(one);
        }
        for gone in self.known.difference(&known) {
            self.gauges.ends.remove(gone);
        }
        self.known = known;
        for (state, count) in vens {
            self.gauges.vens.get_or_create(&State { state }).set(count);
        }
    }
}
