//! `ven run --console`: the site's side of a VEN, steered by whoever started the program. One
//! question a line on stdin, one answer a line on stdout, as an operator hook of the conformance
//! kit has them (docs/hooks.md). An answer comes when the VEN has done what follows from it.

mod question;
mod steer;

use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use oadr_platform::market::{Product, Side, Tender};
use oadr_platform::opt::{Opt, OptReason, OptSchedule};
use oadr_platform::{Interval, ResourceId};
use oadr_transport::{Clock, ManualClock, Random};
use rand::{Rng, SeedableRng};
use serde_json::json;
use tokio::sync::mpsc;

use super::house::House;
use crate::Handle;
use question::{Answer, Away, Offer, Question, Site};

/// Who answers.
pub struct Console {
    parts: Parts,
    random: Random,
}

/// What is asked about.
pub struct Parts {
    /// The VEN.
    pub handle: Handle,
    /// Its site, if it has one.
    pub house: Option<Arc<House>>,
    /// Its time.
    pub clock: Arc<dyn Clock>,
    /// The same, if it may be moved.
    pub steered: Option<ManualClock>,
}

impl Console {
    /// For a VEN that is about to run.
    pub fn new(parts: Parts) -> Self {
        Self { parts, random: Random::from_os_rng() }
    }

    /// Answers until stdin ends.
    pub async fn run(mut self) {
        let mut lines = lines();
        while let Some(line) = lines.recv().await {
            let answer = match serde_json::from_str(&line) {
                Ok(question) => self.answer(question).await.unwrap_or_else(|no| no),
                Err(error) => Answer::Failed(format!("not a question: {error}")),
            };
            super::say(json!(answer));
        }
    }

    /// As a yes or a no.
    async fn answer(&mut self, question: Question) -> Result<Answer, Answer> {
        match question {
            Question::Clock { advance_ms } => self.pass(Duration::from_millis(advance_ms)).await,
            Question::Site => Ok(self.site().await),
            Question::OptEvent { event_id, opt, resources } => {
                let resources = self.named(resources)?;
                let opt = Opt::from(opt);
                let done =
                    self.parts.handle.opt_event(&event_id, opt, reason(opt), resources).await;
                self.settle(done.map(|_| json!({}))?).await
            }
            Question::OptSchedule(away) => self.away(away).await,
            Question::CancelOpt { opt_id } => {
                self.parts.handle.cancel_opt(&opt_id).await?;
                self.parts.house.iter().for_each(|house| house.remove_schedule(&opt_id));
                self.settle(json!({})).await
            }
            Question::Source { state } => {
                self.house()?.set_meter(state, self.parts.clock.now());
                self.settle(json!({})).await
            }
            Question::Tender(offer) => self.tender(offer).await,
            Question::Unknown => Err(Answer::Cannot("the console has no such question".into())),
        }
    }

    async fn pass(&self, span: Duration) -> Result<Answer, Answer> {
        let Some(clock) = &self.parts.steered else {
            return Err(Answer::Cannot("this VEN goes by the system's clock".into()));
        };
        let until = clock.now().saturating_add(span).unwrap_or(Timestamp::MAX);
        let settled = steer::pass(clock, &self.parts.handle.bell, until).await;
        Ok(told(json!({ "now": until }), settled))
    }

    async fn site(&self) -> Answer {
        let settled = steer::settled(&self.parts.handle.bell, &*self.parts.clock).await;
        let status = self.parts.handle.status().borrow().clone();
        told(json!(Site::at(status, self.parts.clock.now())), settled)
    }

    async fn away(&mut self, away: Away) -> Result<Answer, Answer> {
        let Away { opt, from, duration_s, resources } = away;
        let opt = Opt::from(opt);
        let schedule = OptSchedule {
            id: self.fresh_id().into(),
            opt,
            reason: reason(opt),
            market_context: None,
            resources: self.named(resources)?,
            intervals: vec![Interval::new(from, Duration::from_secs(duration_s))],
        };
        self.parts.house.iter().for_each(|house| house.add_schedule(&schedule));
        let id = self.parts.handle.opt_schedule(schedule).await?;
        self.settle(json!({ "opt_id": id })).await
    }

    async fn tender(&mut self, offer: Offer) -> Result<Answer, Answer> {
        let id = self.fresh_id();
        let product = Product {
            market_context: MARKET.into(),
            class: "energy".into(),
            currency: "EUR".into(),
            interval: Interval::new(offer.from, Duration::from_secs(offer.duration_s)),
        };
        self.house()?.add_tender(Tender {
            id: id.as_str().into(),
            // To the VTN the VEN's id is its venID.
            party: "site".into(),
            counter_party: None,
            side: Side::from(offer.side),
            product,
            quantity_wh: offer.wh,
            price_per_kwh: offer.price,
            integral_only: false,
            expires_at: offer.from,
        });
        self.parts.handle.nudge();
        self.settle(json!({ "tender_id": id })).await
    }

    /// The answer, once the VEN has done what it came to.
    async fn settle(&self, answer: serde_json::Value) -> Result<Answer, Answer> {
        let settled = steer::settled(&self.parts.handle.bell, &*self.parts.clock).await;
        Ok(told(answer, settled))
    }

    fn house(&self) -> Result<&House, Answer> {
        self.parts.house.as_deref().ok_or_else(|| Answer::Cannot("this VEN has no site".into()))
    }

    /// The resources named, if the site has them.
    fn named(&self, named: Option<Vec<ResourceId>>) -> Result<Vec<ResourceId>, Answer> {
        let named = named.unwrap_or_default();
        let has = |id: &&ResourceId| self.parts.house.as_ref().is_some_and(|house| house.has(id));
        match named.iter().find(|id| !has(id)) {
            Some(strange) => Err(Answer::Refused(format!("the site has no resource {strange}"))),
            None => Ok(named),
        }
    }

    fn fresh_id(&mut self) -> String {
        format!("{:032x}", self.random.random::<u128>())
    }
}

/// A yes; it says so if the VEN was still busy when there was no more waiting.
fn told(mut answer: serde_json::Value, settled: bool) -> Answer {
    if !settled {
        answer["busy"] = true.into();
    }
    Answer::Ok(answer)
}

fn reason(opt: Opt) -> OptReason {
    match opt {
        Opt::In => OptReason::Participating,
        Opt::Out => OptReason::NotParticipating,
    }
}

/// The lines of stdin, until its end. A thread of its own, which the program's end does not wait
/// for: reading stdin cannot be broken off.
fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let read = std::io::stdin().lock().lines().map_while(Result::ok);
        // An error means that nobody listens any more.
        let _ = read.map(|line| sender.send(line)).find(Result::is_err);
    });
    receiver
}

/// In which market a tender by hand is.
const MARKET: &str = "urn:programme:1";
