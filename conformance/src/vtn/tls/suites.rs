//! The suites and versions of a VTN as it is delivered. Rule 67.

use crate::say;
use crate::verdict::{Ended, Stop, inconclusive};
use crate::vtn::VtnPlay;
use crate::vtn::push::Listener;
use crate::wire::openssl::{Call, OpenSsl, Shown, Spoken};

/// The two mandatory suites, as `openssl` calls them.
const BOTH: [&str; 2] = ["ECDHE-ECDSA-AES128-SHA256", "AES128-SHA256"];
/// The same by number: TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, TLS_RSA_WITH_AES_128_CBC_SHA256.
const NUMBERS: [u16; 2] = [0xC023, 0x003C];
/// What a client of today offers besides, TLS 1.3 aside.
const OTHERS: &str = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256";

pub(super) async fn default(play: &mut VtnPlay) -> Ended {
    let openssl = OpenSsl::find().await?;
    let ven = play.unregistered().await?;
    let shown = openssl.store("ven", &ven.identity).await?;
    for suite in BOTH {
        let only = format!("{suite}:@SECLEVEL=0");
        let spoken = hello(play, (&openssl, &shown), &["-tls1_2", "-cipher", &only]).await?;
        let what = format!("a client that offers {suite} alone is served");
        let holds = spoken.suite() == Some(suite);
        play.check(&["67"], what, holds, spoken.story());
    }
    // The others first: it is not the client's order that counts.
    let all = format!("{OTHERS}:{}:@SECLEVEL=0", BOTH.join(":"));
    for (how, switches) in [
        ("TLS 1.2 with others", ["-tls1_2", "-cipher", &all].as_slice()),
        ("TLS 1.3 with its suites", ["-cipher", &all].as_slice()),
    ] {
        let spoken = hello(play, (&openssl, &shown), switches).await?;
        let what = format!("of {how} besides the two, one of the two is chosen");
        let holds = spoken.suite().is_some_and(|suite| BOTH.contains(&suite));
        play.check(&["67"], what, holds, spoken.story());
    }
    let old = ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"];
    let spoken = hello(play, (&openssl, &shown), &old).await?;
    let what = "a client that offers TLS 1.1 alone is refused";
    play.check(&["67"], what, spoken.suite().is_none(), spoken.story());
    as_a_client(play).await
}

async fn hello(
    play: &VtnPlay,
    (openssl, shown): (&OpenSsl, &Shown),
    switches: &[&str],
) -> Result<Spoken, Stop> {
    let (address, request) = (&play.address, Vec::new());
    let spoken = openssl.call(Call { address, shown, switches, request }).await?;
    match spoken.is_unable() {
        true => inconclusive(format!("openssl cannot offer {switches:?}: {}", spoken.story())),
        false => Ok(spoken),
    }
}

/// What the VTN offers where it posts to a PUSH VEN. A VTN that does not come so far, such as one
/// that talks to the kit in none of its suites, is not judged here: `reg-create-push` is for that.
async fn as_a_client(play: &mut VtnPlay) -> Ended {
    let (mut ven, mut listener) = Listener::open(play).await?;
    let id = play.unique("create");
    let create = say::register_party::create_push(&id, Some(&listener.url));
    match play.post(&mut ven, create.into()).await {
        Ok(_) => {}
        Err(Stop::Inconclusive(_)) => return Ok(()),
        Err(other) => return Err(other),
    }
    let Some(handshake) = listener.wait_for_a_handshake(play).await? else { return Ok(()) };
    let offered = NUMBERS.iter().all(|suite| handshake.suites.contains(suite));
    let what = "the VTN as a client offers both mandatory suites";
    play.check(&["67"], what, offered, format_args!("{:04X?}", handshake.suites));
    Ok(())
}
