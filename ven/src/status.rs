//! What the VEN is doing, for people and for the status file of the program.

use jiff::{SignedDuration, Timestamp};
use oadr_platform::opt::Opt;
use oadr_store::{Error, Keys, Store};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::tables::{
    APPLIED, Choice, Delivery, EVENTS, EventRecord, ONLY, OPTS, OUTBOX, OptState, REQUESTS,
    STANDING, Standing, TENDERS, TRADES, TenderState,
};

/// What the VEN is doing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// When this was so, UTC.
    pub at: Option<Timestamp>,
    /// Whether a registration is in force.
    pub registered: bool,
    /// The venID in force.
    pub ven_id: Option<String>,
    /// The vtnID in force.
    pub vtn_id: Option<String>,
    /// When the VTN last answered, UTC.
    pub last_contact: Option<Timestamp>,
    /// What keeps the VEN from talking to the VTN; none if nothing does.
    pub trouble: Option<String>,
    /// Messages sent since the start.
    pub sent: u64,
    /// Of these, answered.
    pub answered: u64,
    /// Answers still owed to the VTN.
    pub owed: usize,
    /// Events, by start.
    pub events: Vec<EventView>,
    /// What the site was told to follow now, by resource, highest priority first.
    #[serde(default)]
    pub in_force: Vec<InForceView>,
    /// Reports under way.
    pub reports: Vec<ReportView>,
    /// Opts the VTN has taken, and those it has not (yet).
    pub opts: (usize, usize),
    /// Tenders of the site.
    pub tenders: Vec<TenderView>,
    /// Transactions of the site.
    pub trades: Vec<TradeView>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventView {
    /// eventID.
    pub id: String,
    /// modificationNumber.
    pub modification: u32,
    /// 1 is highest, 0 is none.
    pub priority: u32,
    /// When it starts here, UTC, its random shift included.
    pub start: Timestamp,
    /// When it ends here, UTC; none: when it is cancelled.
    pub end: Option<Timestamp>,
    /// `waiting`, `running`, `over` or `cancelled`.
    pub state: String,
    /// In, out, or not decided yet.
    pub opt: Option<Opt>,
    /// The response code it was answered with.
    pub code: u16,
    /// Why it was refused or opted out of.
    pub why: String,
    /// A rehearsal.
    pub test: bool,
}

/// A value of a signal that a resource follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InForceView {
    /// eventID.
    pub event: String,
    /// signalName.
    pub signal: String,
    /// In base units: levels, W, the money of a kWh.
    pub value: Decimal,
    /// resourceID.
    pub resource: String,
}

/// A report under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportView {
    /// reportRequestID.
    pub id: String,
    /// Seconds between reports; 0 is once.
    pub every_seconds: u64,
    /// Up to when the VTN has it, UTC.
    pub sent_until: Timestamp,
}

/// A tender.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TenderView {
    /// tenderID.
    pub id: String,
    /// `sending`, `standing`, or why it was refused.
    pub state: String,
}

/// A transaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradeView {
    /// transactionID.
    pub id: String,
    /// Wh over the interval.
    pub quantity_wh: Decimal,
    /// For a kWh.
    pub price_per_kwh: Decimal,
    /// What was measured as delivered, Wh, once it is known.
    pub delivered_wh: Option<Decimal>,
}

/// What is counted between two looks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    pub sent: u64,
    pub answered: u64,
    pub last_contact: Option<Timestamp>,
    /// The last contact, or the start.
    pub silent_since: Timestamp,
    pub trouble: Option<String>,
}

/// Reads the status from the store.
pub(crate) fn status(store: &Store, traffic: &Traffic, now: Timestamp) -> Result<Status, Error> {
    let registration = match STANDING.get(store, ONLY)? {
        Some(Standing::In(registration)) => Some(registration),
        _ => None,
    };
    let mut events: Vec<_> =
        EVENTS.range(store, Keys::all())?.iter().map(|(_, event)| view(event, now)).collect();
    events.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    let reports = REQUESTS.range(store, Keys::all())?.into_iter().map(|(id, request)| ReportView {
        id,
        every_seconds: request.back.as_secs(),
        sent_until: request.cursor,
    });
    let opts = OPTS.range(store, Keys::all())?;
    let standing = opts.iter().filter(|(_, opt)| opt.state == OptState::Standing).count();
    Ok(Status {
        at: Some(now),
        registered: registration.is_some(),
        ven_id: registration.as_ref().map(|r| r.ven_id.clone()),
        vtn_id: registration.map(|r| r.vtn_id),
        last_contact: traffic.last_contact,
        trouble: traffic.trouble.clone(),
        sent: traffic.sent,
        answered: traffic.answered,
        owed: OUTBOX.range(store, Keys::all())?.len(),
        events,
        in_force: in_force(store)?,
        reports: reports.collect(),
        opts: (standing, opts.len() - standing),
        tenders: tenders(store)?,
        trades: trades(store)?,
    })
}

fn in_force(store: &Store) -> Result<Vec<InForceView>, Error> {
    let mut all = Vec::new();
    for (resource, active) in APPLIED.range(store, Keys::all())? {
        all.extend(active.into_iter().map(|one| InForceView {
            event: one.key.event.to_string(),
            signal: one.signal.name().to_owned(),
            value: one.signal.value(),
            resource: resource.clone(),
        }));
    }
    Ok(all)
}

fn tenders(store: &Store) -> Result<Vec<TenderView>, Error> {
    let all = TENDERS.range(store, Keys::all())?.into_iter();
    Ok(all
        .map(|(id, record)| TenderView {
            id,
            state: match record.state {
                TenderState::Sending => "sending".to_owned(),
                TenderState::Standing => "standing".to_owned(),
                TenderState::Refused(told) => told,
            },
        })
        .collect())
}

fn trades(store: &Store) -> Result<Vec<TradeView>, Error> {
    let all = TRADES.range(store, Keys::all())?.into_iter();
    Ok(all
        .map(|(id, record)| TradeView {
            id,
            quantity_wh: record.trade.quantity_wh,
            price_per_kwh: record.trade.price_per_kwh,
            delivered_wh: match record.delivery {
                Delivery::Measured { quantity_wh } => Some(quantity_wh),
                Delivery::Due { .. } | Delivery::Refused(_) => None,
            },
        })
        .collect())
}

fn view(event: &EventRecord, now: Timestamp) -> EventView {
    let state = match event.end() {
        _ if !event.is_known() => "cancelled",
        Some(end) if end <= now => "over",
        _ if event.offer.interval.start > now => "waiting",
        _ => "running",
    };
    EventView {
        id: event.offer.event.to_string(),
        modification: event.offer.modification,
        priority: event.offer.priority,
        start: event.offer.interval.start,
        end: event.end(),
        state: state.to_owned(),
        opt: match event.choice {
            Choice::Taken(opt) => Some(opt),
            Choice::Open { .. } => None,
        },
        code: event.code,
        why: event.why.clone(),
        test: event.offer.test,
    }
}

impl Status {
    /// How long the VTN has been silent.
    pub fn silent_for(&self, now: Timestamp) -> Option<SignedDuration> {
        self.last_contact.map(|contact| now.duration_since(contact))
    }
}
