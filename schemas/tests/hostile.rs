//! The gate against hostile documents: the classes of attack on XML readers that are
//! known, at three sizes each, the samples that must pass, and random mutations of them.
//!
//! What each class costs is measured by `examples/hostile_cost.rs`, not here: a test
//! that looks at a clock fails on a busy machine.

#[path = "hostile/against_libxml2.rs"]
mod against_libxml2;
#[path = "hostile/classes/mod.rs"]
mod classes;
#[path = "hostile/mutations.rs"]
mod mutations;
#[path = "hostile/samples.rs"]
mod samples;

use oadr_schemas::xml::gate::{self, Limits};

use classes::{CLASSES, SIZES};

#[test]
fn every_class_meets_its_verdict_at_every_size() {
    for class in CLASSES {
        for size in SIZES {
            for (i, document) in (class.documents)(size).iter().enumerate() {
                let case = format!("{} of {size} bytes, document {i}", class.name);
                let length = document.bytes.len();
                assert!(length <= size && length >= size / 2, "{case}: {length} bytes");
                let result = gate::check(&document.bytes, &Limits::default());
                match (document.fault, result) {
                    (None, result) => drop(result.unwrap_or_else(|e| panic!("{case}: {e}"))),
                    (Some(fault), Err(e)) => {
                        assert!(e.to_string().contains(fault), "{case}: {e}, not {fault}");
                    }
                    (Some(fault), Ok(_)) => panic!("{case}: passes, not {fault}"),
                }
            }
        }
    }
}

#[test]
fn what_passes_is_well_formed_for_another_reader() {
    for class in CLASSES {
        for document in (class.documents)(SIZES[1]) {
            if let Ok(text) = gate::check(&document.bytes, &Limits::default()) {
                let parsed = roxmltree::Document::parse(text);
                assert!(parsed.is_ok(), "{}: {}", class.name, parsed.unwrap_err());
            }
        }
    }
}

#[test]
fn there_are_at_least_24_classes_and_each_has_its_own_name() {
    let names: std::collections::BTreeSet<_> = CLASSES.iter().map(|c| c.name).collect();
    assert_eq!(names.len(), CLASSES.len());
    assert!(names.len() >= 24);
}

#[test]
fn every_sample_of_the_standards_passes() {
    let Some(samples) = samples::shared() else {
        println!("skipped: no ../shared/standards/samples beside this repository");
        return;
    };
    assert!(samples.len() > 100, "only {} samples found", samples.len());
    for (path, bytes) in &samples {
        let result = gate::check(bytes, &Limits::default());
        assert!(result.is_ok(), "{}: {}", path.display(), result.unwrap_err());
    }
}
