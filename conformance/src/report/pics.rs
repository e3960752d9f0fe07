//! What a subject has shown it can do, gathered from the record alone: a draft of the Protocol
//! Implementation Conformance Statement that the profile asks vendors for.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use super::json::Report;
use crate::record::{Exchange, From};
use crate::scenario::Role;

/// A row: what is told, and each value with how often it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What is told.
    pub label: &'static str,
    /// Value and count, by value.
    pub values: Vec<(String, usize)>,
}

/// All that was seen, rows without a value too: that nothing was seen is worth knowing.
pub fn seen(report: &Report) -> Vec<Row> {
    let mut gathered = Gathered::new(report.role);
    for exchange in report.scenarios.iter().flat_map(|scene| &scene.exchanges) {
        gathered.exchange(exchange);
    }
    gathered.accepted();
    let claimed = report.features.iter().map(|one| (one.clone(), 1)).collect();
    let labels = LABELS.iter().filter(|(_, role)| role.is_none_or(|role| role == report.role));
    let row = |&(label, _): &(&'static str, _)| {
        let values = gathered.rows.remove(label).unwrap_or_default().into_iter().collect();
        Row { label, values }
    };
    let mut rows: Vec<_> = labels.map(row).collect();
    rows.push(Row { label: CLAIMED, values: claimed });
    rows
}

struct Gathered {
    role: Role,
    rows: BTreeMap<&'static str, BTreeMap<String, usize>>,
    /// Signals of the events that the kit sent, by eventID.
    signals: BTreeMap<String, BTreeSet<String>>,
    /// Events that the subject opted into with 200.
    opted_in: BTreeSet<String>,
}

impl Gathered {
    fn new(role: Role) -> Self {
        Self { role, rows: BTreeMap::new(), signals: BTreeMap::new(), opted_in: BTreeSet::new() }
    }

    fn note(&mut self, label: &'static str, value: impl Into<String>) {
        *self.rows.entry(label).or_default().entry(value.into()).or_default() += 1;
    }

    fn exchange(&mut self, exchange: &Exchange) {
        let answer = exchange.answer.as_ref();
        let answered_well = answer.is_some_and(|answer| answer.start.contains(" 200"));
        let service =
            exchange.request.start.split(' ').nth(1).and_then(|path| path.rsplit('/').next());
        let (theirs, ours) = match exchange.from {
            From::Subject => (Some(&exchange.request), answer),
            From::Kit => (answer, Some(&exchange.request)),
        };
        let plain = |name: &str| !name.is_empty() && name.chars().all(char::is_alphanumeric);
        if let Some(service) = service.filter(|name| plain(name) && answered_well) {
            let how = if exchange.from == From::Kit { "served" } else { "called" };
            self.note(SERVICES, format!("{service} ({how})"));
        }
        if exchange.from == From::Subject && self.role == Role::Vtn {
            self.note(MODELS, "push (it called a VEN)");
        }
        if exchange.from == From::Kit && self.role == Role::Ven && answered_well {
            self.note(MODELS, "push (it took what was pushed)");
        }
        for (packet, is_theirs) in [(ours, false), (theirs, true)] {
            let Some(document) = packet.and_then(|packet| Document::parse(&packet.body).ok())
            else {
                continue;
            };
            let root = document.root_element();
            match is_theirs {
                true => self.theirs(root),
                false => self.ours(payload(root), &exchange.answered),
            }
        }
        if self.role == Role::Vtn && answered_well && exchange.asked == "oadrPoll" {
            self.note(MODELS, "pull (it answers oadrPoll)");
        }
    }

    /// A document of the subject's.
    fn theirs(&mut self, root: Node<'_, '_>) {
        let payload = payload(root);
        let name = payload.tag_name().name();
        self.note(PAYLOADS, name);
        let signed = root.descendants().any(|node| node.has_tag_name((DSIG, "Signature")));
        self.note(SIGNATURES, if signed { "signed" } else { "unsigned" });
        for code in all(payload, "responseCode") {
            self.note(CODES, text(code));
        }
        match name {
            "oadrCreatedPartyRegistration" => self.offered(payload),
            "oadrCreatePartyRegistration" => self.registering(payload),
            "oadrPoll" => self.note(MODELS, "pull (it polls)"),
            "oadrRegisterReport" | "oadrUpdateReport" => self.reports(payload),
            "oadrCreateReport" => {
                let ids = all(payload, "reportSpecifierID").map(text);
                ids.for_each(|id| self.note(REQUESTED, unnumbered(&id)));
            }
            "oadrDistributeEvent" => {
                let signals = all(payload, "eiEventSignal").map(signal).collect::<Vec<_>>();
                signals.into_iter().for_each(|one| self.note(SIGNALS_SENT, one));
            }
            "oadrCreatedEvent" => {
                for answer in all(payload, "eventResponse") {
                    let opt = of(answer, "optType");
                    self.note(OPTS, opt.clone());
                    if opt == "optIn" && of(answer, "responseCode") == "200" {
                        self.opted_in.insert(of(answer, "eventID"));
                    }
                }
            }
            "oadrCreateOpt" => {
                self.note(OPTS, format!("{} (oadrCreateOpt)", of(payload, "optType")))
            }
            _ => {}
        }
    }

    /// A document of the kit's.
    fn ours(&mut self, payload: Node<'_, '_>, answered: &str) {
        if payload.tag_name().name() == "oadrCreatePartyRegistration"
            && answered == "oadrCreatedPartyRegistration"
        {
            let model = if of(payload, "oadrHttpPullModel") == "false" { "push" } else { "pull" };
            let transport = of(payload, "oadrTransportName");
            self.note(MODELS, format!("{model} over {transport} (it took a registration)"));
        }
        for event in all(payload, "eiEvent") {
            let id = of(event, "eventID");
            self.signals.entry(id).or_default().extend(all(event, "eiEventSignal").map(signal));
        }
    }

    fn offered(&mut self, payload: Node<'_, '_>) {
        for profile in all(payload, "oadrProfile") {
            let name = of(profile, "oadrProfileName");
            let transports: Vec<_> = all(profile, "oadrTransportName").map(text).collect();
            self.note(PROFILES, format!("{name} over {}", transports.join(", ")));
        }
        for poll in all(payload, "oadrRequestedOadrPollFreq") {
            self.note(POLL, of(poll, "duration"));
        }
    }

    fn registering(&mut self, payload: Node<'_, '_>) {
        let (profile, transport) =
            (of(payload, "oadrProfileName"), of(payload, "oadrTransportName"));
        self.note(PROFILES, format!("{profile} over {transport}"));
        let model = of(payload, "oadrHttpPullModel");
        self.note(
            MODELS,
            if model == "false" { "push (as it registers)" } else { "pull (as it registers)" },
        );
        let told = [("oadrReportOnly", "report only"), ("oadrXmlSignature", "XML signatures")];
        for (element, what) in told {
            self.note(REGISTERS, format!("{what}: {}", of(payload, element)));
        }
    }

    /// What a METADATA report offers; what an UPDATE says is data.
    fn reports(&mut self, payload: Node<'_, '_>) {
        for report in all(payload, "oadrReport") {
            let name = of(report, "reportName");
            self.note(REPORTS, name.clone());
            for point in all(report, "oadrReportDescription") {
                let rate = all(point, "oadrSamplingRate").next().map(sampling);
                let unit = all(point, "itemUnits").next().map(text).unwrap_or_default();
                let (kind, reading) = (of(point, "reportType"), of(point, "readingType"));
                let point = format!("{name}: {kind}, {reading} {unit}").trim_end().to_owned();
                self.note(
                    POINTS,
                    format!("{point}, {}", rate.unwrap_or("no sampling rate".into())),
                );
            }
        }
    }

    fn accepted(&mut self) {
        let accepted = self.opted_in.iter().filter_map(|id| self.signals.get(id));
        let accepted: Vec<_> = accepted.flatten().cloned().collect();
        accepted.into_iter().for_each(|signal| self.note(SIGNALS_TAKEN, signal));
    }
}

fn sampling(rate: Node<'_, '_>) -> String {
    let (least, most) = (of(rate, "oadrMinPeriod"), of(rate, "oadrMaxPeriod"));
    let change = if of(rate, "oadrOnChange") == "true" { ", on change" } else { "" };
    format!("{least} to {most}{change}")
}

fn signal(signal: Node<'_, '_>) -> String {
    let units = all(signal, "itemUnits").next().map(|unit| format!(" in {}", text(unit)));
    let (name, kind) = (of(signal, "signalName"), of(signal, "signalType"));
    format!("{name}, {kind}{}", units.unwrap_or_default())
}

/// Without the number by which the kit tells one of its names from the next.
fn unnumbered(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => id,
    }
}

/// The message itself, out of its envelope.
fn payload<'a, 'input>(root: Node<'a, 'input>) -> Node<'a, 'input> {
    let object = root.descendants().find(|node| node.tag_name().name() == "oadrSignedObject");
    object.and_then(|object| object.first_element_child()).unwrap_or(root)
}

fn all<'a>(within: Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    within.descendants().filter(move |node| node.tag_name().name() == name)
}

/// The text of the first element of this name.
fn of(within: Node<'_, '_>, name: &str) -> String {
    let found = within.descendants().find(|node| node.tag_name().name() == name);
    found.map(text).unwrap_or_default()
}

fn text(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

const PROFILES: &str = "Profiles and transports";
const MODELS: &str = "Exchange models";
const POLL: &str = "Poll interval asked for";
const REGISTERS: &str = "Told at registration";
const SERVICES: &str = "Services";
const PAYLOADS: &str = "Payloads it sent";
const CODES: &str = "Response codes it used";
const SIGNATURES: &str = "XML signatures on what it sent";
const SIGNALS_SENT: &str = "Signals it sent";
const SIGNALS_TAKEN: &str = "Signals it opted into";
const OPTS: &str = "Opts it sent";
const REPORTS: &str = "Reports it offered or sent";
const POINTS: &str = "Data points it offered";
const REQUESTED: &str = "Reports it asked for";
const CLAIMED: &str = "Features claimed by its operator";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// In the order of the page; a row of one role only says which.
const LABELS: [(&str, Option<Role>); 14] = [
    (PROFILES, None),
    (MODELS, None),
    (POLL, Some(Role::Vtn)),
    (REGISTERS, Some(Role::Ven)),
    (SERVICES, None),
    (PAYLOADS, None),
    (CODES, None),
    (SIGNATURES, None),
    (SIGNALS_SENT, Some(Role::Vtn)),
    (SIGNALS_TAKEN, Some(Role::Ven)),
    (OPTS, Some(Role::Ven)),
    (REPORTS, None),
    (POINTS, None),
    (REQUESTED, None),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Packet;
    use crate::report::sample;

    fn exchange(from: From, request: (&str, &str), answer: &str) -> Exchange {
        let packet = |start: &str, body: &str| Packet {
            start: start.to_owned(),
            headers: Vec::new(),
            body: body.to_owned(),
        };
        let request = packet(&format!("POST /x/{} HTTP/1.1", request.0), request.1);
        let name = |text: &str| {
            let document = Document::parse(text).unwrap();
            payload(document.root_element()).tag_name().name().to_owned()
        };
        Exchange {
            at: jiff::Timestamp::UNIX_EPOCH,
            took_ms: 1,
            from,
            party: "VEN 1".to_owned(),
            asked: name(&request.body),
            answered: name(answer),
            request,
            answer: Some(packet("HTTP/1.1 200 OK", answer)),
            trouble: None,
        }
    }

    fn rows(role: Role, exchanges: Vec<Exchange>) -> BTreeMap<&'static str, Vec<(String, usize)>> {
        let mut report = sample::each();
        report.role = role;
        report.scenarios[0].exchanges = exchanges;
        seen(&report).into_iter().map(|row| (row.label, row.values)).collect()
    }

    const POLLED: &str = "<oadrPoll><venID>v</venID></oadrPoll>";
    const EVENTS: &str = "<oadrPayload><oadrSignedObject><oadrDistributeEvent><eiEvent>\
        <eventID>e</eventID><eiEventSignal><signalName>SIMPLE</signalName>\
        <signalType>level</signalType></eiEventSignal></eiEvent></oadrDistributeEvent>\
        </oadrSignedObject></oadrPayload>";

    #[test]
    fn a_vtn_is_told_by_what_it_sends_and_serves() {
        let rows = rows(Role::Vtn, vec![exchange(From::Kit, ("OadrPoll", POLLED), EVENTS)]);
        assert_eq!(rows[SIGNALS_SENT], [("SIMPLE, level".to_owned(), 1)]);
        assert_eq!(rows[PAYLOADS], [("oadrDistributeEvent".to_owned(), 1)]);
        assert_eq!(rows[MODELS], [("pull (it answers oadrPoll)".to_owned(), 1)]);
        assert_eq!(rows[SERVICES], [("OadrPoll (served)".to_owned(), 1)]);
        assert!(rows[REPORTS].is_empty() && !rows.contains_key(SIGNALS_TAKEN));
    }

    #[test]
    fn a_ven_takes_a_signal_by_opting_in_with_200() {
        let created = |opt: &str, code: &str| {
            format!(
                "<oadrCreatedEvent><eventResponse><responseCode>{code}</responseCode>\
                 <eventID>e</eventID><optType>{opt}</optType></eventResponse></oadrCreatedEvent>"
            )
        };
        for (opt, code, taken) in [("optIn", "200", 1), ("optOut", "200", 0), ("optIn", "460", 0)] {
            let (polled, created) = (("OadrPoll", POLLED), created(opt, code));
            let poll = exchange(From::Subject, polled, EVENTS);
            let answer = exchange(From::Subject, ("EiEvent", &created), "<oadrResponse/>");
            let rows = rows(Role::Ven, vec![poll, answer]);
            assert_eq!(rows[SIGNALS_TAKEN].len(), taken, "{opt} {code}");
            assert_eq!(rows[CODES], [(code.to_owned(), 1)]);
        }
    }

    #[test]
    fn data_points_are_told_with_their_sampling() {
        let report = "<oadrRegisterReport><oadrReport><reportName>METADATA_TELEMETRY_USAGE</reportName>\
            <oadrReportDescription><rID>r</rID><reportType>usage</reportType><energyReal>\
            <itemUnits>Wh</itemUnits></energyReal><readingType>Direct Read</readingType>\
            <oadrSamplingRate><oadrMinPeriod>PT1M</oadrMinPeriod><oadrMaxPeriod>PT1H</oadrMaxPeriod>\
            <oadrOnChange>true</oadrOnChange></oadrSamplingRate></oadrReportDescription>\
            </oadrReport></oadrRegisterReport>";
        let sent = exchange(From::Subject, ("EiReport", report), "<oadrRegisteredReport/>");
        let rows = rows(Role::Ven, vec![sent]);
        let point = "METADATA_TELEMETRY_USAGE: usage, Direct Read Wh, PT1M to PT1H, on change";
        assert_eq!(rows[POINTS], [(point.to_owned(), 1)]);
    }

    #[test]
    fn what_is_no_xml_is_passed_over() {
        let mut one = exchange(From::Kit, ("OadrPoll", POLLED), EVENTS);
        one.answer = Some(Packet { body: "<html><p>no".to_owned(), ..Packet::default() });
        assert!(rows(Role::Vtn, vec![one])[PAYLOADS].is_empty());
    }
}
