//! The VEN itself: what is due now, and when to look again. One task; everything that must
//! survive is in the store, everything here may be lost at any instant.

mod posted;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use oadr_platform::Prosumer;
use oadr_platform::prosumer::Site;
use oadr_store::{Keys, Store};
use oadr_transport::{Backoff, Clock, Random, Retry};
use rand::Rng;
use tokio::sync::{mpsc, watch};

use crate::bell::Bell;
use crate::context::{Context, Trouble};
use crate::error::Error;
use crate::handle::Handle;
use crate::link::Link;
use crate::outbox;
use crate::pauses::{Matter, Pauses};
use crate::push::{Ear, IsVtn, Post};
use crate::service::{delivery, event, opt, poll, register_party, report, tender, transaction};
use crate::settings::Settings;
use crate::status::{self, Status, Traffic};
use crate::tables::{ONLY, OUTBOX, STANDING, Standing};

/// All that a VEN is given from outside.
pub struct Surroundings {
    /// What it remembers; its own, shared with nobody.
    pub store: Store,
    /// The site.
    pub prosumer: Arc<dyn Prosumer>,
    /// The way to the VTN.
    pub link: Arc<dyn Link>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids, jitter, start randomisation. Seeded from the system, or from a test.
    pub random: Random,
}

/// An end node: one VTN, one site.
pub struct Ven {
    settings: Settings,
    store: Store,
    prosumer: Arc<dyn Prosumer>,
    link: Arc<dyn Link>,
    clock: Arc<dyn Clock>,
    random: Random,
    site: Site,
    backoff: Backoff,
    pauses: Pauses,
    traffic: Traffic,
    next_out: u64,
    next_poll: Timestamp,
    next_ask: Timestamp,
    quiet_until: Timestamp,
    is_new: bool,
    bell: Bell,
    posts: (mpsc::Sender<Post>, mpsc::Receiver<Post>),
    shown: watch::Sender<Status>,
}

/// When to call [`Ven::step`] again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wake {
    /// The instant, UTC; always after the step that gave it.
    pub at: Timestamp,
}

impl Ven {
    /// Opens a VEN where it left off.
    ///
    /// # Errors
    /// [`Error::Site`] if the site does not describe itself, [`Error::Store`].
    pub async fn open(settings: Settings, surroundings: Surroundings) -> Result<Self, Error> {
        let Surroundings { store, prosumer, link, clock, mut random } = surroundings;
        let site = prosumer.describe().await.map_err(Error::Site)?;
        let now = clock.now();
        register_party::powered_up(&store, now).await?;
        let last = OUTBOX.range(&store, Keys::all().backward().limit(1))?.pop();
        let traffic = Traffic { silent_since: now, ..Traffic::default() };
        let backoff = fresh_backoff(&settings, &mut random);
        let shown = watch::Sender::new(status::status(&store, &traffic, now)?);
        Ok(Self {
            is_new: true,
            next_out: last.map_or(0, |(at, _)| at + 1),
            bell: Bell::new(),
            posts: mpsc::channel(POSTS),
            next_poll: now,
            next_ask: now,
            quiet_until: now,
            settings,
            store,
            prosumer,
            link,
            clock,
            random,
            site,
            backoff,
            pauses: Pauses::default(),
            traffic,
            shown,
        })
    }

    /// A way to speak to it while it runs.
    pub fn handle(&self) -> Handle {
        Handle {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock),
            bell: self.bell.clone(),
            status: self.shown.subscribe(),
        }
    }

    /// Where it hears what the VTN posts while it runs: for a VEN that registers for push. Below
    /// `prefix` lie the services; who does not fit `is_vtn` is not heard.
    #[must_use]
    pub fn ear(&self, prefix: &str, is_vtn: IsVtn) -> Ear {
        Ear::new(self.posts.0.clone(), prefix, is_vtn)
    }

    /// Runs until `shutdown`. A step that is cut off by it is like one that was killed:
    /// nothing is lost, the rest is done at the next start.
    ///
    /// # Errors
    /// [`Error::Store`], if the store will not work again without an operator.
    pub async fn run(&mut self, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
        let mut shutdown = pin!(shutdown);
        let (clock, bell) = (Arc::clone(&self.clock), self.bell.clone());
        loop {
            let heard = bell.rung();
            let step = tokio::select! {
                biased;
                () = &mut shutdown => return Ok(()),
                step = self.step() => step,
            };
            let at = match step {
                Ok(wake) => wake.at,
                Err(Error::Store(error)) if error.is_temporary() => {
                    tracing::error!(%error, "the store gives no room; waiting");
                    later(clock.now(), STORE_PAUSE)
                }
                Err(error) => return Err(error),
            };
            bell.rest(at, heard);
            tokio::select! {
                () = &mut shutdown => return Ok(()),
                () = clock.sleep_until(at) => {}
                () = bell.wait() => self.next_ask = clock.now(),
                Some(post) = self.posts.1.recv() => self.posted(post).await?,
            }
        }
    }

    /// Does all that is due: the site first, then the VTN, then what came of it.
    ///
    /// # Errors
    /// [`Error::Store`]: nothing can be remembered, so nothing more was done.
    pub async fn step(&mut self) -> Result<Wake, Error> {
        let now = self.clock.now();
        self.at_the_site(now).await?;
        if self.quiet_until <= now {
            self.with_the_vtn(now).await?;
        }
        let next = self.at_the_site(now).await?;
        let next = next.into_iter().chain(self.next_exchange(now)?).min();
        self.shown.send_replace(status::status(&self.store, &self.traffic, now)?);
        // Never sooner than the clock can tell, never later than a person would wait.
        let soonest = later(now, SHORTEST_WAIT);
        Ok(Wake { at: next.unwrap_or(Timestamp::MAX).min(later(now, LONGEST_WAIT)).max(soonest) })
    }

    /// What needs no VTN: events that start and end, decisions, readings. Returns when there
    /// is more.
    async fn at_the_site(&mut self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        let first = std::mem::take(&mut self.is_new);
        let again = first && self.settings.instruct_again_at_start;
        let cx = &mut self.context(now);
        let mut next = Vec::new();
        let done = async {
            transaction::tell_site(cx, first).await?;
            opt::obey(cx).await?;
            next.extend(event::settle(cx).await?);
            event::forget_old(cx).await?;
            next.extend(event::apply::instruct(cx, again).await?);
            next.extend(report::sample(cx).await?);
            Ok(())
        };
        match done.await {
            Ok(()) => Ok(next.into_iter().min()),
            Err(Trouble::Store(error)) => Err(error.into()),
            // Nothing here speaks with the VTN.
            Err(_) => Ok(None),
        }
    }

    /// Talks with the VTN until all is said, or it falls silent.
    async fn with_the_vtn(&mut self, now: Timestamp) -> Result<(), Error> {
        match self.converse(now).await {
            Ok(false) => {}
            Ok(true) => {
                self.backoff.reset();
                self.traffic.trouble = self.pauses.trouble();
            }
            Err(Trouble::Away(silence)) => {
                let pause = match silence.retry {
                    Retry::After(pause) => self.backoff.after_failure().max(pause),
                    _ => self.backoff.after_failure(),
                };
                self.quiet_until = later(now, pause);
                self.traffic.trouble = Some(silence.detail);
            }
            Err(Trouble::NotRegistered(told)) => {
                tracing::warn!(told, "the VTN does not know us; registering anew");
                let pause = self.backoff.after_failure();
                register_party::forget(&self.context(now), pause).await?;
                self.traffic.trouble = Some(told);
            }
            Err(Trouble::Refused(told)) => {
                tracing::warn!(told, "refused");
                self.quiet_until = later(now, self.backoff.after_failure());
                self.traffic.trouble = Some(told);
            }
            Err(Trouble::Store(error)) => return Err(error.into()),
        }
        Ok(())
    }

    /// False if there was no reason to.
    async fn converse(&mut self, now: Timestamp) -> Result<bool, Trouble> {
        match STANDING.get(&self.store, ONLY)? {
            Some(Standing::In(_)) => {}
            Some(Standing::Out { not_before }) if not_before.is_none_or(|at| at > now) => {
                return Ok(false);
            }
            _ => {
                register_party::register(&mut self.context(now)).await?;
                self.pauses.end();
                self.next_poll = now;
            }
        }
        if !self.settle_registration(now).await? {
            return Ok(true);
        }
        if self.next_poll <= now && !self.look(now).await? {
            return Ok(true);
        }
        let ask_site = self.next_ask <= now;
        if ask_site {
            self.next_ask = later(now, self.settings.ask_site_every);
        }
        if ask_site {
            opt::follow_site(&mut self.context(now)).await?;
            tender::follow_site(&mut self.context(now)).await?;
        }
        for matter in MATTERS {
            self.see_to(matter, ask_site, now).await?;
        }
        outbox::flush(&mut self.context(now)).await?;
        Ok(true)
    }

    /// Polls, or looks whether a VTN that pushes is still there. False if there is no
    /// registration any more.
    async fn look(&mut self, now: Timestamp) -> Result<bool, Trouble> {
        if self.settings.push_to.is_none() {
            poll::drain(&mut self.context(now)).await?;
        } else if later(self.traffic.silent_since, LISTEN_FOR) <= now {
            // Rule 51: no polls. What was pushed in vain is fetched here at the latest.
            event::request(&mut self.context(now)).await?;
        }
        if !self.settle_registration(now).await? {
            return Ok(false);
        }
        if self.settings.push_to.is_some() {
            self.next_poll = later(self.traffic.silent_since, LISTEN_FOR);
            return Ok(true);
        }
        let every = self.context(now).registration()?.poll_every;
        // Rule 500: not shorter than wished; longer by up to a tenth, so that a fleet spreads
        // out.
        self.next_poll = later(now, every.mul_f64(self.random.random_range(1.0..=1.1)));
        Ok(true)
    }

    /// Sends what there is of a matter, unless it rests; lets it rest if that came to nothing.
    async fn see_to(&mut self, matter: Matter, ask: bool, now: Timestamp) -> Result<(), Trouble> {
        if !self.pauses.may(matter, now) {
            return Ok(());
        }
        let cx = &mut self.context(now);
        let went = match matter {
            Matter::Reports => report::deliver(cx).await,
            Matter::Opts => opt::deliver(cx).await,
            Matter::Tenders => tender::deliver(cx).await,
            // Asked for in its own time, and again at the next.
            Matter::Transactions if !ask => return Ok(()),
            Matter::Transactions => transaction::fetch(cx).await,
            Matter::Deliveries => delivery::fetch(cx).await,
        };
        let fresh = || fresh_backoff(&self.settings, &mut self.random);
        self.pauses.settle(matter, went, (now, fresh))
    }

    /// Brings the registration to where it should be: answers given, renewed, events
    /// fetched. False if there is none any more.
    async fn settle_registration(&mut self, now: Timestamp) -> Result<bool, Trouble> {
        let cx = &mut self.context(now);
        outbox::flush(cx).await?;
        let Some(Standing::In(registration)) = STANDING.get(cx.store, ONLY)? else {
            return Ok(false);
        };
        if registration.leaving {
            // Its answer is said, or was never owed: over.
            let mut batch = oadr_store::Batch::new();
            register_party::farewell_said(cx, &mut batch)?;
            cx.store.commit(batch).await?;
            return Ok(false);
        }
        // Also if it is to be reached elsewhere, or polls now.
        if registration.renew || registration.push_to != cx.settings.push_to {
            register_party::register_again(cx, registration.clone()).await?;
        }
        if cx.registration()?.events_due {
            event::request(cx).await?;
            outbox::flush(cx).await?;
        }
        Ok(true)
    }

    /// When there is next a reason to talk with the VTN.
    fn next_exchange(&mut self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        let at = match STANDING.get(&self.store, ONLY)? {
            Some(Standing::In(_)) => {
                let timers = [self.next_poll, self.next_ask];
                let cx = &self.context(now);
                let found = report::due(cx).and_then(|due| Ok((due, delivery::due(cx)?)));
                let (report, delivery) = match found {
                    Err(Trouble::Store(error)) => return Err(error.into()),
                    found => found.unwrap_or_default(),
                };
                let rested = |at: Option<Timestamp>, matter| {
                    at.map(|at| self.pauses.until(matter).map_or(at, |until| at.max(until)))
                };
                let report = rested(report, Matter::Reports);
                let delivery = rested(delivery, Matter::Deliveries);
                timers.into_iter().chain(report).chain(delivery).min()
            }
            Some(Standing::Out { not_before }) => not_before,
            None => Some(now),
        };
        Ok(at.map(|at| at.max(self.quiet_until)))
    }

    fn context(&mut self, now: Timestamp) -> Context<'_> {
        Context {
            settings: &self.settings,
            store: &self.store,
            prosumer: &*self.prosumer,
            site: &self.site,
            link: &*self.link,
            random: &mut self.random,
            traffic: &mut self.traffic,
            next_out: &mut self.next_out,
            now,
            pushed: false,
            answer: None,
        }
    }
}

/// Of the link, or of a matter of its own.
fn fresh_backoff(settings: &Settings, random: &mut Random) -> Backoff {
    let ceiling = settings.poll_by_default.max(Duration::from_secs(60));
    Backoff::new(ceiling, random.random())
}

fn later(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}

const MATTERS: [Matter; 5] =
    [Matter::Reports, Matter::Opts, Matter::Tenders, Matter::Transactions, Matter::Deliveries];
/// How many messages may wait for the VEN; the VTN posts one at a time.
const POSTS: usize = 8;
/// How long a VTN that pushes may be silent before it is asked for its events.
const LISTEN_FOR: Duration = Duration::from_secs(3_600);
const STORE_PAUSE: Duration = Duration::from_secs(10);
const SHORTEST_WAIT: Duration = Duration::from_millis(10);
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
