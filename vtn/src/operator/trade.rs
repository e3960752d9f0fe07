//! The trading side. EI 1.0 EiTender, EiTransaction and EiDelivery, as an operator sees them: all
//! parties', so for who works with them.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use oadr_platform::PartyId;
use oadr_platform::market::{self, Trade};
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::api::Api;
use super::input::Asked;
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::trade::record::{Delivery, State as Standing, Tender};

/// A tender as it stands now.
#[derive(Debug, Serialize)]
pub(super) struct TenderSeen {
    #[serde(flatten)]
    offer: market::Tender,
    state: Standing,
    remaining_wh: Decimal,
    number: u64,
    received: Timestamp,
}

/// A transaction.
#[derive(Debug, Serialize)]
pub(super) struct TransactionSeen {
    #[serde(flatten)]
    trade: Trade,
    number: u64,
    /// Who accepted a tender directed at it; `None`: made by the market.
    accepted_by: Option<PartyId>,
}

/// Tenders, by party and tenderID.
pub(super) async fn tenders(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<TenderSeen>>, Problem> {
    let now = api.clock().now();
    let after: Option<(String, String)> = cursor(&paging)?;
    let after = after.as_ref().map(|(party, id)| (party.as_str(), id.as_str()));
    let found = api.vtn().tenders(after, paging.one_more()?)?;
    let name = |tender: &Tender| text(&(&tender.offer.party, &tender.offer.id));
    Ok(Json(paging.page(found, name)?.map(|tender| TenderSeen {
        state: tender.state_at(now),
        remaining_wh: tender.remaining_wh,
        number: tender.number,
        received: tender.received,
        offer: tender.offer,
    })))
}

/// Transactions, in the order they were made.
pub(super) async fn transactions(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<TransactionSeen>>, Problem> {
    let found = api.vtn().transactions(cursor(&paging)?, paging.one_more()?)?;
    Ok(Json(paging.page(found, |(place, _)| text(place))?.map(|(_, one)| TransactionSeen {
        trade: one.trade,
        number: one.number,
        accepted_by: one.accepted.map(|(party, _)| party),
    })))
}

/// Deliveries that were asked for and metered, by party and uid.
pub(super) async fn deliveries(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<Delivery>>, Problem> {
    let after: Option<(String, String)> = cursor(&paging)?;
    let after = after.as_ref().map(|(party, uid)| (party.as_str(), uid.as_str()));
    let found = api.vtn().deliveries(after, paging.one_more()?)?;
    Ok(Json(paging.page(found, |one| text(&(&one.party, &one.uid)))?))
}

/// A key as a cursor: JSON, since the names in it may hold any character.
fn text(key: &impl Serialize) -> String {
    serde_json::json!(key).to_string()
}

fn cursor<K: DeserializeOwned>(paging: &Paging) -> Result<Option<K>, Problem> {
    let wrong = |_| Problem::bad_request("after: not a cursor of this list").at("after");
    paging.after().map(|after| serde_json::from_str(after).map_err(wrong)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_holds_any_name() {
        let key = ("a\"/@,".to_owned(), "ü b".to_owned());
        let paging = Paging { limit: None, after: Some(text(&key)) };
        assert_eq!(cursor(&paging).unwrap(), Some(key));
        let paging = Paging { limit: None, after: Some("[1]".to_owned()) };
        assert_eq!(cursor::<(u64, u64)>(&paging).err().unwrap().status, 400);
    }
}
