//! A VTN that misbehaves on purpose, for authors of VENs: what a network, a busy server and an
//! impatient operator do. OpenADR 2.0b Profile, 9.1.5, 9.1.7; rules 401, 500.
//!
//! Each switch is a probability, tossed for every request by one seeded source, all switches each
//! time: the same seed gives the same trouble, and a switch that is off changes no other.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

/// The switches, and the source that decides.
#[derive(Clone, Debug)]
pub struct Chaos {
    /// Where the source began.
    pub seed: u64,
    /// How likely a request is met with 503 and Retry-After, and not heeded.
    pub busy: f64,
    /// How likely a request is heeded and its answer lost.
    pub lost: f64,
    /// How likely the payload that a poll brings is brought once more by the next.
    pub twice: f64,
    /// How likely an answer comes a byte at a time.
    pub slow: f64,
    /// How likely a poll brings oadrRequestReregistration.
    pub reregister: f64,
    source: StdRng,
    /// What waits was doubled already, or asked for already.
    done: (bool, bool),
}

/// What is to happen to one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whims {
    /// 503 with this Retry-After, in seconds.
    pub busy: Option<u32>,
    /// The answer is lost.
    pub lost: bool,
    /// The payload comes once more.
    pub twice: bool,
    /// The answer comes slowly.
    pub slow: bool,
    /// A registration again is asked for.
    pub reregister: bool,
}

impl Chaos {
    /// All switches off.
    pub fn new(seed: u64) -> Self {
        let source = StdRng::seed_from_u64(seed);
        let (busy, lost, twice, slow, reregister) = (0.0, 0.0, 0.0, 0.0, 0.0);
        Self { seed, busy, lost, twice, slow, reregister, source, done: (false, false) }
    }

    /// Reads `busy=0.1,lost=0.05,twice=0.2,slow=0.1,reregister=0.01`, any of them.
    ///
    /// # Errors
    /// What is wrong with it, and the mend.
    pub fn parse(text: &str, seed: u64) -> Result<Self, String> {
        let mut chaos = Self::new(seed);
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let switch = chaos.switch(name.trim()).ok_or_else(|| {
                format!("{name:?} is no switch; there are {}", SWITCHES.join(", "))
            })?;
            let likely = value.trim().parse().ok().filter(|likely| (0.0..=1.0).contains(likely));
            *switch = likely.ok_or_else(|| {
                format!("{part:?}: write a probability from 0 to 1, such as {name}=0.1")
            })?;
        }
        Ok(chaos)
    }

    /// What is to happen to the next request.
    pub fn whims(&mut self) -> Whims {
        let after = self.source.random_range(1..=LONGEST_WAIT_S);
        let mut toss = |likely: f64| self.source.random_bool(likely);
        Whims {
            busy: toss(self.busy).then_some(after),
            lost: toss(self.lost),
            twice: toss(self.twice),
            slow: toss(self.slow),
            reregister: toss(self.reregister),
        }
    }

    /// Whether what a poll brings is to be kept for one poll more: never the same twice over.
    pub fn doubles(&mut self, whims: Whims) -> bool {
        self.done.0 = whims.twice && !self.done.0;
        self.done.0
    }

    /// Whether a poll is to bring oadrRequestReregistration: never two in a row.
    pub fn asks_again(&mut self, whims: Whims) -> bool {
        self.done.1 = whims.reregister && !self.done.1;
        self.done.1
    }

    fn switch(&mut self, name: &str) -> Option<&mut f64> {
        Some(match name {
            "busy" => &mut self.busy,
            "lost" => &mut self.lost,
            "twice" => &mut self.twice,
            "slow" => &mut self.slow,
            "reregister" => &mut self.reregister,
            _ => return None,
        })
    }
}

impl std::fmt::Display for Chaos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let likely = [self.busy, self.lost, self.twice, self.slow, self.reregister];
        let on = SWITCHES.iter().zip(likely).filter(|&(_, likely)| likely > 0.0);
        let on: Vec<_> = on.map(|(name, likely)| format!("{name}={likely}")).collect();
        write!(f, "{} with seed {}", on.join(","), self.seed)
    }
}

const SWITCHES: [&str; 5] = ["busy", "lost", "twice", "slow", "reregister"];
const LONGEST_WAIT_S: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn many(text: &str, seed: u64) -> Vec<Whims> {
        let mut chaos = Chaos::parse(text, seed).unwrap();
        (0..200).map(|_| chaos.whims()).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_trouble() {
        let text = "busy=0.3,lost=0.3,twice=0.3,slow=0.3,reregister=0.3";
        assert_eq!(many(text, 7), many(text, 7));
        assert_ne!(many(text, 7), many(text, 8));
    }

    #[test]
    fn a_switch_does_what_it_says_and_nothing_else() {
        type Pick = fn(&Whims) -> bool;
        fn likely(text: &str, picked: Pick) -> usize {
            many(text, 1).iter().filter(|whims| picked(whims)).count()
        }
        let picks: [(&str, Pick); 5] = [
            ("busy", |w| w.busy.is_some()),
            ("lost", |w| w.lost),
            ("twice", |w| w.twice),
            ("slow", |w| w.slow),
            ("reregister", |w| w.reregister),
        ];
        for (name, _) in picks {
            for (other, picked) in picks {
                let wanted = if name == other { 200 } else { 0 };
                assert_eq!(likely(&format!("{name}=1"), picked), wanted, "{name}: {other}");
            }
            let half = likely(&format!("{name}=0.5"), |w| *w != Whims::default());
            assert!((60..140).contains(&half), "{name}: {half} of 200");
        }
    }

    #[test]
    fn a_switch_more_leaves_the_others_as_they_were() {
        let lost = |text| many(text, 3).iter().map(|whims| whims.lost).collect::<Vec<_>>();
        assert_eq!(lost("lost=0.4"), lost("lost=0.4,busy=0.9,twice=0.2"));
    }

    #[test]
    fn nothing_is_doubled_or_asked_for_without_end() {
        let mut chaos = Chaos::parse("twice=1,reregister=1", 1).unwrap();
        let whims = chaos.whims();
        assert!(chaos.doubles(whims) && !chaos.doubles(whims) && chaos.doubles(whims));
        assert!(chaos.asks_again(whims) && !chaos.asks_again(whims) && chaos.asks_again(whims));
    }

    #[test]
    fn what_is_no_switch_or_no_probability_is_refused() {
        assert!(Chaos::parse("", 1).is_ok());
        for wrong in ["noise=0.1", "busy", "busy=2", "busy=-1", "busy=x", "busy=NaN"] {
            assert!(Chaos::parse(wrong, 1).is_err(), "{wrong}");
        }
    }
}
