//! `[objective]`: a target, an expression, or data from the file, from a CSV column or drawn.
//!
//! Reading CSV files is the business of the file beside this one; what a loss computes is the objective room's.

use std::sync::Arc;

use super::check_model::{Model, family_of, point, settings};
use super::reader::{Entry, Section};
use super::table;
use crate::expression::Expression;
use crate::family::{Family, FamilyInfo, Support};
use crate::math::Vec2;
use crate::objective::data::stream;
use crate::objective::divergence::{Direction, Divergence, FORWARD};
use crate::objective::formula::Formula;
use crate::objective::likelihood::Likelihood;
use crate::objective::reward::Reward;
use crate::objective::{Data, Need, OBJECTIVES, Objective, ObjectiveInfo};

/// Most observations that are drawn.
const DRAWS: u64 = 1_000_000;

/// Most actions that a step draws.
const ACTIONS: u64 = 1_000_000;

/// The name of the random stream that samples come from: no racer has it.
const SAMPLE_STREAM: u64 = u64::MAX;

pub(super) fn objective(
    root: &Section<'_>,
    model: Option<&Model>,
    start: Option<Vec2>,
    seed: Option<u64>,
) -> Option<Arc<dyn Objective>> {
    let section =
        root.need("objective", "say what is minimised: [objective] kind = \"forward-kl\"")?.section("[objective]")?;
    let names: Vec<&str> = OBJECTIVES.iter().map(|info| info.name).collect();
    let kind = match section.get("kind") {
        Some(kind) => kind,
        None => section.clone().only(every_key(), "key").need("kind", "say which objective this is")?,
    };
    let info = OBJECTIVES[kind.word(&names, "objective")?];
    let section = section.only(keys(info), "key");
    // Reported for their faults; no objective has plain fields yet.
    settings(&section, info.fields)?;
    let mut made = None;
    for need in info.needs {
        made = match need {
            Need::Target => target(&section, info, model),
            Need::Data => likelihood(&section, model, start, seed),
            Need::Loss => formula(&section, model, start),
            Need::Reward => reward(&section, model, start),
        };
    }
    made
}

/// The keys of an objective.
fn keys(info: &'static ObjectiveInfo) -> Vec<&'static str> {
    let needs = info.needs.iter().flat_map(|need| match need {
        Need::Target => &["target"] as &[&str],
        Need::Data => &["data", "sample", "batch"],
        Need::Loss => &["loss"],
        Need::Reward => &["reward", "batch"],
    });
    std::iter::once("kind").chain(needs.copied()).chain(info.fields.iter().map(|field| field.name)).collect()
}

fn every_key() -> Vec<&'static str> {
    let mut keys: Vec<&str> = OBJECTIVES.iter().flat_map(|info| keys(info)).collect();
    keys.dedup();
    keys
}

fn target(section: &Section<'_>, info: &'static ObjectiveInfo, model: Option<&Model>) -> Option<Arc<dyn Objective>> {
    let wanted = format!("{} needs a point of the family: target = {{ … }}", info.name);
    let table = section.need("target", &wanted)?.section("`target`")?;
    let model = model?;
    let target = point(table, model.info, model.family.as_ref())?;
    let direction = if info.name == FORWARD.name { Direction::Forward } else { Direction::Reverse };
    Some(Arc::new(Divergence::new(Arc::clone(&model.family), target, direction)))
}

/// `loss = ".."`, read in the family's parameters.
fn formula(section: &Section<'_>, model: Option<&Model>, start: Option<Vec2>) -> Option<Arc<dyn Objective>> {
    let entry = section.need("loss", "write it in the family's parameters: loss = \"(1-mean)^2 + sd\"")?;
    let (text, model) = (entry.text()?, model?);
    let loss = expression(&entry, text, &model.info.parameters)?;
    Some(Arc::new(Formula::new(loss, model.family.as_ref(), start?)))
}

/// `reward = ".."`, read in an observation.
fn reward(section: &Section<'_>, model: Option<&Model>, start: Option<Vec2>) -> Option<Arc<dyn Objective>> {
    let entry = section.need("reward", "write it in an observation: reward = \"exp(-(x-2)^2)\"");
    let batch = match section.get("batch") {
        None => Some(None),
        Some(entry) => entry.integer(1, ACTIONS).and_then(|batch| usize::try_from(batch).ok()).map(Some),
    };
    let entry = entry?;
    let (text, model) = (entry.text()?, model?);
    let reward = expression(&entry, text, &["x"])?;
    Some(Arc::new(Reward::new(Arc::clone(&model.family), reward, batch?, start?)))
}

/// A formula in these variables.
fn expression(entry: &Entry<'_>, text: &str, variables: &[&str]) -> Option<Expression> {
    let parsed = Expression::parse(text, variables);
    if let Err(fault) = &parsed {
        let message = format!("`{}`: {}", entry.name, fault.message);
        entry.report_inside(&fault.span, message, Some(format!("help: {}", fault.help)));
    }
    parsed.ok()
}

fn likelihood(
    section: &Section<'_>,
    model: Option<&Model>,
    start: Option<Vec2>,
    seed: Option<u64>,
) -> Option<Arc<dyn Objective>> {
    let values = match (section.get("data"), section.get("sample")) {
        (Some(_), Some(sample)) => {
            sample.report("`data` and `sample` exclude each other", Some("help: keep one of them".to_owned()));
            None
        }
        (Some(data), None) => observations(&data, model),
        (None, Some(sample)) => draw(&sample, model, seed),
        (None, None) => {
            section.need(
                "data",
                "give data = [..], data = { csv = .., column = .. } or sample = { size = .., from = .. }",
            );
            None
        }
    };
    let size = values.as_ref().map_or(DRAWS, |values| values.len() as u64);
    let batch = match section.get("batch") {
        None => Some(None),
        Some(entry) => entry.integer(1, size).and_then(|batch| usize::try_from(batch).ok()).map(Some),
    };
    let (values, batch, model, start) = (values?, batch?, model?, start?);
    Some(Arc::new(Likelihood::new(Arc::clone(&model.family), Data::new(values, batch), start)))
}

/// `data = [..]` or `data = { csv = .., column = .. }`: at least one number, all inside of the family's support.
fn observations(entry: &Entry<'_>, model: Option<&Model>) -> Option<Vec<f64>> {
    let support = model.map(|model| model.family.support());
    if entry.is_table() {
        let section = entry.section("`data`")?.only(["csv", "column"], "key");
        let csv = section.need("csv", "name the file").and_then(|csv| Some((csv.text()?, csv)));
        let column = section.need("column", "name the column").and_then(|column| Some((column.text()?, column)));
        let (csv, column) = (csv?, column?);
        return table::column(&csv, &column, support);
    }
    if !entry.is_list() {
        let help = "help: write data = [1.2, 0.4] or data = { csv = \"file.csv\", column = \"name\" }".to_owned();
        entry.report("`data` must be a list of numbers or a table", Some(help));
        return None;
    }
    let items = entry.list()?;
    if items.is_empty() {
        entry.report("`data` is empty: at least one observation is needed", None);
        return None;
    }
    let values: Vec<Option<f64>> = items.iter().map(|item| observation(item, support, model)).collect();
    values.into_iter().collect()
}

fn observation(item: &Entry<'_>, support: Option<Support>, model: Option<&Model>) -> Option<f64> {
    let value = item.number()?;
    if let (Some(support), Some(model)) = (support, model)
        && !support.contains(value)
    {
        let message = format!("`data`: {value} is outside of the support of {}", model.info.name);
        item.report(message, Some(format!("expected {}", support.wanted())));
        return None;
    }
    Some(value)
}

/// `sample = { size = .., from = { .. }, family = .., and what that family fixes }`.
fn draw(entry: &Entry<'_>, model: Option<&Model>, seed: Option<u64>) -> Option<Vec<f64>> {
    let section = entry.section("`sample`")?;
    let own = section.get("family");
    let info = match &own {
        Some(family) => Some(family_of(family)?),
        None => model.map(|model| model.info),
    };
    let fixed = info.map_or(&[] as &[_], |info| info.fixed);
    let known = ["size", "from", "family"].into_iter().chain(fixed.iter().map(|field| field.name));
    let section = section.only(known, "key");
    let size = section.need("size", "say how many observations are drawn").and_then(|size| size.integer(1, DRAWS));
    let from = section.need("from", "say what is drawn from: from = { … }").and_then(|from| from.section("`from`"));
    let (info, model) = (info?, model?);
    let source = source(&section, own.is_some(), info, model)?;
    let p = point(from?, info, source.as_ref())?;
    let support = model.family.support();
    if source.support() != support {
        let place = own.unwrap_or_else(|| entry.clone());
        let message = format!("{} does not live where {} does", info.name, model.info.name);
        place.report(message, Some(format!("expected a family whose observations are {}", support.wanted())));
        return None;
    }
    let values = sample(source.as_ref(), p, size?, seed?, support);
    if values.is_none() {
        entry.report(format!("`sample`: {} at this point draws numbers outside of its own support", info.name), None);
    }
    values
}

/// The family that is drawn from: the model's, unless the sample names one or fixes something itself.
fn source(section: &Section<'_>, own: bool, info: &'static FamilyInfo, model: &Model) -> Option<Arc<dyn Family>> {
    let fixes = info.fixed.iter().any(|field| section.get(field.name).is_some());
    if !own && !fixes {
        return Some(Arc::clone(&model.family));
    }
    Some((info.build)(&settings(section, info.fixed)?))
}

/// A sample, the same for the same seed. A number that rounding put on the edge of the support is drawn again.
fn sample(family: &dyn Family, p: Vec2, size: u64, seed: u64, support: Support) -> Option<Vec<f64>> {
    let mut rng = stream(seed, SAMPLE_STREAM, 0);
    (0..size).map(|_| (0..100).map(|_| family.sample(p, &mut rng)).find(|x| support.contains(*x))).collect()
}
