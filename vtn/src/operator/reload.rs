//! Certificates, authorities and revocation lists are read again when their files have changed:
//! by the machine's time, as files change by no other.

use std::sync::Arc;
use std::time::Duration;

use oadr_certs::Error;
use oadr_certs::tls::{Reloadable, Settings};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Something made from files.
pub(super) trait FromFiles: Send + Sync {
    /// See [`Reloadable::reload_if_changed`].
    fn reload_if_changed(&self) -> Result<bool, Error>;
}

impl<S: Settings + Send + Sync> FromFiles for Reloadable<S>
where
    S::Config: Send + Sync,
{
    fn reload_if_changed(&self) -> Result<bool, Error> {
        Reloadable::reload_if_changed(self)
    }
}

/// Looks at the files again and again until it is told to stop. What cannot be read is told once.
pub(super) fn watch_files(
    all: Vec<Arc<dyn FromFiles>>,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<usize> {
    tokio::spawn(async move {
        let mut told = vec![None; all.len()];
        loop {
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return 0,
                () = tokio::time::sleep(LOOK) => {}
            }
            for (one, told) in all.iter().zip(&mut told) {
                let one = Arc::clone(one);
                let looked = tokio::task::spawn_blocking(move || one.reload_if_changed()).await;
                let error = match looked {
                    Ok(Ok(changed)) => {
                        if changed {
                            tracing::info!("certificates and revocation lists are read again");
                        }
                        None
                    }
                    Ok(Err(error)) => Some(error.to_string()),
                    // The runtime ends.
                    Err(_) => return 0,
                };
                if let Some(error) = error.as_ref().filter(|_| error != *told) {
                    tracing::error!(error, "certificates are not read again; the old stay");
                }
                *told = error;
            }
        }
    })
}

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(1);
