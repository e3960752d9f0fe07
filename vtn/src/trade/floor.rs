//! The one place where orders get their order.
//!
//! Whoever comes first serves all who wait, with one sync for their rows in the log and one for
//! the rulings: the price of durability is shared. First the rows are written, then the market
//! is told, then the rulings are written, then the parties are answered. A crash, or a request
//! that was dropped half-way, leaves rows without rulings: the next one, or the next start,
//! tells the market the rest and writes what it says. So starting is nothing but catching up,
//! from the first row.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use oadr_platform::Market;
use oadr_store::{Batch, Keys, Store};
use oadr_transport::Clock;
use tokio::sync::oneshot::{self, error::TryRecvError};

use super::admit::{Admission, Answer, Done, Order, admit, standing, tender_of, transaction_of};
use super::fold::Fold;
use super::queue::Queue;
use super::record::{Act, Entry, No, Ruling};
use super::tables::{LOG, RULINGS};
use crate::error::Error;

/// Where orders are served, one after the other.
pub(crate) struct Floor {
    store: Store,
    market: Arc<dyn Market>,
    clock: Arc<dyn Clock>,
    queue: Mutex<Vec<Waiting>>,
    state: tokio::sync::Mutex<State>,
}

/// Who waits, for what.
struct Waiting {
    orders: Vec<Order>,
    tell: oneshot::Sender<Answers>,
}

/// One answer an order, or why there are none.
type Answers = Result<Vec<Answer>, Error>;

/// How far the market has come.
#[derive(Default)]
struct State {
    /// The last row the market was told.
    told: u64,
    /// What it said, not yet written.
    unwritten: Vec<(u64, Entry, Option<Ruling>)>,
}

/// Orders of many requests in one row; where each answer goes.
struct Round {
    orders: Vec<Order>,
    answers: Vec<Option<Answer>>,
    queue: Queue,
    /// How many have no answer.
    left: usize,
}

impl Floor {
    /// Replays the log of `store` into a fresh `market`, and rules on what a crash left without
    /// a ruling.
    ///
    /// # Errors
    /// [`Error::Internal`] if the market does not say again what it said before; those of the
    /// store.
    pub(crate) async fn open(
        store: Store,
        market: Arc<dyn Market>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let (queue, state) = (Mutex::default(), tokio::sync::Mutex::default());
        let floor = Self { store, market, clock, queue, state };
        floor.catch_up(&mut *floor.state.lock().await).await?;
        Ok(floor)
    }

    /// Has orders served, in this order, and answers each.
    ///
    /// Dropping the future does not take them back; asking again is safe.
    ///
    /// # Errors
    /// Those of the store; [`Error::Internal`] if the market breaks its promises.
    pub(crate) async fn submit(&self, orders: Vec<Order>) -> Answers {
        loop {
            let (tell, mut told) = oneshot::channel();
            self.queue().push(Waiting { orders: orders.clone(), tell });
            let mut state = self.state.lock().await;
            match told.try_recv() {
                Ok(answers) => return answers,
                // Who served us was dropped half-way.
                Err(TryRecvError::Closed) => continue,
                Err(TryRecvError::Empty) => self.serve(&mut state).await,
            }
            if let Ok(answers) = told.try_recv() {
                return answers;
            }
        }
    }

    /// Lets time pass in the market if something waits for it.
    ///
    /// # Errors
    /// As [`Floor::submit`].
    pub(crate) async fn tick(&self) -> Result<(), Error> {
        // A market that cannot tell is asked again at the next tick.
        let due = self.market.wakes_at().await.ok().flatten();
        if due.is_some_and(|due| due <= self.clock.now()) {
            self.submit(vec![Order::Expire]).await?;
        }
        Ok(())
    }

    /// Serves all who wait now.
    async fn serve(&self, state: &mut State) {
        let waiting = std::mem::take(&mut *self.queue());
        let orders: Vec<Order> = waiting.iter().flat_map(|one| one.orders.clone()).collect();
        let answers = orders.iter().map(|_| None).collect();
        let (queue, left) = (Queue::new(&orders), orders.len());
        let mut round = Round { orders, answers, queue, left };
        let mut result = Ok(());
        while result.is_ok() && round.left > 0 {
            result = self.round(state, &mut round).await;
        }
        let mut answers = round.answers.into_iter();
        for Waiting { orders, tell } in waiting {
            let mine: Option<Vec<Answer>> = answers.by_ref().take(orders.len()).collect();
            // Who does not wait any more asks again, or does not want to know.
            let _ = tell.send(match (mine, &result) {
                (Some(mine), _) => Ok(mine),
                (None, Err(error)) => Err(error.clone()),
                (None, Ok(())) => Err(Error::Internal("an order without an answer".to_owned())),
            });
        }
    }

    /// Serves the orders that do not touch what another of the same round touches.
    async fn round(&self, state: &mut State, round: &mut Round) -> Result<(), Error> {
        self.catch_up(state).await?;
        let view = self.store.snapshot()?;
        let last = LOG.range(&view, Keys::all().backward().limit(1))?.pop();
        let (mut number, at) = match last {
            Some((number, entry)) => (number, entry.at.max(self.clock.now())),
            None => (0, self.clock.now()),
        };
        let (mut batch, mut logged) = (Batch::new(), Vec::new());
        while logged.len() < ROUND
            && let Some(index) = round.queue.next()
        {
            let order = &round.orders[index];
            match admit(&view, order, at)? {
                // It changes nothing: the next one to the same thing sees the same.
                Admission::Answered(answer) => round.answer(index, answer),
                Admission::Log(act) => {
                    number += 1;
                    LOG.put_new(&mut batch, number, &Entry { at, act: *act })?;
                    order.enter(&mut batch, (number, at))?;
                    logged.push((index, number));
                }
            }
        }
        if logged.is_empty() {
            return Ok(());
        }
        self.store.commit(batch).await?;
        self.catch_up(state).await?;
        let view = self.store.snapshot()?;
        for (index, number) in logged {
            let answer = answer(&view, &round.orders[index], number)?;
            round.answer(index, answer);
        }
        Ok(())
    }

    /// Tells the market every row it was not told, and writes what it says.
    async fn catch_up(&self, state: &mut State) -> Result<(), Error> {
        loop {
            self.write(state).await?;
            let view = self.store.snapshot()?;
            let rows = LOG.range(&view, Keys::between(state.told + 1..).limit(ROUND))?;
            if rows.is_empty() {
                return Ok(());
            }
            for (number, entry) in rows {
                let written = RULINGS.get(&view, number)?;
                self.tell(state, (number, entry), written).await?;
            }
        }
    }

    /// Tells the market one row. What it refused before it is not told again: a refusal has
    /// changed nothing, and another market might not refuse.
    async fn tell(
        &self,
        state: &mut State,
        (number, entry): (u64, Entry),
        written: Option<Ruling>,
    ) -> Result<(), Error> {
        let ruling = match &entry.act {
            Act::Market(command) if !matches!(written, Some(Ruling::Refused(_))) => {
                Some(match self.market.apply(command.clone(), entry.at).await {
                    Ok(outcomes) => Ruling::Done(outcomes),
                    Err(refusal) => Ruling::Refused(No::from(refusal)),
                })
            }
            _ => None,
        };
        // From here to the end nothing is waited for: the market and `told` agree.
        state.told = number;
        match (written, ruling) {
            (None, ruling) => state.unwritten.push((number, entry, ruling)),
            (Some(written), Some(said)) if !written.repeats(&said) => {
                let what = format!(
                    "the market's log does not replay: number {number} gave {written:?}, now {said:?}; \
                     is it the same market as before?"
                );
                return Err(Error::Internal(what));
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes the rulings that are not written: together, or one by one if one of them cannot
    /// be taken, so that it holds nobody else up.
    async fn write(&self, state: &mut State) -> Result<(), Error> {
        // They are there already if somebody was dropped while they were written.
        let mut written = 0;
        for (number, _, _) in &state.unwritten {
            if !RULINGS.contains(&self.store, *number)? {
                break;
            }
            written += 1;
        }
        state.unwritten.drain(..written);
        match self.take(&state.unwritten).await {
            Err(error) if is_unsound(&error) => {}
            result => {
                result?;
                state.unwritten.clear();
                return Ok(());
            }
        }
        while let Some((number, entry, ruling)) = state.unwritten.first() {
            match self.take(std::slice::from_ref(&state.unwritten[0])).await {
                Err(error) if is_unsound(&error) => {
                    tracing::error!(number, %error, "a ruling is put into quarantine");
                    let view = self.store.snapshot()?;
                    let mut fold = Fold::new(&view);
                    fold.quarantine(*number, entry, ruling.as_ref())?;
                    self.store.commit(fold.finish()?).await?;
                }
                result => result?,
            }
            state.unwritten.remove(0);
        }
        Ok(())
    }

    /// Writes rulings together, and what follows from them.
    async fn take(&self, rulings: &[(u64, Entry, Option<Ruling>)]) -> Result<(), Error> {
        let Some((first, _, _)) = rulings.first() else { return Ok(()) };
        let view = self.store.snapshot()?;
        let mut fold = Fold::new(&view);
        for (number, entry, ruling) in rulings {
            fold.take(*number, entry, ruling.as_ref())?;
        }
        let written = self.store.commit(fold.finish()?).await;
        // A commit that fails may be on the disk all the same.
        if written.is_err() && !RULINGS.contains(&self.store, *first)? {
            written?;
        }
        Ok(())
    }

    fn queue(&self) -> MutexGuard<'_, Vec<Waiting>> {
        // A vector cannot be left half-way by a panic of its users here.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Round {
    fn answer(&mut self, index: usize, answer: Answer) {
        self.answers[index] = Some(answer);
        self.queue.done(index);
        self.left -= 1;
    }
}

impl fmt::Debug for Floor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Floor")
    }
}

/// Whether it is the ruling that cannot be written, not the store that cannot write. Nobody
/// else writes these tables: a conflict would come again for ever.
fn is_unsound(error: &Error) -> bool {
    matches!(error, Error::Internal(_)) || error.is_conflict()
}

/// What came of an order with this number.
fn answer(view: &impl oadr_store::Read, order: &Order, number: u64) -> Result<Answer, Error> {
    let gone = |what: &str| Error::Internal(format!("{what} of number {number} is not there"));
    let ruling = RULINGS.get(view, number)?.ok_or_else(|| gone("the ruling"))?;
    if let Ruling::Refused(no) | Ruling::Quarantined { no, .. } = &ruling {
        return Ok(Err(no.into()));
    }
    Ok(match order {
        Order::Place(placement) => {
            let which = placement.offer.reference();
            standing(tender_of(view, &which)?.ok_or_else(|| gone("the tender"))?)
        }
        Order::Cancel(which) => {
            standing(tender_of(view, which)?.ok_or_else(|| gone("the tender"))?)
        }
        Order::Accept(acceptance, _) => {
            let made = transaction_of(view, &acceptance.by, &acceptance.transaction)?;
            made.map(|_| Ok(Done::Agreed)).ok_or_else(|| gone("the transaction"))?
        }
        Order::Expire => Ok(Done::Passed),
    })
}

/// Rows at most in one commit.
const ROUND: usize = 256;
