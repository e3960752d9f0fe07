//! Keys sort as their values do, read back, and know their prefixes.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use oadr_store::{AsPrefix, Key, Keys};
use proptest::prelude::*;

fn bytes(key: &impl Key) -> Vec<u8> {
    let mut out = Vec::new();
    key.encode(&mut out);
    out
}

fn agree<K: Key + Ord + std::fmt::Debug>(a: &K, b: &K) {
    assert_eq!(bytes(a).cmp(&bytes(b)), a.cmp(b), "{a:?} {b:?}");
    for key in [a, b] {
        let encoded = bytes(key);
        let mut rest = encoded.as_slice();
        assert_eq!(K::decode(&mut rest).as_ref(), Some(key));
        assert!(rest.is_empty());
        for cut in 0..encoded.len() {
            assert!(K::decode(&mut &encoded[..cut]).is_none(), "{key:?} cut at {cut}");
        }
    }
}

/// Short texts of few letters, so that pairs are often equal or prefixes, with
/// the bytes that the encoding treats apart.
fn text() -> impl Strategy<Value = String> {
    let letter = prop_oneof!["\0", "\u{1}", "a", "b", "\u{ff}", "\u{10FFFF}"];
    prop::collection::vec(letter, 0..4).prop_map(|letters| letters.concat())
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -2..3_i64, Just(i64::MIN), Just(i64::MAX)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn text_sorts_as_text(a in text(), b in text()) {
        agree(&a, &b);
    }

    #[test]
    fn numbers_sort_as_numbers(a in number(), b in number()) {
        agree(&a, &b);
        agree(&a.cast_unsigned(), &b.cast_unsigned());
    }

    #[test]
    fn tuples_sort_by_their_parts(
        a in (text(), number(), text(), any::<u32>()),
        b in (text(), number(), text(), any::<u32>()),
    ) {
        agree(&(a.0.clone(), a.1), &(b.0.clone(), b.1));
        agree(&(a.1, a.0.clone()), &(b.1, b.0.clone()));
        agree(&(a.0.clone(), a.2.clone(), a.1), &(b.0.clone(), b.2.clone(), b.1));
        agree(&a, &b);
        agree(&(a.0, [a.3 as u8, 255]), &(b.0, [b.3 as u8, 255]));
    }

    #[test]
    fn a_prefix_selects_exactly_its_tuples(first in text(), key in (text(), number())) {
        let mut prefix = Vec::new();
        AsPrefix::<(String, i64)>::encode_prefix(&(first.as_str(),), &mut prefix);
        prop_assert_eq!(bytes(&key).starts_with(&prefix), key.0 == first);
        let span = Keys::<(String, i64)>::of((first.as_str(),)).span().clone();
        let inside = span.contains(&bytes(&key));
        prop_assert_eq!(inside, key.0 == first);
    }

    #[test]
    fn starting_with_selects_exactly_its_texts(first in text(), key in text()) {
        let span = Keys::starting_with(&first).span().clone();
        let inside = span.contains(&bytes(&key));
        prop_assert_eq!(inside, key.starts_with(&first));
    }

    #[test]
    fn decoding_anything_does_not_panic(noise in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = <(String, u64, String, [u8; 3])>::decode(&mut noise.as_slice());
    }
}
