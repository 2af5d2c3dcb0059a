//! Functions on the unit interval from their values at Chebyshev nodes: integration, evaluation, differentiation.
//!
//! Equations x″ = f are solved for the values of x″; x and x′ are then integrals, whose matrices are well conditioned
//! where differentiation matrices are not (Greengard 1991). Does not know the equation.

use std::f64::consts::PI;
use std::sync::OnceLock;

/// The available numbers of nodes, in the order in which they are tried.
pub const SIZES: [usize; 7] = [12, 20, 32, 48, 72, 108, 160];

/// `n` Chebyshev nodes with their integration matrices (`n × n`, row by row).
#[derive(Debug)]
pub struct Nodes {
    /// The nodes, between 0 and 1.
    pub t: Vec<f64>,
    /// Maps the values of x″ to those of x, where x(0) = x(1) = 0.
    pub place: Vec<f64>,
    /// Maps the values of x″ to those of x′, where x(0) = x(1) = 0.
    pub slope: Vec<f64>,
    /// Maps the values of x″ to x′(0) and to x′(1), where x(0) = x(1) = 0.
    pub ends: [Vec<f64>; 2],
}

/// The nodes and matrices for [`SIZES`]`[i]`, computed once; an `i` that is too large means the largest size.
#[must_use]
pub fn nodes(i: usize) -> &'static Nodes {
    static MADE: [OnceLock<Nodes>; SIZES.len()] = [const { OnceLock::new() }; SIZES.len()];
    let i = i.min(SIZES.len() - 1);
    MADE[i].get_or_init(|| Nodes::new(SIZES[i]))
}

impl Nodes {
    fn new(n: usize) -> Self {
        let t: Vec<f64> = (0..n).map(|i| 0.5 * (1.0 - angle(i, n).cos())).collect();
        let (mut place, mut slope) = (vec![0.0; n * n], vec![0.0; n * n]);
        let mut ends = [vec![0.0; n], vec![0.0; n]];
        let mut unit = vec![0.0; n];
        for column in 0..n {
            unit[column] = 1.0;
            let curve = Series::of(&unit).integral().integral().through(0.0, 0.0);
            let velocity = curve.derivative();
            for (row, t) in t.iter().enumerate() {
                place[row * n + column] = curve.at(*t);
                slope[row * n + column] = velocity.at(*t);
            }
            for (end, t) in ends.iter_mut().zip([0.0, 1.0]) {
                end[column] = velocity.at(t);
            }
            unit[column] = 0.0;
        }
        Self { t, place, slope, ends }
    }
}

/// The Chebyshev angle of node i of n.
fn angle(i: usize, n: usize) -> f64 {
    PI * (i as f64 + 0.5) / n as f64
}

/// A function on the unit interval as a sum of Chebyshev polynomials in 2t − 1.
#[derive(Debug, Clone)]
pub struct Series(Vec<f64>);

impl Series {
    /// The interpolant of the values at `values.len()` Chebyshev nodes.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let n = values.len();
        // The nodes ascend, so the angle of 2t − 1 is π minus theirs.
        let coefficient = |k: usize| {
            let sum: f64 = (0..n).map(|i| values[i] * (k as f64 * (PI - angle(i, n))).cos()).sum();
            sum * if k == 0 { 1.0 } else { 2.0 } / n as f64
        };
        Self((0..n).map(coefficient).collect())
    }

    /// An antiderivative; its constant is arbitrary.
    #[must_use]
    pub fn integral(&self) -> Self {
        let c = |k: usize| self.0.get(k).copied().unwrap_or(0.0);
        // ∫Tₖ = Tₖ₊₁/(2(k+1)) − Tₖ₋₁/(2(k−1)), ∫T₀ = T₁, and dt is half of d(2t − 1).
        let coefficient = |k: usize| {
            let below = if k == 1 { 2.0 * c(0) } else { c(k - 1) };
            0.25 * (below - c(k + 1)) / k as f64
        };
        Self((0..=self.0.len()).map(|k| if k == 0 { 0.0 } else { coefficient(k) }).collect())
    }

    /// The series plus the straight line that makes its values at 0 and 1 `start` and `end`.
    #[must_use]
    pub fn through(mut self, start: f64, end: f64) -> Self {
        self.0.resize(self.0.len().max(2), 0.0);
        let (low, high) = (start - self.at(0.0), end - self.at(1.0));
        self.0[0] += 0.5 * (low + high);
        self.0[1] += 0.5 * (high - low);
        self
    }

    /// The antiderivative that is zero at 0.
    #[must_use]
    pub fn from_zero(&self) -> Self {
        let mut integral = self.integral();
        integral.0[0] -= integral.at(0.0);
        integral
    }

    /// The size of the last two coefficients relative to the largest: about the error of the interpolation. 0 for a
    /// function that is zero. Coefficients must be finite.
    #[must_use]
    pub fn tail(&self) -> f64 {
        let largest = |part: &[f64]| part.iter().fold(0.0_f64, |most, c| most.max(c.abs()));
        let all = largest(&self.0);
        if all == 0.0 { 0.0 } else { largest(&self.0[self.0.len().saturating_sub(2)..]) / all }
    }

    /// The derivative.
    #[must_use]
    pub fn derivative(&self) -> Self {
        let n = self.0.len();
        let mut d = vec![0.0; n + 1];
        // d(2t − 1) is twice dt.
        for k in (1..n).rev() {
            d[k - 1] = d[k + 1] + 4.0 * k as f64 * self.0[k];
        }
        d[0] *= 0.5;
        d.truncate(n.max(2) - 1);
        Self(d)
    }

    /// The value at t, by Clenshaw's recurrence.
    #[must_use]
    pub fn at(&self, t: f64) -> f64 {
        let s = 2.0 * t - 1.0;
        let (mut b, mut older) = (0.0, 0.0);
        for c in self.0[1..].iter().rev() {
            (b, older) = (2.0 * s * b - older + c, b);
        }
        s * b - older + self.0[0]
    }
}

/// `n` Chebyshev nodes with the cosines of the interpolation: for many functions on the same nodes.
#[derive(Debug)]
pub struct Grid {
    /// The nodes, between 0 and 1.
    pub t: Vec<f64>,
    /// The matrix from values to coefficients, row by row.
    fit: Vec<f64>,
}

impl Grid {
    /// The grid of that many nodes.
    #[must_use]
    pub fn new(n: usize) -> Self {
        let fit =
            |k: usize, i: usize| (k as f64 * (PI - angle(i, n))).cos() * if k == 0 { 1.0 } else { 2.0 } / n as f64;
        Self {
            t: (0..n).map(|i| 0.5 * (1.0 - angle(i, n).cos())).collect(),
            fit: (0..n * n).map(|at| fit(at / n, at % n)).collect(),
        }
    }

    /// The interpolant of the values at the nodes.
    #[must_use]
    pub fn series(&self, values: &[f64]) -> Series {
        let row = |row: &[f64]| row.iter().zip(values).map(|(a, b)| a * b).sum();
        Series(self.fit.chunks_exact(self.t.len()).map(row).collect())
    }
}

/// The number of coefficients of a piece.
const DEGREE: usize = 18;

/// A smooth function on [0, end] as Chebyshev series on pieces of equal length.
#[derive(Debug, Clone)]
pub struct Pieces {
    length: f64,
    pieces: Vec<[f64; DEGREE]>,
}

impl Pieces {
    /// Approximates several functions on [0, `end`] at once, with `count` pieces each.
    #[must_use]
    pub fn of<const K: usize>(end: f64, count: usize, functions: impl Fn(f64) -> [f64; K]) -> [Self; K] {
        let length = end / count as f64;
        let mut made = [(); K].map(|()| Self { length, pieces: Vec::with_capacity(count) });
        for piece in 0..count {
            let at = |i: usize| 0.5 * (1.0 - angle(i, DEGREE).cos());
            let values: Vec<[f64; K]> = (0..DEGREE).map(|i| functions(length * (piece as f64 + at(i)))).collect();
            for (k, function) in made.iter_mut().enumerate() {
                let own: Vec<f64> = values.iter().map(|value| value[k]).collect();
                let mut series = [0.0; DEGREE];
                series.copy_from_slice(&Series::of(&own).0);
                function.pieces.push(series);
            }
        }
        made
    }

    /// The value at x ≥ 0; beyond the end the last piece is extrapolated.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        self.jet(x)[0]
    }

    /// The value and its first two derivatives at x ≥ 0, by the recurrence of the Chebyshev polynomials.
    #[must_use]
    pub fn jet(&self, x: f64) -> [f64; 3] {
        let last = self.pieces.len() - 1;
        let piece = ((x / self.length).max(0.0) as usize).min(last);
        let s = 2.0 * (x / self.length - piece as f64) - 1.0;
        let (mut below, mut here) = ([1.0, 0.0, 0.0], [s, 1.0, 0.0]);
        let series = &self.pieces[piece];
        let mut sum = [series[0] + series[1] * s, series[1], 0.0];
        for c in &series[2..] {
            let next = [
                2.0 * s * here[0] - below[0],
                2.0 * (here[0] + s * here[1]) - below[1],
                2.0 * (2.0 * here[1] + s * here[2]) - below[2],
            ];
            for (sum, part) in sum.iter_mut().zip(next) {
                *sum += c * part;
            }
            (below, here) = (here, next);
        }
        let slope = 2.0 / self.length;
        [sum[0], sum[1] * slope, sum[2] * slope * slope]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_recovered_from_its_second_derivative() {
        for i in 0..SIZES.len() {
            let nodes = nodes(i);
            let n = nodes.t.len();
            let f = |t: f64| (2.0 * t).sin();
            let bend: Vec<f64> = nodes.t.iter().map(|t| -4.0 * f(*t)).collect();
            let row = |m: &[f64], i: usize| -> f64 { (0..n).map(|j| m[i * n + j] * bend[j]).sum() };
            for (i, &t) in nodes.t.iter().enumerate() {
                assert!((row(&nodes.place, i) + t * f(1.0) - f(t)).abs() < 1e-12, "{n} {t}");
                assert!((row(&nodes.slope, i) + f(1.0) - 2.0 * (2.0 * t).cos()).abs() < 1e-11, "{n} {t}");
            }
            let series = Series::of(&bend).integral().integral().through(0.0, f(1.0));
            let slope = series.derivative();
            for t in [0.0, 0.123, 0.5, 0.9, 1.0] {
                assert!((series.at(t) - f(t)).abs() < 1e-12 && (slope.at(t) - 2.0 * (2.0 * t).cos()).abs() < 1e-11);
            }
        }
    }
}
