//! How a VEN of the kit's comes in: admitted, registered, its metadata sent, its queue drained.

use oadr_certs::Thumbprint;
use oadr_schemas::openadr::oadr::OadrCreatedPartyRegistration;
use serde_json::json;

use super::party::Party;
use super::play::VtnPlay;
use crate::say;
use crate::verdict::{Stop, inconclusive};
use crate::wire::client::Caller;

impl VtnPlay {
    /// A VEN whose certificate the VTN knows (or will take), and that is not registered.
    ///
    /// # Errors
    /// Skip, if the operator would have to let it in and cannot.
    pub async fn unregistered(&mut self) -> Result<Party, Stop> {
        self.admitted(None).await
    }

    /// The same with a venID preset in the VTN.
    ///
    /// # Errors
    /// As [`VtnPlay::unregistered`].
    pub async fn preset(&mut self, ven_id: &str) -> Result<Party, Stop> {
        self.admitted(Some(ven_id)).await
    }

    async fn admitted(&mut self, ven_id: Option<&str>) -> Result<Party, Stop> {
        let party = self.stranger()?;
        self.admit(&party.name, party.identity.leaf(), ven_id).await?;
        Ok(party)
    }

    /// Lets a certificate in by the operator. Without one the VTN may take whoever the authority
    /// vouches for, unless a venID is to be preset.
    ///
    /// # Errors
    /// Skip, if a venID is to be preset and cannot.
    pub async fn admit(&self, name: &str, der: &[u8], ven_id: Option<&str>) -> Result<(), Stop> {
        let print = Thumbprint::of_der(der);
        let question = json!({
            "do": "admit", "ven_name": name, "fingerprint": print.fingerprint().to_string(),
            "thumbprint": print.to_string(), "ven_id": ven_id,
        });
        match (self.hook().put(question).await, ven_id) {
            (crate::hook::Told::Cannot(_), None) => Ok(()),
            (told, _) => told.get::<serde_json::Value>().map(|_| ()),
        }
    }

    /// A VEN with a certificate of the right authority that nobody has told the VTN of.
    ///
    /// # Errors
    /// If no certificate is to be had.
    pub fn stranger(&mut self) -> Result<Party, Stop> {
        self.parties += 1;
        let identity = self.setting.lab.ven(&self.unique("ven"))?;
        let config = self.setting.lab.client(identity.clone())?;
        Ok(Party {
            name: format!("VEN {}", self.parties),
            identity,
            caller: Caller::new(self.address.clone(), config),
            ven_id: None,
            registration_id: None,
            vtn_id: String::new(),
            signer: None,
        })
    }

    /// A PULL VEN, registered, its metadata sent, its events fetched, its queue drained.
    ///
    /// # Errors
    /// Inconclusive, if the VTN does not let it come so far: other scenarios say why.
    pub async fn registered(&mut self) -> Result<Party, Stop> {
        let mut ven = self.unregistered().await?;
        self.register(&mut ven).await?;
        self.settle(&mut ven).await?;
        Ok(ven)
    }

    /// Registers a VEN for PULL.
    ///
    /// # Errors
    /// Inconclusive, if it is refused.
    pub async fn register(
        &mut self,
        ven: &mut Party,
    ) -> Result<OadrCreatedPartyRegistration, Stop> {
        let before = self.checks().len();
        let created = self.ask(ven, say::register_party::create(&self.unique("reg"))).await;
        let created = self.prepared(before, created)?;
        if !created.ei_response.is_ok() || !super::is_told(created.ven_id.as_deref()) {
            return inconclusive(format!(
                "the registration is refused: {:?}",
                say::saw::response(&created.ei_response)
            ));
        }
        ven.learn(&created);
        Ok(created)
    }

    /// What rule 405 wants after a new registration: metadata both ways, events, the rest.
    ///
    /// # Errors
    /// As [`VtnPlay::registered`].
    pub async fn settle(&mut self, ven: &mut Party) -> Result<(), Stop> {
        let before = self.checks().len();
        let ended = async {
            let metadata = say::report::metadata(self, ven, &[]);
            self.ask(ven, metadata).await?;
            let request = say::event::request(ven, None, &self.unique("ev"));
            self.say(ven, request).await?;
            self.drain(ven).await.map(drop)
        };
        let ended = ended.await;
        self.prepared(before, ended)
    }
}
