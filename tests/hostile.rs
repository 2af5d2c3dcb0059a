//! Races that nobody would plan: rates from 1e-300 to 1e300, starts at the edges of every family. Each ends in a
//! named state, its numbers agree with that state, and no racer is affected by the end of another.

#![expect(clippy::disallowed_macros, reason = "a test prints what it has counted")]

mod common;

use common::world;
use geodescent::family::{ChartId, FAMILIES, FamilyInfo};
use geodescent::geometry::Place;
use geodescent::math::Vec2;
use geodescent::optimizer::{OPTIMIZERS, Schedule};
use geodescent::race::{Race, Status, Trace, World};
use geodescent::registry::{Preset, Setting, Settings};
use geodescent::scenario::Racer;

const STEPS: usize = 8;

/// Learning rates and KL radii.
const RATES: [f64; 7] = [1e-300, 1e-9, 0.1, 10.0, 1e9, 1e150, 1e300];

/// Values of a parameter that may stand at an edge of some family, in place of those of its example.
const EDGES: [f64; 14] =
    [-1e300, -1e9, 0.0, f64::MIN_POSITIVE, 1e-300, 1e-150, 1e-9, 1.0 - 1e-15, 1.0, 1e8, 1e9, 1e16, 1e150, 1e300];

/// Every state that a row can have.
const STATES: [Status; 6] =
    [Status::Running, Status::NoStep, Status::LeftFamily, Status::NotFinite, Status::NotIntegrated, Status::Singular];

/// A scenario of the family whose target is its example; the start and the racers are to be replaced.
fn base(info: &FamilyInfo, objective: &str) -> World {
    let required = info.fixed.iter().filter(|field| matches!(field.default, Preset::Required));
    let fixed =
        required.map(|field| format!("{} = {}\n", field.name, common::fixed_value(field))).collect::<Vec<_>>().concat();
    let ([a, b], [x, y]) = (info.parameters, info.example);
    world(&format!(
        "version = 1\ntitle = \"Hostile\"\n[model]\nfamily = \"{}\"\n{fixed}[objective]\nkind = \"{objective}\"\n\
         target = {{ {a} = {x:?}, {b} = {y:?} }}\n[start]\n{a} = {x:?}\n{b} = {y:?}\n[run]\nsteps = {STEPS}\n\
         [[optimizer]]\nkind = \"sgd\"\n",
        info.name
    ))
}

/// Every optimizer in every chart, at one rate.
fn racers(info: &FamilyInfo, rate: f64) -> Vec<Racer> {
    // Not the one that reads its path from a file.
    let every = OPTIMIZERS
        .iter()
        .filter(|kind| kind.path.is_none())
        .flat_map(|kind| info.chart_ids().map(move |chart| (*kind, chart)));
    every
        .map(|(kind, chart)| {
            let mut settings = Settings::defaults(kind.fields);
            settings.set(&kind.fields[0], Setting::Number(rate));
            Racer {
                kind,
                settings,
                schedule: Schedule::Constant,
                kl_cap: None,
                baseline: None,
                chart,
                label: format!("{} in {} at {rate:e}", kind.name, info.chart_info(chart).name),
            }
        })
        .collect()
}

/// The example and what is left of the family when its parameters go to the edges one at a time, then both.
fn starts(world: &World) -> Vec<Vec2> {
    let example = Vec2::from(world.family.info().example);
    let one = EDGES.iter().flat_map(|x| [Vec2::new(*x, example[1]), Vec2::new(example[0], *x)]);
    let both = EDGES.iter().zip(EDGES.iter().rev()).map(|(x, y)| Vec2::new(*x, *y));
    let all = std::iter::once(example).chain(one).chain(both);
    all.filter(|p| world.family.contains(*p)).collect()
}

/// Every scenario of the test, with its name.
fn hostile(mut each: impl FnMut(&str, &World)) {
    // One of three, each start with other rates: still a hundred thousand races.
    let mut turn = 0;
    for info in FAMILIES {
        for objective in ["forward-kl", "reverse-kl"] {
            let mut world = base(info, objective);
            for start in starts(&world) {
                world.scenario.start = start.as_slice().to_vec();
                for rate in RATES {
                    turn += 1;
                    if turn % 3 > 0 {
                        continue;
                    }
                    world.scenario.racers = racers(info, rate);
                    each(&format!("{} {objective} from {start:?}", info.name), &world);
                }
            }
        }
    }
}

/// What a trace may say, whatever became of its racer.
fn sound(name: &str, world: &World, trace: &Trace) {
    let last = trace.rows.last().expect("a start");
    assert_eq!(trace.ending.is_some(), last.status.ends(), "{name}");
    match &trace.ending {
        Some(ending) => {
            assert_eq!((ending.step, ending.status), (trace.rows.len() - 1, last.status), "{name}");
            // The row of a failed step has no numbers; a start that is not finite keeps those it has.
            let empty = ending.step == 0 || (last.loss.is_nan() && last.parameters[0].is_nan());
            assert!(!ending.reason.is_empty() && empty, "{name}");
        }
        None => assert_eq!(trace.rows.len(), STEPS + 1, "{name}"),
    }
    let alive: Vec<_> = trace.rows.iter().take(trace.last_alive() + 1).collect();
    for (step, row) in alive.iter().enumerate() {
        assert!(step == 0 || !row.status.ends(), "{name} step {step}");
        assert!(world.family.contains(row.p()), "{name} step {step}: {}", row.p());
        // A start whose loss is not finite is the last row.
        assert!(row.loss.is_finite() || (step == 0 && trace.rows.len() == 1), "{name} step {step}: {}", row.loss);
        assert!(step == 0 || row.status == Status::Running || row.p() == alive[step - 1].p(), "{name} step {step}");
    }
}

#[test]
fn every_race_ends_in_a_state_that_has_a_name() {
    let (mut races, mut seen) = (0, [0_usize; STATES.len()]);
    hostile(|name, world| {
        let race = Race::run(world);
        assert_eq!(race.reached(), STEPS, "{name}");
        for (racer, trace) in world.scenario.racers.iter().zip(race.traces()) {
            sound(&format!("{name}, {}", racer.label), world, trace);
            races += 1;
            let last = trace.rows.last().map(|row| row.status);
            let state = STATES.iter().position(|status| Some(*status) == last).expect("a state of the list");
            seen[state] += 1;
        }
    });
    let counts = STATES.iter().zip(seen).map(|(status, count)| format!("{count} {}", status.name()));
    println!("{races} races ended: {}", counts.collect::<Vec<_>>().join(", "));
    assert!(races > 50_000 && seen.iter().all(|count| *count > 100), "{races} races: {seen:?}");
}

/// What is left of F₂₂, as a share of it, once the first row is taken out: 1 − ρ², by the determinant.
fn definite(world: &World, chart: ChartId, row: &geodescent::race::Row) -> f64 {
    let chart = world.family.chart(chart);
    let place = Place { jacobian: chart.jacobian(row.x(), row.p()), x: row.x(), p: row.p() };
    let (f, _) = place.fisher(&*world.family, chart);
    if f.iter().all(|entry| entry.is_finite()) && f[(0, 0)] > 0.0 && f[(1, 1)] > 0.0 {
        // ρ by halves, so that no product of two entries runs over or under.
        let rho = f[(0, 1)] / f[(0, 0)].sqrt() / f[(1, 1)].sqrt();
        (1.0 - rho) * (1.0 + rho)
    } else {
        0.0
    }
}

/// √(gᵀF⁻¹g) at a row's point, in the canonical parameters: no chart changes it. NaN where F is singular there, too.
fn natural_norm(world: &World, row: &geodescent::race::Row) -> f64 {
    let (f, p) = (world.family.fisher(row.p()), row.p());
    let g = world.objective.gradient(p);
    let h = [g[0] / f[(0, 0)].sqrt(), g[1] / f[(1, 1)].sqrt()];
    let rho = f[(0, 1)] / f[(0, 0)].sqrt() / f[(1, 1)].sqrt();
    let known = rho.abs() < 0.999 && f.iter().all(|entry| entry.is_finite());
    if known { ((h[0] - rho * h[1]) / (1.0 - rho * rho).sqrt()).hypot(h[1]) } else { f64::NAN }
}

#[test]
fn singular_is_where_the_fisher_matrix_is_and_only_for_those_who_need_its_inverse() {
    let (mut ended, mut went_on) = (0, 0);
    hostile(|name, world| {
        let race = Race::run(world);
        for (racer, trace) in world.scenario.racers.iter().zip(race.traces()) {
            // The others take F⁻¹ from the family where it has a closed form, which is there where F itself is singular in
            // doubles.
            let needs = racer.kind.name == "trpo";
            let name = format!("{name}, {}", racer.label);
            for (step, row) in trace.rows.iter().take(trace.last_alive() + 1).enumerate() {
                // The two ways of computing it differ by a few roundings, and 4 ε is where the line is drawn.
                let (left, after) = (definite(world, racer.chart, &row), trace.rows.get(step + 1));
                assert!(left > f64::EPSILON || !needs || after.is_none_or(|row| row.status.ends()), "{name}");
                let apart = (row.natural_norm / natural_norm(world, &row) - 1.0).abs();
                // Not a number where either has none. Gradients in charts that square lose half of their digits.
                let same = apart.is_nan() || apart < 1e-6;
                assert!(left > 0.0 || same, "{name} step {step}: {} is off by {apart}", row.natural_norm);
                went_on += usize::from(left <= 0.0 && after.is_some_and(|row| row.status == Status::Running));
            }
            if let Some(ending) = trace.ending.as_ref().filter(|ending| ending.status == Status::Singular) {
                if racer.kind.name == "newton" {
                    assert!(ending.reason.contains(" of H"), "{name}: {ending:?}");
                    continue;
                }
                let last = trace.rows.at(trace.last_alive());
                // An entry of F that is no double ends a racer, too.
                let lost = definite(world, racer.chart, &last) < 16.0 * f64::EPSILON;
                assert!(lost || ending.reason.starts_with("diagonal entry"), "{name}: {ending:?}");
                assert!(matches!(racer.kind.name, "natural-gradient" | "trpo" | "geodesic"), "{name}: {ending:?}");
                assert!(ending.reason.contains(" of F is "), "{name}: {ending:?}");
                ended += 1;
            }
        }
    });
    assert!(ended > 100 && went_on > 100, "{ended} ended, {went_on} went on");
}

/// Where the inverse is lost to rounding: far from the origin in a chart that squares, and where two parameters say the
/// same thing.
#[test]
fn a_racer_that_needs_the_inverse_ends_where_there_is_none_and_the_others_go_on() {
    let text = |family: &str, target: &str, start: &str, chart: &str| {
        let kinds = ["sgd", "natural-gradient", "trpo"];
        let racers = kinds.map(|kind| format!("[[optimizer]]\nkind = \"{kind}\"\nchart = \"{chart}\"\n")).concat();
        let damped = format!("[[optimizer]]\nkind = \"natural-gradient\"\nchart = \"{chart}\"\ndamping = 1.0\n");
        world(&format!(
            "version = 1\ntitle = \"Singular\"\n[model]\nfamily = \"{family}\"\n[objective]\nkind = \"reverse-kl\"\n\
             target = {{ {target} }}\n[start]\n{start}\n[run]\nsteps = 3\n{racers}{damped}"
        ))
    };
    for world in [
        text("gaussian", "mean = 0.0, sd = 1.0", "mean = 1e8\nsd = 1.0", "expectation"),
        text("gamma", "shape = 2.0, rate = 1.0", "shape = 1e16\nrate = 1e16", "shape-rate"),
    ] {
        let race = Race::run(&world);
        let ending = race.trace(2).ending.as_ref().expect("an end");
        assert_eq!((ending.step, ending.status, ending.status.name()), (1, Status::Singular, "singular"));
        assert!(ending.reason.starts_with("pivot 2 of F is "), "{}", ending.reason);
        // F⁻¹ has a closed form here: nothing is lost where it is used.
        assert_ne!(race.trace(1).rows.at(1).status, Status::Singular);
        let sgd = race.trace(0);
        assert!(sgd.rows.at(0).natural_norm.is_finite() && sgd.rows.at(0).grad_norm.is_finite());
        assert_ne!(sgd.rows.at(1).status, Status::Singular);
        let damped = race.trace(3).rows.at(1).status;
        assert_ne!(damped, Status::Singular, "F + λI has an inverse");
    }
}

#[test]
fn a_trust_region_whose_numbers_are_not_finite_does_not_wait_for_ever() {
    let mut seen = [0_usize; 2];
    hostile(|name, world| {
        let race = Race::run(world);
        for (racer, trace) in
            world.scenario.racers.iter().zip(race.traces()).filter(|(racer, _)| racer.kind.name == "trpo")
        {
            let last = trace.rows.last().expect("a start");
            if last.status == Status::NoStep {
                let numbers = [last.loss, last.grad_norm];
                assert!(numbers.iter().all(|x| x.is_finite()), "{name}, {}: {numbers:?}", racer.label);
                seen[0] += 1;
            }
            seen[1] += usize::from(last.status == Status::NotFinite);
        }
    });
    assert!(seen.iter().all(|count| *count > 10), "{seen:?}");
}

/// The bits of all numbers of a trace, and its states.
fn bits(trace: &Trace) -> Vec<(Status, [u64; 10])> {
    let numbers = |row: &geodescent::race::Row| {
        let (p, x) = (row.p(), row.x());
        let steps = [row.euclid_step, row.fisher_step, row.kl_step];
        [row.loss, row.grad_norm, row.natural_norm, steps[0], steps[1], steps[2], p[0], p[1], x[0], x[1]]
    };
    trace.rows.iter().map(|row| (row.status, numbers(&row).map(f64::to_bits))).collect()
}

#[test]
fn no_racer_notices_what_becomes_of_another() {
    let mut compared = 0;
    for info in FAMILIES {
        let mut world = base(info, "forward-kl");
        world.scenario.racers = RATES.iter().flat_map(|rate| racers(info, *rate)).collect();
        let together = Race::run(&world);
        let all = world.scenario.racers.clone();
        for (racer, trace) in all.into_iter().zip(together.traces()) {
            world.scenario.racers = vec![racer];
            let alone = Race::run(&world);
            assert!(bits(alone.trace(0)) == bits(trace), "{}: {}", info.name, world.scenario.racers[0].label);
            assert_eq!(alone.trace(0).ending, trace.ending);
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn a_mini_batch_is_not_drawn_from_what_others_left() {
    let text = |rate: &str| {
        format!(
            "version = 1\ntitle = \"Batches\"\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"nll\"\n\
             data = [0.1, 0.7, 1.9, -0.4, 2.2, 1.1]\nbatch = 2\n[start]\nmean = 0.0\nsd = 1.0\n[run]\nsteps = 20\nseed = 5\n\
             [[optimizer]]\nkind = \"sgd\"\n[[optimizer]]\nkind = \"adam\"\nlr = {rate}\n[[optimizer]]\nkind = \"sgd\"\n"
        )
    };
    let (calm, wild) = (Race::run(&world(&text("1e-3"))), Race::run(&world(&text("1e300"))));
    assert!(wild.trace(1).ending.is_some());
    for racer in [0, 2] {
        assert!(bits(calm.trace(racer)) == bits(wild.trace(racer)), "{racer}");
    }
}
