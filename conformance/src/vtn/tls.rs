//! TLS, VTN under test. OpenADR 2.0b Profile, section 10; rules 21, 67, 68, 516, 517.

mod certificates;
mod identity;
mod suites;

use crate::scenario::Scenario;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("tls-default-suites", |play| Box::pin(suites::default(play)))
        .given("the VTN as it is delivered")
        .when("a client offers TLS 1.1 alone, each mandatory suite alone, both among others")
        .expect("refused; served; one of the two chosen; as a client it offers both itself")
        .rules(&["67"]),
    Scenario::vtn("tls-certificates", |play| Box::pin(certificates::kinds(play)))
        .given("clients with certificates of the VTN's authority")
        .when("they show RSA 2048, ECC, RSA 1024 and X.509 version 1, and want ECC or RSA shown")
        .expect("the first two are served and both kinds shown; the other two are refused")
        .rules(&["68"]),
    Scenario::vtn("tls-bad-identity", |play| Box::pin(identity::bad(play)))
        .given("a VTN that serves a registered VEN")
        .when(
            "a client shows no certificate, a foreign one, an expired one, or that of VEN A and \
               names VEN B",
        )
        .expect("no payload, at most HTTP 403; last 452 or 463")
        .rules(&["21", "516", "517"]),
];
