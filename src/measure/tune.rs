//! The rate at which each racer converges in the fewest steps: a fair race is run at every racer's best.
//!
//! The number of steps as a function of the rate has many local minima, some no wider than three digits, so that
//! bracketing fails. Instead a coarse grid covers all rates, then every rate of three digits within a factor of 2.4 of the
//! grid's two best is tried. A better rate may exist far from those two, or between three digits. Changes no scenario:
//! the caller decides what to do with the rates. Deterministic and bounded; run as a job.

use crate::problem::quantities::EXCESS;
use crate::race::{Quantity, Reading, Runner, World};
use crate::registry::three_digits;
use crate::registry::{Field, Kind, Setting};
use crate::work::{Cancelled, Output, Progress};

/// Rates per decade on the grid, and its ends as powers of ten.
const PER_DECADE: i32 = 8;
const DECADES: (i32, i32) = (-4, 2);
/// The number of best grid rates that are refined.
const AROUND: usize = 2;
/// How far they are refined, in rates of the grid on either side.
const REACH: usize = 3;
/// Steps of a race between checks of the budget.
const SLICE: usize = 256;

/// The result for a racer.
#[derive(Debug, Clone, Copy)]
pub struct Tuned {
    /// The racer.
    pub racer: usize,
    /// The tuned field: the optimizer's first.
    pub field: &'static Field,
    /// The scenario's rate, and its steps to the tolerance.
    pub own: (f64, Option<usize>),
    /// The best rate tried, to three digits, and its steps; `None` if no rate reaches the tolerance.
    pub best: Option<(f64, usize)>,
}

impl Tuned {
    /// The best rate and its steps, if it differs from the scenario's.
    #[must_use]
    pub fn better(&self) -> Option<(f64, usize)> {
        self.best.filter(|(rate, _)| *rate != self.own.0)
    }

    /// The path of the rate in the scenario, for edits.
    #[must_use]
    pub fn path(&self) -> String {
        format!("optimizer.{}.{}", self.racer, self.field.name)
    }
}

/// A race of a search.
#[derive(Debug, Clone, Copy)]
struct Tried {
    rate: f64,
    steps: Option<usize>,
    /// The same in fractions of a step; infinite if it does not reach the tolerance.
    score: f64,
}

/// The search for one racer.
#[derive(Debug)]
struct Search {
    racer: usize,
    field: &'static Field,
    /// Rates still to be tried, the next one last.
    plan: Vec<f64>,
    tried: Vec<Tried>,
    /// Whether the finer rates have been planned.
    fine: bool,
}

/// The rate at an index of the grid.
fn rate_at(place: i32) -> f64 {
    three_digits(10.0_f64.powf(f64::from(place) / f64::from(PER_DECADE)))
}

/// All rates of three digits above `low`, up to the first that is not below `high`.
fn three_digit_rates(low: f64, high: f64) -> Vec<f64> {
    let mut rates = Vec::new();
    let mut rate = low;
    while rate < high {
        // One unit of the third digit, and a little more so that rounding moves on.
        rate = three_digits(rate + 10.0_f64.powf(rate.log10().floor() - 2.0) * 1.000_001);
        rates.push(rate);
    }
    rates
}

impl Search {
    /// `None` if the optimizer has no rate.
    fn new(world: &World, racer: usize) -> Option<Self> {
        let spec = &world.scenario.racers[racer];
        let field = spec.kind.rate?.field;
        let Kind::Number(range) = field.kind else { return None };
        let grid = (DECADES.0 * PER_DECADE..=DECADES.1 * PER_DECADE).map(rate_at).filter(|rate| range.contains(*rate));
        let mut plan: Vec<f64> = grid.collect();
        plan.reverse();
        // The last entry is tried first: the scenario's own rate.
        plan.push(spec.settings.number(field));
        Some(Self { racer, field, plan, tried: Vec::new(), fine: false })
    }

    fn next(&mut self) -> Option<f64> {
        if self.plan.is_empty() && !self.fine {
            self.fine = true;
            self.plan = self.finer();
        }
        self.plan.pop()
    }

    /// The rates around the best ones of the grid, without duplicates, those nearest the best one last.
    fn finer(&self) -> Vec<f64> {
        let Kind::Number(range) = self.field.kind else { return Vec::new() };
        let grid = &self.tried[1..];
        let mut best: Vec<usize> = (0..grid.len()).filter(|i| grid[*i].steps.is_some()).collect();
        best.sort_by(|i, j| order(&grid[*i], &grid[*j]));
        let Some(centre) = best.first().map(|best| grid[*best].rate) else { return Vec::new() };
        let around = best.iter().take(AROUND).flat_map(|best| {
            let last = (best + REACH).min(grid.len() - 1);
            three_digit_rates(grid[best.saturating_sub(REACH)].rate, grid[last].rate)
        });
        let mut rates: Vec<f64> = around.filter(|rate| range.contains(*rate)).collect();
        let far = |rate: f64| (rate / centre).ln().abs();
        rates.sort_by(|a, b| far(*b).total_cmp(&far(*a)).then(a.total_cmp(b)));
        rates.dedup();
        rates.retain(|rate| grid.iter().all(|tried| tried.rate != *rate));
        rates
    }

    /// Races at a rate, in `world`, whose racer is given that rate.
    fn race(&mut self, world: &mut World, rate: f64, tolerance: f64, progress: &Progress) -> Result<(), Cancelled> {
        world.scenario.racers[self.racer].settings.set(self.field, Setting::Number(rate));
        let mut runner = Runner::new(world, self.racer);
        let last = world.scenario.steps;
        // A rate that does not converge within the best one's steps is no better: run only that far first.
        let best = self.tried.iter().filter(|_| self.fine).filter_map(|tried| tried.steps).min().unwrap_or(last);
        run(&mut runner, best.min(last), last, progress)?;
        let mut tried = Tried { rate, steps: None, score: f64::INFINITY };
        if settled(&runner, tolerance).is_some() || best >= last {
            run(&mut runner, last, last, progress)?;
            if let Some((steps, score)) = settled(&runner, tolerance) {
                (tried.steps, tried.score) = (Some(steps), score);
            }
        }
        self.tried.push(tried);
        Ok(())
    }

    fn found(&self) -> Option<Tuned> {
        let own = self.tried.first()?;
        let best = self.tried.iter().filter(|tried| tried.steps.is_some()).min_by(|a, b| order(a, b));
        let best = best.and_then(|tried| Some((tried.rate, tried.steps?)));
        Some(Tuned { racer: self.racer, field: self.field, own: (own.rate, own.steps), best })
    }
}

/// Fewer steps first, then the smaller fraction of a step.
fn order(a: &Tried, b: &Tried) -> std::cmp::Ordering {
    let steps = |tried: &Tried| tried.steps.unwrap_or(usize::MAX);
    steps(a).cmp(&steps(b)).then(a.score.total_cmp(&b.score))
}

/// The step from which a racer's loss stays within the tolerance of the least, whole and in fractions of a step; `None`
/// if it does not reach it.
fn settled(runner: &Runner, tolerance: f64) -> Option<(usize, f64)> {
    let reading = Reading::new(runner);
    let excess = Quantity::Listed(EXCESS);
    Some((reading.settles(excess, tolerance)?, reading.crosses(excess, tolerance).unwrap_or(f64::INFINITY)))
}

/// Extends a race to a step.
fn run(runner: &mut Runner, step: usize, last: usize, progress: &Progress) -> Result<(), Cancelled> {
    while runner.reached(last) < step {
        progress.check()?;
        runner.advance(step, SLICE);
    }
    Ok(())
}

/// Searches for the best rates of racers, one after the other. A racer without a rate is left out. The progress counts
/// rates of the grid.
///
/// # Errors
/// If nobody wants the result any more.
pub fn tune(world: &World, racers: &[usize], tolerance: f64, out: &Output<Tuned>) -> Result<(), Cancelled> {
    let mut world = world.clone();
    let searches: Vec<Search> = racers.iter().filter_map(|racer| Search::new(&world, *racer)).collect();
    let total = searches.iter().map(|search| search.plan.len()).sum();
    let mut done = 0;
    for mut search in searches {
        let own = world.scenario.racers[search.racer].clone();
        while let Some(rate) = search.next() {
            search.race(&mut world, rate, tolerance, out.progress())?;
            done += usize::from(!search.fine);
            out.progress().report(done, total)?;
        }
        world.scenario.racers[search.racer] = own;
        if let Some(found) = search.found() {
            out.send(found)?;
        }
    }
    Ok(())
}
