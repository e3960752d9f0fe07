//! What was delivered of a transaction, as the VTN's records have it. EI 1.0 EiDelivery: one
//! thing in one interval, asked for until there are data.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::Interval;
use oadr_schemas::ei::pyld::EiCreateDelivery;
use oadr_schemas::emix::{Delivery as Measured, Metered, Unit};
use oadr_store::{Batch, Keys};
use rust_decimal::Decimal;

use super::tender::objection;
use crate::context::{Context, Trouble};
use crate::tables::{Delivery, Registration, TRADES, TradeRecord};

/// Asks about every transaction whose time is over and whose delivery is not known.
pub(crate) async fn fetch(cx: &mut Context<'_>) -> Result<(), Trouble> {
    for (id, record) in TRADES.range(cx.store, Keys::all())? {
        let Delivery::Due { request_id, ask_at } = &record.delivery else { continue };
        if *ask_at > cx.now {
            continue;
        }
        let delivery = match ask(cx, &id, request_id, &record).await? {
            Ok(quantity_wh) => {
                tracing::info!(transaction = id, %quantity_wh, "delivered");
                Delivery::Measured { quantity_wh }
            }
            Err(told) if told.starts_with(NOT_YET) && may_wait(cx, &record) => {
                let next = cx.now.checked_add(cx.settings.ask_site_every);
                let (request_id, ask_at) = (request_id.clone(), next.unwrap_or(Timestamp::MAX));
                Delivery::Due { request_id, ask_at }
            }
            Err(told) => {
                tracing::warn!(transaction = id, told, "no delivery is told");
                Delivery::Refused(told)
            }
        };
        let mut batch = Batch::new();
        TRADES.put(&mut batch, &id, &TradeRecord { delivery, ..record })?;
        cx.store.commit(batch).await?;
    }
    Ok(())
}

/// When to ask next.
pub(crate) fn due(cx: &Context<'_>) -> Result<Option<Timestamp>, Trouble> {
    let all = TRADES.range(cx.store, Keys::all())?.into_iter();
    Ok(all
        .filter_map(|(_, record)| match record.delivery {
            Delivery::Due { ask_at, .. } => Some(ask_at),
            _ => None,
        })
        .min())
}

/// What was measured, Wh, or what the VTN says instead.
async fn ask(
    cx: &mut Context<'_>,
    id: &str,
    request_id: &str,
    record: &TradeRecord,
) -> Result<Result<Decimal, String>, Trouble> {
    let Registration { ven_id, vtn_id, .. } = cx.registration()?;
    // The other side of a trade is the VTN's market.
    let injection = record.trade.buyer.as_str() == vtn_id;
    let Interval { start, duration } = record.trade.product.interval;
    let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    let wanted = Metered { uid: "0".to_owned(), start, duration, quantity: None };
    let delivery = Measured { uid: id.to_owned(), injection, metered: vec![wanted] };
    let delivery = match delivery.to_emix() {
        Ok(delivery) => vec![delivery],
        Err(error) => return Ok(Err(error.to_string())),
    };
    let request_id = request_id.to_owned();
    let request = EiCreateDelivery { request_id, requestor_party_id: ven_id, delivery };
    let created = match cx.trade(request).await {
        Err(Trouble::Refused(told)) => return Ok(Err(told)),
        created => created?,
    };
    if let Some(told) = objection(&created.ei_response)? {
        // The overall code may only say that an item has one.
        let items = created.responses.iter().flat_map(|all| &all.response);
        let yet = items.chain([&created.ei_response]).any(|r| r.response_code.value() == NOT_YET);
        return Ok(Err(if yet { format!("{NOT_YET} {told}") } else { told }));
    }
    let found = created.ei_delivery.iter().find(|delivery| delivery.uid == id);
    let measured = found.map(Measured::try_from).transpose().map_err(|error| error.to_string());
    Ok(measured.and_then(|measured| {
        let metered = measured.into_iter().flat_map(|measured| measured.metered);
        let mut quantities = metered.filter_map(|metered| metered.quantity);
        match quantities.next() {
            Some((quantity, _)) if quantity.unit == Unit::Wh => Ok(quantity.value.normalize()),
            _ => Err("the answer has no energy in it".to_owned()),
        }
    }))
}

fn may_wait(cx: &Context<'_>, record: &TradeRecord) -> bool {
    let end = record.trade.product.interval.end();
    end.checked_add(PATIENCE).is_ok_and(|until| cx.now < until)
}

/// 469: the readings are not there yet.
const NOT_YET: &str = "469";
const PATIENCE: SignedDuration = SignedDuration::from_hours(7 * 24);
