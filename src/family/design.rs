//! The Fisher metric of logistic regression over a fixed design, in the units of its covariates.
//!
//! F = Σ w σ(1 − σ) (1, x)(1, x)ᵀ and T = Σ w σ(1 − σ)(1 − 2σ) (1, x)⊗³. Where every label is nearly certain, all weights
//! underflow together and T is nearly ±F. So weights are relative to the largest, sums are about their mean, and the part
//! ±F of T is separated: symbols have full accuracy at any log odds. Not its business: parameters, charts, likelihoods.

use super::log_odds::chances;
use crate::math::{Mat2, Vec2};

/// The distinct covariates, each with its share of the design.
#[derive(Debug, Clone)]
pub struct Design(pub Vec<[f64; 2]>);

/// The design weighted by the variances of its labels.
struct Weighted {
    rows: Vec<Row>,
    /// The largest σ(1 − σ), without its factor near one.
    scale: f64,
    /// The total weight, the mean of x, Σ w (x − mean)² and Σ w (x − mean)³.
    weight: f64,
    mean: f64,
    square: f64,
    third: f64,
    /// The sign of 1 − 2σ if that is the same at every covariate, otherwise 0.
    side: f64,
}

/// A covariate in the weighted design.
struct Row {
    x: f64,
    /// w σ(1 − σ)/scale.
    weight: f64,
    /// x minus the weighted mean.
    off: f64,
    /// 1 − 2σ minus `side`.
    rest: f64,
}

impl Design {
    /// The log odds at a covariate.
    fn odds(p: Vec2, x: f64) -> f64 {
        p[0] + p[1] * x
    }

    fn weighted(&self, p: Vec2) -> Weighted {
        let odds = || self.0.iter().map(|[x, _]| Self::odds(p, *x));
        let (low, high) = odds().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), odds| (a.min(odds), b.max(odds)));
        let side = if low > 0.0 {
            -1.0
        } else if high < 0.0 {
            1.0
        } else {
            0.0
        };
        // The least |log odds| of the design.
        let least = odds().map(f64::abs).fold(f64::INFINITY, f64::min);
        let row = |&[x, share]: &[f64; 2]| {
            let eta = Self::odds(p, x);
            let [yes, no] = chances(eta);
            let rest = if side > 0.0 {
                -2.0 * yes
            } else if side < 0.0 {
                2.0 * no
            } else {
                no - yes
            };
            let most = yes.max(no);
            Row { x, weight: share * (least - eta.abs()).exp() * most * most, off: 0.0, rest }
        };
        let mut rows: Vec<Row> = self.0.iter().map(row).collect();
        // Distances from the mean, measured from the heaviest covariate: it may have all the weight but a tiny part.
        let heaviest = rows.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).map_or(f64::NAN, |row| row.x);
        let weight: f64 = rows.iter().map(|row| row.weight).sum();
        let mean = rows.iter().map(|row| row.weight * (row.x - heaviest)).sum::<f64>() / weight;
        let (mut square, mut third, mut size) = (0.0, 0.0, 0.0);
        for row in &mut rows {
            row.off = row.x - heaviest - mean;
            square += row.weight * row.off * row.off;
            third += row.weight * row.off * row.off * row.off;
            size += row.weight * row.x * row.x;
        }
        // Below that, the computed spread is rounding error.
        let square = if square > f64::EPSILON * f64::EPSILON * size { square } else { f64::NAN };
        Weighted { rows, scale: (-least).exp(), weight, mean: heaviest + mean, square, third, side }
    }

    /// F⁻¹; `None` if it is not representable or F is singular.
    pub fn inverse(&self, p: Vec2) -> Option<Mat2> {
        let Weighted { scale, weight, mean, square, .. } = self.weighted(p);
        let off = -mean / square;
        let inverse = Mat2::new(1.0 / weight - mean * off, off, off, 1.0 / square) / scale;
        inverse.iter().all(|entry| entry.is_finite()).then_some(inverse)
    }

    /// The Christoffel symbols ½F⁻¹T, about the weighted mean, where F is diagonal.
    pub fn symbols(&self, p: Vec2) -> [Mat2; 2] {
        let Weighted { rows, weight, mean, square, third, side, .. } = self.weighted(p);
        let lean = third / square;
        let half = 0.5 * side;
        let mut symbols = [
            Mat2::new(half, 0.0, 0.0, half * (square / weight - mean * mean - mean * lean)),
            Mat2::new(0.0, half, half, half * (2.0 * mean + lean)),
        ];
        for Row { x, weight: w, off, rest } in rows {
            let part = Mat2::new(1.0, x, x, x * x) * (0.5 * w * rest);
            let slope = off / square;
            symbols[0] += part * (1.0 / weight - mean * slope);
            symbols[1] += part * slope;
        }
        symbols
    }

    /// The Gaussian curvature by Shima's formula for Hessian metrics; the part ±F of T has none and is left out.
    pub fn curvature(&self, p: Vec2) -> f64 {
        let Weighted { rows, scale, weight, square, third, side, .. } = self.weighted(p);
        let mut moments = [0.0; 4];
        for row in rows {
            let mut part = row.weight * row.rest;
            for moment in &mut moments {
                *moment += part;
                part *= row.off;
            }
        }
        let [a, b, c, d] = moments;
        let common = side * (weight * square * c - square * square * a - weight * third * b);
        let own = square * (b * b - a * c) + weight * (c * c - b * d);
        0.25 * (common + own) / (weight * square) / (weight * square) / scale
    }

    /// The squared Fisher length of a tangent vector at p, without cancellation.
    pub fn square(&self, p: Vec2, v: Vec2) -> f64 {
        let row = |&[x, share]: &[f64; 2]| {
            let rise = v[0] + v[1] * x;
            share * chances(Self::odds(p, x)).iter().product::<f64>() * rise * rise
        };
        self.0.iter().map(row).sum()
    }
}
