//! What all transactive scenarios use: parties, products, exchanges.

use std::fmt::Debug;

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::ei::ei::{ArrayofResponses, EiResponse, EiTender, EiTransaction};
use oadr_schemas::ei::power::ServiceDeliveryPoint;
use oadr_schemas::ei::pyld::{
    EiCancelTender, EiCreateTender, EiCreateTransaction, EiReplyTender, EiReplyTransaction,
    EiRequestTender, EiRequestTransaction,
};
use oadr_schemas::ei::{self, Message};
use oadr_schemas::emix::{CurrencyCode, Head, Place, Product, Side, TransactiveState};
use oadr_schemas::exchange::{Reply as _, Request, Service};
use oadr_schemas::xml::{self, Limits, Text as _};
use rust_decimal::Decimal;

use crate::say::saw::{self, Saw};
use crate::verdict::{Stop, inconclusive};
use crate::vtn::{Party, Reply, VtnPlay};

/// What a tender offers: so many Wh in an interval, at so much in euros for a kWh.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Buy or sell.
    pub side: Side,
    /// Energy of the whole interval.
    pub wh: i64,
    /// Hundredths of a euro for a kWh.
    pub cents: i64,
    /// dtstart, UTC.
    pub start: Timestamp,
    /// Seconds.
    pub duration_s: i64,
    /// expirationDate, UTC.
    pub expires: Option<Timestamp>,
    /// All or nothing.
    pub integral_only: bool,
    /// marketContext.
    pub market: String,
}

impl Offer {
    /// For the hour that begins in six hours.
    pub fn new(play: &VtnPlay, side: &str, wh: i64, cents: i64) -> Self {
        let hour = 3600 - play.now_s().as_second().rem_euclid(3600);
        Self {
            side: if side == "buy" { Side::Buy } else { Side::Sell },
            wh,
            cents,
            start: play.in_s(hour + 6 * 3600),
            duration_s: 3600,
            expires: None,
            integral_only: false,
            market: play.setting.market.clone(),
        }
    }

    /// The same from the other side.
    pub fn turned(&self) -> Self {
        let side = if self.side == Side::Buy { Side::Sell } else { Side::Buy };
        Self { side, ..self.clone() }
    }

    fn product(&self, state: TransactiveState) -> Product {
        let head = Head {
            uid: "product".to_owned(),
            state,
            side: self.side.clone(),
            market_context: self.market.as_str().into(),
            currency: CurrencyCode::parse("EUR").ok(),
            expires: self.expires,
            integral_only: self.integral_only,
            terms: None,
        };
        let place = Place::ServiceDeliveryPoint(ServiceDeliveryPoint { node: "meter".to_owned() });
        let times = (self.start, SignedDuration::from_secs(self.duration_s));
        let price = Decimal::new(self.cents, 2);
        Product::energy(head, times, place, (self.wh.into(), price))
    }

    /// As an eiTender.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn tender(&self, id: &str) -> Result<EiTender, Stop> {
        EiTender::new(id, &self.product(TransactiveState::Tender)).map_err(crate::stage::told)
    }

    /// As an eiTransaction that accepts a tender.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn accepting(&self, tender: &str, id: &str) -> Result<EiTransaction, Stop> {
        let product = self.product(TransactiveState::Transaction);
        EiTransaction::accepting(tender, id, &product).map_err(crate::stage::told)
    }

    /// Whether a product says the same: side, energy, price, time.
    pub fn is(&self, product: &Product) -> bool {
        product.head.side == self.side
            && product.watt_hours() == Some(self.wh.into())
            && product.price_per_kwh() == Some(Decimal::new(self.cents, 2))
            && product.start == self.start
            && product.duration.as_secs() == self.duration_s
    }
}

/// Posts an EI message to its service; gives the reply its pairing promises.
///
/// # Errors
/// Failed, if anything else comes.
pub async fn ask<R>(play: &mut VtnPlay, party: &mut Party, request: R) -> Result<R::Reply, Stop>
where
    R: Request<Message = Message>,
{
    let wanted = R::PAIRING.reply.unwrap_or("an empty body");
    let asked = R::PAIRING.request;
    let reply = post(play, party, &request.into()).await?;
    let what = format!("{asked} is answered with HTTP 200");
    play.require(&["EI-response"], what, reply.status == 200, reply.status)?;
    let message = match xml::decode_any::<Message>(&reply.http.body, &Limits::reports()) {
        Ok(message) => message,
        Err(error) => {
            let what = format!("the answer to {asked} is valid");
            return play.fail(&["EI-response"], what, error.to_string());
        }
    };
    let name = message.name();
    match R::Reply::from_body(Some(message)) {
        Ok(reply) => Ok(reply),
        Err(_) => play.fail(&["EI-response"], format!("{asked} is answered by {wanted}"), name),
    }
}

/// Posts an EI message to its service.
///
/// # Errors
/// Inconclusive, if no answer comes.
pub async fn post(play: &mut VtnPlay, party: &mut Party, message: &Message) -> Result<Reply, Stop> {
    let row = ei::Message::request_id(message).and_then(|_| pairing(message));
    let service = row.unwrap_or(Service::EiTender);
    let path = format!("{}EI/Simple/1.0/{}", play.address.prefix, service.name());
    let request = party.caller.post(&path, xml::encode_any(message).into_bytes());
    match play.call(party, request).await {
        Ok(reply) => Ok(reply),
        Err(error) => inconclusive(format!("{} to {path}: {error}", party.name)),
    }
}

fn pairing(message: &Message) -> Option<Service> {
    oadr_schemas::exchange::ei_table::pairing_of(message).map(|row| row.service)
}

/// eiCreateTender.
pub fn create(
    play: &VtnPlay,
    party: &Party,
    counter_party: &str,
    ei_tender: Vec<EiTender>,
) -> EiCreateTender {
    EiCreateTender {
        request_id: play.unique("tenders"),
        party_id: party.id(),
        counter_party_id: counter_party.to_owned(),
        ei_tender,
    }
}

/// eiCancelTender.
pub fn cancel(play: &VtnPlay, party: &Party, ids: &[&str]) -> EiCancelTender {
    EiCancelTender {
        request_id: play.unique("cancel"),
        party_id: party.id(),
        counter_party_id: None,
        tender_id: ids.iter().map(|id| (*id).to_owned()).collect(),
    }
}

/// eiCreateTransaction: accepting a tender.
pub fn accept(
    play: &VtnPlay,
    party: &Party,
    owner: &Party,
    ei_transaction: Vec<EiTransaction>,
) -> EiCreateTransaction {
    EiCreateTransaction {
        request_id: play.unique("accept"),
        party_id: party.id(),
        counter_party_id: owner.id(),
        ei_transaction,
    }
}

/// eiRequestTender: of these ids, or, without any, all that are open.
///
/// # Errors
/// As [`ask`].
pub async fn tenders(
    play: &mut VtnPlay,
    party: &mut Party,
    of: &str,
    ids: &[&str],
) -> Result<EiReplyTender, Stop> {
    let request = EiRequestTender {
        request_id: play.unique("look"),
        party_id: of.to_owned(),
        counter_party_id: Vec::new(),
        requestor_party_id: party.id(),
        market_context: Vec::new(),
        tender_id: ids.iter().map(|id| (*id).to_owned()).collect(),
        interval: None,
    };
    ask(play, party, request).await
}

/// eiRequestTransaction: all of a party's own.
///
/// # Errors
/// As [`ask`].
pub async fn transactions(
    play: &mut VtnPlay,
    party: &mut Party,
) -> Result<EiReplyTransaction, Stop> {
    let request = EiRequestTransaction {
        request_id: play.unique("look"),
        party_id: party.id(),
        counter_party_id: Vec::new(),
        requestor_party_id: party.id(),
        market_context: Vec::new(),
        transaction_id: Vec::new(),
        interval: None,
    };
    ask(play, party, request).await
}

/// Whether the open tenders that a party sees hold one of this id.
///
/// # Errors
/// As [`ask`].
pub async fn is_open(play: &mut VtnPlay, party: &mut Party, id: &str) -> Result<bool, Stop> {
    let of = party.id();
    let reply = tenders(play, party, &of, &[]).await?;
    Ok(reply.ei_tender.iter().any(|tender| tender.tender_id == id))
}

/// The code under which an item was answered: its own, or, if it has none, that of the whole.
pub fn code_of(overall: &EiResponse, items: Option<&ArrayofResponses>, id: &str) -> String {
    let items = items.map(|items| items.response.as_slice()).unwrap_or_default();
    let own = items.iter().find(|item| item.ref_id.text() == id);
    own.unwrap_or(overall).response_code.value().clone()
}

/// A check that an answer says 200, without which the rest makes no sense.
///
/// # Errors
/// [`Stop::Failed`], if it does not.
pub fn must_be_taken(
    play: &mut VtnPlay,
    (rules, what): (&[&'static str], &str),
    response: &EiResponse,
) -> Result<(), Stop> {
    play.require(rules, what, response.is_ok(), told(response))
}

/// A check that a code says refused.
pub fn refused(
    play: &mut VtnPlay,
    (rules, what): (&[&'static str], impl Into<String>),
    code: &str,
) {
    play.check(rules, what, is_refusal(code), saw::text(code));
}

/// A check that a tender is open, or is not.
pub fn stands(
    play: &mut VtnPlay,
    (rules, what): (&[&'static str], impl Into<String>),
    (open, wanted): (bool, bool),
) {
    let saw = if open { "it is open" } else { "it is not open" };
    play.check(rules, what, open == wanted, saw::text(saw));
}

/// An answer that may be of any kind, for people.
pub fn answered(reply: &Reply) -> Saw {
    let text = String::from_utf8_lossy(&reply.http.body);
    saw::text(format_args!("HTTP {} {text}", reply.status))
}

/// An eiResponse, for people.
pub fn told(response: &EiResponse) -> Saw {
    let code = response.response_code.value();
    match response.response_description.as_deref().unwrap_or_default() {
        "" => saw::text(code),
        said => saw::text(format_args!("{code}, {said:?}")),
    }
}

/// What a product says, for people.
pub fn shown<E: Debug>(product: &Option<Result<Product, E>>) -> Saw {
    match product {
        None => saw::text("none"),
        Some(Err(error)) => saw::text(format_args!("no product of energy: {error:?}")),
        Some(Ok(product)) => saw::text(format_args!(
            "{} {}, {} Wh at {} a kWh, {} s from {}",
            product.head.state.text(),
            product.head.side.text(),
            element(product.watt_hours()),
            element(product.price_per_kwh()),
            product.duration.as_secs(),
            product.start,
        )),
    }
}

fn element(value: Option<Decimal>) -> String {
    value.map_or("no".to_owned(), |value| value.to_string())
}

/// Whether a code says refused.
pub fn is_refusal(code: &str) -> bool {
    code.starts_with('4')
}

/// A check that an answer refers to the request it answers.
pub fn refers(play: &mut VtnPlay, response: &EiResponse, request_id: &str) {
    let found = response.ref_id.text();
    play.equal(&["EI-response"], "the answer refers to its request", (found, request_id));
}
