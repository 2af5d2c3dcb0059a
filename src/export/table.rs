//! The results of a race as a table for reading: where each racer ended, and the scenario's measures.
//!
//! Numbers are rounded; CSV and JSON keep every digit.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::format::value;
use crate::geometry::distance;
use crate::measure::quantity::Quantity;
use crate::measure::{Answer, path};
use crate::race::World;
use crate::race::{Race, Trace};
use crate::text::Safe;

/// The number of columns.
const COLUMNS: usize = 10;
/// The column of KL(optimum ‖ p), after that of the loss.
const KL: usize = 4;
/// The excess loss below which a racer counts as converged.
const SMALL: f64 = 1e-6;

/// Writes a line per racer: label, steps made, steps until the loss stays within 1e-6 of the optimum's, loss,
/// KL(optimum ‖ p), |g| in the natural norm, length of the path, parameters, and how it ended if it ended early.
///
/// # Errors
/// If the writer fails.
pub fn write(world: &World, race: &Race, out: &mut dyn Write) -> io::Result<()> {
    let [first, second] = world.family.info().parameters;
    let head = ["optimizer", "steps", "to 1e−6", "loss", "KL", "natural norm", "path length", first, second, ""];
    let rows = world.scenario.racers.iter().zip(race.traces()).map(|(racer, trace)| line(world, &racer.label, trace));
    let lines: Vec<[String; COLUMNS]> = std::iter::once(head.map(str::to_owned)).chain(rows).collect();
    writeln!(out, "{}", Safe::new(&world.scenario.title))?;
    if lines.iter().skip(1).all(|line| line[KL] == line[KL - 1]) {
        // If the loss is that KL, it is printed once.
        let lines: Vec<[String; COLUMNS - 1]> = lines.into_iter().map(without_kl).collect();
        columns(&lines, &[0, COLUMNS - 2], out)?;
    } else {
        columns(&lines, &[0, COLUMNS - 1], out)?;
    }
    out.flush()
}

fn without_kl(line: [String; COLUMNS]) -> [String; COLUMNS - 1] {
    let mut cells = line.into_iter().enumerate().filter(|(column, _)| *column != KL).map(|(_, cell)| cell);
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

/// Writes lines in columns as wide as needed; those in `left` are left-aligned, the others right-aligned.
///
/// # Errors
/// If the writer fails.
pub fn columns<const N: usize>(lines: &[[String; N]], left: &[usize], out: &mut dyn Write) -> io::Result<()> {
    let mut widths = [0; N];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.width().max(*width);
        }
    }
    for line in lines {
        let mut text = String::new();
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            let pad = " ".repeat(width - cell.width());
            let (one, other) = if left.contains(&column) { (cell, &pad) } else { (&pad, cell) };
            text.extend([one, other, "  "]);
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

fn line(world: &World, label: &str, trace: &Trace) -> [String; COLUMNS] {
    let last = trace.last_alive();
    let row = trace.rows.at(last);
    let quantity = |name: &str| Quantity::new(world, name);
    let settled = quantity("excess").and_then(|excess| excess.settles(trace, SMALL));
    let remark = trace.ending.as_ref().map_or(String::new(), ToString::to_string);
    [
        Safe::new(label).into_string(),
        last.to_string(),
        settled.map_or("–".to_owned(), |step| step.to_string()),
        value(row.loss),
        value(quantity("kl").map_or(f64::NAN, |kl| kl.of(&row))),
        value(row.natural_norm),
        value(walked(world, trace)),
        value(row.parameters[0]),
        value(row.parameters[1]),
        remark,
    ]
}

/// The Fisher-Rao length of a path; without a closed form, the sum of its steps' lengths in F at their starting points.
fn walked(world: &World, trace: &Trace) -> f64 {
    let closed = distance::is_closed(&*world.family).then(|| path::length(world, trace)).flatten();
    closed.unwrap_or_else(|| trace.rows.iter().take(trace.last_alive() + 1).skip(1).map(|row| row.fisher_step).sum())
}

/// Writes the answers to the scenario's measures, one per line, marked by [`mark`]; nothing if there are none.
///
/// # Errors
/// If the writer fails.
pub fn measures(answers: &[Answer], out: &mut dyn Write) -> io::Result<()> {
    if !answers.is_empty() {
        writeln!(out)?;
    }
    for answer in answers {
        writeln!(out, "{} {}", mark(answer), Safe::new(&answer.text))?;
    }
    out.flush()
}

/// The mark of a verdict: ✓ if it holds, ✗ if not, · if nothing was expected.
#[must_use]
pub const fn mark(answer: &Answer) -> char {
    match answer.holds {
        Some(true) => '✓',
        Some(false) => '✗',
        None => '·',
    }
}
