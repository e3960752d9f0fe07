//! Which of our certificates answers a peer: a VTN has an ECC and an RSA one (rule 68).

use std::sync::Arc;

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::{Error, Identity};

/// Picks the first of our identities, in the order given, that can sign what the peer offers.
#[derive(Debug)]
pub(crate) struct ByOffer(Vec<Arc<CertifiedKey>>);

impl ByOffer {
    pub(crate) fn new(identities: &[Identity]) -> Result<Self, Error> {
        if identities.is_empty() {
            return Err(Error::NoIdentity);
        }
        let keys = identities.iter().map(|identity| identity.certified().map(Arc::new));
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }

    fn pick(&self, offered: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.iter().find(|own| own.key.choose_scheme(offered).is_some()).cloned()
    }
}

impl ResolvesServerCert for ByOffer {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // rustls has already dropped the schemes that no offered TLS 1.2 suite can use. If none is
        // left, any certificate will do: rustls then answers handshake_failure (no suite or scheme
        // in common), where no certificate would make it say access_denied, which misleads.
        self.pick(hello.signature_schemes()).or_else(|| self.0.first().cloned())
    }
}

impl ResolvesClientCert for ByOffer {
    fn resolve(
        &self,
        _root_hints: &[&[u8]],
        offered: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        // The hints are no reason to stay silent: the server knows best whom it trusts, and its
        // refusal says more than a missing certificate.
        self.pick(offered)
    }

    fn has_certs(&self) -> bool {
        true
    }
}
