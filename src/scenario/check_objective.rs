//! `[objective]`: a target, an expression, or data.
//!
//! Data are read by `check_data`; losses are computed in `objective`.

use std::sync::Arc;

use super::check_data::{draw, observations as observed};
use super::check_fields::setting;
use super::check_model::{Model, Own, point};
use super::reader::{Entry, Section};
use super::schema::objective::{KIND, SAMPLE};
use super::schema::sample::LARGEST;
use super::schema::{self, OBJECTIVE};
use super::{Goal, Model as Spec, Sample, check_return};
use crate::expression::Expression;
use crate::objective::{OBJECTIVES, ObjectiveInfo};
use crate::registry::{Field, Kind, Preset, Setting, Settings, Variables};

pub(super) fn objective(root: &Section<'_>, model: Option<&Model>, seed: Option<u64>) -> Option<Goal> {
    let (section, place) = root.entry(&OBJECTIVE)?.section("[objective]")?.row(schema::objective::KEYS)?;
    let info = OBJECTIVES[place];
    if let Some(model) = model.filter(|model| !model.suits(info.of)) {
        let known: Vec<&str> = OBJECTIVES.iter().filter(|row| model.suits(row.of)).map(|row| row.name).collect();
        let message = format!("{} is a loss of {}, and {} is none", info.name, info.of.words(), model.spec.name());
        section.entry(&KIND)?.report(message, Some(format!("known: {}", known.join(", "))));
        return None;
    }
    if model.is_some_and(|model| model.columns().is_some()) && !info.has_data() {
        let message = format!("a model of several columns is fitted to data, {} has none", info.name);
        section.entry(&KIND)?.report(message, Some("help: write kind = \"nll\" and data".to_owned()));
        return None;
    }
    let mut settings = Settings::defaults(info.fields);
    let mut drawn = None;
    let mut complete = true;
    for field in info.fields {
        // The number of observations, if they were read already, limits a batch.
        match read(&section, field, info, model, seed, (&settings, &mut drawn)) {
            Ok(Some(value)) => settings.set(field, value),
            Ok(None) => {}
            Err(Reported) => complete = false,
        }
    }
    if !complete {
        return None;
    }
    if let Some((field, message)) = (info.conflict)(&settings) {
        match section.get(field) {
            Some(entry) => entry.report(message, None),
            None => section.report(message, None),
        }
        return None;
    }
    if let Some(Spec::Policy(_, agent)) = model.map(|model| &model.spec)
        && !check_return::holds(&section, &settings, agent)
    {
        return None;
    }
    Some(Goal { kind: info, settings, drawn })
}

/// An error that has been reported.
struct Reported;

/// The value of a field; `None` if it is left out and may be.
fn read(
    section: &Section<'_>,
    field: &Field,
    info: &'static ObjectiveInfo,
    model: Option<&Model>,
    seed: Option<u64>,
    (before, drawn): (&Settings, &mut Option<Sample>),
) -> Result<Option<Setting>, Reported> {
    let need = || section.entry(field).ok_or(Reported);
    let value = match field.kind {
        Kind::Data => data(section, field, model, seed, drawn).map(|values| Setting::Numbers(values.into())),
        Kind::Point => target(&need_point(section, field, info).ok_or(Reported)?, model),
        Kind::Formula(variables) => formula(&need()?, variables, model),
        Kind::Batch(most) => match section.get(field.name) {
            Some(entry) => entry.integer(1, observations(info, before, model).unwrap_or(most)).map(Setting::Integer),
            None => return Ok(None),
        },
        _ => match (section.get(field.name), field.default) {
            (Some(entry), _) => setting(&entry, field),
            (None, Preset::Required) => setting(&need()?, field),
            (None, _) => return Ok(None),
        },
    };
    value.map(Some).ok_or(Reported)
}

/// The number of observations that have been read.
fn observations(info: &'static ObjectiveInfo, settings: &Settings, model: Option<&Model>) -> Option<u64> {
    let field = info.fields.iter().find(|field| matches!(field.kind, Kind::Data))?;
    let width = model.and_then(|model| model.own.as_ref()).map_or(1, Own::width);
    Some(settings.get(field).map_or(LARGEST, |_| (settings.numbers(field).len() / width) as u64))
}

fn need_point<'a>(section: &Section<'a>, field: &Field, info: &'static ObjectiveInfo) -> Option<Section<'a>> {
    let wanted = format!("{} needs a point of the family: {} = {{ … }}", info.name, field.name);
    section.need(field.name, &wanted)?.section(format!("`{}`", field.name))
}

fn target(table: &Section<'_>, model: Option<&Model>) -> Option<Setting> {
    let own = model?.own.as_ref()?;
    point(table.clone(), own.info, own.family.as_ref()).map(|p| Setting::Point([p[0], p[1]]))
}

fn formula(entry: &Entry<'_>, variables: Variables, model: Option<&Model>) -> Option<Setting> {
    let (text, own) = (entry.text()?, model?.own.as_ref()?);
    let read = match variables {
        Variables::Parameters => expression(entry, text, &own.info.parameters)?,
        Variables::Observation if own.family.width() > 1 => {
            let help = "help: choose a family whose observations are single numbers".to_owned();
            let message = format!(
                "`{}` is a function of one number, but an observation of {} is a pair",
                entry.name, own.info.name
            );
            entry.report(message, Some(help));
            return None;
        }
        Variables::Observation => expression(entry, text, &["x"])?,
    };
    Some(Setting::Formula(Arc::new(read)))
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

/// Observations, given or drawn.
fn data(
    section: &Section<'_>,
    field: &Field,
    model: Option<&Model>,
    seed: Option<u64>,
    drawn: &mut Option<Sample>,
) -> Option<Vec<f64>> {
    match (section.get(field.name), section.get(SAMPLE.name)) {
        (Some(_), Some(sample)) => {
            let message = format!("`{}` and `{}` exclude each other", field.name, SAMPLE.name);
            sample.report(message, Some("help: keep one of them".to_owned()));
            None
        }
        (Some(data), None) => observed(&data, model),
        (None, Some(sample)) => {
            let (sample, values) = draw(&sample, model, seed)?;
            *drawn = Some(sample);
            Some(values)
        }
        (None, None) => {
            let wanted = "give data = [..], data = { csv = .., column = .. } or sample = { size = .., from = .. }";
            section.need(field.name, wanted).and(None)
        }
    }
}
