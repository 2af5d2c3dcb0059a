//! The metric of the beta family and its Levi-Civita connection, free of cancellation for both large and small
//! parameters.
//!
//! With s = a + b, F = diag(ψ′(a), ψ′(b)) − ψ′(s), and T = diag(ψ″(a), ψ″(b)) − ψ″(s) in the natural coordinates (a −
//! 1, b − 1). For large parameters det F is smaller than its two products by a factor of s, and the differences in the
//! connection are smaller than their terms by up to s². The leading parts 1/x of ψ′(x) and −1/x² of ψ″(x) cancel
//! exactly, so they are removed analytically.

use crate::math::special::{
    tetragamma, tetragamma_rise, trigamma, trigamma_drop, trigamma_excess, trigamma_excess_bend, trigamma_excess_drop,
    trigamma_square_excess,
};
use crate::math::{Mat2, Vec2};

/// The parameter from which determinants are formed from ψ′(x) − 1/x.
const LARGE: f64 = 4.0;

/// The Fisher matrix in (alpha, beta).
pub fn fisher(p: Vec2) -> Mat2 {
    let mixed = -trigamma(p[0] + p[1]);
    Mat2::new(trigamma_drop(p[0], p[1]), mixed, mixed, trigamma_drop(p[1], p[0]))
}

/// The terms of the metric, with the smaller parameter first.
struct Parts {
    /// The parameters and their sum.
    a: f64,
    b: f64,
    s: f64,
    /// ψ′ of a, b and s.
    psi: [f64; 3],
    /// ψ′(a) − ψ′(s) and ψ′(b) − ψ′(s).
    drop: [f64; 2],
    /// det F.
    det: f64,
    /// Whether alpha is the larger one.
    swapped: bool,
}

impl Parts {
    fn at(p: Vec2) -> Self {
        let swapped = p[0] > p[1];
        let (a, b) = if swapped { (p[1], p[0]) } else { (p[0], p[1]) };
        let s = a + b;
        let psi = [a, b, s].map(trigamma);
        let drop = [trigamma_drop(a, b), trigamma_drop(b, a)];
        let det = if b < LARGE {
            drop[0] * drop[1] - psi[2] * psi[2]
        } else {
            // In terms of e(x) = ψ′(x) − 1/x, since 1/(ab) − (1/a + 1/b)/s = 0.
            let [first, second, whole] = [a, b, s].map(trigamma_excess);
            let fall = trigamma_excess_drop(b, a);
            first * (a / b / s) + psi[0] * fall - second / s - whole / b - whole * second
        };
        Self { a, b, s, psi, drop, det, swapped }
    }

    /// Reorders a symmetric matrix to the family's parameters.
    fn ordered(&self, m: Mat2) -> Mat2 {
        if self.swapped { Mat2::new(m[(1, 1)], m[(0, 1)], m[(0, 1)], m[(0, 0)]) } else { m }
    }

    /// Reorders Christoffel symbols to the family's parameters.
    fn ordered_symbols(&self, [first, second]: [Mat2; 2]) -> [Mat2; 2] {
        let symbols = [self.ordered(first), self.ordered(second)];
        if self.swapped { [symbols[1], symbols[0]] } else { symbols }
    }

    fn inverse(&self) -> Mat2 {
        let [first, second] = self.drop;
        self.ordered(Mat2::new(second, self.psi[2], self.psi[2], first) / self.det)
    }
}

/// F⁻¹ in (alpha, beta).
pub fn inverse(p: Vec2) -> Mat2 {
    Parts::at(p).inverse()
}

/// The Christoffel symbols ½F⁻¹T in (alpha, beta).
pub fn symbols(p: Vec2) -> [Mat2; 2] {
    let parts = Parts::at(p);
    let Parts { a, b, s, psi: [by_a, by_b, by_s], drop: [drop_a, drop_b], .. } = parts;
    let (rise_a, rise_b, bend) = (tetragamma_rise(a, b), tetragamma_rise(b, a), -tetragamma(s));
    let half = 0.5 / parts.det;
    let (first, second) = (by_b * bend, by_a * bend);
    parts.ordered_symbols([
        Mat2::new(by_s * bend - drop_b * rise_a, first, first, drop_b * bend - by_s * rise_b) * half,
        Mat2::new(drop_a * bend - by_s * rise_a, second, second, by_s * bend - drop_a * rise_b) * half,
    ])
}

/// The Christoffel symbols −½F⁻¹TF⁻¹ in (E log x, E log(1−x)).
///
/// They use −ψ″(x)/ψ′(x)² = 1 − c(x), where c vanishes like 1/(12x²) for large x, and ψ′(a)(ψ′(b) − ψ′(s)) − ψ′(s)ψ′(b)
/// = det F.
pub fn dual_symbols(p: Vec2) -> [Mat2; 2] {
    let parts = Parts::at(p);
    let Parts { a, b, s, psi: [by_a, by_b, by_s], drop: [drop_a, drop_b], det, .. } = parts;
    let half = 0.5 / det / det;
    let c = |x: f64, psi: f64| trigamma_square_excess(x) / (psi * psi);
    let (first, second) = if a < LARGE {
        let (bend_a, bend_b, bend) = (-tetragamma(a), -tetragamma(b), -tetragamma(s));
        let rise_b = tetragamma_rise(b, a);
        let [c_b, c_s] = [c(b, by_b), c(s, by_s)];
        (
            [
                drop_b * drop_b * bend_a - bend * by_b * by_b,
                by_s * drop_b * bend_a - bend * by_a * by_b,
                by_s * by_s * bend_a - bend * by_a * by_a,
            ],
            [
                if b < LARGE {
                    by_s * by_s * bend_b - bend * by_b * by_b
                } else {
                    by_b * by_b * by_s * by_s * (c_s - c_b)
                },
                rise_b * by_a * by_b - bend_b * (by_a * drop_b + by_s * by_s),
                rise_b * by_a * by_a - bend_b * by_s * (by_a + drop_a),
            ],
        )
    } else {
        let [c_a, c_b, c_s] = [c(a, by_a), c(b, by_b), c(s, by_s)];
        let symbol = |one: f64, c_one: f64, drop: f64, other: f64| {
            let (upper, lower) = (by_s * other, drop * one);
            [
                det * (upper + lower) + c_s * upper * upper - c_one * lower * lower,
                by_s * one * (det + c_s * upper - c_one * lower),
                by_s * by_s * one * one * (c_s - c_one),
            ]
        };
        let (first, [own, mixed, across]) = (symbol(by_a, c_a, drop_b, by_b), symbol(by_b, c_b, drop_a, by_a));
        (first, [across, mixed, own])
    };
    let matrix = |[x, y, z]: [f64; 3]| Mat2::new(x, y, y, z) * half;
    parts.ordered_symbols([matrix(first), matrix(second)])
}

/// The Gaussian curvature, by the formula for Hessian metrics.
pub fn curvature(p: Vec2) -> f64 {
    let Parts { a, b, s, psi: [by_a, by_b, by_s], drop: [_, drop_b], det, .. } = Parts::at(p);
    if a < LARGE {
        let (bend_a, bend_b, bend) = (-tetragamma(a), -tetragamma(b), -tetragamma(s));
        let apart = bend * drop_b - tetragamma_rise(b, a) * by_s;
        return 0.25 * (bend_a * apart + by_a * bend * bend_b) / det / det;
    }
    let [c_a, c_b, c_s] = [(a, by_a), (b, by_b), (s, by_s)].map(|(x, psi)| trigamma_square_excess(x) / (psi * psi));
    let both = |x: f64, y: f64| x + y - x * y;
    let rest = both(c_s, c_a) * by_s * by_a + both(c_s, c_b) * by_s * by_b - both(c_a, c_b) * by_a * by_b;
    -0.25 * by_a * by_b * by_s * (det + rest) / det / det
}

/// The terms of one parameter x in (mean, concentration): ψ′, e, 2e + xe′ and ψ″ at x, where e(x) = ψ′(x) − 1/x.
struct Share {
    x: f64,
    psi: f64,
    excess: f64,
    bend: f64,
    slope: f64,
}

impl Share {
    fn at(x: f64) -> Self {
        Self { x, psi: trigamma(x), excess: trigamma_excess(x), bend: trigamma_excess_bend(x), slope: tetragamma(x) }
    }

    /// x e(x): 1/x for small x, 1/(2x) for large x.
    fn first(&self) -> f64 {
        self.x * self.excess
    }

    /// x² e(x): 1 for small x, 1/2 for large x.
    fn second(&self) -> f64 {
        self.x * self.x * self.excess
    }
}

/// F and F⁻¹ in (mean, concentration), free of the terms 1/a + 1/b and a + b − s that cancel.
pub fn mean_metric(p: Vec2) -> [Mat2; 2] {
    let parts = Parts::at(p);
    let s = parts.s;
    let [a, b, whole] = [p[0], p[1], s].map(Share::at);
    let mixed = a.first() - b.first();
    let last = (a.second() + b.second() - whole.second()) / (s * s);
    let fisher = Mat2::new(s * s * (a.psi + b.psi), mixed, mixed, last);
    let inverse = Mat2::new(last, -mixed, -mixed, fisher[(0, 0)]) / (s * s) / parts.det;
    [fisher, inverse]
}

/// The Christoffel symbols in (mean, concentration).
pub fn mean_symbols(p: Vec2) -> [Mat2; 2] {
    let [fisher, inverse] = mean_metric(p);
    let s = p[0] + p[1];
    let [a, b, whole] = [p[0], p[1], s].map(Share::at);
    let by_mean = s * s * s * (a.slope - b.slope);
    let by_whole = s * ((1.0 / a.x + 1.0 / b.x) + (a.bend + b.bend));
    let spread = (a.x * a.bend - b.x * b.bend) / s;
    let last = (a.x * a.x * a.bend + b.x * b.x * b.bend - s * s * whole.bend) / (s * s * s) - 2.0 * fisher[(1, 1)] / s;
    // The symbols with the upper index lowered, for the pairs 11, 12 and 22.
    let lowered = [
        Vec2::new(0.5 * by_mean, s * ((a.bend + b.bend) - (a.excess + b.excess)) - 0.5 * by_whole),
        Vec2::new(0.5 * by_whole, 0.5 * spread),
        Vec2::new(0.5 * spread - (a.first() - b.first()) / s, 0.5 * last),
    ];
    let [along, mixed, across] = lowered.map(|lowered| inverse * lowered);
    [0, 1].map(|k| Mat2::new(along[k], mixed[k], mixed[k], across[k]))
}
