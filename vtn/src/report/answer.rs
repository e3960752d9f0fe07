//! What a report does to its request, and what its answer tells the VEN to stop. OpenADR 2.0b
//! Profile, rules 328, 335, 345.

use oadr_schemas::openadr::oadr::OadrCancelReport;
use oadr_store::Batch;

use crate::context::Context;
use crate::error::Error;
use crate::outbox;
use crate::record::{Item, ReportRequest, RequestState};

/// What goes into one oadrUpdatedReport, and what follows it.
#[derive(Default)]
pub(crate) struct Answer {
    /// Told in the answer: which, and whether one more is wanted. One oadrCancelReport has one
    /// reportToFollow: what wants the other is told in a later answer.
    stops: Option<(bool, Vec<String>)>,
    /// Were told so and go on.
    go_on: Vec<String>,
}

impl Answer {
    /// Where a request stands once a report has come under it.
    pub(crate) fn after_a_report(&mut self, request: &ReportRequest) -> RequestState {
        use RequestState::{CancelledInAnswer, Cancelling, CancellingInAnswer, Ended, Running};
        match request.state {
            // Rule 345: that was the one that was to follow.
            Cancelling(true) | Ended => Ended,
            Cancelling(false) => Cancelling(false),
            CancellingInAnswer(to_follow) => {
                let (of_all, ids) = self.stops.get_or_insert_with(|| (to_follow, Vec::new()));
                if *of_all != to_follow {
                    return CancellingInAnswer(to_follow);
                }
                ids.push(request.id.clone());
                CancelledInAnswer(to_follow)
            }
            CancelledInAnswer(true) => CancelledInAnswer(false),
            // Rule 335: it goes on, or it never got that answer.
            CancelledInAnswer(false) => {
                self.go_on.push(request.id.clone());
                Cancelling(false)
            }
            // Rule 324: once, at once.
            _ if request.every.is_zero() => Ended,
            _ => Running,
        }
    }

    /// Adds to the batch: what goes on is cancelled by a poll. Gives what this answer cancels
    /// (rule 328: what it answers, and nothing else).
    ///
    /// # Errors
    /// Those of the store.
    pub(crate) fn finish(
        self,
        cx: &Context<'_>,
        batch: &mut Batch,
    ) -> Result<Option<OadrCancelReport>, Error> {
        if !self.go_on.is_empty() {
            let request_id = cx.ids.make();
            let report_request_ids = self.go_on;
            let item = Item::CancelReport { request_id, report_request_ids, to_follow: false };
            // It stands for a decision of the operator's: all places are open to it.
            let ven = (cx.ven(), cx.settings.limits.outbox);
            outbox::queue(&cx.view, batch, ven, (vec![item], cx.now))?;
        }
        Ok(self.stops.map(|(report_to_follow, report_request_id)| OadrCancelReport {
            schema_version: None,
            request_id: cx.ids.make(),
            report_request_id,
            report_to_follow,
            ven_id: Some(cx.ven().to_owned()),
        }))
    }
}
