//! Transactions: fetched from the VTN, told to the site. EI 1.0 EiTransaction. The party that
//! made a tender learns here that it was taken.

use std::time::Duration;

use oadr_platform::market::{Product, Side, Trade};
use oadr_platform::{Interval, Reason};
use oadr_schemas::ei::ei::EiTransaction;
use oadr_schemas::ei::emix;
use oadr_schemas::ei::pyld::EiRequestTransaction;
use oadr_schemas::xml::Text;
use oadr_store::{Batch, Keys};

use super::tender::objection;
use crate::context::{Context, Trouble};
use crate::tables::{Delivery, Registration, TENDERS, TRADES, TradeRecord};

/// Asks for the transactions there are and remembers those that are new.
pub(crate) async fn fetch(cx: &mut Context<'_>) -> Result<(), Trouble> {
    if TENDERS.range(cx.store, Keys::all().limit(1))?.is_empty() {
        return Ok(());
    }
    let registration = cx.registration()?;
    let request = EiRequestTransaction {
        request_id: cx.fresh_id(),
        party_id: registration.ven_id.clone(),
        counter_party_id: Vec::new(),
        requestor_party_id: registration.ven_id.clone(),
        market_context: Vec::new(),
        transaction_id: Vec::new(),
        interval: None,
    };
    let reply = match cx.trade(request).await {
        Ok(reply) => reply,
        Err(Trouble::Refused(told)) => {
            tracing::warn!(told, "the VTN tells no transactions");
            return Ok(());
        }
        Err(trouble) => return Err(trouble),
    };
    if let Some(told) = objection(&reply.ei_response)? {
        tracing::warn!(told, "the VTN tells no transactions");
        return Ok(());
    }
    let mut batch = Batch::new();
    for transaction in &reply.ei_transaction {
        let id = &transaction.transaction_id;
        if TRADES.contains(cx.store, id)? {
            continue;
        }
        match trade(cx, &registration, transaction) {
            Ok(trade) => {
                let (quantity_wh, price) = (trade.quantity_wh, trade.price_per_kwh);
                tracing::info!(transaction = id, %quantity_wh, %price, "traded");
                let ask_at = trade.product.interval.end();
                let delivery = Delivery::Due { request_id: cx.fresh_id(), ask_at };
                let record = TradeRecord { trade, told: false, delivery };
                TRADES.put_new(&mut batch, id, &record)?;
            }
            Err(why) => tracing::error!(transaction = id, why, "a transaction cannot be read"),
        }
    }
    Ok(cx.store.commit(batch).await?)
}

/// Tells the site what it does not know yet; `again`, also what it may have forgotten: what
/// is still to be delivered.
pub(crate) async fn tell_site(cx: &Context<'_>, again: bool) -> Result<(), Trouble> {
    for (id, record) in TRADES.range(cx.store, Keys::all())? {
        let ahead = record.trade.product.interval.end() > cx.now;
        if record.told && !(again && ahead) {
            continue;
        }
        match cx.prosumer.traded(record.trade.clone(), cx.now).await {
            Ok(()) => {}
            Err(refusal) if refusal.reason == Reason::Unavailable => {
                tracing::warn!(transaction = id, %refusal, "the site cannot be told");
                continue;
            }
            // It stays binding whatever the site says.
            Err(refusal) => tracing::error!(transaction = id, %refusal, "the site refuses"),
        }
        if record.told {
            continue;
        }
        let mut batch = Batch::new();
        TRADES.put(&mut batch, &id, &TradeRecord { told: true, ..record })?;
        cx.store.commit(batch).await?;
    }
    Ok(())
}

/// A transaction as the site sees it, in the words of its own tender. Who the other is the
/// VTN does not say: its market stands between.
fn trade(
    cx: &Context<'_>,
    registration: &Registration,
    transaction: &EiTransaction,
) -> Result<Trade, String> {
    let own = transaction.tender_id.clone().unwrap_or_default();
    let tender = TENDERS.get(cx.store, &own).map_err(|error| error.to_string())?;
    let tender = tender.map(|record| record.tender);
    let product = transaction.product().map_err(|error| error.to_string())?;
    let currency = product.head.currency.as_ref().ok_or("it has no currency")?;
    let quantity_wh = product.watt_hours().ok_or("it is not about real energy")?;
    let price_per_kwh = product.price_per_kwh().ok_or("its price is not for energy")?;
    let length = Duration::try_from(product.duration).map_err(|_| "its time runs backwards")?;
    let side = match product.head.side {
        emix::Side::Buy => Side::Buy,
        emix::Side::Sell => Side::Sell,
    };
    let party = tender.as_ref().map_or(registration.ven_id.as_str(), |own| own.party.as_str());
    let class = tender.as_ref().map_or("energy".into(), |own| own.product.class.clone());
    let (us, them) = ((party, own.as_str()), (registration.vtn_id.as_str(), ""));
    let ((buyer, buy_tender), (seller, sell_tender)) = match side {
        Side::Buy => (us, them),
        Side::Sell => (them, us),
    };
    Ok(Trade {
        id: transaction.transaction_id.as_str().into(),
        product: Product {
            market_context: (*product.head.market_context).into(),
            class,
            currency: currency.text().into_owned().into(),
            interval: Interval::new(product.start, length),
        },
        quantity_wh: quantity_wh.normalize(),
        price_per_kwh: price_per_kwh.normalize(),
        buyer: buyer.into(),
        seller: seller.into(),
        buy_tender: buy_tender.into(),
        sell_tender: sell_tender.into(),
        at: cx.now,
    })
}
