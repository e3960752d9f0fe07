//! The prosumer hook: the site behind a VEN. Y.2072 8.2.3.

use jiff::Timestamp;

use super::{Decision, EventOffer, Instruction, ResourceStatus, Site};
use crate::{
    Answer, Reason, accept,
    market::{Tender, Trade},
    opt::{OptReason, OptSchedule},
    reading::Reading,
    refuse,
};

/// A site: what a VEN describes, asks, instructs and reads.
///
/// An implementer must guarantee:
///
/// - **Desired state.** An [`Instruction`] is the whole set of signals in force on a
///   resource; applying it twice is applying it once, after a restart too.
/// - **Never latched.** A signal with an `until` ends then even if no release comes.
/// - **Reading changes nothing.** `measure` and `status` may be asked at any time, for
///   the present or the near past, any number of times.
/// - **Safety and the user come first.** A site may decline by hand at any time and
///   tells so by `status` and `availability`.
pub trait Prosumer: Send + Sync {
    /// What there is: resources and data points. Constant while the VEN runs.
    ///
    /// # Errors
    /// [`Reason::Unavailable`] if the site cannot be reached.
    fn describe(&self) -> Answer<'_, Site> {
        accept(Site::default())
    }

    /// Opt in or out of an event, asked once for each modification. The default opts
    /// out: nothing here can take part.
    ///
    /// # Errors
    /// [`Reason::Unavailable`]: the VEN asks again while there is time, then opts out.
    fn decide<'a>(&'a self, offer: &'a EventOffer, at: Timestamp) -> Answer<'a, Decision> {
        let _ = (offer, at);
        accept(Decision::OptOut {
            reason: OptReason::NotParticipating,
            detail: "nothing here can take part".to_owned(),
        })
    }

    /// From `at` on, these signals are in force on this resource, and no others.
    ///
    /// # Errors
    /// [`Reason::Unknown`] for a resource that is not of this site.
    fn apply(&self, instruction: Instruction, at: Timestamp) -> Answer<'_, ()> {
        let _ = at;
        refuse(Reason::Unknown, format!("no resource {}", instruction.resource))
    }

    /// What every data point reads at `at`; one that has nothing to say is left out.
    ///
    /// # Errors
    /// [`Reason::Unavailable`] if the site cannot be reached, [`Reason::TooLate`] if
    /// `at` lies too far back.
    fn measure(&self, at: Timestamp) -> Answer<'_, Vec<Reading>> {
        let _ = at;
        accept(Vec::new())
    }

    /// How every resource is at `at`.
    ///
    /// # Errors
    /// [`Reason::Unavailable`] if the site cannot be reached.
    fn status(&self, at: Timestamp) -> Answer<'_, Vec<ResourceStatus>> {
        let _ = at;
        accept(Vec::new())
    }

    /// The tenders the site wants to stand at `at`. The VEN sends those whose id it has
    /// not sent yet; the same id must always come with the same content.
    ///
    /// # Errors
    /// [`Reason::Unavailable`]: the VEN asks again later.
    fn tenders(&self, at: Timestamp) -> Answer<'_, Vec<Tender>> {
        let _ = at;
        accept(Vec::new())
    }

    /// A tender of the site became a transaction; told again after a restart.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] for a trade the site has no part in; it stays binding, the
    /// VEN logs the refusal.
    fn traded(&self, trade: Trade, at: Timestamp) -> Answer<'_, ()> {
        let _ = (trade, at);
        refuse(Reason::NotOffered, "this site does not trade")
    }

    /// The opt schedules in force: when the site's resources are (not) to be had. The
    /// VEN creates those that are new, cancels those that are gone.
    ///
    /// # Errors
    /// [`Reason::Unavailable`]: the VEN asks again later.
    fn availability(&self, at: Timestamp) -> Answer<'_, Vec<OptSchedule>> {
        let _ = at;
        accept(Vec::new())
    }
}

/// No site: describes nothing, opts out of everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProsumer;

impl Prosumer for NoProsumer {}
