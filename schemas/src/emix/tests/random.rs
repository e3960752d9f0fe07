//! Products and shifts at random.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{dec, head, tender};
use crate::ei::ei::EiTender;
use crate::ei::pyld::EiCreateTender;
use crate::emix::{Frame, Head, Measure, Product, Quantity, Scale, Side, Unit, shift};
use crate::xml::{self, Limits};

fn scales() -> impl Strategy<Value = Scale> {
    prop::sample::select(Scale::ALL.to_vec())
}

fn products() -> impl Strategy<Value = Product> {
    let amounts = (any::<i32>(), 0..4_u32, any::<i32>(), 0..6_u32);
    let times = (0..4_000_000_000_i64, 1..400_000_i64);
    let flags = (any::<bool>(), any::<bool>(), prop::option::of(0..4_000_000_000_i64));
    (amounts, times, flags, scales(), scales(), any::<bool>()).prop_map(
        |((mantissa, decimals, cents, places), (start, length), flags, scale, other, power)| {
            let (buy, integral_only, expires) = flags;
            let at = |second| Timestamp::from_second(second).unwrap();
            let frame = Frame { hertz: dec("50"), volts: dec("230"), ac: true };
            let energy = Measure::new(Unit::Wh, scale);
            let (measure, price_per) = match power {
                true => (
                    Measure { unit: Unit::W, scale, frame: Some(frame) },
                    Measure::new(Unit::Wh, other),
                ),
                false => (energy, energy),
            };
            let value = Decimal::new(mantissa.into(), decimals).normalize();
            Product {
                head: Head {
                    side: if buy { Side::Buy } else { Side::Sell },
                    integral_only,
                    expires: expires.map(at),
                    ..head()
                },
                start: at(start),
                duration: SignedDuration::from_secs(length),
                quantity: Quantity { value, unit: measure.unit },
                measure,
                price: Decimal::new(cents.into(), places),
                price_per,
                ..tender()
            }
        },
    )
}

proptest! {
    #[test]
    fn any_product_survives_the_way_through_xml(product in products()) {
        let message = EiCreateTender {
            request_id: "r".into(),
            party_id: "p".into(),
            counter_party_id: "c".into(),
            ei_tender: vec![EiTender::new("t", &product).unwrap()],
        };
        let text = xml::encode(&message);
        let back: EiCreateTender = xml::decode(text.as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(back.ei_tender[0].product().unwrap(), product);
    }

    #[test]
    fn shifting_there_and_back_loses_nothing(mantissa in any::<i64>(), places in 0..10_u32, exponent in -9..9_i32) {
        let value = Decimal::new(mantissa, places);
        let there = shift(value, exponent).unwrap();
        prop_assert_eq!(shift(there, -exponent), Some(value));
        let factor = Decimal::from(10_i64.pow(exponent.unsigned_abs()));
        let reckoned = if exponent < 0 { there * factor } else { value * factor };
        prop_assert_eq!(reckoned, if exponent < 0 { value } else { there });
    }
}
