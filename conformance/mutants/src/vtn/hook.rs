//! The operator of the VTN in miniature: docs/hooks.md, in process.

use std::time::Duration;

use oadr_conformance::hook::{Hook, Told};
use oadr_transport::net::BoxFuture;
use serde_json::{Value, json};

use super::{Model, State, VTN_ID, event, opt, push, register_party, report, report_own};

/// Its operator.
pub struct Operator {
    model: Model,
    url: String,
}

impl Operator {
    /// Of this model, which listens there.
    pub fn new(model: Model, url: String) -> Self {
        Self { model, url }
    }

    fn answer(&self, question: &Value) -> Told {
        let mut state = self.model.state();
        let ven_id = question["ven_id"].as_str().unwrap_or_default();
        match question["do"].as_str().unwrap_or_default() {
            "hello" => Told::Ok(json!({
                "subject": "VTN in miniature", "clock": "steered", "now": state.now,
                "url": self.url, "vtn_id": VTN_ID, "features": features(&state),
                "replay_window_s": crate::signing::WINDOW_S,
                "xmpp": { "server": self.model.0.hall.address.get(), "jid": super::xmpp::JID },
            })),
            "clock" => {
                let span = Duration::from_millis(question["advance_ms"].as_u64().unwrap_or(0));
                state.now = state.now.saturating_add(span).unwrap_or(state.now);
                event::remind(&mut state);
                report::step(&mut state);
                report_own::step(&mut state);
                Told::Ok(json!({ "now": state.now }))
            }
            "admit" => {
                let print = question["thumbprint"].as_str().unwrap_or_default().to_owned();
                if question["signatures"] == true {
                    state.signatures.signing.insert(print.clone());
                }
                let party = state.parties.by_print.entry(print).or_default();
                party.preset = question["ven_id"].as_str().map(str::to_owned);
                Told::done()
            }
            "meter" => {
                super::transactive::meter(&mut state, question);
                Told::done()
            }
            "create_event" => event::operator::create(&mut state, question),
            "modify_event" => event::operator::modify(&mut state, question),
            "cancel_event" => event::operator::cancel(&mut state, question),
            "reregister" => register_party::ask_again(&mut state, ven_id),
            "cancel_registration" => register_party::dismiss(&mut state, ven_id),
            "schedules" => Told::Ok(opt::schedules(&state, question)),
            "opts" => Told::Ok(opt::opts(&state, question)),
            "request_report" => report::request(&mut state, question),
            "cancel_report" => report::end(&mut state, question),
            "readings" => Told::Ok(report::readings(&state, question)),
            other => Told::Cannot(format!("no {other}")),
        }
    }
}

impl Hook for Operator {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        Box::pin(async move {
            let told = self.answer(&question);
            super::xmpp::deliver(&self.model);
            push::deliver(&self.model).await;
            told
        })
    }
}

fn features(state: &State) -> Vec<&'static str> {
    let reports = if state.reports.own.without_data { "no-reports" } else { "vtn-reports" };
    [&FEATURES[..], &[reports]].concat()
}

const FEATURES: [&str; 6] =
    ["push", "xmpp", "profile-a", "signatures", "opt-schedules", "transactive"];
