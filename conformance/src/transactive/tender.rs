//! EiTender: offered, looked at, taken back, expired; and by whom. EI 1.0 EiTender.

use oadr_schemas::ei::Message;
use oadr_schemas::openadr::Code;

use super::floor::{self, Offer};
use crate::say::saw;
use crate::scenario::{Profile, Scenario};
use crate::verdict::Ended;
use crate::vtn::VtnPlay;

/// The scenarios of this file.
pub const SCENARIOS: &[Scenario] = &[
    tender("ei-tender-create", |play| Box::pin(created(play)))
        .given("two registered parties")
        .when("one tenders to the other and asks for its tenders; the other asks as well")
        .expect(
            "200 with the tenderID, the request referred to; both see the tender as it was made",
        )
        .rules(&["EI-parties", "EI-response", "EiTender", "EMIX"]),
    tender("ei-tender-again", |play| Box::pin(again(play)))
        .given("a tender that stands")
        .when("the same request comes again; then another tender under the same tenderID")
        .expect("the same answer and one tender; 4xx, and the tender stands as it was")
        .rules(&["EI-response", "EiTender"]),
    tender("ei-tender-partial", |play| Box::pin(partial(play)))
        .given("two registered parties")
        .when("a request holds a good tender and one that has expired already")
        .expect("responses tells of each; only the good one is listed and stands")
        .rules(&["EI-response", "EiTender"]),
    tender("ei-tender-cancel", |play| Box::pin(cancelled(play)))
        .given("a tender that stands")
        .when("somebody else cancels it, then its owner; and an unknown one is cancelled")
        .expect("4xx and it stands; 200 and it is open no more; 4xx")
        .rules(&["EI-parties", "EI-response", "EiTender"]),
    tender("ei-tender-expire", |play| Box::pin(expired(play)))
        .given("a tender with an expirationDate")
        .when("that passes, and the other party accepts")
        .expect("it is open before and not after; 4xx, and no transaction")
        .rules(&["EiTender", "EiTransaction"]),
    tender("ei-tender-privacy", |play| Box::pin(privacy(play)))
        .given("a tender between two parties, and a third")
        .when("the third asks for all, for that tenderID, and in another's name")
        .expect("it sees nothing of it, and a request in another's name is refused")
        .rules(&["EI-parties", "EiTender"]),
    tender("ei-tender-foreign-party", |play| Box::pin(foreign(play)))
        .given("two registered parties, and one that is not")
        .when("one tenders in the other's name; the unregistered one tenders; the state is wrong")
        .expect("4xx each, the unregistered one 463 (or HTTP 403), and nothing stands")
        .rules(&["EI-parties", "EI-response", "EiTender", "517"]),
    tender("ei-tender-malformed", |play| Box::pin(malformed(play)))
        .given("a registered party")
        .when("it posts what is no valid payload, and a tender to a service that takes none")
        .expect("HTTP 406 and HTTP 404, or a 4xx in the answer; nothing stands")
        .rules(&["EI-response"]),
];

const fn tender(
    name: &'static str,
    play: for<'a> fn(&'a mut VtnPlay) -> crate::scenario::Playing<'a>,
) -> Scenario {
    Scenario::vtn(name, play).profile(Profile::Transactive).feature("transactive")
}

async fn created(play: &mut VtnPlay) -> Ended {
    let (mut a, mut b) = (play.registered().await?, play.registered().await?);
    let (id, offer) = (play.unique("tender"), Offer::new(play, "sell", 5000, 12));
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    let request_id = request.request_id.clone();
    let created = floor::ask(play, &mut a, request).await?;
    let response = &created.ei_response;
    floor::must_be_taken(play, (&["EiTender"], "the tender is answered with 200"), response)?;
    floor::refers(play, response, &request_id);
    play.equal(&["EI-parties"], "partyID is repeated", (&created.party_id, &a.id()));
    let listed = created.tender_id.contains(&id);
    play.check(&["EiTender"], "the tenderID is listed", listed, saw::list(&created.tender_id));
    for party in [&mut a, &mut b] {
        let (of, name) = (party.id(), party.name.clone());
        let reply = floor::tenders(play, party, &of, &[]).await?;
        let found = reply.ei_tender.iter().find(|one| one.tender_id == id);
        let what = format!("{name} sees the tender");
        play.require(&["EiTender"], what, found.is_some(), floor::told(&reply.ei_response))?;
        let product = found.map(|one| one.product());
        let same = matches!(&product, Some(Ok(product)) if offer.is(product));
        play.check(
            &["EMIX"],
            format!("{name} sees it as it was made"),
            same,
            floor::shown(&product),
        );
    }
    Ok(())
}

async fn again(play: &mut VtnPlay) -> Ended {
    let (mut a, b) = (play.registered().await?, play.registered().await?);
    let (id, offer) = (play.unique("tender"), Offer::new(play, "sell", 5000, 12));
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    let first = floor::ask(play, &mut a, request.clone()).await?;
    let second = floor::ask(play, &mut a, request).await?;
    let same = first.tender_id == second.tender_id && second.ei_response.is_ok();
    let what = "the same request gets the same answer";
    play.check(&["EI-response"], what, same, floor::told(&second.ei_response));
    let other = Offer { wh: 6000, ..offer.clone() };
    let request = floor::create(play, &a, &b.id(), vec![other.tender(&id)?]);
    let third = floor::ask(play, &mut a, request).await?;
    let code = floor::code_of(&third.ei_response, Some(&third.responses), &id);
    let what = "another tender under a tenderID in use is refused";
    floor::refused(play, (&["EiTender"], what), &code);
    let of = a.id();
    let reply = floor::tenders(play, &mut a, &of, &[]).await?;
    let found: Vec<_> = reply.ei_tender.iter().filter(|one| one.tender_id == id).collect();
    play.equal(&["EiTender"], "there is one tender of that tenderID", (found.len(), 1));
    let product = found.first().map(|one| one.product());
    let same = matches!(&product, Some(Ok(product)) if offer.is(product));
    play.check(&["EiTender"], "and it stands as it was", same, floor::shown(&product));
    Ok(())
}

async fn partial(play: &mut VtnPlay) -> Ended {
    let (mut a, b) = (play.registered().await?, play.registered().await?);
    let (good, bad) = (play.unique("tender"), play.unique("tender"));
    let offer = Offer::new(play, "sell", 5000, 12);
    let late = Offer { expires: Some(play.in_s(-60)), ..offer.clone() };
    let tenders = vec![offer.tender(&good)?, late.tender(&bad)?];
    let request = floor::create(play, &a, &b.id(), tenders);
    let created = floor::ask(play, &mut a, request).await?;
    let items: Vec<_> = created.responses.response.iter().map(|item| item.ref_id.text()).collect();
    let told = items.contains(&bad.as_str());
    play.check(&["EI-response"], "responses names the tender that failed", told, saw::list(&items));
    let code = floor::code_of(&created.ei_response, Some(&created.responses), &bad);
    let what = "a tender that has expired is refused";
    floor::refused(play, (&["EiTender"], what), &code);
    let code = floor::code_of(&created.ei_response, Some(&created.responses), &good);
    play.check(&["EI-response"], "the good one is taken", code.starts_with('2'), saw::text(&code));
    let wanted = vec![good.clone()];
    let what = "only the good one is listed";
    play.equal(&["EI-response"], what, (&created.tender_id, &wanted));
    let (stands, does_not) =
        (floor::is_open(play, &mut a, &good).await?, floor::is_open(play, &mut a, &bad).await?);
    play.check(&["EiTender"], "only the good one stands", stands && !does_not, (stands, does_not));
    Ok(())
}

async fn cancelled(play: &mut VtnPlay) -> Ended {
    let (mut a, mut b) = (play.registered().await?, play.registered().await?);
    let (id, offer) = (play.unique("tender"), Offer::new(play, "sell", 5000, 12));
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    floor::ask(play, &mut a, request).await?;
    let request = floor::cancel(play, &b, &[&id]);
    let reply = floor::ask(play, &mut b, request).await?;
    let code = floor::code_of(&reply.ei_response, reply.responses.as_ref(), &id);
    let what = "somebody else's tender cannot be cancelled";
    floor::refused(play, (&["EI-parties"], what), &code);
    let open = floor::is_open(play, &mut a, &id).await?;
    floor::stands(play, (&["EI-parties"], "and it stands"), (open, true));
    let request = floor::cancel(play, &a, &[&id]);
    let request_id = request.request_id.clone();
    let reply = floor::ask(play, &mut a, request).await?;
    let code = floor::code_of(&reply.ei_response, reply.responses.as_ref(), &id);
    play.check(&["EiTender"], "its owner can cancel it", code == "200", saw::text(&code));
    floor::refers(play, &reply.ei_response, &request_id);
    let open = floor::is_open(play, &mut b, &id).await?;
    floor::stands(play, (&["EiTender"], "a cancelled tender is open no more"), (open, false));
    let unknown = play.unique("tender");
    let request = floor::cancel(play, &a, &[&unknown]);
    let reply = floor::ask(play, &mut a, request).await?;
    let code = floor::code_of(&reply.ei_response, reply.responses.as_ref(), &unknown);
    let what = "an unknown tenderID cannot be cancelled";
    floor::refused(play, (&["EI-response"], what), &code);
    Ok(())
}

async fn expired(play: &mut VtnPlay) -> Ended {
    let (mut a, mut b) = (play.registered().await?, play.registered().await?);
    let id = play.unique("tender");
    let offer = Offer { expires: Some(play.in_s(8)), ..Offer::new(play, "sell", 5000, 12) };
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    floor::ask(play, &mut a, request).await?;
    let open = floor::is_open(play, &mut b, &id).await?;
    play.require(
        &["EiTender"],
        "it is open before its expirationDate",
        open,
        saw::text("not open"),
    )?;
    play.until(play.in_s(10)).await?;
    let open = floor::is_open(play, &mut b, &id).await?;
    floor::stands(play, (&["EiTender"], "it is not open after it"), (open, false));
    let one = offer.turned().accepting(&id, &play.unique("trx"))?;
    let request = floor::accept(play, &b, &a, vec![one.clone()]);
    let reply = floor::ask(play, &mut b, request).await?;
    let code = floor::code_of(&reply.ei_response, reply.responses.as_ref(), &one.transaction_id);
    let what = "an expired tender cannot be accepted";
    floor::refused(play, (&["EiTransaction"], what), &code);
    let made = floor::transactions(play, &mut b).await?.ei_transaction;
    play.check(&["EiTransaction"], "and no transaction is there", made.is_empty(), made.len());
    Ok(())
}

async fn privacy(play: &mut VtnPlay) -> Ended {
    let (mut a, b) = (play.registered().await?, play.registered().await?);
    let mut third = play.registered().await?;
    let (id, offer) = (play.unique("tender"), Offer::new(play, "sell", 5000, 12));
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    floor::ask(play, &mut a, request).await?;
    let open = floor::is_open(play, &mut third, &id).await?;
    floor::stands(
        play,
        (&["EI-parties"], "a third party does not see it among all"),
        (open, false),
    );
    let of = third.id();
    let reply = floor::tenders(play, &mut third, &of, &[&id]).await?;
    let what = "nor by its tenderID";
    play.check(&["EI-parties"], what, reply.ei_tender.is_empty(), reply.ei_tender.len());
    let reply = floor::tenders(play, &mut third, &a.id(), &[&id]).await?;
    let what = "nor in the name of its owner";
    play.check(&["EI-parties"], what, reply.ei_tender.is_empty(), reply.ei_tender.len());
    let open = floor::is_open(play, &mut a, &id).await?;
    floor::stands(play, (&["EiTender"], "its owner does"), (open, true));
    Ok(())
}

async fn foreign(play: &mut VtnPlay) -> Ended {
    let (mut a, mut b) = (play.registered().await?, play.registered().await?);
    let (id, offer) = (play.unique("tender"), Offer::new(play, "sell", 5000, 12));
    let mut request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    request.party_id = b.id();
    request.counter_party_id = a.id();
    let reply = floor::ask(play, &mut a, request).await?;
    let code = floor::code_of(&reply.ei_response, Some(&reply.responses), &id);
    let what = "a tender in another's name is refused";
    floor::refused(play, (&["EI-parties"], what), &code);
    let mut unknown = play.unregistered().await?;
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    let reply = floor::post(play, &mut unknown, &Message::from(request)).await?;
    let text = String::from_utf8_lossy(&reply.http.body).into_owned();
    let code = format!("responseCode>{}<", Code::NotRegistered);
    let refused = reply.status == 403 || (reply.status == 200 && text.contains(&code));
    let what = "an unregistered party is told 463 (or HTTP 403)";
    play.check(&["517"], what, refused, floor::answered(&reply));
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    let text = oadr_schemas::xml::encode_any(&Message::from(request));
    let spoiled = text.replace("transactiveState>tender<", "transactiveState>transaction<");
    let path = format!("{}EI/Simple/1.0/EiTender", play.address.prefix);
    let request = a.caller.post(&path, spoiled.into_bytes());
    let reply = play.call(&mut a, request).await.map_err(crate::stage::told)?;
    let what = "a tender whose product is in the state of a transaction is refused";
    let text = String::from_utf8_lossy(&reply.http.body).into_owned();
    let refused = reply.status == 406 || text.contains("responseCode>4");
    play.check(&["EiTender"], what, refused, floor::answered(&reply));
    for party in [&mut a, &mut b] {
        let open = floor::is_open(play, party, &id).await?;
        floor::stands(
            play,
            (&["EI-parties"], format!("nothing stands for {}", party.name)),
            (open, false),
        );
    }
    Ok(())
}

async fn malformed(play: &mut VtnPlay) -> Ended {
    let (mut a, b) = (play.registered().await?, play.registered().await?);
    let (id, offer) = (play.unique("tender"), Offer::new(play, "sell", 5000, 12));
    let request = floor::create(play, &a, &b.id(), vec![offer.tender(&id)?]);
    let text = oadr_schemas::xml::encode_any(&Message::from(request));
    let prefix = format!("{}EI/Simple/1.0/", play.address.prefix);
    let cases = [
        ("EiTender", text.replace("counterPartyID", "counterpartyID"), 406, "an unknown element"),
        ("EiDelivery", text, 404, "a tender at EiDelivery"),
    ];
    for (service, text, status, what) in cases {
        let request = a.caller.post(&format!("{prefix}{service}"), text.into_bytes());
        let reply = play.call(&mut a, request).await.map_err(crate::stage::told)?;
        let text = String::from_utf8_lossy(&reply.http.body).into_owned();
        let told = reply.status == status || text.contains("responseCode>4");
        play.check(&["EI-response"], format!("{what}: HTTP {status} or 4xx"), told, reply.status);
    }
    let open = floor::is_open(play, &mut a, &id).await?;
    floor::stands(play, (&["EI-response"], "nothing stands"), (open, false));
    Ok(())
}
