//! From signals and contracts to what the site should do now.

use rust_decimal::Decimal;

use super::settings::Tariff;
use crate::{
    Currency,
    signal::{ActiveSignal, Signal},
};

/// What the site should do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing is asked: recover and rest.
    Rest,
    /// Draw less by shedding load and discharging, never feeding in.
    Shed {
        /// Which part of the flexible load goes.
        load: Decimal,
        /// Which part of the battery's power is used.
        battery: Decimal,
    },
    /// Draw exactly this from the grid, W; negative is feeding in.
    Net {
        /// The wanted net power, W.
        power_w: Decimal,
        /// Whether load may be shed for it.
        shed: bool,
    },
    /// Draw this much more (or less) than the base load, W.
    More(Decimal),
    /// Draw this fraction of the base load.
    Times(Decimal),
    /// Charge while it is cheap.
    Charge,
}

/// What the signals and a contract together ask: a dispatch or level first, then the
/// contract, then a price (Y.2072 8.2.3, integrated control).
///
/// The leading event is the first that asks anything; of its signals the most exact one
/// counts.
pub(super) fn wish(
    active: &[&ActiveSignal],
    contract_w: Option<Decimal>,
    tariff: Option<&Tariff>,
) -> Wish {
    let mut wishes: Vec<(Rank, Wish)> = active
        .iter()
        .enumerate()
        .filter_map(|(place, s)| {
            let leads = active.iter().position(|other| other.key.event == s.key.event)?;
            let (class, wish) = asked(&s.signal, tariff).filter(|(_, wish)| *wish != Wish::Rest)?;
            Some(((class.over_contract(), leads, class, place), wish))
        })
        .collect();
    wishes.sort_by_key(|(rank, _)| *rank);
    let first = wishes.first().map(|((over, ..), wish)| (*over, *wish));
    let contract = contract_w.map(|power_w| Wish::Net { power_w, shed: false });
    match (first, contract) {
        (Some((Over::Contract, wish)), _) => wish,
        (_, Some(contract)) => contract,
        (Some((_, wish)), None) => wish,
        (None, None) => Wish::Rest,
    }
}

/// Contract before price, earlier event, more exact signal, earlier in the list.
type Rank = (Over, usize, Class, usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Over {
    Contract,
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Dispatch,
    Level,
    Price,
}

impl Class {
    fn over_contract(self) -> Over {
        match self {
            Self::Dispatch | Self::Level => Over::Contract,
            Self::Price => Over::Nothing,
        }
    }
}

/// What one signal asks; nothing if the site does not know it.
fn asked(signal: &Signal, tariff: Option<&Tariff>) -> Option<(Class, Wish)> {
    let price = |per_kwh: Decimal| Some((Class::Price, at_price(per_kwh, tariff?)));
    let ours = |currency: &Currency| tariff.filter(|t| t.currency == *currency);
    match signal {
        Signal::Simple(level) => Some((Class::Level, at_level(*level))),
        Signal::Setpoint { power_w } => {
            Some((Class::Dispatch, Wish::Net { power_w: bounded(*power_w), shed: true }))
        }
        Signal::Delta { power_w } => Some((Class::Dispatch, Wish::More(bounded(*power_w)))),
        Signal::Multiplier(times) => {
            let times = (*times).clamp(Decimal::ZERO, Decimal::TEN);
            Some((Class::Dispatch, Wish::Times(times.round_dp(4))))
        }
        Signal::Price { price_per_kwh, currency } => {
            ours(currency)?;
            price(*price_per_kwh)
        }
        Signal::PriceRelative { price_per_kwh, currency } => {
            price(ours(currency)?.usual_per_kwh.checked_add(*price_per_kwh)?)
        }
        Signal::PriceMultiplier(times) => price(tariff?.usual_per_kwh.checked_mul(*times)?),
        Signal::Other { .. } => None,
    }
}

fn at_level(level: u8) -> Wish {
    let half = Decimal::new(5, 1);
    match level {
        0 => Wish::Rest,
        1 => Wish::Shed { load: half, battery: Decimal::ZERO },
        2 => Wish::Shed { load: Decimal::ONE, battery: half },
        _ => Wish::Shed { load: Decimal::ONE, battery: Decimal::ONE },
    }
}

fn at_price(per_kwh: Decimal, tariff: &Tariff) -> Wish {
    if per_kwh >= tariff.dear_from_per_kwh {
        at_level(2)
    } else if per_kwh <= tariff.cheap_to_per_kwh {
        Wish::Charge
    } else {
        Wish::Rest
    }
}

/// A wish for power that no sum can carry too far, in whole W.
fn bounded(power_w: Decimal) -> Decimal {
    let most = Decimal::from(1_000_000_000_000_u64);
    power_w.clamp(-most, most).round()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::SignalKey;

    fn active(event: &str, signal: Signal) -> ActiveSignal {
        let key =
            SignalKey { event: event.into(), modification: 0, signal: "0".into(), interval: 0 };
        ActiveSignal { key, priority: 1, signal, until: None }
    }

    fn tariff() -> Tariff {
        Tariff {
            usual_per_kwh: Decimal::new(30, 2),
            dear_from_per_kwh: Decimal::new(45, 2),
            cheap_to_per_kwh: Decimal::new(15, 2),
            currency: "EUR".into(),
        }
    }

    fn of(signals: &[ActiveSignal], contract_w: Option<Decimal>) -> Wish {
        wish(&signals.iter().collect::<Vec<_>>(), contract_w, Some(&tariff()))
    }

    #[test]
    fn the_leading_event_wins_and_in_it_the_more_exact_signal() {
        let level = active("a", Signal::Simple(3));
        let delta = active("a", Signal::Delta { power_w: (-100).into() });
        let other = active("b", Signal::Setpoint { power_w: 0.into() });
        assert_eq!(of(&[level, delta, other], None), Wish::More((-100).into()));
    }

    #[test]
    fn a_contract_stands_between_dispatch_and_price() {
        let contract = Some(Decimal::from(-500));
        let net = Wish::Net { power_w: (-500).into(), shed: false };
        let dear = active("a", Signal::PriceMultiplier(2.into()));
        let level = active("b", Signal::Simple(1));
        assert_eq!(of(std::slice::from_ref(&dear), contract), net);
        assert_eq!(of(&[dear, level], contract), at_level(1));
        assert_eq!(of(&[], contract), net);
        assert_eq!(of(&[active("c", Signal::Simple(0))], contract), net);
    }

    #[test]
    fn prices_are_taken_as_they_are_relative_or_as_a_multiple() {
        let euro = || "EUR".into();
        let cases = [
            (Signal::Price { price_per_kwh: Decimal::new(45, 2), currency: euro() }, at_level(2)),
            (Signal::Price { price_per_kwh: Decimal::new(44, 2), currency: euro() }, Wish::Rest),
            (
                Signal::PriceRelative { price_per_kwh: Decimal::new(-15, 2), currency: euro() },
                Wish::Charge,
            ),
            (Signal::PriceMultiplier(Decimal::new(15, 1)), at_level(2)),
            (Signal::Price { price_per_kwh: 9.into(), currency: "GBP".into() }, Wish::Rest),
            (Signal::PriceMultiplier(Decimal::MAX), at_level(2)),
        ];
        for (signal, expected) in cases {
            assert_eq!(of(&[active("a", signal.clone())], None), expected, "{signal:?}");
        }
    }

    #[test]
    fn an_unknown_signal_is_ignored() {
        let unknown =
            Signal::Other { name: "x-moon".into(), kind: "level".into(), value: 1.into() };
        assert_eq!(of(&[active("a", unknown)], None), Wish::Rest);
    }
}
