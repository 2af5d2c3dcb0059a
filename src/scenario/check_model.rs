//! `[model]`, points of its family, charts by name, and tables of fields.
//!
//! Knows no family by name: everything is read off the rows of the registry.

use std::sync::Arc;

use super::Goal;
use super::check_data::{INTERCEPT, columns, numbers};
use super::diagnostic::listed;
use super::reader::{Entry, Section};
use crate::family::{ChartId, FAMILIES, Family, FamilyInfo};
use crate::math::Vec2;
use crate::objective::ObjectiveInfo;
use crate::problem::family::lacks;
use crate::problem::{Capability, regression};
use crate::registry::{Field, Kind, Known, Preset, Setting, Settings, covariance_fault};

/// Keys of every model, besides its family's fixed fields.
const KEYS: [Known<'static>; 2] = [
    Known::with("family", &["distribution", "name", "kind"]),
    Known::with("chart", &["coordinates", "parametrization", "parametrisation"]),
];

/// The contents of `[model]`.
pub(super) struct Model {
    pub(super) info: &'static FamilyInfo,
    pub(super) settings: Settings,
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
    /// A chart by name.
    pub(super) fn chart(&self, entry: &Entry<'_>) -> Option<ChartId> {
        chart(entry, self.info, self.columns.is_some())
    }

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
    pub(super) fn lacks(&self, capability: Capability, objective: &'static ObjectiveInfo) -> Option<&'static str> {
        match self.columns {
            Some(_) => regression::lacks(capability),
            None => lacks(capability, &*self.family, objective),
        }
    }

    /// The names of the canonical parameters.
    pub(super) fn parameters(&self) -> Vec<&'static str> {
        parameters(self.info, &self.settings)
    }
}

/// The names of the canonical parameters of a family with these settings.
pub(super) fn parameters(info: &'static FamilyInfo, settings: &Settings) -> Vec<&'static str> {
    match columns_of(info, settings) {
        Some(columns) => std::iter::once(INTERCEPT).chain(columns.iter().copied()).collect(),
        None => info.parameters.to_vec(),
    }
}

pub(super) fn model(root: &Section<'_>) -> Option<Model> {
    let section = root.need("model", "name the family: [model] family = \"gaussian\"")?.section("[model]")?;
    let entry = section.get("family").or_else(|| section.clone().only(every_key(), "key").need("family", "name it"))?;
    let info = family_of(&entry)?;
    let section = section.only(KEYS.into_iter().chain(info.fixed.iter().map(Known::from)), "key");
    let settings = settings(&section, info.fixed);
    let columns = settings.as_ref().and_then(|settings| columns_of(info, settings));
    let several = columns.is_some();
    let chart = section.get("chart").map_or(Some(ChartId::CANONICAL), |entry| chart(&entry, info, several));
    let settings = settings?;
    Some(Model { info, family: (info.build)(&settings), settings, columns, chart })
}

/// Every key of `[model]` for any family.
fn every_key() -> impl Iterator<Item = Known<'static>> {
    KEYS.into_iter().chain(FAMILIES.iter().flat_map(|info| info.fixed).map(Known::from))
}

/// A family by name.
pub(super) fn family_of(entry: &Entry<'_>) -> Option<&'static FamilyInfo> {
    entry.word(FAMILIES.iter().copied(), "family").map(|place| FAMILIES[place])
}

/// A chart of a family by name.
fn chart(entry: &Entry<'_>, info: &'static FamilyInfo, several: bool) -> Option<ChartId> {
    if several {
        let place = entry.word(WEIGHTS, &format!("chart of {} on several columns", info.name))?;
        return info.chart(info.charts[place].name);
    }
    let names = info.charts.iter().map(|chart| info.known(chart.name));
    let place = entry.word(names, &format!("chart of {}", info.name))?;
    info.chart(info.charts[place].name)
}

/// The names of the columns of a table among the settings.
fn columns_of(info: &'static FamilyInfo, settings: &Settings) -> Option<Arc<[&'static str]>> {
    info.fixed.iter().find_map(|field| match settings.get(field) {
        Some(Setting::Table(names, _)) => Some(names),
        _ => None,
    })
}

pub(super) fn start(root: &Section<'_>, model: Option<&Model>) -> Option<Vec<f64>> {
    let section =
        root.need("start", "say where all optimizers start, in the family's parameters")?.section("[start]")?;
    let model = model?;
    if model.columns.is_some() {
        return weights(section, model);
    }
    point(section, model.info, model.family.as_ref()).map(|p| p.as_slice().to_vec())
}

/// One number for each parameter of a model of several columns.
fn weights(section: Section<'_>, model: &Model) -> Option<Vec<f64>> {
    let names = model.parameters();
    let section = section.only(names.iter().copied(), &format!("parameter of {}", model.info.name));
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

/// The values of a table of fields, complete and in range. All errors are reported.
pub(super) fn settings(section: &Section<'_>, fields: &'static [Field]) -> Option<Settings> {
    let mut settings = Settings::defaults(fields);
    let mut complete = true;
    for field in fields {
        let entry = match field.default {
            Preset::Required => section.need(field.name, field.doc),
            _ => section.get(field.name),
        };
        let required = matches!(field.default, Preset::Required);
        match entry {
            Some(entry) => match setting(&entry, field) {
                Some(value) => settings.set(field, value),
                None => complete = false,
            },
            None => complete &= !required,
        }
    }
    complete.then_some(settings)
}

/// The value of one field.
pub(super) fn setting(entry: &Entry<'_>, field: &Field) -> Option<Setting> {
    match field.kind {
        Kind::Number(range) => entry.number_in(range).map(Setting::Number),
        Kind::Integer(low, high) => entry.integer(low, high).map(Setting::Integer),
        Kind::Flag => entry.flag().map(Setting::Flag),
        Kind::Choice(_) => word_of(entry, field, &[]),
        Kind::Covariance => covariance(entry, field).map(Setting::Covariance),
        Kind::Columns => columns(entry),
        Kind::Numbers => numbers(entry).map(|values| Setting::Numbers(values.into())),
        Kind::Batch(most) => entry.integer(1, most).map(Setting::Integer),
        // Read by `check_objective`, which has the family.
        Kind::Path | Kind::Point | Kind::Data | Kind::Formula(_) => None,
    }
}

/// One of a field's choices, or one of `more`.
pub(super) fn word_of(entry: &Entry<'_>, field: &Field, more: &[&'static str]) -> Option<Setting> {
    let Kind::Choice(words) = field.kind else { return None };
    let words: Vec<&'static str> = words.iter().chain(more).copied().collect();
    entry.word(words.iter().copied(), &format!("`{}`", field.name)).map(|place| Setting::Choice(words[place]))
}

/// `covariance = [[a, b], [b, c]]`.
fn covariance(entry: &Entry<'_>, field: &Field) -> Option<[[f64; 2]; 2]> {
    let help = || Some(format!("help: write {} = [[1.0, 0.5], [0.5, 2.0]], {}", field.name, field.kind));
    let shape = || entry.report(format!("`{}` must be two rows of two numbers", field.name), help());
    let lists = entry.is_list() && entry.list()?.iter().all(Entry::is_list);
    if !lists {
        shape();
        return None;
    }
    let rows: Vec<Vec<Entry<'_>>> = entry.list()?.iter().filter_map(Entry::list).collect();
    if rows.len() != 2 || rows.iter().any(|row| row.len() != 2) {
        shape();
        return None;
    }
    let mut matrix = [[0.0; 2]; 2];
    for (row, entries) in matrix.iter_mut().zip(&rows) {
        for (slot, entry) in row.iter_mut().zip(entries) {
            *slot = entry.number()?;
        }
    }
    if let Some(fault) = covariance_fault(&matrix) {
        entry.report(format!("`{}` {fault}", field.name), help());
        return None;
    }
    Some(matrix)
}
