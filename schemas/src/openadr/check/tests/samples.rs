//! What the rules say to messages of other makers: schema-valid all, and most of them
//! keep the rules. The list of those that do not shows what a peer may really send.

use std::path::{Path, PathBuf};

use crate::openadr::check::*;
use crate::openadr::{Message, decode};
use crate::xml::Limits;

/// Maker and message, rule broken.
const BROKEN: &[(&str, u16)] = &[
    // No x-eiNotification in the active period.
    ("oadrDistributeEvent/openleadr__representations__031de052", 105),
    // ENERGY_PRICE in another unit than money for a kilowatt-hour.
    ("oadrDistributeEvent/epri-dev__distribute_event_1event2signals__b8d377b0", 104),
    // The readingType of the metadata in a request.
    ("oadrCreateReport/openleadr__representations__c6b7dff2", 338),
    // An id of its own where metadata has 0.
    ("oadrRegisterReport/openleadr__representations__39029a74", 311),
    ("oadrRegisterReport/openleadr__representations__d549e92c", 311),
    // HISTORY_USAGE in units of money and of one's own.
    ("oadrRegisterReport/epri-dev__register_report_currency__ee2433fa", 331),
    ("oadrRegisterReport/epri-dev__register_report_currency_per_kw__4de9af43", 331),
    ("oadrRegisterReport/epri-dev__register_report_custom_unit__d8576c2f", 331),
    // Descriptions, but no data.
    ("oadrUpdateReport/openleadr__representations__3507a69f", 313),
    // A start in the intervals, none in the report.
    ("oadrUpdateReport/enernoc__Sample_oadrUpdateReport_Telemetry_Status__4871625b", 313),
];

#[test]
fn messages_of_other_makers_break_the_known_rules_and_no_other() {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.pop();
    folder.pop();
    let folder = folder.join("shared/standards/samples/openadr-2.0b/valid");
    if !folder.is_dir() {
        println!("SKIP: {} is not here", folder.display());
        return;
    }
    let (mut held, mut found) = (0, Vec::new());
    for kind in std::fs::read_dir(folder).unwrap() {
        let kind = kind.unwrap().path();
        if !kind.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(kind).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "xml") {
                let verdicts = verdicts(&file);
                held += verdicts.len();
                found.extend(verdicts.into_iter().filter_map(Result::err));
            }
        }
    }
    let mut known: Vec<_> = BROKEN.iter().map(|(name, rule)| ((*name).to_owned(), *rule)).collect();
    known.sort();
    found.sort();
    assert_eq!(found, known);
    assert!(held >= 40, "only {held} things to check were found");
}

fn verdicts(file: &Path) -> Vec<Result<(), (String, u16)>> {
    let bytes = std::fs::read(file).unwrap();
    let message = decode(&bytes, &Limits::reports()).unwrap().message;
    let results = match &message {
        Message::OadrDistributeEvent(m) => {
            m.oadr_event.iter().map(|event| check_event(&event.ei_event)).collect()
        }
        Message::OadrCreateOpt(m) => vec![check_opt(m)],
        Message::OadrCreatePartyRegistration(m) => vec![check_registration(m)],
        Message::OadrRegisterReport(m) => vec![check_report_metadata(m)],
        Message::OadrCreateReport(m) => {
            m.oadr_report_request.iter().map(check_report_request).collect()
        }
        Message::OadrUpdateReport(m) => m.oadr_report.iter().map(check_report_data).collect(),
        _ => Vec::new(),
    };
    let name = format!("{}/{}", message.name(), file.file_stem().unwrap().to_string_lossy());
    let named = |fault: Fault| (name.clone(), fault.rule);
    results.into_iter().map(|result| result.map_err(named)).collect()
}
