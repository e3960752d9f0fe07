//! What is wrong with an event, for this VEN. Rules 22, 33, 48, 109, 111, 112, 116, 512.

use oadr_schemas::openadr::ei::{
    EiEvent, EiEventSignal, EiTarget, SignalName, SignalTypeEnumerated as Type,
};
use oadr_schemas::openadr::emix::ItemBase;
use oadr_schemas::openadr::event::EventTiming;
use oadr_schemas::openadr::{Code, Target};

use crate::ven::State;

/// 200, or the code that says what is wrong.
pub fn judge(state: &State, event: &EiEvent, is_known: bool) -> Code {
    if !makes_sense(state, event, is_known) {
        return Code::InvalidData;
    }
    if !serves_market(state, event.market_context()) || !is_meant(state, &event.ei_target) {
        return Code::TargetMismatch;
    }
    let signals = &event.ei_event_signals.ei_event_signal;
    if signals.len() > 1 && state.faults.has("one-signal-only") {
        return Code::SignalNotSupported;
    }
    if !signals.iter().all(|signal| serves(state, signal)) {
        return Code::SignalNotSupported;
    }
    let power = signals.iter().any(|signal| signal.signal_name == SignalName::LoadDispatch);
    let whole = event.ei_target.is_whole_ven();
    if state.settings.ambiguous && power && whole && !state.faults.has("never-unclear") {
        // Rule 112: a power for the whole site says of no resource what it shall draw.
        return Code::NotDeployed;
    }
    Code::Ok
}

/// Rule 33: times that can be read, durations that sum, not over when it is new.
fn makes_sense(state: &State, event: &EiEvent, is_known: bool) -> bool {
    let Ok(timing) = EventTiming::of(event) else { return false };
    let mut signals = event.ei_event_signals.ei_event_signal.iter();
    let sums = signals.all(|signal| timing.intervals(signal).is_ok());
    let over = timing.listed_until().is_some_and(|until| until <= state.now);
    (sums || state.faults.has("any-sum")) && (!over || is_known || state.faults.has("any-past"))
}

/// Rules 48, 512.
fn serves_market(state: &State, context: &str) -> bool {
    let own = &state.settings.market_contexts;
    let faults = state.faults;
    let any = faults.has("any-market") || faults.has("any-market-in-a-mix");
    let same = |one: &String| match faults.has("market-by-letter") {
        true => one == context,
        false => normal(one) == normal(context),
    };
    own.is_empty() || any || own.iter().any(same)
}

/// As far as RFC 3986 normalisation goes here: scheme and host in lower case.
fn normal(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    format!("{}://{}{path}", scheme.to_ascii_lowercase(), host.to_ascii_lowercase())
}

/// Rule 22: criteria are alternatives; none means the recipient.
fn is_meant(state: &State, target: &EiTarget) -> bool {
    let faults = state.faults;
    if target.is_empty() {
        return !faults.has("empty-target-refused");
    }
    let own = |criterion: Target<'_>| match criterion {
        Target::Resource(id) => resources(state).iter().any(|own| own == id),
        Target::Ven(id) => state.registration.ven_id.as_deref() == Some(id),
        Target::EndDeviceAsset(class) => has_class(state, class),
        _ => false,
    };
    let mut criteria = target.criteria();
    let fits = match faults.has("every-criterion-must-fit") {
        true => criteria.all(own),
        false => criteria.any(own),
    };
    fits || faults.has("any-target")
}

/// Its resources; one if it was not told which.
pub fn resources(state: &State) -> Vec<String> {
    match state.settings.resources.as_slice() {
        [] => vec!["resource-1".to_owned()],
        told => told.to_vec(),
    }
}

fn has_class(state: &State, class: &str) -> bool {
    state.settings.device_classes.iter().any(|own| own == class)
}

/// Rules 109, 510: the minimum set, judged by type and unit.
fn serves(state: &State, signal: &EiEventSignal) -> bool {
    let unit = signal.item_base.as_ref();
    let faults = state.faults;
    match (&signal.signal_name, &signal.signal_type) {
        (SignalName::Simple | SignalName::LowerSimple, Type::Level) => unit.is_none(),
        (SignalName::ElectricityPrice, Type::Price) if faults.has("any-unit") => true,
        (SignalName::ElectricityPrice, Type::Price) => {
            matches!(unit, Some(ItemBase::CurrencyPerKWh(_))) && !faults.has("no-price")
        }
        (SignalName::LoadDispatch, Type::Setpoint) => {
            matches!(unit, Some(ItemBase::PowerReal(_))) && !faults.has("no-setpoint")
        }
        (SignalName::Extension(_), _) => faults.has("any-signal"),
        _ => false,
    }
}

/// Rule 111: whether a signal is for this VEN; its device classes are alternatives.
pub fn is_for_us(state: &State, signal: &EiEventSignal) -> bool {
    let classes = match &signal.ei_target {
        Some(target) if !target.end_device_asset.is_empty() => &target.end_device_asset,
        _ => return true,
    };
    let mut fits = classes.iter().map(|asset| has_class(state, &asset.mrid));
    match () {
        () if state.faults.has("any-class") => true,
        () if state.faults.has("every-class-must-fit") => fits.all(|fits| fits),
        () => fits.any(|fits| fits),
    }
}
