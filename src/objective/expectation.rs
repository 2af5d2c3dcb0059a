//! Means under a family's distributions of an expression in the observation.
//!
//! Outcomes are summed; elsewhere adaptive quadrature in a variable in which every family's density falls off at least
//! exponentially: the observation itself, its logarithm or its logit, stretched by sinh(½π sinh t) (Takahasi & Mori 1974).
//! What a mean is for is its caller's business.

use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use crate::expression::Expression;
use crate::family::{Family, Support};
use crate::math::Vec2;
use crate::math::adaptive::{Integral, integrate};

/// Relative to the mean of the integrand's absolute value.
const TOLERANCE: f64 = 1e-13;
/// The ends of t: sinh(½π sinh t) is about 1e137 there.
pub(super) const REACH: f64 = 6.0;
/// Where the first panels end.
const BREAKS: [f64; 11] = [-REACH, -3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, REACH];
/// What the integrand may be at the ends, relative to its mean size: above, the integral does not converge.
const NEGLIGIBLE: f64 = 1e-9;

/// A function of an observation, and the family whose means of it are asked for.
#[derive(Debug)]
pub struct Expectation {
    pub(super) family: Arc<dyn Family>,
    pub(super) function: Expression,
    /// The function at each outcome, where there are outcomes.
    outcomes: Vec<f64>,
}

/// How an observation is read as a number of the real line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Itself,
    Log,
    Logit,
}

impl Line {
    /// That of a support; none where observations are outcomes.
    pub(super) const fn of(support: Support) -> Option<Self> {
        match support {
            Support::Real => Some(Self::Itself),
            Support::Positive => Some(Self::Log),
            Support::Unit => Some(Self::Logit),
            Support::Outcomes(_) => None,
        }
    }

    /// The place on the line of an observation.
    pub(super) fn place(self, x: f64) -> f64 {
        match self {
            Self::Itself => x,
            Self::Log => x.ln(),
            Self::Logit => x.ln() - (-x).ln_1p(),
        }
    }

    /// The observation at a place, and dx/du there; none where it rounds to an end of the support.
    pub(super) fn observation(self, u: f64) -> Option<[f64; 2]> {
        let found = match self {
            Self::Itself => [u, 1.0],
            Self::Log => [u.exp(), u.exp()],
            Self::Logit => {
                let e = (-u.abs()).exp();
                let far = e / (1.0 + e);
                let x = if u < 0.0 { far } else { 1.0 / (1.0 + e) };
                [x, far / (1.0 + e)]
            }
        };
        let inside = match self {
            Self::Itself => found[0].is_finite(),
            Self::Log => found[0] > 0.0 && found[0].is_finite(),
            Self::Logit => found[0] > 0.0 && found[0] < 1.0,
        };
        inside.then_some(found)
    }

    /// The observation at the end of the support near which doubles are too coarse for a density that piles up there.
    const fn sticky(self) -> Option<f64> {
        match self {
            Self::Itself => None,
            Self::Log => Some(f64::MIN_POSITIVE),
            Self::Logit => Some(1.0 - 0.5 * f64::EPSILON),
        }
    }
}

/// A distribution's own variable t.
pub(super) struct Stretched {
    line: Line,
    pub(super) centre: f64,
    pub(super) spread: f64,
}

impl Stretched {
    pub(super) fn new(family: &dyn Family, line: Line, p: Vec2) -> Self {
        let (low, high) = family.bulk(p);
        let (low, high) = (line.place(low), line.place(high));
        let centre = 0.5 * (low + high);
        let peak = line.observation(centre).map_or(0.0, |[x, slope]| family.log_density(p, &[x]).exp() * slope);
        // A density of long tails is narrower than they are.
        let spread = (0.125 * (high - low)).min(0.5 / peak);
        Self { line, centre, spread }
    }

    /// The observation at t, and dx/dt.
    pub(super) fn observation(&self, t: f64) -> Option<[f64; 2]> {
        let u = FRAC_PI_2 * t.sinh();
        let [x, slope] = self.line.observation(self.centre + self.spread * u.sinh())?;
        Some([x, slope * self.spread * u.cosh() * FRAC_PI_2 * t.cosh()])
    }
}

impl Expectation {
    /// Means of `function`, whose variable is an observation.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, function: Expression) -> Self {
        let outcomes = match family.support() {
            Support::Outcomes(n) => (1..=n).map(|k| function.value(&[f64::from(k)])).collect(),
            _ => Vec::new(),
        };
        Self { family, function, outcomes }
    }

    /// The function at an observation.
    #[must_use]
    pub fn of(&self, x: f64) -> f64 {
        self.function.value(&[x])
    }

    /// E f; not finite where the integral does not converge or f is not finite.
    #[must_use]
    pub fn mean(&self, p: Vec2) -> f64 {
        match self.line() {
            None => self.sum(p, |_| [1.0])[0],
            Some(line) => {
                let stretched = Stretched::new(&*self.family, line, p);
                let base = self.base(&stretched);
                base + self.integral(p, &stretched, base, |_| [1.0])[0]
            }
        }
    }

    /// E f h of functions h whose means are zero.
    #[must_use]
    pub fn weighted<const N: usize>(&self, p: Vec2, h: impl Fn(f64) -> [f64; N]) -> [f64; N] {
        match self.line() {
            None => self.sum(p, h),
            Some(line) => {
                let stretched = Stretched::new(&*self.family, line, p);
                self.integral(p, &stretched, self.base(&stretched), h)
            }
        }
    }

    fn line(&self) -> Option<Line> {
        Line::of(self.family.support())
    }

    fn sum<const N: usize>(&self, p: Vec2, h: impl Fn(f64) -> [f64; N]) -> [f64; N] {
        let mut sum = [0.0; N];
        for (k, f) in (1..).zip(&self.outcomes) {
            let x = f64::from(k);
            let weight = f * self.family.log_density(p, &[x]).exp();
            let h = h(x);
            for i in 0..N {
                sum[i] += weight * h[i];
            }
        }
        sum
    }

    /// What is taken off f before it is integrated. At an end where mass gets lost between doubles, f there: nothing is
    /// missed then. Else f at the centre, where a density may have a kink, whose second derivative is a point mass.
    fn base(&self, stretched: &Stretched) -> f64 {
        let centre = stretched.line.observation(stretched.centre).map_or(f64::NAN, |[x, _]| x);
        let ends = stretched.line.sticky().into_iter().chain([centre]).map(|x| self.of(x));
        ends.into_iter().find(|f| f.is_finite()).unwrap_or(0.0)
    }

    /// E (f − base) h.
    fn integral<const N: usize>(
        &self,
        p: Vec2,
        stretched: &Stretched,
        base: f64,
        h: impl Fn(f64) -> [f64; N],
    ) -> [f64; N] {
        let integrand = |t: f64| {
            let Some([x, slope]) = stretched.observation(t) else { return [0.0; N] };
            let density = self.family.log_density(p, &[x]).exp();
            // Far out f may overflow where the density has long vanished.
            if density == 0.0 {
                return [0.0; N];
            }
            let weight = (self.of(x) - base) * density * slope;
            h(x).map(|h| weight * h)
        };
        let Integral { value, size } = integrate(&BREAKS, TOLERANCE, integrand);
        let ends = [integrand(-REACH), integrand(REACH)];
        let converges = |i: usize| ends.iter().all(|end| end[i].abs() <= NEGLIGIBLE * size[i]);
        std::array::from_fn(|i| if converges(i) { value[i] } else { f64::NAN })
    }
}
