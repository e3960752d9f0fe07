//! The kinds of certificates. Rule 68.

use oadr_certs::dev::{KeyKind, Role};
use oadr_schemas::exchange::Service;
use oadr_schemas::openadr;

use crate::say;
use crate::stage::told;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::VtnPlay;
use crate::wire::openssl::{Call, OpenSsl, Shown, Spoken};

pub(super) async fn kinds(play: &mut VtnPlay) -> Ended {
    // Of supplied certificates nobody can choose the kind.
    play.setting.lab.authority()?;
    for (what, key) in [
        ("a client with an ECC certificate is served", KeyKind::Ecc),
        ("a client with an RSA certificate of 2048 bits is served", KeyKind::Rsa),
    ] {
        let identity = play.setting.lab.party(&play.unique("kind"), Role::Ven, key)?;
        play.admit(what, identity.leaf(), None).await?;
        let mut ven = play.stranger()?;
        let config = play.setting.lab.client(identity.clone())?;
        ven.caller = crate::wire::client::Caller::new(play.address.clone(), config);
        ven.identity = identity;
        let request = ven.caller.post(&play.path(Service::EiRegisterParty), query(play));
        match play.call(&mut ven, request).await {
            Ok(reply) => play.check(&["68"], what, reply.is_taken(), reply.story()),
            Err(error) => play.check(&["68"], what, false, error.to_string()),
        };
    }
    let openssl = OpenSsl::find().await?;
    both_are_shown(play, &openssl).await?;
    weak_are_refused(play, &openssl).await
}

/// A VTN has a certificate of each kind: whoever takes one kind only is shown that.
async fn both_are_shown(play: &mut VtnPlay, openssl: &OpenSsl) -> Ended {
    let ven = play.unregistered().await?;
    let shown = openssl.store("any", &ven.identity).await?;
    for (kind, suites) in [("ECC", "aECDSA:@SECLEVEL=0"), ("RSA", "aRSA:@SECLEVEL=0")] {
        let (address, request) = (&play.address, Vec::new());
        let switches = ["-tls1_2", "-cipher", suites];
        let spoken = openssl.call(Call { address, shown: &shown, switches: &switches, request });
        let spoken = spoken.await?;
        let what = format!("a client that takes only {kind} certificates is shown one");
        play.check(&["68"], what, spoken.suite().is_some(), spoken.story());
    }
    Ok(())
}

async fn weak_are_refused(play: &mut VtnPlay, openssl: &OpenSsl) -> Ended {
    // The same way with nothing wrong: should this be refused, nothing can be said of the others.
    let good = made(play, openssl, ("good", 2048, "3")).await?;
    let spoken = asked(play, openssl, &good).await?;
    if !is_served(&spoken) {
        return inconclusive(format!("openssl's RSA 2048 is not served: {}", spoken.story()));
    }
    for (what, name, bits, version) in [
        ("an RSA key of 1024 bits is refused", "short", 1024, "3"),
        ("an X.509 certificate of version 1 is refused", "v1", 2048, "1"),
    ] {
        let shown = made(play, openssl, (name, bits, version)).await?;
        let spoken = asked(play, openssl, &shown).await?;
        play.check(&["68"], what, !is_served(&spoken), say::saw::text("it is served"));
    }
    Ok(())
}

fn is_served(spoken: &Spoken) -> bool {
    spoken.status().is_some_and(|status| (200..300).contains(&status))
}

/// A certificate of the VTN's own authority, let in by the operator.
async fn made(
    play: &VtnPlay,
    openssl: &OpenSsl,
    (name, bits, version): (&str, u32, &str),
) -> Result<Shown, Stop> {
    let home = play.setting.lab.directory();
    let home = home.canonicalize().map_err(told)?;
    for file in ["rsa-ven-ca.pem", "rsa-ven-ca.key"] {
        std::fs::copy(home.join(file), openssl.file(file)).map_err(told)?;
    }
    let text =
        "keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth,serverAuth\n";
    std::fs::write(openssl.file("v3.cnf"), text).map_err(told)?;
    let subject = format!("/O=Conformance/CN={}", play.unique(name));
    openssl
        .make(&format!(
            "req -new -newkey rsa:{bits} -nodes -keyout {name}.key -out {name}.csr -subj {subject}"
        ))
        .await?;
    let extensions = if version == "3" { "-extfile v3.cnf" } else { "" };
    let serial = play.setting.counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 100_000;
    openssl
        .make(&format!(
            "x509 -req -in {name}.csr -CA rsa-ven-ca.pem -CAkey rsa-ven-ca.key -sha256 -days 2 \
             -set_serial {serial} {extensions} -out {name}.pem"
        ))
        .await?;
    let described = openssl.make(&format!("x509 -in {name}.pem -noout -text")).await?;
    if !described.contains(&format!("Version: {version} ")) {
        return inconclusive(format!("openssl makes no certificate of version {version}"));
    }
    openssl.make(&format!("x509 -in {name}.pem -outform DER -out {name}.der")).await?;
    let der = std::fs::read(openssl.file(&format!("{name}.der"))).map_err(told)?;
    // An operator's side that does not even take a weak one is all the better.
    let _ = play.admit(name, &der, None).await;
    Ok(Shown {
        certificate: openssl.file(&format!("{name}.pem")),
        chain: openssl.file("rsa-ven-ca.pem"),
        key: openssl.file(&format!("{name}.key")),
    })
}

/// oadrQueryRegistration by way of `openssl`.
async fn asked(play: &VtnPlay, openssl: &OpenSsl, shown: &Shown) -> Result<Spoken, Stop> {
    let path = play.path(Service::EiRegisterParty);
    let request = crate::wire::http::Message::new(format!("POST {path} HTTP/1.1"))
        .header("Host", play.address.authority())
        .header("Content-Type", "application/xml")
        .header("Connection", "close")
        .with_body(query(play));
    let (address, switches) = (&play.address, ["-cipher", "ALL:@SECLEVEL=0"]);
    openssl.call(Call { address, shown, switches: &switches, request: request.bytes() }).await
}

fn query(play: &VtnPlay) -> Vec<u8> {
    let query = say::register_party::query(&play.unique("query"));
    openadr::encode(query.into(), None).into_bytes()
}
