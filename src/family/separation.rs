//! The Fisher metric of a mixture of two Gaussians as a function of their separation in standard deviations.
//!
//! It is integrated once, at the nodes of a table, and interpolated from then on: a geodesic evaluates it a thousand
//! times. Not its business: charts, and anything that depends on the two means in another way.

use std::f64::consts::TAU;

use super::mixture::{REACH, fineness, nodes};
use crate::math::Cubic;
use crate::math::chebyshev::Pieces;
use crate::math::quadrature::GAUSS_16;

/// A value with its first two derivatives in the separation.
pub type Jet = [f64; 3];

/// u v / w.
pub fn quotient(u: Jet, v: Jet, w: Jet) -> Jet {
    let n = [u[0] * v[0], u[1] * v[0] + u[0] * v[1], u[2] * v[0] + 2.0 * u[1] * v[1] + u[0] * v[2]];
    let first = n[0] / w[0];
    let second = (n[1] - first * w[1]) / w[0];
    [first, second, (n[2] - 2.0 * second * w[1] - first * w[2]) / w[0]]
}

/// The metric in standard deviations, in the frame of a common shift c = (1, 1) and of v = (1 − weight, −weight), which
/// preserves the mean of the mixture: E = F(c, c), M = F(c, v), V = F(v, v), and the third moments of the scores along
/// them.
struct Frame {
    /// E, M and V with their derivatives.
    metric: [Jet; 3],
    /// E s³, E s²t, E st² and E t³ of the scores s along c and t along v.
    cubic: Cubic,
}

/// The separation from which the components do not overlap in double precision.
const APART: f64 = 20.0;
/// The number of pieces of the table.
const PIECES: usize = 40;

/// The tabulated metric as a function of the separation d: E, M/d², V/d² and the third moments over d, d, d³ and d³,
/// all of which are even in d.
#[derive(Debug)]
pub struct Frames {
    weights: [f64; 2],
    even: [Pieces; 7],
    /// ∫M/E dd from zero to d, over d³.
    shift: Pieces,
}

impl Frame {
    /// The metric at a separation, by quadrature.
    fn integrated([a, b]: [f64; 2], d: f64) -> Self {
        let (nodes, step) = nodes([0.0, d], fineness(d.abs().min(2.0 * REACH)).max(6));
        let unit = step / TAU.sqrt();
        let (mut metric, mut cubic) = ([[0.0; 3]; 3], [0.0; 4]);
        for x in nodes {
            let z = x - d;
            let (first, second) = ((-0.5 * x * x).exp(), (-0.5 * z * z).exp());
            let (g, tilt) = (b * second, d * (x - 0.5 * d));
            let density = [a * first + g, g * z, g * (z * z - 1.0)];
            let shift = [a * first * x + g * z, g * (z * z - 1.0), g * z * (z * z - 3.0)];
            // The two terms nearly cancel if the components nearly agree.
            let apart =
                if tilt.abs() < 1.0 { first * (d * tilt.exp() - x * tilt.exp_m1()) } else { first * x - second * z };
            let spread = [a * b * apart, a * g * (1.0 - z * z), a * g * z * (3.0 - z * z)];
            let products = [(shift, shift), (shift, spread), (spread, spread)];
            for (sum, (u, v)) in metric.iter_mut().zip(products) {
                let jet = quotient(u, v, density);
                for (sum, part) in sum.iter_mut().zip(jet) {
                    *sum += unit * part;
                }
            }
            let [s, t] = [shift[0] / density[0], spread[0] / density[0]];
            for (sum, part) in cubic.iter_mut().zip([s * s * s, s * s * t, s * t * t, t * t * t]) {
                *sum += unit * density[0] * part;
            }
        }
        Self { metric, cubic: Cubic(cubic) }
    }
}

impl Frames {
    /// The table for two weights, which add up to one.
    #[must_use]
    pub fn new(weights: [f64; 2]) -> Self {
        let even = Pieces::of(APART, PIECES, |d| {
            let Frame { metric: [e, m, v], cubic: Cubic([a, b, c, k]) } = Frame::integrated(weights, d);
            let (square, cube) = (d * d, d * d * d);
            [e[0], m[0] / square, v[0] / square, a / d, b / d, c / cube, k / cube]
        });
        let shear = |d: f64| even[1].at(d) / even[0].at(d) * d * d;
        let integral = |low: f64, high: f64| -> f64 {
            let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
            let pair = |[node, weight]: &[f64; 2]| weight * (shear(middle - half * node) + shear(middle + half * node));
            half * GAUSS_16.iter().map(pair).sum::<f64>()
        };
        // The integrals up to the start of each piece of the table.
        let length = APART / PIECES as f64;
        let mut sums = vec![0.0];
        for piece in 0..PIECES {
            let start = piece as f64 * length;
            sums.push(sums[piece] + integral(start, start + length));
        }
        let [shift] = Pieces::of(APART, PIECES, |d| {
            let piece = ((d / length) as usize).min(PIECES - 1);
            [(sums[piece] + integral(piece as f64 * length, d)) / (d * d * d)]
        });
        Self { weights, even, shift }
    }

    /// ∫M/E dd from zero to a separation of either sign.
    #[must_use]
    pub fn shift(&self, separation: f64) -> f64 {
        let d = separation.abs().min(APART);
        d * d * d * self.shift.at(d) * separation.signum()
    }

    /// The separation at which a common shift of the components is hardest to detect, to a tenth.
    #[must_use]
    pub fn hollow(&self) -> f64 {
        let candidates = (1..200).map(|i| 0.1 * f64::from(i));
        candidates.min_by(|a, b| self.even[0].at(*a).total_cmp(&self.even[0].at(*b))).unwrap_or(APART)
    }

    /// E, M and V at a separation of either sign.
    #[must_use]
    pub fn metric(&self, separation: f64) -> [Jet; 3] {
        let (d, sign) = (separation.abs(), separation.signum());
        if d >= APART {
            let [a, b] = self.weights;
            return [[1.0, 0.0, 0.0], [0.0; 3], [a * b, 0.0, 0.0]];
        }
        let [e, m, v] = [0, 1, 2].map(|i| self.even[i].jet(d));
        let scaled = |[f, g, h]: Jet| [d * d * f, sign * d * (2.0 * f + d * g), 2.0 * f + 4.0 * d * g + d * d * h];
        [[e[0], sign * e[1], e[2]], scaled(m), scaled(v)]
    }

    /// The third moments at a separation of either sign.
    #[must_use]
    pub fn cubic(&self, separation: f64) -> Cubic {
        let d = separation.abs();
        if d >= APART {
            return Cubic([0.0; 4]);
        }
        let (one, cube) = (separation, separation * d * d);
        Cubic([(3, one), (4, one), (5, cube), (6, cube)].map(|(i, power)| power * self.even[i].at(d)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_integral() {
        for weight in [0.5, 0.27, 0.03, 0.9] {
            let weights = [weight, 1.0 - weight];
            let frames = Frames::new(weights);
            for d in [1e-3, 0.013, 0.2, 0.77, 1.5, 2.9, 4.1, 6.3, 9.9, 14.7, 19.9, -0.4, -3.3] {
                let exact = Frame::integrated(weights, d);
                let read = Frame { metric: frames.metric(d), cubic: frames.cubic(d) };
                // Each derivative of a series of 18 terms loses about two digits.
                for (order, tolerance) in [1e-13, 1e-11, 1e-9].into_iter().enumerate() {
                    let off = |i: usize| read.metric[i][order] - exact.metric[i][order];
                    // In units of the metric itself: √E and √V.
                    let [e, v] = [exact.metric[0][0].sqrt(), exact.metric[2][0].sqrt()];
                    let worst = (off(0) / (e * e)).abs().max((off(1) / (e * v)).abs()).max((off(2) / (v * v)).abs());
                    let worst = worst * d.abs().min(1.0).powi(i32::try_from(order).unwrap_or(0));
                    assert!(worst < tolerance, "{weight} at {d}, order {order}: {worst:e}");
                }
                let [e, v] = [exact.metric[0][0].sqrt(), exact.metric[2][0].sqrt()];
                for (i, unit) in [e * e * e, e * e * v, e * v * v, v * v * v].into_iter().enumerate() {
                    let off = (read.cubic.0[i] - exact.cubic.0[i]).abs() / unit;
                    assert!(off < 1e-11, "{weight} at {d}, cubic {i}: {off:e}");
                }
            }
        }
    }
}
