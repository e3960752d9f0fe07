//! A hook that is an HTTP endpoint on this machine: the same objects by POST.

use std::time::Duration;

use oadr_transport::net::BoxFuture;
use serde_json::Value;
use tokio::io::BufReader;
use tokio::net::TcpStream;

use super::{Hook, Told};
use crate::wire::http::{self, Message};

/// `http://host:port/path`.
pub struct Endpoint {
    authority: String,
    path: String,
}

impl Endpoint {
    /// Reads an address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(url: &str) -> Result<Self, String> {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.is_empty() {
            return Err(format!("the operator hook {url:?} names no host"));
        }
        let port = if authority.contains(':') { "" } else { ":80" };
        Ok(Self { authority: format!("{authority}{port}"), path: format!("/{path}") })
    }

    async fn post(&self, question: &Value) -> Result<Told, String> {
        let stream = TcpStream::connect(&self.authority).await.map_err(|e| e.to_string())?;
        let mut stream = BufReader::new(stream);
        let request = Message::new(format!("POST {} HTTP/1.1", self.path))
            .header("Host", &self.authority)
            .header("Content-Type", "application/json")
            .header("Connection", "close")
            .with_body(question.to_string().into_bytes());
        http::write(&mut stream, &request).await.map_err(|e| e.to_string())?;
        let answer =
            http::read(&mut stream, http::Side::Answer).await.map_err(|e| e.to_string())?;
        let answer = answer.ok_or("it hung up")?;
        if answer.status() != Some(200) {
            return Err(answer.start);
        }
        serde_json::from_slice(&answer.body).map_err(|error| error.to_string())
    }
}

impl Hook for Endpoint {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        Box::pin(async move {
            match tokio::time::timeout(LONGEST, self.post(&question)).await {
                Ok(Ok(told)) => told,
                Ok(Err(why)) => Told::Failed(format!("{}: {why}", self.authority)),
                Err(_) => Told::Failed(format!("{}: no answer", self.authority)),
            }
        })
    }
}

const LONGEST: Duration = Duration::from_secs(60);
