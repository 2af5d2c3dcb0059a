//! Points that a trace does not store are found by stepping again: bit for bit the points that were passed, for every
//! optimizer with every choice of its settings.

mod common;

use std::fmt::Write as _;
use std::fs;

use geodescent::optimizer::OPTIMIZERS;
use geodescent::race::{Race, Runner, World};
use geodescent::registry::{Kind, Setting, Settings};
use geodescent::scenario::{Document, Racer};

const STEPS: usize = 150;

/// A racer's kind with its defaults, and with each choice that it offers; memory where it can have some.
fn variants(first: &Racer) -> Vec<Racer> {
    let mut racers = Vec::new();
    for kind in OPTIMIZERS.iter().copied().filter(|kind| kind.path.is_none()) {
        let plain = Racer { kind, settings: Settings::defaults(kind.fields), ..first.clone() };
        for field in kind.fields {
            let texts: Vec<String> = match &field.kind {
                Kind::Choice(words) => words.iter().map(|word| (*word).to_owned()).collect(),
                Kind::Number(range) if range.contains(0.5) => vec!["0.5".to_owned()],
                _ => Vec::new(),
            };
            for text in texts {
                let mut racer = plain.clone();
                racer.settings.set(field, field.read(&text).expect("a value of the field"));
                racers.push(racer);
            }
        }
        racers.push(plain);
    }
    racers.retain(|racer| (racer.kind.conflict)(&racer.settings).is_none());
    racers
}

fn bits(point: &[f64]) -> Vec<u64> {
    point.iter().map(|x| x.to_bits()).collect()
}

/// Steps in an order that goes back and forth between stored points.
fn wandering(last: usize) -> impl Iterator<Item = usize> {
    (0..=last).map(move |i| i * 37 % (last + 1)).chain((0..=last).rev())
}

fn same(world: &World, racer: &Racer) {
    let problem = || world.problem(racer.chart);
    if (racer.kind.needs)(&racer.settings).is_some_and(|(_, capability)| problem().lacks(capability).is_some()) {
        return;
    }
    let start = &world.scenario.start;
    let name = format!("{} {:?}", racer.kind.name, racer.settings.iter().collect::<Vec<(&str, Setting)>>());
    let mut whole = Runner::over(problem(), world, racer, (start, STEPS + 1));
    whole.extend(STEPS);
    let last = whole.trace().rows.len() - 1;
    let alive = whole.trace().last_alive();
    for every in [2, 7] {
        let numbers = (problem().dimension() + start.len()) * world.scenario.racers.len().max(1);
        let mut thin = Runner::over(problem(), world, racer, (start, common::many::rows(every, numbers)));
        thin.extend(STEPS);
        assert_eq!((thin.trace().rows.every(), thin.trace().rows.len()), (every, last + 1), "{name}");
        for step in wandering(last) {
            let (a, b) = (whole.coordinates(step), thin.coordinates(step));
            assert!(
                bits(&a) == bits(&b) || step > alive && b.iter().all(|x| x.is_nan()),
                "{name} step {step}: {a:?} {b:?}"
            );
            let (a, b) = (whole.parameters(step), thin.parameters(step));
            assert!(
                bits(&a) == bits(&b) || step > alive && b.iter().all(|x| x.is_nan()),
                "{name} step {step}: {a:?} {b:?}"
            );
            assert_eq!(whole.trace().rows.at(step).loss.to_bits(), thin.trace().rows.at(step).loss.to_bits(), "{name}");
        }
    }
    // The state, too.
    let divisor = |step: usize| whole.after(step, |optimizer| optimizer.divisor())().as_deref().map(bits);
    let mut fresh = Runner::over(problem(), world, racer, (start, STEPS + 1));
    for step in 0..=alive {
        fresh.extend(step);
        if step % 29 == 3 || step == alive {
            assert_eq!(
                divisor(step),
                fresh.after(step, |optimizer| optimizer.divisor())().as_deref().map(bits),
                "{name} step {step}"
            );
        }
    }
}

const PAIR: &str = "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"nll\"\nbatch = 5\n\
    sample = { size = 60, from = { mean = 1.0, sd = 2.0 } }\n[start]\nmean = 0.0\nsd = 1.5\n[run]\nsteps = 150\nseed = 11\n";

#[test]
fn points_between_stored_ones_are_those_that_were_passed() {
    for tail in ["", "pace = \"equal-kl\"\n"] {
        let world = common::world(&format!("{PAIR}{tail}[[optimizer]]\nkind = \"sgd\"\nlr = 0.02\n"));
        for racer in variants(&world.scenario.racers[0]) {
            same(&world, &racer);
        }
    }
}

#[test]
fn points_of_rewarded_actions_are_those_that_were_passed() {
    let world = common::world(
        "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"expected-reward\"\nreward = \"exp(-(x-2)^2)\"\n\
         batch = 12\nbaseline = \"mean\"\n[start]\nmean = 0.5\nsd = 1.2\n[run]\nsteps = 150\nseed = 11\n\
         [[optimizer]]\nkind = \"ppo\"\nschedule = \"inverse-sqrt\"\noffset = 3\n",
    );
    for racer in variants(&world.scenario.racers[0]).iter().filter(|racer| racer.kind.name == "ppo") {
        same(&world, racer);
    }
    // Shorter steps are made again, too.
    let capped = Racer { kl_cap: Some(1e-4), ..variants(&world.scenario.racers[0]).swap_remove(0) };
    same(&world, &capped);
}

#[test]
fn points_of_many_numbers_are_those_that_were_passed() {
    let world = common::many::regression(4, 24);
    for racer in variants(&world.scenario.racers[0]) {
        same(&world, &racer);
    }
}

#[test]
fn a_recorded_path_is_followed_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut csv = "mean,sd\n".to_owned();
    for i in 0..40 {
        let _ = writeln!(csv, "{},{}", f64::from(i) / 7.0, 1.0 + f64::from(i % 5));
    }
    fs::write(folder.path().join("path.csv"), csv).expect("a file");
    let text = format!("{PAIR}[[optimizer]]\nkind = \"recorded\"\ntrace = {{ csv = \"path.csv\" }}\n");
    let text = text.replace("mean = 0.0\nsd = 1.5", "mean = 0.0\nsd = 1.0");
    let world = World::open(&Document::from_text("path.toml", folder.path(), &text)).expect("a valid scenario");
    assert_eq!(Race::run(&world).trace(0).rows.len(), 40);
    same(&world, &world.scenario.racers[0].clone());
}

/// The step after the last one recorded is made from there, wherever states are stored.
#[test]
fn an_optimizer_is_known_after_the_step_to_come() {
    let mut world = World::open(&Document::builtin("three-charts-adam").expect("built in")).expect("valid");
    world.scenario.steps = 200;
    let whole = Race::run(&world);
    for last in 0..150 {
        world.scenario.steps = last;
        let race = Race::run(&world);
        let [found, wanted] =
            [&race, &whole].map(|race| race.runner(0).after(last + 1, |optimizer| optimizer.memory())());
        assert_eq!(found, wanted, "after step {last}");
        assert!(found.iter().any(|(_, values)| values.iter().any(|value| *value != 0.0)));
    }
}
