//! What the VTN says of why.

use oadr_vtn::explain::{Cause, Explanation, Finding};

use super::Bench;

impl Bench {
    pub fn explain(&self, ven: &str, event: &str) -> Explanation {
        self.vtn.explain(ven, Some(event).filter(|id| !id.is_empty())).unwrap()
    }

    /// The finding of this cause; `event` may be empty.
    pub fn why(&self, (ven, event): (&str, &str), cause: Cause) -> Finding {
        let all = self.explain(ven, event);
        let found = all.findings.iter().find(|one| one.code == cause);
        found.unwrap_or_else(|| panic!("no {cause:?} in {all:#?}")).clone()
    }

    /// Whether there is a finding of this cause.
    pub fn finds(&self, (ven, event): (&str, &str), cause: Cause) -> bool {
        self.explain(ven, event).findings.iter().any(|one| one.code == cause)
    }

    pub fn verdict(&self, ven: &str, event: &str) -> String {
        self.explain(ven, event).verdict
    }
}
