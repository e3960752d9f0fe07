//! EiTransaction: a tender accepted, whole, in part, or not as agreed. EI 1.0 EiTransaction.

use oadr_schemas::emix::TransactiveState;

use super::floor::{self, Offer};
use crate::say::saw;
use crate::scenario::{Playing, Profile, Scenario};
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::{Party, VtnPlay};

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    transaction("ei-transaction-accept", |play| Box::pin(accepted(play)))
        .given("a tender from one party to another")
        .when("the other accepts it, naming the tenderID; both ask for their transactions")
        .expect("200 with the transactionID; both have it, in state transaction, one buying and one selling; the tender is open no more")
        .rules(&["EI-parties", "EI-response", "EiTransaction", "EMIX"]),
    transaction("ei-transaction-again", |play| Box::pin(again(play)))
        .given("a tender that was accepted")
        .when("the same acceptance comes again; then another under another transactionID")
        .expect("the same answer and one transaction; 4xx")
        .rules(&["EI-response", "EiTender", "EiTransaction"]),
    transaction("ei-transaction-part", |play| Box::pin(part(play)))
        .given("a tender that may be taken in part, and one with integralOnly")
        .when("a part of each is accepted")
        .expect("200 or 4xx for the first, and what is left stays open if it was taken; 4xx for the second, which stays open whole")
        .rules(&["EiTender-integralOnly", "EiTransaction"]),
    transaction("ei-transaction-terms", |play| Box::pin(terms(play)))
        .given("a tender that stands")
        .when("it is accepted at another price, for more than it offers, for another hour, on the wrong side, and by a third party")
        .expect("4xx each time, no transaction, and the tender stands")
        .rules(&["EI-parties", "EiTender", "EiTransaction"]),
    transaction("ei-transaction-market", |play| Box::pin(market(play)))
        .given("a VTN that runs a market")
        .when("one party tenders to the market to buy, another to sell for less")
        .expect("both have a transaction over the same energy, at a price within both limits")
        .rules(&["EiTender", "EiTransaction"]),
];

const fn transaction(
    name: &'static str,
    play: for<'a> fn(&'a mut VtnPlay) -> Playing<'a>,
) -> Scenario {
    Scenario::vtn(name, play).profile(Profile::Transactive).feature("transactive")
}

/// Two parties and a tender from the first to the second.
async fn tendered(
    play: &mut VtnPlay,
    change: impl FnOnce(Offer) -> Offer,
) -> Result<(Party, Party, String, Offer), Stop> {
    let (mut a, b) = (play.registered().await?, play.registered().await?);
    let (id, offer) = (play.unique("tender"), change(Offer::new(play, "sell", 5000, 12)));
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    let created = floor::ask(play, &mut a, request).await?;
    if !created.ei_response.is_ok() {
        return inconclusive(format!(
            "the tender is refused: {:?}",
            floor::told(&created.ei_response)
        ));
    }
    Ok((a, b, id, offer))
}

/// Accepts a tender; the code it is answered with.
async fn accept(
    play: &mut VtnPlay,
    (by, owner): (&mut Party, &Party),
    (tender, transaction): (&str, &str),
    offer: &Offer,
) -> Result<String, Stop> {
    let one = offer.accepting(tender, transaction)?;
    let request = floor::accept(play, by, owner, vec![one]);
    let reply = floor::ask(play, by, request).await?;
    Ok(floor::code_of(&reply.ei_response, reply.responses.as_ref(), transaction))
}

async fn accepted(play: &mut VtnPlay) -> Ended {
    let (mut a, mut b, id, offer) = tendered(play, |offer| offer).await?;
    let transaction = play.unique("trx");
    let request = floor::accept(play, &b, &a, vec![offer.turned().accepting(&id, &transaction)?]);
    let request_id = request.request_id.clone();
    let created = floor::ask(play, &mut b, request).await?;
    let response = &created.ei_response;
    floor::must_be_taken(
        play,
        (&["EiTransaction"], "the acceptance is answered with 200"),
        response,
    )?;
    floor::refers(play, response, &request_id);
    let listed = created.transaction_id.contains(&transaction);
    play.check(
        &["EiTransaction"],
        "the transactionID is listed",
        listed,
        saw::list(&created.transaction_id),
    );
    let parties = ((&created.party_id, &created.counter_party_id), (&b.id(), &a.id()));
    play.equal(&["EI-parties"], "both parties are named", parties);
    for (party, wanted) in [(&mut a, offer.clone()), (&mut b, offer.turned())] {
        let name = party.name.clone();
        let reply = floor::transactions(play, party).await?;
        let found = reply.ei_transaction.iter().find(|one| one.transaction_id == transaction);
        let what = format!("{name} has the transaction");
        play.require(&["EiTransaction"], what, found.is_some(), floor::told(&reply.ei_response))?;
        let product = found.map(|one| one.product());
        let state = matches!(&product, Some(Ok(product)) if product.head.state == TransactiveState::Transaction);
        play.check(
            &["EiTransaction"],
            format!("{name}: its state is transaction"),
            state,
            &product,
        );
        let same = matches!(&product, Some(Ok(product)) if wanted.is(product));
        let what = format!("{name}: side, energy, price and time are those agreed");
        play.check(&["EMIX"], what, same, floor::shown(&product));
        let open = floor::is_open(play, party, &id).await?;
        floor::stands(
            play,
            (&["EiTender"], format!("{name}: the tender is open no more")),
            (open, false),
        );
    }
    Ok(())
}

async fn again(play: &mut VtnPlay) -> Ended {
    let (a, mut b, id, offer) = tendered(play, |offer| offer).await?;
    let transaction = play.unique("trx");
    let one = offer.turned().accepting(&id, &transaction)?;
    let request = floor::accept(play, &b, &a, vec![one]);
    let first = floor::ask(play, &mut b, request.clone()).await?;
    let second = floor::ask(play, &mut b, request).await?;
    let same = second.ei_response.is_ok() && first.transaction_id == second.transaction_id;
    let what = "the same acceptance gets the same answer";
    play.check(&["EI-response"], what, same, floor::told(&second.ei_response));
    let other = play.unique("trx");
    let code = accept(play, (&mut b, &a), (&id, &other), &offer.turned()).await?;
    let what = "a tender that was taken cannot be taken again";
    floor::refused(play, (&["EiTender"], what), &code);
    let made = floor::transactions(play, &mut b).await?.ei_transaction.len();
    play.equal(&["EiTransaction"], "there is one transaction", (made, 1));
    Ok(())
}

async fn part(play: &mut VtnPlay) -> Ended {
    let (a, mut b, id, offer) = tendered(play, |offer| offer).await?;
    let transaction = play.unique("trx");
    let half = Offer { wh: 2000, ..offer.turned() };
    let code = accept(play, (&mut b, &a), (&id, &transaction), &half).await?;
    let open = floor::is_open(play, &mut b, &id).await?;
    let what = "a tender taken in part stays open for the rest; one not taken stays open";
    play.check(&["EiTender-integralOnly"], what, open, saw::text(&code));
    if !floor::is_refusal(&code) {
        let (rest, more) = (play.unique("trx"), play.unique("trx"));
        let beyond = Offer { wh: 3001, ..half.clone() };
        let code = accept(play, (&mut b, &a), (&id, &more), &beyond).await?;
        let what = "more than is left cannot be taken";
        floor::refused(play, (&["EiTransaction"], what), &code);
        let all = Offer { wh: 3000, ..half };
        let code = accept(play, (&mut b, &a), (&id, &rest), &all).await?;
        play.check(&["EiTransaction"], "what is left can", code == "200", saw::text(&code));
        let open = floor::is_open(play, &mut b, &id).await?;
        floor::stands(play, (&["EiTender"], "and then it is open no more"), (open, false));
    }
    let whole = |offer| Offer { integral_only: true, ..offer };
    let (a, mut b, id, offer) = tendered(play, whole).await?;
    let transaction = play.unique("trx");
    let half = Offer { wh: 2000, ..offer.turned() };
    let code = accept(play, (&mut b, &a), (&id, &transaction), &half).await?;
    let what = "with integralOnly a part is refused";
    floor::refused(play, (&["EiTender-integralOnly"], what), &code);
    let open = floor::is_open(play, &mut b, &id).await?;
    floor::stands(play, (&["EiTender-integralOnly"], "and the tender stays open"), (open, true));
    Ok(())
}

async fn terms(play: &mut VtnPlay) -> Ended {
    let (a, mut b, id, offer) = tendered(play, |offer| offer).await?;
    let mut third = play.registered().await?;
    let good = offer.turned();
    let later =
        good.start.saturating_add(jiff::SignedDuration::from_hours(1)).unwrap_or(good.start);
    let cases = [
        ("at another price", Offer { cents: 11, ..good.clone() }),
        ("for more than it offers", Offer { wh: 6000, ..good.clone() }),
        ("for another hour", Offer { start: later, ..good.clone() }),
        ("on its own side", offer.clone()),
    ];
    for (how, wrong) in cases {
        let transaction = play.unique("trx");
        let code = accept(play, (&mut b, &a), (&id, &transaction), &wrong).await?;
        let what = format!("an acceptance {how} is refused");
        floor::refused(play, (&["EiTransaction"], what), &code);
    }
    let transaction = play.unique("trx");
    let code = accept(play, (&mut third, &a), (&id, &transaction), &good).await?;
    let what = "a party that it is not for cannot accept it";
    floor::refused(play, (&["EI-parties"], what), &code);
    for party in [&mut b, &mut third] {
        let made = floor::transactions(play, party).await?.ei_transaction.len();
        play.equal(&["EiTransaction"], format!("{} has no transaction", party.name), (made, 0));
    }
    let open = floor::is_open(play, &mut b, &id).await?;
    floor::stands(play, (&["EiTender"], "the tender stands"), (open, true));
    Ok(())
}

async fn market(play: &mut VtnPlay) -> Ended {
    let (mut a, mut b) = (play.registered().await?, play.registered().await?);
    let vtn = a.vtn_id.clone();
    let offers = [Offer::new(play, "buy", 4000, 20), Offer::new(play, "sell", 4000, 10)];
    for (party, offer) in [&mut a, &mut b].into_iter().zip(&offers) {
        let id = play.unique("tender");
        let request = floor::create(play, party, &vtn, vec![offer.tender(&id)?]);
        let created = floor::ask(play, party, request).await?;
        if !created.ei_response.is_ok() {
            return Err(Stop::Skip(format!(
                "the VTN runs no market: {:?}",
                floor::told(&created.ei_response)
            )));
        }
    }
    // A market that clears by call needs its time.
    play.pass(if play.setting.pace.is_steered() { 60 } else { 3 }).await?;
    let mut prices = Vec::new();
    for (party, offer) in [&mut a, &mut b].into_iter().zip(&offers) {
        let name = party.name.clone();
        let made = floor::transactions(play, party).await?.ei_transaction;
        let products: Vec<_> = made.iter().filter_map(|one| one.product().ok()).collect();
        play.require(
            &["EiTransaction"],
            format!("{name} has a transaction"),
            products.len() == 1,
            made.len(),
        )?;
        let product = &products[0];
        let energy = (product.watt_hours(), Some(offer.wh.into()));
        play.equal(&["EiTransaction"], format!("{name}: over all that was tendered"), energy);
        let side = (&product.head.side, &offer.side);
        play.equal(&["EMIX"], format!("{name}: on its own side"), side);
        prices.extend(product.price_per_kwh());
    }
    let (low, high) = (rust_decimal::Decimal::new(10, 2), rust_decimal::Decimal::new(20, 2));
    let within = prices.len() == 2 && prices.iter().all(|price| (low..=high).contains(price));
    play.check(&["EiTender"], "the price is within both limits", within, saw::list(&prices));
    play.check(
        &["EiTransaction"],
        "it is one price",
        prices.windows(2).all(|p| p[0] == p[1]),
        saw::list(&prices),
    );
    Ok(())
}
