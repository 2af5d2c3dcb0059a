//! A coordinate t of the real line in which the densities of a family are smooth and decay at least exponentially.

use crate::family::{Family, LogDensity, Support};
use crate::math::root::bisect;
use crate::math::{Mat2, Vec2};

/// How far below its peak, as a logarithm, a density is negligible; next to a boundary it is a power of x from there on.
const NEGLIGIBLE: f64 = 80.0;
/// Logarithms of positive numbers whose reciprocals are finite as well.
const LOGS: [f64; 2] = [-708.0, 708.0];
/// The most times that the search for an end doubles its step.
const DOUBLINGS: usize = 60;

/// An observation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// The observation.
    pub x: f64,
    /// 1 − x without cancellation; for observations between 0 and 1 only.
    rest: f64,
    /// log dx/dt.
    pub stretch: f64,
}

impl Spot {
    /// x − y; near 1 from the complements, which have the digits.
    pub fn minus(&self, other: &Self) -> f64 {
        if self.x > 0.5 && other.x > 0.5 && self.rest.is_finite() { other.rest - self.rest } else { self.x - other.x }
    }
}

/// The coordinate t.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ruler {
    /// x = origin + unit · t.
    Line { origin: f64, unit: f64 },
    /// x = eᵗ.
    Log,
    /// x = 1/(1 + e⁻ᵗ).
    Logit,
}

impl Ruler {
    /// The coordinate for a distribution; `None` if its observations are not one real variable.
    pub fn of(family: &dyn Family, p: Vec2) -> Option<Self> {
        match family.support() {
            Support::Real => {
                let (low, high) = family.bulk(p);
                Some(Self::Line { origin: 0.5 * (low + high), unit: high - low })
            }
            Support::Positive => Some(Self::Log),
            Support::Unit => Some(Self::Logit),
            _ => None,
        }
    }

    /// The observation at t.
    pub fn spot(self, t: f64) -> Spot {
        match self {
            Self::Line { origin, unit } => Spot { x: origin + unit * t, rest: f64::NAN, stretch: unit.ln() },
            Self::Log => Spot { x: t.exp(), rest: f64::NAN, stretch: t },
            Self::Logit => {
                let small = (-t.abs()).exp();
                let [near, far] = [small, 1.0].map(|part| part / (1.0 + small));
                let [x, rest] = if t < 0.0 { [near, far] } else { [far, near] };
                Spot { x, rest, stretch: -t.abs() - 2.0 * small.ln_1p() }
            }
        }
    }

    /// The weight of a change of x at this observation, as a logarithm, in integrals of squares of such changes.
    fn leverage(self, spot: &Spot) -> f64 {
        if matches!(self, Self::Line { .. }) { 0.0 } else { 2.0 * spot.stretch }
    }
}

/// The density of a distribution in t, and its score.
pub(super) struct Density<'a> {
    family: &'a dyn Family,
    p: Vec2,
    pub ruler: Ruler,
    log: LogDensity<'a>,
    /// The log density of 1 − x, for families that know it; their parameters exchange places.
    mirrored: Option<LogDensity<'a>>,
}

impl<'a> Density<'a> {
    /// The density of `p`; `None` if its observations are not one real variable.
    pub fn new(family: &'a dyn Family, p: Vec2) -> Option<Self> {
        let ruler = Ruler::of(family, p)?;
        let mirrored =
            (matches!(ruler, Ruler::Logit) && family.mirrored()).then(|| family.log_density_at(Vec2::new(p[1], p[0])));
        Some(Self { family, p, ruler, log: family.log_density_at(p), mirrored })
    }

    /// The log density in t.
    pub fn log(&self, spot: &Spot) -> f64 {
        let log = match &self.mirrored {
            Some(mirrored) if spot.x > 0.5 => mirrored(&[spot.rest]),
            _ => (self.log)(&[spot.x]),
        };
        let sum = log + spot.stretch;
        if sum.is_nan() { f64::NEG_INFINITY } else { sum }
    }

    /// The score.
    pub fn score(&self, spot: &Spot) -> Vec2 {
        if self.mirrored.is_some() && spot.x > 0.5 {
            let swap = Mat2::new(0.0, 1.0, 1.0, 0.0);
            swap * self.family.score(swap * self.p, &[spot.rest])
        } else {
            self.family.score(self.p, &[spot.x])
        }
    }

    /// Where the density, weighted by what a change of x there costs, is not negligible; `None` if nowhere.
    pub fn range(&self) -> Option<[f64; 2]> {
        let ends = match self.ruler {
            Ruler::Line { .. } => self.around_bulk(),
            Ruler::Log | Ruler::Logit => self.around_peak(),
        };
        (ends[0] < ends[1] && ends.iter().all(|t| t.is_finite())).then_some(ends)
    }

    fn weighted(&self, t: f64) -> f64 {
        let spot = self.ruler.spot(t);
        self.log(&spot) + self.ruler.leverage(&spot)
    }

    /// How much the logarithm of the density changes between the ends and the middle of an interval, weighted or not.
    pub fn change(&self, low: f64, width: f64) -> f64 {
        let places = [0.0, 0.5, 1.0].map(|part| {
            let spot = self.ruler.spot(low + width * part);
            let log = self.log(&spot);
            [log, log + self.ruler.leverage(&spot)]
        });
        let spread = |which: usize| {
            let [least, most] = [f64::min, f64::max]
                .map(|f: fn(f64, f64) -> f64| places.iter().map(|place| place[which]).reduce(f).unwrap_or(f64::NAN));
            most - least
        };
        spread(0).max(spread(1))
    }

    /// From the ends of the bulk outwards.
    fn around_bulk(&self) -> [f64; 2] {
        let peak = (0..=32).map(|i| self.weighted(f64::from(i) / 32.0 - 0.5)).fold(f64::NEG_INFINITY, f64::max);
        [-1.0, 1.0].map(|side| {
            let steps =
                (0..DOUBLINGS).map(|k| side * (0.5 + 0.125 * 1.5_f64.powi(i32::try_from(k).unwrap_or(i32::MAX))));
            steps.into_iter().find(|t| self.weighted(*t) < peak - NEGLIGIBLE).unwrap_or(f64::NAN)
        })
    }

    /// On either side of the peak of a log density that is concave in t.
    fn around_peak(&self) -> [f64; 2] {
        let [mut low, mut high] = LOGS;
        while high - low > 1e-7 * low.abs().max(1.0) {
            let [first, second] = [1.0, 2.0].map(|part| low + (high - low) * part / 3.0);
            if self.weighted(first) < self.weighted(second) { low = first } else { high = second }
        }
        let peak = 0.5 * (low + high);
        let floor = self.weighted(peak) - NEGLIGIBLE;
        let rise = |t: f64| self.weighted(t) - floor;
        [bisect(rise, LOGS[0], peak), -bisect(|t| rise(-t), -LOGS[1], -peak)]
    }
}
