//! What a VEN says: waiting for it, looking at it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Message;

use super::said::{self, Said};
use super::{Heard, Model, VenPlay};
use crate::say;
use crate::verdict::{Ended, Stop};

impl VenPlay {
    /// The next message of a kind, or nothing within so many seconds.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn hear<M: TryFrom<Message>>(&mut self, within_s: u64) -> Result<Option<M>, Stop> {
        Ok(self.hear_when::<M>(within_s, |_| true).await?.map(|(_, message)| message))
    }

    /// The next message of a kind of which something holds, with when and how it came.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn hear_when<M: TryFrom<Message>>(
        &mut self,
        within_s: u64,
        mut holds: impl FnMut(&M) -> bool,
    ) -> Result<Option<(Heard, M)>, Stop> {
        let within = SignedDuration::from_secs(i64::try_from(within_s).unwrap_or(i64::MAX));
        let end = self.now().saturating_add(within).unwrap_or(Timestamp::MAX);
        self.settle().await?;
        loop {
            if let Some(found) = self.take(&mut holds) {
                return Ok(Some(found));
            }
            if self.now() >= end {
                return Ok(None);
            }
            self.wait_a_little().await?;
        }
    }

    /// The next message of a kind, which must come within so many seconds.
    ///
    /// # Errors
    /// Failed under `rules`, if none comes.
    pub async fn expect<M: TryFrom<Message>>(
        &mut self,
        rules: &[&'static str],
        within_s: u64,
    ) -> Result<M, Stop> {
        let heard = self.hear::<M>(within_s).await?;
        let kind = say::short_type_name::<M>();
        match heard {
            Some(message) => Ok(message),
            None => {
                let saw = self.so_far();
                self.fail(rules, format!("{kind} comes within {within_s} s"), saw)
            }
        }
    }

    /// Checks that no message of a kind comes for so many seconds.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn silence<M: TryFrom<Message>>(
        &mut self,
        rules: &[&'static str],
        seconds: u64,
    ) -> Ended {
        let heard = self.hear::<M>(seconds).await?;
        let kind = say::short_type_name::<M>();
        let what = format!("no {kind} comes for {seconds} s");
        self.check(rules, what, heard.is_none(), format_args!("{kind} came"));
        Ok(())
    }

    /// All messages of a kind that were heard and not taken yet, in their order.
    pub fn all<M: TryFrom<Message>>(&self) -> Vec<(Heard, M)> {
        let state = self.top.state();
        let found = state.heard.iter().filter_map(|heard| {
            let message = heard.message.clone().ok()?;
            Some((heard.clone(), M::try_from(message).ok()?))
        });
        found.collect()
    }

    /// The names of the payloads heard and not taken yet.
    pub fn names(&self) -> Vec<String> {
        self.top.state().heard.iter().map(|heard| say::name_of(&heard.http.body)).collect()
    }

    /// The same for people to read, the number of each.
    pub fn so_far(&self) -> Said {
        said::names(&self.names())
    }

    /// What was heard so far does not matter.
    pub fn forget(&self) {
        self.top.state().heard.clear();
    }

    fn take<M: TryFrom<Message>>(&self, holds: &mut impl FnMut(&M) -> bool) -> Option<(Heard, M)> {
        let mut state = self.top.state();
        for at in 0..state.heard.len() {
            let Ok(message) = state.heard[at].message.clone() else { continue };
            if let Ok(message) = M::try_from(message)
                && holds(&message)
            {
                return state.heard.remove(at).map(|heard| (heard, message));
            }
        }
        None
    }

    /// Lets the VEN finish what it is at, without time passing where its clock is steered.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn settle(&self) -> Ended {
        match self.setting.pace.is_steered() {
            true => self.setting.pace.pass(Duration::ZERO).await,
            false => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Ok(())
            }
        }
    }

    /// Lets the shortest time pass after which it makes sense to look again.
    ///
    /// # Errors
    /// The hook's trouble.
    pub async fn wait_a_little(&self) -> Ended {
        match self.setting.pace.is_steered() {
            true => self.setting.pace.pass(Duration::from_secs(1)).await,
            false => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                Ok(())
            }
        }
    }

    /// How long to wait for what a poll brings to be answered: two poll intervals and some. A VEN
    /// may poll more rarely than it is asked to (rule 500).
    pub fn soon(&self) -> u64 {
        match self.model {
            Model::Pull => {
                let state = self.top.state();
                u64::from(state.poll_s + state.late_s) * 2 + 5
            }
            Model::Push => 10,
        }
    }
}
