//! Policies: a member's step on a bandit, an exact step on maps, frames of an ensemble. Floors: the same arithmetic by hand; a
//! dense solve.

use std::hint::black_box;
use std::path::Path;

use geodescent::app::look::Depth;
use geodescent::app::{App, Screen, Show};
use geodescent::measure::members;
use geodescent::objective::Draw;
use geodescent::objective::data::{Purpose, stream_for};
use geodescent::race::{Race, World};
use geodescent::scenario::Document;
use geodescent::screen::{Cache, redraw};
use geodescent::terminal::{Capabilities, Frames};
use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use ratatui::layout::Rect;

use crate::{cpu, median, say, style};

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

/// A race of some steps on a square map with a start, a goal and traps.
fn square(side: usize, steps: usize, criterion: &str, racers: &[&str]) -> World {
    let cell = |at: usize| match at {
        0 => 'S',
        _ if at == side * side - 1 => 'G',
        _ if at % 31 == 30 => 'X',
        _ => '.',
    };
    let rows: Vec<String> = (0..side).map(|row| (0..side).map(|column| cell(row * side + column)).collect()).collect();
    let racers: Vec<String> = racers.iter().map(|racer| format!("[[optimizer]]\n{racer}\nlr = 0.01\n")).collect();
    world(&format!(
        "version = 1\n[model]\npolicy = \"softmax\"\nchart = \"log-odds\"\n[process]\nkind = \"grid-world\"\nmap = \"\"\"\n{}\n\"\"\"\nslip = 0.1\n[objective]\nkind = \"return\"\ncriterion = {criterion}\n[run]\nsteps = {steps}\n{}",
        rows.join("\n"),
        racers.concat()
    ))
}

const DISCOUNTED: &str = "\"discounted\"\ndiscount = 0.95";
const AVERAGE: &str = "\"average\"";
const NATURAL: &str = "kind = \"natural-gradient\"";
const STATE_ACTION: &str = "kind = \"natural-gradient\"\nfisher = \"state-action\"";

/// An exact natural-gradient step on square maps. Floor: a dense solve with as many unknowns as states.
fn map() {
    const MOVES: usize = 20;
    for side in [10, 16] {
        let states = side * side;
        let floor = median(9, 1, || {
            let entry = |i: usize, j: usize| if i == j { 2.0 } else { 1.0 / (1.0 + (i * j) as f64) };
            black_box(DMatrix::from_fn(states, states, entry).lu().solve(&DVector::repeat(states, 1.0)));
        });
        say(&format!("floor: a dense solve of {states} unknowns"), floor, "", floor);
        for (racer, criterion, target) in
            [(NATURAL, DISCOUNTED, "1500"), (STATE_ACTION, DISCOUNTED, ""), (STATE_ACTION, AVERAGE, "")]
        {
            let world = square(side, MOVES, criterion, &[racer]);
            let time = median(3, 1, || {
                black_box(Race::run(&world));
            });
            let which = if racer == NATURAL { "an exact step" } else { "by the state-action Fisher matrix" };
            let criterion = criterion.split('"').nth(1).unwrap_or_default();
            say(&format!("{which}, {side} × {side}, {criterion}"), time / MOVES as f64, target, floor);
        }
    }
}

/// The frames of a map of 256 states with all panes, each a step on, with four racers. Floor: the frames of three states.
fn played() {
    const FRAMES: usize = 40;
    let racers = [NATURAL, "kind = \"sgd\"", "kind = \"adam\"", "kind = \"mirror-descent\""];
    let area = Rect::new(0, 0, 160, 45);
    let mut floor = f64::NAN;
    for side in [2, 16] {
        let mut app = App::show(Show::new(square(side, FRAMES, DISCOUNTED, &racers)), style(Depth::True));
        while app.work(1 << 12) {}
        let mut screen = Frames::new((area.width, area.height), Capabilities::default());
        let (mut cache, mut bytes, mut step) = (Cache::default(), Vec::new(), 0);
        let time = median(FRAMES, 1, || {
            step += 1;
            if let Screen::Show(show) = &mut app.screen {
                show.seek(step);
            }
            bytes.clear();
            screen.frame(&mut bytes, redraw(&app, &mut cache, area));
        });
        floor = if side == 2 { time } else { floor };
        say(&format!("a frame of a map of {side} × {side} and four racers, a step on"), time, "", floor);
    }
}

/// The frames of an ensemble while it fills and afterwards, each a step on, with what has arrived by then: the longest, and one
/// in the middle.
fn ensemble() {
    const SEEDS: &str = "1000";
    let document = Document::builtin("cap-or-compass").expect("a built-in scenario");
    let document = document.edit("run.seeds", SEEDS).expect("an edit");
    let mut app = App::show(Show::open(document).expect("a valid scenario"), style(Depth::True));
    let area = Rect::new(0, 0, 160, 45);
    let mut screen = Frames::new((area.width, area.height), Capabilities::default());
    let (mut cache, mut bytes) = (Cache::default(), Vec::new());
    for what in ["while it fills", "once it is full"] {
        let mut times = Vec::new();
        // Every round steps through the race, as far as it has been run.
        for step in (0..100).cycle() {
            let start = cpu();
            let more = app.work(1 << 12);
            if let Screen::Show(show) = &mut app.screen {
                show.seek(step);
            }
            bytes.clear();
            screen.frame(&mut bytes, redraw(&app, &mut cache, area));
            times.push(1e6 * (cpu() - start));
            if times.len() >= 100 && (what == "once it is full" || !more) {
                break;
            }
        }
        times.sort_by(f64::total_cmp);
        let (middle, most) = (times[times.len() / 2], times[times.len() - 1]);
        say(&format!("a frame of {SEEDS} seeds {what}, of {}", times.len()), middle, "", middle);
        say(&format!("the longest of them {what}"), most, "16000", middle);
    }
}

pub fn all() {
    bandit();
    map();
    played();
    ensemble();
}
