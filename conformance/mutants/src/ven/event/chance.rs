//! Chance, the same in each run. Rules 30, 65.

use crate::ven::State;

/// How much later than told an event with this window starts, seconds (rule 30).
pub fn shift(state: &mut State, window: i64) -> i64 {
    match () {
        () if state.faults.has("no-shift") => 0,
        () if state.faults.has("one-shift-for-all") => window / 2,
        () if state.faults.has("shift-too-long") => window + draw(state, window) + 2,
        () => draw(state, window),
    }
}

/// A number from 0 to `most`, both inside. The numbers are the same in each run.
pub fn draw(state: &mut State, most: i64) -> i64 {
    state.events.draws += 1;
    // The finishing steps of splitmix64.
    let mut x = state.events.draws.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let below = u64::try_from(most).unwrap_or(0) + 1;
    i64::try_from((x ^ (x >> 31)) % below).unwrap_or(0)
}
