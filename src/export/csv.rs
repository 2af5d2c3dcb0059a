//! The trace as CSV: one row per optimizer and step, step 0 being the start.
//!
//! Labels come from outside and are sanitised, since CSV has no escapes and `run … --format csv` is often viewed in a
//! terminal.

use std::io::{self, Write};

use super::shortest;
use crate::problem::quantities::columns;
use crate::race::{Quantity, Race, Reading, Runner, World};
use crate::text::Safe;

/// The number of parameters or coordinates above which none are written unless all are asked for.
pub const MOST: usize = 64;

/// Writes the whole trace; of a point with more than `most` parameters or coordinates none. A missing number is an empty
/// cell.
///
/// # Errors
/// If the writer fails.
pub fn write(world: &World, race: &Race, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    let (parameters, coordinates) = widest(race, most);
    let lead = ["optimizer", "step", "status"].map(str::to_owned).into_iter();
    let head = lead.chain(columns().map(|(column, _)| column.to_owned())).chain(parameters.iter().cloned());
    let axes = (1..=coordinates).map(|i| format!("coord{i}"));
    out.write_record(head.chain(axes)).map_err(plain)?;
    for (place, racer) in world.scenario.racers.iter().enumerate() {
        let runner = race.runner(place);
        let reading = Reading::new(runner);
        for (step, row) in runner.trace().rows.iter().enumerate() {
            let numbers = columns().map(|(_, info)| reading.at(Quantity::Listed(info), step));
            let (p, x) = (runner.parameters(step), runner.coordinates(step));
            // A racer with fewer coordinates than another leaves the rest empty.
            let few = |numbers: &[f64]| if numbers.len() > most { Vec::new() } else { numbers.to_vec() };
            let (p, x) = (few(&p), few(&x));
            let point = padded(&p, parameters.len()).chain(padded(&x, coordinates));
            let cells = numbers.chain(point).map(|x| if x.is_finite() { shortest(x) } else { String::new() });
            let lead = [Safe::new(&racer.label).into_string(), step.to_string(), row.status.name().to_owned()];
            out.write_record(lead.into_iter().chain(cells)).map_err(plain)?;
        }
    }
    out.flush()
}

/// The numbers, and NaN up to a width; no more of them than that.
fn padded(numbers: &[f64], width: usize) -> impl Iterator<Item = f64> {
    numbers.iter().copied().chain(std::iter::repeat(f64::NAN)).take(width)
}

/// The names of the parameters and the number of coordinates, those of the racer with the most that are written.
fn widest(race: &Race, most: usize) -> (Vec<String>, usize) {
    let problems = || race.runners().iter().map(Runner::problem);
    let names = problems().map(|problem| problem.parameters()).filter(|names| names.len() <= most);
    let sizes = problems().map(|problem| problem.dimension()).filter(|n| *n <= most);
    (names.max_by_key(Vec::len).unwrap_or_default(), sizes.max().unwrap_or(0))
}

/// Writes a line for each racer that ended early: its label, status, step and reason. The CSV has no column for
/// reasons.
///
/// # Errors
/// If the writer fails.
pub fn reasons(world: &World, race: &Race, out: &mut dyn Write) -> io::Result<()> {
    for (racer, trace) in world.scenario.racers.iter().zip(race.traces()) {
        if let Some(ending) = &trace.ending {
            writeln!(out, "{}: {}", Safe::new(&racer.label), Safe::new(&ending.to_string()))?;
        }
    }
    Ok(())
}

/// The writer's own error, unwrapped, so that a closed pipe is recognized.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
