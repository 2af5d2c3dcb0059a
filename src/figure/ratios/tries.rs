//! What the bounded racers would do from one policy: TRPO's candidates and iterates, PPO's epochs, as ratios.
//!
//! All from the policy of the chosen racer at the playhead, so that steps can be compared, each with its racer's own settings,
//! state and draws.

use std::sync::Arc;

use super::plane::{Plane, Policy};
use crate::app::Show;
use crate::optimizer::trpo::{BACKTRACK, Verdict};
use crate::plot::mark::Point;
use crate::problem::Problem;
use crate::problem::policy::Agent;
use crate::race::{Attempt, attempt};
use crate::scenario::Model;

/// The most actions whose ratios are listed.
const LISTED: usize = 4;
/// How many pieces a ray has: straight in the racer's coordinates, in ratios it is bent.
const PIECES: usize = 24;

/// The policy that all steps start from.
#[derive(Debug, Clone)]
pub struct Old {
    /// What it gives, and what is known of it.
    pub policy: Policy,
    /// The plane of the picture.
    pub plane: Plane,
    /// The pairs whose ratios are listed: all of the plane's states if they are few, else those of the axes and the likeliest.
    pub listed: Vec<usize>,
}

impl Old {
    /// The policy of the chosen racer at the playhead; `None` if it is not finite or has no two ratios.
    #[must_use]
    pub fn of(show: &Show) -> Option<Self> {
        let runner = show.race.runner(show.chosen);
        let step = stands(show);
        let portrait = runner.site(step)?.portrait()?;
        let policy = Policy {
            p: agent(show)?.probabilities(&runner.parameters(step))?,
            advantages: portrait.advantage?.concat(),
            visits: portrait.state_distribution?,
            actions: show.world.scenario.process()?.actions.len(),
        };
        let plane = Plane::through(&policy)?;
        let listed = listed(&policy, plane.pairs);
        Some(Self { policy, plane, listed })
    }

    fn at(&self, p: &[f64]) -> Point {
        self.plane.pairs.map(|pair| p[pair] / self.policy.p[pair])
    }
}

/// The step at which the chosen racer stands: the playhead's, or the last one that it has made.
#[must_use]
pub fn stands(show: &Show) -> usize {
    show.now().min(show.race.trace(show.chosen).last_alive())
}

/// The policy's form and its process.
#[must_use]
pub fn agent(show: &Show) -> Option<&Agent> {
    if let Model::Policy(_, agent) = &show.world.scenario.model { Some(agent) } else { None }
}

fn listed(policy: &Policy, pairs: [usize; 2]) -> Vec<usize> {
    let k = policy.actions;
    let mut states = pairs.map(|pair| pair / k).to_vec();
    states.dedup();
    let mut all: Vec<usize> = states.into_iter().flat_map(|s| s * k..(s + 1) * k).collect();
    if all.len() > LISTED {
        all.sort_by(|a, b| policy.p[*b].total_cmp(&policy.p[*a]));
        all.retain(|pair| !pairs.contains(pair));
        all.truncate(LISTED - pairs.len());
        all.extend(pairs);
        all.sort_unstable();
    }
    all
}

/// What a point on the way of a step is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// TRPO's candidate: the full step times so much, and whether it was accepted.
    Candidate(f64, bool),
    /// TRPO's step after so many iterations of conjugate gradient, before the last.
    Iterate(usize),
    /// PPO after so many epochs.
    Epoch(usize),
    /// PPO after its last epoch.
    Last(usize),
}

impl What {
    /// Whether the step ends there.
    #[must_use]
    pub const fn ends(self) -> bool {
        matches!(self, Self::Last(_) | Self::Candidate(_, true))
    }
}

/// A point on the way of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// What it is.
    pub what: What,
    /// Where it is in the plane.
    pub at: Point,
    /// The ratios that are listed.
    pub ratios: Vec<f64>,
    /// KL(old ‖ this).
    pub kl: f64,
}

/// The way of a racer's step.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// Whose it is.
    pub racer: usize,
    /// The line.
    pub line: Vec<Point>,
    /// The points on it.
    pub stops: Vec<Stop>,
    /// KL(old ‖ now) after every epoch, if it has epochs.
    pub epochs: Vec<f64>,
}

/// What it takes to find the way of a racer's step elsewhere.
struct Work {
    racer: usize,
    old: Old,
    agent: Agent,
    problem: Arc<dyn Problem>,
    backtrack: f64,
    start: Vec<f64>,
}

/// The racers whose ways there are, with what finds each.
#[must_use]
pub fn tries(show: &Show, old: &Old) -> Vec<Box<dyn FnOnce() -> Try + Send>> {
    let from = show.race.runner(show.chosen);
    let (step, there) = (show.now(), stands(show));
    let make = |racer: usize| -> Option<Box<dyn FnOnce() -> Try + Send>> {
        let (spec, own) = (&show.world.scenario.racers[racer], show.race.runner(racer));
        let found = attempt(&show.world, racer, [own, from], step)?;
        let problem = Arc::clone(own.problem());
        let start = problem.locate(&from.parameters(there)).ok()?;
        let backtrack = if spec.kind.trust_region() { spec.settings.number(&BACKTRACK) } else { 1.0 };
        let work = Work { racer, old: old.clone(), agent: agent(show)?.clone(), problem, backtrack, start };
        Some(Box::new(move || work.path(found())))
    };
    (0..show.world.scenario.racers.len()).filter_map(make).collect()
}

/// Whether a racer's epochs have a mark: 1, 2 and 5 of every power of ten.
const fn marked(epoch: usize) -> bool {
    let mut first = epoch;
    while first >= 10 && first.is_multiple_of(10) {
        first /= 10;
    }
    matches!(first, 1 | 2 | 5)
}

impl Work {
    fn path(&self, attempt: Attempt) -> Try {
        match attempt {
            Attempt::Search(found) => {
                let candidates = found.candidates.iter().enumerate().filter_map(|(i, (x, verdict))| {
                    let share = self.backtrack.powi(i32::try_from(i).unwrap_or(i32::MAX));
                    self.stop(x, What::Candidate(share, *verdict == Verdict::Accepted))
                });
                let before = found.iterates.len().saturating_sub(1);
                let iterates = found.iterates[..before].iter().enumerate();
                let iterates = iterates.filter_map(|(i, x)| self.stop(x, What::Iterate(i + 1)));
                let line = found.candidates.first().map_or(Vec::new(), |(x, _)| self.ray(x));
                Try { racer: self.racer, line, stops: candidates.chain(iterates).collect(), epochs: Vec::new() }
            }
            Attempt::Epochs(points) => {
                let line = points.iter().filter_map(|x| Some(self.old.at(&self.policy(x)?)));
                let line = std::iter::once([1.0; 2]).chain(line).collect();
                let stop = |(i, x): (usize, &Vec<f64>)| {
                    let last = i + 1 == points.len();
                    let what = if last { What::Last(i + 1) } else { What::Epoch(i + 1) };
                    if last || marked(i + 1) { self.stop(x, what) } else { None }
                };
                let stops = points.iter().enumerate().filter_map(stop).collect();
                let epochs = points.iter().map_while(|x| Some(self.old.policy.kl(&self.ratios(&self.policy(x)?))));
                Try { racer: self.racer, line, stops, epochs: epochs.collect() }
            }
        }
    }

    /// The policy at coordinates.
    fn policy(&self, x: &[f64]) -> Option<Vec<f64>> {
        self.problem.violation(x).is_none().then_some(())?;
        self.agent.probabilities(self.problem.at(x).parameters())
    }

    fn stop(&self, x: &[f64], what: What) -> Option<Stop> {
        let p = self.policy(x)?;
        let ratios = self.ratios(&p);
        let listed = self.old.listed.iter().map(|pair| ratios[*pair]).collect();
        Some(Stop { what, at: self.old.at(&p), ratios: listed, kl: self.old.policy.kl(&ratios) })
    }

    fn ratios(&self, p: &[f64]) -> Vec<f64> {
        p.iter().zip(&self.old.policy.p).map(|(new, old)| new / old).collect()
    }

    /// The straight way to a point, as far as there are policies.
    fn ray(&self, to: &[f64]) -> Vec<Point> {
        let at = |i: usize| {
            let share = i as f64 / PIECES as f64;
            let x: Vec<f64> = self.start.iter().zip(to).map(|(from, to)| from + share * (to - from)).collect();
            Some(self.old.at(&self.policy(&x)?))
        };
        (0..=PIECES).map_while(at).collect()
    }
}
