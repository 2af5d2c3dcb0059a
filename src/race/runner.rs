//! One racer with its trace: what a [`Stepper`] does is recorded here, step by step.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use super::rows::interval;
use super::stepper::{Outcome, Stepper};
use super::{Beyond, Ending, Row, Rows, Status, Trace, World};
use crate::math::Vec2;
use crate::math::linear::length;
use crate::optimizer::Optimizer;
use crate::problem::plane::Projection;
use crate::problem::{Lengths, Problem, Site, revisit};
use crate::scenario::Racer;

/// The number of coordinates above which `natural_norm` is NaN: it would need a dense F.
const NORMED: usize = 1000;

/// The most rows for which room is reserved at once: copying those of a longer race is a small part of it.
const RESERVED: usize = 32_768;

/// The steps between stored states of an optimizer whose points are all stored.
const STATES: usize = 64;

/// A running optimizer.
#[derive(Debug)]
pub struct Runner {
    stepper: Stepper,
    trace: Trace,
    /// Whether it follows a path that stood already, and whether that has no more points.
    path: bool,
    finished: bool,
    /// The optimizer's state at intervals ([`Runner::resumed`]), at stored points.
    states: Vec<Box<dyn Optimizer>>,
    /// The points that were last found by stepping again.
    again: RefCell<Again>,
}

/// The points between two stored ones.
#[derive(Debug, Default)]
struct Again {
    first: usize,
    points: Vec<Vec<f64>>,
}

impl Runner {
    /// A racer of a scenario at the start.
    #[must_use]
    pub fn new(world: &World, racer: usize) -> Self {
        Self::instead(world, &world.scenario.racers[racer])
    }

    /// A fresh racer of a scenario at another point of the family, for a step or two.
    #[must_use]
    pub fn starting_at(world: &World, racer: usize, start: Vec2) -> Self {
        let spec = &world.scenario.racers[racer];
        Self::over(world.problem_for(spec), world, spec, (&world.lift(start), 2))
    }

    /// An optimizer that is not one of the scenario's, under the same conditions.
    #[must_use]
    pub fn instead(world: &World, spec: &Racer) -> Self {
        let path = spec.kind.path.map(|field| spec.settings.table(field));
        let rows = path.map_or(world.scenario.steps.saturating_add(1), |(names, p)| p.len() / names.len().max(1));
        Self::over(world.problem_for(spec), world, spec, (&start(world, spec), rows))
    }

    /// An optimizer on any problem, from a point given by its canonical parameters, for about `rows` rows.
    #[must_use]
    pub fn over(problem: Arc<dyn Problem>, world: &World, spec: &Racer, (start, rows): (&[f64], usize)) -> Self {
        let numbers = problem.dimension() + start.len();
        let every = interval(rows.saturating_mul(world.scenario.racers.len().max(1)), numbers);
        let stepper = Stepper::at(problem, world, spec, start);
        let loss = stepper.site.loss();
        let flawed = (!loss.is_finite()).then(|| stepper.verdict(format!("the loss is {loss}")));
        let status = flawed.as_ref().map_or(Status::Running, |(status, _)| *status);
        let mut runner = Self {
            stepper,
            // The start keeps its numbers.
            trace: Trace {
                rows: Rows::new(rows.min(RESERVED), every),
                ending: flawed.map(|(status, reason)| Ending { step: 0, status, reason, beyond: None }),
            },
            path: spec.kind.path.is_some(),
            finished: false,
            states: Vec::new(),
            again: RefCell::default(),
        };
        runner.record(status, Lengths::NONE);
        if let Some(plane) = world.plane() {
            runner.trace.rows.draw_on(plane);
        }
        runner
    }

    /// The trace so far.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Draws its points on a plane from now on.
    pub fn draw_on(&mut self, plane: &Arc<Projection>) {
        self.trace.rows.draw_on(plane);
    }

    /// What it descends.
    #[must_use]
    pub fn problem(&self) -> &Arc<dyn Problem> {
        &self.stepper.problem
    }

    /// The last step made; `steps` if the optimizer has ended.
    #[must_use]
    pub fn reached(&self, steps: usize) -> usize {
        if self.trace.ending.is_some() || self.finished { steps } else { self.trace.rows.len() - 1 }
    }

    /// The recorded step from which a later one is made again; the step after the last has no state of its own yet.
    #[must_use]
    pub fn resumed(&self, step: usize) -> usize {
        let interval = interval_of_states(self.trace.rows.every());
        (step / interval).min(self.states.len().saturating_sub(1)) * interval
    }

    /// The stepper as it stood at the step from which `step` is made again.
    fn resume(&self, step: usize) -> (Stepper, usize) {
        let first = self.resumed(step);
        let state = &self.states[first / interval_of_states(self.trace.rows.every())];
        (self.stepper.resume(state.fork(), self.site_at_stored(first)), first)
    }

    /// What an optimizer is like after so many steps, found by making them again.
    pub fn after<T>(&self, step: usize, read: fn(&dyn Optimizer) -> T) -> impl FnOnce() -> T + Send + use<T> {
        let (mut stepper, first) = self.resume(step);
        move || {
            (first..step).for_each(|step| drop(stepper.step(step)));
            read(&*stepper.optimizer)
        }
    }

    /// The approximate cost of its steps so far, in steps on a closed form.
    #[must_use]
    pub fn spent(&self) -> usize {
        self.stepper.site.spent()
    }

    /// Steps towards row `step` until about `budget` is spent, as counted by [`Runner::spent`]; at least once.
    pub fn advance(&mut self, step: usize, budget: usize) {
        let end = self.spent().saturating_add(budget.max(1));
        while self.trace.rows.len() <= step && !self.finished && self.trace.ending.is_none() && self.spent() < end {
            self.step();
        }
    }

    /// Steps until row `step` is recorded or the optimizer has ended.
    pub fn extend(&mut self, step: usize) {
        self.advance(step, usize::MAX);
    }

    /// Steps to the end of a path that stood already, however long; nothing for an optimizer.
    pub(super) fn follow(&mut self) {
        while self.path && !self.finished && self.trace.ending.is_none() {
            self.step();
        }
    }

    /// The coordinates at a recorded step, NaN in a row without numbers. Those that are not stored are found by stepping
    /// again from the stored ones before.
    #[must_use]
    pub fn coordinates(&self, step: usize) -> Cow<'_, [f64]> {
        let rows = &self.trace.rows;
        let (stored, n) = (rows.at(step).coordinates, self.problem().dimension());
        if stored.len() == n {
            return Cow::Borrowed(stored);
        }
        if step > self.trace.last_alive() {
            return Cow::Owned(vec![f64::NAN; n]);
        }
        let first = self.resumed(step);
        let mut again = self.again.borrow_mut();
        if again.first != first || again.points.len() <= step - first {
            *again = self.step_again(first, (first + rows.every() - 1).min(self.trace.last_alive()));
        }
        Cow::Owned(again.points[step - first].clone())
    }

    /// The canonical parameters at a recorded step, NaN in a row without numbers.
    #[must_use]
    pub fn parameters(&self, step: usize) -> Cow<'_, [f64]> {
        let stored = self.trace.rows.at(step).parameters;
        if !stored.is_empty() {
            return Cow::Borrowed(stored);
        }
        let none = || vec![f64::NAN; self.problem().parameters().len()];
        Cow::Owned(self.site(step).map_or_else(none, |site| site.parameters().to_vec()))
    }

    /// The points of steps `first`, which is stored, to `last`.
    fn step_again(&self, first: usize, last: usize) -> Again {
        let (mut stepper, first) = self.resume(first);
        let mut points = vec![stepper.site.x().to_vec()];
        for step in first..last {
            stepper.step(step);
            points.push(stepper.site.x().to_vec());
        }
        Again { first, points }
    }

    fn site_at_stored(&self, step: usize) -> Box<dyn Site> {
        let row = self.trace.rows.at(step);
        revisit(&**self.problem(), step, row.parameters, row.coordinates)
    }

    /// The problem at the point of a step; `None` for a row without numbers.
    #[must_use]
    pub fn site(&self, step: usize) -> Option<Box<dyn Site>> {
        let there = step <= self.trace.last_alive();
        there.then(|| if step == 0 { self.site_at_stored(0) } else { self.problem().at(&self.coordinates(step)) })
    }

    /// √(gᵀF⁻¹g) at a recorded step: the number of the row, or computed now if the problem leaves it to that. NaN if F is
    /// singular or has more than 1000 rows.
    #[must_use]
    pub fn natural_norm(&self, step: usize) -> f64 {
        let problem = self.problem();
        if problem.records_natural_norm() {
            return self.trace.rows.at(step).natural_norm;
        }
        let site = if problem.dimension() > NORMED { None } else { self.site(step) };
        site.map_or(f64::NAN, |site| site.natural_norm())
    }

    fn step(&mut self) {
        match self.stepper.step(self.trace.rows.len() - 1) {
            Outcome::Moved(lengths) => self.record(Status::Running, lengths),
            Outcome::Stayed => self.record(Status::NoStep, Lengths::ZERO),
            Outcome::Finished => self.finished = true,
            Outcome::Ended(status, reason) => self.end(status, reason, None),
            Outcome::Left(reason, beyond) => self.end(Status::LeftFamily, reason, Some(beyond)),
        }
    }

    /// Adds a row with the numbers of where the stepper stands.
    fn record(&mut self, status: Status, lengths: Lengths) {
        let Self { stepper, trace, states, .. } = self;
        let site = &stepper.site;
        let recorded = stepper.problem.records_natural_norm();
        if stores_state(trace.rows.len(), trace.rows.every()) {
            states.push(stepper.optimizer.fork());
        }
        trace.rows.push(&Row {
            status,
            // Turns −0 into 0.
            loss: site.loss() + 0.0,
            grad_norm: length(site.gradient()),
            natural_norm: if recorded { site.natural_norm() } else { f64::NAN },
            euclid_step: lengths.euclid,
            fisher_step: lengths.fisher,
            kl_step: lengths.kl + 0.0,
            parameters: site.parameters(),
            coordinates: site.x(),
            plane: None,
        });
    }

    fn end(&mut self, status: Status, reason: String, beyond: Option<Beyond>) {
        let rows = &mut self.trace.rows;
        self.trace.ending = Some(Ending { step: rows.len(), status, reason, beyond });
        let site = &self.stepper.site;
        rows.push(&Row {
            status,
            loss: f64::NAN,
            grad_norm: f64::NAN,
            natural_norm: f64::NAN,
            euclid_step: f64::NAN,
            fisher_step: f64::NAN,
            kl_step: f64::NAN,
            parameters: &vec![f64::NAN; site.parameters().len()],
            coordinates: &vec![f64::NAN; site.x().len()],
            plane: None,
        });
    }
}

/// Where a racer starts, in canonical parameters: at its path's first point if it follows one.
pub(super) fn start(world: &World, spec: &Racer) -> Vec<f64> {
    let path = spec.kind.path.map(|field| spec.settings.table(field));
    let first = path.as_ref().and_then(|(names, points)| points.get(..names.len())).filter(|point| !point.is_empty());
    first.unwrap_or(&world.scenario.start).to_vec()
}

/// The steps between stored states where `every` lie between stored points.
const fn interval_of_states(every: usize) -> usize {
    if every > 1 { every } else { STATES }
}

/// Whether the state at a step is stored: where it is at fixed intervals, without a division by a variable.
const fn stores_state(step: usize, every: usize) -> bool {
    if every > 1 { step.is_multiple_of(every) } else { step.is_multiple_of(STATES) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Place;
    use crate::optimizer::adam;
    use crate::race::Race;
    use crate::scenario::Document;

    fn race(name: &str) -> (World, Race) {
        let world = World::open(&Document::builtin(name).expect("a built-in scenario")).expect("a valid scenario");
        let race = Race::run(&world);
        (world, race)
    }

    #[test]
    fn what_adam_divides_by_is_its_first_gradient_after_one_step() {
        // v̂ = g² after one step, whatever β₂ is (Kingma & Ba 2015, section 3).
        let (world, race) = race("three-charts");
        let racer =
            world.scenario.racers.iter().position(|racer| racer.kind.name == adam::INFO.name).expect("an Adam racer");
        let mut runner = Runner::new(&world, racer);
        assert_eq!(runner.after(0, |optimizer| optimizer.divisor())(), None);
        runner.extend(1);
        let plane = world.drawn(world.scenario.racers[racer].chart);
        let start = race.trace(racer).rows.at(0).p();
        let gradient = Place::of(plane.chart(), start).covector(plane.objective.gradient(start));
        for (found, g) in runner.after(1, |optimizer| optimizer.divisor())()
            .expect("a step was made")
            .into_iter()
            .zip(gradient.iter())
        {
            assert!((found - g.abs() - 1e-8).abs() < 1e-12 * g.abs(), "{found} {g}");
        }
    }

    #[test]
    fn a_start_without_a_finite_loss_is_the_end_and_keeps_its_numbers() {
        let nll = |data: &str| format!("kind = \"nll\"\ndata = [{data}]");
        for (family, objective, start) in [
            ("gumbel", nll("-1468.0, 1872.0, 475.0"), "location = 0.0\nscale = 1.0"),
            ("gaussian", nll("1e200, -1e200"), "mean = 0.0\nsd = 1.0"),
            ("gaussian", "kind = \"expression\"\nloss = \"log(mean)\"".to_owned(), "mean = -1.0\nsd = 1.0"),
        ] {
            let racers = "[[optimizer]]\nkind = \"sgd\"\n[[optimizer]]\nkind = \"natural-gradient\"\n";
            for steps in [0, 3] {
                let text = format!(
                    "version = 1\n[model]\nfamily = \"{family}\"\n[objective]\n{objective}\n[start]\n{start}\n[run]\nsteps = {steps}\n{racers}"
                );
                let document = Document::from_text("start.toml", std::path::Path::new("."), &text);
                let race = Race::run(&World::open(&document).expect("a valid scenario"));
                for trace in race.traces() {
                    let row = trace.at(steps);
                    assert_eq!((trace.rows.len(), row.status), (1, Status::NotFinite), "{family} {steps}");
                    assert!(!row.loss.is_finite() && row.parameters[1] == 1.0, "{family} {steps}");
                    assert_eq!(trace.ending.as_ref().map(|ending| ending.step), Some(0), "{family} {steps}");
                }
            }
        }
    }
}
