//! `[model]`, points of a family, and charts by name.
//!
//! Knows no family and no policy by name: everything is read off the rows of the registries.

use std::sync::Arc;

use super::reader::{Entry, Section};
use super::schema::model::{CHART, POLICY, VALUE};
use super::schema::{self, MODEL};
use super::{FamilyModel, Goal, Model as Spec, check_process, check_return};
use crate::family::{ChartId, FAMILIES, Family, FamilyInfo};
use crate::math::Vec2;
use crate::objective::Of;
use crate::problem::family::lacks;
use crate::problem::policy::{Coordinates, POLICIES, Return};
use crate::problem::value::{LinearValue, VALUES};
use crate::problem::{Capability, regression};
use crate::registry::{Field, Kind, More, Settings, intern};

/// The contents of `[model]`, and what they are checked with.
pub(super) struct Model {
    pub(super) spec: Spec,
    /// The family itself, to check points and data against; `None` for policies and value functions.
    pub(super) own: Option<Own>,
    /// The default chart; `None` if its name is unknown.
    pub(super) chart: Option<ChartId>,
}

/// A family as it is checked against.
pub(super) struct Own {
    pub(super) info: &'static FamilyInfo,
    pub(super) family: Arc<dyn Family>,
    /// The names of the design's columns, if it has several: then the parameters are an intercept and one for each.
    pub(super) columns: Option<Arc<[&'static str]>>,
}

/// The charts of a model of several columns, in the order of those that its family has for one.
const WEIGHTS: [&str; 2] = ["weights", "standardised"];

impl Own {
    /// How many numbers an observation has.
    pub(super) fn width(&self) -> usize {
        self.columns.as_ref().map_or_else(|| self.family.width(), |columns| columns.len() + 1)
    }
}

impl Model {
    /// The family, if it has two parameters.
    pub(super) fn plain(&self) -> Option<&Own> {
        self.own.as_ref().filter(|own| own.columns.is_none())
    }

    /// The names of the design's columns, if it has several.
    pub(super) fn columns(&self) -> Option<&Arc<[&'static str]>> {
        self.own.as_ref()?.columns.as_ref()
    }

    /// Whether a kind of objective is a loss of such a model.
    pub(super) const fn suits(&self, of: Of) -> bool {
        matches!(
            (&self.spec, of),
            (Spec::Family(_), Of::Family { .. }) | (Spec::Policy(..), Of::Policy) | (Spec::Value(..), Of::Value)
        )
    }

    /// The number of densities that a step evaluates, or what costs as much.
    pub(super) fn densities(&self, objective: &Goal) -> usize {
        let data = objective.kind.fields.iter().find(|field| matches!(field.kind, Kind::Data));
        match (&self.spec, &self.own, objective.kind.of) {
            (Spec::Policy(_, agent), ..) => check_return::densities(agent, objective),
            (_, Some(own), _) if own.columns.is_some() => {
                data.map_or(0, |data| objective.settings.numbers(data).len() / own.width())
            }
            (_, Some(own), Of::Family { densities, .. }) => densities(&objective.settings, &*own.family),
            _ => 0,
        }
    }

    /// What lacks a capability, the model or the loss on it.
    pub(super) fn lacks(&self, capability: Capability, goal: &Goal) -> Option<&'static str> {
        match (&self.spec, &self.own) {
            (Spec::Policy(_, agent), _) => agent.lacks(&check_return::goal(agent, goal), capability),
            (Spec::Value(..), _) => LinearValue::lacks(capability),
            (_, Some(own)) if own.columns.is_some() => regression::lacks(capability),
            (_, Some(own)) => lacks(capability, &*own.family, goal.kind, &goal.settings),
            (_, None) => None,
        }
    }

    /// The names that a field accepts beside its own words.
    pub(super) fn names(&self, more: More) -> Vec<&'static str> {
        match more {
            More::Parameters => self.spec.parameters(),
            More::Charts => self.charts(),
        }
    }

    fn charts(&self) -> Vec<&'static str> {
        match (&self.spec, &self.own) {
            (Spec::Policy(_, agent), _) => agent.charts().iter().map(|chart| chart.name).collect(),
            (Spec::Value(_, value), _) => value.charts().iter().map(|chart| chart.name).collect(),
            (_, Some(own)) if own.columns.is_some() => WEIGHTS.to_vec(),
            (Spec::Family(model), _) => model.family.charts.iter().map(|chart| chart.name).collect(),
        }
    }

    /// The names of the coordinates of a policy or a value function in a chart; of a family its parameters.
    pub(super) fn coordinates(&self, chart: ChartId) -> Vec<&'static str> {
        let names = match &self.spec {
            Spec::Policy(_, agent) => {
                agent.within(&Return::of(&Settings::default(), false), chart.index()).coordinates()
            }
            Spec::Value(_, value) => value.within(0.0, chart.index()).coordinates(),
            Spec::Family(_) => return self.spec.parameters(),
        };
        names.iter().map(|name| intern(name)).collect()
    }

    /// A chart by name.
    pub(super) fn chart_at(&self, entry: &Entry<'_>) -> Option<ChartId> {
        match (&self.spec, &self.own) {
            (Spec::Policy(info, _), _) => self.listed_chart(entry, info.name, &info.charts()),
            (Spec::Value(info, _), _) => self.listed_chart(entry, info.name, &info.charts()),
            (Spec::Family(model), own) => {
                chart_of(entry, model.family, own.as_ref().is_some_and(|own| own.columns.is_some()))
            }
        }
    }

    /// A chart of a policy or a value function, of all those which such ones may have, each with the field it needs.
    fn listed_chart(
        &self,
        entry: &Entry<'_>,
        name: &str,
        all: &[(&'static str, &'static Coordinates)],
    ) -> Option<ChartId> {
        let known = self.charts();
        let word = entry.text()?;
        let elsewhere = all.iter().find(|(_, chart)| chart.name == word && !known.contains(&word));
        if let Some((field, _)) = elsewhere {
            let (why, help) = match *field {
                "" => ("is not one of these fields".to_owned(), format!("known: {}", known.join(", "))),
                field => (
                    format!("needs `{field}`"),
                    format!("help: write `{field}` in [model], or one of: {}", known.join(", ")),
                ),
            };
            entry.report(format!("the chart `{word}` of {name} {why}"), Some(help));
            return None;
        }
        entry.word(known, &format!("chart of {name}")).map(ChartId::of_row)
    }
}

pub(super) fn model(root: &Section<'_>) -> Option<Model> {
    let (section, by, place) = root.entry(&MODEL)?.section("[model]")?.row_by(schema::model::KEYS)?;
    let whole = section.get(by)?;
    let (spec, own) = if by == POLICY.name {
        (check_process::policy(root, &section, &whole, POLICIES[place])?, None)
    } else if by == VALUE.name {
        (check_process::value(root, &section, &whole, VALUES[place])?, None)
    } else {
        check_process::refuse(root, FAMILIES[place].name);
        return of_family(&section, FAMILIES[place]);
    };
    let mut model = Model { spec, own, chart: Some(ChartId::CANONICAL) };
    if let Some(entry) = section.get(CHART.name) {
        model.chart = model.chart_at(&entry);
    }
    Some(model)
}

fn of_family(section: &Section<'_>, info: &'static FamilyInfo) -> Option<Model> {
    let model = section.settings(info.fixed).map(|settings| FamilyModel { family: info, settings });
    let columns = model.as_ref().and_then(FamilyModel::columns);
    let several = columns.is_some();
    let chart = section.get(CHART.name).map_or(Some(ChartId::CANONICAL), |entry| chart_of(&entry, info, several));
    let model = model?;
    let own = Own { info, family: (info.build)(&model.settings), columns };
    Some(Model { spec: Spec::Family(model), own: Some(own), chart })
}

/// The chart at a key, by default the model's.
pub(super) fn chart(section: &Section<'_>, field: &Field, model: Option<&Model>) -> Option<ChartId> {
    match (section.get(field.name), model) {
        (Some(entry), Some(model)) => model.chart_at(&entry),
        (Some(entry), None) => entry.text().and(None),
        (None, model) => model.and_then(|model| model.chart),
    }
}

/// A chart of a family by name.
fn chart_of(entry: &Entry<'_>, info: &'static FamilyInfo, several: bool) -> Option<ChartId> {
    if several {
        let place = entry.word(WEIGHTS, &format!("chart of {} on several columns", info.name))?;
        return info.chart(info.charts[place].name);
    }
    let names = info.charts.iter().map(|chart| info.known(chart.name));
    let place = entry.word(names, &format!("chart of {}", info.name))?;
    info.chart(info.charts[place].name)
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
