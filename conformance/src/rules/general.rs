//! Rules on polling, profiles, transport, IDs and security: OpenADR 2.0b Profile, rules 500 to 517.

use super::Binds::{Both, Ven, Vtn};
use super::{Rule, must};

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    must("500", Both, "OadrPoll",
        "A PULL VEN fetches messages by oadrPoll, should poll on until oadrResponse comes and \
         otherwise no faster than asked, and answers a payload in a request of its own. The VTN \
         returns one payload per poll, oadrResponse if none waits, 452 to a wrong venID. It may \
         hold back while an answer is due, but should give up in time."),
    must("501", Both, "OadrPoll",
        "VTNs and HTTP VENs support oadrPoll."),
    must("502", Vtn, "OadrPoll / oadrDistributeEvent",
        "Return oadrDistributeEvent for new or changed events, cancellations included; a mere step \
         of eventStatus should not count. It always holds all pending and active events, and \
         sending known ones again is no error."),
    must("506", Both, "profiles",
        "A 2.0b VTN serves 2.0a VENs at the same time. A VEN may speak 2.0a too, set by hand or \
         told by the VTN's address or its reply."),
    must("507", Both, "transport",
        "A VTN serves HTTP and XMPP; a VEN speaks either or both. XMPP means PUSH: a VEN there may \
         send requests, but never oadrPoll."),
    must("508", Ven, "every payload",
        "Put a valid venID in every payload: mostly right under its root, one level deeper in \
         oadrRequestEvent and oadrCreatedEvent. Where the VTN sends the same payload, an optional \
         venID may be missing."),
    must("509", Both, "every payload",
        "Always send schemaVersion, `2.0a` or `2.0b`."),
    must("510", Both, "minimum set",
        "Support `SIMPLE`, ELECTRICITY_PRICE (`price`) and LOAD_DISPATCH (`setpoint`), and \
         metadata. A VTN can target venID and resourceID. A VEN can change opt states by EiOpt, \
         stores at least 100 data points and reports TELEMETRY_STATUS and, at least for \
         certification, TELEMETRY_USAGE; a Report Only VEN adds HISTORY_USAGE."),
    must("511", Both, "simple HTTP",
        "Serve `https://host(:port)/(prefix/)OpenADR2/Simple/2.0b/service`, OadrPoll at the VTN \
         only, and take every spelling that is the same after RFC 3986 normalisation. A VTN and a \
         VEN at one address have different prefixes."),
    must("512", Both, "IDs, marketContext",
        "Upper and lower case matter in venID and vtnID. Compare marketContext as a URI, \
         normalised by RFC 3986."),
    must("514", Both, "XML signature",
        "Signatures are optional; a party set up for them ignores messages without a valid one and \
         should use listed methods that suit the TLS suite. The sender adds ReplayProtect with a \
         nonce and the time of sending. The receiver demands it and rejects times too far from its \
         own; it may check the nonce."),
    must("515", Both, "XMPP",
        "The server lets no VEN reach another. Each VEN has one JID, its certificate's CN as user \
         name, supports presence and answers pings; it finds the services by discovery."),
    must("516", Both, "TLS",
        "Exchange no application messages with a peer whose certificate has expired."),
    must("517", Vtn, "errors",
        "Report a failed TLS handshake as 403, or `forbidden` in XMPP. Answer 463 to a VEN that is \
         not registered and 452 to a registered one with a wrong ID."),
];
