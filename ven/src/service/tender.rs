//! Tenders of the site: to the VTN's market, each once. EI 1.0 EiTender. To the VTN a party's
//! id is its venID, whatever the site calls itself. What will be sent is on disk before it is, and is the same each time it is sent.

use jiff::SignedDuration;
use oadr_platform::market::{Side, Tender};
use oadr_schemas::ei::ei::{EiResponse, EiTender};
use oadr_schemas::ei::emix;
use oadr_schemas::ei::power::{MeterAsset, Pnode};
use oadr_schemas::ei::pyld::EiCreateTender;
use oadr_schemas::emix::{CurrencyCode, Head, Place, Product, TransactiveState};
use oadr_schemas::xml::{Text, Uri};
use oadr_store::{Batch, Keys};

use crate::context::{Context, Trouble};
use crate::tables::{TENDERS, TenderRecord, TenderState};

/// Takes in the tenders the site has and has not had before.
pub(crate) async fn follow_site(cx: &mut Context<'_>) -> Result<(), Trouble> {
    let tenders = match cx.prosumer.tenders(cx.now).await {
        Ok(tenders) => tenders,
        Err(refusal) => {
            tracing::debug!(%refusal, "the site has no tenders to tell");
            return Ok(());
        }
    };
    let mut batch = Batch::new();
    for tender in tenders {
        let id = tender.id.as_str().to_owned();
        if TENDERS.contains(cx.store, &id)? {
            continue;
        }
        let (request_id, state) = (cx.fresh_id(), TenderState::Sending);
        TENDERS.put_new(&mut batch, &id, &TenderRecord { tender, request_id, state })?;
    }
    forget_old(cx, &mut batch)?;
    Ok(cx.store.commit(batch).await?)
}

/// Sends what the VTN has not answered yet.
pub(crate) async fn deliver(cx: &mut Context<'_>) -> Result<(), Trouble> {
    for (id, record) in TENDERS.range(cx.store, Keys::all())? {
        if record.state != TenderState::Sending {
            continue;
        }
        let state = send(cx, &record).await?;
        tracing::info!(tender = id, ?state, "tendered");
        let mut batch = Batch::new();
        TENDERS.put(&mut batch, &id, &TenderRecord { state, ..record })?;
        cx.store.commit(batch).await?;
    }
    Ok(())
}

/// What an answer of EI 1.0 says against us, if it does.
///
/// # Errors
/// [`Trouble::NotRegistered`] for 463.
pub(crate) fn objection(response: &EiResponse) -> Result<Option<String>, Trouble> {
    if response.is_ok() {
        return Ok(None);
    }
    let words = response.response_description.as_deref().unwrap_or("");
    let told = format!("{} {words}", response.response_code.value());
    match response.response_code.value().as_str() {
        "463" => Err(Trouble::NotRegistered(told)),
        _ => Ok(Some(told)),
    }
}

async fn send(cx: &mut Context<'_>, record: &TenderRecord) -> Result<TenderState, Trouble> {
    let tender = &record.tender;
    if tender.expires_at <= cx.now {
        return Ok(TenderState::Refused("it expired before the VTN had it".to_owned()));
    }
    let unwritable = |what: &str| TenderState::Refused(format!("it cannot be written: {what}"));
    let registration = cx.registration()?;
    let product = match product(tender, &registration.ven_id) {
        Ok(product) => product,
        Err(what) => return Ok(unwritable(what)),
    };
    let ei_tender = match EiTender::new(tender.id.as_str(), &product) {
        Ok(ei_tender) => ei_tender,
        Err(error) => return Ok(unwritable(&error.to_string())),
    };
    let other = tender.counter_party.as_ref().map(|other| other.as_str().to_owned());
    let create = EiCreateTender {
        request_id: record.request_id.clone(),
        party_id: registration.ven_id,
        // To nobody in particular: to the market, which is the VTN's.
        counter_party_id: other.unwrap_or(registration.vtn_id),
        ei_tender: vec![ei_tender],
    };
    match cx.trade(create).await {
        Ok(created) => Ok(match objection(&created.ei_response)? {
            None => TenderState::Standing,
            Some(told) => TenderState::Refused(told),
        }),
        Err(Trouble::Refused(told)) => Ok(TenderState::Refused(told)),
        Err(trouble) => Err(trouble),
    }
}

/// A tender as an EMIX product of energy: anywhere in the market, unless its class names a
/// node of the grid.
fn product(tender: &Tender, ven_id: &str) -> Result<Product, &'static str> {
    let place = match tender.product.class.as_str() {
        "energy" => Place::MeterAsset(MeterAsset { mrid: ven_id.to_owned() }),
        node => Place::Pnode(Pnode { node: node.to_owned() }),
    };
    let context = Uri::parse(tender.product.market_context.as_str());
    let currency = CurrencyCode::parse(tender.product.currency.as_str());
    let head = Head {
        uid: tender.id.as_str().to_owned(),
        state: TransactiveState::Tender,
        side: match tender.side {
            Side::Buy => emix::Side::Buy,
            Side::Sell => emix::Side::Sell,
        },
        market_context: context.map_err(|_| "its market context is no URI")?,
        currency: Some(currency.map_err(|_| "its currency is not one of ISO 4217")?),
        expires: Some(tender.expires_at),
        integral_only: tender.integral_only,
        terms: None,
    };
    let interval = tender.product.interval;
    let length = SignedDuration::try_from(interval.duration).map_err(|_| "it is too long")?;
    let amounts = (tender.quantity_wh, tender.price_per_kwh);
    Ok(Product::energy(head, (interval.start, length), place, amounts))
}

/// Adds to the batch: tenders whose time is long past go.
fn forget_old(cx: &Context<'_>, batch: &mut Batch) -> Result<(), Trouble> {
    for (id, record) in TENDERS.range(cx.store, Keys::all())? {
        let end = record.tender.product.interval.end().checked_add(KEPT);
        if end.is_ok_and(|end| end <= cx.now) {
            TENDERS.delete(batch, id);
        }
    }
    Ok(())
}

const KEPT: SignedDuration = SignedDuration::from_hours(24);
