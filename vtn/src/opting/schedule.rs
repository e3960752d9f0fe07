//! Opt schedules. OpenADR 2.0b Profile, rules 200 to 205, 209, 210.
//!
//! Where rule 201 leaves the policy to the programme: outside of every schedule a VEN has said
//! nothing; where an optIn and an optOut schedule overlap, optOut wins.

use jiff::Timestamp;
use oadr_platform::opt::Opt;
use oadr_schemas::openadr::Code;
use oadr_schemas::openadr::check::Fault;
use oadr_schemas::openadr::oadr::OadrCreateOpt;
use oadr_schemas::openadr::xcal::Vavailability;
use oadr_schemas::xml::Text;
use oadr_store::{Batch, Keys, Read, Snapshot};

use super::{device_classes, note, opt_of, targets};
use crate::error::Error;
use crate::ids::short;
use crate::market_context::{normal, same};
use crate::outbox::number;
use crate::record::{OptAction, OptEntry, OptUse, TargetRef, Window};
use crate::settings::Settings;
use crate::tables::{OPT_IDS, OPTS, PROGRAMMES};
use crate::unit;

/// Adds to the batch: the schedule is in force, in place of what it replaces; or was
/// in force already.
///
/// # Errors
/// 454 for a time that is none, or too many of them, 462 for a market context that is not served,
/// 451 if the VEN would have too many schedules.
pub(crate) fn opt_schedule(
    view: &Snapshot,
    batch: &mut Batch,
    (ven, now, settings): (&str, Timestamp, &Settings),
    (create, schedule): (&OadrCreateOpt, &Vavailability),
) -> Result<OptEntry, Error> {
    let new = entry(ven, now, create, schedule)?;
    let most = settings.limits.opt_windows;
    if new.windows.len().max(new.targets.len()).max(new.device_classes.len()) > most {
        let what = format!("more than {most} times or targets in one schedule");
        return Err(Error::rule(201, Code::InvalidData, what));
    }
    if let Some(context) = &new.market_context {
        short(205, "marketContext", context)?;
        served(view, context, settings)?;
    }
    let older = OPTS.range(view, Keys::of((ven,)))?;
    if older.iter().any(|(_, old)| OptEntry { received: now, ..old.clone() } == new) {
        return Ok(new);
    }
    let too_many = || Err(Error::rule(201, Code::NotAllowed, "too many schedules in force"));
    let mut actions = Vec::new();
    for ((_, seq), old) in &older {
        match replaced(old, &new) {
            Replaced::No => {}
            Replaced::Part(rest) if rest.except.len() > most => return too_many(),
            Replaced::Part(rest) => OPTS.put(batch, (ven, *seq), &rest)?,
            Replaced::Whole => {
                OPTS.delete(batch, (ven, *seq));
                actions.push(OptAction::Superseded(old.clone()));
            }
        }
    }
    // What it takes the place of makes room for it.
    if older.len() - actions.len() >= settings.limits.opts {
        return too_many();
    }
    let next = older.last().map_or(0, |((_, last), _)| last + 1).max(number(now));
    OPTS.put_new(batch, (ven, next), &new)?;
    OPT_IDS.put(batch, (ven, create.opt_id.as_str()), &OptUse::Schedule)?;
    actions.push(OptAction::Created(new.clone()));
    note(view, batch, ven, (&create.opt_id, actions, now))?;
    Ok(new)
}

/// What schedules say of a resource (`None`: the VEN as a whole) and a market context (`None`:
/// none in particular) at `at`: in or out, and by which of them. `None`: nothing.
pub(crate) fn availability<'a>(
    schedules: &'a [OptEntry],
    (resource, context): (Option<&str>, Option<&str>),
    at: Timestamp,
) -> Option<(Opt, Vec<&'a str>)> {
    let speaks = |entry: &&OptEntry| concerns(entry, resource, context) && entry.is_in_force(at);
    let of = |opt: Opt| -> Vec<&str> {
        let said = schedules.iter().filter(speaks).filter(|entry| entry.opt == opt);
        said.map(|entry| entry.opt_id.as_str()).collect()
    };
    [Opt::Out, Opt::In].map(|opt| (opt, of(opt))).into_iter().find(|(_, by)| !by.is_empty())
}

/// Whether a schedule says that one of these is out at some time from `start` up to, not
/// including, `end`; `None`: without end.
pub(crate) fn is_out_during(
    entry: &OptEntry,
    (resources, context): (&[Option<&str>], &str),
    (start, end): (Timestamp, Option<Timestamp>),
) -> bool {
    let within = |window: &Window| {
        window.contains(start) || window.start > start && end.is_none_or(|end| window.start < end)
    };
    entry.opt == Opt::Out
        && entry.windows.iter().any(within)
        && resources.iter().any(|resource| concerns(entry, *resource, Some(context)))
}

/// Whether a schedule speaks of a resource in a market context. A schedule narrowed to device
/// classes speaks of no resource as a whole.
fn concerns(entry: &OptEntry, resource: Option<&str>, context: Option<&str>) -> bool {
    let in_context = match (&entry.market_context, context) {
        (None, _) => true,
        (Some(own), Some(asked)) => same(own, asked),
        (Some(_), None) => false,
    };
    // Both lists are sorted: a VEN may fill them to the limit, and have many resources.
    let named = |list: &[TargetRef]| {
        list.binary_search_by(|t| {
            (t.kind.as_str(), Some(t.name.as_str())).cmp(&("resourceID", resource))
        })
        .is_ok()
    };
    let of_resource = entry.targets.is_empty() || named(&entry.targets);
    in_context && of_resource && !named(&entry.except) && entry.device_classes.is_empty()
}

/// What becomes of an older schedule.
enum Replaced {
    No,
    Part(Box<OptEntry>),
    Whole,
}

/// Rule 203: optIn and optOut are kept apart. A schedule for the whole VEN replaces the older
/// ones, one for some targets replaces them for those only. One for a market context, or for
/// device classes, replaces only those for the same.
fn replaced(old: &OptEntry, new: &OptEntry) -> Replaced {
    let same_context = match (&old.market_context, &new.market_context) {
        (_, None) => true,
        (Some(old), Some(new)) => same(old, new),
        (None, Some(_)) => false,
    };
    let same_classes = new.device_classes.is_empty() || old.device_classes == new.device_classes;
    // Rule 204: the same optID may stand for several schedules.
    if old.opt != new.opt || !same_context || !same_classes {
        return Replaced::No;
    }
    if new.targets.is_empty() {
        return Replaced::Whole;
    }
    if old.targets.is_empty() {
        let mut except = old.except.clone();
        except.extend(new.targets.iter().cloned());
        except.sort();
        except.dedup();
        return match except == old.except {
            true => Replaced::No,
            false => Replaced::Part(Box::new(OptEntry { except, ..old.clone() })),
        };
    }
    let keeps = |target: &&TargetRef| !new.targets.contains(target);
    let targets: Vec<_> = old.targets.iter().filter(keeps).cloned().collect();
    match targets.len() {
        0 => Replaced::Whole,
        kept if kept == old.targets.len() => Replaced::No,
        _ => Replaced::Part(Box::new(OptEntry { targets, ..old.clone() })),
    }
}

fn entry(
    ven: &str,
    now: Timestamp,
    create: &OadrCreateOpt,
    schedule: &Vavailability,
) -> Result<OptEntry, Fault> {
    let mut windows = Vec::new();
    for (start, duration) in schedule.times() {
        let span = unit::span(&duration, start).filter(|span| !span.is_negative());
        let duration =
            span.ok_or_else(|| Fault::new(210, Code::InvalidData, format!("no span: {duration}")))?;
        windows.push(Window { start, duration });
    }
    let context = create.market_context.as_ref().map(|uri| uri.to_string());
    Ok(OptEntry {
        opt_id: create.opt_id.clone(),
        opt: opt_of(&create.opt_type),
        reason: create.opt_reason.text().into_owned(),
        market_context: context.filter(|uri| !uri.is_empty()),
        windows,
        targets: targets(&create.ei_target, ven)?,
        except: Vec::new(),
        device_classes: device_classes(create),
        created: *create.created_date_time,
        received: now,
    })
}

/// Rule 48: a market context leads somewhere here: it is a programme, or one of the settings'.
///
/// # Errors
/// 462 if it is neither; those of the store.
pub(crate) fn served(view: &impl Read, context: &str, settings: &Settings) -> Result<(), Error> {
    let known = &settings.market_contexts;
    if known.is_empty() || known.iter().any(|one| same(one, context)) {
        return Ok(());
    }
    if PROGRAMMES.contains(view, normal(context))? {
        return Ok(());
    }
    let what = format!("market context {context} is not served here");
    Err(Error::rule(48, Code::TargetMismatch, what))
}
