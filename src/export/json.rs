//! The trace as JSON.
//!
//! Also used by `inspect`. JSON has no NaN or infinities: numbers that are not finite are null.

use std::io::{self, Write};

use super::csv::{COLUMNS, values};
use super::shortest;
use crate::math::Vec2;
use crate::measure::{Answer, answer};
use crate::race::{Race, Row, World};
use crate::scenario::Measure;
use crate::text::{first_unsafe, is_unsafe};

/// A number, or null if it is not finite.
#[must_use]
pub fn number(x: f64) -> String {
    if x.is_finite() { shortest(x) } else { "null".to_owned() }
}

/// A quoted string. Characters unsafe for a terminal are escaped, so that parsers still get them.
#[must_use]
pub fn string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    if first_unsafe(&quoted).is_none() {
        return quoted;
    }
    let escaped = |c: char| {
        let units: Vec<String> = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
        units.concat()
    };
    quoted.chars().map(|c| if is_unsafe(c) { escaped(c) } else { c.to_string() }).collect()
}

/// `{"a":1.0,"b":2.0}` for two named numbers.
#[must_use]
pub fn named(names: [&str; 2], values: Vec2) -> String {
    format!("{{{}:{},{}:{}}}", string(names[0]), number(values[0]), string(names[1]), number(values[1]))
}

/// `[1.0,2.0]`.
#[must_use]
pub fn pair(values: Vec2) -> String {
    format!("[{},{}]", number(values[0]), number(values[1]))
}

/// Writes the whole trace and the answers to the scenario's measures as one object.
///
/// # Errors
/// If the writer fails.
pub fn write(world: &World, race: &Race, answers: &[Answer], out: &mut dyn Write) -> io::Result<()> {
    let parameters = world.family.info().parameters;
    let (title, seed) = (string(&world.scenario.title), world.scenario.seed);
    write!(out, "{{\"title\":{title},\"version\":1,\"seed\":{seed},\"optimizers\":[")?;
    for (i, (racer, trace)) in world.scenario.racers.iter().zip(race.traces()).enumerate() {
        let chart = world.family.chart(racer.chart).info().name;
        let comma = if i == 0 { "" } else { "," };
        let (label, kind) = (string(&racer.label), string(racer.kind.name));
        write!(out, "{comma}{{\"label\":{label},\"kind\":{kind},\"chart\":{},\"rows\":[", string(chart))?;
        for (step, row) in trace.rows.iter().enumerate() {
            let comma = if step == 0 { "" } else { "," };
            let reason = trace.ending.as_ref().filter(|ending| ending.step == step).map(|ending| &*ending.reason);
            write!(out, "{comma}{}", object(parameters, step, &row, reason))?;
        }
        write!(out, "]}}")?;
    }
    let told = world.scenario.measures.iter().zip(answers).map(|(measure, answer)| verdict(world, measure, answer));
    writeln!(out, "],\"measures\":[{}]}}", told.collect::<Vec<_>>().join(","))?;
    out.flush()
}

/// A measure with its answer. For several racers, `racer` has their labels joined and `racers` as a list.
fn verdict(world: &World, measure: &Measure, answer: &Answer) -> String {
    let optional = |x: Option<f64>| x.map_or("null".to_owned(), number);
    let labels: Vec<String> = measure.racers.iter().map(|racer| string(&world.scenario.racers[*racer].label)).collect();
    let several = if labels.len() > 1 { format!(",\"racers\":[{}]", labels.join(",")) } else { String::new() };
    let expect = measure.expect;
    format!(
        "{{\"of\":{},\"racer\":{}{several},\"value\":{},\"expect\":{},\"within\":{},\"holds\":{},\"text\":{}}}",
        string(measure.info.name),
        string(&answer::labels(world, measure)),
        optional(answer.value),
        optional(expect.map(|expect| expect.value)),
        optional(expect.map(|expect| expect.within)),
        answer.holds.map_or("null", |holds| if holds { "true" } else { "false" }),
        string(&answer.text),
    )
}

/// A row, with the reason if it ended its optimizer.
fn object(parameters: [&str; 2], step: usize, row: &Row, reason: Option<&str>) -> String {
    let numbers: Vec<String> =
        COLUMNS.iter().zip(values(row)).map(|(name, x)| format!("\"{name}\":{}", number(x))).collect();
    let numbers = numbers.join(",");
    let status = row.status.name();
    let (point, coordinates) = (named(parameters, row.p()), pair(row.x()));
    let reason = reason.map_or_else(String::new, |reason| format!(",\"reason\":{}", string(reason)));
    format!(
        "{{\"step\":{step},\"status\":\"{status}\",{numbers},\"parameters\":{point},\"coordinates\":{coordinates}{reason}}}"
    )
}
