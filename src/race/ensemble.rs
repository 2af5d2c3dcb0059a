//! One race under many seeds: what every member came to, and what they have in common at each step.
//!
//! A member is a function of its seed alone, so they may be run in any order and by any number of threads. How they are
//! written is the business of `export`, what is asked of them that of `measure`.

use serde::{Deserialize, Serialize};

use super::{Race, Runner, Status};
use crate::problem::Outcome;

/// One racer under one seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// How its last step went.
    pub status: Status,
    /// The losses of all steps with numbers, from the start on.
    pub losses: Vec<f64>,
    /// The canonical parameters at the last of them.
    pub parameters: Vec<f64>,
    /// The largest KL(old ‖ new) of a step, nats; NaN if there was none.
    pub largest_kl: f64,
    /// What a policy has settled on; `None` for anything else.
    pub outcome: Option<Outcome>,
    /// Where it was on the way, at every [`Member::every`]-th step: for pictures only.
    #[serde(skip)]
    pub way: Vec<Glimpse>,
    /// The steps between those.
    #[serde(skip)]
    pub every: usize,
}

/// A member at a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glimpse {
    /// Its first two canonical parameters, to the accuracy of a picture; NaN if there are fewer.
    pub point: [f32; 2],
    /// What it had settled on.
    pub outcome: Option<Outcome>,
    /// The largest KL of a step up to there, nats.
    pub largest_kl: f32,
}

/// The most glimpses of a member: more than a picture has columns for.
const GLIMPSES: usize = 200;

impl Member {
    /// What a racer of a race that has been run to its end came to.
    #[must_use]
    pub fn of(runner: &Runner, steps: usize) -> Self {
        let trace = runner.trace();
        let last = trace.last_alive();
        let rows = || trace.rows.iter().take(last + 1);
        let parameters = runner.parameters(last).into_owned();
        let outcome = runner.problem().outcome(&parameters);
        let every = steps.div_ceil(GLIMPSES).max(1);
        Self {
            status: trace.rows.at(trace.rows.len() - 1).status,
            losses: rows().map(|row| row.loss).collect(),
            parameters,
            largest_kl: rows().map(|row| row.kl_step).fold(f64::NAN, f64::max),
            outcome,
            way: way(runner, every),
            every,
        }
    }

    /// It at a step, or at its last with numbers; `None` if it was read from a part.
    #[must_use]
    pub fn at(&self, step: usize) -> Option<&Glimpse> {
        let last = self.way.len().checked_sub(1)?;
        self.way.get((step / self.every.max(1)).min(last))
    }

    /// The last step with numbers.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.losses.len() - 1
    }

    /// The loss at the last of them.
    #[must_use]
    pub fn loss(&self) -> f64 {
        self.losses.last().copied().unwrap_or(f64::NAN)
    }
}

/// Every so many steps of a trace, and its last.
fn way(runner: &Runner, every: usize) -> Vec<Glimpse> {
    let trace = runner.trace();
    let last = trace.last_alive();
    let mut largest = f64::NAN;
    let steps = (0..=last).step_by(every).chain((!last.is_multiple_of(every)).then_some(last));
    let mut from = 0;
    steps
        .map(|step| {
            largest = (from..=step).map(|step| trace.rows.at(step).kl_step).fold(largest, f64::max);
            from = step + 1;
            let parameters = runner.parameters(step);
            let point = [0, 1].map(|i| parameters.get(i).map_or(f32::NAN, |p| *p as f32));
            Glimpse { point, outcome: runner.problem().outcome(&parameters), largest_kl: largest as f32 }
        })
        .collect()
}

/// All racers under one seed, with what its measures say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// The racers, in file order.
    pub racers: Vec<Member>,
    /// The value of every measure, in file order; `None` if it has none.
    pub values: Vec<Option<f64>>,
}

impl Run {
    /// What a race that has been run to its end came to; `values` are those of its measures.
    #[must_use]
    pub fn of(seed: u64, race: &Race, values: Vec<Option<f64>>) -> Self {
        Self { seed, racers: race.runners().iter().map(|runner| Member::of(runner, race.steps())).collect(), values }
    }
}

/// The runs that have arrived, in the order of their seeds.
///
/// ```
/// use geodescent::race::ensemble::{Ensemble, quantile};
///
/// assert_eq!(Ensemble::default().arrived(), 0);
/// assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0, "halfway between two order statistics");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ensemble {
    runs: Vec<Run>,
}

/// A quantity of the members that are still running.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// How many they are.
    pub members: usize,
    /// The mean.
    pub mean: f64,
    /// The [`QUANTILES`].
    pub quantiles: [f64; 5],
}

/// The shares of members below the quantiles of a [`Summary`].
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

impl Summary {
    /// Of values in any order; `None` if there are none.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let members = values.len();
        // Summed in the order of the seeds, so that nothing depends on who arrived first.
        let mean = values.iter().sum::<f64>() / members as f64;
        values.sort_unstable_by(f64::total_cmp);
        Some(Self { members, mean, quantiles: QUANTILES.map(|share| quantile(&values, share)) })
    }
}

/// The quantile of sorted values, linear between order statistics; NaN if there are none.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = (place as usize).min(last.saturating_sub(1));
    let above = (below + 1).min(last);
    // The place lies between two of them.
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

impl Ensemble {
    /// Adds a run; a second one of the same seed is ignored.
    pub fn add(&mut self, run: Run) {
        if let Err(place) = self.runs.binary_search_by_key(&run.seed, |run| run.seed) {
            self.runs.insert(place, run);
        }
    }

    /// The number of runs that have arrived.
    #[must_use]
    pub const fn arrived(&self) -> usize {
        self.runs.len()
    }

    /// The runs, in the order of their seeds.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The run of a seed, if it has arrived.
    #[must_use]
    pub fn run(&self, seed: u64) -> Option<&Run> {
        self.runs.binary_search_by_key(&seed, |run| run.seed).ok().map(|place| &self.runs[place])
    }

    /// One racer under every seed.
    #[must_use]
    pub fn members(&self, racer: usize) -> impl ExactSizeIterator<Item = (u64, &Member)> {
        self.runs.iter().map(move |run| (run.seed, &run.racers[racer]))
    }

    /// The losses of a racer's members that are still running at a step; `None` if none is.
    #[must_use]
    pub fn losses(&self, racer: usize, step: usize) -> Option<Summary> {
        Summary::of(self.members(racer).filter_map(|(_, member)| member.losses.get(step).copied()).collect())
    }

    /// The last step that some member of a racer has reached.
    #[must_use]
    pub fn last(&self, racer: usize) -> usize {
        self.members(racer).map(|(_, member)| member.step()).max().unwrap_or(0)
    }

    /// The values of a measure, of the runs in which it has one.
    #[must_use]
    pub fn measured(&self, place: usize) -> Option<Summary> {
        Summary::of(self.runs.iter().filter_map(|run| run.values[place]).collect())
    }

    /// How many members of a racer have come to an outcome.
    #[must_use]
    pub fn outcomes(&self, racer: usize, outcome: Outcome) -> usize {
        self.members(racer).filter(|(_, member)| member.outcome == Some(outcome)).count()
    }
}

/// Of runs in any order.
impl FromIterator<Run> for Ensemble {
    fn from_iter<I: IntoIterator<Item = Run>>(runs: I) -> Self {
        let mut ensemble = Self::default();
        runs.into_iter().for_each(|run| ensemble.add(run));
        ensemble
    }
}
