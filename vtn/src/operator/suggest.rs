//! What somebody may have meant by a key that there is not.

/// The mend for an error of the TOML reader about an unknown field or variant, which lists those
/// there are: the one that looks most like it.
pub(super) fn meant(told: &str) -> Option<String> {
    let (_, rest) = told.split_once("unknown ")?;
    // unknown field `pol_every`, expected one of `a`, `b`: names are between back-ticks.
    let mut names = rest.split('`').skip(1).step_by(2);
    let odd = names.next()?;
    let close = |name: &&str| strsim::jaro_winkler(odd, name);
    let best = names.max_by(|a, b| close(a).total_cmp(&close(b)))?;
    (close(&best) > ALIKE).then(|| format!("did you mean `{best}`?"))
}

/// Above it two names are alike: `operaters` and `operator` are, `limits` and `client` are not.
const ALIKE: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_nonsense_is_not() {
        let told = "unknown field `pol_every`, expected one of `vtn_id`, `poll_every`, `policy`";
        assert_eq!(meant(told).as_deref(), Some("did you mean `poll_every`?"));
        let told = "unknown variant `opne`, expected one of `known`, `approve`, `open`";
        assert_eq!(meant(told).as_deref(), Some("did you mean `open`?"));
        assert_eq!(meant("unknown field `zzz`, expected one of `vtn_id`, `prefix`"), None);
        assert_eq!(meant("missing field `store`"), None);
    }
}
