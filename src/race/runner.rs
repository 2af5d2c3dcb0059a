//! One optimizer in its chart, with its trace.
//!
//! Steps are chosen by the optimizer; the runner checks that they are finite and inside the family, and records them.

use super::{Ending, Plane, Row, Rows, Status, Trace, pace};
use crate::geometry::Place;
use crate::math::linear::{dual_length2, length_in2, length2};
use crate::math::{Mat2, Vec2};
use crate::objective::{Draw, Flaw};
use crate::optimizer::trpo::{self, Anatomy};
use crate::optimizer::{Local, Motion, Optimizer, Outside, Problem, Square};
use crate::registry::Settings;
use crate::scenario::{Pace, Racer, Scenario};

/// 1 − ρ² of the two coordinates below which F⁻¹g in a chart is compared with the parameters' own.
const DEPENDENT: f64 = 1e-6;
/// The relative difference of the two up to which the chart's is used.
const AGREE: f64 = 1e-6;

/// A running optimizer.
#[derive(Debug)]
pub struct Runner {
    plane: Plane,
    optimizer: Box<dyn Optimizer>,
    trace: Trace,
    here: Station,
    seed: u64,
    pace: Pace,
}

/// What is known at the runner's current point.
#[derive(Debug)]
struct Station {
    place: Place,
    loss: f64,
    gradient: Vec2,
    metric: Mat2,
    fisher: Square,
    /// F⁻¹, row by row; `None` if F is singular.
    inverse: Option<[f64; 4]>,
    /// √(gᵀF⁻¹g).
    natural_norm: f64,
}

impl Station {
    fn new(plane: &Plane, place: Place) -> Self {
        let mut station = Self {
            place,
            loss: f64::NAN,
            gradient: Vec2::zeros(),
            metric: Mat2::zeros(),
            fisher: Square::zero(plane.dimension()),
            inverse: None,
            natural_norm: f64::NAN,
        };
        station.look(plane, place);
        station
    }

    fn look(&mut self, plane: &Plane, place: Place) {
        self.place = place;
        let (loss, gradient) = plane.descent(place.p);
        self.loss = loss;
        self.gradient = place.covector(gradient);
        let (metric, mut inverse) = place.fisher(&*plane.family, plane.chart());
        self.metric = metric;
        self.natural_norm = inverse.map_or(f64::NAN, |inverse| length_in2(&inverse, &self.gradient));
        if nearly_dependent(&metric) || !self.natural_norm.is_normal() {
            // No chart changes the norm: where this one loses its digits, or is out of a double's range, the parameters
            // have them.
            let chart = self.natural_norm;
            let exact = plane.family.fisher_inverse(place.p).map(|inverse| length_in2(&inverse, &gradient));
            let scaled = || dual_length2(&plane.family.fisher(place.p), &gradient);
            self.natural_norm = exact.map_or(f64::NAN, |norm| if norm.is_normal() { norm } else { scaled() });
            inverse = inverse.filter(|_| chart == self.natural_norm || (chart / self.natural_norm - 1.0).abs() < AGREE);
        }
        let m = &self.metric;
        self.fisher.entries_mut().copy_from_slice(&[m[(0, 0)], m[(0, 1)], m[(1, 0)], m[(1, 1)]]);
        self.inverse = inverse.map(|m| [m[(0, 0)], m[(0, 1)], m[(1, 0)], m[(1, 1)]]);
    }
}

/// Whether F nearly has no inverse in these coordinates: ρ² of their scores is close to 1, or not a number.
fn nearly_dependent(metric: &Mat2) -> bool {
    let rho = metric[(0, 1)] / metric[(0, 0)].sqrt() / metric[(1, 1)].sqrt();
    let independent = (1.0 - rho) * (1.0 + rho);
    independent.is_nan() || independent < DEPENDENT
}

impl Runner {
    /// A racer of a scenario at the start.
    #[must_use]
    pub fn new(scenario: &Scenario, racer: usize) -> Self {
        Self::instead(scenario, &scenario.racers[racer])
    }

    /// A fresh racer of a scenario at another point of the family, for a step or two.
    #[must_use]
    pub fn starting_at(scenario: &Scenario, racer: usize, start: Vec2) -> Self {
        Self::made(scenario, &scenario.racers[racer], start)
    }

    /// An optimizer that is not one of the scenario's, under the same conditions.
    #[must_use]
    pub fn instead(scenario: &Scenario, spec: &Racer) -> Self {
        let mut runner = Self::made(scenario, spec, scenario.start);
        runner.trace.rows.reserve_exact(scenario.steps.min(16_383));
        runner
    }

    fn made(scenario: &Scenario, spec: &Racer, start: Vec2) -> Self {
        let plane = Plane::new(scenario, spec.chart);
        let here = Station::new(&plane, Place::of(plane.chart(), start));
        let mut runner = Self {
            optimizer: (spec.kind.build)(&spec.settings, plane.dimension()),
            plane,
            trace: Trace { rows: Rows::default(), ending: None },
            here,
            seed: scenario.seed,
            pace: scenario.pace,
        };
        let loss = runner.here.loss;
        let flawed = (!loss.is_finite()).then(|| runner.verdict(format!("the loss is {loss}")));
        let status = flawed.as_ref().map_or(Status::Running, |(status, _)| *status);
        let row = runner.row(status, [f64::NAN; 2]);
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
    pub const fn spent(&self) -> usize {
        self.plane.spent()
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
        let batch = self.plane.objective.stochastic_gradient(self.here.place.p, draw);
        let gradient = batch.map_or(self.here.gradient, |g| self.here.place.covector(g));
        if let Some(i) = (0..2).find(|i| !gradient[*i].is_finite()) {
            let along = self.plane.chart().info().axes[i];
            return self.fail(format!("the gradient along {along} is {}", gradient[i]));
        }
        let mut next = self.here.place.x;
        let local = Local {
            problem: &self.plane,
            x: self.here.place.x.as_slice(),
            loss: self.here.loss,
            gradient: gradient.as_slice(),
            fisher: &self.here.fisher,
            inverse: self.here.inverse.as_ref().map(<[f64; 4]>::as_slice),
            draw,
        };
        match self.optimizer.step(&local, next.as_mut_slice()) {
            Motion::NoStep => self.stay(),
            Motion::Singular { matrix, defect } => self.end(Status::Singular, defect.words(matrix)),
            Motion::Outside(Outside { quantity, broken }) => {
                self.end(Status::LeftFamily, format!("{quantity} {broken}"));
            }
            Motion::NotFinite(quantity) => self.fail(format!("{quantity} is not finite")),
            Motion::NotIntegrated(quantity) => {
                self.end(Status::NotIntegrated, format!("{quantity} was not integrated to its tolerance"));
            }
            Motion::Moved if !next.iter().all(|x| x.is_finite()) => {
                self.end(Status::NotFinite, "the step is not finite".to_owned());
            }
            Motion::Moved if let Pace::EqualKl(kl) = self.pace => {
                match pace::rescale(&self.plane, &self.here.metric, self.here.place.x, next, kl) {
                    Some(next) => self.arrive(next),
                    None => self.stay(),
                }
            }
            Motion::Moved => match self.plane.violation(next) {
                Some(violation) => {
                    self.end(Status::LeftFamily, format!("{} {}", violation.quantity, violation.broken));
                }
                None => self.arrive(next),
            },
        }
    }

    /// Records a step of length zero. It is counted as a cost, since a whole race may consist of them.
    fn stay(&mut self) {
        self.plane.spend(1);
        let row = self.row(Status::NoStep, [0.0; 2]);
        self.trace.rows.push(row);
    }

    fn arrive(&mut self, next: Vec2) {
        let (x, p, metric) = (self.here.place.x, self.here.place.p, self.here.metric);
        self.here.look(&self.plane, Place::at(self.plane.chart(), next));
        let delta = next - x;
        let lengths = [length_in2(&metric, &delta), self.plane.family.kl(p, self.here.place.p)];
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
        match self.plane.objective.flaw(self.here.place.p) {
            Some(flaw @ Flaw::Unresolved) => (Status::NotIntegrated, flaw.to_string()),
            Some(flaw) => (Status::NotFinite, format!("{found}: {flaw}")),
            None => (Status::NotFinite, found),
        }
    }

    fn row(&self, status: Status, [fisher_step, kl_step]: [f64; 2]) -> Row {
        let here = &self.here;
        Row {
            status,
            // Turns −0 into 0.
            loss: here.loss + 0.0,
            grad_norm: length2(&here.gradient),
            natural_norm: here.natural_norm,
            // Recomputed by `Rows`.
            euclid_step: f64::NAN,
            fisher_step,
            kl_step: kl_step + 0.0,
            parameters: here.place.p,
            coordinates: here.place.x,
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
pub fn trust_region(scenario: &Scenario, racer: usize, step: usize, row: &Row) -> Option<Anatomy> {
    let spec = scenario.racers.get(racer)?;
    let plane = Plane::new(scenario, spec.chart);
    let (x, p) = (row.coordinates, row.parameters);
    if plane.violation(x).is_some() {
        return None;
    }
    let here = Station::new(&plane, Place { x, p, jacobian: plane.chart().jacobian(x, p) });
    let draw = Draw { seed: scenario.seed, step };
    let batch = plane.objective.stochastic_gradient(p, draw);
    let gradient = batch.map_or(here.gradient, |g| here.place.covector(g));
    let local = Local {
        problem: &plane,
        x: x.as_slice(),
        loss: here.loss,
        gradient: gradient.as_slice(),
        fisher: &here.fisher,
        inverse: here.inverse.as_ref().map(<[f64; 4]>::as_slice),
        draw,
    };
    let own = spec.kind.name == trpo::INFO.name;
    let settings = if own { spec.settings.clone() } else { Settings::defaults(trpo::INFO.fields) };
    Some(trpo::anatomy(&settings, &local))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::trpo::Verdict;
    use crate::race::Race;
    use crate::scenario::Document;

    fn race(name: &str) -> (Scenario, Race) {
        let scenario = Document::builtin(name).expect("a built-in scenario").check().expect("a valid scenario");
        let race = Race::run(&scenario);
        (scenario, race)
    }

    #[test]
    fn the_anatomy_of_a_step_ends_where_the_race_went() {
        let (mut tried, mut accepted) = (0, 0);
        for name in ["three-charts", "ozone-gamma", "trpo-race"] {
            let (scenario, race) = race(name);
            for racer in (0..scenario.racers.len()).filter(|i| scenario.racers[*i].kind.name == trpo::INFO.name) {
                let rows = &race.trace(racer).rows;
                for step in 0..rows.len() - 1 {
                    let anatomy = trust_region(&scenario, racer, step, &rows.at(step)).expect("a row with numbers");
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
        let (scenario, race) = race("three-charts");
        let racer = scenario.racers.iter().position(|racer| racer.kind.name == trpo::INFO.name).expect("a TRPO racer");
        let row = race.trace(racer).rows.at(3);
        let anatomy = trust_region(&scenario, racer, 3, &row).expect("a row with numbers");
        let [last, full] = [anatomy.iterates.last(), anatomy.candidates.first().map(|(x, _)| x)];
        let (last, full) = (last.expect("an iterate"), full.expect("a candidate"));
        let delta = Vec2::new(full[0], full[1]) - row.coordinates;
        assert!((last[0] - full[0]).abs() + (last[1] - full[1]).abs() < 1e-12);
        let plane = Plane::new(&scenario, scenario.racers[racer].chart);
        let metric = Place::of(plane.chart(), row.parameters).metric(&plane.family.fisher(row.parameters));
        assert!((0.5 * delta.dot(&(metric * delta)) / anatomy.delta - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_adam_divides_by_is_its_first_gradient_after_one_step() {
        // v̂ = g² after one step, whatever β₂ is (Kingma & Ba 2015, section 3).
        let (scenario, race) = race("three-charts");
        let racer = scenario.racers.iter().position(|racer| racer.kind.name == "adam").expect("an Adam racer");
        let mut runner = Runner::new(&scenario, racer);
        assert_eq!(runner.divisor(), None);
        runner.extend(1);
        let plane = Plane::new(&scenario, scenario.racers[racer].chart);
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
                let race = Race::run(&document.check().expect("a valid scenario"));
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
