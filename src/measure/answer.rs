//! The measures of a scenario one by one: value, verdict and text.
//!
//! Layout is handled by `export` and `screen`.

use super::flow;
use super::gap::{self, Apart};
use super::local;
use super::path::{self, To};
use crate::family::{self, ChartId, FamilyInfo};
use crate::format;
use crate::objective::Objective;
use crate::objective::likelihood::Likelihood;
use crate::race::{Race, Reading, Trace, World};
use crate::registry::Settings;
use crate::scenario::measures::{
    ABOVE, ANY, BELOW, CHART, DELTA, FALLS, FAMILY, FIRST, HALVINGS, MADE, OF, PARAMETER, QUANTITY, Question, REQUIRED,
    STEP, TO, TOLERANCE, UNDER, WHEN,
};
use crate::scenario::{MEASURES, Measure};
use crate::selfcheck;
use crate::work::{Cancelled, Output, Progress, now};

/// The answer to one measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The value; `None` if the measure has none.
    pub value: Option<f64>,
    /// Whether the value is as expected; `None` if nothing is expected. A missing value is not as expected.
    pub holds: Option<bool>,
    /// The scenario's text, filled in.
    pub text: String,
}

/// Answers all measures of a scenario, in the order of the file, from its race, which must have been run to its end. The
/// progress counts measures.
///
/// # Errors
/// If nobody wants the result any more.
pub fn ask(world: &World, race: &Race, out: &Output<Answer>) -> Result<(), Cancelled> {
    let measures = &world.scenario.measures;
    for (done, measure) in measures.iter().enumerate() {
        out.progress().report(done, measures.len())?;
        let value = evaluate(world, race, measure, out.progress())?;
        out.send(Answer::new(world, measure, value.filter(|value| value.is_finite())))?;
    }
    Ok(())
}

/// The same here and now.
#[must_use]
pub fn answers(world: &World, race: &Race) -> Vec<Answer> {
    now(|out| ask(world, race, out))
}

/// The value of a measure.
fn evaluate(world: &World, race: &Race, measure: &Measure, progress: &Progress) -> Result<Option<f64>, Cancelled> {
    let traces: Vec<&Trace> = measure.racers.iter().map(|racer| race.trace(*racer)).collect();
    let (Some(racer), Some(trace)) = (measure.racers.first(), traces.first()) else { return Ok(None) };
    match measure.info.question {
        Question::Gap => gap::gap(world, &traces, Apart::of(&measure.settings), progress),
        Question::GapOrder => {
            let how = (measure.settings.integer(&HALVINGS), Apart::of(&measure.settings));
            gap::order(world, &measure.racers, how, progress)
        }
        Question::PathLength => path::length(world, trace, progress),
        Question::Ratio => ratio(world, race, measure, progress),
        Question::FlowTime => flow::time(world, *racer, measure.settings.number(&FALLS), progress, |_| {}),
        Question::SelfCheck => {
            selfcheck::worst_error(world, (*racer, trace), local::means(&measure.settings), progress).map(Some)
        }
        _ => Ok(value(world, race, measure)),
    }
}

/// The value of a measure that is evaluated at once.
fn value(world: &World, race: &Race, measure: &Measure) -> Option<f64> {
    let settings = &measure.settings;
    let traces: Vec<(usize, &Trace)> = measure.racers.iter().map(|racer| (*racer, race.trace(*racer))).collect();
    let (racer, trace) = *traces.first()?;
    let reading = Reading::new(race.runner(racer));
    let to = To::of(settings.choice(&TO));
    match measure.info.question {
        Question::StepsTo => steps_to(&reading, settings),
        Question::Final => at(&reading, settings.choice(&QUANTITY), whole(trace)?),
        Question::At => at(&reading, settings.choice(&QUANTITY), settings.integer(&STEP)),
        Question::Peak => extreme(&reading, settings, f64::max),
        Question::Valley => extreme(&reading, settings, f64::min),
        Question::EndsAt => trace.ending.as_ref().map(|ending| ending.step as f64),
        Question::GeodesicLength => path::geodesic_length(world, trace, to),
        Question::Angle => path::angle(world, &traces, usize::try_from(settings.integer(&MADE)).ok()?),
        Question::ChordDeviation => path::chord_deviation(world, trace, chart(world, settings, racer), to),
        Question::OffGeodesic => path::off_geodesic(world, trace, to),
        Question::RealisedKl => {
            let kl = kl_step(trace, settings.integer(&MADE))?;
            Some(kl / settings.number(&DELTA))
        }
        Question::KlStepMax => trace.rows.iter().map(|row| row.kl_step).filter(|kl| kl.is_finite()).reduce(f64::max),
        Question::Aic => match family::find(settings.choice(&FAMILY)) {
            Some(other) => aic_of(world, other),
            None => aic(world, trace),
        },
        Question::Share => Some(share(&reading, settings)),
        Question::Efficiency => efficiency(world, &reading, settings.choice(&PARAMETER)),
        // Evaluated step by step.
        Question::Gap
        | Question::GapOrder
        | Question::PathLength
        | Question::Ratio
        | Question::SelfCheck
        | Question::FlowTime => None,
        question => local::value(question, world, settings, racer, trace),
    }
}

fn steps_to(reading: &Reading<'_>, settings: &Settings) -> Option<f64> {
    let quantity = reading.find(settings.choice(&BELOW))?;
    let tolerance = settings.number(&TOLERANCE);
    let step =
        if settings.flag(&FIRST) { reading.reaches(quantity, tolerance) } else { reading.settles(quantity, tolerance) };
    step.map(|step| step as f64)
}

/// 1 where the quantity lies beyond its bound, else 0; of a member that ended early by default where it ended.
fn share(reading: &Reading<'_>, settings: &Settings) -> f64 {
    let last = reading.trace().last_alive() as u64;
    let step = if settings.get(&WHEN).is_some() { settings.integer(&WHEN) } else { last };
    let found = at(reading, settings.choice(&ANY), step);
    let holds = found.is_some_and(|value| match settings.get(&ABOVE) {
        Some(_) => value > settings.number(&ABOVE),
        None => value < settings.number(&UNDER),
    });
    f64::from(u8::from(holds))
}

/// The squared error of a parameter at the last step over the Cramér-Rao bound (F⁻¹)ᵢᵢ/n at the point that the sample was
/// drawn from (Amari 1998, §4).
fn efficiency(world: &World, reading: &Reading<'_>, name: &str) -> Option<f64> {
    let sample = world.scenario.objective.drawn.as_ref()?;
    let place = world.family.info().parameters.iter().position(|known| *known == name)?;
    let bound = world.family.fisher_inverse(sample.from.into())?[(place, place)] / sample.size as f64;
    let end = at(reading, name, whole(reading.trace())?)?;
    Some((end - sample.from[place]).powi(2) / bound)
}

/// The last step; `None` if the optimizer ended early.
fn whole(trace: &Trace) -> Option<u64> {
    if trace.ending.is_some() { None } else { u64::try_from(trace.last_alive()).ok() }
}

fn at(reading: &Reading<'_>, quantity: &str, step: u64) -> Option<f64> {
    let step = usize::try_from(step).ok().filter(|step| *step < reading.trace().rows.len())?;
    Some(reading.at(reading.find(quantity)?, step)).filter(|value| value.is_finite())
}

fn kl_step(trace: &Trace, step: u64) -> Option<f64> {
    let row = trace.rows.get(usize::try_from(step).ok()?)?;
    Some(row.kl_step).filter(|kl| kl.is_finite())
}

fn extreme(reading: &Reading<'_>, settings: &Settings, better: fn(f64, f64) -> f64) -> Option<f64> {
    let quantity = reading.find(settings.choice(&REQUIRED))?;
    reading.all(quantity).filter(|value| value.is_finite()).reduce(better)
}

/// The chart in the settings, as an index into the family's charts.
fn chart(world: &World, settings: &Settings, racer: usize) -> ChartId {
    let named = world.family.info().chart(settings.choice(&CHART));
    named.unwrap_or(world.scenario.racers[racer].chart)
}

fn ratio(world: &World, race: &Race, measure: &Measure, progress: &Progress) -> Result<Option<f64>, Cancelled> {
    let settings = &measure.settings;
    let divided = MEASURES.iter().find(|row| row.name == settings.choice(&OF)).map(|row| row.question);
    let value = |racer: &usize| {
        let reading = Reading::new(race.runner(*racer));
        match divided {
            Some(Question::StepsTo) => Ok(steps_to(&reading, settings)),
            Some(Question::PathLength) => path::length(world, reading.trace(), progress),
            _ => Ok(whole(reading.trace()).and_then(|last| at(&reading, settings.choice(&BELOW), last))),
        }
    };
    let [one, other] = measure.racers.as_slice() else { return Ok(None) };
    Ok(value(one)?.zip(value(other)?).map(|(one, other)| one / other))
}

fn aic(world: &World, trace: &Trace) -> Option<f64> {
    let parameters = world.scenario.model.parameters().len() as f64;
    let rows = world.observations()?;
    let losses = (0..=trace.last_alive()).map(|step| trace.rows.at(step).loss).filter(|loss| loss.is_finite());
    let loss = losses.min_by(f64::total_cmp)?;
    Some(2.0 * parameters + 2.0 * rows as f64 * loss)
}

/// The criterion of another family, at its maximum-likelihood point for the same data; `None` if it has none there.
fn aic_of(world: &World, other: &FamilyInfo) -> Option<f64> {
    let data = world.objective.data().filter(|_| world.objective.info().has_data())?;
    let family = (other.build)(&Settings::defaults(other.fixed));
    if family.width() != world.family.width() {
        return None;
    }
    let (rows, parameters) = (data.rows() as f64, other.parameters.len() as f64);
    let fitted = Likelihood::new(family, data.clone(), other.example.into());
    Some(2.0 * parameters + 2.0 * rows * fitted.value(fitted.optimum()?))
}

impl Answer {
    /// The answer with a value.
    #[must_use]
    pub fn new(world: &World, measure: &Measure, value: Option<f64>) -> Self {
        let holds =
            measure.expect.map(|expect| value.is_some_and(|value| (value - expect.value).abs() <= expect.within));
        Self { value, holds, text: text(world, measure, value) }
    }
}

/// The labels of a measure's racers, separated by commas.
#[must_use]
pub fn labels(world: &World, measure: &Measure) -> String {
    let labels: Vec<&str> = measure.racers.iter().map(|racer| world.scenario.racers[*racer].label.as_str()).collect();
    labels.join(", ")
}

fn text(world: &World, measure: &Measure, value: Option<f64>) -> String {
    let expect = measure.expect.map(|expect| expect.value);
    filled(measure.say.as_deref(), measure.info.name, &labels(world, measure), value, expect)
}

/// What a measure says in words: its sentence filled in, or its name, its racers and the value.
#[must_use]
pub fn filled(say: Option<&str>, of: &str, labels: &str, value: Option<f64>, expect: Option<f64>) -> String {
    let Some(say) = say else { return format!("{of}, {labels}: {}", shown(value)) };
    // What is filled in is not expanded again: a label may contain braces.
    let mut pieces = say.split('{');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        match name {
            "value" => text.push_str(&shown(value)),
            "expect" => text.push_str(&shown(expect)),
            _ => text.push_str(labels),
        }
        text.push_str(rest);
    }
    text
}

/// A number for people, or a dash: counts in full, anything else to four digits.
fn shown(value: Option<f64>) -> String {
    let Some(x) = value else { return "–".to_owned() };
    let size = x.abs();
    let whole = (x.fract() == 0.0 && size < 1e15) || (1e3..1e6).contains(&size);
    if whole { format!("{x:.0}").replace('-', "−") } else { format::rounded(x, 4) }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn numbers_have_four_digits_and_counts_are_whole() {
        let cases = [(246.0, "246"), (1.0 / 3.0, "0.3333"), (-0.25, "−0.25"), (2.345_678_9, "2.346")];
        for (x, text) in cases.into_iter().chain([
            (1.25e-9, "1.25e−9"),
            (0.0, "0"),
            (123_456.78, "123457"),
            (1_234_567.0, "1234567"),
            (705.4423, "705.4"),
        ]) {
            assert_eq!(shown(Some(x)), text);
        }
        assert_eq!(shown(None), "–");
    }
}
