//! The simulated site, seen from its VEN. Y.2072 8.2.3.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

mod common;

use std::time::Duration;

use common::{at, now, number};
use jiff::Timestamp;
use oadr_platform::{
    Interval, Prosumer, Reason,
    market::{Side, Trade},
    opt::{Opt, OptReason, OptSchedule},
    prosumer::{
        Decision, EventOffer, Instruction,
        site::{Battery, Flexible, Profile, Settings, Simulator, Tariff, Trading},
    },
    reading::Kind,
    signal::{ActiveSignal, Signal, SignalKey},
};
use rust_decimal::Decimal;

/// A house that draws 1,000 W day and night.
fn profile() -> Profile {
    Profile::parse("timestamp_utc,wh\n2021-01-12T00:00:00Z,1000\n2021-01-12T01:00:00Z,1000\n")
        .unwrap()
}

fn settings() -> Settings {
    Settings {
        resource: "house".into(),
        battery: Some(Battery {
            capacity_wh: 10_000.into(),
            power_w: 3_000.into(),
            round_trip_efficiency: number("0.9"),
            rest_wh: 6_000.into(),
        }),
        flexible: Some(Flexible {
            share: number("0.4"),
            rebound: number("0.8"),
            rebound_power_w: 200.into(),
        }),
        tariff: Some(Tariff {
            usual_per_kwh: number("0.30"),
            dear_from_per_kwh: number("0.45"),
            cheap_to_per_kwh: number("0.15"),
            currency: "EUR".into(),
        }),
        trading: Some(Trading {
            party: "ven-1".into(),
            market_context: "http://market.example".into(),
            class: "energy".into(),
            currency: "EUR".into(),
            sell_from_per_kwh: number("0.20"),
            buy_to_per_kwh: number("0.35"),
            reserve_wh: 1_000.into(),
        }),
    }
}

fn house() -> Simulator {
    Simulator::new(settings(), profile(), at(0)).unwrap()
}

fn ask(signal: Signal, until: Option<Timestamp>) -> Instruction {
    let key = SignalKey { event: "e".into(), modification: 0, signal: "0".into(), interval: 0 };
    let active = vec![ActiveSignal { key, priority: 1, signal, until }];
    Instruction { resource: "house".into(), active }
}

fn read(house: &Simulator, kind: Kind, seconds: i64) -> Decimal {
    let readings = now(house.measure(at(seconds))).unwrap();
    readings.into_iter().find(|r| r.kind == kind).unwrap().value
}

fn power(house: &Simulator, seconds: i64) -> Decimal {
    read(house, Kind::Power, seconds)
}

#[test]
fn undisturbed_it_draws_what_the_meter_data_says() {
    let house = house();
    assert_eq!(power(&house, 30), 1000.into());
    assert_eq!(read(&house, Kind::Energy, 36 * 60), 600.into());
    assert_eq!(read(&house, Kind::Stored, 36 * 60), 6000.into());
}

#[test]
fn each_level_sheds_more_and_none_feeds_in() {
    let of_level = |level, battery: bool| {
        let mut settings = settings();
        settings.battery = settings.battery.filter(|_| battery);
        let house = Simulator::new(settings, profile(), at(0)).unwrap();
        now(house.apply(ask(Signal::Simple(level), None), at(60))).unwrap();
        power(&house, 90)
    };
    assert_eq!([0, 1, 2, 3].map(|l| of_level(l, false)), [1000, 800, 600, 600].map(Decimal::from));
    assert_eq!([0, 1, 2, 3].map(|l| of_level(l, true)), [1000, 800, 0, 0].map(Decimal::from));
}

#[test]
fn a_dispatch_is_followed_as_far_as_battery_and_load_reach() {
    for (signal, expected) in [
        (Signal::Setpoint { power_w: 250.into() }, 250),
        (Signal::Setpoint { power_w: (-1500).into() }, -1500),
        (Signal::Setpoint { power_w: (-9000).into() }, -2400),
        (Signal::Setpoint { power_w: 2500.into() }, 2500),
        (Signal::Setpoint { power_w: 9000.into() }, 4000),
        (Signal::Delta { power_w: (-700).into() }, 300),
        (Signal::Multiplier(number("0.5")), 500),
    ] {
        let house = house();
        now(house.apply(ask(signal.clone(), None), at(60))).unwrap();
        assert_eq!(power(&house, 61), expected.into(), "{signal:?}");
    }
}

#[test]
fn a_dear_price_is_avoided_and_a_cheap_one_used() {
    let house = house();
    now(house.apply(ask(Signal::PriceMultiplier(2.into()), None), at(60))).unwrap();
    assert!(power(&house, 61) < 1000.into());
    now(house.apply(ask(Signal::PriceMultiplier(number("0.1")), None), at(120))).unwrap();
    assert!(power(&house, 121) > 1000.into());
}

#[test]
fn after_a_release_it_draws_what_it_shed_and_charges_again() {
    let house = house();
    now(house.apply(ask(Signal::Simple(3), None), at(0))).unwrap();
    assert_eq!(power(&house, 3599), Decimal::ZERO);
    now(house.apply(Instruction::release("house".into()), at(3600))).unwrap();
    // 200 W of rebound, half the battery's power.
    assert_eq!(power(&house, 3601), 2700.into());
    // 400 Wh were shed, 320 of them come back at 200 W: over after 96 minutes.
    assert_eq!(house.flows(at(3600 + 95 * 60)).unwrap().rebound_w, 200.into());
    assert_eq!(house.flows(at(3600 + 96 * 60)).unwrap().rebound_w, Decimal::ZERO);
    assert_eq!(power(&house, 12 * 3600), 1000.into());
    assert_eq!(read(&house, Kind::Stored, 12 * 3600), 6000.into());
}

#[test]
fn a_signal_ends_by_itself_when_no_release_comes() {
    let house = house();
    now(house.apply(ask(Signal::Simple(1), Some(at(630))), at(0))).unwrap();
    assert_eq!(power(&house, 629), 800.into());
    assert!(power(&house, 630) > 1000.into());
}

#[test]
fn the_same_instruction_again_changes_nothing() {
    let (once, twice) = (house(), house());
    let ask = || ask(Signal::Simple(2), None);
    now(once.apply(ask(), at(30))).unwrap();
    now(twice.apply(ask(), at(30))).unwrap();
    now(twice.apply(ask(), at(77))).unwrap();
    for seconds in [30, 77, 100, 7200, 20_000] {
        assert_eq!(now(once.measure(at(seconds))), now(twice.measure(at(seconds))));
    }
}

#[test]
fn an_instruction_for_another_resource_is_refused() {
    let refusal = now(house().apply(Instruction::release("barn".into()), at(0))).unwrap_err();
    assert_eq!(refusal.reason, Reason::Unknown);
}

#[test]
fn the_past_reads_as_it_read_then_and_before_the_start_is_refused() {
    let house = house();
    now(house.apply(ask(Signal::Simple(3), None), at(90))).unwrap();
    let then: Vec<_> = (0..200).map(|s| now(house.measure(at(s)))).collect();
    now(house.measure(at(9000))).unwrap();
    let again: Vec<_> = (0..200).map(|s| now(house.measure(at(s)))).collect();
    assert_eq!(then, again);
    assert_eq!(now(house.measure(at(-1))).unwrap_err().reason, Reason::TooLate);
    now(house.measure(at(3 * 86_400))).unwrap();
    assert_eq!(now(house.measure(at(60))).unwrap_err().reason, Reason::TooLate);
}

fn offer() -> EventOffer {
    EventOffer {
        event: "e".into(),
        modification: 0,
        market_context: "http://programme.example".into(),
        priority: 1,
        test: false,
        interval: Interval::new(at(3600), Duration::from_secs(1800)),
        resources: vec![],
        signals: vec![],
    }
}

fn opted_out(house: &Simulator, offer: &EventOffer) -> Option<OptReason> {
    match now(house.decide(offer, at(0))).unwrap() {
        Decision::OptIn => None,
        Decision::OptOut { reason, .. } => Some(reason),
    }
}

#[test]
fn it_opts_in_unless_something_stands_against_it() {
    let house = house();
    assert_eq!(opted_out(&house, &offer()), None);
    let elsewhere = EventOffer { resources: vec!["barn".into()], ..offer() };
    assert_eq!(opted_out(&house, &elsewhere), Some(OptReason::NotParticipating));
    house.set_override(true, at(0));
    assert_eq!(opted_out(&house, &offer()), Some(OptReason::OverrideStatus));
    let nothing = Settings { battery: None, flexible: None, ..settings() };
    let bare = Simulator::new(nothing, profile(), at(0)).unwrap();
    assert_eq!(opted_out(&bare, &offer()), Some(OptReason::NotParticipating));
}

#[test]
fn an_opt_out_schedule_keeps_it_out_of_events_it_touches() {
    let house = house();
    let schedule = OptSchedule {
        id: "away".into(),
        opt: Opt::Out,
        reason: OptReason::NotParticipating,
        market_context: None,
        resources: vec![],
        intervals: vec![Interval::new(at(5000), Duration::from_secs(1000))],
    };
    house.add_schedule(schedule.clone());
    assert_eq!(opted_out(&house, &offer()), Some(OptReason::Schedule));
    let earlier =
        EventOffer { interval: Interval::new(at(0), Duration::from_secs(5000)), ..offer() };
    assert_eq!(opted_out(&house, &earlier), None);
    let open = EventOffer { interval: Interval::new(at(0), Duration::ZERO), ..offer() };
    assert_eq!(opted_out(&house, &open), Some(OptReason::Schedule));
    assert_eq!(now(house.availability(at(5999))), Ok(vec![schedule]));
    assert_eq!(now(house.availability(at(6000))), Ok(vec![]));
    house.remove_schedule(&"away".into());
    assert_eq!(opted_out(&house, &offer()), None);
}

#[test]
fn a_manual_override_drops_signals_and_shows_in_the_status() {
    let house = house();
    now(house.apply(ask(Signal::Simple(3), None), at(0))).unwrap();
    let status = now(house.status(at(60))).unwrap().remove(0);
    assert!(status.online && !status.manual_override);
    house.set_override(true, at(120));
    let status = now(house.status(at(120))).unwrap().remove(0);
    assert!(status.manual_override && status.sheddable_w.is_zero());
    assert!(status.power_w >= 1000.into());
    let refusal = now(house.apply(ask(Signal::Simple(3), None), at(180))).unwrap_err();
    assert_eq!(refusal.reason, Reason::NotAllowed);
}

#[test]
fn the_status_tells_what_could_be_shed() {
    let status = now(house().status(at(60))).unwrap().remove(0);
    assert_eq!((status.power_w, status.sheddable_w), (1000.into(), 3400.into()));
}

#[test]
fn surplus_is_offered_for_the_next_hour_at_the_sellers_limit() {
    let house = house();
    let tenders = now(house.tenders(at(1800))).unwrap();
    let [tender] = &tenders[..] else { panic!("{tenders:?}") };
    // The battery gives 3,000 W for an hour; the house needs 1,000 Wh of it.
    assert_eq!((tender.side, tender.quantity_wh), (Side::Sell, 2000.into()));
    assert_eq!(tender.price_per_kwh, number("0.20"));
    assert_eq!(tender.product.interval, Interval::hour(at(3600)));
    assert_eq!(tender.expires_at, at(3600));
}

fn reserving(wh: i64) -> Simulator {
    let mut settings = settings();
    settings.trading.as_mut().unwrap().reserve_wh = wh.into();
    Simulator::new(settings, profile(), at(0)).unwrap()
}

#[test]
fn the_reserve_is_not_sold() {
    let offered = |house: Simulator| now(house.tenders(at(0))).unwrap().pop();
    // 6,000 Wh in store, of which 1,000 Wh are for the house itself.
    assert_eq!(offered(reserving(3_500)).unwrap().quantity_wh, 1500.into());
    assert_eq!(offered(reserving(5_000)), None);
    assert_eq!(offered(reserving(5_400)).unwrap().side, Side::Buy);
}

#[test]
fn shortfall_is_wanted_at_the_buyers_limit() {
    let house = Simulator::new(Settings { battery: None, ..settings() }, profile(), at(0)).unwrap();
    let tender = now(house.tenders(at(0))).unwrap().remove(0);
    assert_eq!((tender.side, tender.quantity_wh), (Side::Buy, 1000.into()));
    assert_eq!(tender.price_per_kwh, number("0.35"));
}

#[test]
fn a_tender_keeps_its_content_while_its_hour_is_ahead() {
    let house = reserving(4_000);
    let first = now(house.tenders(at(60))).unwrap();
    now(house.apply(ask(Signal::Simple(3), None), at(60))).unwrap();
    assert_eq!(now(house.tenders(at(3599))).unwrap(), first);
    assert_ne!(now(house.tenders(at(3600))).unwrap()[0].id, first[0].id);
}

fn sold(party: &str, wh: i64) -> Trade {
    let tender = now(house().tenders(at(0))).unwrap().remove(0);
    Trade {
        id: "trade".into(),
        product: tender.product,
        quantity_wh: wh.into(),
        price_per_kwh: number("0.25"),
        buyer: "ven-2".into(),
        seller: party.into(),
        buy_tender: "b".into(),
        sell_tender: tender.id,
        at: at(10),
    }
}

#[test]
fn what_was_sold_is_delivered_to_the_watt_hour() {
    let house = house();
    now(house.traded(sold("ven-1", 2000), at(10))).unwrap();
    now(house.traded(sold("ven-1", 2000), at(20))).unwrap();
    let before = read(&house, Kind::Energy, 3600);
    assert_eq!(read(&house, Kind::Energy, 7200) - before, (-2000).into());
    assert!(power(&house, 7201) > Decimal::ZERO);
}

#[test]
fn a_sale_begins_and_ends_to_the_second() {
    let house = house();
    let mut trade = sold("ven-1", 500);
    trade.product.interval = Interval::new(at(3630), Duration::from_secs(1815));
    now(house.traded(trade, at(10))).unwrap();
    assert_eq!(power(&house, 3629), 1000.into());
    assert!(power(&house, 3630) < Decimal::ZERO && power(&house, 5444) < Decimal::ZERO);
    assert!(power(&house, 5445) > Decimal::ZERO);
    let sold_wh = read(&house, Kind::Energy, 3630) - read(&house, Kind::Energy, 5445);
    assert_eq!(sold_wh, 500.into());
}

#[test]
fn a_dispatch_goes_before_a_sale() {
    let house = house();
    now(house.traded(sold("ven-1", 2000), at(10))).unwrap();
    now(house.apply(ask(Signal::Setpoint { power_w: 700.into() }, None), at(3600))).unwrap();
    assert_eq!(power(&house, 3700), 700.into());
}

#[test]
fn trades_of_others_and_of_nonsense_are_refused() {
    let house = house();
    let refused = |trade| now(house.traded(trade, at(10))).unwrap_err().reason;
    assert_eq!(refused(sold("ven-9", 2000)), Reason::NotAllowed);
    assert_eq!(refused(sold("ven-1", 0)), Reason::Malformed);
    let huge = Trade { quantity_wh: Decimal::MAX, ..sold("ven-1", 1) };
    assert_eq!(refused(huge), Reason::Malformed);
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    type Change = fn(&mut Battery);
    let changes: [Change; 4] = [
        |b| b.round_trip_efficiency = Decimal::ZERO,
        |b| b.rest_wh = 10_001.into(),
        |b| b.power_w = (-1).into(),
        |b| b.capacity_wh = Decimal::MAX,
    ];
    for change in changes {
        let mut settings = settings();
        change(settings.battery.as_mut().unwrap());
        let refusal = Simulator::new(settings, profile(), at(0)).unwrap_err();
        assert!(refusal.detail.contains("battery."), "{refusal}");
    }
}

#[test]
fn a_site_describes_its_points_and_reads_them_all() {
    let house = house();
    let site = now(house.describe()).unwrap();
    let names: Vec<_> = site.points.iter().map(|p| p.rid.as_str()).collect();
    assert_eq!(names, ["house-power", "house-energy", "house-stored", "house-status"]);
    let (told, read_at): (Vec<_>, Vec<_>) =
        site.points.into_iter().partition(|point| point.kind == Kind::Status);
    let read: Vec<_> = now(house.measure(at(0))).unwrap().into_iter().map(|r| r.rid).collect();
    assert_eq!(read, read_at.into_iter().map(|p| p.rid).collect::<Vec<_>>());
    let statuses = now(house.status(at(0))).unwrap().into_iter().map(|status| status.resource);
    assert!(statuses.eq(told.into_iter().map(|point| point.resource)), "rule 510");
}

#[test]
fn settings_are_read_to_the_digit_and_unknown_keys_are_errors() {
    let text = serde_json::to_string(&settings()).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings());
    let numbers = r#"{"resource": "house", "battery": {"capacity_wh": 10000, "power_w": 3000,
        "round_trip_efficiency": 0.9, "rest_wh": 6000}}"#;
    let read: Settings = serde_json::from_str(numbers).unwrap();
    assert_eq!(read.battery, settings().battery);
    assert_eq!(read.tariff, None);
    let unknown = r#"{"resource": "house", "batery": null}"#;
    assert!(serde_json::from_str::<Settings>(unknown).is_err());
}
