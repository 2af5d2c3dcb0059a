//! Where a function is least within all steps of one size, for three meanings of size: Euclidean length in a chart, the
//! quadratic form of the Fisher matrix, KL divergence.
//!
//! Along a border the function is scanned once around, then the root of its derivative is bracketed in each of the
//! deepest dips; inside, it is scanned along rays, and the best point is followed downhill if it beats the border.
//! What the function is, is up to who asks.

use std::f64::consts::{FRAC_PI_2, TAU};

use super::Place;
use super::ball::{self, Ball};
use super::ellipse::whiten;
use crate::family::{Chart, Family};
use crate::math::{Mat2, Vec2};

/// Rays of the scan once around: those of [`ball::boundary`] with as many.
pub const SCAN: usize = 96;
/// The dips that are looked into.
const DIPS: usize = 3;
/// Every so many of these rays is scanned inside, at so many places.
const THIN: usize = 6;
const PLACES: usize = 7;
/// The most steps of a search, more than double precision needs.
const STEPS: usize = 90;
/// The angle at which a search along a border ends.
const CLOSE: f64 = 1e-14;
/// The share of δ by which the KL of a ball's border may differ from δ: where it is less, the ball ends with the chart.
const OFF: f64 = 1e-6;

/// What a step of some size is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// |Δ|² ≤ 2δ in the chart.
    Circle,
    /// ½ ΔᵀFΔ ≤ δ.
    Ellipse,
    /// KL(p ‖ q) ≤ δ.
    Ball,
}

impl Shape {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Circle, Self::Ellipse, Self::Ball];
}

/// The point from which steps are taken, in a chart, and their size δ in nats.
#[derive(Debug, Clone, Copy)]
pub struct Steps<'a> {
    /// The family.
    pub family: &'a dyn Family,
    /// The chart.
    pub chart: &'a dyn Chart,
    /// The point.
    pub place: &'a Place,
    /// The Fisher matrix there in the chart.
    pub metric: &'a Mat2,
    /// The size.
    pub delta: f64,
    /// The border of the ball on [`SCAN`] rays, if it is known.
    pub outline: &'a [Vec2],
}

/// A function of points in canonical parameters.
#[derive(Clone, Copy)]
pub struct Function<'a> {
    /// Its value; not finite where it has none.
    pub value: &'a dyn Fn(Vec2) -> f64,
    /// Its gradient.
    pub gradient: &'a dyn Fn(Vec2) -> Vec2,
    /// Where it is known to be least.
    pub optimum: Option<Vec2>,
}

/// The least value within a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lowest {
    /// Where, in the chart.
    pub x: Vec2,
    /// The value.
    pub value: f64,
    /// Whether the shape touches the function's contour there: otherwise it lies inside of the shape, or where the domain
    /// cuts it off.
    pub touches: bool,
}

/// A point of a border, and how it moves with its angle; that is not finite where the domain cuts the shape off.
type Border = (Vec2, Vec2);

/// The least value of a function within a shape and its domain; `None` if it has no value there.
#[must_use]
pub fn lowest(shape: Shape, steps: Steps<'_>, function: Function<'_>) -> Option<Lowest> {
    let search = Search { shape, steps, function };
    let scan = search.scan();
    let mut found = search.around(&scan);
    let mut keep = |other: Lowest| {
        if found.is_none_or(|found| other.value < found.value) {
            found = Some(other);
        }
    };
    if let Some(optimum) = function.optimum.and_then(|p| search.optimum(p)) {
        keep(optimum);
    }
    let inside = (0..SCAN).step_by(THIN).flat_map(|i| {
        let ray = scan[i].0 - steps.place.x;
        (0..PLACES).map(move |k| steps.place.x + ray * (k as f64 / PLACES as f64))
    });
    let best = inside.map(|x| (x, search.value(x))).filter(|(_, value)| value.is_finite());
    if let Some((x, value)) = best.min_by(|a, b| a.1.total_cmp(&b.1)) {
        let beaten = found.is_some_and(|found| found.value <= value);
        if !beaten {
            found = Some(search.downhill(x, value));
        }
    }
    found
}

/// A search within one shape.
struct Search<'a> {
    shape: Shape,
    steps: Steps<'a>,
    function: Function<'a>,
}

impl Search<'_> {
    /// The value at coordinates; infinite where there is none.
    fn value(&self, x: Vec2) -> f64 {
        let Steps { family, chart, .. } = self.steps;
        if Place::violation(family, chart, x).is_some() {
            return f64::INFINITY;
        }
        let value = (self.function.value)(chart.to_parameters(x));
        if value.is_nan() { f64::INFINITY } else { value }
    }

    /// The gradient at coordinates inside of the domain, in the chart.
    fn gradient(&self, x: Vec2) -> Vec2 {
        let place = Place::at(self.steps.chart, x);
        place.covector((self.function.gradient)(place.p))
    }

    /// Points of the border once around, and the values there.
    fn scan(&self) -> Vec<(Vec2, f64)> {
        let outline = self.steps.outline;
        if self.shape == Shape::Ball && outline.len() == SCAN {
            return outline.iter().map(|x| (*x, self.value(*x))).collect();
        }
        (0..SCAN).map(|i| self.at(TAU * i as f64 / SCAN as f64)).collect()
    }

    /// The point of the border in a direction, and the value there.
    fn at(&self, angle: f64) -> (Vec2, f64) {
        let x = self.border(angle).0;
        (x, self.value(x))
    }

    fn border(&self, angle: f64) -> Border {
        let Steps { place, metric, delta, .. } = self.steps;
        let radius = (2.0 * delta).sqrt();
        let round = |angle: f64| match self.shape {
            Shape::Circle => Vec2::new(angle.cos(), angle.sin()) * radius,
            Shape::Ellipse | Shape::Ball => whiten(metric, angle) * radius,
        };
        // Both are linear in the cosine and the sine, whose derivatives are those of a right angle on.
        let (ray, turned) = (round(angle), round(angle + FRAC_PI_2));
        if self.shape == Shape::Ball { self.ball(angle, ray, turned) } else { (place.x + ray, turned) }
    }

    /// The border of the ball, along which KL does not change.
    fn ball(&self, angle: f64, ray: Vec2, turned: Vec2) -> Border {
        let Steps { family, chart, place, metric, delta, .. } = self.steps;
        let x = ball::end(Ball::Kl, family, chart, (place, metric), delta, angle);
        let kl = ball::divergence(family, chart, place, x).unwrap_or(f64::NAN);
        let cut = (kl - delta).abs() > OFF * delta;
        if kl.is_nan() || cut {
            return (x, Vec2::repeat(f64::NAN));
        }
        let there = Place::at(chart, x);
        let slope = there.covector(family.kl_gradient_second(place.p, there.p));
        let reach = (x - place.x).dot(&ray) / ray.dot(&ray);
        (x, (turned - ray * (slope.dot(&turned) / slope.dot(&ray))) * reach)
    }

    /// The derivative of the function along the border.
    fn slope(&self, angle: f64) -> f64 {
        let (x, along) = self.border(angle);
        if self.value(x).is_finite() { self.gradient(x).dot(&along) } else { f64::NAN }
    }

    /// The least value on the border.
    fn around(&self, scan: &[(Vec2, f64)]) -> Option<Lowest> {
        let value = |i: usize| scan[i % SCAN].1;
        let mut dips: Vec<usize> = (0..SCAN)
            .filter(|&i| value(i).is_finite() && value(i) <= value(i + SCAN - 1) && value(i) <= value(i + 1))
            .collect();
        dips.sort_by(|a, b| value(*a).total_cmp(&value(*b)));
        dips.truncate(DIPS);
        let refined = dips.into_iter().map(|i| self.dip(TAU * i as f64 / SCAN as f64));
        refined.min_by(|a, b| a.value.total_cmp(&b.value))
    }

    /// The lowest point of the border between the neighbours of a point of the scan.
    fn dip(&self, angle: f64) -> Lowest {
        let wide = TAU / SCAN as f64;
        let [low, high] = [angle - wide, angle + wide];
        let bracketed = self.slope(low) <= 0.0 && self.slope(high) >= 0.0;
        let root = if bracketed { self.root(low, high) } else { None };
        let end = root.unwrap_or_else(|| self.golden(low, high));
        // A kink in the function, or two dips between two neighbours, may have put the search off.
        let ((x, value), scanned) = (self.at(end), self.at(angle));
        let (x, value) = if value <= scanned.1 { (x, value) } else { scanned };
        Lowest { x, value, touches: root.is_some() }
    }

    /// The root of the derivative between two angles: regula falsi with the Illinois rule (Dowell & Jarratt 1971), and a
    /// bisection whenever that has not halved the interval.
    fn root(&self, low: f64, high: f64) -> Option<f64> {
        let mut ends = [low, high].map(|angle| (angle, self.slope(angle)));
        let (mut wide, mut kept) = (high - low, None);
        for step in 0..STEPS {
            let [(low, below), (high, above)] = ends;
            if high - low < CLOSE || below == 0.0 || above == 0.0 {
                break;
            }
            let guess = low - below * (high - low) / (above - below);
            let slow = step % 3 == 2 && high - low > 0.5 * std::mem::replace(&mut wide, high - low);
            let middle = if slow || !(guess > low && guess < high) { 0.5 * (low + high) } else { guess };
            let slope = self.slope(middle);
            if slope.is_nan() {
                return None;
            }
            let side = usize::from(slope > 0.0);
            ends[side] = (middle, slope);
            if kept.replace(side) == Some(side) {
                ends[1 - side].1 *= 0.5;
            }
        }
        ends.iter().min_by(|a, b| self.slope(a.0).abs().total_cmp(&self.slope(b.0).abs())).map(|end| end.0)
    }

    /// The least value between two angles by golden section, which needs no derivative and no domain on either side.
    fn golden(&self, mut low: f64, mut high: f64) -> f64 {
        let share = 0.5 * (5.0_f64.sqrt() - 1.0);
        let mut inner = [high - share * (high - low), low + share * (high - low)].map(|at| (at, self.at(at).1));
        for _ in 0..STEPS {
            if high - low < CLOSE {
                break;
            }
            if inner[0].1 <= inner[1].1 {
                high = inner[1].0;
                let at = high - share * (high - low);
                inner = [(at, self.at(at).1), inner[0]];
            } else {
                low = inner[0].0;
                let at = low + share * (high - low);
                inner = [inner[1], (at, self.at(at).1)];
            }
        }
        if inner[0].1 <= inner[1].1 { inner[0].0 } else { inner[1].0 }
    }

    /// The known optimum, if it lies within the shape.
    fn optimum(&self, p: Vec2) -> Option<Lowest> {
        let x = self.steps.chart.to_coordinates(p);
        let value = self.value(x);
        (self.holds(x) && value.is_finite()).then_some(Lowest { x, value, touches: false })
    }

    fn holds(&self, x: Vec2) -> bool {
        let Steps { family, chart, place, metric, delta, .. } = self.steps;
        let step = x - place.x;
        let size = match self.shape {
            Shape::Circle => 0.5 * step.dot(&step),
            Shape::Ellipse => 0.5 * step.dot(&(metric * step)),
            Shape::Ball => ball::divergence(family, chart, place, x).unwrap_or(f64::NAN),
        };
        size <= delta
    }

    /// Descends from a point inside by BFGS (Nocedal & Wright 2006, §6.1), without leaving the shape.
    fn downhill(&self, x: Vec2, value: f64) -> Lowest {
        let mut here = Lowest { x, value, touches: false };
        let mut gradient = self.gradient(x);
        // In units in which the shape has about the size one.
        let size = (2.0 * self.steps.delta).sqrt();
        let mut inverse = Mat2::identity() * (size / gradient.norm().max(f64::MIN_POSITIVE));
        for _ in 0..STEPS {
            let step = -(inverse * gradient);
            let better = (0..STEPS as i32).find_map(|halving| {
                let x = here.x + step * 0.5_f64.powi(halving);
                let value = if self.holds(x) { self.value(x) } else { f64::INFINITY };
                (value < here.value).then_some((x, value))
            });
            let Some((x, value)) = better else { break };
            let next = self.gradient(x);
            let (s, y) = (x - here.x, next - gradient);
            let curvature = s.dot(&y);
            if curvature > 0.0 {
                let left = Mat2::identity() - s * y.transpose() / curvature;
                inverse = left * inverse * left.transpose() + s * s.transpose() / curvature;
            }
            (here.x, here.value, gradient) = (x, value, next);
        }
        here
    }
}
