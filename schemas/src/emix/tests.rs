//! Products, prices, quantities and terms, from hand-written documents and at random.

mod random;

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::*;
use crate::ei::ei::EiTender;
use crate::ei::power::{ServiceDeliveryPoint, TemixPower};
use crate::ei::pyld::{EiCreateDelivery, EiCreateQuote, EiCreateTender, EiCreateTransaction};
use crate::ei::{emix, xcal};
use crate::xml::{self, Float, Limits, Text};

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn t(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A hand-written document of the reference set, if it is there.
fn sample<T: xml::Root>(name: &str) -> Option<T> {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.pop();
    folder.pop();
    let file = folder.join("shared/standards/samples/ei-1.0-handwritten").join(name);
    match std::fs::read(&file) {
        Ok(bytes) => Some(xml::decode(&bytes, &Limits::default()).unwrap()),
        Err(error) => {
            println!("SKIP: {}: {error}", file.display());
            None
        }
    }
}

fn place() -> Place {
    Place::ServiceDeliveryPoint(ServiceDeliveryPoint { node: "node-7".into() })
}

fn head() -> Head {
    Head {
        uid: "product-1".into(),
        state: TransactiveState::Tender,
        side: Side::Buy,
        market_context: "http://market.example/hourly".into(),
        currency: Some(CurrencyCode::Usd),
        expires: Some(t("2026-01-05T17:45:00Z")),
        integral_only: true,
        terms: None,
    }
}

fn tender() -> Product {
    let hour = (t("2026-01-05T18:00:00Z"), SignedDuration::from_hours(1));
    let product = Product::energy(head(), hour, place(), (dec("5000"), dec("0.12")));
    Product { interval_uid: "int-0".into(), ..product }
}

#[test]
fn the_handwritten_tender_is_five_kilowatt_hours_at_twelve_cents() {
    let Some(message) = sample::<EiCreateTender>("eiCreateTender.xml") else { return };
    let product = message.ei_tender[0].product().unwrap();
    assert_eq!(product, tender());
    assert_eq!(product.watt_hours(), Some(dec("5000")));
    assert_eq!(product.price_per_kwh(), Some(dec("0.12")));
    assert_eq!(EiTender::new("tender-1", &product).unwrap(), message.ei_tender[0]);
}

#[test]
fn the_handwritten_transaction_and_quote_are_products_too() {
    let Some(message) = sample::<EiCreateTransaction>("eiCreateTransaction.xml") else { return };
    let product = message.ei_transaction[0].product().unwrap();
    assert_eq!(product.head.state, TransactiveState::Transaction);
    assert_eq!((product.head.side, product.head.integral_only), (Side::Sell, false));
    let Some(message) = sample::<EiCreateQuote>("eiCreateQuote.xml") else { return };
    let products = message.ei_quote[0].products().unwrap();
    assert_eq!(products[0].head.state, TransactiveState::IndicationOfInterest);
    assert_eq!(products[0].quantity, Quantity::watt_hours(dec("5000")));
}

#[test]
fn the_handwritten_delivery_asks_without_intervals() {
    let Some(message) = sample::<EiCreateDelivery>("eiCreateDelivery.xml") else { return };
    let delivery = Delivery::try_from(&message.delivery[0]).unwrap();
    assert_eq!((delivery.uid.as_str(), delivery.injection), ("dlv-1", true));
    assert!(delivery.metered.is_empty());
}

#[test]
fn deliveries_survive_the_way_through_xml() {
    let hour = |k: i64| t("2026-01-05T18:00:00Z") + SignedDuration::from_hours(k);
    let metered = |k, quantity| Metered {
        uid: format!("{k}"),
        start: hour(k),
        duration: SignedDuration::from_hours(1),
        quantity,
    };
    let some = (Quantity::watt_hours(dec("4987.5")), Measure::KWH);
    let delivery = Delivery {
        uid: "d".into(),
        injection: false,
        metered: vec![metered(0, Some(some)), metered(1, None)],
    };
    let text = xml::encode(&delivery.to_emix().unwrap());
    assert!(text.contains("<emix:quantity>4.9875</emix:quantity>"), "{text}");
    let back: emix::Delivery = xml::decode(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(Delivery::try_from(&back).unwrap(), delivery);
    let answer = delivery.to_ei("id", hour(9)).unwrap();
    assert_eq!(Delivery::try_from(&answer).unwrap(), delivery);
}

#[test]
fn power_over_time_is_energy_and_prices_count_per_kilowatt_hour() {
    let frame = Frame { hertz: dec("50"), volts: dec("230"), ac: true };
    let half = SignedDuration::from_mins(30);
    let product = Product { duration: half, ..tender().at_power(dec("5000"), frame) };
    assert_eq!(product.watt_hours(), Some(dec("2500")));
    let mega = Measure::new(Unit::Wh, Scale::Mega);
    let product = Product { price: dec("120"), price_per: mega, ..product };
    assert_eq!(product.price_per_kwh(), Some(dec("0.12")));
    let tender = EiTender::new("t", &product).unwrap();
    assert_eq!(tender.product().unwrap(), product);
}

/// The temixPower inside an emixBase made by this module.
fn firm(base: &mut emix::EmixBase) -> &mut TemixPower {
    let emix::EmixBase::Product(product) = base else { panic!("no product") };
    let components = &mut product.components.vcalendar_contained_component;
    let xcal::VcalendarContainedComponent2::Interval(interval) = &mut components[0] else {
        panic!("no interval")
    };
    let properties = &mut interval.properties.as_mut().unwrap().base_property;
    let Some(xcal::BaseProperty::XWsCalendarAttach(attached)) = properties.last_mut() else {
        panic!("nothing attached")
    };
    match &mut attached.choice[0] {
        xcal::WsCalendarAttachChoice::ArtifactBase(xcal::ArtifactBase::TemixPower(firm)) => firm,
        _ => panic!("no temixPower"),
    }
}

#[test]
fn faults_name_the_element_and_the_mend() {
    let refused = |break_it: fn(&mut emix::EmixBase)| {
        let mut tender = EiTender::new("t", &tender()).unwrap();
        break_it(&mut tender.emix_base);
        tender.product().unwrap_err()
    };
    let error = refused(|base| firm(base).quantity = Float::parse("INF").unwrap());
    assert_eq!(
        error.path,
        "eiTender/emixBase/components/interval[int-0]/x-wsCalendar-attach/temixPower/quantity"
    );
    assert!(error.what.contains("INF") && error.mend.contains("finite"), "{error}");
    let error = refused(|base| firm(base).energy_item = None);
    assert!(error.mend.contains("energyItem"), "{error}");
    let error = refused(|base| {
        let emix::EmixBase::Product(product) = base else { panic!("no product") };
        product.components.vcalendar_contained_component.clear();
    });
    assert!(error.what.contains("no interval"), "{error}");
    let error = refused(|base| {
        let emix::EmixBase::Product(product) = base else { panic!("no product") };
        let again = product.components.vcalendar_contained_component[0].clone();
        product.components.vcalendar_contained_component.push(again);
    });
    assert!(error.what.contains("int-0: its uid is given twice"), "{error}");
}

#[test]
fn a_product_that_cannot_be_written_is_refused_before_it_is() {
    let odd = Product { duration: SignedDuration::from_millis(500), ..tender() };
    assert!(odd.to_emix().is_err());
    let negative = Product { duration: SignedDuration::from_secs(-1), ..tender() };
    assert!(negative.to_emix().is_err());
    let mixed = Product { quantity: Quantity::watts(dec("5")), ..tender() };
    assert!(mixed.to_emix().unwrap_err().what.contains("5 W cannot be written in Wh"));
    let measure = Measure { unit: Unit::W, scale: Scale::Kilo, frame: None };
    let frameless = Product { quantity: Quantity::watts(dec("5")), measure, ..tender() };
    assert!(frameless.to_emix().unwrap_err().mend.contains("hertz"));
}

#[test]
fn a_gluon_can_state_the_product_for_its_interval() {
    let mut base = tender().to_emix().unwrap();
    let emix::EmixBase::Product(product) = &mut base else { panic!("no product") };
    let components = &mut product.components.vcalendar_contained_component;
    let xcal::VcalendarContainedComponent2::Interval(interval) = &mut components[0] else {
        panic!("no interval")
    };
    let stated = interval.properties.as_mut().unwrap().base_property.split_off(1);
    let relation = xcal::RelatedToProp {
        parameters: Some(xcal::ArrayOfParameters {
            base_parameter: vec![xcal::BaseParameter::Reltype(xcal::ReltypeParam {
                text: "CHILD".into(),
            })],
        }),
        choice: xcal::RelatedToPropChoice::Uid("int-0".into()),
    };
    let mut base_property = vec![xcal::BaseProperty::RelatedTo(relation)];
    base_property.extend(stated);
    components.push(xcal::VcalendarContainedComponent2::Gluon(xcal::WsCalendarGluon {
        properties: Some(xcal::ArrayOfProperties { base_property }),
        components: Default::default(),
    }));
    assert_eq!(Product::try_from(&base).unwrap(), tender());
}

const BLOCKS: &str = r#"<ei:eiTender
    xmlns:ei="http://docs.oasis-open.org/ns/energyinterop/201110"
    xmlns:emix="http://docs.oasis-open.org/ns/emix/2011/06"
    xmlns:power="http://docs.oasis-open.org/ns/emix/2011/06/power"
    xmlns:resource="http://docs.oasis-open.org/ns/emix/2011/06/power/resource"
    xmlns:scale="http://docs.oasis-open.org/ns/emix/2011/06/siscale"
    xmlns:xcal="urn:ietf:params:xml:ns:icalendar-2.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <ei:tenderID>t</ei:tenderID>
  <emix:emixBase xsi:type="emix:TYPE">
    <xcal:components><xcal:interval><xcal:properties>
      <xcal:dtstart><xcal:date-time>2026-01-05T00:00:00Z</xcal:date-time></xcal:dtstart>
      <xcal:duration><xcal:duration>P1M</xcal:duration></xcal:duration>
      <xcal:x-wsCalendar-attach><power:blockPowerFullRequirements>
        <power:productType>fullRequirementsPowerBlockPricing</power:productType>
        <power:serviceDeliveryPoint><power:node>n</power:node></power:serviceDeliveryPoint>
        <power:powerReal><power:itemDescription>RealPower</power:itemDescription>
          <power:itemUnits>W</power:itemUnits><scale:siScaleCode>k</scale:siScaleCode>
          <power:powerAttributes><power:hertz>50</power:hertz>
            <power:voltage>400</power:voltage><power:ac>true</power:ac></power:powerAttributes>
        </power:powerReal>
        <power:maximumPower>12.5</power:maximumPower>
        <power:priceTiers>
          <power:blockPowerPrice><emix:price><emix:value>0.10</emix:value></emix:price>
            <power:maximumEnergyQuantity>500</power:maximumEnergyQuantity>
          </power:blockPowerPrice>
          <power:blockPowerPrice>
            <emix:priceMultiplier><emix:multiplier>1.5</emix:multiplier></emix:priceMultiplier>
            <power:maximumEnergyQuantity>1e3</power:maximumEnergyQuantity>
          </power:blockPowerPrice>
        </power:priceTiers>
      </power:blockPowerFullRequirements></xcal:x-wsCalendar-attach>
    </xcal:properties></xcal:interval></xcal:components>
    <emix:uid>u</emix:uid>
    <emix:transactiveState>tender</emix:transactiveState>
    OPTION
    <emix:side>sell</emix:side>TAIL
    <emix:terms>
      <emix:minimumRunDuration><xcal:duration><xcal:duration>PT30M</xcal:duration>
        </xcal:duration></emix:minimumRunDuration>
      <resource:minimumLoad><power:powerQuantity><emix:quantity>0.25</emix:quantity>
        <power:powerReal><power:itemDescription>RealPower</power:itemDescription>
          <power:itemUnits>W</power:itemUnits><scale:siScaleCode>M</scale:siScaleCode>
          <power:powerAttributes><power:hertz>50</power:hertz>
            <power:voltage>400</power:voltage><power:ac>true</power:ac></power:powerAttributes>
        </power:powerReal></power:powerQuantity></resource:minimumLoad>
      <emix:availabilitySchedule><xcal:vavailability><xcal:components><xcal:available>
        <xcal:properties>
          <xcal:dtstart><xcal:date-time>2026-01-05T08:00:00Z</xcal:date-time></xcal:dtstart>
          <xcal:duration><xcal:duration>PT8H</xcal:duration></xcal:duration>
        </xcal:properties></xcal:available></xcal:components></xcal:vavailability>
      </emix:availabilitySchedule>
    </emix:terms>
  </emix:emixBase>
</ei:eiTender>"#;

fn blocks(kind: &str, option: &str, tail: &str) -> EiTender {
    let text = BLOCKS.replace("TYPE", kind).replace("OPTION", option).replace("TAIL", tail);
    xml::decode(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

const MARKET: &str = "<emix:marketContext>http://m</emix:marketContext>";

#[test]
fn a_block_tariff_is_read_with_its_tiers_and_terms() {
    let tender = blocks("ProductType", MARKET, "");
    let offer = Offer::try_from(&tender.emix_base).unwrap();
    assert_eq!(offer.slices[0].duration, SignedDuration::from_hours(31 * 24));
    let Description::Supply(supply) = &offer.slices[0].what else { panic!("no supply") };
    assert_eq!(supply.kind, "fullRequirementsPowerBlockPricing");
    assert_eq!(supply.maximum, Some(Quantity::watts(dec("12500"))));
    let tiers = [
        Tier { price: Price::Value(dec("0.10")), up_to: Quantity::watt_hours(dec("500000")) },
        Tier {
            price: Price::Multiplier { factor: dec("1.5"), of: None },
            up_to: Quantity::watt_hours(dec("1000000")),
        },
    ];
    assert_eq!(supply.tiers, tiers);
    let terms = offer.head.terms().unwrap();
    assert_eq!(terms[0], Term::MinimumRun(xml::Duration::parse("PT30M").unwrap()));
    assert_eq!(terms[1], Term::MinimumLoad(Quantity::watts(dec("250000"))));
    let day = (t("2026-01-05T08:00:00Z"), t("2026-01-05T16:00:00Z"));
    assert_eq!(terms[2], Term::Available(vec![day]));
    assert!(tender.product().unwrap_err().what.contains("no firm quantity"));
}

#[test]
fn an_option_is_read_with_holder_premium_and_strike() {
    let price = |name: &str, value: &str| {
        format!("<emix:{name}><emix:value>{value}</emix:value></emix:{name}>")
    };
    let option = format!(
        "<emix:optionHolderSide>buy</emix:optionHolderSide>{}{}<emix:optionType>\
         DemandResponse</emix:optionType>",
        price("optionPremium", "20"),
        price("optionStrikePrice", "0.5"),
    );
    let tender = blocks("EmixOptionType", &option, MARKET);
    let option = OptionOffer::try_from(&tender.emix_base).unwrap();
    assert_eq!((option.holder, option.head.side), (Side::Buy, Side::Sell));
    assert_eq!((option.premium, option.strike), (dec("20"), dec("0.5")));
    assert_eq!((option.kind.as_str(), option.slices.len()), ("DemandResponse", 1));
    assert!(Offer::try_from(&tender.emix_base).is_err());
    assert!(OptionOffer::try_from(&blocks("ProductType", MARKET, "").emix_base).is_err());
}

#[test]
fn prices_survive_their_way_and_apply_to_a_base() {
    let prices = [
        (Price::Value(dec("0.3")), "0.3"),
        (Price::Multiplier { factor: dec("1.5"), of: Some("http://m".into()) }, "0.3"),
        (Price::Relative { difference: dec("-0.05"), to: None }, "0.15"),
    ];
    for (price, applied) in prices {
        assert_eq!(Price::try_from(&emix::PriceBase::from(&price)), Ok(price.clone()));
        assert_eq!(price.on(dec("0.2")), Some(dec(applied)));
    }
}

#[test]
fn every_scale_code_stands_for_its_power_of_ten_in_both_families() {
    let codes = ["p", "n", "micro", "m", "c", "d", "none", "k", "M", "G", "T"];
    for (scale, code) in Scale::ALL.into_iter().zip(codes) {
        let ei = crate::ei::scale::SiScaleCode::from(scale);
        let openadr = crate::openadr::scale::SiScaleCode::from(scale);
        assert_eq!((&*ei.text(), &*openadr.text()), (code, code));
        assert_eq!((Scale::from(&ei), Scale::from(&openadr)), (scale, scale));
    }
    assert_eq!(shift(dec("1.5"), Scale::Mega.exponent()), Some(dec("1500000")));
    assert_eq!(shift(dec("1.5"), Scale::Milli.exponent()), Some(dec("0.0015")));
}

#[test]
fn what_28_digits_do_not_hold_is_refused_and_not_rounded() {
    assert_eq!(shift(Decimal::MAX, 1), None);
    assert_eq!(shift(dec("0.0000000000000000000000000001"), -1), None);
    assert_eq!(shift(Decimal::MAX, -3).unwrap().scale(), 3);
}
