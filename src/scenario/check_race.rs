//! `[run]`, `[[optimizer]]` with its labels, and limits on the cost of the race as a whole.
//!
//! Knows no optimizer by name, and does not run the race.

use super::check_data::path;
use super::check_model::{Model, chart};
use super::diagnostic::quote;
use super::reader::{Entry, Section};
use super::schema::optimizer::{CHART, LABEL};
use super::schema::run::{EQUAL_KL, KL, PACE, SEED, SEEDS, STEPS};
use super::schema::{self, OPTIMIZER, RUN};
use super::{Goal, Pace, Racer};
use crate::math::Vec2;
use crate::optimizer::{
    BASELINE, KL_CAP, OFFSET, OPTIMIZERS, OptimizerInfo, SCHEDULE, SHARED, Schedule, natural_gradient,
};
use crate::problem::Capability;
use crate::problem::policy::Baseline;
use crate::registry::{Field, Setting, Settings};

/// The maximum number of rows in all traces together: at 57 to 73 bytes per row, up to 300 MB.
const ROWS: usize = 4_000_000;
/// The maximum number of densities that a race may evaluate, all optimizers and steps together: about a minute.
const DENSITIES: usize = 4_000_000_000;

/// The contents of `[run]`.
pub(super) struct Run<'a> {
    pub(super) steps: Option<Steps<'a>>,
    pub(super) seed: Option<u64>,
    pub(super) seeds: Option<usize>,
    pub(super) pace: Option<Pace>,
}

/// `steps` with its position in the file.
pub(super) struct Steps<'a> {
    pub(super) value: usize,
    entry: Entry<'a>,
}

pub(super) fn run<'a>(root: &Section<'a>) -> Run<'a> {
    let Some(section) = root.entry(&RUN).and_then(|entry| entry.section("[run]")) else {
        return Run { steps: None, seed: None, seeds: None, pace: None };
    };
    let section = section.only(schema::run::KEYS, "key");
    let steps = section.integer(&STEPS).and_then(|value| usize::try_from(value).ok());
    let steps = steps.zip(section.get(STEPS.name)).map(|(value, entry)| Steps { value, entry });
    let seeds = section.integer(&SEEDS).and_then(|value| usize::try_from(value).ok());
    Run { steps, seed: section.integer(&SEED), seeds, pace: pace(&section) }
}

fn pace(section: &Section<'_>) -> Option<Pace> {
    let settings = section.settings(&[PACE, KL])?;
    if settings.choice(&PACE) == EQUAL_KL {
        return Some(Pace::EqualKl(settings.number(&KL)));
    }
    if let Some(kl) = section.get(KL.name) {
        kl.report("`kl` applies only at equal pace", Some(format!("help: add pace = \"{EQUAL_KL}\"")));
        return None;
    }
    Some(Pace::Own)
}

pub(super) fn racers(root: &Section<'_>, model: Option<&Model>) -> Option<Vec<Racer>> {
    let tables = root.tables(&OPTIMIZER)?;
    let mut labels: Vec<String> = Vec::new();
    let mut unlabelled: Vec<&str> = Vec::new();
    let drafts: Vec<Option<Racer>> =
        tables.into_iter().map(|table| racer(&table, model, &mut labels, &mut unlabelled)).collect();
    drafts.into_iter().collect()
}

fn racer<'a>(
    table: &Section<'a>,
    model: Option<&Model>,
    labels: &mut Vec<String>,
    unlabelled: &mut Vec<&'a str>,
) -> Option<Racer> {
    let row = table.clone().row(schema::optimizer::KEYS);
    let info = row.as_ref().map(|(_, place)| OPTIMIZERS[*place]);
    let label = label(table, info, labels, unlabelled);
    let chart = chart(table, &CHART, model);
    let (section, info) = (&row?.0, info?);
    let settings = match info.path {
        Some(field) => recorded(section, field, model)?,
        None => section.settings_over(defaults(section, info)?, info.fields)?,
    };
    if let Some((field, message)) = (info.conflict)(&settings) {
        match section.get(field) {
            Some(entry) => entry.report(message, None),
            None => section.report(message, None),
        }
        return None;
    }
    let Shared { schedule, kl_cap, baseline } = shared(section, info, model)?;
    Some(Racer { kind: info, settings, schedule, kl_cap, baseline, chart: chart?, label: label? })
}

/// The defaults of an optimizer's fields, a library's if it is named.
fn defaults(section: &Section<'_>, info: &'static OptimizerInfo) -> Option<Settings> {
    let Some(field) = info.preset_field() else { return Some(Settings::defaults(info.fields)) };
    let named = section.optional(&field, |entry| entry.word_of(&field, &[]))?;
    Some(match named {
        Some(Setting::Choice(name)) => info.defaults(name),
        _ => Settings::defaults(info.fields),
    })
}

/// The values of the keys that an optimizer shares with others.
struct Shared {
    schedule: Schedule,
    kl_cap: Option<f64>,
    baseline: Option<Baseline>,
}

fn shared(section: &Section<'_>, info: &'static OptimizerInfo, model: Option<&Model>) -> Option<Shared> {
    let own: Vec<Field> = SHARED.iter().filter(|row| (row.has)(info)).map(|row| row.field).collect();
    let settings = section.settings(&own)?;
    let schedule = Schedule::of(&settings);
    if let Some(offset) = section.get(OFFSET.name).filter(|_| !schedule.has_offset()) {
        let help = format!("help: add {} = \"inverse\" or \"inverse-sqrt\"", SCHEDULE.name);
        offset.report("`offset` applies only to a schedule that falls with k + offset", Some(help));
        return None;
    }
    let kl_cap = match settings.get(&KL_CAP) {
        Some(Setting::Number(kl)) => Some(kl),
        _ => None,
    };
    let baseline = settings.get(&BASELINE).map(|_| Baseline::named(settings.choice(&BASELINE)));
    let of_family = model.is_some_and(|model| model.own.is_some());
    if let (Some(Baseline::Value), Some(entry), true) = (baseline, section.get(BASELINE.name), of_family) {
        let message = "`baseline` = \"value\" is the value of a state, and a family has no states";
        entry.report(message, Some("help: write \"mean\" or \"none\"".to_owned()));
        return None;
    }
    Some(Shared { schedule, kl_cap, baseline })
}

/// A path that stands already, its first point in the family.
fn recorded(section: &Section<'_>, field: &'static Field, model: Option<&Model>) -> Option<Settings> {
    let entry = section.entry(field)?;
    let model = model?;
    let points = path(&entry, model)?;
    let mut settings = Settings::default();
    settings.set(field, points);
    let (_, values) = settings.table(field);
    if let Some(own) = model.plain()
        && let Some(violation) = own.family.violation(Vec2::new(values[0], values[1]))
    {
        let message = format!("the first point of `{}` is outside the {} family", field.name, own.info.name);
        entry.report(message, Some(format!("expected {} {}", violation.quantity, violation.wanted)));
        return None;
    }
    Some(settings)
}

/// The label, given or by default. Duplicates are reported.
fn label<'a>(
    section: &Section<'a>,
    info: Option<&'static OptimizerInfo>,
    labels: &mut Vec<String>,
    unlabelled: &mut Vec<&'a str>,
) -> Option<String> {
    let entry = section.get(LABEL.name);
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
pub(super) fn capabilities(root: &Section<'_>, racers: &[Racer], model: &Model, objective: &Goal) {
    let tables = root.get(OPTIMIZER.name).and_then(|entry| entry.sections()).unwrap_or_default();
    for (table, racer) in tables.iter().zip(racers) {
        fresh_draws(table, racer, model);
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

/// Reports keys of optimizers that have no meaning under the race's conditions.
pub(super) fn conditions(root: &Section<'_>, racers: &[Racer], objective: Option<&Goal>, pace: Option<Pace>) {
    let tables = root.get(OPTIMIZER.name).and_then(|entry| entry.sections()).unwrap_or_default();
    for (table, racer) in tables.iter().zip(racers) {
        if let (Some(entry), Some(Pace::EqualKl(_))) = (table.get(KL_CAP.name), pace) {
            let help = format!("help: leave it out, or the `{}` of [run]", PACE.name);
            entry.report("at equal pace every step has the same KL, and none is capped", Some(help));
        }
        let rewarded = |goal: &Goal| goal.kind.fields.iter().any(|field| field.name == BASELINE.name);
        if let (Some(entry), Some(goal)) = (table.get(BASELINE.name), objective)
            && racer.baseline.is_some()
            && !rewarded(goal)
        {
            let message = format!("`baseline` is subtracted from rewards, and {} has none", goal.kind.name);
            entry.report(message, Some(Capability::Rewards.help().to_owned()));
        }
    }
}

/// Reports a number of draws that `fisher = "sampled"` does not take: of policies it draws as many as a batch.
fn fresh_draws(table: &Section<'_>, racer: &Racer, model: &Model) {
    if model.own.is_none()
        && racer.settings.choice(&natural_gradient::FISHER) == natural_gradient::SAMPLED
        && let Some(samples) = table.get(natural_gradient::SAMPLES.name)
    {
        let message = format!("`{}` is for families: here as many are drawn as a `batch` has", samples.name);
        samples.report(message, Some("help: remove it".to_owned()));
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
