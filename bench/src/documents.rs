//! The measured documents: indented as peers send them, written here so that the
//! figures mean the same next year.

use std::fmt::Write as _;

/// A document, and what it is.
pub struct Document {
    /// How the table calls it.
    pub name: &'static str,
    /// Whether it is of OpenADR 2.0b; of EI 1.0 otherwise.
    pub openadr: bool,
    /// The XML.
    pub text: String,
}

/// Every document that is measured.
pub fn all() -> Vec<Document> {
    let openadr = |name, text| Document { name, openadr: true, text };
    vec![
        openadr("oadrDistributeEvent", distribute_event()),
        openadr("oadrUpdateReport, 1 interval", update_report(1)),
        openadr("oadrUpdateReport, 1,000 intervals", update_report(1_000)),
        Document { name: "eiCreateTender", openadr: false, text: create_tender() },
    ]
}

/// A payload in its envelope, every namespace declared on the root as peers do.
fn enveloped(payload: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<oadr:oadrPayload xmlns:oadr="http://openadr.org/oadr-2.0b/2012/07"
    xmlns:ei="http://docs.oasis-open.org/ns/energyinterop/201110"
    xmlns:pyld="http://docs.oasis-open.org/ns/energyinterop/201110/payloads"
    xmlns:emix="http://docs.oasis-open.org/ns/emix/2011/06"
    xmlns:xcal="urn:ietf:params:xml:ns:icalendar-2.0"
    xmlns:strm="urn:ietf:params:xml:ns:icalendar-2.0:stream">
  <oadr:oadrSignedObject>
{payload}  </oadr:oadrSignedObject>
</oadr:oadrPayload>
"#
    )
}

/// One event: a level and a price signal of 24 hourly intervals each.
fn distribute_event() -> String {
    let signals = signal("SIMPLE", "level", "1") + &signal("ELECTRICITY_PRICE", "price", "0.2135");
    enveloped(&format!(
        r#"    <oadr:oadrDistributeEvent ei:schemaVersion="2.0b">
      <ei:eiResponse>
        <ei:responseCode>200</ei:responseCode>
        <pyld:requestID/>
      </ei:eiResponse>
      <pyld:requestID>request-7d4c2f90</pyld:requestID>
      <ei:vtnID>vtn-north</ei:vtnID>
      <oadr:oadrEvent>
        <ei:eiEvent>
          <ei:eventDescriptor>
            <ei:eventID>event-2026-01-05-a</ei:eventID>
            <ei:modificationNumber>0</ei:modificationNumber>
            <ei:priority>1</ei:priority>
            <ei:eiMarketContext>
              <emix:marketContext>http://market.example/day-ahead</emix:marketContext>
            </ei:eiMarketContext>
            <ei:createdDateTime>2026-01-04T15:00:00Z</ei:createdDateTime>
            <ei:eventStatus>far</ei:eventStatus>
            <ei:testEvent>false</ei:testEvent>
          </ei:eventDescriptor>
          <ei:eiActivePeriod>
            <xcal:properties>
              <xcal:dtstart>
                <xcal:date-time>2026-01-05T00:00:00Z</xcal:date-time>
              </xcal:dtstart>
              <xcal:duration>
                <xcal:duration>PT24H</xcal:duration>
              </xcal:duration>
              <ei:x-eiNotification>
                <xcal:duration>PT1H</xcal:duration>
              </ei:x-eiNotification>
            </xcal:properties>
            <xcal:components/>
          </ei:eiActivePeriod>
          <ei:eiEventSignals>
{signals}          </ei:eiEventSignals>
          <ei:eiTarget>
            <ei:groupID>feeder-12</ei:groupID>
            <ei:venID>ven-0042</ei:venID>
          </ei:eiTarget>
        </ei:eiEvent>
        <oadr:oadrResponseRequired>always</oadr:oadrResponseRequired>
      </oadr:oadrEvent>
    </oadr:oadrDistributeEvent>
"#
    ))
}

fn signal(name: &str, kind: &str, value: &str) -> String {
    let mut intervals = String::new();
    for uid in 0..24 {
        let _ = write!(
            intervals,
            r#"                <ei:interval>
                  <xcal:duration>
                    <xcal:duration>PT1H</xcal:duration>
                  </xcal:duration>
                  <xcal:uid>
                    <xcal:text>{uid}</xcal:text>
                  </xcal:uid>
                  <ei:signalPayload>
                    <ei:payloadFloat>
                      <ei:value>{value}</ei:value>
                    </ei:payloadFloat>
                  </ei:signalPayload>
                </ei:interval>
"#
        );
    }
    format!(
        r#"            <ei:eiEventSignal>
              <strm:intervals>
{intervals}              </strm:intervals>
              <ei:signalName>{name}</ei:signalName>
              <ei:signalType>{kind}</ei:signalType>
              <ei:signalID>signal-{kind}</ei:signalID>
            </ei:eiEventSignal>
"#
    )
}

/// One report of so many quarter hours of one meter.
fn update_report(intervals: u32) -> String {
    let mut lines = String::new();
    for n in 0..intervals {
        let (day, hour, minute) = (5 + n / 96, n / 4 % 24, n % 4 * 15);
        let _ = write!(
            lines,
            r#"          <ei:interval>
            <xcal:dtstart>
              <xcal:date-time>2026-01-{day:02}T{hour:02}:{minute:02}:00Z</xcal:date-time>
            </xcal:dtstart>
            <xcal:duration>
              <xcal:duration>PT15M</xcal:duration>
            </xcal:duration>
            <oadr:oadrReportPayload>
              <ei:rID>meter-1</ei:rID>
              <ei:confidence>100</ei:confidence>
              <ei:accuracy>1</ei:accuracy>
              <ei:payloadFloat>
                <ei:value>{whole}.{part:03}</ei:value>
              </ei:payloadFloat>
              <oadr:oadrDataQuality>Quality Good - Non Specific</oadr:oadrDataQuality>
            </oadr:oadrReportPayload>
          </ei:interval>
"#,
            whole = n % 17,
            part = n * 37 % 1_000,
        );
    }
    enveloped(&format!(
        r#"    <oadr:oadrUpdateReport ei:schemaVersion="2.0b">
      <pyld:requestID>request-51b0e6aa</pyld:requestID>
      <oadr:oadrReport>
        <xcal:dtstart>
          <xcal:date-time>2026-01-05T00:00:00Z</xcal:date-time>
        </xcal:dtstart>
        <strm:intervals>
{lines}        </strm:intervals>
        <ei:eiReportID>report-1</ei:eiReportID>
        <ei:reportRequestID>report-request-1</ei:reportRequestID>
        <ei:reportSpecifierID>usage-15m</ei:reportSpecifierID>
        <ei:reportName>TELEMETRY_USAGE</ei:reportName>
        <ei:createdDateTime>2026-01-15T10:00:00Z</ei:createdDateTime>
      </oadr:oadrReport>
      <ei:venID>ven-0042</ei:venID>
    </oadr:oadrUpdateReport>
"#
    ))
}

/// One tender for an hour of energy, as a TeMIX power product.
fn create_tender() -> String {
    r#"<?xml version="1.0" encoding="UTF-8"?>
<pyld:eiCreateTender xmlns:pyld="http://docs.oasis-open.org/ns/energyinterop/201110/payloads"
    xmlns:ei="http://docs.oasis-open.org/ns/energyinterop/201110"
    xmlns:emix="http://docs.oasis-open.org/ns/emix/2011/06"
    xmlns:power="http://docs.oasis-open.org/ns/emix/2011/06/power"
    xmlns:scale="http://docs.oasis-open.org/ns/emix/2011/06/siscale"
    xmlns:xcal="urn:ietf:params:xml:ns:icalendar-2.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <pyld:requestID>request-2c6f</pyld:requestID>
  <ei:partyID>house-17</ei:partyID>
  <ei:counterPartyID>market</ei:counterPartyID>
  <ei:eiTender>
    <ei:tenderID>tender-9a41</ei:tenderID>
    <emix:emixBase xsi:type="emix:ProductType">
      <xcal:components>
        <xcal:interval>
          <xcal:properties>
            <xcal:uid>
              <xcal:text>hour-18</xcal:text>
            </xcal:uid>
            <xcal:dtstart>
              <xcal:date-time>2026-01-05T18:00:00Z</xcal:date-time>
            </xcal:dtstart>
            <xcal:duration>
              <xcal:duration>PT1H</xcal:duration>
            </xcal:duration>
            <xcal:x-wsCalendar-attach>
              <power:temixPower>
                <power:serviceDeliveryPoint>
                  <power:node>feeder-12</power:node>
                </power:serviceDeliveryPoint>
                <emix:price>
                  <emix:value>0.1875</emix:value>
                </emix:price>
                <power:energyReal>
                  <power:itemDescription>RealEnergy</power:itemDescription>
                  <power:itemUnits>Wh</power:itemUnits>
                  <scale:siScaleCode>k</scale:siScaleCode>
                </power:energyReal>
                <emix:quantity>2.5</emix:quantity>
              </power:temixPower>
            </xcal:x-wsCalendar-attach>
          </xcal:properties>
        </xcal:interval>
      </xcal:components>
      <emix:uid>product-9a41</emix:uid>
      <emix:transactiveState>tender</emix:transactiveState>
      <emix:expirationDate>2026-01-05T17:45:00Z</emix:expirationDate>
      <emix:integralOnly>false</emix:integralOnly>
      <emix:currency>EUR</emix:currency>
      <emix:marketContext>http://market.example/hourly</emix:marketContext>
      <emix:side>sell</emix:side>
    </emix:emixBase>
  </ei:eiTender>
</pyld:eiCreateTender>
"#
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds;

    #[test]
    fn every_measured_document_is_valid_and_what_it_says() {
        for document in all() {
            let value =
                rounds::decode(&document).unwrap_or_else(|e| panic!("{}: {e}", document.name));
            let again = rounds::encode(&value);
            let root = document.name.split(',').next().unwrap_or_default();
            assert!(again.contains(&format!(":{root}")), "{again}");
            assert!(again.len() < document.text.len());
        }
        assert_eq!(update_report(1_000).matches("<ei:interval>").count(), 1_000);
    }
}
