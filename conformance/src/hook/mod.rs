//! The subject's operator, seen from the kit: questions and answers of docs/hooks.md, whoever
//! gives them.

mod ask;
mod claim;
mod http;
mod person;
mod program;
mod words;

use std::sync::Arc;

use oadr_transport::net::BoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use ask::Ask;
pub use claim::Claiming;
pub use words::*;

use crate::verdict::Stop;

/// Whoever answers for the subject's operator.
pub trait Hook: Send + Sync {
    /// Answers one question of docs/hooks.md.
    fn ask(&self, question: Value) -> BoxFuture<'_, Told>;

    /// Whether it is a person, who needs time.
    fn is_person(&self) -> bool {
        false
    }

    /// Whether there is none: nobody starts the subject for the kit.
    fn is_nobody(&self) -> bool {
        false
    }

    /// There will be no more questions; done when it has ended what it started.
    fn end(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Told {
    /// Done.
    Ok(Value),
    /// The subject's operator side says no.
    Refused(String),
    /// There are no means for it.
    Cannot(String),
    /// It went wrong.
    Failed(String),
}

impl Told {
    /// Done, nothing to add.
    pub fn done() -> Self {
        Self::Ok(json!({}))
    }

    /// What it says, read as `T`. A refusal is a trouble here: use [`Told::refusable`] where
    /// one may come.
    ///
    /// # Errors
    /// Skip, if there are no means; inconclusive, if it went wrong.
    pub fn get<T: DeserializeOwned>(self) -> Result<T, Stop> {
        self.refusable()?.map_err(|why| Stop::Inconclusive(format!("the operator side: {why}")))
    }

    /// As [`Told::get`], a refusal given back.
    ///
    /// # Errors
    /// As [`Told::get`].
    pub fn refusable<T: DeserializeOwned>(self) -> Result<Result<T, String>, Stop> {
        match self {
            Self::Ok(value) => match serde_json::from_value(value) {
                Ok(read) => Ok(Ok(read)),
                Err(error) => Err(Stop::Inconclusive(format!("the hook's answer: {error}"))),
            },
            Self::Refused(why) => Ok(Err(why)),
            Self::Cannot(why) if why == NOBODY => Err(Stop::Skip(why)),
            Self::Cannot(why) => Err(Stop::Skip(format!("the operator hook cannot: {why}"))),
            Self::Failed(why) => Err(Stop::Inconclusive(format!("the operator hook: {why}"))),
        }
    }
}

/// The hook that `--operator-hook` names; `None` is nobody.
///
/// # Errors
/// What keeps it from being started.
pub async fn open(named: Option<&str>) -> Result<Arc<dyn Hook>, String> {
    Ok(match named {
        None => Arc::new(Nobody),
        Some("ask") => Arc::new(person::Person),
        Some(url) if url.starts_with("http://") => Arc::new(http::Endpoint::new(url)?),
        Some(command) => Arc::new(program::Program::start(command)?),
    })
}

/// No hook was given.
struct Nobody;

impl Hook for Nobody {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        let hello = question["do"] == "hello";
        Box::pin(async move {
            if hello {
                return Told::Ok(json!({ "subject": "unnamed", "clock": "own" }));
            }
            Told::Cannot(NOBODY.to_owned())
        })
    }

    fn is_nobody(&self) -> bool {
        true
    }
}

/// Why everything is skipped that needs an operator where there is none.
const NOBODY: &str = "it needs an operator, and there is no --operator-hook";
