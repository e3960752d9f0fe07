//! The simulated site, whatever it is asked: energy is conserved, bounds hold, reading
//! changes nothing, the same asked again is the same.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use common::{at, noon, now};
use jiff::Timestamp;
use oadr_platform::{
    Interval, Prosumer,
    market::{Product, Trade},
    prosumer::{
        Instruction,
        site::{Battery, Flexible, Flows, Profile, Settings, Simulator, Tariff, Trading},
    },
    reading::Kind,
    signal::{ActiveSignal, Signal, SignalKey},
};
use proptest::{collection::vec, prelude::*};
use rust_decimal::Decimal;

/// What happens to a site.
#[derive(Clone, Debug)]
enum Act {
    Ask(Vec<ActiveSignal>),
    Trade { sells: bool, wh: i64, start: i64, lasts: u64 },
}

fn acts() -> impl Strategy<Value = Vec<(i64, Act)>> {
    let ask = vec((signals(), prop::option::of(1..20_000_i64)), 0..3).prop_map(|signals| {
        let active = |((event, signal), until): ((u8, Signal), Option<i64>)| ActiveSignal {
            key: SignalKey {
                event: format!("e{event}").into(),
                modification: 0,
                signal: "0".into(),
                interval: 0,
            },
            priority: 1,
            signal,
            until: until.map(at),
        };
        Act::Ask(signals.into_iter().map(active).collect())
    });
    let trade = (any::<bool>(), 1..4000_i64, 0..20_000_i64, 1..9000_u64)
        .prop_map(|(sells, wh, start, lasts)| Act::Trade { sells, wh, start, lasts });
    vec((0..3000_i64, prop_oneof![4 => ask, 1 => trade]), 0..12).prop_map(|steps| {
        let mut seconds = 0;
        let pace = |(pause, act)| {
            seconds += pause;
            (seconds, act)
        };
        steps.into_iter().map(pace).collect()
    })
}

fn signals() -> impl Strategy<Value = (u8, Signal)> {
    let power = -6000..6000_i64;
    let signal = prop_oneof![
        (0..5_u8).prop_map(Signal::Simple),
        power.clone().prop_map(|w| Signal::Setpoint { power_w: w.into() }),
        power.prop_map(|w| Signal::Delta { power_w: w.into() }),
        (-5..40_i64).prop_map(|m| Signal::Multiplier(Decimal::new(m, 1))),
        (0..60_i64).prop_map(|c| Signal::Price {
            price_per_kwh: Decimal::new(c, 2),
            currency: "EUR".into()
        }),
    ];
    (0..3_u8, signal)
}

fn all_settings() -> impl Strategy<Value = Settings> {
    let battery = (1..8000_i64, 0..4000_i64, 1..=100_i64, 0..=100_i64).prop_map(
        |(capacity, power, efficiency, rest)| Battery {
            capacity_wh: capacity.into(),
            power_w: power.into(),
            round_trip_efficiency: Decimal::new(efficiency, 2),
            rest_wh: (capacity * rest / 100).into(),
        },
    );
    let flexible =
        (0..=100_i64, 0..=100_i64, 0..1500_i64).prop_map(|(share, rebound, power)| Flexible {
            share: Decimal::new(share, 2),
            rebound: Decimal::new(rebound, 2),
            rebound_power_w: power.into(),
        });
    (prop::option::of(battery), prop::option::of(flexible)).prop_map(|(battery, flexible)| {
        Settings {
            resource: "house".into(),
            battery,
            flexible,
            tariff: Some(Tariff {
                usual_per_kwh: Decimal::new(30, 2),
                dear_from_per_kwh: Decimal::new(45, 2),
                cheap_to_per_kwh: Decimal::new(15, 2),
                currency: "EUR".into(),
            }),
            trading: Some(Trading {
                party: "ven-1".into(),
                market_context: noon().market_context,
                class: noon().class,
                currency: noon().currency,
                sell_from_per_kwh: Decimal::new(20, 2),
                buy_to_per_kwh: Decimal::new(35, 2),
                reserve_wh: 500.into(),
            }),
        }
    })
}

fn profile() -> Profile {
    Profile::parse(include_str!("../data/household-d.csv")).unwrap()
}

fn site(settings: &Settings) -> Simulator {
    Simulator::new(settings.clone(), profile(), at(0)).unwrap()
}

fn act(site: &Simulator, seconds: i64, act: &Act) {
    match act.clone() {
        Act::Ask(active) => {
            let instruction = Instruction { resource: "house".into(), active };
            now(site.apply(instruction, at(seconds))).unwrap();
        }
        Act::Trade { sells, wh, start, lasts } => {
            let interval = Interval::new(at(start), std::time::Duration::from_secs(lasts));
            let (us, them) = ("ven-1".into(), "ven-2".into());
            let (seller, buyer) = if sells { (us, them) } else { (them, us) };
            let trade = Trade {
                id: format!("{start}-{wh}").into(),
                product: Product { interval, ..noon() },
                quantity_wh: wh.into(),
                price_per_kwh: Decimal::ONE,
                buyer,
                seller,
                buy_tender: "b".into(),
                sell_tender: "s".into(),
                at: at(seconds),
            };
            now(site.traded(trade, at(seconds))).unwrap();
        }
    }
}

fn value(site: &Simulator, kind: Kind, at: Timestamp) -> Option<Decimal> {
    now(site.measure(at)).unwrap().into_iter().find(|r| r.kind == kind).map(|r| r.value)
}

/// Runs the acts, then gives the flows of every second.
fn run(settings: &Settings, acts: &[(i64, Act)]) -> (Simulator, Vec<Flows>) {
    let site = site(settings);
    for (seconds, what) in acts {
        act(&site, *seconds, what);
    }
    let flows = (0..END_S).map(|s| site.flows(at(s)).unwrap()).collect();
    (site, flows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn energy_is_conserved(settings in all_settings(), acts in acts()) {
        let (site, flows) = run(&settings, &acts);
        let profile = profile();
        let efficiency = settings.battery.as_ref().map_or(Decimal::ONE, |b| b.round_trip_efficiency);
        let (mut net_j, mut stored_j) = (Decimal::ZERO, Decimal::ZERO);
        for (second, f) in (0..).zip(&flows) {
            prop_assert_eq!(f.base_w, profile.power_w(at(second)));
            net_j += f.base_w - f.shed_w + f.rebound_w + f.charge_w - f.discharge_w;
            stored_j += f.charge_w * efficiency - f.discharge_w;
        }
        let wh = |joules: Decimal| (joules / Decimal::from(3600)).round_dp(3);
        prop_assert_eq!(value(&site, Kind::Energy, at(END_S)), Some(wh(net_j)));
        if let Some(battery) = &settings.battery {
            let held = wh(battery.rest_wh * Decimal::from(3600) + stored_j);
            prop_assert_eq!(value(&site, Kind::Stored, at(END_S)), Some(held));
        }
    }

    #[test]
    fn no_flow_leaves_its_bounds(settings in all_settings(), acts in acts()) {
        let (site, flows) = run(&settings, &acts);
        let battery = settings.battery.clone();
        let power_w = battery.as_ref().map_or(Decimal::ZERO, |b| b.power_w);
        let share = settings.flexible.as_ref().map_or(Decimal::ZERO, |f| f.share);
        let rebound = settings.flexible.as_ref().map_or(Decimal::ZERO, |f| f.rebound);
        let mut owed_j = Decimal::ZERO;
        for f in &flows {
            for flow in [f.base_w, f.shed_w, f.rebound_w, f.charge_w, f.discharge_w] {
                prop_assert!(flow >= Decimal::ZERO, "{f:?}");
            }
            prop_assert!(f.shed_w <= f.base_w * share);
            prop_assert!(f.charge_w.max(f.discharge_w) <= power_w);
            prop_assert!(f.charge_w.is_zero() || f.discharge_w.is_zero());
            owed_j += f.shed_w * rebound - f.rebound_w;
            prop_assert!(owed_j >= Decimal::ZERO, "drew later more than was shed");
        }
        for second in (0..END_S).step_by(97) {
            if let (Some(held), Some(b)) = (value(&site, Kind::Stored, at(second)), &battery) {
                prop_assert!(held >= Decimal::ZERO && held <= b.capacity_wh);
            }
        }
    }

    #[test]
    fn reading_changes_nothing(
        settings in all_settings(),
        acts in acts(),
        reads in vec(0..END_S, 0..40),
    ) {
        let (quiet, watched) = (site(&settings), site(&settings));
        let mut reads = reads;
        reads.sort_unstable();
        let mut due = reads.into_iter().peekable();
        for (seconds, what) in &acts {
            while let Some(read) = due.next_if(|read| read <= seconds) {
                now(watched.measure(at(read))).unwrap();
                now(watched.status(at(read))).unwrap();
            }
            act(&quiet, *seconds, what);
            act(&watched, *seconds, what);
        }
        for second in (0..END_S).step_by(61) {
            prop_assert_eq!(now(quiet.measure(at(second))), now(watched.measure(at(second))));
        }
    }

    #[test]
    fn the_power_shown_is_the_slope_of_the_register(settings in all_settings(), acts in acts()) {
        let (site, _) = run(&settings, &acts);
        for second in (0..END_S).step_by(113) {
            let power = value(&site, Kind::Power, at(second)).unwrap();
            let one = |s| value(&site, Kind::Energy, at(s)).unwrap();
            let grown = (one(second + 1) - one(second)) * Decimal::from(3600);
            // Two readings, each rounded to a thousandth of a Wh: 3.6 J.
            prop_assert!((grown - power).abs() <= Decimal::new(36, 1), "{grown} {power}");
        }
    }

    #[test]
    fn everything_asked_twice_is_asked_once(settings in all_settings(), acts in acts()) {
        let (once, twice) = (site(&settings), site(&settings));
        let next = acts.iter().skip(1).map(|(seconds, _)| *seconds).chain([i64::MAX]);
        for ((seconds, what), next) in acts.iter().zip(next) {
            act(&once, *seconds, what);
            act(&twice, *seconds, what);
            act(&twice, *seconds, what);
            if seconds + 7 < next {
                act(&twice, seconds + 7, what);
            }
        }
        for second in 0..END_S {
            prop_assert_eq!(once.flows(at(second)), twice.flows(at(second)));
        }
    }

    #[test]
    fn the_demos_event_is_seen_at_the_meter(settings in all_settings(), level in 1..4_u8) {
        let (quiet, asked) = (site(&settings), site(&settings));
        let key = SignalKey { event: "e".into(), modification: 0, signal: "0".into(), interval: 0 };
        let signal = Signal::Simple(level);
        let active = vec![ActiveSignal { key, priority: 1, signal, until: Some(at(7200)) }];
        act(&asked, 3600, &Act::Ask(active));
        let drawn = |site: &Simulator| {
            value(site, Kind::Energy, at(7200)).unwrap() - value(site, Kind::Energy, at(3600)).unwrap()
        };
        let flexible = settings.flexible.as_ref().is_some_and(|f| f.share >= Decimal::new(1, 2));
        prop_assert!(drawn(&asked) <= drawn(&quiet));
        prop_assert!(!flexible || drawn(&asked) < drawn(&quiet));
    }
}

const END_S: i64 = 8 * 3600;
