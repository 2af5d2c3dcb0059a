//! One optimizer in its chart, with its trace.
//!
//! Steps are chosen by the optimizer; the runner checks that they are finite and inside the family, and records them.

use std::sync::Arc;

use super::{Ending, Row, Rows, Status, Trace, World, pace};
use crate::math::Vec2;
use crate::math::linear::length;
use crate::objective::{Draw, Flaw};
use crate::optimizer::trpo::{self, Anatomy};
use crate::optimizer::{Motion, Optimizer};
use crate::problem::{Failure, Lengths, Local, Problem, Site, revisit};
use crate::registry::Settings;
use crate::scenario::{Pace, Racer};

/// A running optimizer.
#[derive(Debug)]
pub struct Runner {
    problem: Arc<dyn Problem>,
    optimizer: Box<dyn Optimizer>,
    trace: Trace,
    /// Where it stands.
    site: Box<dyn Site>,
    seed: u64,
    pace: Pace,
    /// Buffers for the gradient that a step descends and for the coordinates it leads to.
    gradient: Vec<f64>,
    next: Vec<f64>,
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
        Self::made(world, &world.scenario.racers[racer], start)
    }

    /// An optimizer that is not one of the scenario's, under the same conditions.
    #[must_use]
    pub fn instead(world: &World, spec: &Racer) -> Self {
        let mut runner = Self::made(world, spec, world.scenario.start);
        runner.trace.rows.reserve_exact(world.scenario.steps.min(16_383));
        runner
    }

    fn made(world: &World, spec: &Racer, start: Vec2) -> Self {
        let problem: Arc<dyn Problem> = Arc::new(world.problem(spec.chart));
        let n = problem.dimension();
        let mut runner = Self {
            optimizer: (spec.kind.build)(&spec.settings, n),
            trace: Trace { rows: Rows::default(), ending: None },
            site: problem.start(start.as_slice()),
            problem,
            seed: world.scenario.seed,
            pace: world.scenario.pace,
            gradient: vec![f64::NAN; n],
            next: vec![f64::NAN; n],
        };
        let loss = runner.site.loss();
        let flawed = (!loss.is_finite()).then(|| runner.verdict(format!("the loss is {loss}")));
        let status = flawed.as_ref().map_or(Status::Running, |(status, _)| *status);
        let row = runner.row(status, Lengths { fisher: f64::NAN, kl: f64::NAN });
        runner.trace.rows.push(row);
        // The start keeps its numbers.
        runner.trace.ending = flawed.map(|(status, reason)| Ending { step: 0, status, reason });
        runner
    }

    /// The trace so far.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The last step made; `steps` if the optimizer has ended.
    #[must_use]
    pub fn reached(&self, steps: usize) -> usize {
        if self.trace.ending.is_some() { steps } else { self.trace.rows.len() - 1 }
    }

    /// What the last step divided by, per coordinate; `None` for optimizers that do not divide, and before the first
    /// step.
    #[must_use]
    pub fn divisor(&self) -> Option<Vec<f64>> {
        self.optimizer.divisor()
    }

    /// The approximate cost of its steps so far, in steps on a closed form.
    #[must_use]
    pub fn spent(&self) -> usize {
        self.site.spent()
    }

    /// Steps towards row `step` until about `budget` is spent, as counted by [`Runner::spent`]; at least once.
    pub fn advance(&mut self, step: usize, budget: usize) {
        let end = self.spent().saturating_add(budget.max(1));
        while self.trace.rows.len() <= step && self.trace.ending.is_none() && self.spent() < end {
            self.step();
        }
    }

    /// Steps until row `step` is recorded or the optimizer has ended.
    pub fn extend(&mut self, step: usize) {
        self.advance(step, usize::MAX);
    }

    fn step(&mut self) {
        let draw = Draw { seed: self.seed, step: self.trace.rows.len() - 1 };
        if !self.site.batch_gradient(draw, &mut self.gradient) {
            self.gradient.copy_from_slice(self.site.gradient());
        }
        if let Some(i) = self.gradient.iter().position(|g| !g.is_finite()) {
            let along = &self.problem.coordinates()[i];
            return self.fail(format!("the gradient along {along} is {}", self.gradient[i]));
        }
        let local = Local { site: &*self.site, gradient: &self.gradient, draw };
        match self.optimizer.step(&local, &mut self.next) {
            Ok(Motion::NoStep) => self.stay(),
            Ok(Motion::Moved) => self.moved(),
            Err(Failure::Singular { matrix, defect }) => self.end(Status::Singular, defect.words(matrix)),
            Err(Failure::Outside(outside)) => self.end(Status::LeftFamily, outside.to_string()),
            Err(Failure::NotFinite(quantity)) => self.fail(format!("{quantity} is not finite")),
            Err(Failure::NotIntegrated(quantity)) => {
                self.end(Status::NotIntegrated, format!("{quantity} was not integrated to its tolerance"));
            }
        }
    }

    /// Goes to the point that the optimizer has chosen, unless there is none.
    fn moved(&mut self) {
        if !self.next.iter().all(|x| x.is_finite()) {
            return self.end(Status::NotFinite, "the step is not finite".to_owned());
        }
        if let Pace::EqualKl(kl) = self.pace {
            return if pace::rescale(&*self.site, &mut self.next, kl) { self.arrive() } else { self.stay() };
        }
        match self.problem.violation(&self.next) {
            Some(outside) => self.end(Status::LeftFamily, outside.to_string()),
            None => self.arrive(),
        }
    }

    /// Records a step of length zero. It is counted as a cost, since a whole race may consist of them.
    fn stay(&mut self) {
        self.site.spend(1);
        let row = self.row(Status::NoStep, Lengths { fisher: 0.0, kl: 0.0 });
        self.trace.rows.push(row);
    }

    fn arrive(&mut self) {
        let lengths = self.site.go(&self.next);
        let row = self.row(Status::Running, lengths);
        if row.loss.is_finite() {
            self.trace.rows.push(row);
        } else {
            self.fail(format!("the loss is {}", row.loss));
        }
    }

    /// Ends the racer because a number is not finite.
    fn fail(&mut self, found: String) {
        let (status, reason) = self.verdict(found);
        self.end(status, reason);
    }

    /// The status and reason for a number that is not finite, in the objective's words if it has any.
    fn verdict(&self, found: String) -> (Status, String) {
        match self.site.flaw() {
            Some(flaw @ Flaw::Unresolved) => (Status::NotIntegrated, flaw.to_string()),
            Some(flaw) => (Status::NotFinite, format!("{found}: {flaw}")),
            None => (Status::NotFinite, found),
        }
    }

    fn row(&self, status: Status, lengths: Lengths) -> Row {
        let site = &self.site;
        let pair = |x: &[f64]| Vec2::new(x[0], x[1]);
        Row {
            status,
            // Turns −0 into 0.
            loss: site.loss() + 0.0,
            grad_norm: length(site.gradient()),
            natural_norm: site.natural_norm(),
            // Recomputed by `Rows`.
            euclid_step: f64::NAN,
            fisher_step: lengths.fisher,
            kl_step: lengths.kl + 0.0,
            parameters: pair(site.parameters()),
            coordinates: pair(site.x()),
        }
    }

    fn end(&mut self, status: Status, reason: String) {
        let nothing = Vec2::new(f64::NAN, f64::NAN);
        self.trace.ending = Some(Ending { step: self.trace.rows.len(), status, reason });
        self.trace.rows.push(Row {
            status,
            loss: f64::NAN,
            grad_norm: f64::NAN,
            natural_norm: f64::NAN,
            euclid_step: f64::NAN,
            fisher_step: f64::NAN,
            kl_step: f64::NAN,
            parameters: nothing,
            coordinates: nothing,
        });
    }
}

/// The anatomy of the TRPO step from a row of a racer's trace, in its chart and with the gradient that it sees there:
/// with the racer's settings if it is a TRPO racer, else with the defaults. `None` for a row without numbers.
#[must_use]
pub fn trust_region(world: &World, racer: usize, step: usize, row: &Row) -> Option<Anatomy> {
    let spec = world.scenario.racers.get(racer)?;
    let problem: Arc<dyn Problem> = Arc::new(world.problem(spec.chart));
    if problem.violation(row.coordinates.as_slice()).is_some() {
        return None;
    }
    let site = revisit(&problem, step, row.parameters.as_slice(), row.coordinates.as_slice());
    let draw = Draw { seed: world.scenario.seed, step };
    let mut gradient = vec![f64::NAN; problem.dimension()];
    if !site.batch_gradient(draw, &mut gradient) {
        gradient.copy_from_slice(site.gradient());
    }
    let own = spec.kind.trust_region;
    let settings = if own { spec.settings.clone() } else { Settings::defaults(trpo::INFO.fields) };
    Some(trpo::anatomy(&settings, &Local { site: &*site, gradient: &gradient, draw }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Place;
    use crate::optimizer::trpo::Verdict;
    use crate::race::Race;
    use crate::scenario::Document;

    fn race(name: &str) -> (World, Race) {
        let world = World::open(&Document::builtin(name).expect("a built-in scenario")).expect("a valid scenario");
        let race = Race::run(&world);
        (world, race)
    }

    #[test]
    fn the_anatomy_of_a_step_ends_where_the_race_went() {
        let (mut tried, mut accepted) = (0, 0);
        for name in ["three-charts", "ozone-gamma", "trpo-race"] {
            let (world, race) = race(name);
            for racer in
                (0..world.scenario.racers.len()).filter(|i| world.scenario.racers[*i].kind.name == trpo::INFO.name)
            {
                let rows = &race.trace(racer).rows;
                for step in 0..rows.len() - 1 {
                    let anatomy = trust_region(&world, racer, step, &rows.at(step)).expect("a row with numbers");
                    tried += anatomy.candidates.len();
                    let Some((x, Verdict::Accepted)) = anatomy.candidates.last() else { continue };
                    assert_eq!(x.as_slice(), rows.at(step + 1).coordinates.as_slice(), "{name} {racer} {step}");
                    accepted += 1;
                }
            }
        }
        assert!(accepted > 50 && tried > accepted, "{accepted} of {tried}");
    }

    #[test]
    fn the_full_step_is_the_last_iterate_and_has_the_radius_of_the_model() {
        let (world, race) = race("three-charts");
        let racer =
            world.scenario.racers.iter().position(|racer| racer.kind.name == trpo::INFO.name).expect("a TRPO racer");
        let row = race.trace(racer).rows.at(3);
        let anatomy = trust_region(&world, racer, 3, &row).expect("a row with numbers");
        let [last, full] = [anatomy.iterates.last(), anatomy.candidates.first().map(|(x, _)| x)];
        let (last, full) = (last.expect("an iterate"), full.expect("a candidate"));
        let delta = Vec2::new(full[0], full[1]) - row.coordinates;
        assert!((last[0] - full[0]).abs() + (last[1] - full[1]).abs() < 1e-12);
        let plane = world.problem(world.scenario.racers[racer].chart);
        let metric = Place::of(plane.chart(), row.parameters).metric(&plane.family.fisher(row.parameters));
        assert!((0.5 * delta.dot(&(metric * delta)) / anatomy.delta - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_adam_divides_by_is_its_first_gradient_after_one_step() {
        // v̂ = g² after one step, whatever β₂ is (Kingma & Ba 2015, section 3).
        let (world, race) = race("three-charts");
        let racer = world.scenario.racers.iter().position(|racer| racer.kind.name == "adam").expect("an Adam racer");
        let mut runner = Runner::new(&world, racer);
        assert_eq!(runner.divisor(), None);
        runner.extend(1);
        let plane = world.problem(world.scenario.racers[racer].chart);
        let start = race.trace(racer).rows.at(0).parameters;
        let gradient = Place::of(plane.chart(), start).covector(plane.objective.gradient(start));
        for (found, g) in runner.divisor().expect("a step was made").into_iter().zip(gradient.iter()) {
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
