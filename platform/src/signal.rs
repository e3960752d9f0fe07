//! What an event asks for: OpenADR 2.0b 8.2.2 signals as exact values in base units.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Currency, EventId, Interval};

/// One value of one signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Signal {
    /// SIMPLE level: 0 normal, 1 moderate, 2 high, 3 special.
    Simple(u8),
    /// LOAD_DISPATCH setpoint: draw this much, W; negative is export.
    Setpoint {
        /// The wanted net power, W.
        power_w: Decimal,
    },
    /// LOAD_DISPATCH delta: draw this much more than otherwise, W; negative is less.
    Delta {
        /// The wanted change of net power, W.
        power_w: Decimal,
    },
    /// LOAD_DISPATCH multiplier: draw this fraction of the usual.
    Multiplier(Decimal),
    /// ELECTRICITY_PRICE price.
    Price {
        /// The price of a kWh.
        price_per_kwh: Decimal,
        /// In which money.
        currency: Currency,
    },
    /// ELECTRICITY_PRICE priceRelative: above (or below) the usual price.
    PriceRelative {
        /// The difference for a kWh.
        price_per_kwh: Decimal,
        /// In which money.
        currency: Currency,
    },
    /// ELECTRICITY_PRICE priceMultiplier: this many times the usual price.
    PriceMultiplier(Decimal),
    /// Any other signal by its names on the wire; a site that does not know it ignores it.
    Other {
        /// signalName.
        name: String,
        /// signalType.
        kind: String,
        /// The payload's number.
        value: Decimal,
    },
}

impl Signal {
    /// Its name on the wire (signalName).
    pub fn name(&self) -> &str {
        match self {
            Self::Simple(_) => "SIMPLE",
            Self::Setpoint { .. } | Self::Delta { .. } | Self::Multiplier(_) => "LOAD_DISPATCH",
            Self::Price { .. } | Self::PriceRelative { .. } | Self::PriceMultiplier(_) => {
                "ELECTRICITY_PRICE"
            }
            Self::Other { name, .. } => name,
        }
    }

    /// Its number, in base units.
    pub fn value(&self) -> Decimal {
        match self {
            Self::Simple(level) => Decimal::from(*level),
            Self::Setpoint { power_w: value }
            | Self::Delta { power_w: value }
            | Self::Multiplier(value)
            | Self::Price { price_per_kwh: value, .. }
            | Self::PriceRelative { price_per_kwh: value, .. }
            | Self::PriceMultiplier(value)
            | Self::Other { value, .. } => *value,
        }
    }
}

/// What an instruction is about; the same key again is the same instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SignalKey {
    /// Which event.
    pub event: EventId,
    /// Which version of it (modificationNumber).
    pub modification: u32,
    /// Which signal of it (signalID).
    pub signal: String,
    /// Which interval of the signal (uid), from 0.
    pub interval: u32,
}

/// A signal in force now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveSignal {
    /// Event, modification, signal and interval it comes from.
    pub key: SignalKey,
    /// 1 is highest, 0 is none (lowest).
    pub priority: u32,
    /// What it asks.
    pub signal: Signal,
    /// When it ends by itself, UTC; none: only by a release.
    pub until: Option<Timestamp>,
}

/// A signal as offered: its values over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedSignal {
    /// signalID.
    pub id: String,
    /// The values, in time order.
    pub values: Vec<(Interval, Signal)>,
}
