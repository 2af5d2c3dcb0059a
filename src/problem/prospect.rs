//! What a step learns from a family's actions under an expected reward: exact expectations, or the actions of a batch.

use super::{Experience, Failure, Normalise, Site, Term};
use crate::family::{Chart, Family};
use crate::geometry::Place;
use crate::math::Vec2;
use crate::objective::reward::{Actions, Reward};
use crate::objective::{Draw, Flaw};

/// The number of actions whose densities are evaluated in the time of a step on a closed form.
const DENSITIES: usize = 8;

/// The model of before, and where the work is counted.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// The family.
    pub family: &'a dyn Family,
    /// The chart of the coordinates.
    pub chart: &'a dyn Chart,
    /// The canonical parameters.
    pub p: Vec2,
    /// The problem at this point.
    pub site: &'a dyn Site,
}

/// What step `draw` learns from rewards of actions of the model of before.
///
/// # Errors
/// If the baseline is not integrated to its tolerance.
pub fn experience<'a>(
    before: Before<'a>,
    reward: &'a Reward,
    cost: usize,
    draw: Draw,
) -> Result<Box<dyn Experience + 'a>, Failure> {
    if let Some(actions) = reward.actions(before.p, draw) {
        let actions = actions.map_err(|flaw| failure(flaw, "the baseline"))?;
        let log_density = |x: &f64| before.family.log_density(before.p, &[*x]);
        let log_old = actions.x.iter().map(log_density).collect();
        return Ok(Box::new(Drawn { before, actions, log_old }));
    }
    let shift = reward.baseline(before.p).map_err(|flaw| failure(flaw, "the baseline"))?;
    Ok(Box::new(Outlook { before, reward, cost, shift, scale: 1.0 }))
}

fn failure(flaw: Flaw, quantity: &'static str) -> Failure {
    match flaw {
        Flaw::Unresolved => Failure::NotIntegrated(quantity),
        Flaw::Diverges | Flaw::Undefined(_) => Failure::NotFinite(quantity),
    }
}

/// Exact expectations under the model of before. A = (r − shift)/scale.
#[derive(Debug)]
struct Outlook<'a> {
    before: Before<'a>,
    reward: &'a Reward,
    /// Of an integral, in steps on a closed form.
    cost: usize,
    shift: f64,
    scale: f64,
}

const SURROGATE: &str = "the surrogate E[ρA]";

/// The ln ρ at which a term has a kink.
fn edges(term: Term) -> Vec<f64> {
    match term {
        Term::Clip { low, high } => {
            [1.0 + high, 1.0 - low].into_iter().filter(|edge| *edge > 0.0).map(f64::ln).collect()
        }
        Term::Ratio | Term::Simple { .. } => Vec::new(),
    }
}

/// A term as a multiple of ρ plus a rest, so that ρ times the old density is the new one, and neither part is large where
/// its own density is small.
fn parts(term: Term, ratio: f64, advantage: f64) -> [f64; 2] {
    match term {
        Term::Ratio => [advantage, 0.0],
        Term::Clip { .. } => match term.at(ratio, advantage) {
            [value, 0.0] => [0.0, value],
            _ => [advantage, 0.0],
        },
        Term::Simple { clip } => {
            let pull = 0.5 * advantage.abs() / clip;
            [advantage - pull * (ratio - 2.0), -pull]
        }
    }
}

impl Outlook<'_> {
    /// E[(r − shift) h] under the second of two models, h a multiple of 1/(r − shift) times a function of ρ and A.
    fn mean<const N: usize>(
        &self,
        pair: [Vec2; 2],
        term: Term,
        h: impl Fn(f64, f64, Vec2) -> [f64; N],
    ) -> Result<[f64; N], Failure> {
        self.before.site.spend(self.cost);
        let expectation = self.reward.expectation();
        let found = expectation.compared(pair, self.shift, &edges(term), |seen| {
            if seen.above == 0.0 {
                return [0.0; N];
            }
            h(seen.log_ratio, seen.above / self.scale, seen.score).map(|value| value / seen.above)
        });
        found.map_err(|flaw| failure(flaw, SURROGATE))
    }
}

impl Experience for Outlook<'_> {
    fn normalise(&mut self, how: Normalise) -> Result<(), Failure> {
        let (expectation, p) = (self.reward.expectation(), self.before.p);
        let failed = |flaw| failure(flaw, "the variance of the advantage");
        let mean = expectation.mean(p).map_err(failed)?;
        let [variance] = expectation.compared([p, p], mean, &[], |seen| [seen.above]).map_err(failed)?;
        (self.shift, self.scale) = (mean, variance.max(0.0).sqrt() + how.eps);
        Ok(())
    }

    fn surrogate(&self, x: &[f64], term: Term, gradient: &mut [f64]) -> Result<f64, Failure> {
        self.ascent(x, term, gradient)?;
        let now = self.before.chart.to_parameters(Vec2::new(x[0], x[1]));
        let old = self.before.p;
        let [near] = self.mean([old, now], term, |log, a, _| [parts(term, log.exp(), a)[0]])?;
        // Under the old model the logarithm is that of 1/ρ.
        let turned = edges(term);
        let expectation = self.reward.expectation();
        let back: Vec<f64> = turned.iter().map(|edge| -edge).collect();
        let far = expectation.compared([now, old], self.shift, &back, |seen| {
            let a = seen.above / self.scale;
            [if a == 0.0 { 0.0 } else { parts(term, (-seen.log_ratio).exp(), a)[1] / seen.above }]
        });
        far.map(|[far]| near + far).map_err(|flaw| failure(flaw, SURROGATE))
    }

    fn ascent(&self, x: &[f64], term: Term, gradient: &mut [f64]) -> Result<(), Failure> {
        let place = Place::at(self.before.chart, Vec2::new(x[0], x[1]));
        let slopes = self.mean([self.before.p, place.p], term, |log, a, score| {
            let slope = term.at(log.exp(), a)[1];
            [slope * score[0], slope * score[1]]
        })?;
        gradient.copy_from_slice(place.covector(Vec2::from(slopes)).as_slice());
        Ok(())
    }
}

/// Actions that the model of before has drawn.
#[derive(Debug)]
struct Drawn<'a> {
    before: Before<'a>,
    actions: Actions,
    log_old: Vec<f64>,
}

impl Experience for Drawn<'_> {
    fn normalise(&mut self, how: Normalise) -> Result<(), Failure> {
        how.apply(&mut self.actions.worth);
        Ok(())
    }

    fn surrogate(&self, x: &[f64], term: Term, gradient: &mut [f64]) -> Result<f64, Failure> {
        let Before { family, chart, site, .. } = self.before;
        let (place, n) = (Place::at(chart, Vec2::new(x[0], x[1])), self.log_old.len());
        site.spend(n / DENSITIES);
        let log_density = family.log_density_at(place.p);
        let (mut mean, mut slopes) = (0.0, Vec2::zeros());
        for ((x, worth), log_old) in self.actions.x.iter().zip(&self.actions.worth).zip(&self.log_old) {
            let ratio = (log_density(&[*x]) - log_old).exp();
            let [value, slope] = term.at(ratio, *worth);
            mean += value;
            if slope != 0.0 {
                slopes += family.score(place.p, &[*x]) * (slope * ratio);
            }
        }
        gradient.copy_from_slice((place.covector(slopes) / n as f64).as_slice());
        Ok(mean / n as f64)
    }
}
