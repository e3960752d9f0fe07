//! From the schemas' types to sequences and streams.

use jiff::Timestamp;

use super::{Component, Error, Kind, Link, Problem, Sequence, Step, Stream};
use crate::ei::strm::{ArrayofStreamIntervals, StreamInterval, StreamPayloadBase};
use crate::ei::xcal::{
    ArrayOfVcalendarContainedComponents, BaseParameter, BaseProperty, DtendPropChoice,
    DtstartPropChoice, RelatedToProp, RelatedToPropChoice, VcalendarContainedComponent2,
    WsCalendarAttachChoice,
};
use crate::openadr;
use crate::xml::{Date, Duration};

/// All that is attached to an interval.
pub type Attachments<'a> = Vec<&'a WsCalendarAttachChoice>;

impl<'a> Sequence<Attachments<'a>> {
    /// The intervals and gluons of a calendar; other components are passed over.
    ///
    /// # Errors
    /// A relation that is none of WS-Calendar's.
    pub fn of(components: &'a ArrayOfVcalendarContainedComponents) -> Result<Self, Error> {
        let mut found = Vec::new();
        for component in &components.vcalendar_contained_component {
            let (kind, properties) = match component {
                VcalendarContainedComponent2::Interval(i) => (Kind::Interval, &i.properties),
                VcalendarContainedComponent2::Gluon(g) => (Kind::Gluon, &g.properties),
                _ => continue,
            };
            let properties = properties.iter().flat_map(|all| &all.base_property);
            let read = read(kind, properties).map_err(|(uid, problem)| {
                Error::new(uid.unwrap_or_else(|| format!("#{}", found.len())), problem)
            })?;
            found.push(read);
        }
        Ok(Self { components: found })
    }
}

type Fault = (Option<String>, Problem);

fn read<'a>(
    kind: Kind,
    properties: impl Iterator<Item = &'a BaseProperty>,
) -> Result<Component<Attachments<'a>>, Fault> {
    let mut component: Component<Attachments<'a>> =
        Component { kind, uid: None, ..Component::interval("") };
    for property in properties {
        let Component { uid, start, end, duration, .. } = &mut component;
        let first = match property {
            BaseProperty::Uid(own) => once(uid, own.text.trim().to_owned()),
            BaseProperty::Dtstart(own) => once(start, instant_of_start(&own.choice)),
            BaseProperty::Dtend(own) => once(end, instant_of_end(&own.choice)),
            BaseProperty::Duration(own) => once(duration, own.duration),
            _ => true,
        };
        if !first {
            let what = "uid, dtstart, dtend or duration stands twice".to_owned();
            return Err((component.uid, Problem::Contradiction(what)));
        }
        match property {
            BaseProperty::XWsCalendarAttach(attached) => {
                component.payload.get_or_insert_default().extend(&attached.choice);
            }
            BaseProperty::RelatedTo(relation) => {
                let link = link(relation)
                    .map_err(|name| (component.uid.clone(), Problem::UnknownRelation(name)))?;
                component.links.push(link);
            }
            _ => {}
        }
    }
    Ok(component)
}

/// Puts a value where there is none yet. iCalendar has each of these properties once at most; which
/// of two counts nobody could say.
fn once<T>(place: &mut Option<T>, value: T) -> bool {
    place.replace(value).is_none()
}

fn link(relation: &RelatedToProp) -> Result<Link, String> {
    let uid = match &relation.choice {
        RelatedToPropChoice::Uid(uid)
        | RelatedToPropChoice::Uri(uid)
        | RelatedToPropChoice::Text(uid) => uid.trim().to_owned(),
    };
    let mut name = None;
    let mut gap = Duration::ZERO;
    for parameter in relation.parameters.iter().flat_map(|all| &all.base_parameter) {
        match parameter {
            BaseParameter::Reltype(reltype) => name = Some(reltype.text.as_str()),
            BaseParameter::Gap(length) => gap = length.duration,
            _ => {}
        }
    }
    Link::named(name, uid, gap)
}

/// A start as an instant; a date begins at midnight UTC.
pub fn instant_of_start(start: &DtstartPropChoice) -> Timestamp {
    match start {
        DtstartPropChoice::DateTime(at) => at.0,
        DtstartPropChoice::Date(date) => midnight(date),
    }
}

/// An end as an instant; a date ends where it begins, at midnight UTC, since ends are
/// exclusive in iCalendar.
pub fn instant_of_end(end: &DtendPropChoice) -> Timestamp {
    match end {
        DtendPropChoice::DateTime(at) => at.0,
        DtendPropChoice::Date(date) => midnight(date),
    }
}

fn midnight(date: &Date) -> Timestamp {
    let zoned = date.0.to_zoned(jiff::tz::TimeZone::UTC);
    // UTC has every midnight; only the far ends of the calendar are left out.
    zoned.map_or(Timestamp::MIN, |midnight| midnight.timestamp())
}

impl<'a> Stream<&'a StreamPayloadBase> {
    /// A stream of EI 1.0, such as a signal: its dtstart, duration and intervals.
    pub fn of(
        start: Option<Timestamp>,
        duration: Option<Duration>,
        intervals: &'a ArrayofStreamIntervals,
    ) -> Self {
        let step = |interval: &'a StreamInterval| {
            let StreamInterval::Interval(interval) = interval;
            let mut step = Step {
                uid: None,
                start: None,
                duration: None,
                payload: &interval.stream_payload_base,
            };
            for property in &interval.base_property {
                match property {
                    BaseProperty::Uid(uid) => step.uid = Some(uid.text.trim().to_owned()),
                    BaseProperty::Dtstart(at) => step.start = Some(instant_of_start(&at.choice)),
                    BaseProperty::Duration(length) => step.duration = Some(length.duration),
                    _ => {}
                }
            }
            step
        };
        Self { start, duration, steps: intervals.stream_interval.iter().map(step).collect() }
    }
}

impl<'a> Stream<&'a [openadr::strm::StreamPayloadBase]> {
    /// A stream of OpenADR 2.0b: a signal, a baseline, a report.
    pub fn of_openadr(
        start: Option<Timestamp>,
        duration: Option<Duration>,
        intervals: &'a openadr::strm::Intervals,
    ) -> Self {
        let step = |interval: &'a openadr::ei::Interval| Step {
            uid: interval.uid.as_ref().map(|uid| uid.text.trim().to_owned()),
            start: interval.dtstart.as_ref().map(Timestamp::from),
            duration: interval.duration.as_ref().map(|property| property.duration),
            payload: interval.stream_payload_base.as_slice(),
        };
        Self { start, duration, steps: intervals.interval.iter().map(step).collect() }
    }
}
