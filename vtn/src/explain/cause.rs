//! The kinds of findings: the words for programs, and how much each weighs.

use serde::Serialize;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// It is as it should be.
    Note,
    /// It may be why something goes wrong, or will.
    Hinders,
    /// The chain ends here.
    Stops,
}

macro_rules! causes {
    ($($cause:ident $weight:ident $what:literal;)*) => {
        /// What a finding is about. Programs may rely on its name in small letters
        /// (`not_polled_since`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Cause { $(#[doc = $what] $cause,)* }

        impl Cause {
            /// All, in the order of the chain.
            pub const ALL: &[Self] = &[$(Self::$cause),*];

            /// How much it weighs.
            #[must_use]
            pub fn weight(self) -> Weight {
                match self { $(Self::$cause => Weight::$weight,)* }
            }
        }
    };
}

causes! {
    VenUnknown Stops "No VEN has this venID here.";
    StrangerHeard Hinders "A certificate that is unknown here spoke under this name.";
    VenKnown Note "It is enrolled.";
    VenPending Stops "It waits for an operator's yes.";
    VenBarred Stops "It was turned away by an operator.";
    NoCertificate Stops "It has no certificate to speak with.";
    FingerprintDiffers Stops "Another certificate than the enrolled one speaks for it.";
    AnotherCertificate Hinders "Another certificate speaks for it, too.";
    NeverConnected Stops "No message ever came with its certificate.";
    CertificateEnded Stops "Its certificate has ended.";
    CertificateEndsSoon Hinders "Its certificate ends within thirty days.";
    NotRegistered Stops "It is not registered.";
    Registered Note "It is registered.";
    RegistrationEnding Hinders "An operator ended its registration, which it does not know yet.";
    ReportOnly Stops "It registered as Report Only.";
    PushFails Hinders "What is pushed to it does not arrive.";
    Heard Note "When it was last heard.";
    Silent Hinders "It is not heard any more.";
    PollsSlowly Hinders "It polls less often than it is asked to.";
    ClockDiffers Hinders "Its clock differs from ours.";

    EventUnknown Stops "There is no such event.";
    NotTargeted Stops "The event is not for it.";
    Targeted Note "The event is for it.";
    MarketContextNotServed Hinders "The event's market context is not served here any more.";
    EventFar Note "The event is to come.";
    EventNear Note "The event is about to start.";
    EventActive Note "The event is running.";
    EventCompleted Note "The event is over.";
    EventCancelled Stops "The event was cancelled.";
    TestEvent Hinders "The event is a test.";
    Outranked Hinders "Another event of the VEN outranks it at the same time.";
    SignalsOptional Hinders "Its signals are none that every VEN has to follow.";

    JoinedTooLate Stops "It was over before it was for this VEN.";
    NotPolledSince Stops "The VEN has not polled since it was made or changed.";
    NotPushed Stops "The event was not pushed to it yet.";
    WaitsInLine Stops "It polled, and something else was first.";
    Sent Note "The event was sent as it stands.";
    GivenUp Stops "It was offered often enough without an answer.";

    AnswerNotWanted Note "The event asks for no answer.";
    NotAnswered Stops "It was sent and is not answered.";
    AnsweredOlder Hinders "Its last answer is to an older modification.";
    AnsweredIn Note "It answered optIn.";
    AnsweredOut Stops "It answered optOut.";
    AnsweredWithError Stops "It answered that it cannot.";
    AnswerOverruled Note "Its answer, which a later oadrCreateOpt outranks.";
    OptedIn Note "It is in by oadrCreateOpt.";
    OptedOut Stops "It is out by oadrCreateOpt.";
    OptedOutInPart Hinders "Some of it is out by oadrCreateOpt.";
    ScheduledOut Hinders "An opt schedule of its own says that it is out then.";
    AnswerRefused Stops "What it said about the event was refused.";
    ListRefused Stops "It refused the list of events.";

    TelemetrySeen Note "It measured during the event.";
    NoReportOffered Hinders "It offers no report.";
    NoReportAsked Hinders "It was asked for no report.";
    ReportRefused Hinders "It refused to report.";
    TelemetryMissing Hinders "Nothing came for the time of the event.";
    MessagesRefused Hinders "Other messages were not taken.";
}
