//! The operator: a script of acts, played inside the VTN's host. How far it has come is
//! remembered outside; an act that a crash cuts off is done again, as a person would.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use oadr_transport::Random;
use oadr_vtn::control::ReportWanted;
use oadr_vtn::record::{EventDraft, IntervalDraft, RequestState, SignalDraft, Targets};
use oadr_vtn::{Error, Vtn};
use rand::Rng;

use crate::edges::SimClock;
use crate::witness::Journal;
use crate::world::{FAULTS_END, VENS};

/// What the operator does, and when in simulated time.
#[derive(Debug)]
pub struct Script {
    acts: Vec<(Duration, Act)>,
    done: AtomicUsize,
}

#[derive(Clone, Debug)]
enum Act {
    Create(EventDraft),
    Modify(EventDraft),
    Cancel(String),
    Ask(&'static str, ReportWanted),
    CallOff(&'static str, bool),
    Renew(&'static str),
}

impl Script {
    pub fn new(random: &mut Random) -> Self {
        let mut acts = Vec::new();
        for number in 0..EVENTS {
            let id = format!("event-{number}");
            let mut at = moment(random, Duration::ZERO);
            let mut draft = draft(&id, random);
            acts.push((at, Act::Create(draft.clone())));
            while random.random_ratio(1, 2) {
                at = moment(random, at);
                draft.signals = vec![simple(random)];
                if moves() && random.random_ratio(1, 2) {
                    draft.targets = targets(random);
                }
                acts.push((at, Act::Modify(draft.clone())));
            }
            if random.random_ratio(1, 2) {
                acts.push((moment(random, at), Act::Cancel(id)));
            }
        }
        for ven in VENS {
            let at = moment(random, FAULTS_END / 4);
            acts.push((at, Act::Ask(ven, report(random))));
            if random.random_ratio(1, 2) {
                let off = moment(random, at);
                acts.push((off, Act::CallOff(ven, random.random_ratio(1, 2))));
            }
            if random.random_ratio(1, 3) {
                acts.push((moment(random, FAULTS_END / 3), Act::Renew(ven)));
            }
        }
        acts.sort_by_key(|(at, _)| *at);
        Self { acts, done: AtomicUsize::new(0) }
    }

    /// Whether all of it was played.
    pub fn is_over(&self) -> bool {
        self.done.load(Ordering::Relaxed) == self.acts.len()
    }

    /// Plays on from where the last process came.
    pub async fn play(&self, vtn: &Vtn, journal: &Journal) {
        while let Some((at, act)) = self.acts.get(self.done.load(Ordering::Relaxed)) {
            let now = turmoil::sim_elapsed().unwrap_or_default();
            tokio::time::sleep(at.saturating_sub(now)).await;
            let words = act.name();
            journal.line(format!("operator: {words}"));
            match act.play(vtn).await {
                Ok(()) => journal.line(format!("operator: {words} done")),
                Err(error) => journal.line(format!("operator: {words}: {error}")),
            }
            self.done.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Act {
    fn name(&self) -> String {
        match self {
            Self::Create(draft) => format!("create {}", draft.id.as_deref().unwrap_or("")),
            Self::Modify(draft) => format!("modify {}", draft.id.as_deref().unwrap_or("")),
            Self::Cancel(id) => format!("cancel {id}"),
            Self::Ask(ven, wanted) => format!("ask {ven} for {}", wanted.specifier),
            Self::CallOff(ven, _) => format!("call off a report of {ven}"),
            Self::Renew(ven) => format!("have {ven} register again"),
        }
    }

    async fn play(&self, vtn: &Vtn) -> Result<(), Error> {
        match self {
            Self::Create(draft) => match vtn.create_event(draft.clone()).await {
                // It was made before the crash.
                Err(Error::Clash(_)) => Ok(()),
                made => made.map(|_| ()),
            },
            Self::Modify(draft) => {
                let id = draft.id.clone().unwrap_or_default();
                vtn.modify_event(&id, draft.clone(), None).await.map(|_| ())
            }
            Self::Cancel(id) => vtn.cancel_event(id, None).await.map(|_| ()),
            Self::Ask(ven, wanted) => vtn.request_report(ven, wanted.clone()).await.map(|_| ()),
            Self::CallOff(ven, to_follow) => {
                let requests = vtn.report_requests(ven)?;
                let running = requests.iter().find(|r| r.state == RequestState::Running);
                match running {
                    Some(request) => {
                        vtn.cancel_report(ven, &request.id, *to_follow).await.map(|_| ())
                    }
                    None => Ok(()),
                }
            }
            Self::Renew(ven) => vtn.request_reregistration(ven).await,
        }
    }
}

/// Some time after `earlier` and before the faults end.
fn moment(random: &mut Random, earlier: Duration) -> Duration {
    let from = (earlier + Duration::from_millis(200)).min(FAULTS_END).as_millis();
    let ms = random.random_range(from..=FAULTS_END.as_millis());
    Duration::from_millis(u64::try_from(ms).unwrap())
}

/// It lasts longer than any simulation: agreement about what is over is not at stake here.
fn draft(id: &str, random: &mut Random) -> EventDraft {
    EventDraft {
        id: Some(id.to_owned()),
        market_context: "http://market.example/".to_owned(),
        start: SimClock::at(FAULTS_END) + SignedDuration::from_secs(random.random_range(1..60)),
        duration: SignedDuration::from_hours(4),
        start_after: None,
        notification: SignedDuration::ZERO,
        ramp_up: None,
        recovery: None,
        priority: random.random_range(0..4),
        response_required: random.random_ratio(3, 4),
        signals: vec![simple(random)],
        baseline: None,
        targets: targets(random),
        test: false,
        comment: None,
    }
}

fn simple(random: &mut Random) -> SignalDraft {
    let duration = SignedDuration::from_hours(2);
    let mut interval = || IntervalDraft { duration, value: random.random_range(0..=3).into() };
    SignalDraft {
        id: None,
        name: "SIMPLE".to_owned(),
        kind: "level".to_owned(),
        unit: None,
        intervals: vec![interval(), interval()],
        device_classes: Vec::new(),
    }
}

fn targets(random: &mut Random) -> Targets {
    match random.random_range(0..4) {
        0 => Targets { all: true, ..Targets::default() },
        1 => Targets { groups: vec!["everybody".to_owned()], ..Targets::default() },
        left_out => {
            let vens = VENS.iter().enumerate().filter(|(place, _)| *place != left_out - 1);
            let vens = vens.map(|(_, ven)| (*ven).to_owned()).collect();
            Targets { vens, ..Targets::default() }
        }
    }
}

fn report(random: &mut Random) -> ReportWanted {
    let (specifier, every) = match random.random_range(0..4) {
        0 => ("TELEMETRY_STATUS", 8),
        1 => ("TELEMETRY_USAGE", 12),
        2 => ("TELEMETRY_USAGE", 0),
        _ => ("METADATA", 0),
    };
    ReportWanted {
        specifier: specifier.to_owned(),
        rids: Vec::new(),
        granularity: SignedDuration::from_secs(if every == 0 { 0 } else { 3 }),
        every: SignedDuration::from_secs(every),
        start: None,
        duration: SignedDuration::ZERO,
    }
}

const EVENTS: usize = 3;

/// Whether events are moved from some VENs to others. Off unless `SIM_MOVES` is set: the VTN
/// tells a VEN once at most that an event is for it no more, and a message lost, or an answer
/// that crosses it, leaves the VEN with the event. Known, and not yet mended.
fn moves() -> bool {
    std::env::var_os("SIM_MOVES").is_some()
}
