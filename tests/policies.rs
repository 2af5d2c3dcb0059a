//! Policies and value functions against numbers computed with 48 digits, independently of the program: whole races, and the
//! geometry at their points. Tolerances travel with the data.

mod common;

use common::{race, reference, world};
use geodescent::problem::Site;
use geodescent::race::{Race, Runner, World};
use serde_json::Value;

/// The six numbers of a row, then parameters, then coordinates.
fn numbers(runner: &Runner, step: usize) -> Vec<f64> {
    let row = runner.trace().rows.at(step);
    let six = [row.loss, row.grad_norm, runner.natural_norm(step), row.euclid_step, row.fisher_step, row.kl_step];
    six.into_iter().chain(runner.parameters(step).to_vec()).chain(runner.coordinates(step).to_vec()).collect()
}

const SKIPPED: [&str; 6] = ["loss", "grad_norm", "natural_norm", "euclid_step", "fisher_step", "kl_step"];

fn list(value: &Value) -> Vec<Option<f64>> {
    value.as_array().into_iter().flatten().map(Value::as_f64).collect()
}

/// What is wrong with a racer's trace.
fn compare(expected: &Value, runner: &Runner) -> Result<(), String> {
    let tol = expected["tol"].as_f64().unwrap_or(1e-9);
    let skipped: Vec<&str> = expected["skip"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for row in expected["rows"].as_array().into_iter().flatten() {
        let step = row[0].as_u64().unwrap_or(0) as usize;
        let found = runner.trace().rows.get(step).ok_or(format!("no row for step {step}"))?;
        if row[1] != found.status.name() {
            return Err(format!("step {step}: {}, not {}", found.status.name(), row[1]));
        }
        let own = expected["row_tol"][step.to_string()].as_f64().unwrap_or(tol);
        let six: Vec<Option<f64>> = (2..8).map(|i| row[i].as_f64()).collect();
        let (parameters, coordinates) = (list(&row[8]), list(&row[9]));
        let wanted: Vec<Option<f64>> = [six, parameters.clone(), coordinates].concat();
        let found = numbers(runner, step);
        if found.len() != wanted.len() {
            return Err(format!("step {step}: {} numbers, not {}", found.len(), wanted.len()));
        }
        for (i, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            let of_chart = i >= 6 + parameters.len() && skipped.contains(&"coordinates");
            if of_chart || SKIPPED.get(i).is_some_and(|name| skipped.contains(name)) {
                continue;
            }
            let Some(wanted) = wanted else {
                if found.is_nan() {
                    continue;
                }
                return Err(format!("step {step}: number {i} is {found}, not empty"));
            };
            let floor = expected["floors"][i].as_f64().unwrap_or(0.0) * (own / tol).max(1.0);
            // A NaN must fail, so the comparison is not turned round.
            let near = (found - wanted).abs() <= own * wanted.abs() + floor;
            if !near {
                return Err(format!("step {step}: number {i} is {found:?}, not {wanted:?}"));
            }
        }
    }
    ends(expected, runner)
}

fn ends(expected: &Value, runner: &Runner) -> Result<(), String> {
    // From there on the outcome hangs on rounding.
    if expected["cut_at"].is_number() {
        return Ok(());
    }
    let ending = runner.trace().ending.as_ref();
    let Some(end) = expected["end"].as_object() else {
        return ending.map_or(Ok(()), |ending| Err(format!("ended: {ending:?}")));
    };
    let ending = ending.ok_or("did not end")?;
    let named = end.get("state").and_then(Value::as_str).is_none_or(|state| ending.reason.contains(state));
    let at = end["step"].as_u64() == Some(ending.step as u64);
    if at && named && end["status"] == ending.status.name() {
        Ok(())
    } else {
        Err(format!("ended as {ending:?}, not {end:?}"))
    }
}

fn opened(record: &Value) -> (World, Race) {
    let world = world(record["toml"].as_str().expect("a text"));
    let race = race(&world);
    (world, race)
}

#[test]
fn races_of_policies_are_those_of_48_digits() {
    let data = reference("policies.json");
    let (mut failures, mut count) = (Vec::new(), 0);
    for record in data["records"].as_array().expect("records") {
        let (_, race) = opened(record);
        for (racer, expected) in record["optimizers"].as_array().into_iter().flatten().enumerate() {
            count += 1;
            if let Err(words) = compare(expected, race.runner(racer)) {
                failures.push(format!("{}, {}: {words}", record["name"], expected["label"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 250, "{count}");
}

/// Entries of a matrix or a list, flat.
fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(all) => all.iter().flat_map(flat).collect(),
        other => other.as_f64().into_iter().collect(),
    }
}

fn near(found: &[f64], wanted: &Value, relative: f64, of_largest: f64) -> Result<(), String> {
    let wanted = flat(wanted);
    if found.len() != wanted.len() {
        return Err(format!("{} entries, not {}", found.len(), wanted.len()));
    }
    let largest = wanted.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    for (i, (a, b)) in found.iter().zip(&wanted).enumerate() {
        let close = (a - b).abs() <= relative * b.abs() + of_largest * largest + 1e-13;
        if !close {
            return Err(format!("entry {i} is {a:?}, not {b:?}"));
        }
    }
    Ok(())
}

/// What is wrong with the geometry at a point.
fn geometry(expected: &Value, site: &dyn Site) -> Result<(), String> {
    let said = |what: &str, held: Result<(), String>| held.map_err(|words| format!("{what}: {words}"));
    said("loss", near(&[site.loss()], &expected["loss"], 1e-9, 1e-12))?;
    said("gradient", near(site.gradient(), &expected["gradient"], 1e-9, 1e-10))?;
    // Matrices are symmetric: rows or columns first is the same.
    said("fisher", near(site.metric().dense().as_slice(), &expected["fisher"], 1e-9, 1e-11))?;
    match (&expected["fisher_inverse"], site.fisher_inverse()) {
        (Value::Null, None) => {}
        (Value::Null, Some(_)) => return Err("an inverse of a singular matrix".to_owned()),
        (_, None) => return Err("no inverse".to_owned()),
        (wanted, Some(found)) => said("inverse", near(found.as_slice(), wanted, 1e-8, 1e-10))?,
    }
    let Some(portrait) = site.portrait() else { return Ok(()) };
    let parts = [
        ("state_distribution", portrait.state_distribution),
        ("value", portrait.value),
        ("advantage", portrait.advantage.map(|rows| rows.concat())),
        ("variance", portrait.variance.map(|variance| vec![variance])),
    ];
    for (key, found) in parts {
        match (expected.get(key), found) {
            (None, _) | (Some(Value::Null), None) => {}
            (Some(wanted), Some(found)) if !wanted.is_null() => said(key, near(&found, wanted, 1e-9, 1e-10))?,
            (wanted, found) => return Err(format!("{key} is {found:?}, not {wanted:?}")),
        }
    }
    Ok(())
}

#[test]
fn the_geometry_of_policies_is_that_of_48_digits() {
    let data = reference("processes.json");
    let (mut failures, mut count) = (Vec::new(), 0);
    for record in data["records"].as_array().expect("records") {
        let (world, race) = opened(record);
        let racer = world.scenario.racers.iter().position(|racer| record["racer"] == *racer.label).expect("a racer");
        let step = record["step"].as_u64().unwrap_or(0) as usize;
        let site = race.runner(racer).site(step).expect("a row with numbers");
        count += 1;
        if let Err(words) = geometry(&record["expect"], &*site) {
            failures.push(format!("{}: {words}", record["name"]));
        }
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 90, "{count}");
}
