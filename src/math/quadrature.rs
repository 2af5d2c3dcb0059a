//! Fixed quadrature rules for smooth integrands, accurate to 1e-10 or better: nodes and weights are computed once.
//!
//! Every [`Rule`] is the trapezoidal rule in a variable in which the integrand is analytic in a strip |Im t| < a and
//! decays at least exponentially; its error is O(exp(−2πa/step)) (Trefethen & Weideman 2014, Theorem 5.1). Nothing
//! adapts: the caller knows the integrand and chooses the step.

/// Positive nodes and weights of the 16-point Gauss-Legendre rule on [−1, 1] (Abramowitz & Stegun 1964, table 25.4).
pub const GAUSS_16: [[f64; 2]; 8] = [
    [0.095_012_509_837_637_44, 0.189_450_610_455_068_5],
    [0.281_603_550_779_258_9, 0.182_603_415_044_923_6],
    [0.458_016_777_657_227_4, 0.169_156_519_395_002_54],
    [0.617_876_244_402_643_7, 0.149_595_988_816_576_73],
    [0.755_404_408_355_003, 0.124_628_971_255_533_87],
    [0.865_631_202_387_831_7, 0.095_158_511_682_492_78],
    [0.944_575_023_073_232_6, 0.062_253_523_938_647_89],
    [0.989_400_934_991_649_9, 0.027_152_459_411_754_095],
];

/// Nodes and weights: ∫ f ≈ Σ wᵢ f(xᵢ).
#[derive(Debug, Clone)]
pub struct Rule {
    nodes: Vec<[f64; 2]>,
}

impl Rule {
    /// The real line by x = spread · sinh t: for integrands that decay like exp(−|x|) or a power of |x|.
    ///
    /// The nodes are x = 0, followed by pairs ±x up to about |x| = `reach`.
    #[must_use]
    pub fn real_line(spread: f64, step: f64, reach: f64) -> Self {
        let map = |t: f64| [spread * t.sinh(), step * spread * t.cosh()];
        let mut nodes = vec![map(0.0)];
        for k in 1..=count((reach / spread).asinh() / step) {
            let [x, w] = map(step * k as f64);
            nodes.extend([[x, w], [-x, w]]);
        }
        Self { nodes }
    }

    /// The half line x > 0 by x = exp(t − exp(−t)) (Takahasi & Mori 1974): for integrands that decay like exp(−x) and
    /// may have an integrable singularity at zero. `reach` bounds the nodes from above.
    #[must_use]
    pub fn half_line(step: f64, reach: f64) -> Self {
        let node = |t: f64| {
            let x = (t - (-t).exp()).exp();
            [x, step * x * (1.0 + (-t).exp())]
        };
        // exp(−exp(4.4)) is below 1e-35, the square of a negligible number: small enough for an integrand like 1/√x.
        let low = count(4.4 / step);
        let nodes = (0..=low + count(reach.max(1.0).ln() / step)).map(|k| node(step * (k as f64 - low as f64)));
        Self { nodes: nodes.filter(|[x, _]| *x <= reach).collect() }
    }

    /// The interval from `low` to `high` by the tanh-sinh substitution x = tanh(½π sinh t) (Takahasi & Mori 1974): for
    /// integrands that may have integrable singularities at the ends.
    #[must_use]
    pub fn interval(low: f64, high: f64, step: f64) -> Self {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let steps = count(3.2 / step);
        let node = |k: usize| {
            let t = step * (k as f64 - steps as f64);
            let u = std::f64::consts::FRAC_PI_2 * t.sinh();
            let slope = std::f64::consts::FRAC_PI_2 * t.cosh() / (u.cosh() * u.cosh());
            [middle + half * u.tanh(), step * half * slope]
        };
        Self { nodes: (0..=2 * steps).map(node).collect() }
    }

    /// The rule for ∫ factor · f with bounded f: nodes with at most 1e-18 of the total weight are dropped.
    #[must_use]
    pub fn weighted(mut self, factor: impl Fn(f64) -> f64) -> Self {
        for [x, w] in &mut self.nodes {
            *w *= factor(*x);
        }
        let total: f64 = self.nodes.iter().map(|node| node[1].abs()).sum();
        self.nodes.retain(|node| node[1].abs() > 1e-18 * total);
        self
    }

    /// The nodes, each with its weight: `[x, w]`.
    #[must_use]
    pub fn nodes(&self) -> &[[f64; 2]] {
        &self.nodes
    }

    /// Σ wᵢ f(xᵢ).
    pub fn sum(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.nodes.iter().map(|&[x, w]| w * f(x)).sum()
    }
}

/// The number of steps, rounded up, at most 100 000.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 and 100 000")]
fn count(steps: f64) -> usize {
    steps.ceil().clamp(0.0, 1e5) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_integrates_the_kind_of_integrand_it_is_for() {
        let line = Rule::real_line(std::f64::consts::PI, 0.2, 40.0).sum(|x| {
            let e = (-x.abs()).exp();
            e / ((1.0 + e) * (1.0 + e))
        });
        assert!((line - 1.0).abs() < 1e-14, "{line}");
        let half = Rule::half_line(0.1, 40.0).sum(|x| (-x).exp() / x.sqrt());
        assert!((half - std::f64::consts::PI.sqrt()).abs() < 1e-11, "{half}");
        let interval = Rule::interval(0.0, 1.0, 0.1).sum(f64::sqrt);
        assert!((interval - 2.0 / 3.0).abs() < 1e-13, "{interval}");
    }
}
