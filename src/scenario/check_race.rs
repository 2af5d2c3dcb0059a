//! `[run]`, `[[optimizer]]`, their labels, and what the race as a whole may cost.
//!
//! Knows no optimizer by name, and does not run the race.

use super::check_model::{Model, chart, settings};
use super::reader::{Entry, Section};
use super::{Racer, diagnostic::quote};
use crate::objective::{Data, Objective};
use crate::optimizer::{OPTIMIZERS, OptimizerInfo};

/// Most steps of a scenario.
const STEPS: u64 = 1_000_000;
/// Most optimizers: there are no more colours and glyphs to tell them apart.
const RACERS: usize = 32;
/// Most rows of all traces together: half a gigabyte of them.
const ROWS: usize = 4_000_000;
/// Most observations that a race may look at, all optimizers and steps together: about a minute.
const LOOKS: usize = 4_000_000_000;

/// Keys of every optimizer, beside its own fields.
const COMMON: [&str; 3] = ["kind", "chart", "label"];

/// What `[run]` says.
pub(super) struct Run<'a> {
    pub(super) steps: Option<Steps<'a>>,
    pub(super) seed: Option<u64>,
}

/// `steps` with its place.
pub(super) struct Steps<'a> {
    pub(super) value: usize,
    entry: Entry<'a>,
}

pub(super) fn run<'a>(root: &Section<'a>) -> Run<'a> {
    let section =
        root.need("run", "say how long the race is: [run] steps = 200").and_then(|entry| entry.section("[run]"));
    let Some(section) = section else { return Run { steps: None, seed: None } };
    let section = section.only(["steps", "seed"], "key");
    let steps = section.need("steps", "how many steps every optimizer makes").and_then(|entry| {
        let value = usize::try_from(entry.integer(0, STEPS)?).ok()?;
        Some(Steps { value, entry })
    });
    Run { steps, seed: section.get("seed").map_or(Some(0), |entry| entry.integer(0, u64::MAX)) }
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
        tables[RACERS].report(format!("`optimizer`: {} are too many, at most {RACERS}", tables.len()), None);
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
    let names: Vec<&str> = OPTIMIZERS.iter().map(|info| info.name).collect();
    let kind = section.clone().only(every_key(), "key").need("kind", "say which optimizer this is");
    let info = kind.and_then(|kind| kind.word(&names, "optimizer")).map(|place| OPTIMIZERS[place]);
    let label = label(section, info, labels, unlabelled);
    let chart = match (section.get("chart"), model) {
        (Some(entry), Some(model)) => chart(&entry, model.info),
        (Some(entry), None) => entry.text().and(None),
        (None, model) => model.and_then(|model| model.chart),
    };
    let info = info?;
    foreign_keys(section, info);
    let settings = settings(section, info.fields)?;
    if let Some((field, message)) = (info.conflict)(&settings) {
        match section.get(field) {
            Some(entry) => entry.report(message, None),
            None => section.report(message, None),
        }
        return None;
    }
    Some(Racer { kind: info, settings, chart: chart?, label: label? })
}

/// Every key that some optimizer has.
fn every_key() -> Vec<&'static str> {
    let mut keys = COMMON.to_vec();
    for field in OPTIMIZERS.iter().flat_map(|info| info.fields) {
        if !keys.contains(&field.name) {
            keys.push(field.name);
        }
    }
    keys
}

/// Reports keys that only other optimizers have.
fn foreign_keys(section: &Section<'_>, info: &'static OptimizerInfo) {
    let own = || info.fields.iter().map(|field| field.name);
    for name in every_key() {
        if !COMMON.contains(&name)
            && !own().any(|known| known == name)
            && let Some(entry) = section.get(name)
        {
            let others: Vec<&str> = OPTIMIZERS
                .iter()
                .filter(|other| other.fields.iter().any(|field| field.name == name))
                .map(|other| other.name)
                .collect();
            let message = format!("`{name}` is no key of {}, but of {}", info.name, others.join(", "));
            let help = format!("known: {}", COMMON.into_iter().chain(own()).collect::<Vec<_>>().join(", "));
            section.sink.report(&entry.key_span(), message, Some(help));
        }
    }
}

/// The label, given or by default; equal ones are reported.
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
        let message = format!("the label {} is taken by another optimizer", quote(&label));
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

/// Refuses a race that would take too much memory or time.
pub(super) fn ceiling(steps: &Steps<'_>, racers: usize, objective: Option<&dyn Objective>) {
    let rows = steps.value.saturating_mul(racers);
    if rows > ROWS {
        let message = format!("`steps` = {} for {racers} optimizers are {rows} rows, more than {ROWS}", steps.value);
        steps.entry.report(message, Some(format!("help: at most {} steps", ROWS / racers.max(1))));
        return;
    }
    let observations = objective.and_then(Objective::data).map_or(0, Data::rows);
    let looks = rows.saturating_mul(observations);
    if looks > LOOKS {
        let most = LOOKS / observations.max(1) / racers.max(1);
        let message = format!(
            "`steps` = {} for {racers} optimizers on {observations} observations are {looks} densities, more than {LOOKS}",
            steps.value
        );
        steps.entry.report(message, Some(format!("help: at most {most} steps")));
    }
}
