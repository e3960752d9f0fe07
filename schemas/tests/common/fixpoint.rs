//! What must hold of any bytes: they are refused, or what they say is written so that
//! it is read as the same and written the same. Used by the fuzz target too.

use oadr_schemas::openadr::oadr::OadrPayload;
use oadr_schemas::xml::{self, Limits};
use oadr_schemas::{ei, openadr};

/// How many of the readers took the bytes.
pub fn check(bytes: &[u8]) -> usize {
    // Room to grow: what comes in as one character may go out as a reference of five.
    let room = Limits {
        bytes: 64 << 20,
        text: 16 << 20,
        bindings: 128,
        elements: 1 << 20,
        ..Limits::default()
    };
    let mut taken = 0;
    if let Ok(read) = xml::decode::<OadrPayload>(bytes, &Limits::default()) {
        let text = xml::encode(&read);
        let again = xml::decode::<OadrPayload>(text.as_bytes(), &room);
        assert_eq!(again.as_ref(), Ok(&read), "{text}");
        assert_eq!(again.map(|a| xml::encode(&a)), Ok(text));
        taken += 1;
    }
    if let Ok(read) = xml::decode_any::<ei::Message>(bytes, &Limits::default()) {
        let text = xml::encode_any(&read);
        let again = xml::decode_any::<ei::Message>(text.as_bytes(), &room);
        assert_eq!(again.as_ref(), Ok(&read), "{text}");
        assert_eq!(again.map(|a| xml::encode_any(&a)), Ok(text));
        taken += 1;
    }
    if let Ok(read) = openadr::decode(bytes, &Limits::default()) {
        let text = openadr::encode(read.message, None);
        let again = openadr::decode(text.as_bytes(), &room).map(|a| a.message);
        assert_eq!(again.map(|message| openadr::encode(message, None)), Ok(text));
        taken += 1;
    }
    taken
}
