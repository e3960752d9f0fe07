//! A hook whose subject is said to have more features than its `hello` claims: the tester's word,
//! for one who has no hook, or only a person.

use std::sync::Arc;

use oadr_transport::net::BoxFuture;
use serde_json::{Value, json};

use super::{Hook, Told};

/// A hook, and what is claimed besides.
pub struct Claiming {
    hook: Arc<dyn Hook>,
    claims: Vec<String>,
}

impl Claiming {
    /// This hook, with these features added to those it claims.
    pub fn new(hook: Arc<dyn Hook>, claims: Vec<String>) -> Self {
        Self { hook, claims }
    }
}

impl Hook for Claiming {
    fn ask(&self, question: Value) -> BoxFuture<'_, Told> {
        let hello = question["do"] == "hello";
        Box::pin(async move {
            match self.hook.ask(question).await {
                Told::Ok(mut said) if hello && said.is_object() => {
                    let mut all = said["features"].as_array().cloned().unwrap_or_default();
                    all.extend(self.claims.iter().map(|claim| json!(claim)));
                    said["features"] = all.into();
                    Told::Ok(said)
                }
                told => told,
            }
        })
    }

    fn is_person(&self) -> bool {
        self.hook.is_person()
    }

    fn is_nobody(&self) -> bool {
        self.hook.is_nobody()
    }

    fn end(&self) -> BoxFuture<'_, ()> {
        self.hook.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_the_tester_claims_is_added_to_what_the_hook_claims() {
        let nobody = super::super::open(None).await.unwrap();
        let hook = Claiming::new(nobody, vec!["push".to_owned()]);
        let hook = Claiming::new(Arc::new(hook), vec!["transactive".to_owned()]);
        let Told::Ok(said) = hook.ask(json!({ "do": "hello" })).await else { panic!() };
        assert_eq!(said["features"], json!(["push", "transactive"]));
        assert!(hook.is_nobody() && !hook.is_person());
    }
}
