//! The VEN in miniature passes every scenario, and fails each by the faults made for it.

mod common;

use oadr_conformance::scenario::Role;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_fault_it_passes_every_scenario() {
    common::passes_all(Role::Ven).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_noticed_by_its_scenario() {
    common::every_fault_is_noticed(Role::Ven).await;
}

#[test]
fn every_scenario_has_a_fault() {
    common::every_scenario_has_a_fault(Role::Ven);
}
