//! Random draws are a function of seed, step and purpose: racers share them.

#![expect(clippy::disallowed_methods, reason = "what a step costs is measured by a clock")]

use std::path::Path;
use std::time::{Duration, Instant};

use geodescent::math::Vec2;
use geodescent::race::{Race, Trace, World};
use geodescent::scenario::Document;

/// Every way of drawing: batches of rows with the exact and the empirical Fisher matrix, sampled actions, sampled
/// scores.
const WORLDS: [(&str, &str, &str); 3] = [
    (
        "rows",
        "kind = \"nll\"\ndata = [0.1, 0.7, 1.9, -0.4, 2.2, 1.1, 0.3]\nbatch = 2",
        "fisher = \"empirical\"\ndamping = 0.1",
    ),
    (
        "actions",
        "kind = \"expected-reward\"\nreward = \"exp(-(x-1)^2)\"\nbatch = 8",
        "fisher = \"sampled\"\nsamples = 9",
    ),
    ("scores", "kind = \"forward-kl\"\ntarget = { mean = 1.0, sd = 0.7 }", "fisher = \"sampled\"\nsamples = 9"),
];

/// Optimizers as (label, lines).
type Racers<'a> = Vec<(&'a str, String)>;

fn scenario(objective: &str, racers: &Racers<'_>) -> World {
    let tables = racers
        .iter()
        .map(|(label, lines)| format!("[[optimizer]]\nlabel = \"{label}\"\n{lines}\n"))
        .collect::<Vec<_>>()
        .concat();
    let text = format!(
        "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\n{objective}\n[start]\nmean = 0.5\nsd = 1.0\n\
         [run]\nsteps = 12\nseed = 5\n{tables}"
    );
    let document = Document::from_text("draws.toml", Path::new("."), &text);
    World::open(&document).unwrap_or_else(|report| panic!("{report}"))
}

/// The path of the racer of that label.
fn path(world: &World, label: &str) -> Vec<Vec2> {
    let racer = world.scenario.racers.iter().position(|racer| racer.label == label).expect("a racer of that label");
    let race = Race::run(world);
    let trace: &Trace = race.trace(racer);
    (0..trace.rows.len()).map(|step| trace.rows.at(step).p()).collect()
}

fn racers(natural: &str) -> Racers<'static> {
    vec![
        ("plain", "kind = \"sgd\"\nlr = 0.05".to_owned()),
        ("natural", format!("kind = \"natural-gradient\"\nlr = 0.05\n{natural}")),
        ("Adam", "kind = \"adam\"\nlr = 0.05".to_owned()),
    ]
}

#[test]
fn adding_removing_and_reordering_racers_changes_no_path() {
    for (name, objective, natural) in WORLDS {
        let all = racers(natural);
        let together = scenario(objective, &all);
        for (label, lines) in &all {
            let wanted = path(&together, label);
            assert!(wanted.len() == 13 && wanted.iter().all(|p| p[0].is_finite()), "{name}, {label}: {wanted:?}");
            let alone = scenario(objective, &vec![(*label, lines.clone())]);
            assert_eq!(path(&alone, label), wanted, "{name}, {label} alone");
            let reversed = scenario(objective, &all.iter().rev().cloned().collect());
            assert_eq!(path(&reversed, label), wanted, "{name}, {label} in another place");
            let mut more = all.clone();
            more.insert(0, ("new", "kind = \"natural-gradient\"\nfisher = \"sampled\"\nlr = 0.1".to_owned()));
            assert_eq!(path(&scenario(objective, &more), label), wanted, "{name}, {label} beside a new one");
        }
    }
}

#[test]
fn two_equal_racers_have_one_path() {
    for (name, objective, natural) in WORLDS {
        for (label, lines) in racers(natural) {
            let twins = scenario(objective, &vec![(label, lines.clone()), ("twin", lines)]);
            assert_eq!(path(&twins, label), path(&twins, "twin"), "{name}, {label}");
        }
    }
}

#[test]
fn a_plain_step_on_a_batch_is_the_mean_of_its_scores_for_every_racer() {
    // Gaussian scores at sd 1: ∂ log p/∂mean = x − mean. From one start two rates move the mean by amounts in their
    // ratio.
    let (_, objective, _) = WORLDS[0];
    let racers =
        vec![("slow", "kind = \"sgd\"\nlr = 0.01".to_owned()), ("fast", "kind = \"sgd\"\nlr = 0.03".to_owned())];
    let world = scenario(objective, &racers);
    let moved = |label| path(&world, label)[1][0] - 0.5;
    assert!((moved("fast") - 3.0 * moved("slow")).abs() < 1e-15);
    let data = [0.1, 0.7, 1.9, -0.4, 2.2, 1.1, 0.3];
    let pairs = (0..7).flat_map(|i| (0..i).map(move |j| f64::midpoint(data[i], data[j]) - 0.5));
    let slope = moved("slow") / 0.01;
    assert!(pairs.into_iter().any(|mean| (mean - slope).abs() < 1e-12), "{slope} is the mean of no two rows");
}

/// The quickest of a few runs of a race on so many rows, 16 at a time.
fn quickest(rows: usize, fisher: &str) -> Duration {
    let text = format!(
        "version = 1\n[model]\nfamily = \"gaussian\"\n[objective]\nkind = \"nll\"\n\
         sample = {{ size = {rows}, from = {{ mean = 2.0, sd = 0.7 }} }}\nbatch = 32\n[start]\nmean = 1.0\nsd = 1.0\n\
         [run]\nsteps = 2000\n[[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.001\nfisher = \"{fisher}\"\n"
    );
    let world = World::open(&Document::from_text("cost.toml", Path::new("."), &text)).expect("a scenario");
    let run = |_| {
        let begun = Instant::now();
        assert_eq!(Race::run(&world).trace(0).rows.len(), 2001);
        begun.elapsed()
    };
    (0..7).map(run).min().expect("a few runs")
}

#[test]
#[ignore = "a ratio of times, which a busy machine spoils: cargo test --release --test draws -- --ignored; objective::data counts the rows that a step shuffles"]
fn a_step_on_a_batch_costs_what_the_batch_costs_and_not_what_the_data_cost() {
    for fisher in ["exact", "empirical"] {
        // The batch alone: as many rows as it has.
        let (alone, of_many) = (quickest(32, fisher), quickest(200_000, fisher));
        assert!(of_many <= 2 * alone, "{fisher}: {of_many:?} for 32 of 200000 rows, {alone:?} for 32 of 32");
    }
}
