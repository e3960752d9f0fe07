//! The reference prosumer: a house with a battery and a load that can wait, simulated
//! from real meter data. Pure logic: the data is given as text, the time as argument.

mod plant;
mod profile;
mod settings;
mod simulator;
mod trading;
mod wish;

pub use plant::Flows;
pub use profile::Profile;
pub use settings::{Battery, Flexible, Settings, Tariff, Trading};
pub use simulator::Simulator;
