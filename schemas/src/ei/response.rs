//! Answers of EI 1.0: eiResponse refers to what it answers by one of many ids.

use super::ei::{EiResponse, RefID, ResponseCode};
use crate::openadr::Code;

impl From<Code> for ResponseCode {
    fn from(code: Code) -> Self {
        // Every code has three digits, which is all the facet asks for.
        #[allow(clippy::unwrap_used)]
        Self::new(code.to_string()).unwrap()
    }
}

impl ResponseCode {
    /// Whether it says success: 2xx.
    pub fn is_ok(&self) -> bool {
        self.value().starts_with('2')
    }
}

impl EiResponse {
    /// Done.
    pub fn ok(reference: RefID) -> Self {
        Self::error(Code::Ok, Code::Ok.description(), reference)
    }

    /// What went wrong, in words for a person. EI 1.0 uses the codes OpenADR lists.
    pub fn error(code: Code, description: impl Into<String>, reference: RefID) -> Self {
        Self {
            response_code: code.into(),
            response_description: Some(description.into()),
            ref_id: reference,
            response_terms_violated: None,
            created_date_time: None,
        }
    }

    /// Whether it says success.
    pub fn is_ok(&self) -> bool {
        self.response_code.is_ok()
    }
}

impl RefID {
    /// The id of a request, as the overall eiResponse refers to it.
    pub fn of(request_id: impl Into<String>) -> Self {
        Self::RefID(request_id.into())
    }

    /// The id itself, whatever kind it is of.
    pub fn text(&self) -> &str {
        match self {
            Self::RefID(id)
            | Self::AcceptanceID(id)
            | Self::AvailID(id)
            | Self::BaselineID(id)
            | Self::ConstraintID(id)
            | Self::EiDeliveryID(id)
            | Self::EiReportID(id)
            | Self::EventMessageID(id)
            | Self::HistorianID(id)
            | Self::OptID(id)
            | Self::OriginalReferenceID(id)
            | Self::QuoteID(id)
            | Self::RegistrationID(id)
            | Self::ReportRequestID(id)
            | Self::ReportSpecifierID(id)
            | Self::SignalID(id)
            | Self::TenderID(id)
            | Self::TransactionID(id)
            | Self::EnrollmentID(id)
            | Self::OriginalEnrollmentID(id)
            | Self::RequestID(id) => id,
        }
    }
}
