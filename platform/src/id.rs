//! Names of things, each its own type so that none is taken for another.

use std::{borrow::Borrow, fmt};

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+ };
}

ids! {
    /// A party: a venID, or the EI partyID of an actor.
    PartyId;
    /// A tender, unique among its party's tenders (EI tenderID).
    TenderId;
    /// A trade, made by the market (becomes the EI transactionID).
    TradeId;
    /// An event (eventID).
    EventId;
    /// A resource behind a VEN (resourceID).
    ResourceId;
    /// A data point of a report (rID).
    Rid;
    /// An opt schedule (optID).
    OptId;
    /// The URI of a programme or market (EMIX marketContext).
    MarketContext;
    /// An ISO 4217 code, `EUR`.
    Currency;
    /// What makes two deliveries at the same time interchangeable: the EMIX product
    /// description with its power attributes, or the id of a registered product.
    ProductClass;
}
