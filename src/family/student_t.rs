//! The Student t family with given degrees of freedom ν.
//!
//! E ln(ν + w²) is a harmonic function of (shift, ratio). In the disc coordinate x = (1 − r − id)/(1 + r − id), where r
//! is the ratio and d = shift/√ν, it is the real part of a power series whose coefficients are the Fourier coefficients
//! of cos^(ν−1)(φ/2). Near pairs need a few of its terms; for pairs near the rim of the disc the same function is
//! integrated along a line in the complex plane away from all its singularities.

use std::f64::consts::PI;
use std::sync::Arc;

use nalgebra::Complex;
use rand::Rng;
use rand_distr::Distribution;

use super::FamilyInfo;
use super::location_scale::{CHARTS, LocationScale, PARAMETERS, Relative, Standard};
use crate::math::incomplete;
use crate::math::root::bisect;
use crate::math::special::{digamma_minus_ln, ln_gamma_rest};
use crate::math::{Cubic, Vec2};
use crate::registry::{Field, Range, Setting, Settings};

type C = Complex<f64>;

const DF: Field = Field::required("df", Range::POSITIVE, "degrees of freedom").or(&["nu", "degrees-of-freedom", "dof"]);

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "student-t",
    doc: "Student's t distributions on the real line, with given degrees of freedom",
    density: "(1 + z²/df)^(−(df+1)/2) / (scale √df B(df/2, 1/2)), z = (x−location)/scale",
    parameters: PARAMETERS,
    fixed: &[DF],
    charts: &CHARTS,
    synonyms: &[
        ("student-t", &["t", "student", "t-distribution"]),
        ("location", &["mean", "mu", "loc"]),
        ("scale", &["sd", "sigma"]),
    ],
    example: [0.5, 1.2],
    build: |settings| Arc::new(LocationScale::new(StudentT::new(settings.number(&DF)))),
};

/// |x| up to which the power series is summed.
const RIM: f64 = 0.9;
/// |x| up to which a divergence is summed without its first-order terms.
const NEAR: f64 = 0.01;
/// The number of terms of the series at |x| = [`RIM`].
const TERMS: usize = 384;
/// The number of nodes up to which an integral is about as fast as a closed form; ν = ½ has about as many.
const SHORT: usize = 500;
/// t from which ω + 1 underflows.
const VANISHED: f64 = 750.0;
/// t from which ω + 1 is negligible relative to one.
const NEGLIGIBLE: f64 = 41.0;

#[derive(Debug)]
struct StudentT {
    df: f64,
    /// log g(0).
    log_peak: f64,
    entropy: f64,
    /// The quantile at 0.999.
    reach: f64,
    /// (−1)^(k+1) (ν + 1)(1 − c_k) for k = 1, 2, ..., and the same over k; c_k = E cos kφ.
    series: Vec<[f64; 2]>,
    line: Line,
}

/// The nodes of an integral along a shifted line.
#[derive(Debug)]
struct Line {
    /// The distance of the nodes in t.
    step: f64,
    /// ω − 1, ω + 1 (ω = exp(iφ)) and the weight of each node with Re φ ≥ 0; the others are complex conjugates.
    nodes: Vec<[C; 3]>,
    /// For each node the total weight from it on, on both halves; the last entry is the weight beyond all nodes.
    beyond: Vec<f64>,
}

impl StudentT {
    fn new(df: f64) -> Self {
        let half = 0.5 * df;
        // ln Γ(half + ½) − ln Γ(half), and its derivative for the entropy.
        let gammas = ln_gamma_rest(half + 0.5) - ln_gamma_rest(half) + half * (0.5 / half).ln_1p() - 0.5
            + 0.5 * (half + 0.5).ln();
        let digammas = digamma_minus_ln(half + 0.5) - digamma_minus_ln(half) + (0.5 / half).ln_1p();
        let log_peak = gammas - 0.5 * (df * PI).ln();
        let entropy = 0.5 * (df + 1.0) * digammas - log_peak;
        Self { df, log_peak, entropy, reach: reach(df), series: series(df), line: Line::new(df) }
    }

    /// P(x) = (ν + 1)[ln(1 + x) − E ln(1 + xω)] and its derivative, given also `rest` = 1 − x and `inverse` = 1/(1 +
    /// x), which cannot be computed from x next to ±1.
    fn disc(&self, x: C, rest: C, inverse: C) -> [C; 2] {
        let size = x.norm();
        if size > RIM {
            return self.rim(x, rest, inverse);
        }
        let terms = if size < 1e-17 { 1 } else { terms(size) };
        let [mut value, mut slope] = [C::ZERO; 2];
        for [d, d_over_k] in self.series[..terms].iter().rev() {
            value = value * x + d_over_k;
            slope = slope * x + d;
        }
        [value * x, slope]
    }

    /// KL for small x, where the first-order terms of ln r and P(x) cancel: with r = (1 − |x|²)(1 + d²)/|1 + x|² and 2
    /// ln(1 + x) subtracted from P term by term, everything is of second order.
    fn near_divergence(&self, x: C, d: f64) -> f64 {
        let size = x.norm();
        let terms = if size < 1e-17 { 2 } else { terms(size).max(2) };
        let mut power = if terms % 2 == 0 { -1.0 } else { 1.0 };
        let mut rest = C::ZERO;
        for (k, [_, d_over_k]) in self.series[..terms].iter().enumerate().skip(1).rev() {
            rest = rest * x + (d_over_k - power * 2.0 / (k as f64 + 1.0));
            power = -power;
        }
        0.5 * (self.df - 1.0) * (d * d).ln_1p() - (-size * size).ln_1p() - (rest * x * x).re
    }

    /// [`StudentT::disc`] for |x| near one.
    fn rim(&self, x: C, rest: C, inverse: C) -> [C; 2] {
        let [mut value, mut slope] = [C::ZERO; 2];
        // With ω = 1 + m, ln(1 + xω) − ln(1 + x) = ln(1 + xm/(1 + x)), which does not cancel for large ν.
        for [m, n, weight] in self.line.nodes(rest) {
            let share = m * inverse;
            // (1 + xω)/(1 + x), in a form that is accurate near ω = −1.
            let factor = (rest + x * n) * inverse;
            let c = x * share;
            value -= weight * if c.re > -0.5 { ln_1p(c) } else { factor.ln() };
            slope -= weight * share * inverse / factor;
        }
        [value * (self.df + 1.0), slope * (self.df + 1.0)]
    }

    /// P″(x).
    fn disc_second_derivative(&self, x: C, rest: C, inverse: C) -> C {
        let size = x.norm();
        if size <= RIM {
            let terms = if size < 1e-17 { 2 } else { terms(size) };
            let coefficients = self.series[..terms].iter().enumerate().skip(1);
            return coefficients.rev().fold(C::ZERO, |sum, (k, [d, _])| sum * x + d * k as f64);
        }
        let term = |[m, n, weight]: [C; 3]| {
            let factor = (rest + x * n) * inverse;
            weight * m * inverse * inverse / factor * ((m + 1.0) / factor + 1.0) * inverse
        };
        self.line.nodes(rest).map(term).sum::<C>() * (self.df + 1.0)
    }
}

/// 1/(1 + x) for x = (1 − r − id)/(1 + r − id), given the denominator `sum`.
fn from_minus_one(d: f64, sum: C) -> C {
    sum / (C::new(1.0, -d) * 2.0)
}

/// The quantile at 0.999.
fn reach(df: f64) -> f64 {
    if df > 100.0 {
        // Abramowitz & Stegun (1964), 26.7.5.
        let z = 3.090_232_306_167_813_f64;
        return z + z * (z * z + 1.0) / (4.0 * df);
    }
    // P(|T| > t) = I(ν/(ν + t²); ν/2, ½). Half of the smallest double is zero, where the beta function is infinite; the
    // quantile overflows long before.
    let half = (0.5 * df).max(f64::MIN_POSITIVE);
    let inside = |u: f64| 0.002 - incomplete::beta(df / (df + (2.0 * u).exp()), half, 0.5);
    bisect(inside, 0.0, 340.0).exp()
}

/// ln(1 + c), accurate for small c.
fn ln_1p(c: C) -> C {
    C::new(0.5 * (c.re * (2.0 + c.re) + c.im * c.im).ln_1p(), c.im.atan2(1.0 + c.re))
}

/// The number of terms of a power series that matter at |x| = size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 2 and TERMS")]
fn terms(size: f64) -> usize {
    (2.0 - 38.0 / size.ln()).clamp(2.0, TERMS as f64) as usize
}

/// The coefficients of the derivative of P and of P, in this order.
fn series(df: f64) -> Vec<[f64; 2]> {
    // c_k = Γ(a)²/(Γ(a + k) Γ(a − k)), a = (ν + 1)/2, so c_{k+1} = c_k (a − k − 1)/(a + k); this is d_k = 2a (1 − c_k).
    let a = 0.5 * (df + 1.0);
    let mut d = 0.0;
    let coefficient = |k: usize| {
        let k = k as f64;
        d = d * ((a - k - 1.0) / (a + k)) + 2.0 * (2.0 * k + 1.0) * (a / (a + k));
        let sign = if k % 2.0 == 0.0 { 1.0 } else { -1.0 };
        [sign * d, sign * d / (k + 1.0)]
    };
    (0..TERMS).map(coefficient).collect()
}

impl Line {
    /// The trapezoidal rule for E f(ω) in t, where z = √ν sinh t, on the line Im t = β.
    ///
    /// The density is singular at Im t = ½π and ln(1 + xω) at Im t ≤ 0 for every |x| ≤ 1, both at least β away. For
    /// large ν the density is narrow and grows like exp(½ν β²) off the real axis, which requires a small β.
    fn new(df: f64) -> Self {
        let beta = (1.5 / df.sqrt()).min(0.25 * PI);
        let step = 2.0 * PI * beta / 36.0;
        // cosh(reach)^−ν = 1e-14, but at most the t at which ω + 1 underflows.
        let log_cosh = 32.3 / df;
        let cut = log_cosh > VANISHED;
        let reach = if cut {
            VANISHED
        } else if log_cosh > 20.0 {
            log_cosh + 0.7
        } else {
            (log_cosh.exp_m1() * (log_cosh.exp() + 1.0)).sqrt().asinh()
        };
        let ts = (0_u32..).map(|k| f64::from(k) * step).take_while(|t| *t <= reach + step);
        let mut nodes: Vec<_> = ts.map(|t| node(C::new(t, beta), df)).collect();
        // The weights beyond are a geometric series.
        let last = nodes.last().map_or(0.0, |node| node[2].re);
        let mut beyond = vec![if cut { 2.0 * last * (-df * step).exp() / -(-df * step).exp_m1() } else { 0.0 }];
        nodes[0][2] *= 0.5;
        for node in nodes.iter().rev() {
            beyond.push(beyond[beyond.len() - 1] + 2.0 * node[2].re);
        }
        beyond.reverse();
        let total = beyond[0];
        nodes.iter_mut().for_each(|node| node[2] /= total);
        beyond.iter_mut().for_each(|weight| *weight /= total);
        Self { step, nodes, beyond }
    }

    /// The nodes at which xω differs from −x, given `rest` = 1 − x, and one at ω = −1 with the weight of all others.
    fn nodes(&self, rest: C) -> impl Iterator<Item = [C; 3]> {
        // ω + 1 = 4 exp(−t) there.
        let far = (NEGLIGIBLE - rest.norm().ln()) / self.step;
        let count = if far < self.nodes.len() as f64 { far.max(0.0).ceil() as usize } else { self.nodes.len() };
        let both = self.nodes[..count].iter().flat_map(|node| [*node, node.map(|z| z.conj())]);
        let others = [C::from(-2.0), C::ZERO, C::from(self.beyond[count])];
        both.chain(Some(others).filter(|node| node[2].re > 0.0))
    }
}

/// ω − 1, ω + 1 and the unnormalised weight at t.
fn node(t: C, df: f64) -> [C; 3] {
    // ω − 1 = 2i sinh t/(1 − i sinh t), ω + 1 = 2/(1 − i sinh t); both fractions are reduced by e^t where that would
    // overflow.
    let (m, n, log_cosh) = if t.re < 1.0 {
        let i_sinh = C::I * t.sinh();
        (i_sinh * 2.0 / (C::ONE - i_sinh), (C::ONE - i_sinh).inv() * 2.0, ln_1p(-(i_sinh * i_sinh)) * 0.5)
    } else {
        let e: C = (t * -2.0).exp();
        let i_sinh = C::I * ((C::ONE - e) * 0.5);
        (i_sinh * 2.0 / ((-t).exp() - i_sinh), (-t).exp() * 2.0 / ((-t).exp() - i_sinh), ((C::ONE + e) * 0.5).ln() + t)
    };
    [m, n, (log_cosh * -df).exp()]
}

impl Standard for StudentT {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    /// Scales with a ratio of 1e300 need all nodes of the line.
    fn cheap(&self) -> bool {
        self.line.nodes.len() <= SHORT
    }

    fn fixed(&self) -> Settings {
        let mut settings = Settings::default();
        settings.set(&DF, Setting::Number(self.df));
        settings
    }

    fn log_density(&self, z: f64) -> f64 {
        self.log_peak - 0.5 * (self.df + 1.0) * (z * z / self.df).ln_1p()
    }

    fn pull(&self, z: f64) -> f64 {
        (self.df + 1.0) * z / (self.df + z * z)
    }

    fn pull_slope(&self, z: f64) -> f64 {
        let square = self.df + z * z;
        (self.df + 1.0) * (self.df - z * z) / (square * square)
    }

    fn fisher(&self) -> [f64; 3] {
        let df = self.df;
        [(df + 1.0) / (df + 3.0), 0.0, 2.0 * df / (df + 3.0)]
    }

    /// From the moments of z²/(ν + z²), which is Beta(½, ½ν) distributed.
    fn skewness(&self) -> Cubic {
        let df = self.df;
        let common = 2.0 * (df - 1.0) / ((df + 3.0) * (df + 5.0));
        Cubic([0.0, common * (df + 1.0), 0.0, 4.0 * common * df])
    }

    fn divergence(&self, of: Relative) -> f64 {
        let d = of.shift / self.df.sqrt();
        let sum = C::new(1.0 + of.ratio, -d);
        let x = C::new(-of.excess, -d) / sum;
        if x.norm() < NEAR {
            return self.near_divergence(x, d);
        }
        let rest = sum.inv() * (2.0 * of.ratio);
        let log_ratio = if of.excess.abs() < 0.5 { of.excess.ln_1p() } else { of.ratio.ln() };
        let kl = 0.5 * (self.df + 1.0) * (d * d).ln_1p() - log_ratio - self.disc(x, rest, from_minus_one(d, sum))[0].re;
        // Only rounding makes it negative. `max` would hide a NaN.
        if kl < 0.0 { 0.0 } else { kl }
    }

    fn slopes(&self, of: Relative) -> Vec2 {
        let root = self.df.sqrt();
        let d = of.shift / root;
        let sum = C::new(1.0 + of.ratio, -d);
        let x = C::new(-of.excess, -d) / sum;
        let slope = self.disc(x, sum.inv() * (2.0 * of.ratio), from_minus_one(d, sum))[1] * (-2.0) / (sum * sum);
        let by_shift = (self.df + 1.0) * d / (1.0 + d * d) - (slope * C::new(0.0, of.ratio)).re;
        let by_ratio = -1.0 / of.ratio - (slope * C::new(1.0, -d)).re;
        Vec2::new(by_shift / root, by_ratio)
    }

    fn second_derivatives(&self, of: Relative) -> [f64; 3] {
        let (root, r) = (self.df.sqrt(), of.ratio);
        let d = of.shift / root;
        let a = C::new(1.0, -d);
        let inverse = (a + r).inv();
        let (x, rest) = (C::new(-of.excess, -d) * inverse, inverse * (2.0 * r));
        let away = from_minus_one(d, a + r);
        let (slope, bend) = (self.disc(x, rest, away)[1], self.disc_second_derivative(x, rest, away));
        // The first and second derivatives of x = (a − r)/(a + r) in d and r.
        let square = inverse * inverse;
        let (by_shift, by_ratio) = (square * C::new(0.0, -2.0 * r), -square * a * 2.0);
        let second = |first: C, bent: C| -(bend * first + slope * bent * square * inverse).re;
        let one = 1.0 + d * d;
        let shifts = (self.df + 1.0) * (1.0 - d * d) / (one * one);
        [
            (shifts + second(by_shift * by_shift, C::new(4.0 * r, 0.0))) / self.df,
            second(by_shift * by_ratio, (a - r) * C::new(0.0, -2.0)) / root,
            1.0 / (r * r) + second(by_ratio * by_ratio, a * 4.0),
        ]
    }

    fn moments(&self) -> [f64; 2] {
        let mean = if self.df > 1.0 { 0.0 } else { f64::NAN };
        [mean, if self.df > 2.0 { self.df / (self.df - 2.0) } else { f64::INFINITY }]
    }

    fn entropy(&self) -> f64 {
        self.entropy
    }

    fn sample(&self, rng: &mut dyn Rng) -> f64 {
        rand_distr::StudentT::new(self.df).map_or(f64::NAN, |t| t.sample(rng))
    }

    fn bulk(&self) -> (f64, f64) {
        (-self.reach, self.reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ν, r and KL(t_ν(0, 1) ‖ t_ν(0, r)) by mpmath with 30 digits: the quotient of the integrals (`quad`) of cosh⁻ᵛ u
    /// ln(g/g_r) and of cosh⁻ᵛ u over u = asinh(z/√ν).
    const FAR: [[f64; 3]; 12] = [
        [0.001, 1e-6, 0.012_581_629_715_457_6],
        [0.001, 20.0, 0.003_801_884_983_888_95],
        [0.001, 1e5, 0.062_743_817_223_463_1],
        [0.02, 1e-6, 0.251_563_766_819_98],
        [0.02, 20.0, 0.074_545_690_408_865_4],
        [0.02, 1e5, 1.169_585_962_032_82],
        [0.06, 1e-6, 0.754_261_742_751_505],
        [0.06, 20.0, 0.214_653_675_985_293],
        [0.06, 1e200, 443.536_015_082_994],
        [1.0, 1e-6, 12.429_218_196_843_4],
        [1.0, 20.0, 1.707_018_240_772_96],
        [1.0, 1e200, 459.130_724_237_689],
    ];

    #[test]
    fn divergences_of_distant_scales_agree_with_mpmath_for_any_tails() {
        for [df, scale, wanted] in FAR {
            let ratio = 1.0 / scale;
            let found = StudentT::new(df).divergence(Relative { shift: 0.0, ratio, excess: ratio - 1.0 });
            // The divergence is a difference of terms as large as the logarithm of the ratio.
            assert!(
                (found - wanted).abs() < 1e-9 * wanted + 1e-13 * ratio.ln().abs(),
                "{df} {scale}: {found}, not {wanted}"
            );
        }
    }
}
