//! Why a handshake broke off, in words, with the mend.

use std::io;

use rustls::{AlertDescription, InvalidMessage};

/// What the server said about our certificate, if that is what it complained of.
pub fn of_our_certificate(error: &io::Error) -> Option<(String, &'static str)> {
    let rustls::Error::AlertReceived(alert) = tls(error)? else { return None };
    let mend = match alert {
        AlertDescription::UnknownCA => {
            "the server does not trust our issuer: have its operator add our CA, or have our \
             certificate issued by one it trusts; the file of --cert must hold the issuers too"
        }
        AlertDescription::CertificateExpired => {
            "have our certificate issued anew; if it is not over, the server's clock is wrong"
        }
        AlertDescription::CertificateRevoked => {
            "our certificate is on a revocation list: have a new one issued with a new key"
        }
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            "the server got no certificate of ours: it takes another kind of key or issuer"
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateUnknown => {
            "the server does not take our certificate: look at it with `certs show`; its log \
             says more"
        }
        AlertDescription::AccessDenied => "the server knows our certificate and does not want it",
        AlertDescription::DecryptError => "the server could not check our signature",
        _ => return None,
    };
    Some((format!("refused with the alert {alert:?}"), mend))
}

/// Any other reason a handshake broke off.
pub fn of_tls(error: &io::Error) -> (String, String) {
    let suites = "the server has no TLS version or suite in common with us: it needs TLS 1.2 with \
                  ECDHE and AES-GCM or ChaCha20, or TLS 1.3. If it only knows the CBC suites of \
                  rule 67, see docs/decisions/0003-tls-suites.md";
    let mend = match (tls(error), error.kind()) {
        (Some(rustls::Error::AlertReceived(alert)), _) => match alert {
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity => suites,
            AlertDescription::UnrecognisedName => "the server does not go by this host name",
            AlertDescription::NoApplicationProtocol => "the server does not speak HTTP/1.1",
            _ => "the server's log says more",
        },
        (Some(rustls::Error::PeerIncompatible(_)), _) => suites,
        (Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)), _) => {
            "this port does not speak TLS: is it the HTTPS port?"
        }
        (Some(rustls::Error::InvalidMessage(_)), _) => {
            "what answers here does not speak TLS properly: is it the HTTPS port?"
        }
        (Some(rustls::Error::InvalidCertificate(_)), _) => {
            "the server's key is of a kind or strength that is not taken (rule 68)"
        }
        (None, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            "the server accepts connections and then is silent: is it the HTTPS port? Is it \
             overloaded?"
        }
        _ => {
            "the connection was closed without a word: a firewall or proxy in between, or a \
              server that refuses so; its log says more"
        }
    };
    (error.to_string(), mend.to_owned())
}

fn tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}
