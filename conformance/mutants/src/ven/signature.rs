//! XML signatures of the VEN in miniature: its way to the VTN signs and checks. Rule 514.

use crate::fault::Fault;

/// What may be wrong here.
pub const FAULTS: &[Fault] = &[
    Fault::inside("signs-nothing", "sig-roundtrip", "messages are not signed"),
    Fault::inside("writes-after-signing", "sig-roundtrip", "messages are altered once signed"),
    Fault::inside("dates-nothing", "sig-roundtrip", "messages have no ReplayProtect"),
    Fault::inside("nonce-again", "sig-roundtrip", "the nonce is the same every time"),
    Fault::inside("signs-by-sha512", "sig-roundtrip", "methods that are not listed"),
    Fault::inside("takes-unsigned", "sig-required", "a signature is not demanded"),
    Fault::inside("takes-altered", "sig-required", "digests are not compared"),
    Fault::inside("takes-any-signer", "sig-required", "anybody's signature will do"),
    Fault::inside("takes-decoys", "sig-required", "what the Reference leads to is not minded"),
    Fault::inside("takes-undated", "sig-required", "ReplayProtect is not demanded"),
    Fault::inside("takes-old", "sig-replay", "no time stamp is too old"),
    Fault::inside("takes-early", "sig-replay", "no time stamp is too far ahead"),
];
