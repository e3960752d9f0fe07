//! What a deployment decides. OpenADR 2.0b Profile leaves these to it: rules 18, 48, 111,
//! 201, 401, 500.

use std::time::Duration;

use serde::Deserialize;

/// A known fault of VTNs that is overlooked, under its name; none is unless it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leniency {
    /// A periodic report is asked for without reportInterval (rule 324): it is reported from
    /// the next mark of its granularity, without end. OpenLEADR 0.5.36 asks like that.
    RequestWithoutInterval,
}

/// What a deployment decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The VEN's name for people (oadrVenName).
    pub name: String,
    /// A venID agreed beforehand, to be sent with the first registration (rule 402).
    pub ven_id: Option<String>,
    /// Where the VTN is to post what it has for this VEN (oadrTransportAddress, HTTP PUSH); none:
    /// it polls. Rules 38, 402.
    pub push_to: Option<String>,
    /// Whether to ask what the VTN offers before registering (oadrQueryRegistration).
    pub query_first: bool,
    /// After the VTN cancelled the registration: how long to wait before registering again;
    /// none is never (rule 401).
    pub register_again_after: Option<Duration>,
    /// The shortest poll interval wanted here; the VTN's wish counts where it is longer.
    pub poll_at_least_every: Duration,
    /// The poll interval where the VTN names none.
    pub poll_by_default: Duration,
    /// The market contexts this VEN is in; empty is any (rule 48). Compared after RFC 3986
    /// normalisation (rule 512).
    pub market_contexts: Vec<String>,
    /// Groups (groupID, groupName) and party ids it also answers to in an eiTarget.
    pub groups: Vec<String>,
    /// Its device classes, for signals that name some (rule 111).
    pub device_classes: Vec<String>,
    /// Signals served besides SIMPLE, ELECTRICITY_PRICE and LOAD_DISPATCH, as
    /// (signalName, signalType); the site gets them as
    /// [`Signal::Other`](oadr_platform::signal::Signal::Other).
    pub other_signals: Vec<(String, String)>,
    /// Refuse with 469 a LOAD_DISPATCH of watts that fits several resources (rule 112).
    pub dispatch_names_its_resource: bool,
    /// Faults of the VTN that are overlooked.
    pub leniencies: Vec<Leniency>,
    /// How often the site is read in the background; none: as its data points say (rule 337).
    pub sample_every: Option<Duration>,
    /// How long readings are kept, delivered or not. Together with the sampling period the
    /// number of readings that can be fetched: at least 100 (rules 312, 510).
    pub keep_readings_for: Duration,
    /// How much of what could not be delivered is delivered later; older readings are given
    /// up, so that the disk does not fill.
    pub backlog_up_to: Duration,
    /// How often the site is asked for tenders and opt schedules, and the VTN for
    /// transactions.
    pub ask_site_every: Duration,
    /// How long an event without end is obeyed when nothing is heard of the VTN; then the
    /// site is released.
    pub obey_silence_for: Duration,
    /// Tell the site its instructions again at start: for a site that forgets with this
    /// process, such as a simulator inside it. Others are told each instruction once.
    pub instruct_again_at_start: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "VEN".to_owned(),
            ven_id: None,
            push_to: None,
            query_first: false,
            register_again_after: Some(Duration::from_secs(300)),
            poll_at_least_every: Duration::from_secs(1),
            poll_by_default: Duration::from_secs(10),
            market_contexts: Vec::new(),
            groups: Vec::new(),
            device_classes: Vec::new(),
            other_signals: Vec::new(),
            dispatch_names_its_resource: false,
            leniencies: Vec::new(),
            sample_every: None,
            keep_readings_for: Duration::from_secs(86_400),
            backlog_up_to: Duration::from_secs(7 * 86_400),
            ask_site_every: Duration::from_secs(60),
            obey_silence_for: Duration::from_secs(86_400),
            instruct_again_at_start: false,
        }
    }
}
