//! A record: one format byte, two bytes of version, then the value as JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Error;

/// Carries a record of an older version over to the table's version: given the
/// version it was written with (each step is the hook's own affair) and the
/// value as it was, it gives the value as it is now, or says why it cannot.
pub type Upgrade = fn(version: u16, old: Value) -> Result<Value, String>;

/// The only body so far. Another one gets another byte, and both are read.
const JSON: u8 = 1;
const HEADER: usize = 3;

pub(crate) fn encode<V: Serialize>(
    table: &'static str,
    version: u16,
    value: &V,
) -> Result<Vec<u8>, Error> {
    let [high, low] = version.to_be_bytes();
    let mut record = vec![JSON, high, low];
    serde_json::to_writer(&mut record, value)
        .map_err(|error| Error::Encode { table, detail: error.to_string() })?;
    Ok(record)
}

pub(crate) fn decode<V: DeserializeOwned>(
    form: &Form,
    key: &[u8],
    record: &[u8],
) -> Result<V, Error> {
    let Form { table, version: known, upgrade } = *form;
    let unreadable = |detail: String| Error::Decode { table, key: key.to_vec(), detail };
    let found = version_of(record).map_err(unreadable)?;
    let body = &record[HEADER..];
    if found > known {
        return Err(Error::NewerRecord { table, found, known });
    }
    if found == known {
        return serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()));
    }
    let refused = |detail: String| Error::Upgrade { table, found, detail };
    let upgrade =
        upgrade.ok_or_else(|| refused("this program has no upgrade for it".to_owned()))?;
    let old = serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()))?;
    let new = upgrade(found, old).map_err(refused)?;
    serde_json::from_value(new).map_err(|error| refused(error.to_string()))
}

/// The version a record was written with.
pub(crate) fn version_of(record: &[u8]) -> Result<u16, String> {
    match record {
        [JSON, high, low, ..] => Ok(u16::from_be_bytes([*high, *low])),
        [format, _, _, ..] => Err(format!("record format {format} is not known here")),
        _ => Err(format!("a record of {} bytes has no header", record.len())),
    }
}

/// What a table knows about its records.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) table: &'static str,
    pub(crate) version: u16,
    pub(crate) upgrade: Option<Upgrade>,
}
