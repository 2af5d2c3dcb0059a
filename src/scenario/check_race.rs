//! `[run]`, `[[optimizer]]` with its labels, and limits on the cost of the race as a whole.
//!
//! Knows no optimizer by name, and does not run the race.

use super::check_data::path;
use super::check_model::{Model, settings};
use super::reader::{Entry, Section};
use super::{Pace, Racer, diagnostic::quote};
use crate::math::Vec2;
use crate::objective::ObjectiveInfo;
use crate::optimizer::{OPTIMIZERS, OptimizerInfo};
use crate::registry::{Field, Known, Range, Setting, Settings};

/// The maximum number of steps.
const STEPS: u64 = 1_000_000;
/// The maximum number of optimizers: no more colours and glyphs exist to tell them apart.
const RACERS: usize = 32;
/// The maximum number of rows in all traces together: at 57 to 73 bytes per row, up to 300 MB.
const ROWS: usize = 4_000_000;
/// The maximum number of densities that a race may evaluate, all optimizers and steps together: about a minute.
const DENSITIES: usize = 4_000_000_000;

/// Keys of every optimizer, besides its own fields.
const COMMON: [Known<'static>; 3] = [
    Known::with("kind", &["name", "type", "optimizer"]),
    Known::with("chart", &["coordinates", "parametrization", "parametrisation"]),
    Known::with("label", &["title"]),
];

const STEPS_KEY: Known<'static> = Known::with("steps", &["iterations", "epochs", "n-steps", "max-iter"]);
const SEED: Known<'static> = Known::with("seed", &["random-seed", "random-state"]);

/// How step lengths are determined.
pub const PACE: Field = Field::choice("pace", &["own", "equal-kl"], "equal-kl: every step has the same KL(old ‖ new)");
/// The KL of a step at equal pace.
pub const KL: Field = Field::number("kl", 0.001, Range::POSITIVE, "that KL, nats; only with pace = \"equal-kl\"");

/// The contents of `[run]`.
pub(super) struct Run<'a> {
    pub(super) steps: Option<Steps<'a>>,
    pub(super) seed: Option<u64>,
    pub(super) pace: Option<Pace>,
}

/// `steps` with its position in the file.
pub(super) struct Steps<'a> {
    pub(super) value: usize,
    entry: Entry<'a>,
}

pub(super) fn run<'a>(root: &Section<'a>) -> Run<'a> {
    let section =
        root.need("run", "say how long the race is: [run] steps = 200").and_then(|entry| entry.section("[run]"));
    let Some(section) = section else { return Run { steps: None, seed: None, pace: None } };
    let section = section.only([STEPS_KEY, SEED, Known::from(&PACE), Known::from(&KL)], "key");
    let steps = section.need("steps", "the number of steps of every optimizer").and_then(|entry| {
        let value = usize::try_from(entry.integer(0, STEPS)?).ok()?;
        Some(Steps { value, entry })
    });
    let seed = section.get("seed").map_or(Some(0), |entry| entry.integer(0, u64::MAX));
    Run { steps, seed, pace: pace(&section) }
}

fn pace(section: &Section<'_>) -> Option<Pace> {
    let settings = settings(section, &[PACE, KL])?;
    if settings.get(&PACE) == Some(Setting::Choice("equal-kl")) {
        return Some(Pace::EqualKl(settings.number(&KL)));
    }
    if let Some(kl) = section.get(KL.name) {
        kl.report("`kl` applies only at equal pace", Some("help: add pace = \"equal-kl\"".to_owned()));
        return None;
    }
    Some(Pace::Own)
}

pub(super) fn racers(root: &Section<'_>, model: Option<&Model>) -> Option<Vec<Racer>> {
    let entry = root.need("optimizer", "name at least one: [[optimizer]] kind = \"sgd\"")?;
    let tables = entry.sections()?;
    if entry.list().is_none_or(|items| items.is_empty()) {
        let help = "help: name at least one: [[optimizer]] kind = \"sgd\"".to_owned();
        entry.report("the list `optimizer` is empty", Some(help));
        return None;
    }
    if tables.len() > RACERS {
        tables[RACERS].report(format!("`optimizer`: {} tables, at most {RACERS} are allowed", tables.len()), None);
        return None;
    }
    let mut labels: Vec<String> = Vec::new();
    let mut unlabelled: Vec<&str> = Vec::new();
    let drafts: Vec<Option<Racer>> =
        tables.into_iter().map(|table| racer(&table, model, &mut labels, &mut unlabelled)).collect();
    drafts.into_iter().collect()
}

fn racer<'a>(
    section: &Section<'a>,
    model: Option<&Model>,
    labels: &mut Vec<String>,
    unlabelled: &mut Vec<&'a str>,
) -> Option<Racer> {
    let kind = section.clone().only(every_key(), "key").need("kind", "say which optimizer this is");
    let info = kind.and_then(|kind| kind.word(OPTIMIZERS.iter().copied(), "optimizer")).map(|place| OPTIMIZERS[place]);
    let label = label(section, info, labels, unlabelled);
    let chart = match (section.get("chart"), model) {
        (Some(entry), Some(model)) => model.chart(&entry),
        (Some(entry), None) => entry.text().and(None),
        (None, model) => model.and_then(|model| model.chart),
    };
    let info = info?;
    foreign_keys(section, info);
    let settings = match info.path {
        Some(field) => recorded(section, field, model)?,
        None => settings(section, info.fields)?,
    };
    if let Some((field, message)) = (info.conflict)(&settings) {
        match section.get(field) {
            Some(entry) => entry.report(message, None),
            None => section.report(message, None),
        }
        return None;
    }
    Some(Racer { kind: info, settings, chart: chart?, label: label? })
}

/// A path that stands already, its first point in the family.
fn recorded(section: &Section<'_>, field: &'static Field, model: Option<&Model>) -> Option<Settings> {
    let entry = section.need(field.name, field.doc)?;
    let model = model?;
    let points = path(&entry, model)?;
    let mut settings = Settings::default();
    settings.set(field, points);
    let (_, values) = settings.table(field);
    if model.columns.is_none()
        && let Some(violation) = model.family.violation(Vec2::new(values[0], values[1]))
    {
        let message = format!("the first point of `{}` is outside the {} family", field.name, model.info.name);
        entry.report(message, Some(format!("expected {} {}", violation.quantity, violation.wanted)));
        return None;
    }
    Some(settings)
}

/// Every key of any optimizer.
fn every_key() -> Vec<Known<'static>> {
    let mut keys = COMMON.to_vec();
    for field in OPTIMIZERS.iter().flat_map(|info| info.fields) {
        if !keys.iter().any(|known| known.name == field.name) {
            keys.push(field.into());
        }
    }
    keys
}

/// Reports keys that belong to other optimizers only.
fn foreign_keys(section: &Section<'_>, info: &'static OptimizerInfo) {
    let own = || info.fields.iter().map(|field| field.name);
    for name in every_key().into_iter().map(|known| known.name) {
        if !COMMON.iter().any(|known| known.name == name)
            && !own().any(|known| known == name)
            && let Some(entry) = section.get(name)
        {
            let others: Vec<&str> = OPTIMIZERS
                .iter()
                .filter(|other| other.fields.iter().any(|field| field.name == name))
                .map(|other| other.name)
                .collect();
            let message = format!("`{name}` is not a key of {}, but of {}", info.name, others.join(", "));
            let help = format!(
                "known: {}",
                COMMON.into_iter().map(|known| known.name).chain(own()).collect::<Vec<_>>().join(", ")
            );
            section.sink.report(&entry.key_span(), message, Some(help));
        }
    }
}

/// The label, given or by default. Duplicates are reported.
fn label<'a>(
    section: &Section<'a>,
    info: Option<&'static OptimizerInfo>,
    labels: &mut Vec<String>,
    unlabelled: &mut Vec<&'a str>,
) -> Option<String> {
    let entry = section.get("label");
    let label = match (&entry, info) {
        (Some(entry), _) => entry.text()?.to_owned(),
        (None, Some(info)) => {
            unlabelled.push(info.name);
            match unlabelled.iter().filter(|kind| **kind == info.name).count() {
                1 => info.name.to_owned(),
                count => format!("{}#{count}", info.name),
            }
        }
        (None, None) => return None,
    };
    if label.trim().is_empty()
        && let Some(entry) = &entry
    {
        entry.report("`label` is empty", None);
        return None;
    }
    if labels.contains(&label) {
        let message = format!("the label {} is already used by another optimizer", quote(&label));
        let help = Some("help: labels must differ".to_owned());
        match &entry {
            Some(entry) => entry.report(message, help),
            None => section.report(message, help),
        }
        return None;
    }
    labels.push(label.clone());
    Some(label)
}

/// Reports optimizers that need something the problem does not have.
pub(super) fn capabilities(root: &Section<'_>, racers: &[Racer], model: &Model, objective: &'static ObjectiveInfo) {
    let tables = root.get("optimizer").and_then(|entry| entry.sections()).unwrap_or_default();
    for (table, racer) in tables.iter().zip(racers) {
        let Some((key, needed)) = (racer.kind.needs)(&racer.settings) else { continue };
        let Some(lacks) = model.lacks(needed, objective) else { continue };
        let asks =
            if key == "kind" { racer.kind.name.to_owned() } else { format!("this `{key}` of {}", racer.kind.name) };
        let message = format!("{asks} needs {}, which {lacks} does not have", needed.wanted());
        match table.get(key) {
            Some(entry) => entry.report(message, Some(needed.help().to_owned())),
            None => table.report(message, Some(needed.help().to_owned())),
        }
    }
}

/// Reports a race that would take too much memory or time.
pub(super) fn ceiling(steps: &Steps<'_>, racers: usize, observations: usize) {
    let rows = steps.value.saturating_mul(racers);
    if rows > ROWS {
        let message = format!("`steps` = {} for {racers} optimizers makes {rows} rows, more than {ROWS}", steps.value);
        steps.entry.report(message, Some(format!("help: at most {} steps", ROWS / racers.max(1))));
        return;
    }
    let densities = rows.saturating_mul(observations);
    if densities > DENSITIES {
        let most = DENSITIES / observations.max(1) / racers.max(1);
        let message = format!(
            "`steps` = {} for {racers} optimizers on {observations} observations makes {densities} densities, more than {DENSITIES}",
            steps.value
        );
        steps.entry.report(message, Some(format!("help: at most {most} steps")));
    }
}
