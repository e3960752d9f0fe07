// Made by oadr-codegen from the schemas in schemas/xsd; not edited by hand.
//! `pyld`: the types of its namespace.

use super::{ei, enrl, emix, xcal};
use crate::xml::macros::{record, group, tokens, roots};
use crate::xml as x;
use crate::xml::{EI, PYLD, ENRL, EMIX, XCAL};

record! {
    /// The availIDs to withdraw. Order and cardinality guessed.
    EiCancelAvail {
        avail_id: Vec<String> = range(EI, "availID", 1, usize::MAX),
        ven_id: String = one(EI, "venID"),
    }
    /// Enrollee and the enrollments to withdraw.
    EiCancelEnroll {
        request_id: String = one(PYLD, "requestID"),
        enrollee_party_id: String = one(ENRL, "enrolleePartyID"),
        enrollment_id: Vec<String> = range(ENRL, "enrollmentID", 1, usize::MAX),
    }
    /// The events to cancel. Order and cardinality guessed.
    EiCancelEvent {
        request_id: String = one(PYLD, "requestID"),
        event_id: Vec<String> = range(EI, "eventID", 1, usize::MAX),
    }
    /// Historians to stop, last report wanted or not. Order and cardinality guessed.
    EiCancelHistorian {
        historian_id: Vec<String> = range(EI, "historianID", 1, usize::MAX),
        ei_target: Option<ei::EiTarget> = opt(EI, "eiTarget"),
        report_to_follow: bool = one(PYLD, "reportToFollow"),
    }
    /// The optID to withdraw and its VEN. Cardinality guessed.
    EiCancelOpt {
        opt_id: String = one(EI, "optID"),
        ven_id: String = one(EI, "venID"),
    }
    /// Registree, registrar and the registrations to end.
    EiCancelPartyRegistration {
        request_id: String = one(PYLD, "requestID"),
        registree_party_id: String = one(EI, "registreePartyID"),
        registrar_party_id: String = one(EI, "registrarPartyID"),
        registration_id: Vec<String> = range(EI, "registrationID", 1, usize::MAX),
    }
    /// Publisher and the quotes to take back.
    EiCancelQuote {
        request_id: String = one(PYLD, "requestID"),
        subscriber_party_id: Option<String> = opt(EI, "subscriberPartyID"),
        publisher_party_id: String = one(EI, "publisherPartyID"),
        quote_id: Vec<String> = range(EI, "quoteID", 1, usize::MAX),
    }
    /// Reports to stop, by report or by request. Order and cardinality guessed.
    EiCancelReport {
        request_id: String = one(PYLD, "requestID"),
        party_id: Option<String> = opt(EI, "partyID"),
        ei_target: Option<ei::EiTarget> = opt(EI, "eiTarget"),
        ei_report_id: Vec<String> = many(EI, "eiReportID"),
        report_request_id: Vec<String> = many(EI, "reportRequestID"),
        report_to_follow: bool = one(PYLD, "reportToFollow"),
    }
    /// The party's own tenders, one or more, to withdraw.
    EiCancelTender {
        request_id: String = one(PYLD, "requestID"),
        party_id: String = one(EI, "partyID"),
        counter_party_id: Option<String> = opt(EI, "counterPartyID"),
        tender_id: Vec<String> = range(EI, "tenderID", 1, usize::MAX),
    }
    /// Outcome and the availIDs withdrawn. Order and cardinality guessed.
    EiCanceledAvail {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        avail_id: Vec<String> = many(EI, "availID"),
    }
    /// Outcome overall and per enrollment.
    EiCanceledEnroll {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
    }
    /// Outcome overall and per event. Order and cardinality guessed.
    EiCanceledEvent {
        ei_event_response: ei::EiEventResponse = one(EI, "eiEventResponse"),
        event_responses: Option<ei::ArrayofEventResponses> = opt(EI, "eventResponses"),
    }
    /// Outcome and the historians stopped. Order and cardinality guessed.
    EiCanceledHistorian {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        historian_id: Vec<String> = many(EI, "historianID"),
    }
    /// Outcome and the optID withdrawn. Cardinality guessed.
    EiCanceledOpt {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        opt_id: Option<String> = opt(EI, "optID"),
    }
    /// The three parties first, then outcomes, which may repeat.
    EiCanceledPartyRegistration {
        responding_party_id: String = one(EI, "respondingPartyID"),
        registree_party_id: String = one(EI, "registreePartyID"),
        registrar_party_id: String = one(EI, "registrarPartyID"),
        ei_response: Vec<ei::EiResponse> = many(EI, "eiResponse"),
        responses: Vec<ei::ArrayofResponses> = many(EI, "responses"),
    }
    /// Outcome overall and per quote.
    EiCanceledQuote {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        subscriber_party_id: Option<String> = opt(EI, "subscriberPartyID"),
        publisher_party_id: Option<String> = opt(EI, "publisherPartyID"),
    }
    /// Outcome and the reports stopped. Order and cardinality guessed.
    EiCanceledReport {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_report_id: Vec<String> = many(EI, "eiReportID"),
        report_request_id: Vec<String> = many(EI, "reportRequestID"),
    }
    /// Outcome overall and per tender, then the parties.
    EiCanceledTender {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        party_id: String = one(EI, "partyID"),
        counter_party_id: Option<String> = opt(EI, "counterPartyID"),
    }
    /// Whole new versions of events, with a comment. Order and cardinality guessed.
    EiChangeEvent {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: String = one(EI, "vtnID"),
        change_comment: Option<String> = opt(PYLD, "changeComment"),
        ei_event: Vec<ei::EiEvent> = range(EI, "eiEvent", 1, usize::MAX),
    }
    /// Outcome overall and an opt state per event. Order and cardinality guessed.
    EiChangedEvent {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        event_responses: Option<ei::ArrayofEventResponses> = opt(EI, "eventResponses"),
        ven_id: String = one(EI, "venID"),
    }
    /// One or more availabilities. Order and cardinality guessed.
    EiCreateAvail {
        ei_avail: Vec<ei::EiAvail> = range(EI, "eiAvail", 1, usize::MAX),
    }
    /// Requestor and the emix:delivery to be measured.
    EiCreateDelivery {
        request_id: String = one(PYLD, "requestID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        delivery: Vec<emix::Delivery> = range(EMIX, "delivery", 1, usize::MAX),
    }
    /// Enrollee and its application.
    EiCreateEnroll {
        request_id: String = one(PYLD, "requestID"),
        enrollee_party_id: String = one(ENRL, "enrolleePartyID"),
        ei_enrollment: enrl::EiEnrollment = one(ENRL, "eiEnrollment"),
    }
    /// One or more new events of a VTN. Order and cardinality guessed.
    EiCreateEvent {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: String = one(EI, "vtnID"),
        ei_event: Vec<ei::EiEvent> = range(EI, "eiEvent", 1, usize::MAX),
    }
    /// What to record, as report requests. Order and cardinality guessed.
    EiCreateHistorian {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: Option<String> = opt(EI, "vtnID"),
        party_id: Option<String> = opt(EI, "partyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        ei_report_request: Vec<ei::EiReportRequest> = range(EI, "eiReportRequest", 1, usize::MAX),
    }
    /// One opt; it has no requestID. Cardinality guessed.
    EiCreateOpt {
        ei_opt: ei::EiOpt = one(EI, "eiOpt"),
    }
    /// Registree and its details. Order and cardinality guessed.
    EiCreatePartyRegistration {
        request_id: String = one(PYLD, "requestID"),
        registree_party_id: String = one(EI, "registreePartyID"),
    }
    /// What to forecast, as report requests. Order and cardinality guessed.
    EiCreateProjection {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: Option<String> = opt(EI, "vtnID"),
        party_id: Option<String> = opt(EI, "partyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        ei_report_request: Vec<ei::EiReportRequest> = range(EI, "eiReportRequest", 1, usize::MAX),
    }
    /// From publisher to subscriber, one or more quotes.
    EiCreateQuote {
        request_id: String = one(PYLD, "requestID"),
        publisher_party_id: String = one(EI, "publisherPartyID"),
        subscriber_party_id: String = one(EI, "subscriberPartyID"),
        ei_quote: Vec<ei::EiQuote> = range(EI, "eiQuote", 1, usize::MAX),
    }
    /// Which reports are wanted. Order and cardinality guessed.
    EiCreateReport {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: Option<String> = opt(EI, "vtnID"),
        party_id: Option<String> = opt(EI, "partyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        ei_report_request: Vec<ei::EiReportRequest> = range(EI, "eiReportRequest", 1, usize::MAX),
    }
    /// From party to counterparty, one or more tenders.
    EiCreateTender {
        request_id: String = one(PYLD, "requestID"),
        party_id: String = one(EI, "partyID"),
        counter_party_id: String = one(EI, "counterPartyID"),
        ei_tender: Vec<ei::EiTender> = range(EI, "eiTender", 1, usize::MAX),
    }
    /// From the accepting party, one or more transactions.
    EiCreateTransaction {
        request_id: String = one(PYLD, "requestID"),
        party_id: String = one(EI, "partyID"),
        counter_party_id: String = one(EI, "counterPartyID"),
        ei_transaction: Vec<ei::EiTransaction> = range(EI, "eiTransaction", 1, usize::MAX),
    }
    /// Outcome and the availIDs kept. Order and cardinality guessed.
    EiCreatedAvail {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        avail_id: Vec<String> = many(EI, "availID"),
    }
    /// Outcome and what was measured; without data there is no answer yet.
    EiCreatedDelivery {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_delivery: Vec<ei::EiDelivery> = many(EI, "eiDelivery"),
    }
    /// Outcome, the administrator and the enrollment ids.
    EiCreatedEnroll {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        enrollment_responses: Option<enrl::ArrayofEnrollmentResponses> = opt(ENRL, "enrollmentResponses"),
        enroll_admin_party_id: String = one(ENRL, "enrollAdminPartyID"),
        enrollment_id: Vec<String> = many(ENRL, "enrollmentID"),
    }
    /// Outcome and an opt state per event; order as in OpenADR 2.0b.
    EiCreatedEvent {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        event_responses: Option<ei::ArrayofEventResponses> = opt(EI, "eventResponses"),
        ven_id: String = one(EI, "venID"),
    }
    /// Outcome and the historians' ids. Order and cardinality guessed.
    EiCreatedHistorian {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        historian_id: Vec<String> = many(EI, "historianID"),
    }
    /// Outcome and the optID. Cardinality guessed.
    EiCreatedOpt {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        opt_id: Option<String> = opt(EI, "optID"),
    }
    /// Outcome, parties and the registration's id.
    EiCreatedPartyRegistration {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        registrar_party_id: Option<String> = opt(EI, "registrarPartyID"),
        registration_id: Option<String> = opt(EI, "registrationID"),
        registree_party_id: Option<String> = opt(EI, "registreePartyID"),
    }
    /// Outcome and forecasts or their ids. Order and cardinality guessed.
    EiCreatedProjection {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_report: Vec<ei::EiReport> = many(EI, "eiReport"),
        ei_report_id: Vec<String> = many(EI, "eiReportID"),
    }
    /// Outcome overall and per quote, then the parties.
    EiCreatedQuote {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        subscriber_party_id: String = one(EI, "subscriberPartyID"),
        publisher_party_id: Option<String> = opt(EI, "publisherPartyID"),
        quote_id: Vec<String> = many(EI, "quoteID"),
    }
    /// Outcome and reports or their ids. Order and cardinality guessed.
    EiCreatedReport {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_report: Vec<ei::EiReport> = many(EI, "eiReport"),
        ei_report_id: Vec<String> = many(EI, "eiReportID"),
    }
    /// responses is required here, unlike in the other answers.
    EiCreatedTender {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: ei::ArrayofResponses = one(EI, "responses"),
        party_id: String = one(EI, "partyID"),
        counter_party_id: Option<String> = opt(EI, "counterPartyID"),
        tender_id: Vec<String> = many(EI, "tenderID"),
    }
    /// The parties come before the outcome, counterparty first.
    EiCreatedTransaction {
        counter_party_id: String = one(EI, "counterPartyID"),
        party_id: String = one(EI, "partyID"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        transaction_id: Vec<String> = many(EI, "transactionID"),
    }
    /// Events of a VTN for those in eiTarget. Order and cardinality guessed.
    EiDistributeEvent {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: String = one(EI, "vtnID"),
        ei_target: Option<ei::EiTarget> = opt(EI, "eiTarget"),
        ei_event: Vec<ei::EiEvent> = many(EI, "eiEvent"),
    }
    /// Quotes of a publisher for those in eiTarget. Order and cardinality guessed.
    EiDistributeQuote {
        request_id: String = one(PYLD, "requestID"),
        publisher_party_id: String = one(EI, "publisherPartyID"),
        ei_target: ei::EiTarget = one(EI, "eiTarget"),
        ei_quote: Vec<ei::EiQuote> = range(EI, "eiQuote", 1, usize::MAX),
    }
    /// Tenders of a party for those in eiTarget.
    EiDistributeTender {
        request_id: String = one(PYLD, "requestID"),
        party_id: String = one(EI, "partyID"),
        ei_target: ei::EiTarget = one(EI, "eiTarget"),
        ei_tender: Vec<ei::EiTender> = range(EI, "eiTender", 1, usize::MAX),
    }
    /// Outcome, parties and availabilities. Order and cardinality guessed.
    EiReplyAvail {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        ven_id: String = one(EI, "venID"),
        vtn_id: String = one(EI, "vtnID"),
        ei_avail: Vec<ei::EiAvail> = many(EI, "eiAvail"),
    }
    /// Outcome only; no eiMarketContext in either source.
    EiReplyEiMarketContext {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
    }
    /// Outcome and at most one enrollment.
    EiReplyEnroll {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        enrollment_responses: Option<enrl::ArrayofEnrollmentResponses> = opt(ENRL, "enrollmentResponses"),
        ei_enrollment: Option<enrl::EiEnrollment> = opt(ENRL, "eiEnrollment"),
    }
    /// Outcome, parties and events. Order and cardinality guessed.
    EiReplyEvent {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        vtn_id: String = one(EI, "vtnID"),
        ven_id: String = one(EI, "venID"),
        ei_event: Vec<ei::EiEvent> = many(EI, "eiEvent"),
    }
    /// Outcome and historians' ids. Order and cardinality guessed.
    EiReplyHistorian {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        historian_id: Vec<String> = many(EI, "historianID"),
    }
    /// Outcome, parties and opts. Cardinality guessed.
    EiReplyOpt {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        ven_id: String = one(EI, "venID"),
        vtn_id: String = one(EI, "vtnID"),
        ei_opt: Vec<ei::EiOpt> = many(EI, "eiOpt"),
    }
    /// Registrations come before the outcome.
    EiReplyPartyRegistration {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
    }
    /// Outcome only; carries no events. Order and cardinality guessed.
    EiReplyPendingEvent {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
    }
    /// Outcome overall and per quote, then the quotes.
    EiReplyQuote {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_quote: Vec<ei::EiQuote> = many(EI, "eiQuote"),
    }
    /// Outcome and report ids. Order and cardinality guessed.
    EiReplyReport {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_report_id: Vec<String> = many(EI, "eiReportID"),
    }
    /// Outcome overall and per tender, then the tenders.
    EiReplyTender {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_tender: Vec<ei::EiTender> = many(EI, "eiTender"),
    }
    /// Outcome overall and per transaction, then the transactions.
    EiReplyTransaction {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_transaction: Vec<ei::EiTransaction> = many(EI, "eiTransaction"),
    }
    /// Filter by market, id, resource. Order and cardinality guessed.
    EiRequestAvail {
        request_id: String = one(PYLD, "requestID"),
        ven_id: String = one(EI, "venID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        avail_id: Vec<String> = many(EI, "availID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        resource_id: Vec<String> = many(EI, "resourceID"),
    }
    /// Markets asked about; place and count of the party ids guessed.
    EiRequestEiMarketContext {
        request_id: String = one(PYLD, "requestID"),
        market_context: Vec<x::Uri> = range(EMIX, "marketContext", 1, usize::MAX),
        party_id: Option<String> = opt(EI, "partyID"),
        ven_id: Option<String> = opt(EI, "venID"),
        vtn_id: Option<String> = opt(EI, "vtnID"),
        resource_id: Vec<String> = many(EI, "resourceID"),
    }
    /// Filter by administrator, id, market.
    EiRequestEnroll {
        request_id: String = one(PYLD, "requestID"),
        enroll_admin_party_id: Vec<String> = many(ENRL, "enrollAdminPartyID"),
        enrollee_party_id: String = one(ENRL, "enrolleePartyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        enrollment_id: Vec<String> = many(ENRL, "enrollmentID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
    }
    /// Filter by id, market, state, interval. Order partly guessed.
    EiRequestEvent {
        request_id: String = one(PYLD, "requestID"),
        ven_id: String = one(EI, "venID"),
        event_id: Vec<String> = many(EI, "eventID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        event_filter: Option<EventFilter> = opt(PYLD, "eventFilter"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
        reply_limit: Option<u32> = opt(PYLD, "replyLimit"),
    }
    /// Filter by market and interval. Order and cardinality guessed.
    EiRequestHistorian {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: Option<String> = opt(EI, "vtnID"),
        party_id: Option<String> = opt(EI, "partyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
    }
    /// Filter by market, id, resource. Cardinality guessed.
    EiRequestOpt {
        request_id: String = one(PYLD, "requestID"),
        ven_id: String = one(EI, "venID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        opt_id: Vec<String> = many(EI, "optID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        resource_id: Vec<String> = many(EI, "resourceID"),
    }
    /// Filter by registrar, id, interval.
    EiRequestPartyRegistration {
        request_id: String = one(PYLD, "requestID"),
        registree_party_id: String = one(EI, "registreePartyID"),
        registrar_party_id: Option<String> = opt(EI, "registrarPartyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        registration_id: Vec<String> = many(EI, "registrationID"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
    }
    /// Filter by market, state, interval. Order and cardinality guessed.
    EiRequestPendingEvent {
        request_id: String = one(PYLD, "requestID"),
        ven_id: String = one(EI, "venID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        event_filter: Option<EventFilter> = opt(PYLD, "eventFilter"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
        reply_limit: Option<u32> = opt(PYLD, "replyLimit"),
    }
    /// Filter by market, id, interval.
    EiRequestQuote {
        request_id: String = one(PYLD, "requestID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        publisher_party_id: String = one(EI, "publisherPartyID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        quote_id: Vec<String> = many(EI, "quoteID"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
    }
    /// Filter by request, target, interval. Order and cardinality guessed.
    EiRequestReport {
        request_id: String = one(PYLD, "requestID"),
        vtn_id: Option<String> = opt(EI, "vtnID"),
        party_id: Option<String> = opt(EI, "partyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        report_request_id: Vec<String> = many(EI, "reportRequestID"),
        ei_target: Option<ei::EiTarget> = opt(EI, "eiTarget"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
    }
    /// Filter by counterparty, market, id, interval.
    EiRequestTender {
        request_id: String = one(PYLD, "requestID"),
        party_id: String = one(EI, "partyID"),
        counter_party_id: Vec<String> = many(EI, "counterPartyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        tender_id: Vec<String> = many(EI, "tenderID"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
    }
    /// Filter by counterparty, market, id, interval.
    EiRequestTransaction {
        request_id: String = one(PYLD, "requestID"),
        party_id: String = one(EI, "partyID"),
        counter_party_id: Vec<String> = many(EI, "counterPartyID"),
        requestor_party_id: String = one(EI, "requestorPartyID"),
        market_context: Vec<x::Uri> = many(EMIX, "marketContext"),
        transaction_id: Vec<String> = many(EI, "transactionID"),
        interval: Option<xcal::WsCalendarInterval> = opt(XCAL, "interval"),
    }
    /// Outcome so far and the reports. Order and cardinality guessed.
    EiUpdateReport {
        request_id: String = one(PYLD, "requestID"),
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
        responses: Option<ei::ArrayofResponses> = opt(EI, "responses"),
        ei_report: Vec<ei::EiReport> = many(EI, "eiReport"),
    }
    /// Outcome only. Order and cardinality guessed.
    EiUpdatedReport {
        ei_response: ei::EiResponse = one(EI, "eiResponse"),
    }
}

group! {
    /// Every payload that can be a document's root.
    Message {
        EiCancelAvail(EiCancelAvail) = element(PYLD, "eiCancelAvail"),
        EiCancelEnroll(EiCancelEnroll) = element(PYLD, "eiCancelEnroll"),
        EiCancelEvent(EiCancelEvent) = element(PYLD, "eiCancelEvent"),
        EiCancelHistorian(EiCancelHistorian) = element(PYLD, "eiCancelHistorian"),
        EiCancelOpt(EiCancelOpt) = element(PYLD, "eiCancelOpt"),
        EiCancelPartyRegistration(EiCancelPartyRegistration) = element(PYLD, "eiCancelPartyRegistration"),
        EiCancelQuote(EiCancelQuote) = element(PYLD, "eiCancelQuote"),
        EiCancelReport(EiCancelReport) = element(PYLD, "eiCancelReport"),
        EiCancelTender(EiCancelTender) = element(PYLD, "eiCancelTender"),
        EiCanceledAvail(EiCanceledAvail) = element(PYLD, "eiCanceledAvail"),
        EiCanceledEnroll(EiCanceledEnroll) = element(PYLD, "eiCanceledEnroll"),
        EiCanceledEvent(EiCanceledEvent) = element(PYLD, "eiCanceledEvent"),
        EiCanceledHistorian(EiCanceledHistorian) = element(PYLD, "eiCanceledHistorian"),
        EiCanceledOpt(EiCanceledOpt) = element(PYLD, "eiCanceledOpt"),
        EiCanceledPartyRegistration(EiCanceledPartyRegistration) = element(PYLD, "eiCanceledPartyRegistration"),
        EiCanceledQuote(EiCanceledQuote) = element(PYLD, "eiCanceledQuote"),
        EiCanceledReport(EiCanceledReport) = element(PYLD, "eiCanceledReport"),
        EiCanceledTender(EiCanceledTender) = element(PYLD, "eiCanceledTender"),
        EiChangeEvent(EiChangeEvent) = element(PYLD, "eiChangeEvent"),
        EiChangedEvent(EiChangedEvent) = element(PYLD, "eiChangedEvent"),
        EiCreateAvail(EiCreateAvail) = element(PYLD, "eiCreateAvail"),
        EiCreateDelivery(EiCreateDelivery) = element(PYLD, "eiCreateDelivery"),
        EiCreateEnroll(EiCreateEnroll) = element(PYLD, "eiCreateEnroll"),
        EiCreateEvent(EiCreateEvent) = element(PYLD, "eiCreateEvent"),
        EiCreateHistorian(EiCreateHistorian) = element(PYLD, "eiCreateHistorian"),
        EiCreateOpt(EiCreateOpt) = element(PYLD, "eiCreateOpt"),
        EiCreatePartyRegistration(EiCreatePartyRegistration) = element(PYLD, "eiCreatePartyRegistration"),
        EiCreateProjection(EiCreateProjection) = element(PYLD, "eiCreateProjection"),
        EiCreateQuote(EiCreateQuote) = element(PYLD, "eiCreateQuote"),
        EiCreateReport(EiCreateReport) = element(PYLD, "eiCreateReport"),
        EiCreateTender(EiCreateTender) = element(PYLD, "eiCreateTender"),
        EiCreateTransaction(EiCreateTransaction) = element(PYLD, "eiCreateTransaction"),
        EiCreatedAvail(EiCreatedAvail) = element(PYLD, "eiCreatedAvail"),
        EiCreatedDelivery(EiCreatedDelivery) = element(PYLD, "eiCreatedDelivery"),
        EiCreatedEnroll(EiCreatedEnroll) = element(PYLD, "eiCreatedEnroll"),
        EiCreatedEvent(EiCreatedEvent) = element(PYLD, "eiCreatedEvent"),
        EiCreatedHistorian(EiCreatedHistorian) = element(PYLD, "eiCreatedHistorian"),
        EiCreatedOpt(EiCreatedOpt) = element(PYLD, "eiCreatedOpt"),
        EiCreatedPartyRegistration(EiCreatedPartyRegistration) = element(PYLD, "eiCreatedPartyRegistration"),
        EiCreatedProjection(EiCreatedProjection) = element(PYLD, "eiCreatedProjection"),
        EiCreatedQuote(EiCreatedQuote) = element(PYLD, "eiCreatedQuote"),
        EiCreatedReport(EiCreatedReport) = element(PYLD, "eiCreatedReport"),
        EiCreatedTender(EiCreatedTender) = element(PYLD, "eiCreatedTender"),
        EiCreatedTransaction(EiCreatedTransaction) = element(PYLD, "eiCreatedTransaction"),
        EiDistributeEvent(EiDistributeEvent) = element(PYLD, "eiDistributeEvent"),
        EiDistributeQuote(EiDistributeQuote) = element(PYLD, "eiDistributeQuote"),
        EiDistributeTender(EiDistributeTender) = element(PYLD, "eiDistributeTender"),
        EiReplyAvail(EiReplyAvail) = element(PYLD, "eiReplyAvail"),
        EiReplyEiMarketContext(EiReplyEiMarketContext) = element(PYLD, "eiReplyEiMarketContext"),
        EiReplyEnroll(EiReplyEnroll) = element(PYLD, "eiReplyEnroll"),
        EiReplyEvent(EiReplyEvent) = element(PYLD, "eiReplyEvent"),
        EiReplyHistorian(EiReplyHistorian) = element(PYLD, "eiReplyHistorian"),
        EiReplyOpt(EiReplyOpt) = element(PYLD, "eiReplyOpt"),
        EiReplyPartyRegistration(EiReplyPartyRegistration) = element(PYLD, "eiReplyPartyRegistration"),
        EiReplyPendingEvent(EiReplyPendingEvent) = element(PYLD, "eiReplyPendingEvent"),
        EiReplyQuote(EiReplyQuote) = element(PYLD, "eiReplyQuote"),
        EiReplyReport(EiReplyReport) = element(PYLD, "eiReplyReport"),
        EiReplyTender(EiReplyTender) = element(PYLD, "eiReplyTender"),
        EiReplyTransaction(EiReplyTransaction) = element(PYLD, "eiReplyTransaction"),
        EiRequestAvail(EiRequestAvail) = element(PYLD, "eiRequestAvail"),
        EiRequestEiMarketContext(EiRequestEiMarketContext) = element(PYLD, "eiRequestEiMarketContext"),
        EiRequestEnroll(EiRequestEnroll) = element(PYLD, "eiRequestEnroll"),
        EiRequestEvent(EiRequestEvent) = element(PYLD, "eiRequestEvent"),
        EiRequestHistorian(EiRequestHistorian) = element(PYLD, "eiRequestHistorian"),
        EiRequestOpt(EiRequestOpt) = element(PYLD, "eiRequestOpt"),
        EiRequestPartyRegistration(EiRequestPartyRegistration) = element(PYLD, "eiRequestPartyRegistration"),
        EiRequestPendingEvent(EiRequestPendingEvent) = element(PYLD, "eiRequestPendingEvent"),
        EiRequestQuote(EiRequestQuote) = element(PYLD, "eiRequestQuote"),
        EiRequestReport(EiRequestReport) = element(PYLD, "eiRequestReport"),
        EiRequestTender(EiRequestTender) = element(PYLD, "eiRequestTender"),
        EiRequestTransaction(EiRequestTransaction) = element(PYLD, "eiRequestTransaction"),
        EiUpdateReport(EiUpdateReport) = element(PYLD, "eiUpdateReport"),
        EiUpdatedReport(EiUpdatedReport) = element(PYLD, "eiUpdatedReport"),
    }
}

tokens! {
    /// `pyld:EventFilter`.
    collapsed EventFilter {
        Active = "active",
        Pending = "pending",
        All = "all",
        Completed = "completed",
        Cancelled = "cancelled",
    };
}

roots! {
    EiCancelAvail = PYLD, "eiCancelAvail";
    EiCancelEnroll = PYLD, "eiCancelEnroll";
    EiCancelEvent = PYLD, "eiCancelEvent";
    EiCancelHistorian = PYLD, "eiCancelHistorian";
    EiCancelOpt = PYLD, "eiCancelOpt";
    EiCancelPartyRegistration = PYLD, "eiCancelPartyRegistration";
    EiCancelQuote = PYLD, "eiCancelQuote";
    EiCancelReport = PYLD, "eiCancelReport";
    EiCancelTender = PYLD, "eiCancelTender";
    EiCanceledAvail = PYLD, "eiCanceledAvail";
    EiCanceledEnroll = PYLD, "eiCanceledEnroll";
    EiCanceledEvent = PYLD, "eiCanceledEvent";
    EiCanceledHistorian = PYLD, "eiCanceledHistorian";
    EiCanceledOpt = PYLD, "eiCanceledOpt";
    EiCanceledPartyRegistration = PYLD, "eiCanceledPartyRegistration";
    EiCanceledQuote = PYLD, "eiCanceledQuote";
    EiCanceledReport = PYLD, "eiCanceledReport";
    EiCanceledTender = PYLD, "eiCanceledTender";
    EiChangeEvent = PYLD, "eiChangeEvent";
    EiChangedEvent = PYLD, "eiChangedEvent";
    EiCreateAvail = PYLD, "eiCreateAvail";
    EiCreateDelivery = PYLD, "eiCreateDelivery";
    EiCreateEnroll = PYLD, "eiCreateEnroll";
    EiCreateEvent = PYLD, "eiCreateEvent";
    EiCreateHistorian = PYLD, "eiCreateHistorian";
    EiCreateOpt = PYLD, "eiCreateOpt";
    EiCreatePartyRegistration = PYLD, "eiCreatePartyRegistration";
    EiCreateProjection = PYLD, "eiCreateProjection";
    EiCreateQuote = PYLD, "eiCreateQuote";
    EiCreateReport = PYLD, "eiCreateReport";
    EiCreateTender = PYLD, "eiCreateTender";
    EiCreateTransaction = PYLD, "eiCreateTransaction";
    EiCreatedAvail = PYLD, "eiCreatedAvail";
    EiCreatedDelivery = PYLD, "eiCreatedDelivery";
    EiCreatedEnroll = PYLD, "eiCreatedEnroll";
    EiCreatedEvent = PYLD, "eiCreatedEvent";
    EiCreatedHistorian = PYLD, "eiCreatedHistorian";
    EiCreatedOpt = PYLD, "eiCreatedOpt";
    EiCreatedPartyRegistration = PYLD, "eiCreatedPartyRegistration";
    EiCreatedProjection = PYLD, "eiCreatedProjection";
    EiCreatedQuote = PYLD, "eiCreatedQuote";
    EiCreatedReport = PYLD, "eiCreatedReport";
    EiCreatedTender = PYLD, "eiCreatedTender";
    EiCreatedTransaction = PYLD, "eiCreatedTransaction";
    EiDistributeEvent = PYLD, "eiDistributeEvent";
    EiDistributeQuote = PYLD, "eiDistributeQuote";
    EiDistributeTender = PYLD, "eiDistributeTender";
    EiReplyAvail = PYLD, "eiReplyAvail";
    EiReplyEiMarketContext = PYLD, "eiReplyEiMarketContext";
    EiReplyEnroll = PYLD, "eiReplyEnroll";
    EiReplyEvent = PYLD, "eiReplyEvent";
    EiReplyHistorian = PYLD, "eiReplyHistorian";
    EiReplyOpt = PYLD, "eiReplyOpt";
    EiReplyPartyRegistration = PYLD, "eiReplyPartyRegistration";
    EiReplyPendingEvent = PYLD, "eiReplyPendingEvent";
    EiReplyQuote = PYLD, "eiReplyQuote";
    EiReplyReport = PYLD, "eiReplyReport";
    EiReplyTender = PYLD, "eiReplyTender";
    EiReplyTransaction = PYLD, "eiReplyTransaction";
    EiRequestAvail = PYLD, "eiRequestAvail";
    EiRequestEiMarketContext = PYLD, "eiRequestEiMarketContext";
    EiRequestEnroll = PYLD, "eiRequestEnroll";
    EiRequestEvent = PYLD, "eiRequestEvent";
    EiRequestHistorian = PYLD, "eiRequestHistorian";
    EiRequestOpt = PYLD, "eiRequestOpt";
    EiRequestPartyRegistration = PYLD, "eiRequestPartyRegistration";
    EiRequestPendingEvent = PYLD, "eiRequestPendingEvent";
    EiRequestQuote = PYLD, "eiRequestQuote";
    EiRequestReport = PYLD, "eiRequestReport";
    EiRequestTender = PYLD, "eiRequestTender";
    EiRequestTransaction = PYLD, "eiRequestTransaction";
    EiUpdateReport = PYLD, "eiUpdateReport";
    EiUpdatedReport = PYLD, "eiUpdatedReport";
}
