//! What the VTN is for: the platform's hooks, each with a polite default.

use std::sync::Arc;

use oadr_platform::aggregator::NoAggregator;
use oadr_platform::grid::NoGrid;
use oadr_platform::market::NoMarket;
use oadr_platform::{Aggregator, Grid, Market};

/// The platform behind the services. Y.2072 8.2.1, 8.2.2 and 8.2.4.
#[derive(Clone)]
pub struct Hooks {
    /// Behind EiTender and EiTransaction.
    pub market: Arc<dyn Market>,
    /// Told what VENs do, asked whom to call.
    pub aggregator: Arc<dyn Aggregator>,
    /// Behind EiDelivery.
    pub grid: Arc<dyn Grid>,
}

impl Default for Hooks {
    /// No market, no aggregator, no grid: a whole OpenADR VTN all the same.
    fn default() -> Self {
        Self {
            market: Arc::new(NoMarket),
            aggregator: Arc::new(NoAggregator),
            grid: Arc::new(NoGrid),
        }
    }
}
