//! Races against reference traces: torch.optim for the first-order optimizers, 34-digit arithmetic for the others.
//!
//! Tolerances travel with the data: 1e-9 relative plus a floor per column; looser only in rows where the reference
//! itself, started 1e-12 away, has drifted. Angles are compared modulo a whole turn.

mod common;

use common::{race, reference, world};
use geodescent::family::principal;
use geodescent::race::{Row, Trace};
use serde_json::Value;

const COLUMNS: [&str; 10] = [
    "loss",
    "grad_norm",
    "natural_norm",
    "euclid_step",
    "fisher_step",
    "kl_step",
    "first",
    "second",
    "coord1",
    "coord2",
];

fn numbers(row: &Row) -> [f64; 10] {
    let (p, x) = (row.p(), row.x());
    [row.loss, row.grad_norm, row.natural_norm, row.euclid_step, row.fisher_step, row.kl_step, p[0], p[1], x[0], x[1]]
}

/// Whether a column depends on the chart that is reported. Mirror descent works in its own, whatever that is.
fn of_chart(column: usize) -> bool {
    matches!(COLUMNS[column], "grad_norm" | "euclid_step" | "fisher_step" | "coord1" | "coord2")
}

/// The worst deviation of a trace in units of its tolerance, and where.
fn compare(expected: &Value, trace: &Trace) -> Result<(), String> {
    let tol = expected["tol"].as_f64().unwrap_or(1e-9);
    for row in expected["rows"].as_array().into_iter().flatten() {
        let step = row[0].as_u64().unwrap_or(0) as usize;
        let actual = trace.rows.get(step).ok_or(format!("no row for step {step}"))?;
        if row[1] != actual.status.name() {
            return Err(format!("step {step}: {}, not {}", actual.status.name(), row[1]));
        }
        let row_tol = expected["row_tol"][step.to_string()].as_f64().unwrap_or(tol);
        for (i, actual) in numbers(&actual).into_iter().enumerate() {
            let name = COLUMNS[i];
            if of_chart(i) && expected["chart_columns"] == false {
                continue;
            }
            let Some(want) = row[i + 2].as_f64() else {
                if actual.is_nan() {
                    continue;
                }
                return Err(format!("step {step}: {name} is {actual}, not empty"));
            };
            let floor = expected["floors"][i + 2].as_f64().unwrap_or(0.0) * (row_tol / tol).max(1.0);
            // A NaN must fail, so the comparison is not turned round.
            let angle = expected["angles"].as_array().is_some_and(|angles| angles.contains(&Value::from(i + 2)));
            let off = if angle { principal(actual - want) } else { actual - want };
            let near = off.abs() <= row_tol * want.abs() + floor;
            if !near {
                return Err(format!("step {step}: {name} is {actual:?}, not {want:?}"));
            }
        }
    }
    // From there on the outcome hangs on rounding.
    if expected["cut_at"].is_number() {
        return Ok(());
    }
    match expected["end"].as_object() {
        Some(end) => {
            let ending = trace.ending.as_ref().ok_or("did not end")?;
            let at = end["step"].as_u64() == Some(ending.step as u64);
            if !(at && end["status"] == ending.status.name()) {
                return Err(format!("ended as {ending:?}, not {end:?}"));
            }
        }
        None if trace.ending.is_some() => return Err(format!("ended: {:?}", trace.ending)),
        None => {}
    }
    Ok(())
}

/// How many traces a file has, all of which must hold.
fn hold(name: &str) -> usize {
    let data = reference(name);
    let mut failures = Vec::new();
    let mut count = 0;
    for record in data["records"].as_array().into_iter().flatten() {
        let world = world(record["toml"].as_str().unwrap_or(""));
        let race = race(&world);
        for (expected, trace) in record["optimizers"].as_array().into_iter().flatten().zip(race.traces()) {
            count += 1;
            if let Err(why) = compare(expected, trace) {
                failures.push(format!("{} {}: {why}", record["name"], expected["label"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    count
}

#[test]
fn every_trace_is_the_reference() {
    assert_eq!(hold("traces.json"), 180, "a reference trace was left out");
}

#[test]
fn surrogates_entropies_schedules_and_caps_are_the_reference() {
    assert_eq!(hold("surrogates.json"), 45, "a reference trace was left out");
}
