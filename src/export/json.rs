//! The trace as JSON, by serde.
//!
//! Also used by `inspect`. JSON has no NaN or infinities: numbers that are not finite are null. Numbers are in shortest
//! round-trip form; characters unsafe for a terminal are escaped, so that parsers still get them.

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};

use super::shortest;
use crate::measure::{Answer, answer};
use crate::problem::quantities::columns;
use crate::race::{Quantity, Race, Reading, Runner, World};
use crate::scenario::Measure;
use crate::text::{first_unsafe, is_unsafe};

/// Writes a value on one line.
///
/// # Errors
/// If the writer fails.
pub fn line(value: &impl Serialize, mut out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Plain))?;
    writeln!(out)?;
    out.flush()
}

/// Without blanks, numbers as the other formats have them, and nothing that a terminal would act on.
struct Plain;

impl Formatter for Plain {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(shortest(value).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        if first_unsafe(fragment).is_none() {
            return CompactFormatter.write_string_fragment(writer, fragment);
        }
        for c in fragment.chars() {
            if is_unsafe(c) {
                c.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))?;
            } else {
                write!(writer, "{c}")?;
            }
        }
        Ok(())
    }
}

/// Numbers by name, `{"a":1.0,"b":2.0}`.
#[derive(Debug)]
pub struct Named<'a, N>(pub &'a [N], pub &'a [f64]);

impl<N: AsRef<str>> Serialize for Named<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(AsRef::as_ref).zip(self.1))
    }
}

/// A race.
#[derive(Serialize)]
struct Report<'a> {
    title: &'a str,
    version: u8,
    seed: u64,
    optimizers: Vec<Racer<'a>>,
    measures: Vec<Verdict<'a>>,
}

#[derive(Serialize)]
struct Racer<'a> {
    label: &'a str,
    kind: &'a str,
    chart: &'a str,
    rows: Rows<'a>,
}

/// The rows of a racer, of a point with more numbers than this none.
struct Rows<'a>(&'a Runner, usize);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (runner, names) = (self.0, self.0.problem().parameters());
        let reading = Reading::new(runner);
        serializer.collect_seq((0..runner.trace().rows.len()).map(|number| Step {
            reading: &reading,
            runner,
            names: &names,
            number,
            most: self.1,
        }))
    }
}

/// A row, with the reason if it ended its optimizer.
struct Step<'a> {
    reading: &'a Reading<'a>,
    runner: &'a Runner,
    names: &'a [String],
    number: usize,
    most: usize,
}

impl Serialize for Step<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { reading, runner, names, number: step, most } = *self;
        let trace = runner.trace();
        let mut row = serializer.serialize_map(None)?;
        row.serialize_entry("step", &step)?;
        row.serialize_entry("status", trace.rows.at(step).status.name())?;
        for (column, info) in columns() {
            row.serialize_entry(column, &reading.at(Quantity::Listed(info), step))?;
        }
        let (p, x) = (runner.parameters(step), runner.coordinates(step));
        let shown = |numbers: usize| if numbers > most { 0 } else { numbers };
        row.serialize_entry("parameters", &Named(&names[..shown(p.len())], &p))?;
        row.serialize_entry("coordinates", &x[..shown(x.len())])?;
        if let Some(ending) = trace.ending.as_ref().filter(|ending| ending.step == step) {
            row.serialize_entry("reason", &ending.reason)?;
        }
        row.end()
    }
}

/// A measure with its answer. For several racers, `racer` has their labels joined and `racers` as a list.
#[derive(Serialize)]
struct Verdict<'a> {
    of: &'a str,
    racer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    racers: Option<Vec<&'a str>>,
    value: Option<f64>,
    expect: Option<f64>,
    within: Option<f64>,
    holds: Option<bool>,
    text: &'a str,
}

impl<'a> Verdict<'a> {
    fn new(world: &'a World, measure: &'a Measure, answer: &'a Answer) -> Self {
        let labels: Vec<&str> = measure.racers.iter().map(|racer| &*world.scenario.racers[*racer].label).collect();
        Self {
            of: measure.info.name,
            racer: answer::labels(world, measure),
            racers: Some(labels).filter(|labels| labels.len() > 1),
            value: answer.value,
            expect: measure.expect.map(|expect| expect.value),
            within: measure.expect.map(|expect| expect.within),
            holds: answer.holds,
            text: &answer.text,
        }
    }
}

/// Writes the whole trace and the answers to the scenario's measures as one object; of a point with more than `most`
/// parameters or coordinates none.
///
/// # Errors
/// If the writer fails.
pub fn write(world: &World, race: &Race, answers: &[Answer], most: usize, out: &mut dyn Write) -> io::Result<()> {
    let racers = world.scenario.racers.iter().zip(race.runners());
    let report = Report {
        title: &world.scenario.title,
        version: 1,
        seed: world.scenario.seed,
        optimizers: racers
            .map(|(racer, runner)| Racer {
                label: &racer.label,
                kind: racer.kind.name,
                chart: world.chart_name(racer.chart),
                rows: Rows(runner, most),
            })
            .collect(),
        measures: world
            .scenario
            .measures
            .iter()
            .zip(answers)
            .map(|(m, answer)| Verdict::new(world, m, answer))
            .collect(),
    };
    line(&report, out)
}
