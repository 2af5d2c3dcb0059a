//! Policies: a member's step on a bandit, an exact step on a map. Floors: the same arithmetic by hand; a dense solve.

use std::hint::black_box;
use std::path::Path;

use geodescent::measure::members;
use geodescent::objective::Draw;
use geodescent::objective::data::{Purpose, stream_for};
use geodescent::race::{Race, World};
use geodescent::scenario::Document;
use nalgebra::{DMatrix, DVector};
use rand::RngExt;

use crate::{median, say};

const STEPS: usize = 1000;

fn world(text: &str) -> World {
    World::open(&Document::from_text("bench.toml", Path::new("."), text)).expect("a valid scenario")
}

/// REINFORCE on three arms, an action a step: what a member of an ensemble costs, random numbers, trace and outcome included.
/// Floor: the random numbers and the update by hand.
fn bandit() {
    let floor = median(9, 1, || {
        let mut x = black_box([0.0_f64; 3]);
        for step in 0..STEPS {
            let weights = x.map(f64::exp);
            let total: f64 = weights.iter().sum();
            let p = weights.map(|w| w / total);
            let u: f64 = stream_for(Purpose::Actions, Draw { seed: 7, step }).random();
            let arm = if u < p[0] {
                0
            } else if u < p[0] + p[1] {
                1
            } else {
                2
            };
            let r = [1.0, 0.9, 0.1][arm];
            (0..3).for_each(|i| x[i] += 0.4 * r * (if i == arm { 1.0 } else { 0.0 } - p[i]));
        }
        black_box(x);
    }) / STEPS as f64;
    say("floor: a bandit's step by hand, its random stream included", floor, "", floor);
    for (kind, target) in [("sgd\"\nlr = 0.4", "2.6"), ("natural-gradient\"\nlr = 0.01", "2.6")] {
        let text = format!(
            "version = 1\n[model]\npolicy = \"softmax\"\nchart = \"logits\"\n[process]\nkind = \"bandit\"\nrewards = [1.0, 0.9, 0.1]\n[objective]\nkind = \"return\"\nbatch = 1\n[run]\nsteps = {STEPS}\nseeds = 2\n[[optimizer]]\nkind = \"{kind}\n"
        );
        let world = world(&text);
        let time = median(9, 1, || {
            black_box(members::run(&world, 7));
        });
        let name = kind.split('"').next().unwrap_or_default();
        say(&format!("a member's step on three arms, {name}"), time / STEPS as f64, target, floor);
    }
}

/// An exact natural-gradient step on a map of 10 × 10. Floor: a dense solve with as many unknowns as states.
fn map() {
    const MOVES: usize = 20;
    let floor = median(9, 1, || {
        let matrix = DMatrix::from_fn(100, 100, |i, j| if i == j { 2.0 } else { 1.0 / (1.0 + (i * j) as f64) });
        black_box(matrix.lu().solve(&DVector::repeat(100, 1.0)));
    });
    say("floor: a dense solve of 100 unknowns", floor, "", floor);
    let rows = [
        "S.........",
        "..........",
        "..........",
        "....X.....",
        "..........",
        "..........",
        "..X.......",
        "..........",
        ".......X..",
        ".........G",
    ];
    let text = format!(
        "version = 1\n[model]\npolicy = \"softmax\"\nchart = \"log-odds\"\n[process]\nkind = \"grid-world\"\nmap = \"\"\"\n{}\n\"\"\"\nslip = 0.1\n[objective]\nkind = \"return\"\ncriterion = \"discounted\"\ndiscount = 0.95\n[run]\nsteps = {MOVES}\n[[optimizer]]\nkind = \"natural-gradient\"\nlr = 0.01\n",
        rows.join("\n")
    );
    let world = world(&text);
    let time = median(9, 1, || {
        black_box(Race::run(&world));
    });
    say("an exact step on a map of 10 × 10", time / MOVES as f64, "1500", floor);
}

pub fn all() {
    bandit();
    map();
}
