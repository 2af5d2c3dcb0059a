//! Coordinates, Fisher matrices, entropies and divergences against independently computed values.
//!
//! Tolerances are those of the reference values: 1e-9 in natural units, also near the boundary of a family.

use std::sync::Arc;

use geodescent::family::{Family, find};
use geodescent::math::linear::inverse2;
use geodescent::math::{Mat2, Vec2};
use geodescent::registry::Settings;
use serde_json::Value;

fn records(text: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).expect("JSON");
    file["records"].as_array().expect("records").clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn pair(value: &Value) -> Vec2 {
    Vec2::new(number(&value[0]), number(&value[1]))
}

fn matrix(value: &Value) -> Mat2 {
    Mat2::from_fn(|i, j| number(&value[i][j]))
}

fn family(record: &Value) -> Option<Arc<dyn Family>> {
    let info = find(record["family"].as_str().expect("a name"))?;
    let mut settings = Settings::default();
    for field in info.fixed {
        settings.set(field, field.read(&record["fixed"][field.name].to_string()).expect("a setting"));
    }
    Some((info.build)(&settings))
}

fn point(family: &dyn Family, values: &Value) -> Vec2 {
    let [first, second] = family.info().parameters;
    Vec2::new(number(&values[first]), number(&values[second]))
}

/// Panics if an error exceeds its tolerance.
fn near(what: &str, record: &Value, got: f64, wanted: f64, tolerance: f64) {
    let off = (got - wanted).abs();
    assert!(
        off <= tolerance,
        "{} {} at {}: {what} is {got}, not {wanted} ({:.1e} of the tolerance)",
        record["family"],
        record["chart"],
        record["parameters"],
        off / tolerance
    );
}

#[test]
fn metric() {
    let mut held = 0;
    for record in records(include_str!("../reference/metric.json")) {
        let Some(family) = family(&record) else {
            continue;
        };
        let chart_name = record["chart"].as_str().expect("a name");
        let chart = family.chart(family.info().chart(chart_name).expect("a chart"));
        let p = point(&*family, &record["parameters"]);
        let x = chart.to_coordinates(p);
        let wanted = pair(&record["coordinates"]);
        for i in 0..2 {
            let tolerance = 1e-9 * wanted[i].abs() + 1e-12 * wanted.amax() + 1e-15;
            near("a coordinate", &record, x[i], wanted[i], tolerance);
        }
        let jacobian = chart.jacobian(x, p);
        let fisher = jacobian.transpose() * family.fisher(p) * jacobian;
        let inverse = inverse2(&fisher).expect("a regular Fisher matrix");
        let (wanted, wanted_inverse) = (matrix(&record["fisher"]), matrix(&record["fisher_inverse"]));
        let correlation = (1e-4 * wanted[(0, 0)] * wanted_inverse[(0, 0)]).max(1.0);
        for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let unit = |m: &Mat2| (m[(i, i)] * m[(j, j)]).sqrt();
            near("F", &record, fisher[(i, j)], wanted[(i, j)], 1e-9 * unit(&wanted));
            let tolerance = 1e-9 * correlation * unit(&wanted_inverse);
            near("F⁻¹", &record, inverse[(i, j)], wanted_inverse[(i, j)], tolerance);
        }
        // The same in all charts, so it is compared once.
        let curvature = number(&record["gaussian_curvature"]);
        if chart_name == family.info().charts[0].name && curvature.is_finite() {
            near("the curvature", &record, family.curvature(p), curvature, 1e-7 * curvature.abs() + 1e-9);
        }
        let entropy = number(&record["entropy"]);
        near("the entropy", &record, family.entropy(p), entropy, 1e-9 * entropy.abs() + 1e-11);
        held += 1;
    }
    assert!(held > 150, "only {held} records");
}

#[test]
fn divergence() {
    let mut held = 0;
    for record in records(include_str!("../reference/divergence.json")) {
        let Some(family) = family(&record) else {
            continue;
        };
        let (p, q) = (point(&*family, &record["parameters"]), point(&*family, &record["to"]));
        for (what, got) in [("kl", family.kl(p, q)), ("reverse_kl", family.kl(q, p))] {
            let wanted = number(&record[what]);
            near(what, &record, got, wanted, 1e-9 * wanted + 1e-13);
            // Near pairs are more accurate than the tolerance requires.
            near(what, &record, got, wanted, 1e-11 * wanted + 1e-15);
        }
        held += 1;
    }
    assert!(held > 50, "only {held} records");
}
