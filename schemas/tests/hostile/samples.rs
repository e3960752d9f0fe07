//! Documents to start from: the samples beside this repository, and some of our own.

use std::fs;
use std::path::{Path, PathBuf};

/// The valid samples of the standards, or `None` where the shared folder is absent.
pub fn shared() -> Option<Vec<(PathBuf, Vec<u8>)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("../shared/standards/samples"))
        .find(|folder| folder.is_dir())?;
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut found);
    }
    found.sort();
    Some(found)
}

/// Texts to mutate: ours always, those of the standards where they are.
pub fn to_mutate() -> Vec<Vec<u8>> {
    let ours = OURS.iter().map(|text| text.as_bytes().to_vec());
    ours.chain(shared().unwrap_or_default().into_iter().map(|(_, bytes)| bytes)).collect()
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            let bytes = fs::read(&path).expect("a readable sample");
            found.push((path, bytes));
        }
    }
}

const FOLDERS: [&str; 4] =
    ["openadr-2.0b/valid", "openadr-2.0b-signed", "ei-1.0-handwritten", "openadr-2.0a/valid"];

/// Small documents in which every construct stands near every other.
const OURS: [&str; 4] = [
    "<a/>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- b --><p:a xmlns:p='urn:p' p:b='c' b='&lt;'>t&#65;</p:a>",
    "<a xmlns='u' xmlns:p='u'><p:b Id='x'><![CDATA[ ]] ]]></p:b><c xmlns='' d=\"'>\"/> &amp; <!---->\u{E9}</a>\n",
    "\u{FEFF}<a><b xmlns:q='v' xmlns:r='v' q:e='' xml:lang='en'><r:c></r:c ></b><b id=\"y\"/>]] ></a>",
];
