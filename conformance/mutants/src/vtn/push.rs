//! The VTN in miniature posts to PUSH VENs. Rules 38, 51.

use super::Model;

/// Posts what waits for PUSH VENs, in turn; what cannot be delivered waits on.
pub async fn deliver(_: &Model) {}
