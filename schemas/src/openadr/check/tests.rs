//! Each rule broken once, beside a message that keeps it.

mod samples;

use rust_decimal::Decimal;

use super::*;
use crate::openadr::EventStatus;
use crate::openadr::currency::ISO3AlphaCurrencyCodeContent as Iso;
use crate::openadr::ei::{
    EiEvent, EiEventBaseline, EiEventSignal, EiTarget, OptReason, OptType, QualifiedEventID,
    ReadingType, ReportName, ReportSpecifier, SignalName, SignalTypeEnumerated as Type,
    SpecifierPayload,
};
use crate::openadr::emix::ItemBase;
use crate::openadr::event::tests::{d, event, t};
use crate::openadr::oadr::*;
use crate::openadr::power::PowerAttributes;
use crate::openadr::report::{self, Heading, Row, Sampling};
use crate::openadr::scale::SiScaleCode;
use crate::openadr::strm::Intervals;
use crate::openadr::xcal::{Properties, WsCalendarInterval};
use crate::xml::Text;

/// The rule and code of what `break_it` does to a good event.
fn broken(break_it: impl FnOnce(&mut EiEvent)) -> (u16, u16) {
    let mut event = event("PT1H", &["PT20M", "PT40M"]);
    assert_eq!(check_event(&event), Ok(()));
    break_it(&mut event);
    let fault = check_event(&event).expect_err("a broken event passes");
    (fault.rule, fault.code.number())
}

fn signal(event: &mut EiEvent) -> &mut EiEventSignal {
    &mut event.ei_event_signals.ei_event_signal[0]
}

fn values(signal: &mut EiEventSignal, values: [&str; 2]) {
    let decimals = values.map(|v| (d("PT30M"), v.parse::<Decimal>().unwrap()));
    signal.intervals = Intervals::of_signal(decimals);
}

#[test]
fn rule_2_numbers_intervals_from_zero() {
    assert_eq!(broken(|e| signal(e).intervals.interval[0].uid = None), (2, 459));
    let later = |e: &mut EiEvent| signal(e).intervals.interval[1].uid = Some("2".into());
    assert_eq!(broken(later), (2, 450));
}

#[test]
fn rule_8_compares_the_sum_of_intervals_with_the_event() {
    assert_eq!(
        broken(|e| signal(e).intervals.interval[1].duration = Some(d("PT41M").into())),
        (8, 454)
    );
    assert_eq!(broken(|e| e.ei_active_period.properties.duration = d("PT0S").into()), (8, 454));
}

#[test]
fn rules_9_and_116_bound_simple() {
    assert_eq!(broken(|e| values(signal(e), ["1", "4"])), (9, 454));
    assert_eq!(broken(|e| values(signal(e), ["1", "1.5"])), (9, 454));
    assert_eq!(broken(|e| signal(e).signal_type = Type::Delta), (116, 454));
    assert_eq!(
        broken(|e| signal(e).item_base = Some(ItemBase::energy_real(SiScaleCode::K))),
        (104, 454)
    );
}

#[test]
fn rule_14_shows_zero_before_the_event() {
    assert_eq!(broken(|e| signal(e).current_value = Some(Decimal::ONE.into())), (14, 454));
    let mut running = event("PT1H", &["PT1H"]);
    running.event_descriptor.event_status = EventStatus::Active;
    signal(&mut running).current_value = Some(Decimal::ONE.into());
    assert_eq!(check_event(&running), Ok(()));
}

#[test]
fn rule_63_allows_one_ven() {
    assert_eq!(broken(|e| e.ei_target.ven_id.push("other".into())), (63, 459));
}

#[test]
fn rules_100_102_and_103_shape_intervals() {
    let interval = |break_it: fn(&mut crate::openadr::ei::Interval)| {
        broken(|e| break_it(&mut signal(e).intervals.interval[0]))
    };
    let twice = interval(|i| {
        let again = i.stream_payload_base[0].clone();
        i.stream_payload_base.push(again);
    });
    assert_eq!(twice, (100, 459));
    assert_eq!(interval(|i| i.duration = None), (102, 459));
    assert_eq!(interval(|i| i.duration = Some(d("-PT20M").into())), (102, 454));
    assert_eq!(interval(|i| i.dtstart = Some(t("2026-01-05T12:00:00Z").into())), (103, 459));
}

#[test]
fn rules_101_and_102_hold_for_the_baseline_with_its_own_times() {
    let baseline = |e: &mut EiEvent, intervals: &[&str]| {
        let values = intervals.iter().map(|i| (d(i), Decimal::TEN));
        e.ei_event_signals.ei_event_baseline = Some(EiEventBaseline {
            dtstart: t("2026-01-04T12:00:00Z").into(),
            duration: d("P1D").into(),
            intervals: Intervals::of_signal(values),
            baseline_id: "b".into(),
            resource_id: vec![],
            baseline_name: "yesterday".into(),
            item_base: None,
        });
    };
    let mut good = event("PT1H", &["PT1H"]);
    baseline(&mut good, &["PT12H", "PT12H"]);
    assert_eq!(check_event(&good), Ok(()));
    assert_eq!(broken(|e| baseline(e, &["PT12H", "PT11H"])), (102, 454));
    let unnumbered = broken(|e| {
        baseline(e, &["P1D"]);
        let baseline = e.ei_event_signals.ei_event_baseline.as_mut().unwrap();
        baseline.intervals.interval[0].uid = None;
    });
    assert_eq!(unnumbered, (101, 459));
}

#[test]
fn rules_105_and_107_want_a_notification_and_unique_signals() {
    assert_eq!(broken(|e| e.ei_active_period.properties.x_ei_notification = None), (105, 459));
    let twin = |e: &mut EiEvent| {
        let twin = signal(e).clone();
        e.ei_event_signals.ei_event_signal.push(twin);
    };
    assert_eq!(broken(twin), (107, 454));
}

#[test]
fn rule_111_narrows_a_signal_by_device_class_alone() {
    let target = |target: EiTarget| broken(|e| signal(e).ei_target = Some(target));
    assert_eq!(target(EiTarget::resources(["r"])), (111, 459));
    assert_eq!(target(EiTarget::device_classes(["Toaster"])), (111, 454));
    assert_eq!(target(EiTarget::default()), (111, 459));
    let mut good = event("PT1H", &["PT1H"]);
    signal(&mut good).ei_target = Some(EiTarget::device_classes(["EVSE", "x-kiln"]));
    assert_eq!(check_event(&good), Ok(()));
}

#[test]
fn rule_104_follows_the_table_of_signals() {
    let kwh = Some(ItemBase::currency_per_kwh(Iso::Eur));
    let kw = Some(ItemBase::currency_per_kw(Iso::Eur));
    let power =
        Some(ItemBase::power_real(SiScaleCode::K, PowerAttributes::ac(50.into(), 230.into())));
    let energy = Some(ItemBase::energy_real(SiScaleCode::None_));
    let cases = [
        (SignalName::ElectricityPrice, Type::Price, &kwh, ["-0.05", "12"], true),
        (SignalName::ElectricityPrice, Type::Price, &kw, ["1", "1"], false),
        (SignalName::ElectricityPrice, Type::PriceMultiplier, &None, ["1.5", "0.5"], true),
        (SignalName::ElectricityPrice, Type::Level, &None, ["1", "1"], false),
        (SignalName::DemandCharge, Type::PriceRelative, &kw, ["1", "-1"], true),
        (SignalName::BidPrice, Type::Price, &kw, ["1", "1"], true),
        (SignalName::BidLoad, Type::Setpoint, &energy, ["1", "1"], false),
        (SignalName::ChargeState, Type::Multiplier, &None, ["0", "1"], true),
        (SignalName::ChargeState, Type::Multiplier, &None, ["0", "1.01"], false),
        (SignalName::LoadDispatch, Type::Setpoint, &power, ["-3.5", "1e3"], true),
        (SignalName::LoadDispatch, Type::Level, &power, ["-10", "10"], true),
        (SignalName::LoadDispatch, Type::Level, &power, ["-10", "11"], false),
        (SignalName::LoadDispatch, Type::Level, &power, ["0", "0.5"], false),
        (SignalName::LoadControl, Type::XLoadControlLevelOffset, &None, ["-400", "2"], true),
        (SignalName::LoadControl, Type::XLoadControlCapacity, &None, ["-0.1", "1"], false),
    ];
    for (name, kind, unit, numbers, good) in cases {
        let case = format!("{name} {kind} {numbers:?}");
        let numbers =
            numbers.map(|n| (d("PT1M"), crate::xml::Float::parse(n).unwrap().decimal().unwrap()));
        let signal = EiEventSignal::new("s", name, kind, numbers);
        let signal = EiEventSignal { item_base: unit.clone(), ..signal };
        match check_signal(&signal) {
            Ok(()) => assert!(good, "{case}"),
            Err(fault) => assert!(!good && fault.rule == 104, "{case}: {fault}"),
        }
    }
}

#[test]
fn every_row_of_the_table_is_found_by_its_own_signal() {
    for row in SIGNALS {
        let unit = match row.unit {
            Unit::None => None,
            Unit::Money | Unit::MoneyPerKW => Some(ItemBase::currency_per_kw(Iso::Eur)),
            Unit::MoneyPerKWh => Some(ItemBase::currency_per_kwh(Iso::Eur)),
            Unit::Power => Some(ItemBase::power_real(
                SiScaleCode::None_,
                PowerAttributes::ac(50.into(), 230.into()),
            )),
            Unit::Energy => Some(ItemBase::energy_real(SiScaleCode::None_)),
        };
        let one = [(d("PT1H"), Decimal::ONE)];
        let signal = EiEventSignal::new("s", row.name.clone(), row.kind.clone(), one);
        assert_eq!(check_signal(&EiEventSignal { item_base: unit, ..signal }), Ok(()), "{row:?}");
    }
}

fn opt() -> OadrCreateOpt {
    OadrCreateOpt {
        schema_version: None,
        opt_id: "o".into(),
        opt_type: OptType::OptOut,
        opt_reason: OptReason::Economic,
        market_context: None,
        ven_id: "v".into(),
        vavailability: Some([(t("2026-01-06T00:00:00Z"), d("P1D"))].into_iter().collect()),
        created_date_time: t("2026-01-05T00:00:00Z").into(),
        request_id: "r".into(),
        qualified_event_id: None,
        ei_target: EiTarget::ven("v"),
        oadr_device_class: None,
    }
}

#[test]
fn rules_200_206_and_209_shape_opts() {
    assert_eq!(check_opt(&opt()), Ok(()));
    let rule = |break_it: fn(&mut OadrCreateOpt)| {
        let mut opt = opt();
        break_it(&mut opt);
        check_opt(&opt).unwrap_err().rule
    };
    let event = || Some(QualifiedEventID::new("e", 0));
    assert_eq!(rule(|o| o.vavailability = None), 206);
    assert_eq!(rule(|o| o.qualified_event_id = Some(QualifiedEventID::new("e", 0))), 206);
    let contextual = OadrCreateOpt {
        qualified_event_id: event(),
        vavailability: None,
        market_context: Some("http://m".into()),
        ..opt()
    };
    assert_eq!(check_opt(&contextual).unwrap_err().rule, 206);
    let plain = OadrCreateOpt { market_context: None, ..contextual };
    assert_eq!(check_opt(&plain), Ok(()));
    assert_eq!(rule(|o| o.oadr_device_class = Some(EiTarget::ven("v"))), 209);
    let ramp = rule(|o| {
        let times = &mut o.vavailability.as_mut().unwrap().components.available;
        times[0].properties.x_ei_ramp_up = Some(d("PT1M").into());
    });
    assert_eq!(ramp, 200);
}

#[test]
fn rule_402_ties_transport_address_and_ids() {
    let good = OadrCreatePartyRegistration {
        schema_version: None,
        request_id: "r".into(),
        registration_id: None,
        ven_id: None,
        oadr_profile_name: OadrProfile::V20b,
        oadr_transport_name: OadrTransport::SimpleHttp,
        oadr_transport_address: None,
        oadr_report_only: false,
        oadr_xml_signature: false,
        oadr_ven_name: None,
        oadr_http_pull_model: Some(true),
    };
    assert_eq!(check_registration(&good), Ok(()));
    let silent = OadrCreatePartyRegistration { oadr_http_pull_model: None, ..good.clone() };
    assert_eq!(check_registration(&silent).unwrap_err().rule, 402);
    let pushed = OadrCreatePartyRegistration { oadr_http_pull_model: Some(false), ..good.clone() };
    assert!(check_registration(&pushed).is_err());
    let address = Some("https://ven".to_owned());
    let pushed = OadrCreatePartyRegistration { oadr_transport_address: address, ..pushed };
    assert_eq!(check_registration(&pushed), Ok(()));
    let renewed = OadrCreatePartyRegistration { registration_id: Some("g".into()), ..good };
    assert!(check_registration(&renewed).is_err());
}

fn metadata() -> OadrRegisterReport {
    let sampling = Sampling::every(d("PT1M"));
    let unit = ItemBase::energy_real(SiScaleCode::K);
    let usage = report::usage_description("u", unit, EiTarget::resources(["r"]), sampling);
    let status = report::status_description("s", EiTarget::resources(["r"]), sampling);
    let created = t("2026-01-05T00:00:00Z");
    let report =
        |name, id: &str, points| OadrReport::metadata(name, id, d("PT2H"), points, created);
    OadrRegisterReport {
        schema_version: None,
        request_id: "r".into(),
        oadr_report: vec![
            report(ReportName::MetadataTelemetryUsage, "1", vec![usage]),
            report(ReportName::MetadataTelemetryStatus, "2", vec![status]),
        ],
        ven_id: Some("v".into()),
        report_request_id: None,
    }
}

#[test]
fn metadata_reports_keep_rules_305_to_312_331_and_333() {
    assert_eq!(check_report_metadata(&metadata()), Ok(()));
    let rule = |break_it: fn(&mut OadrReport)| {
        let mut metadata = metadata();
        break_it(&mut metadata.oadr_report[0]);
        check_report_metadata(&metadata).unwrap_err().rule
    };
    assert_eq!(rule(|r| r.oadr_report_description.clear()), 305);
    assert_eq!(rule(|r| r.dtstart = Some(t("2026-01-05T00:00:00Z").into())), 305);
    assert_eq!(rule(|r| r.oadr_report_description[0].item_base = None), 305);
    assert_eq!(
        rule(|r| r.oadr_report_description[0].report_subject = Some(EiTarget::ven("v"))),
        307
    );
    assert_eq!(rule(|r| r.report_specifier_id = "2".into()), 308);
    let twice = rule(|r| {
        let twin = r.oadr_report_description[0].clone();
        r.oadr_report_description.push(twin);
    });
    assert_eq!(twice, 308);
    assert_eq!(rule(|r| r.report_request_id = "7".into()), 311);
    assert_eq!(rule(|r| r.duration = None), 312);
    assert_eq!(rule(|r| r.duration = Some(d("PT59S").into())), 312);
    assert_eq!(rule(|r| r.report_name = Some(ReportName::TelemetryUsage)), 331);
    assert_eq!(rule(|r| r.report_name = Some(ReportName::MetadataTelemetryStatus)), 331);
    assert_eq!(rule(|r| r.oadr_report_description[0].reading_type = ReadingType::Net), 331);
    assert_eq!(rule(|r| r.oadr_report_description[0].oadr_sampling_rate = None), 333);
}

#[test]
fn rules_321_and_338_keep_requests_plain() {
    let good = OadrReportRequest {
        report_request_id: "7".into(),
        report_specifier: ReportSpecifier {
            report_specifier_id: "1".into(),
            granularity: d("PT15M").into(),
            report_back_duration: d("PT1H").into(),
            report_interval: Some(WsCalendarInterval {
                properties: Properties::new(t("2026-01-05T12:00:00Z"), d("PT0S")),
            }),
            specifier_payload: vec![SpecifierPayload {
                rid: "u".into(),
                item_base: None,
                reading_type: ReadingType::XNotApplicable,
            }],
        },
    };
    assert_eq!(check_report_request(&good), Ok(()));
    let rule = |break_it: fn(&mut ReportSpecifier)| {
        let mut request = good.clone();
        break_it(&mut request.report_specifier);
        check_report_request(&request).unwrap_err().rule
    };
    assert_eq!(rule(|s| s.specifier_payload[0].reading_type = ReadingType::DirectRead), 338);
    let unit =
        rule(|s| s.specifier_payload[0].item_base = Some(ItemBase::energy_real(SiScaleCode::K)));
    assert_eq!(unit, 321);
    let tolerance = rule(|s| {
        let interval = s.report_interval.as_mut().unwrap();
        interval.properties = interval.properties.clone().with_startafter(d("PT1M"));
    });
    assert_eq!(tolerance, 321);
}

#[test]
fn data_reports_keep_rules_313_to_316_and_342() {
    let heading = Heading {
        report_request_id: "7".into(),
        report_specifier_id: "1".into(),
        report_name: ReportName::TelemetryUsage,
        created: t("2026-01-05T13:00:00Z"),
    };
    let rows = ["2026-01-05T12:00:00Z", "2026-01-05T12:15:00Z"]
        .map(|start| Row::at("u", t(start), Decimal::ONE).over(d("PT15M")));
    let good = OadrReport::of_rows(heading, &rows).unwrap();
    assert_eq!(check_report_data(&good), Ok(()));
    assert_eq!(check_report_kind(&good, Sampled::Spans), Ok(()));
    assert_eq!(check_report_kind(&good, Sampled::Instants).unwrap_err().rule, 342);
    let rule = |break_it: fn(&mut OadrReport)| {
        let mut report = good.clone();
        break_it(&mut report);
        check_report_data(&report).unwrap_err().rule
    };
    assert_eq!(rule(|r| r.dtstart = None), 313);
    assert_eq!(rule(|r| r.intervals = None), 313);
    assert_eq!(rule(|r| r.report_name = None), 313);
    assert_eq!(rule(|r| r.report_name = Some(ReportName::MetadataTelemetryUsage)), 313);
    assert_eq!(rule(|r| r.intervals.as_mut().unwrap().interval[0].dtstart = None), 314);
    assert_eq!(rule(|r| r.dtstart = Some(t("2026-01-05T12:00:01Z").into())), 314);
    assert_eq!(rule(|r| r.intervals.as_mut().unwrap().interval.reverse()), 314);
    assert_eq!(rule(|r| r.intervals.as_mut().unwrap().interval[0].duration = None), 315);
    let timeless = rule(|r| {
        for interval in &mut r.intervals.as_mut().unwrap().interval {
            (interval.dtstart, interval.duration) = (None, None);
        }
    });
    assert_eq!(timeless, 315);
    let unnumbered = rule(|r| {
        for interval in &mut r.intervals.as_mut().unwrap().interval {
            (interval.dtstart, interval.uid) = (None, None);
        }
    });
    assert_eq!(unnumbered, 316);
}
