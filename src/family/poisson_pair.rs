//! Pairs of independent Poisson counts: rate1, rate2.
//!
//! F = diag(1/rate1, 1/rate2): flat, with Euclidean coordinates 2√rate. The natural parameters are log rate.

use std::f64::consts::{E, TAU};
use std::sync::Arc;

use rand::Rng;
use rand_distr::Distribution;

use super::product::{Factor, Product};
use super::{ChartInfo, FamilyInfo, Reading, Scale, Scaled, Support};
use crate::math::special::{ln_gamma, ln_gamma_rest, ln_ratio, ratio_excess};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "poisson-pair",
    doc: "pairs of independent Poisson counts",
    density: "Π rate^x exp(−rate) / x!",
    parameters: ["rate1", "rate2"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("poisson-pair", &["poisson", "counts"]),
        ("rate1", &["lambda1"]),
        ("rate2", &["lambda2"]),
        ("log-rate1-log-rate2", &["natural"]),
    ],
    example: [2.0, 5.0],
    build: |_| {
        let chart = |i: usize, scale| Box::new(Scaled::new(&CHARTS[i], [scale; 2]));
        Arc::new(Product::<Poisson>::new([chart(0, Scale::Positive), chart(1, Scale::Log)]))
    },
};

static CHARTS: [ChartInfo; 2] = [
    ChartInfo { name: "rate1-rate2", axes: ["rate1", "rate2"], doc: "the rates themselves, the expectation chart" },
    ChartInfo {
        name: "log-rate1-log-rate2",
        axes: ["log rate1", "log rate2"],
        doc: "log rate1, log rate2, the natural chart",
    },
];

/// The rate from which the first omitted term of the entropy's series is below 1e-15.
const LARGE: f64 = 150.0;

/// The coefficients of ½ ln(2πe t) − entropy in powers of 1/t, from the first on (Evans, Boersma, Blachman & Jagers
/// 1988).
const TAIL: [f64; 7] =
    [1.0 / 12.0, 1.0 / 24.0, 19.0 / 360.0, 9.0 / 80.0, 863.0 / 2520.0, 1375.0 / 1008.0, 33_953.0 / 5040.0];

/// The Poisson family.
#[derive(Debug)]
struct Poisson;

impl Factor for Poisson {
    const INFO: &'static FamilyInfo = &INFO;
    const SUPPORT: Support = Support::CountPairs;
    const FLAT: Reading = Reading::Root;

    fn log_density(t: f64, x: f64) -> f64 {
        x * t.ln() - t
    }

    fn base(x: f64) -> f64 {
        -ln_gamma(x + 1.0)
    }

    /// By the saddle-point expansion, whose terms are small where the probability is not (Loader 2000, "Fast and
    /// accurate computation of binomial probabilities").
    fn log_probability(t: f64, x: f64) -> f64 {
        if x == 0.0 { -t } else { -x * ratio_excess(t, x, t - x) - ln_gamma_rest(x) - x.ln() }
    }

    fn variance(t: f64) -> f64 {
        t
    }

    fn variance_slope(_: f64) -> f64 {
        1.0
    }

    fn kl(t: f64, u: f64) -> f64 {
        t * ratio_excess(u, t, u - t)
    }

    fn natural_step(t: f64, u: f64, difference: f64) -> f64 {
        ln_ratio(t, u, difference)
    }

    /// −E log p(x) as a sum of non-negative terms; for large rates ½ ln(2πe t) minus a series in 1/t.
    fn entropy(t: f64) -> f64 {
        if t >= LARGE {
            let u = 1.0 / t;
            return 0.5 * (TAU * E * t).ln() - u * TAIL.iter().rev().fold(0.0, |sum, c| sum * u + c);
        }
        let last = (t + 12.0 * t.sqrt() + 30.0) as u32;
        let terms = (1..=last).rev().map(|x| {
            let log = Self::log_probability(t, f64::from(x));
            -log * log.exp()
        });
        terms.sum::<f64>() + t * (-t).exp()
    }

    fn sample(t: f64, rng: &mut dyn Rng) -> f64 {
        rand_distr::Poisson::new(t).map_or(f64::NAN, |poisson| poisson.sample(rng))
    }

    fn bulk(t: f64) -> (f64, f64) {
        let reach = 3.1 * t.sqrt();
        ((t - reach).max(0.0).floor(), (t + reach).ceil() + 2.0)
    }
}
