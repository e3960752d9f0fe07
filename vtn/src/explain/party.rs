//! The VEN itself: may it speak, and does it? OpenADR 2.0b Profile, sections 9.2.1.1 and 10.5,
//! rules 402, 406, 407, 500, 516, 517.

use jiff::{SignedDuration, Timestamp};
use oadr_certs::profile;

use super::cause::Cause;
use super::facts::Facts;
use super::finding::Finding;
use crate::record::{Item, Party, Standing};
use crate::refused::Stranger;

/// The links up to the event.
pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(party) = &facts.party else { return unknown(facts) };
    let mut found = Vec::new();
    found.extend(standing(party));
    found.extend(stranger(party, facts));
    found.extend(certificate(party, facts.now));
    found.extend(registration(party, facts));
    found.extend(hearing(party, facts));
    found
}

fn unknown(facts: &Facts<'_>) -> Vec<Finding> {
    let ven = &facts.ven;
    let no = Finding::new(Cause::VenUnknown, format!("no VEN {ven} is known here"))
        .mend("`vtn ven list` tells who is; letters count (rule 512)");
    let claims = |one: &&Stranger| {
        is_called(one, &[ven.as_str()]) || one.fingerprint.to_string().eq_ignore_ascii_case(ven)
    };
    let heard = facts.strangers.iter().find(claims).map(|one| {
        let print = one.fingerprint;
        Finding::new(Cause::StrangerHeard, told(one))
            .since(last(one))
            .mend(format!("if it is the VEN's: `vtn ven add --fingerprint {print} --ven-id VENID`"))
    });
    [no].into_iter().chain(heard).collect()
}

fn standing(party: &Party) -> Option<Finding> {
    let ven = &party.id;
    let approve = format!("`vtn ven approve {ven}` if it may take part");
    Some(match party.standing {
        Standing::Enrolled => {
            let name = party.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            Finding::new(Cause::VenKnown, format!("{ven}{name} is enrolled"))
                .since(party.known_since)
        }
        Standing::Pending => Finding::new(Cause::VenPending, "it waits for an operator's yes")
            .since(party.known_since)
            .mend(approve),
        Standing::Barred => {
            Finding::new(Cause::VenBarred, "an operator turned it away: all it sends gets 463")
                .mend(approve)
        }
    })
}

/// Who speaks under the VEN's name with a certificate that is not its own.
fn stranger(party: &Party, facts: &Facts<'_>) -> Option<Finding> {
    let own = party.certificates.iter().filter_map(|one| one.common_name.as_deref());
    let names: Vec<&str> =
        [party.id.as_str()].into_iter().chain(party.name.as_deref()).chain(own).collect();
    let other = facts.strangers.iter().find(|one| is_called(one, &names))?;
    let heard = facts.heard.as_ref().map(|heard| heard.last);
    let instead = heard.is_none_or(|heard| last(other).is_some_and(|other| heard < other));
    let code = if instead { Cause::FingerprintDiffers } else { Cause::AnotherCertificate };
    let enrolled: Vec<String> =
        party.certificates.iter().map(|one| one.fingerprint.to_string()).collect();
    let text = format!("{}; enrolled is {}", told(other), enrolled.join(" and "));
    let mend = format!(
        "if it is the VEN's new one, add it: POST /api/v1/vens/{}/certificates; if not, find out whose it is",
        party.id
    );
    Some(Finding::new(code, text).since(last(other)).mend(mend))
}

fn certificate(party: &Party, now: Timestamp) -> Option<Finding> {
    let all = &party.certificates;
    let add = format!("POST /api/v1/vens/{}/certificates", party.id);
    let mend = format!("issue a new one, and let the VEN change over: {add}");
    if all.is_empty() {
        let none = Finding::new(Cause::NoCertificate, "it has no certificate to speak with");
        return Some(none.mend(format!("add one: {add}")));
    }
    if all.iter().all(|one| one.thumbprint.is_none()) {
        let text = format!("no message ever came with its certificate {}", all[0].fingerprint);
        let mend = "is the site installed, and that its fingerprint? `certs check URL`, run there, \
            tells which step of a connection fails";
        return Some(Finding::new(Cause::NeverConnected, text).since(party.known_since).mend(mend));
    }
    // One that was not seen yet may last: nothing is said then.
    let ends = all.iter().map(|one| one.not_after).collect::<Option<Vec<_>>>()?;
    let end = ends.into_iter().max()?;
    if now > end {
        let text = format!("its certificate ended at {end:.0} (rule 516)");
        return Some(Finding::new(Cause::CertificateEnded, text).since(end).mend(mend));
    }
    let soon = end.duration_since(now) < profile::WARN_AHEAD;
    soon.then(|| {
        let text = format!("its certificate ends at {end:.0}");
        Finding::new(Cause::CertificateEndsSoon, text).mend(mend)
    })
}

fn registration(party: &Party, facts: &Facts<'_>) -> Vec<Finding> {
    let Some(registration) = &party.registration else {
        let text = match party.cancelled_registration {
            Some(_) => "its registration was ended, and it has not registered again",
            None => "it has not registered (oadrCreatePartyRegistration)",
        };
        let mend = "have it register; until then all else it sends gets 463 (rule 517)";
        return vec![Finding::new(Cause::NotRegistered, text).mend(mend)];
    };
    let how = if registration.pull { "to poll" } else { "to be pushed to" };
    let mut found = vec![
        Finding::new(Cause::Registered, format!("it is registered {how}")).since(registration.at),
    ];
    let all = facts.outbox.waiting.iter().chain(facts.outbox.unanswered.iter().map(|(_, e)| e));
    let mut ends = all.filter(|entry| matches!(entry.item, Item::CancelPartyRegistration { .. }));
    found.extend(ends.next().map(|entry| {
        let text = "an operator ended its registration, and it has not said that it knows";
        let mend = "its next poll tells it; then it may register again";
        Finding::new(Cause::RegistrationEnding, text).since(entry.queued).mend(mend)
    }));
    if registration.report_only {
        let text = "it registered as Report Only, which has no EiEvent: it gets no events";
        let mend = "if it can follow events, have it register with oadrReportOnly false";
        found.push(Finding::new(Cause::ReportOnly, text).since(registration.at).mend(mend));
    }
    found.extend(facts.outbox.push_trouble.as_ref().filter(|_| !registration.pull).map(
        |trouble| {
            let address = registration.address.as_deref().unwrap_or_default();
            let text = format!(
                "what is pushed to {address} does not arrive; attempts: {}, the last at {:.0}: {}",
                trouble.failures, trouble.at, trouble.why
            );
            let mend =
                "does the site listen there, with its own certificate? It is tried again by itself";
            Finding::new(Cause::PushFails, text).since(trouble.since).mend(mend)
        },
    ));
    found
}

fn hearing(party: &Party, facts: &Facts<'_>) -> Vec<Finding> {
    let every = facts.settings.poll_every;
    let pulls = party.is_registered() && party.registration.as_ref().is_some_and(|r| r.pull);
    let last = facts.heard.as_ref().map(|heard| heard.last);
    let quiet = facts.now.duration_since(last.unwrap_or(facts.open_since));
    let mut found = Vec::new();
    if pulls && quiet > every.saturating_mul(SILENCE) {
        let text = match last {
            Some(last) => {
                format!("it was last heard at {last:.0}, and should poll every {every:#}")
            }
            None => format!("it was not heard since the VTN started at {:.0}", facts.open_since),
        };
        let mend = "is the site running and on the net? `certs check URL`, run there, tells which \
            step of a connection fails";
        let since = last.unwrap_or(facts.open_since);
        found.push(Finding::new(Cause::Silent, text).since(since).mend(mend));
    } else if let Some(last) = last {
        let poll = facts.last_poll().map(|at| format!(", its last poll was at {at:.0}"));
        let text = format!("it was last heard at {last:.0}{}", poll.unwrap_or_default());
        found.push(Finding::new(Cause::Heard, text));
    }
    let Some(heard) = &facts.heard else { return found };
    let pace = heard.pace(every).filter(|pace| pulls && *pace >= every.saturating_mul(2));
    found.extend(pace.map(|pace| {
        let text =
            format!("it polls every {:#}, and is asked to every {every:#} (rule 500)", whole(pace));
        let mend = "events reach it that much later: set the site to oadrRequestedOadrPollFreq";
        Finding::new(Cause::PollsSlowly, text).mend(mend)
    }));
    let off = heard.clock.filter(|(_, ahead)| ahead.abs() > TOLERANCE);
    found.extend(off.map(|(at, ahead)| {
        let way = if ahead.is_negative() { "behind" } else { "ahead of" };
        let text = format!("by createdDateTime its clock is {:#} {way} ours", whole(ahead.abs()));
        let mend = "have the site set its clock (NTP): it starts events by it";
        Finding::new(Cause::ClockDiffers, text).since(at).mend(mend)
    }));
    found
}

/// Fractions of a second tell nobody anything.
fn whole(span: SignedDuration) -> SignedDuration {
    SignedDuration::from_secs(span.as_secs())
}

/// Whether a stranger goes by one of these names; that identifies nobody.
fn is_called(one: &Stranger, names: &[&str]) -> bool {
    let called = [&one.claims, &one.common_name];
    called.into_iter().flatten().any(|name| names.contains(&name.as_str()))
}

fn told(one: &Stranger) -> String {
    let called = one.common_name.as_deref().unwrap_or("nothing");
    let claims = one.claims.as_deref().map(|id| format!(" and speaks as {id}")).unwrap_or_default();
    format!(
        "a certificate that is unknown here, {}, calls itself {called}{claims}, and is refused",
        one.fingerprint
    )
}

fn last(one: &Stranger) -> Option<Timestamp> {
    one.refused.last().map(|refused| refused.at)
}

/// Polls that may be missed before a VEN counts as silent.
const SILENCE: i32 = 3;
/// How far a clock may be off: a message is under way for some of it.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
