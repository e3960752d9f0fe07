//! Opting by hand and by schedule. OpenADR 2.0b Profile, 8.5, rules 200 to 211: durable until
//! the VTN has taken it.

use std::time::Duration;

use jiff::Timestamp;
use oadr_platform::opt::OptSchedule;
use oadr_schemas::openadr::ei::{EiTarget, OptReason as WireReason, OptType, QualifiedEventID};
use oadr_schemas::openadr::oadr::{OadrCancelOpt, OadrCreateOpt};
use oadr_schemas::xml::{DateTime, Text, Uri};
use oadr_store::{Batch, Keys};

use crate::context::{Context, Trouble, wire};
use crate::tables::{Choice, EVENTS, OPTS, OptRecord, OptState, OptWhat};

/// Creates the schedules the site has now, and cancels those it has no longer.
pub(crate) async fn follow_site(cx: &mut Context<'_>) -> Result<(), Trouble> {
    let wanted = match cx.prosumer.availability(cx.now).await {
        Ok(wanted) => wanted,
        Err(refusal) => {
            tracing::debug!(%refusal, "the site does not tell its availability");
            return Ok(());
        }
    };
    let known = OPTS.range(cx.store, Keys::all())?;
    let mut batch = Batch::new();
    for (id, record) in &known {
        let gone = !wanted.iter().any(|schedule| schedule.id.as_str() == id);
        if !record.of_site || !gone || record.state == OptState::Cancelling {
            continue;
        }
        match record.state {
            // It never reached the VTN, or was refused: there is nothing to cancel.
            OptState::Refused(_) => OPTS.delete(&mut batch, id),
            _ => OPTS.put(&mut batch, id, &cancelling(record, cx.fresh_id()))?,
        }
    }
    for schedule in wanted {
        let id = schedule.id.as_str().to_owned();
        let what = OptWhat::Schedule(schedule);
        let old = known.iter().find(|(known, _)| *known == id).map(|(_, record)| record);
        if old.is_some_and(|old| old.what == what && old.state != OptState::Cancelling) {
            continue;
        }
        let request_id = cx.fresh_id();
        let state = OptState::New;
        OPTS.put(
            &mut batch,
            id,
            &OptRecord { what, state, request_id, of_site: true, since: cx.now },
        )?;
    }
    Ok(cx.store.commit(batch).await?)
}

/// Lets opts of events by hand count here at once, whether or not the VTN knows yet.
pub(crate) async fn obey(cx: &Context<'_>) -> Result<(), Trouble> {
    for (_, record) in OPTS.range(cx.store, Keys::all())? {
        let OptWhat::Event { event, modification, opt, resources, .. } = &record.what else {
            continue;
        };
        let Some(mut known) = EVENTS.get(cx.store, event)? else { continue };
        let whole = resources.is_empty();
        let settled = known.by_hand && known.choice == Choice::Taken(*opt);
        if record.state != OptState::New
            || !whole
            || settled
            || *modification != known.offer.modification
        {
            continue;
        }
        tracing::info!(event, ?opt, "set by hand");
        known.choice = Choice::Taken(*opt);
        known.by_hand = true;
        let mut batch = Batch::new();
        EVENTS.put(&mut batch, event, &known)?;
        cx.store.commit(batch).await?;
    }
    Ok(())
}

/// Sends what the VTN has not taken yet.
pub(crate) async fn deliver(cx: &mut Context<'_>) -> Result<(), Trouble> {
    for (id, record) in OPTS.range(cx.store, Keys::all())? {
        let mut batch = Batch::new();
        match record.state {
            OptState::New => {
                let state = create(cx, &id, &record).await?;
                // Asked for to be cancelled meanwhile: then that is next.
                if OPTS.get(cx.store, &id)?.as_ref() == Some(&record) {
                    OPTS.put(&mut batch, &id, &OptRecord { state, ..record })?;
                }
            }
            OptState::Cancelling => {
                let ven_id = cx.registration()?.ven_id;
                let request_id = record.request_id;
                let cancel =
                    OadrCancelOpt { schema_version: None, request_id, opt_id: id.clone(), ven_id };
                match cx.ask(cancel).await {
                    Ok(_) => {}
                    // Rule 208: it is unknown there, which is what was wanted.
                    Err(Trouble::Refused(told)) => tracing::warn!(opt = id, told, "cancelling"),
                    Err(trouble) => return Err(trouble),
                }
                OPTS.delete(&mut batch, &id);
            }
            OptState::Standing if is_over(cx, &record) => OPTS.delete(&mut batch, &id),
            OptState::Standing | OptState::Refused(_) => {}
        }
        cx.store.commit(batch).await?;
    }
    Ok(())
}

/// The same opt on its way out.
pub(crate) fn cancelling(record: &OptRecord, request_id: String) -> OptRecord {
    OptRecord { state: OptState::Cancelling, request_id, ..record.clone() }
}

async fn create(cx: &mut Context<'_>, id: &str, record: &OptRecord) -> Result<OptState, Trouble> {
    let ven_id = cx.registration()?.ven_id;
    let Some(create) = message(id, record, ven_id) else {
        return Ok(OptState::Refused("its reason or programme cannot be written".to_owned()));
    };
    match cx.ask(create).await {
        Ok(_) => Ok(OptState::Standing),
        Err(Trouble::Refused(told)) => {
            tracing::warn!(opt = id, told, "the VTN refuses an opt");
            Ok(OptState::Refused(told))
        }
        Err(trouble) => Err(trouble),
    }
}

/// Rule 206: with an event neither vavailability nor marketContext; without one, a schedule.
/// Rule 200: starts and durations alone. Rule 202: resources, or the whole VEN by its venID.
fn message(id: &str, record: &OptRecord, ven_id: String) -> Option<OadrCreateOpt> {
    let (opt, reason, resources) = match &record.what {
        OptWhat::Schedule(OptSchedule { opt, reason, resources, .. }) => (opt, reason, resources),
        OptWhat::Event { opt, reason, resources, .. } => (opt, reason, resources),
    };
    let ei_target = match resources.is_empty() {
        true => EiTarget::ven(&ven_id),
        false => EiTarget::resources(resources.iter().map(|resource| resource.as_str())),
    };
    let (mut market_context, mut vavailability, mut qualified_event_id) = (None, None, None);
    match &record.what {
        OptWhat::Schedule(schedule) => {
            let context = schedule.market_context.as_ref().map(|context| context.as_str());
            market_context = context.map(Uri::parse).transpose().ok()?;
            let times = schedule.intervals.iter().map(|i| (i.start, wire(i.duration)));
            vavailability = Some(times.collect());
        }
        OptWhat::Event { event, modification, .. } => {
            qualified_event_id = Some(QualifiedEventID::new(event, *modification));
        }
    }
    Some(OadrCreateOpt {
        schema_version: None,
        opt_id: id.to_owned(),
        opt_type: OptType::from(*opt),
        opt_reason: WireReason::parse(reason.as_str()).ok()?,
        market_context,
        ven_id,
        vavailability,
        created_date_time: DateTime(record.since),
        request_id: record.request_id.clone(),
        qualified_event_id,
        ei_target,
        oadr_device_class: None,
    })
}

/// Whether nobody can ask about it any more: its times, or its event, are past.
fn is_over(cx: &Context<'_>, record: &OptRecord) -> bool {
    let past = |end: Timestamp| end.checked_add(KEPT).is_ok_and(|until| until <= cx.now);
    match &record.what {
        // Rule 210: a schedule of no length has no end.
        OptWhat::Schedule(schedule) => {
            let mut intervals = schedule.intervals.iter();
            !record.of_site && intervals.all(|i| !i.duration.is_zero() && past(i.end()))
        }
        OptWhat::Event { event, .. } => {
            matches!(EVENTS.contains(cx.store, event), Ok(false)) && past(record.since)
        }
    }
}

const KEPT: Duration = Duration::from_secs(86_400);
