//! The five sites of the day: real meter data, and what each can do with it.

use jiff::Timestamp;
use oadr_platform::prosumer::site::{
    Battery, Flexible, Profile, Settings, Simulator, Tariff, Trading,
};
use oadr_platform::{Currency, Interval, MarketContext, Refusal};
use rust_decimal::Decimal;

/// The programme the events belong to.
pub const PROGRAMME: &str = "http://utility.example/programme";
/// The market the tenders go to.
pub const MARKET: &str = "http://utility.example/market";

/// One site and the VEN in front of it.
pub struct Site {
    /// Its venID, and its partyID in the market.
    pub ven: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// The operator's groups it is in.
    pub groups: &'static [&'static str],
    data: &'static str,
    battery: Option<[i64; 2]>,
    /// Percent of the load that can wait.
    flexible: Option<i64>,
    /// Sells from, buys up to, cents a kWh.
    trades: Option<[i64; 2]>,
}

/// The cast. Meter data: platform/data/SOURCES.md.
pub const SITES: [Site; 5] = [
    Site {
        ven: "ven-ash",
        name: "Ash Cottage",
        groups: &["north"],
        data: include_str!("../../platform/data/household-a.csv"),
        battery: Some([10_000, 3_000]),
        flexible: Some(20),
        trades: Some([18, 30]),
    },
    Site {
        ven: "ven-birch",
        name: "Birch House",
        groups: &["north"],
        data: include_str!("../../platform/data/household-b.csv"),
        battery: None,
        flexible: Some(40),
        trades: Some([18, 26]),
    },
    Site {
        ven: "ven-cedar",
        name: "Cedar Flats",
        groups: &["north"],
        data: include_str!("../../platform/data/household-c.csv"),
        battery: None,
        flexible: Some(50),
        trades: None,
    },
    Site {
        ven: "ven-doyle",
        name: "Doyle Bakery",
        groups: &["south"],
        data: include_str!("../../platform/data/household-d.csv"),
        battery: Some([4_000, 2_000]),
        flexible: Some(30),
        trades: None,
    },
    Site {
        ven: "ven-elder",
        name: "Elder Farm",
        groups: &["south"],
        data: include_str!("../../platform/data/household-e.csv"),
        battery: None,
        flexible: Some(60),
        trades: None,
    },
];

impl Site {
    /// The data point that reads the energy register, Wh.
    pub fn energy_rid(&self) -> String {
        format!("{}-energy", self.ven)
    }

    /// The mean power that the meter data say for a window of whole hours, W.
    pub fn base_w(&self, [from, to]: [Timestamp; 2]) -> Result<Decimal, Refusal> {
        let seconds = u64::try_from(to.duration_since(from).as_secs()).unwrap_or_default();
        let window = Interval::new(from, std::time::Duration::from_secs(seconds));
        let hours = Decimal::from(seconds) / Decimal::from(3600);
        Ok(Profile::parse(self.data)?.energy_wh(window).checked_div(hours).unwrap_or_default())
    }

    /// The site, its energy register at zero at `start`.
    pub fn simulator(&self, start: Timestamp) -> Result<Simulator, Refusal> {
        let settings = Settings {
            resource: self.ven.into(),
            battery: self.battery.map(|[capacity_wh, power_w]| Battery {
                capacity_wh: capacity_wh.into(),
                power_w: power_w.into(),
                round_trip_efficiency: Decimal::new(9, 1),
                rest_wh: (capacity_wh / 2).into(),
            }),
            flexible: self.flexible.map(|percent| Flexible {
                share: Decimal::new(percent, 2),
                rebound: Decimal::new(5, 1),
                rebound_power_w: 500.into(),
            }),
            tariff: Some(Tariff {
                usual_per_kwh: Decimal::new(25, 2),
                dear_from_per_kwh: Decimal::new(40, 2),
                cheap_to_per_kwh: Decimal::new(10, 2),
                currency: currency(),
            }),
            trading: self.trades.map(|[sell, buy]| Trading {
                party: self.ven.into(),
                market_context: MarketContext::from(MARKET),
                class: "energy".into(),
                currency: currency(),
                sell_from_per_kwh: Decimal::new(sell, 2),
                buy_to_per_kwh: Decimal::new(buy, 2),
                reserve_wh: 3_000.into(),
            }),
        };
        Simulator::new(settings, Profile::parse(self.data)?, start)
    }
}

fn currency() -> Currency {
    Currency::from("GBP")
}
