//! The operator's side of a VTN: an API over HTTPS, its client, and the start of the whole.
//!
//! | file | holds |
//! |---|---|
//! | [`config`], `suggest` | `vtn.toml`, and what a slip in it may have meant |
//! | [`check`] | `vtn.toml` looked over before it is used |
//! | [`program`] | [`program::start`]: the store, the VENs' door, the operators' door |
//! | [`client`] | calls the API; used by the `vtn` commands |
//! | `door` | the listener and TLS: who calls |
//! | `api` | the list of operators, the router |
//! | `routes` | the one table: method, path, role, handler, description |
//! | `audited` | operators' actions in the audit log |
//! | `knocks` | what gets no further than the VENs' door, in the audit log |
//! | [`held`], `expiry` | certificates of the configuration; telling what ends soon |
//! | `role` | viewer, operator, administrator |
//! | `input`, `header`, `page`, `problem` | strict requests, headers, lists in pages, errors |
//! | `ven`, `programme`, `template`, `series`, `event`, `explain`, `report`, `reading`, `green_button`, `opt`, `trade`, `status`, `audit`, `certificate`, `health` | the handlers |
//! | `openapi` | the description made from the table |

mod api;
mod audit;
mod audited;
mod certificate;
pub mod check;
pub mod client;
pub mod config;
mod door;
mod event;
mod expiry;
mod explain;
mod green_button;
mod header;
mod health;
pub mod held;
mod input;
mod knocks;
mod openapi;
mod opt;
mod page;
mod problem;
pub mod program;
mod programme;
mod pushing;
mod reading;
mod reload;
mod report;
mod role;
mod routes;
mod series;
mod start_error;
mod status;
mod suggest;
mod template;
#[cfg(test)]
mod tests;
mod trade;
mod ven;

use std::future::Future;

use tokio::net::TcpListener;

pub use api::{About, Api};
pub use config::Config;
pub use door::CurrentTls;
pub use page::Page;
pub use problem::{CODES, Problem};
pub use role::Role;

/// Serves the API until `shutdown` is ready; finishes what is in flight and returns how many
/// connections were cut off. `tls` must demand a client certificate.
pub async fn serve(
    listener: TcpListener,
    tls: CurrentTls,
    api: Api,
    shutdown: impl Future<Output = ()>,
) -> usize {
    let way = door::Way::Tls(tls, api.clock());
    door::Door { way, router: api.router() }.serve(listener, shutdown).await
}

/// Serves `/metrics`, `/healthz` and `/readyz` to whoever connects, without TLS: only for a
/// listener that no other machine reaches. Otherwise as [`serve`].
pub async fn serve_plain(
    listener: TcpListener,
    api: Api,
    shutdown: impl Future<Output = ()>,
) -> usize {
    let router = health::router(api);
    door::Door { way: door::Way::Plain, router }.serve(listener, shutdown).await
}
