//! A VEN at the VENs' door: one TLS connection, kept open.

use axum::http::header::{CONTENT_TYPE, HOST};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use oadr_certs::Fingerprint;
use oadr_certs::dev::Subject;
use oadr_schemas::openadr::oadr::{
    OadrCreatePartyRegistration, OadrCreatedPartyRegistration, OadrPoll, OadrProfile, OadrTransport,
};
use oadr_schemas::openadr::{self, Message};
use oadr_schemas::xml::Limits;

use super::*;

/// A VEN with a certificate of its own and an open connection.
pub(super) struct Wire {
    sender: SendRequest<Full<Bytes>>,
    pub id: String,
}

impl House {
    /// Issues a certificate for a VEN and puts it among the files under its name.
    pub(super) fn issue_ven(&self, name: &str) -> Fingerprint {
        self.keep(name, &self.ca.issue(For::Ven, name, KeyKind::Ecc, &[]).unwrap())
    }

    /// The same for so many days.
    pub(super) fn issue_ven_for(&self, name: &str, days: u32) -> Fingerprint {
        let (role, key, hosts) = (For::Ven, KeyKind::Ecc, Vec::new());
        let subject = Subject { role, name: name.to_owned(), key, hosts };
        self.keep(name, &self.ca.issue_for(&subject, Validity::days(noon(), days)).unwrap())
    }

    fn keep(&self, name: &str, identity: &Identity) -> Fingerprint {
        save(identity, self.dir.path(), name);
        identity.thumbprint().fingerprint()
    }

    /// A VEN of this name, enrolled and registered.
    pub(super) async fn ven(&self, name: &str) -> Wire {
        let fingerprint = self.issue_ven(name);
        self.ven_with(name, fingerprint).await
    }

    /// The same with a certificate that is among the files under its name.
    pub(super) async fn ven_with(&self, name: &str, fingerprint: Fingerprint) -> Wire {
        let body = json!({ "fingerprint": fingerprint, "ven_id": name });
        self.admin(Call::new(Method::POST, &["vens"]).body(body)).await;
        let mut ven = self.connect(name, name).await.unwrap();
        ven.register().await;
        ven
    }

    /// A new connection with the certificate of a file's name.
    pub(super) async fn connect(&self, file: &str, id: &str) -> Result<Wire, String> {
        let client = self.client_at(self.running.ven_address(), file);
        let stream = client.connect().await.map_err(|error| error.to_string())?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut wire = Wire { sender, id: id.to_owned() };
        // With TLS 1.3 a client hears of a refused certificate only when it speaks.
        match wire.try_send("EiEvent", "<none/>".into()).await {
            Ok(_) => Ok(wire),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Wire {
    /// Posts a body; gives the HTTP status and the body of the answer.
    pub(super) async fn post(&mut self, service: &str, body: String) -> (u16, Bytes) {
        self.try_send(service, body).await.expect("the connection is open")
    }

    async fn try_send(&mut self, service: &str, body: String) -> hyper::Result<(u16, Bytes)> {
        self.sender.ready().await?;
        let request = hyper::Request::post(format!("/OpenADR2/Simple/2.0b/{service}"))
            .header(HOST, "localhost")
            .header(CONTENT_TYPE, "application/xml")
            .body(Full::new(body.into()))
            .unwrap();
        let answer = self.sender.send_request(request).await?;
        let status = answer.status().as_u16();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }

    /// Polls; gives the HTTP status, and the response code if the answer has one.
    pub(super) async fn poll(&mut self) -> (u16, Option<String>) {
        let poll = OadrPoll { schema_version: None, ven_id: self.id.clone() };
        let (status, body) = self.post("OadrPoll", openadr::encode(poll.into(), None)).await;
        let code = || {
            let reply = openadr::decode(&body, &Limits::default()).unwrap().message;
            reply.response().map(|response| response.response_code.value().clone())
        };
        (status, if status == 200 { code() } else { None })
    }

    async fn register(&mut self) {
        let create = OadrCreatePartyRegistration {
            schema_version: None,
            request_id: "r1".into(),
            registration_id: None,
            ven_id: None,
            oadr_profile_name: OadrProfile::V20b,
            oadr_transport_name: OadrTransport::SimpleHttp,
            oadr_transport_address: None,
            oadr_report_only: false,
            oadr_xml_signature: false,
            oadr_ven_name: None,
            oadr_http_pull_model: Some(true),
        };
        let create = openadr::encode(Message::from(create), None);
        let (status, body) = self.post("EiRegisterParty", create).await;
        assert_eq!(status, 200);
        let reply = openadr::decode(&body, &Limits::default()).unwrap().message;
        let created = OadrCreatedPartyRegistration::try_from(reply).unwrap();
        assert_eq!(created.ven_id.as_ref(), Some(&self.id));
    }
}
