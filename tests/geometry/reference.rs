//! Christoffel symbols, curvatures, distances and geodesics against independently computed values.
//!
//! Tolerances are those of the reference values, in natural units.

use std::sync::Arc;

use geodescent::family::{Family, find};
use geodescent::geometry::connection::Connection;
use geodescent::geometry::{Place, geodesic};
use geodescent::math::Vec2;
use serde_json::Value;

fn records(text: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).expect("JSON");
    file["records"].as_array().expect("records").clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn family(record: &Value) -> Option<Arc<dyn Family>> {
    let info = find(record["family"].as_str().expect("a name"))?;
    let mut settings = geodescent::registry::Settings::defaults(info.fixed);
    for field in info.fixed {
        settings.set(field, field.read(&record["fixed"][field.name].to_string()).expect("a setting"));
    }
    Some((info.build)(&settings))
}

fn point(family: &dyn Family, values: &Value) -> Vec2 {
    let [first, second] = family.info().parameters;
    Vec2::new(number(&values[first]), number(&values[second]))
}

/// The error in units of the tolerance, and its description.
#[derive(Default)]
struct Worst {
    all: usize,
    bad: Vec<String>,
}

impl Worst {
    fn near(&mut self, what: &str, record: &Value, got: f64, wanted: f64, tolerance: f64) {
        self.all += 1;
        let off = (got - wanted).abs() / tolerance;
        if off.is_nan() || off > 1.0 {
            let (family, chart, at) = (&record["family"], &record["chart"], &record["parameters"]);
            self.bad
                .push(format!("{family} {chart} at {at}: {what} is {got}, not {wanted} ({off:.1e} of the tolerance)"));
        }
    }

    fn end(self, least: usize) {
        assert!(self.bad.is_empty(), "{} of {} off:\n{}", self.bad.len(), self.all, self.bad.join("\n"));
        assert!(self.all >= least, "only {}", self.all);
    }
}

#[test]
fn connections_and_curvature() {
    let mut worst = Worst::default();
    for record in records(include_str!("../reference/metric.json")) {
        let Some(family) = family(&record) else { continue };
        let chart_name = record["chart"].as_str().expect("a name");
        let chart = family.chart(family.info().chart(chart_name).expect("a chart"));
        let place = Place::of(chart, point(&*family, &record["parameters"]));
        let far = record["kind"] == "extreme";
        let entry = |what: &str, i: usize, j: usize| number(&record[what][i][j]);
        let s = [entry("fisher", 0, 0).sqrt(), entry("fisher", 1, 1).sqrt()];
        let correlated = (1e-4 * entry("fisher", 0, 0) * entry("fisher_inverse", 0, 0)).max(1.0);
        let wanted = |k: usize, i: usize, j: usize| number(&record["christoffel"][k][i][j]);
        let unit = |k: usize, i: usize, j: usize| s[i] * s[j] / s[k];
        let indices = || (0..8).map(|n| (n >> 2 & 1, n >> 1 & 1, n & 1));
        let largest = indices().map(|(k, i, j)| wanted(k, i, j).abs() / unit(k, i, j)).fold(1.0, f64::max);
        let found = Connection::at(&*family, place.p, 0.0).and_then(|found| found.in_chart(chart, &place));
        let found = found.expect("symbols");
        for (k, i, j) in indices() {
            let tolerance = if far { 1e-6 } else { 1e-8 } * unit(k, i, j) * largest * correlated;
            worst.near(&format!("Γ {k}{i}{j}"), &record, found.symbols()[k][(i, j)], wanted(k, i, j), tolerance);
        }
        let curvature = number(&record["gaussian_curvature"]);
        let tolerance = if far { 1e-4 * curvature.abs() + 1e-6 } else { 1e-6 * curvature.abs() + 1e-7 };
        worst.near("the curvature", &record, family.curvature(place.p), curvature, tolerance);
    }
    worst.end(1500);
}

#[test]
fn distances_and_geodesics() {
    let mut worst = Worst::default();
    for record in records(include_str!("../reference/divergence.json")) {
        let Some(family) = family(&record) else { continue };
        let (p, q) = (point(&*family, &record["parameters"]), point(&*family, &record["to"]));
        let Some(found) = geodesic::between(&*family, p, q) else {
            worst.near("the geodesic", &record, f64::NAN, 0.0, 1.0);
            continue;
        };
        let length = number(&record["fisher_rao_distance"]);
        // Tighter than the reference's tolerance for a boundary-value solution (1e-6), which is accurate to 4e-11.
        worst.near("the distance", &record, found.length(), length, 1e-9 * length);
        let points: Vec<Vec2> = record["geodesic"]
            .as_array()
            .expect("points")
            .iter()
            .map(|x| Vec2::new(number(&x[0]), number(&x[1])))
            .collect();
        let size = points.iter().fold(Vec2::zeros(), |size, x| size.sup(&x.abs()));
        for (i, wanted) in points.iter().enumerate() {
            let x = found.point(i as f64 / 10.0);
            for k in 0..2 {
                // Angles are equal modulo 2π.
                let turns =
                    if family.info().name == "von-mises" && k == 0 { std::f64::consts::TAU } else { f64::INFINITY };
                let around = if turns.is_finite() { ((x[k] - wanted[k]) / turns).round() * turns } else { 0.0 };
                worst.near(&format!("{k} at {i}"), &record, x[k] - around, wanted[k], 1e-8 * size[k]);
            }
        }
    }
    worst.end(1300);
}
