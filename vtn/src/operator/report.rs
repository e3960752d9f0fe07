//! Reports: what VENs offer, what was asked for, what came. OpenADR 2.0b Profile, EiReport, as an
//! operator sees it.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::api::Api;
use super::header::OnceOnly;
use super::input::{Asked, Given, Named};
use super::page::{Page, Paging};
use super::problem::Problem;
use crate::control::ReportWanted;
use crate::record::{Metadata, ReportRequest};

/// A VEN's reports.
#[derive(Debug, Serialize)]
pub(super) struct Reports {
    ven: String,
    offers: Vec<Metadata>,
    requests: Vec<ReportRequest>,
}

/// How a report ends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ending {
    #[serde(default)]
    one_more: bool,
    #[serde(default)]
    embedded: bool,
}

/// All VENs' reports; pages are of VENs.
pub(super) async fn list(
    State(api): State<Api>,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Page<Reports>>, Problem> {
    let vtn = api.vtn();
    let found = vtn.vens(paging.after(), paging.one_more()?)?;
    let page = paging.page(found, |party| party.id.clone())?;
    let page = page.try_map(|party| {
        let offers = vtn.report_metadata(&party.id)?;
        let requests = vtn.report_requests(&party.id)?;
        Ok::<_, Problem>(Reports { ven: party.id, offers, requests })
    })?;
    Ok(Json(page))
}

pub(super) async fn request(
    State(api): State<Api>,
    Named(ven): Named<String>,
    OnceOnly(request): OnceOnly,
    Given(wanted): Given<ReportWanted>,
) -> Result<Json<ReportRequest>, Problem> {
    Ok(Json(api.vtn().request_report_once(request.as_ref(), &ven, wanted).await?))
}

pub(super) async fn cancel(
    State(api): State<Api>,
    Named((ven, request)): Named<(String, String)>,
    Asked(Ending { one_more, embedded }): Asked<Ending>,
) -> Result<Json<ReportRequest>, Problem> {
    let vtn = api.vtn();
    Ok(Json(match embedded {
        true => vtn.cancel_report_in_answer(&ven, &request, one_more).await?,
        false => vtn.cancel_report(&ven, &request, one_more).await?,
    }))
}
