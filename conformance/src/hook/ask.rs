//! The questions of docs/hooks.md, as calls.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::words::{
    Event, Hello, ReportWanted, Site, StoredOpt, StoredReading, StoredSchedule, VenSettings,
};
use super::{Hook, Told};
use crate::verdict::Stop;

/// A way to put questions: a hook, whatever it is.
#[derive(Clone)]
pub struct Ask(std::sync::Arc<dyn Hook>);

#[derive(Deserialize)]
struct Nothing {}

impl Ask {
    /// Through this hook.
    pub fn new(hook: std::sync::Arc<dyn Hook>) -> Self {
        Self(hook)
    }

    /// Any question.
    pub async fn put(&self, question: Value) -> Told {
        self.0.ask(question).await
    }

    async fn done(&self, question: Value) -> Result<(), Stop> {
        self.put(question).await.get::<Nothing>().map(|_| ())
    }

    async fn field<T: serde::de::DeserializeOwned>(
        &self,
        question: Value,
        name: &str,
    ) -> Result<T, Stop> {
        let mut answer: Value = self.put(question).await.get()?;
        serde_json::from_value(answer[name].take())
            .map_err(|error| Stop::Inconclusive(format!("the hook's answer, {name:?}: {error}")))
    }

    /// `hello`.
    ///
    /// # Errors
    /// As [`Told::get`]; so do all below.
    pub async fn hello(&self, role: &str) -> Result<Hello, Stop> {
        self.put(json!({ "do": "hello", "role": role, "kit": VERSION })).await.get()
    }

    /// `clock`: the time it then is.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn clock(&self, advance_ms: u64) -> Result<Timestamp, Stop> {
        self.field(json!({ "do": "clock", "advance_ms": advance_ms }), "now").await
    }

    /// `create_event`: the eventID, or the operator side's refusal.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn create_event(&self, event: &Event) -> Result<Result<String, String>, Stop> {
        let told = self.put(json!({ "do": "create_event", "event": event })).await;
        match told.refusable::<Value>()? {
            Ok(ok) => named(&ok, "event_id").map(Ok),
            Err(why) => Ok(Err(why)),
        }
    }

    /// `modify_event`; a refusal is given back.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn modify_event(
        &self,
        event_id: &str,
        event: &Event,
    ) -> Result<Result<(), String>, Stop> {
        let question = json!({ "do": "modify_event", "event_id": event_id, "event": event });
        Ok(self.put(question).await.refusable::<Value>()?.map(|_| ()))
    }

    /// `cancel_event`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn cancel_event(&self, event_id: &str) -> Result<(), Stop> {
        self.done(json!({ "do": "cancel_event", "event_id": event_id })).await
    }

    /// `opts`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn opts(&self, ven_id: &str, event_id: &str) -> Result<Vec<StoredOpt>, Stop> {
        self.field(json!({ "do": "opts", "ven_id": ven_id, "event_id": event_id }), "opts").await
    }

    /// `schedules`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn schedules(&self, ven_id: &str) -> Result<Vec<StoredSchedule>, Stop> {
        self.field(json!({ "do": "schedules", "ven_id": ven_id }), "schedules").await
    }

    /// `readings`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn readings(&self, ven_id: &str) -> Result<Vec<StoredReading>, Stop> {
        self.field(json!({ "do": "readings", "ven_id": ven_id }), "readings").await
    }

    /// `reregister`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn reregister(&self, ven_id: &str) -> Result<(), Stop> {
        self.done(json!({ "do": "reregister", "ven_id": ven_id })).await
    }

    /// `cancel_registration`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn cancel_registration(&self, ven_id: &str) -> Result<(), Stop> {
        self.done(json!({ "do": "cancel_registration", "ven_id": ven_id })).await
    }

    /// `start`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn start(
        &self,
        (url, model): (&str, &str),
        fresh: bool,
        ven_id: Option<&str>,
        settings: &VenSettings,
    ) -> Result<(), Stop> {
        let question = json!({
            "do": "start", "url": url, "model": model, "fresh": fresh, "ven_id": ven_id,
            "settings": settings,
        });
        self.done(question).await
    }

    /// `stop`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn stop(&self) -> Result<(), Stop> {
        self.done(json!({ "do": "stop" })).await
    }

    /// `site`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn site(&self) -> Result<Site, Stop> {
        self.put(json!({ "do": "site" })).await.get()
    }

    /// `opt_event`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn opt_event(&self, event: &str, opt: &str, resources: &[&str]) -> Result<(), Stop> {
        let question =
            json!({ "do": "opt_event", "event_id": event, "opt": opt, "resources": resources });
        self.done(question).await
    }

    /// `opt_schedule`: the optID.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn opt_schedule(
        &self,
        opt: &str,
        from: Timestamp,
        duration_s: u32,
    ) -> Result<String, Stop> {
        let question = json!({
            "do": "opt_schedule", "opt": opt, "from": from, "duration_s": duration_s,
            "resources": [],
        });
        self.field(question, "opt_id").await
    }

    /// `request_report`: the reportRequestID, or the operator side's refusal.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn request_report(
        &self,
        ven_id: &str,
        wanted: &ReportWanted,
    ) -> Result<Result<String, String>, Stop> {
        let question = json!({
            "do": "request_report", "ven_id": ven_id, "specifier": wanted.specifier,
            "rids": wanted.rids, "granularity_s": wanted.granularity_s, "back_s": wanted.back_s,
            "from": wanted.from, "duration_s": wanted.duration_s,
        });
        match self.put(question).await.refusable::<Value>()? {
            Ok(ok) => named(&ok, "report_request_id").map(Ok),
            Err(why) => Ok(Err(why)),
        }
    }

    /// `cancel_report`; `embedded`: inside the next oadrUpdatedReport.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn cancel_report(
        &self,
        (ven_id, report_request_id): (&str, &str),
        to_follow: bool,
        embedded: bool,
    ) -> Result<(), Stop> {
        let question = json!({
            "do": "cancel_report", "ven_id": ven_id, "report_request_id": report_request_id,
            "to_follow": to_follow, "embedded": embedded,
        });
        self.done(question).await
    }

    /// `source`: `live`, `still` or `unplugged`.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub async fn source(&self, state: &str) -> Result<(), Stop> {
        self.done(json!({ "do": "source", "state": state })).await
    }
}

/// The id in an answer: with an empty one the scenario would look for what is not there.
fn named(ok: &Value, field: &str) -> Result<String, Stop> {
    let id = ok[field].as_str().filter(|id| !id.is_empty());
    id.map(str::to_owned)
        .ok_or_else(|| Stop::Inconclusive(format!("the hook's answer has no {field}: {ok}")))
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_its_id_is_no_answer() {
        assert_eq!(named(&json!({ "event_id": "e" }), "event_id").unwrap(), "e");
        for ok in [json!({}), json!({ "event_id": "" }), json!({ "event_id": 7 })] {
            let stop = named(&ok, "event_id").unwrap_err();
            assert!(stop.to_string().contains("has no event_id"), "{stop}");
        }
    }
}
