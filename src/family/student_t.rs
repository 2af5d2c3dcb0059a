//! The Student t family with its degrees of freedom ν given.
//!
//! E ln(ν + w²) is harmonic in the point (shift, ratio): in the disc coordinate x = (1 − r − id)/(1 + r − id), with r the
//! ratio and d = shift/√ν, it is the real part of a power series whose coefficients are Fourier coefficients of
//! cos^(ν−1)(φ/2). Near pairs need a few of its terms; for pairs near the rim of the disc the same function is
//! integrated along a line in the complex plane that keeps away from all its singularities.

use std::f64::consts::PI;
use std::sync::Arc;

use nalgebra::Complex;
use rand::Rng;
use rand_distr::Distribution;
use special::Beta as _;

use super::FamilyInfo;
use super::location_scale::{CHARTS, LocationScale, PARAMETERS, Relative, Standard};
use crate::math::Vec2;
use crate::math::root::bisect;
use crate::math::special::{digamma_minus_ln, ln_gamma_rest};
use crate::registry::{Field, Range, Setting, Settings};

type C = Complex<f64>;

const DF: Field = Field::required("df", Range::POSITIVE, "degrees of freedom");

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "student-t",
    doc: "Student's t distributions on the real line, with given degrees of freedom",
    density: "(1 + z²/df)^(−(df+1)/2) / (scale √df B(df/2, 1/2)), z = (x−location)/scale",
    parameters: PARAMETERS,
    fixed: &[DF],
    charts: &CHARTS,
    example: [0.5, 1.2],
    build: |settings| Arc::new(LocationScale::new(StudentT::new(settings.number(&DF)))),
};

/// |x| up to which the power series is summed.
const RIM: f64 = 0.9;
/// Terms that the series has at |x| = [`RIM`].
const TERMS: usize = 384;

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
    /// ω = exp(iφ) and weights on the shifted line, the half with Re φ ≥ 0; the other half is conjugate.
    line: Vec<[C; 2]>,
}

impl StudentT {
    fn new(df: f64) -> Self {
        let half = 0.5 * df;
        // ln Γ(half + ½) − ln Γ(half), and its slope times ν + 1 for the entropy.
        let gammas = ln_gamma_rest(half + 0.5) - ln_gamma_rest(half) + half * (0.5 / half).ln_1p() - 0.5
            + 0.5 * (half + 0.5).ln();
        let digammas = digamma_minus_ln(half + 0.5) - digamma_minus_ln(half) + (0.5 / half).ln_1p();
        let log_peak = gammas - 0.5 * (df * PI).ln();
        let ln_beta = half.ln_beta(0.5);
        // P(|T| > t) = I(ν/(ν + t²); ν/2, ½).
        let log_reach = bisect(
            |u| {
                let t2 = (2.0 * u).exp();
                0.002 - (df / (df + t2)).inc_beta(half, 0.5, ln_beta)
            },
            0.0,
            340.0,
        );
        let entropy = 0.5 * (df + 1.0) * digammas - log_peak;
        Self { df, log_peak, entropy, reach: log_reach.exp(), series: series(df), line: line(df) }
    }

    /// P(x) = (ν + 1)[ln(1 + x) − E ln(1 + xω)] and its derivative.
    fn disc(&self, x: C) -> [C; 2] {
        let size = x.norm();
        if size > RIM {
            return self.rim(x);
        }
        let terms = if size < 1e-17 { 1 } else { terms(size) };
        let [mut value, mut slope] = [C::ZERO; 2];
        for [d, d_over_k] in self.series[..terms].iter().rev() {
            value = value * x + d_over_k;
            slope = slope * x + d;
        }
        [value * x, slope]
    }

    /// The same where |x| is near one.
    fn rim(&self, x: C) -> [C; 2] {
        let [mut value, mut slope] = [C::ZERO; 2];
        for &[omega, weight] in &self.line {
            let (factor, conjugate) = (x * omega + 1.0, x * omega.conj() + 1.0);
            value += weight * factor.ln() + weight.conj() * conjugate.ln();
            slope += weight * omega / factor + (weight * omega).conj() / conjugate;
        }
        let one = x + 1.0;
        [(one.ln() - value) * (self.df + 1.0), (one.inv() - slope) * (self.df + 1.0)]
    }
}

/// How many terms of a power series matter at |x| = size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 2 and TERMS")]
fn terms(size: f64) -> usize {
    (2.0 - 38.0 / size.ln()).clamp(2.0, TERMS as f64) as usize
}

/// The coefficients of P and of its derivative.
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

/// The trapezoidal rule for E f(ω) in t, z = √ν sinh t, on the line Im t = β.
///
/// The density is singular at Im t = ½π, ln(1 + xω) at Im t ≤ 0 for every |x| ≤ 1: both are β away or more. At large ν the
/// density is narrow, and grows like exp(½ν β²) off the axis, which keeps β small.
fn line(df: f64) -> Vec<[C; 2]> {
    let beta = (1.5 / df.sqrt()).min(0.25 * PI);
    let step = 2.0 * PI * beta / 36.0;
    // cosh(reach)^−ν = 1e-14, in at most 8192 steps.
    let log_cosh = 32.3 / df;
    let reach = if log_cosh > 20.0 { log_cosh + 0.7 } else { log_cosh.exp().acosh() };
    let nodes = (0..8192_u32).map(|k| f64::from(k) * step).take_while(|t| *t <= reach + step);
    let mut line: Vec<_> = nodes
        .map(|t| {
            // In e^−t, so that nothing overflows: sinh = (1 − e)(e^t)/2 and cosh = (1 + e) e^t/2 with e = e^−2t.
            let t = C::new(t, beta);
            let e = (t * -2.0).exp();
            let small = (-t).exp();
            let (sinh, cosh): (C, C) = ((C::ONE - e) * 0.5, (C::ONE + e) * 0.5);
            let i_sinh = C::I * sinh;
            let omega = (small + i_sinh) / (small - i_sinh);
            let weight = (-(cosh.ln() + t) * df).exp();
            [omega, weight]
        })
        .collect();
    line[0][1] *= 0.5;
    let total: f64 = line.iter().map(|node| 2.0 * node[1].re).sum();
    for node in &mut line {
        node[1] /= total;
    }
    line
}

impl Standard for StudentT {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
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

    fn fisher(&self) -> [f64; 3] {
        let df = self.df;
        [(df + 1.0) / (df + 3.0), 0.0, 2.0 * df / (df + 3.0)]
    }

    fn divergence(&self, of: Relative) -> f64 {
        let d = of.shift / self.df.sqrt();
        let x = C::new(-of.excess, -d) / C::new(1.0 + of.ratio, -d);
        let log_ratio = if of.excess.abs() < 0.5 { of.excess.ln_1p() } else { of.ratio.ln() };
        (0.5 * (self.df + 1.0) * (d * d).ln_1p() - log_ratio - self.disc(x)[0].re).max(0.0)
    }

    fn slopes(&self, of: Relative) -> Vec2 {
        let root = self.df.sqrt();
        let d = of.shift / root;
        let sum = C::new(1.0 + of.ratio, -d);
        let x = C::new(-of.excess, -d) / sum;
        let slope = self.disc(x)[1] * (-2.0) / (sum * sum);
        let by_shift = (self.df + 1.0) * d / (1.0 + d * d) - (slope * C::new(0.0, of.ratio)).re;
        let by_ratio = -1.0 / of.ratio - (slope * C::new(1.0, -d)).re;
        Vec2::new(by_shift / root, by_ratio)
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
