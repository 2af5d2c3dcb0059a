//! Every number that `inspect` prints, in every chart, at extreme parameters: shapes, rates and scales from 1e-8 to
//! 1e13, p next to 0 and 1, points that nearly agree and distant points. Against mpmath with 160 digits (`extremes.py`,
//! from the definitions).

use geodescent::family::{Family, FamilyInfo, find};
use geodescent::geometry::Place;
use geodescent::geometry::connection::Connection;
use geodescent::math::Vec2;
use geodescent::registry::Settings;
use serde_json::Value;
use std::sync::Arc;

use crate::common;

/// The relative tolerance; for entries that are small in natural units, relative to 1e-3 of that unit.
const TOLERANCE: f64 = 1e-12;
const SMALL: f64 = 1e-3;

/// The numbers that miss it, with their actual accuracy. Each is a difference without a series here.
const LOOSE: &[(&str, &str, f64)] = &[
    // A nearly singular F: one parameter is 1e-8 of the other.
    ("beta", "mean-concentration", 1e-6),
    ("beta", "expectation", 1e-9),
    ("beta", "log-alpha-log-beta", 1e-9),
    // Numbers of size 1e-8 as the difference of two near 1, with an absolute error of 1e-16.
    ("gamma", "log-shape-log-rate", 1e-9),
    ("weibull", "log-shape-log-scale", 1e-7),
    ("categorical", "softmax", 1e-8),
    // At a slope of 1e-8 a symmetric design leaves a symbol of that size, the difference of two near 1.
    ("logistic-regression", "standardised", 1e-8),
    // Across the radius at concentrations above 1e8, in units of the entry along it.
    ("von-mises", "expectation", 3e-7),
];

fn build(row: &Value) -> (&'static FamilyInfo, Arc<dyn Family>) {
    let info = find(row["family"].as_str().expect("a name")).expect("a family");
    let mut settings = Settings::default();
    for field in info.fixed {
        settings.set(field, field.read(&row["model"][field.name].to_string()).expect("a setting"));
    }
    (info, (info.build)(&settings))
}

/// Parameters are text, so that they are exact.
fn point(value: &Value) -> Vec2 {
    let number = |i: usize| value[i].as_str().and_then(|text| text.parse().ok()).expect("a number");
    Vec2::new(number(0), number(1))
}

/// The number of comparisons, and the failures.
#[derive(Default)]
struct Tally {
    count: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn check(&mut self, what: &str, found: f64, wanted: &Value, unit: f64, tolerance: f64) {
        let Some(wanted) = wanted.as_f64() else { return };
        self.count += 1;
        let off = (found - wanted).abs() / (wanted.abs() + SMALL * unit);
        if !(found == wanted || off <= tolerance) {
            self.wrong.push(format!("{off:.1e} {what}: {found:e}, not {wanted:e}"));
        }
    }

    fn end(self, least: usize) {
        assert!(self.wrong.is_empty(), "{} of {}:\n{}", self.wrong.len(), self.count, self.wrong.join("\n"));
        assert!(self.count > least, "{}", self.count);
    }
}

#[test]
fn the_geometry_at_extreme_parameters_is_accurate() {
    let mut tally = Tally::default();
    for row in common::reference("extremes.json")["points"].as_array().expect("a list") {
        let (info, family) = build(row);
        let (p, name) = (point(&row["at"]), row["chart"].as_str().expect("a name"));
        let chart = family.chart(info.chart(name).expect("a chart"));
        let place = Place::of(chart, p);
        let known = LOOSE.iter().find(|(family, chart, _)| *family == info.name && *chart == name);
        let tolerance = known.map_or(TOLERANCE, |(_, _, tolerance)| *tolerance);
        let (fisher, inverse) = place.fisher(&*family, chart);
        let connection = Connection::levi_civita(&*family, chart, &place);
        let entry = |key: &str, k: usize| row[key][k].as_f64().unwrap_or(f64::NAN);
        // Natural lengths: the shortest along each axis, and the longest.
        let short = |i: usize| entry("fisher", 3 * i).sqrt();
        let long = |i: usize| entry("inverse", 3 * i).sqrt();
        let told = |what: &str, k: usize| format!("{} {name} {p:?} {what} {k}", info.name);
        for i in 0..2 {
            tally.check(&told("coordinate", i), place.x[i], &row["x"][i], 0.0, tolerance);
        }
        for k in 0..4 {
            let [i, j] = [k / 2, k % 2];
            tally.check(&told("F", k), fisher[(i, j)], &row["fisher"][k], short(i) * short(j), tolerance);
            let found = inverse.map_or(f64::NAN, |inverse| inverse[(i, j)]);
            tally.check(&told("F⁻¹", k), found, &row["inverse"][k], long(i) * long(j), tolerance);
        }
        for n in 0..6 {
            let (k, [i, j]) = (n / 3, [[0, 0], [0, 1], [1, 1]][n % 3]);
            let found = connection.as_ref().map_or(f64::NAN, |connection| connection.symbols()[k][(i, j)]);
            let unit = long(k) / long(i) / long(j);
            tally.check(&told("Γ", n), found, &row["gamma"][n], unit, tolerance);
        }
        tally.check(&told("curvature", 0), family.curvature(p), &row["curvature"], 1.0, tolerance);
        tally.check(&told("entropy", 0), family.entropy(p), &row["entropy"], 0.1, tolerance);
    }
    tally.end(3000);
}

#[test]
fn divergences_of_extreme_near_and_distant_points_are_accurate() {
    let mut tally = Tally::default();
    for row in common::reference("extremes.json")["pairs"].as_array().expect("a list") {
        let (info, family) = build(row);
        let (p, q) = (point(&row["at"]), point(&row["to"]));
        let told = format!("{} {p:?} to {q:?}", info.name);
        // For near points only the difference of two products, their log odds, is known.
        let tolerance = if info.name == "logistic-regression" { 1e-8 } else { TOLERANCE };
        tally.check(&told, family.kl(p, q), &row["kl"], 0.0, tolerance);
        tally.check(&format!("{told}, reverse"), family.kl(q, p), &row["reverse"], 0.0, tolerance);
    }
    tally.end(300);
}
