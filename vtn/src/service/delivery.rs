//! EiDelivery: what was metered. EI 1.0 EiDelivery.
//!
//! One delivery is one thing in one interval. The standard lets the answer wait until there
//! are data; over HTTP the answer is 469 under the delivery's uid until the readings cover the
//! whole interval, so that the party asks again. What was once answered is answered so again:
//! readings corrected later are asked for under a new uid.

use std::time::Duration;

use oadr_platform::Interval;
use oadr_schemas::ei::ei::{EiResponse, RefID};
use oadr_schemas::ei::emix;
use oadr_schemas::ei::pyld::{EiCreateDelivery, EiCreatedDelivery};
use oadr_schemas::openadr::Code;
use oadr_store::Batch;

use crate::context::Context;
use crate::error::Error;
use crate::trade::code::{self, Fault};
use crate::trade::meter::Meter;
use crate::trade::record::Delivery;
use crate::trade::tables::METERED;
use crate::trade::{meter, party, wire};

/// Answers with what the sender's own meters read. More than 24 questions: 454 for all; an
/// interval of more than 31 days: 454 for it.
///
/// # Errors
/// Those of the store.
pub(crate) async fn create_delivery(
    cx: &Context<'_>,
    m: &EiCreateDelivery,
) -> Result<EiCreatedDelivery, Error> {
    let mut created = EiCreatedDelivery {
        ei_response: code::overall(&m.request_id, Ok(())),
        responses: None,
        ei_delivery: Vec::new(),
    };
    let counted = party::check_at_most(DELIVERIES, m.delivery.len(), "delivery");
    if let Err(fault) = party::is_own(cx, &m.requestor_party_id).and(counted) {
        created.ei_response = code::overall(&m.request_id, Err(&fault));
        return Ok(created);
    }
    let meters = meter::meters(&cx.view, cx.ven())?;
    let mut batch = Batch::new();
    let mut results: Vec<(&str, Result<Delivery, Fault>)> = Vec::new();
    for (index, one) in m.delivery.iter().enumerate() {
        let twice = m.delivery[..index].iter().any(|earlier| earlier.uid == one.uid);
        let result = match twice {
            true => Err(Fault::new(Code::InvalidId, "uid: twice in one request")),
            false => delivery(cx, &meters, (one, &format!("delivery[{}]", index + 1)))?,
        };
        if let Ok((delivery, true)) = &result {
            METERED.put_new(&mut batch, (cx.ven(), one.uid.as_str()), delivery)?;
        }
        results.push((&one.uid, result.map(|(delivery, _)| delivery)));
    }
    cx.commit(batch).await?;
    let faults = results.iter().map(|(_, result)| result.as_ref().err());
    created.ei_response = code::overall(&m.request_id, code::summary(faults));
    let mut responses = Vec::new();
    for (uid, result) in &results {
        match result {
            Ok(delivery) => created.ei_delivery.push(wire::delivery(delivery)?),
            Err(fault) => responses.push(item(uid, fault)),
        }
    }
    created.responses = code::list(responses);
    Ok(created)
}

/// One delivery, and whether it is new.
fn delivery(
    cx: &Context<'_>,
    meters: &[Meter],
    (one, path): (&emix::Delivery, &str),
) -> Result<Result<(Delivery, bool), Fault>, Error> {
    let interval = match asked(one, path) {
        Ok(interval) => interval,
        Err(fault) => return Ok(Err(fault)),
    };
    if let Some(known) = METERED.get(&cx.view, (cx.ven(), one.uid.as_str()))? {
        let same = known.interval == interval && known.injection == one.injection;
        let other = || Fault::new(Code::InvalidId, "this uid came before with other content");
        return Ok(if same { Ok((known, false)) } else { Err(other()) });
    }
    if interval.end() > cx.now {
        return Ok(Err(not_yet("the interval is not over")));
    }
    Ok(match meter::read(&cx.view, (cx.ven(), meters), interval)? {
        meter::Metered::Net { wh, estimated } => {
            let quantity_wh = if one.injection { -wh } else { wh };
            let (id, party, uid) = (cx.ids.make(), cx.party_id(), one.uid.clone());
            let (injection, created) = (one.injection, cx.now);
            let quantity_wh = quantity_wh.normalize();
            Ok((
                Delivery { id, party, uid, interval, injection, quantity_wh, estimated, created },
                true,
            ))
        }
        meter::Metered::Missing(from) => Err(not_yet(&format!("no reading for {from}"))),
        meter::Metered::Unmetered => {
            let what = "no meter: no usage is reported as energy or as mean power";
            Err(Fault::new(Code::TargetMismatch, what))
        }
    })
}

/// The interval a delivery asks about.
fn asked(one: &emix::Delivery, path: &str) -> Result<Interval, Fault> {
    party::check_id(&one.uid, &format!("{path}/uid"))?;
    let interval = wire::only_interval(&one.components, path)?;
    if interval.duration > LONGEST {
        let what = format!("{path}/components: an interval of more than 31 days");
        return Err(Fault::new(Code::InvalidData, what));
    }
    Ok(interval)
}

/// 469: ask again later.
fn not_yet(what: &str) -> Fault {
    Fault::new(Code::NotDeployed, format!("not yet: {what}"))
}

fn item(uid: &str, fault: &Fault) -> EiResponse {
    code::item(RefID::RefID(uid.to_owned()), Err(fault))
}

/// Deliveries at most in one message: a day's hours.
const DELIVERIES: usize = 24;

/// The longest interval: all its readings are looked at.
const LONGEST: Duration = Duration::from_secs(31 * 24 * 60 * 60);
