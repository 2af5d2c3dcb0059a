//! The anatomy of a bounded step: what an optimizer would try from a point.

use super::{Row, Runner, World};
use crate::objective::Draw;
use crate::optimizer::trpo::{self, Anatomy};
use crate::optimizer::{Bounds, Optimizer, ppo};
use crate::problem::{Local, revisit};
use crate::registry::Settings;

/// The anatomy of the TRPO step from a row of a racer's trace, in its chart and with the gradient that it sees there:
/// with the racer's settings if it is a TRPO racer, else with the defaults. `None` for a row without numbers.
#[must_use]
pub fn trust_region(world: &World, racer: usize, step: usize, row: &Row<'_>) -> Option<Anatomy> {
    let spec = world.scenario.racers.get(racer)?;
    let problem = world.problem_for(spec);
    if problem.dimension() > 2 || problem.violation(row.coordinates).is_some() {
        return None;
    }
    let site = revisit(&*problem, step, row.parameters, row.coordinates);
    let draw = Draw { seed: world.scenario.seed, step };
    let mut gradient = vec![f64::NAN; problem.dimension()];
    if !site.batch_gradient(draw, &mut gradient) {
        gradient.copy_from_slice(site.gradient());
    }
    let own = spec.kind.trust_region();
    let settings = if own { spec.settings.clone() } else { Settings::defaults(trpo::INFO.fields) };
    Some(trpo::anatomy(&settings, &Local { site: &*site, gradient: &gradient, draw, schedule: 1.0 }))
}

/// What a racer tries within one step.
#[derive(Debug, Clone, PartialEq)]
pub enum Attempt {
    /// Candidates on a ray, the first one that is good enough is the step.
    Search(Anatomy),
    /// Where each epoch leads; the last is the step.
    Epochs(Vec<Vec<f64>>),
}

/// What a racer would try in step `step` from where another one stands then, or from where it stands itself: with its own
/// settings, and with the state and the draws that it has in that step. `None` for a racer that does not look around, or
/// from a point that it cannot be at. Whoever is given it chooses when it is computed.
#[must_use]
pub fn attempt(
    world: &World,
    racer: usize,
    [own, from]: [&Runner; 2],
    step: usize,
) -> Option<impl FnOnce() -> Attempt + Send + use<>> {
    let spec = world.scenario.racers.get(racer)?;
    let bounds = spec.kind.bounds?;
    let problem = own.problem().clone();
    let there = step.min(from.trace().last_alive());
    let parameters = from.parameters(there).into_owned();
    let x =
        if std::ptr::eq(own, from) { own.coordinates(there).into_owned() } else { problem.locate(&parameters).ok()? };
    problem.violation(&x).is_none().then_some(())?;
    let state = own.after(step.min(own.trace().last_alive()), |optimizer: &dyn Optimizer| optimizer.fork());
    let draw = Draw { seed: world.scenario.seed, step };
    let schedule = spec.schedule.factor(step, world.scenario.steps);
    let settings = spec.settings.clone();
    Some(move || {
        let site = revisit(&*problem, there, &parameters, &x);
        let mut gradient = vec![f64::NAN; x.len()];
        if !site.batch_gradient(draw, &mut gradient) {
            gradient.copy_from_slice(site.gradient());
        }
        let here = Local { site: &*site, gradient: &gradient, draw, schedule };
        match bounds {
            Bounds::Divergence => Attempt::Search(trpo::anatomy(&settings, &here)),
            Bounds::Ratios { .. } => Attempt::Epochs(ppo::epochs(&*state(), &here)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Place;
    use crate::math::Vec2;
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
            for racer in (0..world.scenario.racers.len()).filter(|i| world.scenario.racers[*i].kind.trust_region()) {
                let rows = &race.trace(racer).rows;
                for step in 0..rows.len() - 1 {
                    let anatomy = trust_region(&world, racer, step, &rows.at(step)).expect("a row with numbers");
                    tried += anatomy.candidates.len();
                    let Some((x, Verdict::Accepted)) = anatomy.candidates.last() else { continue };
                    assert_eq!(x, rows.at(step + 1).coordinates, "{name} {racer} {step}");
                    accepted += 1;
                }
            }
        }
        assert!(accepted > 50 && tried > accepted, "{accepted} of {tried}");
    }

    #[test]
    fn what_a_racer_tries_from_where_it_stands_is_its_next_step() {
        let text = |batch: &str| {
            format!(
                "version = 1\n[model]\npolicy = \"softmax\"\nchart = \"logits\"\n[process]\nkind = \"bandit\"\n\
                 rewards = [0.0, 0.5, 1.0]\n[objective]\nkind = \"return\"\n{batch}\n[start]\n\
                 probabilities = [0.9, 0.09, 0.01]\n[run]\nsteps = 6\n\
                 [[optimizer]]\nkind = \"ppo\"\nlr = 0.1\nschedule = \"inverse\"\n\
                 [[optimizer]]\nkind = \"ppo\"\ninner = \"sgd\"\nlr = 1.0\nlabel = \"plain\"\ntarget-kl = 0.001\n\
                 [[optimizer]]\nkind = \"trpo\"\n"
            )
        };
        for batch in ["", "batch = 16"] {
            let document = Document::from_text("ratios.toml", std::path::Path::new("."), &text(batch));
            let world = World::open(&document).expect("a valid scenario");
            let race = Race::run(&world);
            for racer in 0..3 {
                let runner = race.runner(racer);
                for step in 0..runner.trace().last_alive() {
                    let found = attempt(&world, racer, [runner; 2], step).expect("it looks around")();
                    let last = match &found {
                        Attempt::Search(anatomy) => anatomy.candidates.last().map(|(x, _)| x),
                        Attempt::Epochs(points) => points.last(),
                    };
                    let next = runner.coordinates(step + 1);
                    assert_eq!(last.map(Vec::as_slice), Some(&*next), "{batch} {racer} {step}");
                }
            }
        }
    }

    #[test]
    fn the_full_step_is_the_last_iterate_and_has_the_radius_of_the_model() {
        let (world, race) = race("three-charts");
        let racer = world.scenario.racers.iter().position(|racer| racer.kind.trust_region()).expect("a TRPO racer");
        let row = race.trace(racer).rows.at(3);
        let anatomy = trust_region(&world, racer, 3, &row).expect("a row with numbers");
        let [last, full] = [anatomy.iterates.last(), anatomy.candidates.first().map(|(x, _)| x)];
        let (last, full) = (last.expect("an iterate"), full.expect("a candidate"));
        let delta = Vec2::new(full[0], full[1]) - row.x();
        assert!((last[0] - full[0]).abs() + (last[1] - full[1]).abs() < 1e-12);
        let plane = world.drawn(world.scenario.racers[racer].chart);
        let metric = Place::of(plane.chart(), row.p()).metric(&plane.family.fisher(row.p()));
        assert!((0.5 * delta.dot(&(metric * delta)) / anatomy.delta - 1.0).abs() < 1e-9);
    }
}
