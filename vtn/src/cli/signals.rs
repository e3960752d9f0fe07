//! The signals of an event as options: each `--type`, `--values`, `--interval` and `--unit`
//! belongs to the `--signal` before it.

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};
use jiff::SignedDuration;
use oadr_vtn::record::{IntervalDraft, SignalDraft};
use rust_decimal::Decimal;

/// What the options say.
#[derive(Clone, Debug, Default)]
pub struct Signals(pub Vec<SignalDraft>);

impl Args for Signals {
    fn augment_args(command: Command) -> Command {
        OPTIONS.iter().fold(command, |command, (name, value, help)| {
            let arg = Arg::new(*name).long(*name).value_name(*value).help(*help);
            command.arg(arg.action(ArgAction::Append).allow_hyphen_values(*name == "values"))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Signals {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let names = given(matches, "signal");
        let [kinds, values, intervals, units] =
            ["type", "values", "interval", "unit"].map(|name| given(matches, name));
        let mut signals = Vec::new();
        for (at, (from, name)) in names.iter().enumerate() {
            let to = names.get(at + 1).map_or(usize::MAX, |(next, _)| *next);
            let mine =
                |all: &[(usize, String)], option| one_between(all, (*from, to), (name, option));
            signals.push(SignalDraft {
                id: None,
                name: name.clone(),
                kind: mine(&kinds, "type")?.unwrap_or_else(|| usual_kind(name).to_owned()),
                unit: mine(&units, "unit")?,
                intervals: bound(name, mine(&values, "values")?, mine(&intervals, "interval")?)?,
                device_classes: Vec::new(),
            });
        }
        let first = names.first().map_or(usize::MAX, |(at, _)| *at);
        let early =
            [kinds, values, intervals, units].into_iter().flatten().any(|(at, _)| at < first);
        if early {
            return Err(wrong("--type, --values, --interval and --unit come after their --signal"));
        }
        Ok(Self(signals))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Values with their places on the command line.
fn given(matches: &ArgMatches, name: &str) -> Vec<(usize, String)> {
    let values = matches.get_many::<String>(name).into_iter().flatten().cloned();
    matches.indices_of(name).into_iter().flatten().zip(values).collect()
}

fn one_between(
    all: &[(usize, String)],
    (from, to): (usize, usize),
    (signal, option): (&str, &str),
) -> Result<Option<String>, Error> {
    let mut mine = all.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, text)| text);
    match (mine.next(), mine.next()) {
        (_, Some(_)) => Err(wrong(format!("--signal {signal}: --{option} is given twice"))),
        (one, None) => Ok(one.cloned()),
    }
}

/// Values and lengths to intervals: one length for all, or one each.
fn bound(
    signal: &str,
    values: Option<String>,
    lengths: Option<String>,
) -> Result<Vec<IntervalDraft>, Error> {
    let at = |option: &str| format!("--signal {signal}: --{option}");
    let values = values.ok_or_else(|| wrong(format!("{} is missing", at("values"))))?;
    let lengths = lengths.ok_or_else(|| wrong(format!("{} is missing", at("interval"))))?;
    let values: Vec<Decimal> = each(&values, &at("values"), "a number")?;
    let lengths: Vec<SignedDuration> = each(&lengths, &at("interval"), "a duration such as PT15M")?;
    if lengths.len() != 1 && lengths.len() != values.len() {
        let (values, lengths) = (values.len(), lengths.len());
        return Err(wrong(format!("{}: {lengths} for {values} values", at("interval"))));
    }
    let lengths = lengths.iter().cycle();
    let interval = |(value, duration): (Decimal, &SignedDuration)| IntervalDraft {
        duration: *duration,
        value,
    };
    Ok(values.into_iter().zip(lengths).map(interval).collect())
}

fn each<T: std::str::FromStr>(text: &str, at: &str, what: &str) -> Result<Vec<T>, Error> {
    let parse =
        |one: &str| one.trim().parse().map_err(|_| wrong(format!("{at}: {one:?} is not {what}")));
    text.split(',').map(parse).collect()
}

/// The signalType that usually goes with a signalName (rule 104).
fn usual_kind(name: &str) -> &'static str {
    match name {
        "ELECTRICITY_PRICE" | "ENERGY_PRICE" | "DEMAND_CHARGE" => "price",
        "LOAD_DISPATCH" => "delta",
        _ => "level",
    }
}

fn wrong(what: impl std::fmt::Display) -> Error {
    Error::raw(ErrorKind::ValueValidation, format!("{what}\n"))
}

const OPTIONS: &[(&str, &str, &str)] = &[
    ("signal", "NAME", "A signal, such as SIMPLE or ELECTRICITY_PRICE; may be repeated"),
    (
        "type",
        "TYPE",
        "Its signalType, such as level or price; the usual one for the signal if left out",
    ),
    ("values", "V,V,…", "Its values, one after the other"),
    (
        "interval",
        "DURATION",
        "How long each value holds, such as PT15M; or one for each, with commas",
    ),
    ("unit", "UNIT", "Its unit, such as kW or EUR/kWh"),
];

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Probe {
        #[command(flatten)]
        signals: Signals,
    }

    fn read(line: &str) -> Result<Vec<SignalDraft>, String> {
        let words = std::iter::once("probe").chain(line.split_whitespace());
        Probe::try_parse_from(words).map(|probe| probe.signals.0).map_err(|error| error.to_string())
    }

    #[test]
    fn options_belong_to_the_signal_before_them() {
        let line = "--signal SIMPLE --values 1,2,1 --interval PT15M \
            --signal LOAD_DISPATCH --interval PT30M,15m --values -1.5,2 --type delta --unit kW";
        let signals = read(line).unwrap();
        assert_eq!((signals[0].name.as_str(), signals[0].kind.as_str()), ("SIMPLE", "level"));
        assert_eq!(signals[0].intervals.len(), 3);
        assert_eq!(signals[1].unit.as_deref(), Some("kW"));
        assert_eq!(signals[1].intervals[0].value.to_string(), "-1.5");
        assert_eq!(signals[1].intervals[1].duration, SignedDuration::from_mins(15));
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_signal() {
        let refused = |line: &str, words: &str| {
            let told = read(line).err().unwrap();
            assert!(told.contains(words), "{told}");
        };
        refused("--values 1 --signal SIMPLE --interval PT1H", "--values");
        refused("--signal SIMPLE --values 1,x --interval PT1H", "\"x\" is not a number");
        refused("--signal SIMPLE --values 1,2,3 --interval PT1H,PT2H", "2 for 3 values");
        refused("--signal SIMPLE --interval PT1H", "--values is missing");
        refused("--signal SIMPLE --values 1 --values 2 --interval PT1H", "given twice");
    }
}
