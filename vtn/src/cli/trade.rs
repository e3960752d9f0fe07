//! `vtn trade …`: what is traded, as the operator sees it.

use axum::http::Method;
use clap::{Args, Subcommand};
use oadr_vtn::operator::client::Call;
use serde_json::Value;

use super::remote::Remote;
use super::{Done, show};

#[derive(Args)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Subcommand)]
enum What {
    /// What is offered and wanted
    Tenders,
    /// What was agreed
    Transactions,
    /// What was delivered, as metered
    Deliveries,
}

impl Command {
    pub fn run(self, remote: &Remote) -> Done {
        let (path, head, columns) = match self.what {
            What::Tenders => (
                "tenders",
                ["PARTY", "TENDER", "SIDE", "FROM", "WH", "LEFT WH", "PRICE/KWH", "STATE"],
                ["/party", "/id", "/side", START, "/quantity_wh", "/remaining_wh", PRICE, "/state"],
            ),
            What::Transactions => (
                "transactions",
                [
                    "TRANSACTION",
                    "BUYER",
                    "SELLER",
                    "FROM",
                    "WH",
                    "PRICE/KWH",
                    "NUMBER",
                    "ACCEPTED BY",
                ],
                [
                    "/id",
                    "/buyer",
                    "/seller",
                    START,
                    "/quantity_wh",
                    PRICE,
                    "/number",
                    "/accepted_by",
                ],
            ),
            What::Deliveries => (
                "deliveries",
                ["DELIVERY", "PARTY", "FROM", "WH", "INTO MARKET", "ESTIMATED", "UID", "ANSWERED"],
                [
                    "/id",
                    "/party",
                    "/interval/start",
                    "/quantity_wh",
                    "/injection",
                    "/estimated",
                    "/uid",
                    "/created",
                ],
            ),
        };
        let page = remote.pages(&Call::new(Method::GET, &[path]))?;
        if remote.json {
            show::json(&page);
            return Ok(());
        }
        let row = |one: &Value| columns.map(|column| show::text(one, column));
        show::table(head, show::items(&page).iter().map(row));
        Ok(())
    }
}

const START: &str = "/product/interval/start";
const PRICE: &str = "/price_per_kwh";
