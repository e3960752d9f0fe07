//! Reports: what is offered, asked for, stopped, read. OpenADR 2.0b Profile, rules 300, 317,
//! 322, 324, 325, 327, 340, 345.

use jiff::{SignedDuration, Timestamp};
use oadr_schemas::openadr::Code;
use oadr_store::{Keys, Snapshot, Stored};
use serde::{Deserialize, Serialize};

use super::Request;
use super::vens::party;
use crate::error::Error;
use crate::outbox;
use crate::record::{Item, Made, Metadata, Point, Reading, ReportRequest, RequestState, Series};
use crate::report::{between, on_the_mark, on_the_wire};
use crate::tables::{METADATA, REPORT_REQUESTS, SERIES};
use crate::vtn::Vtn;

/// A report as an operator asks for it. Spans are whole seconds (rule 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportWanted {
    /// reportSpecifierID out of the VEN's metadata, or `METADATA` for these (rule 327).
    pub specifier: String,
    /// rIDs out of the metadata; empty: all.
    #[serde(default)]
    pub rids: Vec<String>,
    /// Spacing of intervals; zero: on change, or as recorded (rule 317).
    #[serde(default)]
    pub granularity: SignedDuration,
    /// How often; zero: once, at once (rule 324).
    #[serde(default)]
    pub every: SignedDuration,
    /// From when, UTC; `None`: from now, for what is periodic.
    #[serde(default)]
    pub start: Option<Timestamp>,
    /// For how long; zero: without end (rule 325).
    #[serde(default)]
    pub duration: SignedDuration,
}

/// A reading with what it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Datum {
    /// The data point.
    pub point: Point,
    /// What it read.
    pub reading: Reading,
}

impl Vtn {
    /// What a VEN offers to report.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn report_metadata(&self, ven: &str) -> Result<Vec<Metadata>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        let found = METADATA.range(&view, Keys::of((ven,)))?;
        Ok(found.into_iter().map(|(_, report)| report).collect())
    }

    /// Asks a VEN for a report by its next poll.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN; [`Error::Clash`] if it is not registered; 452
    /// for a report or data point that it does not offer (rule 300), 454 for more than it offers
    /// (rules 317, 340).
    pub async fn request_report(
        &self,
        ven: &str,
        wanted: ReportWanted,
    ) -> Result<ReportRequest, Error> {
        self.request_report_once(None, ven, wanted).await
    }

    /// The same once for a request: a repetition is given what was asked as it was then, and the
    /// VEN is not asked again.
    ///
    /// # Errors
    /// As [`Vtn::request_report`]; [`Error::KeyReused`] if the request has said something else;
    /// [`Error::Clash`] if it was done so long ago that it is remembered no longer.
    pub async fn request_report_once(
        &self,
        once: Option<&Request>,
        ven: &str,
        wanted: ReportWanted,
    ) -> Result<ReportRequest, Error> {
        let now = self.0.clock.now();
        let id = once.map_or_else(|| self.0.ids.make(), Request::id);
        let request_id = self.0.ids.make();
        let said = (once, &("report", ven, &wanted));
        let made = self.once(said, now, |view, batch| {
            let party = party(view, ven)?;
            if !party.is_registered() {
                return Err(Error::Clash(format!("{ven} is not registered")));
            }
            let request = request(view, ven, &wanted, (&id, now))?;
            if REPORT_REQUESTS.contains(view, (ven, id.as_str()))? {
                return Err(Error::Clash(format!("the reportRequestID {id} is taken")));
            }
            on_the_wire(&request)?;
            crate::tables::PARTIES.require_unchanged(batch, ven, &party);
            REPORT_REQUESTS.put_new(batch, (ven, id.as_str()), &request)?;
            let (request_id, report_request_ids) = (request_id.clone(), vec![id.clone()]);
            let item = Item::CreateReport { request_id, report_request_ids };
            outbox::queue(view, batch, (ven, self.0.settings.limits.outbox), (vec![item], now))?;
            Ok(Made::ReportRequest(Box::new(request)))
        });
        match made.await? {
            Made::ReportRequest(request) => Ok(*request),
            Made::Event(_) => Err(Error::KeyReused),
        }
    }

    /// Asks a VEN to stop a report by its next poll; with `to_follow` after one more (rule 345).
    /// Twice is once.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such request; [`Error::Clash`] if it is over.
    pub async fn cancel_report(
        &self,
        ven: &str,
        id: &str,
        to_follow: bool,
    ) -> Result<ReportRequest, Error> {
        let (now, request_id) = (self.0.clock.now(), self.0.ids.make());
        self.decide(|view, batch| {
            let before = asked_before(view, ven, id)?;
            let state = match before.state {
                RequestState::Cancelling(_) => return Ok(before.into_inner()),
                RequestState::Asked
                | RequestState::Running
                | RequestState::CancellingInAnswer(_)
                | RequestState::CancelledInAnswer(_) => RequestState::Cancelling(to_follow),
                _ => return Err(Error::Clash(format!("the report request {id} is over"))),
            };
            let after = ReportRequest { state, ..ReportRequest::clone(&before) };
            REPORT_REQUESTS.swap(batch, (ven, id), &before, &after)?;
            let (request_id, report_request_ids) = (request_id.clone(), vec![id.to_owned()]);
            let item = Item::CancelReport { request_id, report_request_ids, to_follow };
            outbox::queue(view, batch, (ven, self.0.settings.limits.outbox), (vec![item], now))?;
            Ok(after)
        })
        .await
    }

    /// The same in the answer to the next report that comes (oadrCancelReport in
    /// oadrUpdatedReport); a VEN that goes on gets an oadrCancelReport of its own (rules 328,
    /// 335). Twice is once.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such request; [`Error::Clash`] if it is over or is ended
    /// by a poll already; 459 if no report that could be so answered is to come.
    pub async fn cancel_report_in_answer(
        &self,
        ven: &str,
        id: &str,
        to_follow: bool,
    ) -> Result<ReportRequest, Error> {
        self.decide(|view, batch| {
            let before = asked_before(view, ven, id)?;
            match before.state {
                RequestState::CancellingInAnswer(_) | RequestState::CancelledInAnswer(_) => {
                    return Ok(before.into_inner());
                }
                RequestState::Asked | RequestState::Running => {}
                RequestState::Cancelling(_) => {
                    let what = format!("the report request {id} is ended by a poll already");
                    return Err(Error::Clash(what));
                }
                _ => return Err(Error::Clash(format!("the report request {id} is over"))),
            }
            if before.every.is_zero() || before.specifier == "METADATA" {
                let what = "metadata, and a report that comes once, end by oadrCancelReport alone";
                return Err(Error::rule(328, Code::NotCompliant, what));
            }
            let state = RequestState::CancellingInAnswer(to_follow);
            let after = ReportRequest { state, ..ReportRequest::clone(&before) };
            REPORT_REQUESTS.swap(batch, (ven, id), &before, &after)?;
            Ok(after)
        })
        .await
    }

    /// What a VEN was asked for since it last told what it offers.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn report_requests(&self, ven: &str) -> Result<Vec<ReportRequest>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        let found = REPORT_REQUESTS.range(&view, Keys::of((ven,)))?;
        Ok(found.into_iter().map(|(_, request)| request).collect())
    }

    /// The data points there are readings of, by reportSpecifierID and rID.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn series(&self, ven: &str) -> Result<Vec<(String, Series)>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        let found = SERIES.range(&view, Keys::of((ven,)))?;
        Ok(found.into_iter().map(|((_, specifier, _), series)| (specifier, series)).collect())
    }

    /// Readings of a data point that began from `from` up to, not including, `to`; oldest first,
    /// `limit` at most.
    ///
    /// # Errors
    /// [`Error::Unknown`] if there is no such VEN.
    pub fn readings(
        &self,
        (ven, rid): (&str, &str),
        (from, to): (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<Datum>, Error> {
        let view = self.0.store.snapshot()?;
        party(&view, ven)?;
        let found = between(&view, (ven, rid), (from, to), limit)?;
        Ok(found.into_iter().map(|(point, reading)| Datum { point, reading }).collect())
    }
}

/// A request that was made.
fn asked_before(view: &Snapshot, ven: &str, id: &str) -> Result<Stored<ReportRequest>, Error> {
    let unknown = || Error::Unknown { kind: "report request", id: id.to_owned() };
    REPORT_REQUESTS.load(view, (ven, id))?.ok_or_else(unknown)
}

/// The request, held against what the VEN offers.
fn request(
    view: &Snapshot,
    ven: &str,
    wanted: &ReportWanted,
    (id, now): (&str, Timestamp),
) -> Result<ReportRequest, Error> {
    let periodic = !wanted.every.is_zero();
    let rids = match wanted.specifier.as_str() {
        // Rule 308: rID 0, which the receiver ignores.
        "METADATA" => vec!["0".to_owned()],
        specifier => {
            let offered = METADATA.get(view, (ven, specifier))?;
            let unknown = || Error::invalid_id(300, "reportSpecifierID");
            offers(&offered.ok_or_else(unknown)?, wanted, now)?
        }
    };
    // Rule 324: start and duration are mandatory for what is periodic and for history.
    let mark = on_the_mark(now, wanted.granularity);
    let start = wanted.start.or((periodic && rids != ["0"]).then_some(mark));
    Ok(ReportRequest {
        id: id.to_owned(),
        specifier: wanted.specifier.clone(),
        rids,
        granularity: wanted.granularity,
        every: wanted.every,
        start,
        duration: wanted.duration,
        state: RequestState::Asked,
        created: now,
        received: 0,
        last: None,
    })
}

/// Rules 300, 317, 324, 325, 340: a request lies within the metadata. Gives the rIDs.
fn offers(offered: &Metadata, wanted: &ReportWanted, now: Timestamp) -> Result<Vec<String>, Error> {
    let refuse = |rule, what: &str| Err(Error::rule(rule, Code::InvalidData, what));
    let known: Vec<&Point> = match wanted.rids.as_slice() {
        [] => offered.points.iter().collect(),
        rids => offered.points.iter().filter(|point| rids.contains(&point.rid)).collect(),
    };
    if known.len() < wanted.rids.len() {
        return Err(Error::invalid_id(300, "rID"));
    }
    if wanted.every > offered.depth && !offered.depth.is_zero() {
        return refuse(340, "more is wanted than the VEN keeps");
    }
    if offered.is_history() {
        recorded(offered, wanted, now)?;
    } else if !wanted.every.is_zero() && wanted.granularity.is_zero() {
        if let Some(point) = known.iter().find(|point| !point.on_change) {
            let what = format!("granularity is zero, and {} is not offered on change", point.rid);
            return refuse(317, &what);
        }
    } else if !wanted.every.is_zero() {
        if wanted.granularity > wanted.every {
            return refuse(317, "granularity is more than every");
        }
        if known.iter().any(|point| point.at_least_every.is_some_and(|at| at > wanted.granularity))
        {
            return refuse(317, "granularity is less than the VEN's oadrMinPeriod");
        }
    }
    Ok(known.into_iter().map(|point| point.rid.clone()).collect())
}

/// Rules 317, 324, 325, 340: history is asked for once, as it was recorded, and no further back
/// than it goes.
fn recorded(offered: &Metadata, wanted: &ReportWanted, now: Timestamp) -> Result<(), Error> {
    let refuse = |rule, what: &str| Err(Error::rule(rule, Code::InvalidData, what));
    if !wanted.every.is_zero() || !wanted.granularity.is_zero() {
        return refuse(324, "history comes once and as recorded: every and granularity are zero");
    }
    let Some(start) = wanted.start else { return refuse(324, "history needs a start") };
    if start.checked_add(wanted.duration).is_ok_and(|end| end > now) || start > now {
        return refuse(325, "history lies in the past: start and duration end after now");
    }
    let reach = now.duration_since(start);
    if !offered.depth.is_zero() && reach > offered.depth.saturating_add(SLACK) {
        let what = format!("start is further back than the VEN keeps data: {}", offered.depth);
        return refuse(340, &what);
    }
    Ok(())
}

/// What goes by while a request is made: whoever asks for all that there is asks in time.
const SLACK: SignedDuration = SignedDuration::from_mins(1);
