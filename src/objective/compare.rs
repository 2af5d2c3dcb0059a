//! Expectations that compare two distributions of a family: of a reward times a function of how much more likely an action
//! has become.
//!
//! They are integrated wherever either distribution has its mass, and divided where the function may have a kink. The
//! error bound is that of `integral`.

use super::expectation::{Cuts, Expectation};
use super::flaw::Flaw;
use super::integral::Integrand;
use super::span::{End, Span, Spot};
use crate::family::Family;
use crate::math::Vec2;
use crate::math::root::bisect;

/// The parts of a panel at whose ends signs are compared.
const PARTS: usize = 24;
/// Octaves towards an end of the support, and towards infinity, in which signs are compared.
const OCTAVES: [i32; 2] = [40, 8];

/// What a function of the comparison sees of an action.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Its reward less the shift.
    pub above: f64,
    /// ln q(x)/p(x).
    pub log_ratio: f64,
    /// The score of q.
    pub score: Vec2,
}

/// A distribution's density and score, accurate also where x is near the upper end of the unit interval.
struct Side<'a> {
    family: &'a dyn Family,
    p: Vec2,
}

impl Side<'_> {
    /// The parameters and the observation by which they are computed; whether both are mirrored.
    fn view(&self, spot: Spot) -> (Vec2, f64, bool) {
        match spot.below_one.filter(|_| self.family.mirrored()) {
            Some(gap) => (Vec2::new(self.p[1], self.p[0]), gap, true),
            None => (self.p, spot.x, false),
        }
    }

    fn log_density(&self, spot: Spot) -> f64 {
        let (p, x, _) = self.view(spot);
        self.family.log_density(p, &[x])
    }

    fn score(&self, spot: Spot) -> Vec2 {
        let (p, x, mirrored) = self.view(spot);
        let score = self.family.score(p, &[x]);
        if mirrored { Vec2::new(score[1], score[0]) } else { score }
    }
}

impl Expectation {
    /// ∫ (r − `shift`) h q for a function h of what is seen, p and q being the two points of `pair`. h may have kinks where
    /// r = `shift` and where ln q/p is one of `edges`.
    ///
    /// # Errors
    /// If it does not exist or is not computed to the tolerance.
    pub fn compared<const N: usize>(
        &self,
        pair: [Vec2; 2],
        shift: f64,
        edges: &[f64],
        h: impl Fn(&Seen) -> [f64; N],
    ) -> Result<[f64; N], Flaw> {
        let [old, now] = pair.map(|p| Side { family: &*self.family, p });
        let seen = |spot: Spot, reward: f64| Seen {
            above: reward - shift,
            log_ratio: now.log_density(spot) - old.log_density(spot),
            score: now.score(spot),
        };
        if self.summed() {
            return self.compared_sum(&now, shift, |spot, reward| h(&seen(spot, reward)));
        }
        let log_density = |spot: Spot| now.log_density(spot);
        let weights = |spot: Spot| h(&seen(spot, self.function.value(&[spot.x])));
        let integrate = |cuts: &Cuts| {
            let integrand = Integrand::new(&self.function, shift, &log_density, &weights);
            integrand.total(&cuts.spans, &cuts.ends).map(|piece| piece.value)
        };
        let both = pair.map(|p| Cuts::new(&*self.family, p));
        let ratio = |x: f64| {
            let spot = Spot { x, below_one: None };
            now.log_density(spot) - old.log_density(spot)
        };
        let octaves = places(&both);
        let kinks = self.kinks(&octaves, shift, edges, ratio);
        let cuts = Cuts::joined(&both, &kinks, &octaves);
        match integrate(&cuts) {
            Err(Flaw::Unresolved) => integrate(&cuts.before_oscillations(&self.function)),
            found => found,
        }
    }

    fn compared_sum<const N: usize>(
        &self,
        now: &Side<'_>,
        shift: f64,
        h: impl Fn(Spot, f64) -> [f64; N],
    ) -> Result<[f64; N], Flaw> {
        let mut sum = [0.0; N];
        for (x, reward) in self.outcomes() {
            if reward.is_nan() {
                return Err(Flaw::Undefined(x));
            }
            let spot = Spot { x, below_one: None };
            let weight = (reward - shift) * now.log_density(spot).exp();
            if weight != 0.0 {
                sum.iter_mut().zip(h(spot, reward)).for_each(|(sum, h)| *sum += weight * h);
            }
        }
        if sum.iter().all(|sum| sum.is_finite()) { Ok(sum) } else { Err(Flaw::Diverges) }
    }

    /// Where the reward crosses `shift` or ln q/p one of `edges`, as far as a scan of the panels sees it.
    fn kinks(&self, places: &[f64], shift: f64, edges: &[f64], ratio: impl Fn(f64) -> f64) -> Vec<f64> {
        let reward = |x: f64| self.of(x) - shift;
        let mut found = Vec::new();
        let mut before: Option<(f64, f64, f64)> = None;
        for pair in places.windows(2) {
            for part in 0..PARTS {
                let x = pair[0] + (pair[1] - pair[0]) * (part as f64 / PARTS as f64);
                let here = (x, ratio(x), reward(x));
                if let Some((low, ratio_before, reward_before)) = before {
                    for edge in edges {
                        if (ratio_before - edge) * (here.1 - edge) < 0.0 {
                            found.push(bisect(|x| (ratio(x) - edge) * (here.1 - edge).signum(), low, x));
                        }
                    }
                    if reward_before * here.2 < 0.0 {
                        found.push(bisect(|x| reward(x) * here.2.signum(), low, x));
                    }
                }
                before = Some(here);
            }
        }
        found
    }
}

/// The ends of all panels, and of the first octaves beyond them, in ascending order.
fn places(both: &[Cuts; 2]) -> Vec<f64> {
    let mut places: Vec<f64> = both.iter().flat_map(|cuts| &cuts.spans).flat_map(Span::range).collect();
    for end in both.iter().flat_map(|cuts| &cuts.ends) {
        let (anchor, step, octaves) = match *end {
            End::Near { anchor, sign, from } => (anchor, sign * from, -OCTAVES[0]..1),
            End::Far { anchor, sign, from } => (anchor, sign * from, 0..OCTAVES[1]),
        };
        places.extend(octaves.map(|k| anchor + step * 2.0_f64.powi(k)));
    }
    places.retain(|x| x.is_finite());
    places.sort_by(f64::total_cmp);
    places.dedup();
    places
}
