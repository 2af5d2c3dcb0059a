//! The results of a race as a table for reading: where each racer ended, and the scenario's measures.
//!
//! Numbers are rounded; CSV and JSON keep every digit.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::format::value;
use crate::geometry::distance;
use crate::measure::{Answer, path};
use crate::problem::quantities;
use crate::race::{Quantity, Race, Reading, Runner, Trace, World};
use crate::text::Safe;
use crate::work::Progress;

/// The number of parameters above which a table has none of them.
const PARAMETERS: usize = 4;
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
    let names = race.runners().first().map(|runner| runner.problem().parameters()).unwrap_or_default();
    let shown = if names.len() > PARAMETERS { 0 } else { names.len() };
    let head = ["optimizer", "steps", "to 1e−6", "loss", "KL", "natural norm", "path length"].map(str::to_owned);
    let head: Vec<String> = head.into_iter().chain(names.into_iter().take(shown)).chain([String::new()]).collect();
    let racers = world.scenario.racers.iter().zip(race.runners());
    let rows = racers.map(|(racer, runner)| line(world, &racer.label, runner, shown));
    let mut lines: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    writeln!(out, "{}", Safe::new(&world.scenario.title))?;
    if lines.iter().skip(1).all(|line| line[KL] == line[KL - 1]) {
        // If the loss is that KL, it is printed once.
        lines.iter_mut().for_each(|line| drop(line.remove(KL)));
    }
    let last = lines[0].len() - 1;
    columns(&lines, &[0, last], out)?;
    out.flush()
}

/// Writes lines in columns as wide as needed; those in `left` are left-aligned, the others right-aligned.
///
/// # Errors
/// If the writer fails.
pub fn columns(lines: &[impl AsRef<[String]>], left: &[usize], out: &mut dyn Write) -> io::Result<()> {
    let mut widths: Vec<usize> = Vec::new();
    for line in lines.iter().map(AsRef::as_ref) {
        widths.resize(widths.len().max(line.len()), 0);
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.width().max(*width);
        }
    }
    for line in lines.iter().map(AsRef::as_ref) {
        let mut text = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width - cell.width());
            let (one, other) = if left.contains(&column) { (cell, &pad) } else { (&pad, cell) };
            text.extend([one, other, "  "]);
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

fn line(world: &World, label: &str, runner: &Runner, parameters: usize) -> Vec<String> {
    let (trace, reading) = (runner.trace(), Reading::new(runner));
    let last = trace.last_alive();
    let at = |quantity| value(reading.at(Quantity::Listed(quantity), last));
    let settled = reading.settles(Quantity::Listed(quantities::EXCESS), SMALL);
    let lead = [
        Safe::new(label).into_string(),
        last.to_string(),
        settled.map_or("–".to_owned(), |step| step.to_string()),
        at(quantities::LOSS),
        at(quantities::KL),
        at(quantities::NATURAL_NORM),
        value(walked(world, trace)),
    ];
    let p = runner.parameters(last);
    let remark = trace.ending.as_ref().map_or(String::new(), ToString::to_string);
    lead.into_iter().chain(p.iter().take(parameters).map(|p| value(*p))).chain([remark]).collect()
}

/// The Fisher-Rao length of a path; without a closed form, the sum of its steps' lengths in F at their starting points.
fn walked(world: &World, trace: &Trace) -> f64 {
    let closed = distance::is_closed(&*world.family)
        .then(|| path::length(world, trace, &Progress::default()).ok())
        .flatten()
        .flatten();
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
