//! `vtn run --steered-clock`: a clock that stands still until whoever started the program moves
//! it, for laboratories. Lines `advance MILLISECONDS` on stdin move it; after each the time is
//! told in a line of JSON. The end of stdin ends the program.

use std::io::BufRead;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use oadr_transport::{Clock, ManualClock, SystemClock};
use oadr_vtn::Vtn;
use oadr_vtn::operator::Config;
use oadr_vtn::settings::Policy;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Failure, show};

/// The clock and who moves it.
pub struct Steered {
    clock: ManualClock,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Steered {
    /// A clock that stands at `from`, or at the second that is now.
    ///
    /// # Errors
    /// For a VTN that does not take every VEN, and so may serve a market: its time is not for
    /// whoever writes to its stdin.
    pub fn new(config: &Config, from: Option<Timestamp>) -> Result<Self, Failure> {
        if config.vtn.policy != Policy::Open {
            let mend = "it needs policy = \"open\", which `vtn init --lab` writes";
            return Err(Failure::wrong(format!("--steered-clock is for laboratories: {mend}")));
        }
        let now = SystemClock.now();
        let whole = Timestamp::from_second(now.as_second()).unwrap_or(now);
        Ok(Self { clock: ManualClock::new(from.unwrap_or(whole)), lines: lines() })
    }

    /// The clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    /// Moves the clock as it is told, until stdin ends.
    pub async fn follow(mut self, vtn: Vtn) {
        while let Some(line) = self.lines.recv().await {
            let told = match span(&line) {
                Some(span) => self.advance(span, &vtn).await,
                None => json!({ "error": format!("not `advance MILLISECONDS`: {line}") }),
            };
            show::json(&told);
        }
    }

    /// What falls due by itself is done when this returns: events of series, the market's
    /// expiries. All else a VTN does when it is asked.
    async fn advance(&self, span: Duration, vtn: &Vtn) -> Value {
        self.clock.advance(span);
        vtn.keep_event_series().await;
        match vtn.let_market_time_pass().await {
            Ok(()) => json!({ "now": self.clock.now() }),
            Err(error) => json!({ "error": error.to_string() }),
        }
    }
}

/// What a line tells.
fn span(line: &str) -> Option<Duration> {
    let milliseconds = line.trim().strip_prefix("advance ")?.trim();
    milliseconds.parse().ok().map(Duration::from_millis)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_milliseconds_forward_move_the_clock() {
        assert_eq!(span("advance 1500"), Some(Duration::from_millis(1500)));
        assert_eq!(span(" advance  0\r"), Some(Duration::ZERO));
        for wrong in ["advance", "advance -1", "advance 1.5", "advance PT1S", "retreat 1", ""] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
