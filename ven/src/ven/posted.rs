//! What the VTN has posted, taken in by the VEN's one task.

use super::Ven;
use crate::context::{Context, Trouble};
use crate::error::Error;
use crate::push::{Post, not_registered};
use crate::service::poll;

impl Ven {
    /// Takes in what the VTN has posted. Without an answer it is posted again.
    ///
    /// # Errors
    /// [`Error::Store`], if the store will not work again without an operator.
    pub(super) async fn posted(&mut self, post: Post) -> Result<(), Error> {
        let now = self.clock.now();
        let (name, request_id) = (post.message.name(), post.message.request_id().unwrap_or(""));
        tracing::info!(received = name, request_id, "posted by the VTN");
        self.traffic.last_contact = Some(now);
        self.traffic.silent_since = now;
        // It is there: what waits for it need not wait longer.
        self.quiet_until = now;
        let unknown = not_registered(&post.message);
        let cx = &mut Context { pushed: true, ..self.context(now) };
        let taken = match cx.registration() {
            Ok(registration) => poll::receive(cx, post.message, &registration.ven_id).await,
            Err(trouble) => Err(trouble),
        };
        let answer = match taken {
            Ok(()) => cx.answer.take(),
            Err(Trouble::Store(error)) if error.is_temporary() => {
                tracing::error!(%error, "the store gives no room; it was not taken in");
                return Ok(());
            }
            Err(Trouble::Store(error)) => return Err(error.into()),
            Err(_) => Some(unknown),
        };
        // Whoever waited may have hung up.
        let _ = post.answer.send(answer);
        Ok(())
    }
}
