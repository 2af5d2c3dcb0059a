//! The results of a race as a table for people: where each racer ended.
//!
//! For eyes: numbers are rounded. Programs read CSV or JSON, which lose no digit.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::plot::number::value;
use crate::race::{Race, Trace};
use crate::scenario::Scenario;
use crate::text::Safe;

/// Writes a line a racer: label, steps made, loss, |g| in the natural norm, Fisher length of the path, parameters, and
/// how it ended where it ended early.
///
/// # Errors
/// Where the writer fails.
pub fn write(scenario: &Scenario, race: &Race, out: &mut dyn Write) -> io::Result<()> {
    let [first, second] = scenario.family.info().parameters;
    let head = ["optimizer", "steps", "loss", "natural norm", "path length", first, second, ""].map(str::to_owned);
    let rows = scenario.racers.iter().zip(race.traces()).map(|(racer, trace)| line(&racer.label, trace));
    let lines: Vec<[String; 8]> = std::iter::once(head).chain(rows).collect();
    writeln!(out, "{}", Safe::new(&scenario.title))?;
    let mut widths = [0; 8];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.width().max(*width);
        }
    }
    for line in &lines {
        let mut text = String::new();
        for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
            let pad = " ".repeat(width - cell.width());
            // The label and the remark stand left, numbers right.
            let (left, right) = if column == 0 || column == 7 { (cell, &pad) } else { (&pad, cell) };
            text.extend([left, right, "  "]);
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    out.flush()
}

fn line(label: &str, trace: &Trace) -> [String; 8] {
    let last = trace.last_alive();
    let row = &trace.rows[last];
    let length: f64 = trace.rows[..=last].iter().skip(1).map(|row| row.fisher_step).sum();
    let remark = trace
        .ending
        .as_ref()
        .map_or(String::new(), |ending| format!("{} at step {}: {}", ending.status.name(), ending.step, ending.reason));
    [
        Safe::new(label).into_string(),
        last.to_string(),
        value(row.loss),
        value(row.natural_norm),
        value(length),
        value(row.parameters[0]),
        value(row.parameters[1]),
        remark,
    ]
}
