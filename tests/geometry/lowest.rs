//! The least loss within a circle, a Fisher ellipse and a KL ball: against values found by other means, and against what
//! makes a point a touching point.

use std::sync::Arc;

use geodescent::family::{ChartId, Family};
use geodescent::geometry::Place;
use geodescent::geometry::ball::{boundary, divergence};
use geodescent::geometry::lowest::{Function, Lowest, SCAN, Shape, Steps, lowest};
use geodescent::math::{Mat2, Vec2};
use geodescent::objective::Objective;
use geodescent::objective::divergence::{Direction, Divergence};
use serde_json::Value;

/// A loss and a point in a chart of its family.
struct Case {
    family: Arc<dyn Family>,
    loss: Divergence,
    chart: ChartId,
    place: Place,
    metric: Mat2,
    delta: f64,
}

impl Case {
    fn new((family, chart): (&str, &str), [start, target]: [[f64; 2]; 2], delta: f64) -> Self {
        let family = crate::family(family);
        let chart = family.info().chart(chart).expect("a chart");
        let loss = Divergence::new(Arc::clone(&family), target.into(), Direction::Forward);
        let place = Place::of(family.chart(chart), start.into());
        let metric = place.metric(&family.fisher(place.p));
        Self { family, loss, chart, place, metric, delta }
    }

    fn lowest(&self, shape: Shape) -> Lowest {
        let (family, chart) = (&*self.family, self.family.chart(self.chart));
        let steps = Steps { family, chart, place: &self.place, metric: &self.metric, delta: self.delta, outline: &[] };
        let (value, gradient) = (|p: Vec2| self.loss.value(p), |p: Vec2| self.loss.gradient(p));
        let function = Function { value: &value, gradient: &gradient, optimum: self.loss.optimum() };
        lowest(shape, steps, function).expect("a least value")
    }

    /// The size of a step to coordinates, in units of δ.
    fn size(&self, shape: Shape, x: Vec2) -> f64 {
        let step = x - self.place.x;
        let chart = self.family.chart(self.chart);
        let size = match shape {
            Shape::Circle => 0.5 * step.norm_squared(),
            Shape::Ellipse => 0.5 * step.dot(&(self.metric * step)),
            Shape::Ball => divergence(&*self.family, chart, &self.place, x).unwrap_or(f64::NAN),
        };
        size / self.delta
    }

    /// The normal of a shape's border, by finite differences of the size.
    fn normal(&self, shape: Shape, x: Vec2) -> Vec2 {
        let h = 1e-5 * (x - self.place.x).norm();
        let along = |unit: Vec2| (self.size(shape, x + unit * h) - self.size(shape, x - unit * h)) / (2.0 * h);
        Vec2::new(along(Vec2::x()), along(Vec2::y())).normalize()
    }

    fn value(&self, x: Vec2) -> f64 {
        self.loss.value(self.family.chart(self.chart).to_parameters(x))
    }
}

fn point(value: &Value) -> [f64; 2] {
    [0, 1].map(|i| value[i].as_f64().expect("a number"))
}

fn cases() -> Vec<(Case, Vec<Value>)> {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../reference/lowest.json")).expect("JSON");
    let case = |row: &Value| {
        let name = |key: &str| row[key].as_str().expect("a name");
        let ends = [point(&row["start"]), point(&row["target"])];
        let case = Case::new((name("family"), name("chart")), ends, row["delta"].as_f64().expect("a number"));
        (case, row["within"].as_array().expect("three shapes").clone())
    };
    rows.iter().map(case).collect()
}

#[test]
fn they_are_those_of_the_lagrange_conditions() {
    let cases = cases();
    assert!(cases.len() >= 15);
    for (case, within) in cases {
        for (shape, known) in Shape::ALL.into_iter().zip(&within) {
            let found = case.lowest(shape);
            let radius = (found.x - case.place.x).norm();
            let off = (found.x - Vec2::from(point(&known["x"]))).norm() / radius;
            assert!(found.touches && off < 1e-8, "{:?} {shape:?} {} {off:e}", case.loss, case.delta);
            let loss = known["loss"].as_f64().expect("a number");
            assert!((found.value - loss).abs() < 1e-10 * loss.max(1.0), "{} {loss}", found.value);
        }
    }
}

#[test]
fn the_contour_touches_the_shape() {
    for (case, _) in cases() {
        for shape in Shape::ALL {
            let found = case.lowest(shape);
            assert!((case.size(shape, found.x) - 1.0).abs() < 1e-8, "{shape:?}: on the border, KL is δ");
            let there = Place::at(case.family.chart(case.chart), found.x);
            let gradient = there.covector(case.loss.gradient(there.p)).normalize();
            let normal = case.normal(shape, found.x);
            let turned = gradient[0] * normal[1] - gradient[1] * normal[0];
            assert!(turned.abs() < 1e-6, "{:?} {shape:?} {turned:e}", case.loss);
            assert!(gradient.dot(&normal) < 0.0, "the loss decreases outward");
        }
    }
}

#[test]
fn nothing_within_is_lower() {
    for (case, _) in cases() {
        for shape in Shape::ALL {
            let found = case.lowest(shape);
            let reach = 2.0 * (found.x - case.place.x).norm();
            for i in 0..60 {
                for k in 0..60 {
                    let at = |i: i32| reach * f64::from(2 * i - 59) / 59.0;
                    let x = case.place.x + Vec2::new(at(i), at(k));
                    let inside = Place::violation(&*case.family, case.family.chart(case.chart), x).is_none();
                    assert!(!inside || case.size(shape, x) > 1.0 || case.value(x) >= found.value, "{shape:?}");
                }
            }
        }
    }
}

#[test]
fn a_known_outline_changes_nothing() {
    for (case, _) in cases() {
        let (family, chart) = (&*case.family, case.family.chart(case.chart));
        let outline = boundary(family, chart, &case.place, &case.metric, case.delta, SCAN);
        let (value, gradient) = (|p: Vec2| case.loss.value(p), |p: Vec2| case.loss.gradient(p));
        let function = Function { value: &value, gradient: &gradient, optimum: case.loss.optimum() };
        let (place, metric, delta) = (&case.place, &case.metric, case.delta);
        let steps = Steps { family, chart, place, metric, delta, outline: &outline };
        assert_eq!(lowest(Shape::Ball, steps, function), Some(case.lowest(Shape::Ball)));
    }
}

#[test]
fn an_optimum_within_is_the_least() {
    let case = Case::new(("gaussian", "mean-sd"), [[0.0, 1.0], [0.1, 1.1]], 0.1);
    for shape in Shape::ALL {
        let found = case.lowest(shape);
        assert_eq!((found.x, found.value, found.touches), (Vec2::new(0.1, 1.1), 0.0, false));
    }
}

/// A function that knows no optimum, of which one lies inside of every shape.
#[test]
fn a_hollow_inside_is_found_without_being_known() {
    let case = Case::new(("gaussian", "mean-sd"), [[0.0, 1.0], [0.0, 1.0]], 0.1);
    let (hollow, tilt) = (Vec2::new(-0.12, 1.05), Vec2::new(0.3, 0.2));
    let bell = |p: Vec2| (-(p - hollow).norm_squared() / 0.005).exp();
    let value = |p: Vec2| p.dot(&tilt) - bell(p);
    let gradient = |p: Vec2| tilt + (p - hollow) * (bell(p) / 0.0025);
    for shape in Shape::ALL {
        let chart = case.family.chart(case.chart);
        let steps =
            Steps { family: &*case.family, chart, place: &case.place, metric: &case.metric, delta: 0.1, outline: &[] };
        let function = Function { value: &value, gradient: &gradient, optimum: None };
        let found = lowest(shape, steps, function).expect("a least value");
        assert!(!found.touches && gradient(found.x).norm() < 1e-6, "{shape:?} {}", found.x);
        assert!((found.x - hollow).norm() < 0.01);
    }
}

#[test]
fn where_the_domain_cuts_a_shape_off_the_least_is_within_it() {
    // The circle reaches below sd 0, the ball never.
    let case = Case::new(("gaussian", "mean-sd"), [[0.0, 0.3], [0.0, 0.3]], 0.2);
    let chart = case.family.chart(case.chart);
    let steps =
        Steps { family: &*case.family, chart, place: &case.place, metric: &case.metric, delta: 0.2, outline: &[] };
    let (value, gradient) = (|p: Vec2| p[1] - 0.1 * p[0], |_: Vec2| Vec2::new(-0.1, 1.0));
    let function = Function { value: &value, gradient: &gradient, optimum: None };
    let found = lowest(Shape::Circle, steps, function).expect("a least value");
    assert!(!found.touches && found.x[1] > 0.0, "{}", found.x);
    assert!((found.value - -0.1 * (0.4_f64 - 0.09).sqrt()).abs() < 1e-6, "{}", found.value);
    let found = lowest(Shape::Ball, steps, function).expect("a least value");
    assert!(found.touches && (case.size(Shape::Ball, found.x) * case.delta / 0.2 - 1.0).abs() < 1e-9);
    // A function without a value has no least one.
    let nowhere = Function { value: &|_| f64::NAN, ..function };
    assert_eq!(lowest(Shape::Ball, steps, nowhere), None);
}
