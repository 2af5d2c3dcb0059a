//! The rate with which each racer gets there in the fewest steps: an honest race is run at everybody's best.
//!
//! Changes no scenario: what to do with the rates is the caller's business. Deterministic, bounded, and in slices.

use super::quantity::Quantity;
use crate::race::Runner;
use crate::registry::field::three_digits;
use crate::registry::{Field, Kind, Setting};
use crate::scenario::Scenario;

/// Rates per decade on the grid, and its ends as powers of ten.
const PER_DECADE: i32 = 8;
const DECADES: (i32, i32) = (-4, 2);
/// Races of the golden section after it.
const FINE: usize = 24;
/// 1/φ
const GOLDEN: f64 = 0.618_033_988_749_894_9;
/// Steps of a race between two looks at the budget.
const SLICE: usize = 256;

/// What was found for a racer.
#[derive(Debug, Clone, Copy)]
pub struct Tuned {
    /// Which racer.
    pub racer: usize,
    /// Its field: the optimizer's first.
    pub field: &'static Field,
    /// The scenario's rate, and the steps to the tolerance with it.
    pub own: (f64, Option<usize>),
    /// The best rate that was tried, to three digits, and its steps; none where no rate gets there.
    pub best: Option<(f64, usize)>,
}

impl Tuned {
    /// Where the rate stands in a scenario: a path for edits.
    #[must_use]
    pub fn path(&self) -> String {
        format!("optimizer.{}.{}", self.racer, self.field.name)
    }
}

/// A search that is left and taken up again.
#[derive(Debug)]
pub struct Tuner {
    scenario: Scenario,
    tolerance: f64,
    /// Racers that are still to come, the next one last.
    waiting: Vec<usize>,
    search: Option<Search>,
    found: Vec<Tuned>,
}

/// One race of a search that has been run.
#[derive(Debug, Clone, Copy)]
struct Tried {
    rate: f64,
    steps: Option<usize>,
    /// The same in parts of a step; infinite where it does not get there.
    score: f64,
}

/// The search for one racer.
#[derive(Debug)]
struct Search {
    racer: usize,
    field: &'static Field,
    plan: Vec<f64>,
    tried: Vec<Tried>,
    section: Option<Section>,
    runner: Option<Runner>,
}

/// Golden section: an interval of logarithms of rates, and what is known inside of it.
#[derive(Debug, Clone, Copy)]
struct Section {
    low: f64,
    high: f64,
    left: Option<f64>,
    right: Option<f64>,
    races: usize,
}

impl Section {
    fn points(&self) -> (f64, f64) {
        let width = GOLDEN * (self.high - self.low);
        (self.high - width, self.low + width)
    }

    /// The rate to be tried next; none where enough have been.
    fn next(&mut self) -> Option<f64> {
        if self.races == FINE {
            return None;
        }
        if let (Some(left), Some(right)) = (self.left, self.right) {
            let (a, b) = self.points();
            if left <= right {
                (self.high, self.right, self.left) = (b, Some(left), None);
            } else {
                (self.low, self.left, self.right) = (a, Some(right), None);
            }
        }
        let (a, b) = self.points();
        Some(if self.left.is_none() { a } else { b }.exp())
    }

    fn tell(&mut self, score: f64) {
        *(if self.left.is_none() { &mut self.left } else { &mut self.right }) = Some(score);
        self.races += 1;
    }
}

impl Search {
    /// None where the optimizer's first field is no number.
    fn new(scenario: &Scenario, racer: usize) -> Option<Self> {
        let spec = &scenario.racers[racer];
        let field = spec.kind.fields.first()?;
        let Kind::Number(range) = field.kind else { return None };
        let grid = (DECADES.0 * PER_DECADE..=DECADES.1 * PER_DECADE)
            .map(|k| three_digits(10.0_f64.powf(f64::from(k) / f64::from(PER_DECADE))))
            .filter(|rate| range.contains(*rate));
        let mut plan: Vec<f64> = grid.collect();
        plan.reverse();
        // The last one is tried first.
        plan.push(spec.settings.number(field));
        Some(Self { racer, field, plan, tried: Vec::new(), section: None, runner: None })
    }

    fn next(&mut self) -> Option<f64> {
        if let Some(rate) = self.plan.pop() {
            return Some(rate);
        }
        if self.section.is_none() {
            self.section = Some(self.bracket()?);
        }
        self.section.as_mut()?.next().map(three_digits)
    }

    /// The neighbours of the best rate of the grid.
    fn bracket(&self) -> Option<Section> {
        let grid = &self.tried[1..];
        let best = (0..grid.len()).filter(|&i| grid[i].steps.is_some()).min_by(|&i, &j| order(&grid[i], &grid[j]))?;
        let low = grid[best.saturating_sub(1)].rate.ln();
        let high = grid[(best + 1).min(grid.len() - 1)].rate.ln();
        Some(Section { low, high, left: None, right: None, races: 0 })
    }

    /// Makes up to `budget` steps. Gives back whether there is more.
    fn advance(&mut self, scenario: &mut Scenario, tolerance: f64, budget: usize) -> bool {
        if self.runner.is_none() {
            let Some(rate) = self.next() else { return false };
            scenario.racers[self.racer].settings.set(self.field, Setting::Number(rate));
            self.tried.push(Tried { rate, steps: None, score: f64::INFINITY });
            self.runner = Some(Runner::new(scenario, self.racer));
        }
        let Some(runner) = &mut self.runner else { return false };
        runner.advance(scenario.steps, budget);
        if runner.reached(scenario.steps) < scenario.steps {
            return true;
        }
        if let (Some(quantity), Some(last)) = (Quantity::new(scenario, "excess"), self.tried.last_mut()) {
            last.steps = quantity.settles(runner.trace(), tolerance);
            last.score = quantity.crosses(runner.trace(), tolerance).unwrap_or(f64::INFINITY);
            if let Some(section) = &mut self.section {
                section.tell(last.score);
            }
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

/// Fewer steps first, then fewer parts of a step.
fn order(a: &Tried, b: &Tried) -> std::cmp::Ordering {
    let steps = |tried: &Tried| tried.steps.unwrap_or(usize::MAX);
    steps(a).cmp(&steps(b)).then(a.score.total_cmp(&b.score))
}

impl Tuner {
    /// The search for some racers of a scenario.
    #[must_use]
    pub fn new(scenario: &Scenario, racers: impl DoubleEndedIterator<Item = usize>, tolerance: f64) -> Self {
        let waiting = racers.rev().collect();
        Self { scenario: scenario.clone(), tolerance, waiting, search: None, found: Vec::new() }
    }

    /// Makes up to `budget` steps of races. Gives back whether there is more.
    pub fn advance(&mut self, budget: usize) -> bool {
        let mut left = budget.max(1);
        while left > 0 {
            if self.search.is_none() {
                let Some(racer) = self.waiting.pop() else { return false };
                self.search = Search::new(&self.scenario, racer);
                continue;
            }
            let slice = left.min(SLICE);
            left -= slice;
            if let Some(search) = &mut self.search
                && !search.advance(&mut self.scenario, self.tolerance, slice)
            {
                self.found.extend(search.found());
                self.search = None;
            }
        }
        self.search.is_some() || !self.waiting.is_empty()
    }

    /// What was found so far. A racer whose first field is no number is left out.
    #[must_use]
    pub fn found(&self) -> &[Tuned] {
        &self.found
    }
}
