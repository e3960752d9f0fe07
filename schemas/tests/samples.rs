//! Every sample document of the reference set: the valid ones are read, written again
//! as the same information and stay valid; the invalid ones are refused with their place.

#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use common::infoset::{Added, difference};
use common::lint::{self, Family};
use common::{reference, xml_files};
use oadr_schemas::openadr::oadr::OadrPayload;
use oadr_schemas::xml::Limits;
use oadr_schemas::{ei, openadr, xml};

/// Name and text of each sample in a folder.
fn samples(folder: &Path) -> Vec<(String, String)> {
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        (name, text.trim_start_matches('\u{feff}').to_owned())
    };
    let found: Vec<_> = xml_files(folder).into_iter().map(read).collect();
    assert!(!found.is_empty(), "no samples in {}", folder.display());
    found
}

#[test]
fn every_valid_openadr_sample_is_written_again_as_the_same_message() {
    let Some(folder) = reference("samples") else { return };
    let mut copies = Vec::new();
    for part in ["openadr-2.0b/valid", "openadr-2.0b-signed"] {
        for (name, original) in samples(&folder.join(part)) {
            let received = openadr::decode(original.as_bytes(), &Limits::default())
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let copy = openadr::encode(received.message, None);
            let added = Added { schema_version: true, envelope: true };
            assert_eq!(difference(&original, &copy, added), None, "{name}");
            copies.push((name, copy));
        }
    }
    assert_eq!(lint::faults(Family::OpenAdr, &copies), Vec::<String>::new());
}

#[test]
fn every_envelope_is_written_again_with_its_signature() {
    let Some(folder) = reference("samples") else { return };
    let (mut copies, mut signed) = (Vec::new(), 0);
    for part in ["openadr-2.0b/valid", "openadr-2.0b-signed"] {
        for (name, original) in samples(&folder.join(part)) {
            let document = roxmltree::Document::parse(&original).unwrap();
            if document.root_element().tag_name().name() != "oadrPayload" {
                continue;
            }
            let payload: OadrPayload = xml::decode(original.as_bytes(), &Limits::default())
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            signed += usize::from(payload.signature.is_some());
            let copy = xml::encode(&payload);
            assert_eq!(difference(&original, &copy, Added::default()), None, "{name}");
            copies.push((name, copy));
        }
    }
    assert!(signed >= 17, "only {signed} signed");
    assert_eq!(lint::faults(Family::OpenAdr, &copies), Vec::<String>::new());
}

#[test]
fn every_ei_sample_is_written_again_as_the_same_message() {
    let Some(folder) = reference("samples/ei-1.0-handwritten") else { return };
    let mut copies = Vec::new();
    for (name, original) in samples(&folder) {
        let message: ei::Message = xml::decode_any(original.as_bytes(), &Limits::default())
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let copy = xml::encode_any(&message);
        assert_eq!(difference(&original, &copy, Added::default()), None, "{name}");
        assert_eq!(xml::decode_any(copy.as_bytes(), &Limits::default()), Ok(message), "{name}");
        copies.push((name, copy));
    }
    assert_eq!(lint::faults(Family::Ei, &copies), Vec::<String>::new());
}

#[test]
fn every_invalid_openadr_sample_is_refused_with_its_place() {
    let Some(folder) = reference("samples/openadr-2.0b/invalid") else { return };
    for (name, document) in samples(&folder) {
        let refusal = openadr::decode(document.as_bytes(), &Limits::default());
        let Err(error) = refusal else { panic!("{name} is read") };
        println!("{name}: {error}");
        assert!(error.line() > 0 && error.column() > 0, "{name}: {error}");
        assert!(!error.path().is_empty() || error.to_string().contains(':'), "{name}: {error}");
    }
}

#[test]
fn the_comparison_sees_what_changed() {
    let one = "<a x='1'><b>1.0</b><c>text</c></a>";
    let same = |other: &str| difference(one, other, Added::default()).is_none();
    assert!(same("<a x='1'> <b>1.00</b><!-- --><c>text</c> </a>"));
    assert!(same("<a x='1'><b>10E-1</b><c> text </c></a>"));
    for changed in [
        "<a x='2'><b>1.0</b><c>text</c></a>",
        "<a><b>1.0</b><c>text</c></a>",
        "<a x='1' y='1'><b>1.0</b><c>text</c></a>",
        "<a x='1'><b>1.1</b><c>text</c></a>",
        "<a x='1'><b>1.0</b><c>tex</c></a>",
        "<a x='1'><c>text</c><b>1.0</b></a>",
        "<a x='1'><b>1.0</b></a>",
        "<a x='1' xmlns='u'><b>1.0</b><c>text</c></a>",
        "<a x='1'>t<b>1.0</b><c>text</c></a>",
    ] {
        assert!(!same(changed), "{changed}");
    }
}
