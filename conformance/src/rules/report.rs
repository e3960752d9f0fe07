//! Rules on EiReport: OpenADR 2.0b Profile, rules 300 to 346.

use super::Binds::{Both, Ven};
use super::{Rule, defines, may, must, should};

const CREATE: &str = "EiReport / oadrCreateReport";
const REGISTER: &str = "EiReport / oadrRegisterReport";
const REPORT: &str = "EiReport / oadrReport";
const REQUEST: &str = "EiReport / oadrReportRequest";
const UPDATE: &str = "EiReport / oadrUpdateReport";

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    must("300", Both, "EiReport",
        "Offer no more than the well-known report allows, ask for no more than the metadata \
         offers, and deliver every data point asked for."),
    must("301", Both, "EiReport",
        "Even without data, send oadrRegisterReport after registering at power-up or reset or \
         re-registering, and after the oadrCreatedReport that answers a `METADATA` request. It \
         then has no oadrReport. A PULL VEN gets the VTN's by its first oadrPoll."),
    defines("302", Both, "EiReport",
        "A report is the total over all resources that any of the targets in reportDataSource \
         selects, within the marketContext if there is one.")
        .unseen("It would take the true values of the resources to check a total."),
    must("303", Both, "EiReport",
        "Repeat the requestID of the request in the answer; it may be empty."),
    should("304", Both, "EiReport, IDs",
        "Check venID, vtnID, rID, reportRequestID and reportSpecifierID and answer 452 if they do \
         not match."),
    must("305", Both, REGISTER,
        "Metadata hold oadrReportDescription with its unit, but no intervals and no dtstart. \
         Whoever has nothing to offer sends no oadrReport."),
    must("306", Both, REGISTER,
        "Metadata name everything offered and replace what was sent before. The receiver drops its \
         scheduled reports and asks anew for those it still wants; periodic metadata requests go \
         on until cancelled."),
    must("307", Both, REGISTER,
        "Put only endDeviceAsset with listed device classes in reportSubject, and leave it out if \
         there is none. It should narrow what reportDataSource and marketContext select."),
    must("308", Both, "EiReport / oadrRegisterReport, oadrCreateReport",
        "Each reportSpecifierID is unique in the metadata and each rID in its report, and \
         well-known names keep to the profile's table. A `METADATA` request has rID 0, which the \
         receiver ignores."),
    must("309", Both, "EiReport",
        "After a first registration at power-up or reset both sides send oadrRegisterReport before \
         using any other service; only oadrRequestEvent may come earlier."),
    must("311", Both, REGISTER,
        "The reportRequestID in each oadrReport of metadata is 0. The one at the top appears only \
         in answer to oadrCreateReport and repeats the ID of that request."),
    must("312", Both, REGISTER,
        "State in duration how far back stored data reach at the fastest rate, oadrMinPeriod. \
         oadrMaxPeriod is never longer."),
    must("313", Both, UPDATE,
        "Data reports hold dtstart, intervals and the metadata's reportName without `METADATA_`, \
         but no oadrReportDescription."),
    must("314", Both, UPDATE,
        "State the report's start in dtstart; the first interval inherits it or repeats it. Give \
         either all intervals a dtstart or none, such that each has a start, and put the oldest \
         first."),
    must("315", Both, UPDATE,
        "The report's duration, if given, spans all intervals. Give either all intervals a \
         duration, for values gathered over that time from the start on, or none, for values at an \
         instant. Several intervals without dtstart need one."),
    must("316", Both, UPDATE,
        "Number intervals that have no dtstart with `uid` 0, 1, 2 and so on in each oadrReport. \
         Green Button reports are exempt."),
    must("317", Both, "EiReport / oadrCreateReport, oadrUpdateReport",
        "granularity spaces the intervals and lies between oadrMinPeriod and reportBackDuration; \
         their number should fit within one. 0 means values on change only, sent each \
         reportBackDuration, never closer than oadrMinPeriod, and if nothing changed as `No New \
         Value - Previous Value Used`. History is asked for with 0."),
    must("318", Both, UPDATE,
        "Send a placeholder with a `Quality Bad` quality for a data point that has no valid \
         value."),
    must("319", Both, UPDATE,
        "accuracy is in the unit of the value and, together with confidence, the spread to expect. \
         It does not apply to resource status."),
    must("321", Both, REQUEST,
        "Leave out itemBase in specifierPayload and, in reportInterval, tolerance, \
         x-eiNotification, x-eiRampUp and x-eiRecovery."),
    must("322", Both, REQUEST,
        "Make each reportRequestID unique between this VEN and this VTN."),
    must("324", Both, REQUEST,
        "reportBackDuration says how often to report; metadata may be periodic too. 0 means one \
         report at once: always so for history, and for telemetry one interval per point whatever \
         granularity says. reportInterval states dtstart and duration for history and periodic \
         telemetry."),
    must("325", Both, REQUEST,
        "For telemetry dtstart says when the first report begins and duration how long reporting \
         goes on; 0 is without end. For history the span lies in the past; 0 means all since \
         dtstart."),
    must("327", Both, CREATE,
        "Ask for metadata with reportSpecifierID `METADATA`."),
    must("328", Both, "EiReport / oadrUpdatedReport",
        "An answer to a report may hold oadrCancelReport for reportRequestIDs of that report, and \
         the receiver acts on it."),
    must("329", Both, "EiReport / oadrCreatedReport, oadrCanceledReport",
        "In oadrPendingReports list the reportRequestID of each report that is still due."),
    may("330", Both, REPORT,
        "An rID is a string here and three digits in Energy Interoperation; those who care for the \
         latter may use digits only.")
        .unseen("It is advice to implementers."),
    must("331", Both, REPORT,
        "Well-known reports, with `METADATA_` before the name in oadrRegisterReport, keep to the \
         profile's table. Others have names of their own and may use any value the schema \
         allows."),
    must("333", Ven, REGISTER,
        "State oadrSamplingRate for every telemetry data point."),
    must("334", Ven, UPDATE,
        "TELEMETRY_STATUS has no unit and the same children of oadrLoadControlState in every \
         interval of a report. It should include oadrCapacity, oadrLevelOffset, oadrPercentOffset \
         and oadrSetPoint where they make sense."),
    must("335", Both, "EiReport / oadrUpdatedReport, oadrCancelReport",
        "If the reports cancelled in oadrUpdatedReport keep coming, cancel them by \
         oadrCancelReport."),
    must("336", Both, "EiReport / oadrCancelReport, oadrCanceledReport",
        "One oadrCancelReport may cancel several reports. Answer 4xx if any of them is unknown or \
         cannot be cancelled."),
    must("337", Both, UPDATE,
        "Sample in the background for TELEMETRY_USAGE of interval data, so that a single request \
         gets the newest sample at once. If a range of rates was offered, the report states the \
         interval's duration."),
    must("338", Both, REQUEST,
        "Send readingType `x-notApplicable` in specifierPayload."),
    should("339", Both, REPORT,
        "Ignore eiReportID, which has no use here."),
    must("340", Both, "EiReport / oadrReportRequest, oadrCreatedReport",
        "Answer 454 to a request for more data than the metadata's duration offers. Nobody should \
         send one."),
    must("341", Both, "EiReport / oadrReportRequest, oadrUpdateReport",
        "The dtstart asked for is the oldest edge of the data wanted, and the first interval \
         should begin within one granularity of it. The last periodic report may run a little \
         over."),
    must("342", Both, UPDATE,
        "Interval data never have a dtstart without a duration, and point data never a duration. \
         Where both kinds share a report, dtstart and duration may stand together."),
    defines("343", Both, REGISTER,
        "Data without reportDataSource, reportSubject and marketContext stand for all resources of \
         the sender.")
        .unseen("It would take the true values of the resources to check what the data stand for."),
    must("344", Both, "EiReport / oadrRegisteredReport",
        "The answer to metadata may hold an oadrReportRequest, and the receiver honours it."),
    must("345", Both, "EiReport / oadrCancelReport",
        "When reportToFollow is `true`, a cancelled periodic report is sent exactly once more."),
    should("346", Ven, UPDATE,
        "Send reports in a steady rhythm with a steady number of intervals. Late or corrected data \
         may come in between in as many intervals, and replace what was sent; repeating a report \
         is no fault."),
];
