//! The course of a run: the scenarios one after the other, each in a task of its own and within its
//! time, until all are played or the run is cut short.

use std::time::Duration;

use jiff::Timestamp;
use oadr_transport::{Clock as _, SystemClock};

use crate::base::SCHEMA;
use crate::run::{Order, Outcome, Run};
use crate::scenario::{Role, Scenario};
use crate::stage::{Setting, Stage};
use crate::verdict::{Check, Ended, Stop, Verdict};
use crate::watch::{self, Cut, Going, Watch};

/// What all scenarios of a run are played with.
pub(crate) struct Course<'a> {
    pub(crate) order: &'a Order,
    pub(crate) setting: &'a Setting,
    pub(crate) watch: &'a mut dyn Watch,
    pub(crate) cut: Cut,
}

impl Course<'_> {
    /// Plays all that were chosen, or as many as there is time for.
    pub(crate) async fn run<A, F>(&mut self, run: &mut Run, act: impl Fn(&'static Scenario) -> A)
    where
        A: FnOnce(Stage) -> F,
        F: Future<Output = (Stage, Ended)> + Send + 'static,
    {
        let scenarios = chosen(run.role, self.order);
        run.chosen = scenarios.len();
        for (at, &scenario) in scenarios.iter().enumerate() {
            let going =
                Going { scenario, at: at + 1, of: scenarios.len(), seconds: 0, exchanges: 0 };
            let outcome = self.play(going, act(scenario)).await;
            self.watch.ended(&outcome, going.at, going.of);
            run.outcomes.push(outcome);
            if self.cut.has_come() {
                run.cut_short = true;
                break;
            }
        }
        run.documents = self.setting.sightings.texts();
    }

    /// Plays one scenario in a task of its own, so that a panic costs only that.
    async fn play<F>(&mut self, going: Going, act: impl FnOnce(Stage) -> F) -> Outcome
    where
        F: Future<Output = (Stage, Ended)> + Send + 'static,
    {
        let (scenario, setting) = (going.scenario, self.setting);
        let began = SystemClock.now();
        let stage = Stage::new(scenario.name, setting.clone());
        // Its own are gone with a scenario that does not come to its end, its messages are not.
        let log = stage.log.clone();
        let gone = |why| {
            let mut stage = Stage::new(scenario.name, setting.clone());
            stage.log = log.clone();
            (stage, Err(Stop::Inconclusive(why)))
        };
        let unclaimed = scenario.feature.filter(|feature| !stage.claims(feature));
        let (stage, ended) = match unclaimed {
            Some(feature) => {
                (stage, Err(Stop::Skip(format!("the subject does not claim {feature:?}"))))
            }
            None => {
                let task = tokio::spawn(act(stage));
                let watch: &mut dyn Watch = &mut *self.watch;
                match watch::over(task, (going, &log, began), (watch, &self.cut)).await {
                    Some(Ok(played)) => played,
                    Some(Err(error)) => gone(format!("the kit itself failed: {error}")),
                    None => gone("the run was cut short".to_owned()),
                }
            }
        };
        outcome(scenario, stage, ended, began)
    }
}

/// What a scenario comes to.
fn outcome(scenario: &'static Scenario, stage: Stage, ended: Ended, began: Timestamp) -> Outcome {
    stage.setting.sightings.add(&stage.sightings);
    let mut checks = stage.checks().to_vec();
    let invalid = stage.sightings.of(SCHEMA);
    if !invalid.is_empty() && checks.iter().all(|check| check.holds || check.rules != [SCHEMA]) {
        let (what, saw) = ("every document is valid by the schema".to_owned(), invalid.join("; "));
        checks.push(Check { rules: vec![SCHEMA], what, holds: false, saw });
    }
    let took = SystemClock.now().duration_since(began).as_millis();
    Outcome {
        scenario,
        verdict: Verdict::of(&checks, ended),
        checks,
        exchanges: stage.log.all(),
        took_ms: u64::try_from(took).unwrap_or(0),
    }
}

fn chosen(role: Role, order: &Order) -> Vec<&'static Scenario> {
    let mut found = crate::catalogue::chosen(role, order.only.as_deref());
    found.retain(|one| order.profiles.is_empty() || order.profiles.contains(&one.profile));
    if order.hook.is_nobody() {
        crate::catalogue::by_hand(&mut found);
    }
    found
}

/// A play within its time.
pub(crate) async fn bounded(
    play: impl Future<Output = Ended>,
    patience: Option<Duration>,
) -> Ended {
    let Some(patience) = patience else { return play.await };
    let late = || Stop::Inconclusive(format!("not done in {} s", patience.as_secs()));
    tokio::time::timeout(patience, play).await.unwrap_or_else(|_| Err(late()))
}

/// How long a scenario may take; a person has all the time there is, and can cut the run short.
pub(crate) fn patience(order: &Order) -> Option<Duration> {
    (!order.hook.is_person()).then_some(LONGEST)
}

/// No scenario takes longer, of the machine's time.
const LONGEST: Duration = Duration::from_secs(240);
