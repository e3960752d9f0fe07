//! The [`Link`] over TLS. The VTN is known by its certificate: by the fingerprint that
//! people exchanged (set in the TLS settings), or else by the one of the first contact,
//! remembered for good. OpenADR 2.0b Profile, 10.5; a rogue VTN is not obeyed.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use oadr_certs::Thumbprint;
use oadr_schemas::exchange::Service;
use oadr_schemas::xml::Limits;
use oadr_schemas::{ei, openadr};
use oadr_store::{Batch, Store};
use oadr_transport::net::BoxFuture;
use oadr_transport::{BaseUrl, Body, Client, Error as Transport, Retry};

use crate::error::Error;
use crate::link::{About, Link, Silence};
use crate::tables::PIN;

/// A VTN at an address.
pub struct Wire {
    client: Client,
    base: BaseUrl,
    store: Store,
    pin: Mutex<Option<Thumbprint>>,
    trace: Option<Trace>,
}

/// Raw messages as files, numbered in order.
struct Trace {
    directory: PathBuf,
    next: AtomicU64,
}

impl Wire {
    /// The VTN at `base`, pinned to the certificate of an earlier contact if there was one.
    ///
    /// # Errors
    /// [`Error::Store`]; [`Error::Connection`] if the remembered pin cannot be read.
    pub fn new(client: Client, base: BaseUrl, store: Store) -> Result<Self, Error> {
        let known = PIN.get(&store, "vtn")?;
        let pin = known.map(|text| text.parse().map_err(|_| unreadable(&text))).transpose()?;
        Ok(Self { client, base, store, pin: Mutex::new(pin), trace: None })
    }

    /// The same, writing every message into `directory` as it is on the wire.
    ///
    /// # Errors
    /// [`Error::Setting`] if the directory cannot be made.
    pub fn traced(self, directory: PathBuf) -> Result<Self, Error> {
        let failed = |error| Error::Setting(format!("{}: {error}", directory.display()));
        fs::create_dir_all(&directory).map_err(failed)?;
        let next = fs::read_dir(&directory).map_err(failed)?.count();
        let next = AtomicU64::new(u64::try_from(next).unwrap_or(u64::MAX));
        Ok(Self { trace: Some(Trace { directory, next }), ..self })
    }

    /// The certificate the VTN is known by, if there was contact.
    pub fn pin(&self) -> Option<Thumbprint> {
        *self.pin.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn exchange<M: Body>(&self, service: Service, message: M) -> Result<Option<M>, Silence> {
        let url = self.base.service(M::FAMILY, service.name()).map_err(transport)?;
        let document = message.write();
        self.note(service, "out", document.as_bytes());
        let reply = self.client.post(&url, document).await.map_err(transport)?;
        self.note(service, "in", &reply.body);
        self.recognise(reply.peer.thumbprint).await?;
        if reply.body.is_empty() {
            return Ok(None);
        }
        M::read(&reply.body, &Limits::reports()).map(Some).map_err(|error| Silence {
            // The VTN may have acted and may be mended: all operations are idempotent.
            retry: Retry::BackOff,
            about: About::Message,
            detail: format!("the answer is not valid: {error}"),
        })
    }

    fn note(&self, service: Service, way: &str, document: &[u8]) {
        let Some(Trace { directory, next }) = &self.trace else { return };
        let number = next.fetch_add(1, Ordering::Relaxed);
        let file = directory.join(format!("{number:08}-{}-{way}.xml", service.name()));
        if let Err(error) = fs::write(&file, document) {
            tracing::warn!(%error, file = %file.display(), "a message is not traced");
        }
    }

    /// Lets nobody in but who answered first.
    async fn recognise(&self, peer: Thumbprint) -> Result<(), Silence> {
        let quiet = |detail: String| Silence { retry: Retry::BackOff, about: About::Link, detail };
        match self.pin() {
            Some(pin) if pin == peer => Ok(()),
            Some(pin) => Err(quiet(format!(
                "answered under another certificate ({}) than the VTN's ({}); if its operator \
                 renewed it, run `ven forget-vtn`",
                peer.fingerprint(),
                pin.fingerprint(),
            ))),
            None => {
                let mut batch = Batch::new();
                let put = PIN.put_new(&mut batch, "vtn", &peer.to_string());
                put.map_err(|error| quiet(error.to_string()))?;
                self.store.commit(batch).await.map_err(|error| quiet(error.to_string()))?;
                tracing::info!(fingerprint = %peer.fingerprint(), "the VTN is known from now on");
                *self.pin.lock().unwrap_or_else(PoisonError::into_inner) = Some(peer);
                Ok(())
            }
        }
    }
}

impl Link for Wire {
    fn openadr(
        &self,
        service: Service,
        message: openadr::Message,
    ) -> BoxFuture<'_, Result<Option<openadr::Message>, Silence>> {
        Box::pin(self.exchange(service, message))
    }

    fn ei(
        &self,
        service: Service,
        message: ei::Message,
    ) -> BoxFuture<'_, Result<Option<ei::Message>, Silence>> {
        Box::pin(self.exchange(service, message))
    }
}

impl<L: Link + ?Sized> Link for Arc<L> {
    fn openadr(
        &self,
        service: Service,
        message: openadr::Message,
    ) -> BoxFuture<'_, Result<Option<openadr::Message>, Silence>> {
        (**self).openadr(service, message)
    }

    fn ei(
        &self,
        service: Service,
        message: ei::Message,
    ) -> BoxFuture<'_, Result<Option<ei::Message>, Silence>> {
        (**self).ei(service, message)
    }
}

fn transport(error: Transport) -> Silence {
    // 500 is an answer, and about what was asked; 502 to 504 come from a VTN that is not there.
    let about = match error {
        Transport::Status { status: 500, .. } => About::Message,
        _ => About::Link,
    };
    Silence { retry: error.retry(), about, detail: error.to_string() }
}

fn unreadable(text: &str) -> Error {
    Error::Connection(format!("the remembered certificate hash \"{text}\" cannot be read"))
}
