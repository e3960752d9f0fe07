//! Signals: building them, reading their values. OpenADR 2.0b Profile, rules 2, 9,
//! 100 to 104.

use rust_decimal::Decimal;

use super::ei::{
    CurrentValue, CurrentValueChoice, EiEventSignal, Interval, PayloadBase, PayloadFloat,
    SignalName, SignalPayload, SignalPayloadChoice, SignalTypeEnumerated,
};
use super::emix::ItemBase;
use super::strm::{Intervals, StreamPayloadBase};
use crate::xml::Duration;

impl EiEventSignal {
    /// A signal whose intervals follow each other, numbered from 0 (rule 2).
    pub fn new(
        signal_id: impl Into<String>,
        signal_name: SignalName,
        signal_type: SignalTypeEnumerated,
        intervals: impl IntoIterator<Item = (Duration, Decimal)>,
    ) -> Self {
        Self {
            intervals: Intervals::of_signal(intervals),
            ei_target: None,
            signal_name,
            signal_type,
            signal_id: signal_id.into(),
            item_base: None,
            current_value: None,
        }
    }

    /// The same in this unit.
    pub fn in_unit(self, unit: ItemBase) -> Self {
        Self { item_base: Some(unit), ..self }
    }

    /// Whether it is the SIMPLE signal, in either spelling.
    pub fn is_simple(&self) -> bool {
        matches!(self.signal_name, SignalName::Simple | SignalName::LowerSimple)
    }
}

impl Intervals {
    /// Intervals of a signal or baseline: duration and value, uid from 0 (rules 2, 100
    /// to 103).
    pub fn of_signal(intervals: impl IntoIterator<Item = (Duration, Decimal)>) -> Self {
        let numbered = intervals.into_iter().enumerate();
        let interval = numbered.map(|(uid, (duration, value))| Interval {
            dtstart: None,
            duration: Some(duration.into()),
            uid: Some(uid.to_string().into()),
            stream_payload_base: vec![StreamPayloadBase::SignalPayload(value.into())],
        });
        Self { interval: interval.collect() }
    }
}

impl Interval {
    /// The value of a signal's interval: its one signalPayload (rule 100). `None` if it
    /// has another shape, or if the number is `INF`, `NaN` or past 28 digits.
    pub fn signal_value(&self) -> Option<Decimal> {
        match self.stream_payload_base.as_slice() {
            [StreamPayloadBase::SignalPayload(payload)] => payload.value(),
            _ => None,
        }
    }
}

impl SignalPayload {
    /// The number, unless it is `INF`, `NaN` or past 28 digits.
    pub fn value(&self) -> Option<Decimal> {
        let SignalPayloadChoice::PayloadBase(base) = &self.choice;
        base.number()
    }
}

impl PayloadBase {
    /// The number, if it is one that is finite and within 28 digits.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::PayloadFloat(float) => float.value.decimal(),
            Self::OadrPayloadResourceStatus(_) => None,
        }
    }
}

impl CurrentValue {
    /// The number, unless it is `INF`, `NaN` or past 28 digits.
    pub fn value(&self) -> Option<Decimal> {
        let CurrentValueChoice::PayloadFloat(float) = &self.choice;
        float.value.decimal()
    }
}

impl From<Decimal> for PayloadFloat {
    fn from(value: Decimal) -> Self {
        Self { value: value.into() }
    }
}

impl From<Decimal> for SignalPayload {
    fn from(value: Decimal) -> Self {
        let base = PayloadBase::PayloadFloat(value.into());
        Self { choice: SignalPayloadChoice::PayloadBase(base) }
    }
}

impl From<Decimal> for CurrentValue {
    fn from(value: Decimal) -> Self {
        Self { choice: CurrentValueChoice::PayloadFloat(value.into()) }
    }
}
