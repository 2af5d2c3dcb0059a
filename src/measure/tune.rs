//! The rate at which each racer converges in the fewest steps: a fair race is run at every racer's best.
//!
//! The number of steps as a function of the rate has many local minima, some no wider than three digits, so that
//! bracketing fails. Instead a coarse grid covers all rates, then every rate of three digits within a factor of 2.4 of the
//! grid's two best is tried. A better rate may exist far from those two, or between three digits. Changes no scenario:
//! the caller decides what to do with the rates. Deterministic, bounded, and in slices.

use crate::race::{Reading, Runner, World};
use crate::registry::field::three_digits;
use crate::registry::{Field, Kind, Setting};

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
    /// The path of the rate in the scenario, for edits.
    #[must_use]
    pub fn path(&self) -> String {
        format!("optimizer.{}.{}", self.racer, self.field.name)
    }
}

/// A search that can be paused and resumed.
#[derive(Debug)]
pub struct Tuner {
    world: World,
    tolerance: f64,
    /// Racers still to be searched, the next one last.
    waiting: Vec<usize>,
    search: Option<Search>,
    found: Vec<Tuned>,
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
    runner: Option<Runner>,
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
    /// `None` if the optimizer's first field is not a number.
    fn new(world: &World, racer: usize) -> Option<Self> {
        let spec = &world.scenario.racers[racer];
        let field = spec.kind.fields.first()?;
        let Kind::Number(range) = field.kind else { return None };
        let grid = (DECADES.0 * PER_DECADE..=DECADES.1 * PER_DECADE).map(rate_at).filter(|rate| range.contains(*rate));
        let mut plan: Vec<f64> = grid.collect();
        plan.reverse();
        // The last entry is tried first: the scenario's own rate.
        plan.push(spec.settings.number(field));
        Some(Self { racer, field, plan, tried: Vec::new(), fine: false, runner: None })
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

    /// Makes up to `budget` steps. Returns whether there is more to do.
    fn advance(&mut self, world: &mut World, tolerance: f64, budget: usize) -> bool {
        if self.runner.is_none() {
            let Some(rate) = self.next() else { return false };
            world.scenario.racers[self.racer].settings.set(self.field, Setting::Number(rate));
            self.tried.push(Tried { rate, steps: None, score: f64::INFINITY });
            self.runner = Some(Runner::new(world, self.racer));
        }
        let Some(runner) = &mut self.runner else { return false };
        // A rate that does not converge within the best one's steps is no better: run only that far first.
        let best = self.tried.iter().filter(|_| self.fine).filter_map(|tried| tried.steps).min();
        let goal = best.filter(|best| runner.reached(world.scenario.steps) < *best).unwrap_or(world.scenario.steps);
        runner.advance(goal, budget);
        if runner.reached(world.scenario.steps) < goal {
            return true;
        }
        let reading = Reading::new(runner);
        let Some(excess) = reading.find("excess") else { return false };
        let slower = || reading.settles(excess, tolerance).is_none();
        if goal < world.scenario.steps && !slower() {
            return true;
        }
        if let (true, Some(last)) = (goal == world.scenario.steps, self.tried.last_mut()) {
            last.steps = reading.settles(excess, tolerance);
            last.score = reading.crosses(excess, tolerance).unwrap_or(f64::INFINITY);
        }
        self.runner = None;
        true
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

impl Tuner {
    /// The search for some racers of a scenario.
    #[must_use]
    pub fn new(world: &World, racers: impl DoubleEndedIterator<Item = usize>, tolerance: f64) -> Self {
        let waiting = racers.rev().collect();
        Self { world: world.clone(), tolerance, waiting, search: None, found: Vec::new() }
    }

    /// Makes up to `budget` steps of races. Returns whether there is more to do.
    pub fn advance(&mut self, budget: usize) -> bool {
        let mut left = budget.max(1);
        while left > 0 {
            if self.search.is_none() {
                let Some(racer) = self.waiting.pop() else { return false };
                self.search = Search::new(&self.world, racer);
                continue;
            }
            let slice = left.min(SLICE);
            left -= slice;
            if let Some(search) = &mut self.search
                && !search.advance(&mut self.world, self.tolerance, slice)
            {
                self.found.extend(search.found());
                self.search = None;
            }
        }
        self.search.is_some() || !self.waiting.is_empty()
    }

    /// The results so far. A racer whose first field is not a number is left out.
    #[must_use]
    pub fn found(&self) -> &[Tuned] {
        &self.found
    }
}
