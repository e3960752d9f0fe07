//! Stands between a VEN and its wire and writes down what was said and what was acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;
use oadr_platform::opt::Opt;
use oadr_schemas::exchange::Service;
use oadr_schemas::openadr::report::Value;
use oadr_schemas::openadr::{Message, oadr::OadrUpdateReport};
use oadr_schemas::{ei, openadr};
use oadr_transport::net::BoxFuture;
use oadr_ven::{Link, Silence, Wire};
use rust_decimal::Decimal;

/// What all VENs said and heard; survives every crash.
#[derive(Default)]
pub struct Journal(Mutex<Entries>);

#[derive(Default)]
pub struct Entries {
    /// One line a request, reply or fault, in order: the same for the same seed.
    pub lines: Vec<String>,
    /// (venID, eventID) → the last answer that was acknowledged.
    pub answers: BTreeMap<(String, String), (u32, Opt)>,
    /// Readings that were sent, acknowledged or not.
    pub sent: BTreeSet<Sampled>,
    /// (venID, reportRequestID) → readings that were acknowledged.
    pub taken: BTreeMap<(String, String), BTreeSet<Sampled>>,
    /// (venID, tenderID) of tenders that were acknowledged.
    pub tenders: BTreeSet<(String, String)>,
    /// Requests that got no usable reply.
    pub unanswered: u32,
    pub requests: u32,
}

/// (venID, reportSpecifierID, rID, start, value; none for a status)
pub type Sampled = (String, String, String, Timestamp, Option<Decimal>);

impl Journal {
    pub fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap()
    }

    pub fn line(&self, words: impl AsRef<str>) {
        let at = turmoil::sim_elapsed().unwrap_or_default();
        self.entries().lines.push(format!("{:>9.3} {}", at.as_secs_f64(), words.as_ref()));
    }
}

/// A [`Wire`] under observation.
pub struct Witness {
    pub ven: String,
    pub wire: Wire,
    pub journal: Arc<Journal>,
}

impl Witness {
    fn asked(&self, name: &str, request_id: Option<&str>) {
        self.journal.entries().requests += 1;
        self.journal.line(format!("{} > {name} {}", self.ven, request_id.unwrap_or("")));
    }

    fn heard(&self, name: &str, heard: Result<(&str, &str), &Silence>) {
        match heard {
            Ok((reply, code)) => {
                self.journal.line(format!("{} < {reply} {code} to {name}", self.ven));
            }
            Err(silence) => {
                self.journal.entries().unanswered += 1;
                self.journal.line(format!("{} < nothing to {name}: {silence}", self.ven));
            }
        }
    }

    /// Before it is sent: the VTN may keep it even if the VEN never hears so.
    fn sends(&self, message: &Message) {
        if let Message::OadrUpdateReport(update) = message {
            let rows = self.rows(update).into_iter().map(|(_, row)| row);
            self.journal.entries().sent.extend(rows);
        }
    }

    fn acknowledged(&self, message: &Message) {
        let mut entries = self.journal.entries();
        match message {
            Message::OadrCreatedEvent(created) => {
                for answer in created.answers() {
                    let id = &answer.qualified_event_id;
                    let said = (id.modification_number, Opt::from(&answer.opt_type));
                    entries.answers.insert((self.ven.clone(), id.event_id.clone()), said);
                }
            }
            Message::OadrUpdateReport(update) => {
                for (request, row) in self.rows(update) {
                    entries.taken.entry((self.ven.clone(), request)).or_default().insert(row);
                }
            }
            _ => {}
        }
    }

    fn rows(&self, update: &OadrUpdateReport) -> Vec<(String, Sampled)> {
        let mut found = Vec::new();
        for report in &update.oadr_report {
            for row in report.rows().unwrap() {
                let value = match row.value {
                    Value::Number(number) => Some(number.normalize()),
                    Value::Status(_) => None,
                    Value::NoNumber(text) => panic!("a reading is {text}"),
                };
                let specifier = report.report_specifier_id.clone();
                let row = (self.ven.clone(), specifier, row.rid, row.start, value);
                found.push((report.report_request_id.clone(), row));
            }
        }
        found
    }
}

impl Link for Witness {
    fn openadr(
        &self,
        service: Service,
        message: Message,
    ) -> BoxFuture<'_, Result<Option<Message>, Silence>> {
        Box::pin(async move {
            self.asked(message.name(), message.request_id());
            self.sends(&message);
            let reply = self.wire.openadr(service, message.clone()).await;
            let code = |reply: &openadr::Message| {
                reply.response().map_or("", |r| r.response_code.value()).to_owned()
            };
            let heard = reply.as_ref().map(|reply| match reply {
                Some(reply) => (reply.name(), code(reply)),
                None => ("(empty)", String::new()),
            });
            self.heard(
                message.name(),
                heard.as_ref().map(|(name, code)| (*name, code.as_str())).map_err(|e| *e),
            );
            if heard.is_ok_and(|(_, code)| code.starts_with('2')) {
                self.acknowledged(&message);
            }
            reply
        })
    }

    fn ei(
        &self,
        service: Service,
        message: ei::Message,
    ) -> BoxFuture<'_, Result<Option<ei::Message>, Silence>> {
        Box::pin(async move {
            let created = match &message {
                ei::Message::EiCreateTender(create) => {
                    create.ei_tender.iter().map(|tender| tender.tender_id.clone()).collect()
                }
                _ => Vec::new(),
            };
            let name = message.name();
            self.asked(name, message.request_id());
            let reply = self.wire.ei(service, message).await;
            let said = |reply: &ei::Message| {
                reply.response().is_some_and(|r| r.response_code.value().starts_with('2'))
            };
            let is_ok = matches!(&reply, Ok(Some(reply)) if said(reply));
            let code = if is_ok { "2xx" } else { "no" };
            self.heard(name, reply.as_ref().map(|_| ("reply", code)));
            if is_ok {
                let created = created.into_iter().map(|id| (self.ven.clone(), id));
                self.journal.entries().tenders.extend(created);
            }
            reply
        })
    }
}
