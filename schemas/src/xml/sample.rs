//! Seeded random values of every generated type, for property tests: whatever a
//! type can hold must go over the wire and come back.

use rust_decimal::Decimal;

use super::any::{Any, AnyAttributes, AnyType};
use super::content::{Nested, Sequence, Text};
use super::names::{EI, Ns};
use super::types::{
    Base64, Bounded, Date, DateTime, Duration, Float, Hex, Integer, List, Token, Uri, UtcDateTime,
    ZonedDateTime,
};

/// A type of which random values can be made.
pub trait Sample: Sized {
    /// A random value.
    fn sample(from: &mut Generator) -> Self;
}

/// A seeded source of values. Its methods are named as the
/// [`Decoder`](super::Decoder)'s, so that one line declares a field for all three.
pub struct Generator {
    state: u64,
    depth: u32,
    /// How many tokens were made.
    tokens: u32,
}

/// Deeper than this, only what must be there is made.
const DEEP: u32 = 12;

impl Generator {
    /// The same seed makes the same values.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, depth: 0, tokens: 0 }
    }

    /// A number below `bound`, which is at least 1 (SplitMix64).
    pub fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound.max(1) as u64).unwrap_or(0)
    }

    /// The value a text stands for. Only for texts known to be right.
    pub fn parsed<T: Text>(text: &str) -> T {
        // Called with texts of this file and of the schemas only, each tried by a test.
        T::parse(text).expect("the generator writes the type's own lexical form")
    }

    fn nested<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let made = make(self);
        self.depth -= 1;
        made
    }

    fn maybe(&mut self) -> bool {
        self.depth < DEEP && self.below(2) == 0
    }

    fn count(&mut self, min: usize, max: usize) -> usize {
        let extra = if self.depth < DEEP { self.below(3) } else { 0 };
        (min + extra).min(max)
    }

    pub(crate) fn one<T: Sample>(&mut self, _: Ns, _: &str) -> T {
        self.nested(T::sample)
    }

    pub(crate) fn opt<T: Sample>(&mut self, _: Ns, _: &str) -> Option<T> {
        self.maybe().then(|| self.nested(T::sample))
    }

    pub(crate) fn many<T: Sample>(&mut self, ns: Ns, local: &str) -> Vec<T> {
        self.range(ns, local, 0, usize::MAX)
    }

    pub(crate) fn range<T: Sample>(&mut self, _: Ns, _: &str, min: usize, max: usize) -> Vec<T> {
        (0..self.count(min, max)).map(|_| self.nested(T::sample)).collect()
    }

    pub(crate) fn one_of<T: Sample>(&mut self) -> T {
        self.nested(T::sample)
    }

    pub(crate) fn opt_of<T: Sample>(&mut self) -> Option<T> {
        self.maybe().then(|| self.nested(T::sample))
    }

    pub(crate) fn range_of<T: Sample>(&mut self, min: usize, max: usize) -> Vec<T> {
        (0..self.count(min, max)).map(|_| self.nested(T::sample)).collect()
    }

    pub(crate) fn opt_run<T: Sample + Sequence>(&mut self) -> Option<T> {
        self.opt_of()
    }

    pub(crate) fn range_run<T: Sample + Sequence>(&mut self, min: usize, max: usize) -> Vec<T> {
        self.range_of(min, max)
    }

    pub(crate) fn attr<T: Sample>(&mut self, _: Ns, _: &str) -> T {
        T::sample(self)
    }

    pub(crate) fn attr_opt<T: Sample>(&mut self, _: Ns, _: &str) -> Option<T> {
        self.maybe().then(|| T::sample(self))
    }

    pub(crate) fn value<T: Sample>(&mut self) -> T {
        T::sample(self)
    }

    /// Now and then an attribute that OpenADR declares: its wildcards want that.
    pub(crate) fn any_attributes(&mut self, _: Option<Ns>) -> AnyAttributes {
        let one = || (EI.uri().to_owned(), "schemaVersion".to_owned(), "2.0b".to_owned());
        AnyAttributes(self.maybe().then(one).into_iter().collect())
    }

    pub(crate) fn mixed(&mut self) -> Any {
        Any::default()
    }

    pub(crate) fn any(&mut self, _: Option<Ns>, min: usize, max: usize) -> Vec<Any> {
        (0..self.count(min, max)).map(|_| Any::sample(self)).collect()
    }
}

macro_rules! samples {
    ($($type:ty = $($text:literal)|+;)+) => { $(
        impl Sample for $type {
            fn sample(from: &mut Generator) -> Self {
                let texts = [$($text),+];
                let text = texts[from.below(texts.len())];
                Generator::parsed(text)
            }
        }
    )+ };
}

samples! {
    String = "ev-1" | "a & b < c > \"d\" 'e'" | "Zürich ⚡" | "x" | "]]> tail";
    Uri = "http://market.example/context" | "urn:x:1";
    Float = "0" | "1.20" | "-4.1234567" | "1E5" | "-2.5e-3" | "3.5";
    Integer = "0" | "123456789012345678901234" | "7";
    Decimal = "0" | "12.50" | "-0.001" | "123456789.123456789";
    bool = "true" | "false";
    ZonedDateTime = "2026-01-05T12:00:00Z" | "2026-01-05T12:00:00+01:00";
    DateTime = "2026-01-05T12:00:00Z" | "2026-02-28T23:59:59.123Z" | "1999-12-31T00:00:00Z";
    UtcDateTime = "2026-01-05T12:00:00.0Z" | "2026-01-05T12:00:00.25Z";
    Date = "2026-01-05" | "2000-02-29";
    Duration = "PT0S" | "PT1H" | "P28D" | "P1DT2H3M4S" | "-PT5M" | "P1M" | "P1Y";
    Base64 = "AQID" | "aGVsbG8=" | "AA==";
    Hex = "00FF" | "A1";
    i8 = "-128" | "0" | "127";
    u8 = "0" | "255";
    i16 = "-32768" | "5";
    u16 = "0" | "65535";
    i32 = "-2147483648" | "7";
    u32 = "0" | "4294967295" | "1";
    i64 = "-9" | "9223372036854775807";
    u64 = "0" | "18446744073709551615";
}

impl Sample for Token {
    /// Fit for a name, a language and an Id, and different each time as Ids must be.
    fn sample(from: &mut Generator) -> Self {
        from.tokens += 1;
        Self::new(&format!("t-{}", from.tokens))
    }
}

impl<const MAX: usize> Sample for Bounded<MAX> {
    fn sample(from: &mut Generator) -> Self {
        let length = from.below(MAX.min(12));
        Generator::parsed(&"b".repeat(length + 1))
    }
}

impl<T: Sample> Sample for List<T> {
    fn sample(from: &mut Generator) -> Self {
        Self((0..=from.below(3)).map(|_| T::sample(from)).collect())
    }
}

impl<T: Sample> Sample for Nested<T> {
    fn sample(from: &mut Generator) -> Self {
        T::sample(from).into()
    }
}

impl Sample for Any {
    /// An element both families declare: some wildcards want one that is declared.
    fn sample(_: &mut Generator) -> Self {
        let uri = EI.uri();
        Self::fragment(format!("<t:venID xmlns:t=\"{uri}\">a &amp; b</t:venID>"))
    }
}

impl Sample for AnyType {
    fn sample(_: &mut Generator) -> Self {
        Self::default()
    }
}
