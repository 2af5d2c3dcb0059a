//! `[objective]`: a target, an expression, or data.
//!
//! Data are read by `check_data`; losses are computed in `objective`.

use std::sync::Arc;

use super::check_data::{DRAWS, draw, observations};
use super::check_model::{Model, point, settings};
use super::reader::{Entry, Section};
use crate::expression::Expression;
use crate::math::Vec2;
use crate::objective::divergence::{Direction, Divergence, FORWARD};
use crate::objective::formula::Formula;
use crate::objective::likelihood::Likelihood;
use crate::objective::reward::Reward;
use crate::objective::{Data, Need, OBJECTIVES, Objective, ObjectiveInfo};
use crate::registry::Known;

/// The maximum number of actions drawn per step.
const ACTIONS: u64 = 1_000_000;

pub(super) fn objective(
    root: &Section<'_>,
    model: Option<&Model>,
    start: Option<Vec2>,
    seed: Option<u64>,
) -> Option<Arc<dyn Objective>> {
    let section =
        root.need("objective", "say what is minimised: [objective] kind = \"forward-kl\"")?.section("[objective]")?;
    let kind = match section.get("kind") {
        Some(kind) => kind,
        None => section.clone().only(every_key(), "key").need("kind", "say which objective this is")?,
    };
    let info = OBJECTIVES[kind.word(OBJECTIVES.iter().copied(), "objective")?];
    let section = section.only(keys(info), "key");
    // Read only to report errors; no objective has plain fields yet.
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
fn keys(info: &'static ObjectiveInfo) -> Vec<Known<'static>> {
    let needs = info.needs.iter().flat_map(|need| need.keys()).copied();
    std::iter::once("kind".into()).chain(needs).chain(info.fields.iter().map(Known::from)).collect()
}

fn every_key() -> Vec<Known<'static>> {
    let mut keys: Vec<Known<'static>> = OBJECTIVES.iter().flat_map(|info| keys(info)).collect();
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

/// `loss = ".."`, an expression in the family's parameters.
fn formula(section: &Section<'_>, model: Option<&Model>, start: Option<Vec2>) -> Option<Arc<dyn Objective>> {
    let entry = section.need("loss", "write it in the family's parameters: loss = \"(1-mean)^2 + sd\"")?;
    let (text, model) = (entry.text()?, model?);
    let loss = expression(&entry, text, &model.info.parameters)?;
    Some(Arc::new(Formula::new(loss, model.family.as_ref(), start?)))
}

/// `reward = ".."`, an expression in an observation.
fn reward(section: &Section<'_>, model: Option<&Model>, start: Option<Vec2>) -> Option<Arc<dyn Objective>> {
    let entry = section.need("reward", "write it as a function of an observation: reward = \"exp(-(x-2)^2)\"");
    let batch = match section.get("batch") {
        None => Some(None),
        Some(entry) => entry.integer(1, ACTIONS).and_then(|batch| usize::try_from(batch).ok()).map(Some),
    };
    let entry = entry?;
    let (text, model) = (entry.text()?, model?);
    if model.family.width() > 1 {
        let help = "help: choose a family whose observations are single numbers".to_owned();
        entry.report(
            format!("`reward` is a function of one number, but an observation of {} is a pair", model.info.name),
            Some(help),
        );
        return None;
    }
    let reward = expression(&entry, text, &["x"])?;
    Some(Arc::new(Reward::new(Arc::clone(&model.family), reward, batch?, start?)))
}

/// An expression in these variables.
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
    let width = model.map_or(1, |model| model.family.width());
    let size = values.as_ref().map_or(DRAWS, |values| (values.len() / width) as u64);
    let batch = match section.get("batch") {
        None => Some(None),
        Some(entry) => entry.integer(1, size).and_then(|batch| usize::try_from(batch).ok()).map(Some),
    };
    let (values, batch, model, start) = (values?, batch?, model?, start?);
    Some(Arc::new(Likelihood::new(Arc::clone(&model.family), Data::rows_of(width, values, batch), start)))
}
