//! EiQuote: indications that bind nobody. EI 1.0 EiQuote.

use oadr_schemas::ei::ei::EiQuote;
use oadr_schemas::ei::pyld::{EiCancelQuote, EiCreateQuote, EiReplyQuote, EiRequestQuote};

use super::floor::{self, Offer};
use crate::say::saw;
use crate::scenario::{Profile, Scenario};
use crate::verdict::{Ended, Stop};
use crate::vtn::{Party, VtnPlay};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    Scenario::vtn("ei-quote-create", |play| Box::pin(created(play)))
        .profile(Profile::Transactive)
        .feature("transactive")
        .given("two registered parties")
        .when("one quotes to the other; the other asks for quotes, and then tries to accept the quote")
        .expect("200 with the quoteID; the other sees the quote; the acceptance is refused")
        .rules(&["EI-parties", "EI-response", "EiQuote"]),
    Scenario::vtn("ei-quote-cancel", |play| Box::pin(cancelled(play)))
        .profile(Profile::Transactive)
        .feature("transactive")
        .given("a quote that stands")
        .when("its publisher cancels it, and then cancels an unknown one")
        .expect("200, and nobody sees it any more; 4xx")
        .rules(&["EI-response", "EiQuote"]),
];

async fn quoted(play: &mut VtnPlay, offer: &Offer) -> Result<(Party, Party, String), Stop> {
    let (mut a, b) = (play.registered().await?, play.registered().await?);
    let id = play.unique("quote");
    let emix_base = vec![offer.tender(&id)?.emix_base];
    let quote = EiQuote { quote_id: id.clone(), emix_base };
    let request = EiCreateQuote {
        request_id: play.unique("quotes"),
        publisher_party_id: a.id(),
        subscriber_party_id: b.id(),
        ei_quote: vec![quote],
    };
    let request_id = request.request_id.clone();
    let created = floor::ask(play, &mut a, request).await?;
    let response = &created.ei_response;
    floor::must_be_taken(play, (&["EiQuote"], "the quote is answered with 200"), response)?;
    floor::refers(play, response, &request_id);
    let listed = created.quote_id.contains(&id);
    play.check(&["EiQuote"], "the quoteID is listed", listed, saw::list(&created.quote_id));
    Ok((a, b, id))
}

async fn look(play: &mut VtnPlay, publisher: &str, b: &mut Party) -> Result<EiReplyQuote, Stop> {
    let request = EiRequestQuote {
        request_id: play.unique("look"),
        requestor_party_id: b.id(),
        publisher_party_id: publisher.to_owned(),
        market_context: Vec::new(),
        quote_id: Vec::new(),
        interval: None,
    };
    floor::ask(play, b, request).await
}

async fn created(play: &mut VtnPlay) -> Ended {
    let offer = Offer::new(play, "sell", 5000, 12);
    let (a, mut b, id) = quoted(play, &offer).await?;
    let reply = look(play, &a.id(), &mut b).await?;
    let found = reply.ei_quote.iter().find(|quote| quote.quote_id == id);
    play.require(
        &["EiQuote"],
        "the subscriber sees the quote",
        found.is_some(),
        floor::told(&reply.ei_response),
    )?;
    let products = found.map(EiQuote::products);
    let same = matches!(&products, Some(Ok(all)) if all.iter().any(|one| offer.is(one)));
    play.check(&["EiQuote"], "as it was made", same, &products);
    let one = offer.turned().accepting(&id, &play.unique("trx"))?;
    let request = floor::accept(play, &b, &a, vec![one.clone()]);
    let reply = floor::ask(play, &mut b, request).await?;
    let code = floor::code_of(&reply.ei_response, reply.responses.as_ref(), &one.transaction_id);
    floor::refused(play, (&["EiQuote"], "a quote cannot be accepted"), &code);
    Ok(())
}

async fn cancelled(play: &mut VtnPlay) -> Ended {
    let offer = Offer::new(play, "sell", 5000, 12);
    let (mut a, mut b, id) = quoted(play, &offer).await?;
    let code = cancel(play, &mut a, &b, &id).await?;
    play.check(&["EiQuote"], "its publisher can cancel it", code == "200", saw::text(&code));
    let reply = look(play, &a.id(), &mut b).await?;
    let gone = reply.ei_quote.iter().all(|quote| quote.quote_id != id);
    play.check(&["EiQuote"], "a cancelled quote is not seen any more", gone, reply.ei_quote.len());
    let unknown = play.unique("quote");
    let code = cancel(play, &mut a, &b, &unknown).await?;
    let what = "an unknown quoteID cannot be cancelled";
    floor::refused(play, (&["EI-response"], what), &code);
    Ok(())
}

async fn cancel(play: &mut VtnPlay, a: &mut Party, b: &Party, id: &str) -> Result<String, Stop> {
    let request = EiCancelQuote {
        request_id: play.unique("cancel"),
        subscriber_party_id: Some(b.id()),
        publisher_party_id: a.id(),
        quote_id: vec![id.to_owned()],
    };
    let reply = floor::ask(play, a, request).await?;
    Ok(floor::code_of(&reply.ei_response, reply.responses.as_ref(), id))
}
