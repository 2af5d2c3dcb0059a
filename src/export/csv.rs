//! The trace as CSV: one row per optimizer and step, step 0 being the start.
//!
//! Labels come from outside and are sanitised, since CSV has no escapes and `run … --format csv` is often viewed in a
//! terminal.

use std::io::{self, Write};

use super::shortest;
use crate::race::World;
use crate::race::{Race, Row};
use crate::text::Safe;

/// The columns between `status` and the parameters.
pub(super) const COLUMNS: [&str; 6] = ["loss", "grad_norm", "natural_norm", "euclid_step", "fisher_step", "kl_step"];

/// The values of [`COLUMNS`] in a row.
pub(super) fn values(row: &Row) -> [f64; 6] {
    [row.loss, row.grad_norm, row.natural_norm, row.euclid_step, row.fisher_step, row.kl_step]
}

/// Writes the whole trace. A missing number is an empty cell.
///
/// # Errors
/// If the writer fails.
pub fn write(world: &World, race: &Race, out: &mut dyn Write) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    let parameters = world.family.info().parameters;
    let head = ["optimizer", "step", "status"].iter().chain(&COLUMNS).chain(&parameters).chain(&["coord1", "coord2"]);
    out.write_record(head).map_err(plain)?;
    for (racer, trace) in world.scenario.racers.iter().zip(race.traces()) {
        for (step, row) in trace.rows.iter().enumerate() {
            let numbers = values(&row).into_iter().chain([0, 1].map(|i| row.parameters[i]));
            let numbers = numbers.chain([0, 1].map(|i| row.coordinates[i]));
            let cells = numbers.map(|x| if x.is_finite() { shortest(x) } else { String::new() });
            let lead = [Safe::new(&racer.label).into_string(), step.to_string(), row.status.name().to_owned()];
            out.write_record(lead.into_iter().chain(cells)).map_err(plain)?;
        }
    }
    out.flush()
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
