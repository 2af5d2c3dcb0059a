//! `[start]`: a point by its canonical parameters, a policy by its probabilities, weights or gain.

use super::Model as Spec;
use super::check_model::{Model, point};
use super::check_nested::{distribution, numbers};
use super::diagnostic::listed;
use super::reader::Section;
use super::schema::START;
use super::schema::start::{GAIN, PROBABILITIES, SD, WEIGHTS};
use crate::problem::policy::{Agent, Form};
use crate::problem::process::Finite;
use crate::registry::Setting;

pub(super) fn start(root: &Section<'_>, model: Option<&Model>) -> Option<Vec<f64>> {
    let family = model.is_none_or(|model| model.own.is_some());
    let entry = if family {
        Some(root.need(START.name, "say where all optimizers start: every canonical parameter")?)
    } else {
        root.get(START.name)
    };
    let section = match &entry {
        Some(entry) => Some(entry.section("[start]")?),
        None => None,
    };
    let model = model?;
    match (&model.spec, section) {
        (Spec::Policy(_, agent), section) => policy(root, section, agent),
        (Spec::Value(_, value), section) => weights(section, value.width),
        (Spec::Family(spec), section) => match (model.plain(), section?) {
            (Some(own), section) => point(section, own.info, own.family.as_ref()).map(|p| p.as_slice().to_vec()),
            (None, section) => coefficients(section, &spec.parameters(), spec.family.name),
        },
    }
}

/// One number for each parameter of a model of several columns.
fn coefficients(section: Section<'_>, names: &[&'static str], family: &str) -> Option<Vec<f64>> {
    let section = section.only(names.iter().copied(), &format!("parameter of {family}"));
    let wanted = format!("the parameters are {}", listed(names.iter().copied()));
    let values: Vec<Option<f64>> =
        names.iter().map(|name| section.need(name, &wanted).and_then(|entry| entry.number())).collect();
    values.into_iter().collect()
}

fn policy(root: &Section<'_>, section: Option<Section<'_>>, agent: &Agent) -> Option<Vec<f64>> {
    match (&agent.form, agent.process.finite()) {
        (Form::Softmax, Some(process)) => probabilities(section, process),
        (Form::Features(width, _), _) => weights(section, *width),
        _ => gain(root, section, agent),
    }
}

/// The weights of features, by default zeros.
fn weights(section: Option<Section<'_>>, width: usize) -> Option<Vec<f64>> {
    let section = section.map(|section| section.only([&WEIGHTS], "key"));
    match section.and_then(|section| section.get(WEIGHTS.name)) {
        Some(entry) => numbers(&entry, width, "feature"),
        None => Some(vec![0.0; width]),
    }
}

/// The probabilities of every state, without the last; by default uniform.
fn probabilities(section: Option<Section<'_>>, process: &Finite) -> Option<Vec<f64>> {
    let (actions, states) = (process.actions.len(), &process.states);
    let uniform = || vec![1.0 / actions as f64; actions - 1];
    let keys = if process.bandit { vec![PROBABILITIES.name] } else { states.clone() };
    let section =
        section.map(|section| section.only(keys.iter().copied(), if process.bandit { "key" } else { "state" }));
    let rows: Vec<Option<Vec<f64>>> = keys
        .iter()
        .map(|key| match section.as_ref().and_then(|section| section.get(key)) {
            Some(entry) => distribution(&entry, actions),
            None => Some(uniform()),
        })
        .collect();
    Some(rows.into_iter().collect::<Option<Vec<_>>>()?.concat())
}

/// Gain and spread of a linear policy.
fn gain(root: &Section<'_>, section: Option<Section<'_>>, agent: &Agent) -> Option<Vec<f64>> {
    let section = section.map(|section| section.only([&GAIN, &SD], "parameter of linear-gaussian"));
    let value = |field: &crate::registry::Field| match &section {
        Some(section) => section.number(field),
        None => {
            if let Some(Setting::Number(value)) = field.default.setting() {
                Some(value)
            } else {
                None
            }
        }
    };
    let (gain, sd) = (value(&GAIN), value(&SD));
    let start = vec![gain?, sd?];
    if let Some(outside) = agent.outside(&start) {
        let message = format!("gain = {}, sd = {} is outside: {outside}", start[0], start[1]);
        let help = Some("help: choose a gain with |a − b·gain| < 1".to_owned());
        match section.as_ref().and_then(|section| section.get(GAIN.name)).or_else(|| root.get(START.name)) {
            Some(entry) => entry.report(message, help),
            None => root.report(format!("without [start], {message}"), help),
        }
        return None;
    }
    Some(start)
}
