//! The price of a match: the midpoint of both limits, on a grid.

use rust_decimal::Decimal;

/// Prices have at most this many decimals: a millionth of the currency for a kWh.
pub const PRICE_DECIMALS: u32 = 6;

/// The midpoint of the two limits, rounded half to even to [`PRICE_DECIMALS`].
///
/// With `sell <= buy`, both on the grid, rounding cannot leave `sell ..= buy`, since
/// the nearest grid point to something between two grid points is between them too.
pub(super) fn midpoint(buy: Decimal, sell: Decimal) -> Decimal {
    ((buy + sell) / Decimal::TWO).round_dp(PRICE_DECIMALS).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_midpoint_rounds_half_to_even_and_stays_within() {
        let millionth = Decimal::new(1, 6);
        assert_eq!(midpoint(Decimal::new(3, 6), Decimal::new(2, 6)), Decimal::new(2, 6));
        assert_eq!(midpoint(Decimal::new(2, 6), millionth), Decimal::new(2, 6));
        assert_eq!(midpoint(Decimal::new(30, 2), Decimal::new(20, 2)), Decimal::new(25, 2));
        assert_eq!(midpoint(Decimal::new(-1, 2), Decimal::new(-3, 2)), Decimal::new(-2, 2));
    }
}
