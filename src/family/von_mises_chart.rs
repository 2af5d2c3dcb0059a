//! Coordinates of von Mises distributions: polar ones, and the natural and expectation parameters, which are Cartesian.

use super::chart::principal;
use super::{Chart, ChartInfo, Scale, Scaled, Violation};
use crate::math::bessel::{Ratio, inverse_ratio};
use crate::math::{Mat2, Vec2};

/// What is said of them.
pub(super) static CHARTS: [ChartInfo; 4] = [
    ChartInfo { name: "mean-concentration", axes: ["mean", "concentration"], doc: "the parameters themselves" },
    ChartInfo { name: "mean-log-concentration", axes: ["mean", "log concentration"], doc: "mean, log concentration" },
    ChartInfo {
        name: "natural",
        axes: ["κ cos μ", "κ sin μ"],
        doc: "concentration cos(mean), concentration sin(mean)",
    },
    ChartInfo { name: "expectation", axes: ["E cos x", "E sin x"], doc: "A cos(mean), A sin(mean), A = I₁/I₀" },
];

/// The parameters themselves.
pub(super) const CANONICAL: Scaled = Scaled::new(&CHARTS[0], [Scale::Angle, Scale::Positive]);

/// All of them.
pub(super) fn all() -> [Box<dyn Chart>; 4] {
    let log = Scaled::new(&CHARTS[1], [Scale::Angle, Scale::Log]);
    [Box::new(CANONICAL), Box::new(log), Box::new(Natural), Box::new(Expectation)]
}

/// The polar angle of a vector, in (−π, π].
fn direction(x: Vec2) -> f64 {
    principal(x[1].atan2(x[0]))
}

/// The violation of a vector that is not finite or zero, for both Cartesian charts; `None` for others.
fn no_direction(info: &ChartInfo, x: Vec2) -> Option<Violation> {
    match (0..2).find(|&i| !x[i].is_finite()) {
        Some(i) => Some(Violation::not_finite(info.axes[i])),
        None if x == Vec2::zeros() => {
            Some(Violation { quantity: "concentration", broken: "= 0 at (0, 0)", wanted: "> 0" })
        }
        None => None,
    }
}

/// ∂(mean, radius)/∂x at the vector with these polar coordinates.
fn polar(mean: f64, radius: f64) -> Mat2 {
    let (sin, cos) = mean.sin_cos();
    Mat2::new(-sin / radius, cos / radius, cos, sin)
}

/// The Hessians in (mean, κ) of r(κ) cos mean and r(κ) sin mean, given r, r′ and r″.
fn polar_hessians(mean: f64, [r, slope, bend]: [f64; 3]) -> [Mat2; 2] {
    let (sin, cos) = mean.sin_cos();
    let (by_cos, by_sin) = (slope * cos, -slope * sin);
    [Mat2::new(-r * cos, by_sin, by_sin, bend * cos), Mat2::new(-r * sin, by_cos, by_cos, bend * sin)]
}

/// The Fisher matrix in the natural chart, A′ along the radius and A/κ across it, and that in the expectation chart,
/// its inverse. A/κ − A′ is not computed as a difference, since the two agree for small κ.
fn dual_metrics(p: Vec2) -> [Mat2; 2] {
    let ratio = Ratio::at(p[1]);
    let (sin, cos) = p[0].sin_cos();
    let (along, across) = (ratio.slope, ratio.slope + ratio.excess);
    let matrix = |along: f64, across: f64, mixed: f64| {
        Mat2::new(along * cos * cos + across * sin * sin, mixed, mixed, along * sin * sin + across * cos * cos)
    };
    let mixed = ratio.excess * sin * cos;
    [matrix(along, across, -mixed), matrix(1.0 / along, 1.0 / across, mixed / along / across)]
}

/// Christoffel symbols in Cartesian coordinates from Γʳᵣᵣ, Γʳₜₜ and Γᵗᵣₜ, where r and t are the unit vectors along and
/// across the radius; all others are zero.
fn rotated(mean: f64, [radial, inward, turning]: [f64; 3]) -> [Mat2; 2] {
    let (sin, cos) = mean.sin_cos();
    let (r, t) = (Vec2::new(cos, sin), Vec2::new(-sin, cos));
    let both = r * t.transpose();
    let (by_r, by_t) = (r * r.transpose() * radial + t * t.transpose() * inward, (both + both.transpose()) * turning);
    [0, 1].map(|k| by_r * r[k] + by_t * t[k])
}

/// The natural chart θ = κ (cos mean, sin mean).
#[derive(Debug)]
struct Natural;

impl Chart for Natural {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[2]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        no_direction(self.info(), x).or_else(|| CANONICAL.violation(self.to_parameters(x)))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(direction(x), x[0].hypot(x[1]))
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        let (sin, cos) = p[0].sin_cos();
        Vec2::new(p[1] * cos, p[1] * sin)
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        polar(p[0], p[1])
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        polar_hessians(p[0], [p[1], 1.0, 0.0])
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(dual_metrics(p))
    }

    /// ½F⁻¹T with T the third derivatives of ln I₀(|θ|): A″ along the radius and (A/κ)′ across it.
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let ratio = Ratio::at(p[1]);
        let (by_radius, across) = (0.5 / ratio.slope, 0.5 * p[1] / ratio.value);
        let turn = -ratio.excess / p[1];
        Some(rotated(p[0], [ratio.bend * by_radius, turn * by_radius, turn * across]))
    }
}

/// The expectation chart η = A(κ) (cos mean, sin mean).
#[derive(Debug)]
struct Expectation;

/// 1 − |x|, accurate even where |x| is next to 1.
fn gap(x: Vec2) -> f64 {
    let (long, short) = (x[0].abs().max(x[1].abs()), x[0].abs().min(x[1].abs()));
    ((1.0 - long) * (1.0 + long) - short * short) / (1.0 + x[0].hypot(x[1]))
}

impl Chart for Expectation {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[3]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        if let Some(violation) = no_direction(self.info(), x) {
            return Some(violation);
        }
        if gap(x) > 0.0 {
            return CANONICAL.violation(self.to_parameters(x));
        }
        Some(Violation { quantity: "(E cos x)² + (E sin x)²", broken: "≥ 1", wanted: "< 1" })
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(direction(x), inverse_ratio(x[0].hypot(x[1]), gap(x)))
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        let (sin, cos) = p[0].sin_cos();
        Vec2::new(cos, sin) * Ratio::at(p[1]).value
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        let ratio = Ratio::at(p[1]);
        let by_length = polar(p[0], ratio.value);
        Mat2::from_diagonal(&Vec2::new(1.0, 1.0 / ratio.slope)) * by_length
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let ratio = Ratio::at(p[1]);
        polar_hessians(p[0], [ratio.value, ratio.slope, ratio.bend])
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let [natural, own] = dual_metrics(p);
        Some([own, natural])
    }

    /// −½TF⁻¹F⁻¹ with the same T as in the natural chart.
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let ratio = Ratio::at(p[1]);
        let (by_radius, across) = (1.0 / ratio.slope, p[1] / ratio.value);
        let (bend, turn) = (-0.5 * ratio.bend, 0.5 * ratio.excess / p[1]);
        Some(rotated(p[0], [bend * by_radius * by_radius, turn * across * across, turn * across * by_radius]))
    }
}
