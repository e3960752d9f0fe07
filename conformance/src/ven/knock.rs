//! The way to where a PUSH VEN listens: requests as they are, and what comes of them.

use oadr_certs::tls::Pin;
use oadr_schemas::exchange::Service;
use oadr_transport::{Clock as _, SystemClock};

use super::VenPlay;
use crate::record::{Exchange, From, Packet};
use crate::say;
use crate::verdict::{Stop, inconclusive};
use crate::wire::client::{Address, Caller, NoAnswer};
use crate::wire::http;

impl VenPlay {
    /// Where the registered VEN listens.
    ///
    /// # Errors
    /// Inconclusive, if it told no address.
    pub fn door_of_ven(&self) -> Result<Address, Stop> {
        let address = self.ven()?.address.unwrap_or_default();
        Address::parse(&address).map_err(Stop::Inconclusive)
    }

    /// Posts a document to a VEN's service, whether it is registered or not.
    ///
    /// # Errors
    /// The kit's own trouble.
    pub async fn knock_text(
        &mut self,
        address: &Address,
        service: Service,
        text: String,
    ) -> Result<Result<http::Message, NoAnswer>, Stop> {
        let path = format!("{}OpenADR2/Simple/2.0b/{}", address.prefix, service.name());
        self.knock(address, |caller| caller.post(&path, text.into_bytes())).await
    }

    /// Sends a request to where a VEN listens.
    ///
    /// # Errors
    /// The kit's own trouble.
    pub async fn knock(
        &mut self,
        address: &Address,
        request: impl FnOnce(&Caller) -> http::Message,
    ) -> Result<Result<http::Message, NoAnswer>, Stop> {
        if self.caller.as_ref().is_none_or(|caller| caller.address() != address) {
            self.caller = Some(self.caller_to(address.clone())?);
        }
        let Some(mut caller) = self.caller.take() else { return inconclusive("no caller") };
        let request = request(&caller);
        let answer = self.call(&mut caller, &request).await;
        self.caller = Some(caller);
        Ok(answer)
    }

    /// Sends a request and writes down what comes of it.
    pub(super) async fn call(
        &self,
        caller: &mut Caller,
        request: &http::Message,
    ) -> Result<http::Message, NoAnswer> {
        let (at, began) = (self.stage.now(), SystemClock.now());
        let answer = caller.call(request).await;
        let took = SystemClock.now().duration_since(began).as_millis();
        self.stage.log.add(Exchange {
            at,
            took_ms: u64::try_from(took).unwrap_or(0),
            from: From::Kit,
            party: "VTN".to_owned(),
            asked: say::name_of(&request.body),
            answered: answer.as_ref().map(|a| say::name_of(&a.body)).unwrap_or_default(),
            request: packet(request),
            answer: answer.as_ref().ok().map(packet),
            trouble: answer.as_ref().err().map(ToString::to_string),
        });
        answer
    }

    /// A client with the VTN's certificate that takes the VEN by its certificate: a gateway has
    /// no name to be checked.
    fn caller_to(&self, address: Address) -> Result<Caller, Stop> {
        let identity = self.vtn_identity()?;
        let peer = self.top.state().peer.clone();
        let config = match peer {
            Some(peer) => {
                self.setting.lab.client_pinned(identity, Pin::Thumbprint(peer.thumbprint))?
            }
            None => self.setting.lab.client(identity)?,
        };
        Ok(Caller::new(address, config))
    }
}

fn packet(message: &http::Message) -> Packet {
    let body = String::from_utf8_lossy(&message.body).into_owned();
    Packet { start: message.start.clone(), headers: message.headers.clone(), body }
}
