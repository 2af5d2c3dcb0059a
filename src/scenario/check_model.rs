//! `[model]`, points of its family, and charts by name.
//!
//! Knows no family by name: everything is read off the rows of the registry.

use std::sync::Arc;

use super::diagnostic::listed;
use super::reader::{Entry, Section};
use super::schema::model::CHART;
use super::schema::{self, MODEL, START};
use super::{Goal, Model as Spec};
use crate::family::{ChartId, FAMILIES, Family, FamilyInfo};
use crate::math::Vec2;
use crate::problem::family::lacks;
use crate::problem::{Capability, regression};
use crate::registry::{Field, Kind, More};

/// The contents of `[model]`, and what they are checked with.
pub(super) struct Model {
    pub(super) spec: Spec,
    /// The family itself, to check points and data against.
    pub(super) family: Arc<dyn Family>,
    /// The names of the design's columns, if it has several: then the parameters are an intercept and one for each.
    pub(super) columns: Option<Arc<[&'static str]>>,
    /// The default chart; `None` if its name is unknown.
    pub(super) chart: Option<ChartId>,
}

/// The charts of a model of several columns, in the order of those that its family has for one.
const WEIGHTS: [&str; 2] = ["weights", "standardised"];

impl Model {
    /// The number of densities that a step evaluates.
    pub(super) fn densities(&self, objective: &Goal) -> usize {
        let data = objective.kind.fields.iter().find(|field| matches!(field.kind, Kind::Data));
        match (&self.columns, data) {
            (Some(_), Some(data)) => objective.settings.numbers(data).len() / self.width(),
            _ => (objective.kind.densities)(&objective.settings, &*self.family),
        }
    }

    /// How many numbers an observation has.
    pub(super) fn width(&self) -> usize {
        self.columns.as_ref().map_or_else(|| self.family.width(), |columns| columns.len() + 1)
    }

    /// What lacks a capability, the model or the loss on it.
    pub(super) fn lacks(&self, capability: Capability, objective: &Goal) -> Option<&'static str> {
        match self.columns {
            Some(_) => regression::lacks(capability),
            None => lacks(capability, &*self.family, objective.kind, &objective.settings),
        }
    }

    /// The names that a field accepts beside its own words.
    pub(super) fn names(&self, more: More) -> Vec<&'static str> {
        match (more, &self.columns) {
            (More::Parameters, _) => self.spec.parameters(),
            (More::Charts, Some(_)) => WEIGHTS.to_vec(),
            (More::Charts, None) => self.spec.family.charts.iter().map(|chart| chart.name).collect(),
        }
    }
}

pub(super) fn model(root: &Section<'_>) -> Option<Model> {
    let (section, place) = root.entry(&MODEL)?.section("[model]")?.row(schema::model::KEYS)?;
    let family = FAMILIES[place];
    let spec = section.settings(family.fixed).map(|settings| Spec { family, settings });
    let columns = spec.as_ref().and_then(Spec::columns);
    let several = columns.is_some();
    let chart = section.get(CHART.name).map_or(Some(ChartId::CANONICAL), |entry| chart_of(&entry, family, several));
    let spec = spec?;
    Some(Model { family: (family.build)(&spec.settings), spec, columns, chart })
}

/// The chart at a key, by default the model's.
pub(super) fn chart(section: &Section<'_>, field: &Field, model: Option<&Model>) -> Option<ChartId> {
    match (section.get(field.name), model) {
        (Some(entry), Some(model)) => chart_of(&entry, model.spec.family, model.columns.is_some()),
        (Some(entry), None) => entry.text().and(None),
        (None, model) => model.and_then(|model| model.chart),
    }
}

/// A chart of a family by name.
pub(super) fn chart_of(entry: &Entry<'_>, info: &'static FamilyInfo, several: bool) -> Option<ChartId> {
    if several {
        let place = entry.word(WEIGHTS, &format!("chart of {} on several columns", info.name))?;
        return info.chart(info.charts[place].name);
    }
    let names = info.charts.iter().map(|chart| info.known(chart.name));
    let place = entry.word(names, &format!("chart of {}", info.name))?;
    info.chart(info.charts[place].name)
}

pub(super) fn start(root: &Section<'_>, model: Option<&Model>) -> Option<Vec<f64>> {
    let section = root.entry(&START)?.section("[start]")?;
    let model = model?;
    if model.columns.is_some() {
        return weights(section, model);
    }
    point(section, model.spec.family, model.family.as_ref()).map(|p| p.as_slice().to_vec())
}

/// One number for each parameter of a model of several columns.
fn weights(section: Section<'_>, model: &Model) -> Option<Vec<f64>> {
    let names = model.spec.parameters();
    let section = section.only(names.iter().copied(), &format!("parameter of {}", model.spec.family.name));
    let wanted = format!("the parameters are {}", listed(names.iter().copied()));
    let values: Vec<Option<f64>> =
        names.iter().map(|name| section.need(name, &wanted).and_then(|entry| entry.number())).collect();
    values.into_iter().collect()
}

/// A point of a family by its canonical parameters.
pub(super) fn point(section: Section<'_>, info: &'static FamilyInfo, family: &dyn Family) -> Option<Vec2> {
    let section = section.only(info.parameters.map(|name| info.known(name)), &format!("parameter of {}", info.name));
    let entries = info
        .parameters
        .map(|name| section.need(name, &format!("{} has parameters {}", info.name, info.parameters.join(" and "))));
    let [first, second] = entries.map(|entry| entry.and_then(|entry| Some((entry.number()?, entry))));
    let (first, second) = (first?, second?);
    let mut p = Vec2::new(first.0, second.0);
    let given = p;
    let mut inside = true;
    // A violation names one quantity; with that one corrected the other parameter may show its own.
    for _ in 0..2 {
        let Some(violation) = family.violation(p) else { break };
        inside = false;
        let place = info.parameters.iter().position(|name| *name == violation.quantity);
        let what = match place {
            Some(i) => format!("{} = {}", info.parameters[i], given[i]),
            None => format!("{} = {}, {} = {}", info.parameters[0], given[0], info.parameters[1], given[1]),
        };
        // If the quantity involves both, the one whose replacement moves the point inside is to blame.
        let inside = |i: usize| {
            let mut other = p;
            other[i] = info.example[i];
            family.contains(other)
        };
        let first_is_wrong = place.map_or(inside(0) && !inside(1), |place| place == 0);
        let entry = if first_is_wrong { &first.1 } else { &second.1 };
        let message =
            format!("{what} is outside the {} family: {} must be {}", info.name, violation.quantity, violation.wanted);
        entry.report(message, None);
        match place {
            Some(i) => p[i] = info.example[i],
            None => break,
        }
    }
    // Normalized by the canonical chart: an angle is wrapped into its range, everything else is unchanged.
    inside.then(|| family.canonical().to_parameters(given))
}
