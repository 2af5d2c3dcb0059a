//! The cost of a step, a field and a frame, beside floors measured in the same run: `cargo bench`; one part by name:
//! `cargo bench -- geodesics`.
//!
//! Times are CPU time of this thread, medians of many rounds; on a shared machine only the ratios compare across days.

mod fields;
mod geodesics;
mod overlays;
mod policies;
mod regression;

use std::convert::Infallible;
use std::hint::black_box;
use std::io::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use rustix::time::{ClockId, clock_gettime};

use geodescent::app::look::{Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::app::{App, Screen, Show};
use geodescent::math::Vec2;
use geodescent::plot::cells::Page;
use geodescent::plot::{Field, Frame};
use geodescent::race::{Race, World};
use geodescent::scenario::Document;
use geodescent::screen::{self, Cache};
use geodescent::terminal::{self, Capabilities};

/// The CPU time used by this thread, in seconds.
fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 + 1e-9 * now.tv_nsec as f64
}

/// The median CPU time of one call, microseconds.
fn median(rounds: usize, calls: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = cpu();
            (0..calls).for_each(|_| work());
            1e6 * (cpu() - start) / calls as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[rounds / 2]
}

fn say(name: &str, micros: f64, target: &str, floor: f64) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{name:<58} {micros:>9.3} µs   target {target:>7}   {:>6.1} × floor", micros / floor);
}

fn scenario(name: &str, edits: &[(&str, &str)]) -> World {
    let mut document = Document::builtin(name).expect("a built-in scenario");
    for (path, value) in edits {
        document = document.edit(path, value).expect("an edit");
    }
    World::open(&document).expect("a valid scenario")
}

/// One racer of the three-charts race, slow enough to run on.
fn alone(racer: usize, field: &str, steps: usize) -> World {
    let path = format!("optimizer.{racer}.{field}");
    let mut world = scenario("three-charts", &[(&path, "1e-4"), ("run.steps", &steps.to_string())]);
    world.scenario.racers = vec![world.scenario.racers.swap_remove(racer)];
    world
}

/// A recorded step, all trace columns included. Floor: the same natural-gradient arithmetic by hand, nothing recorded.
fn steps() {
    const STEPS: usize = 20_000;
    let floor = median(9, 1, || {
        let (mut m, mut s) = black_box((0.0_f64, 1.0_f64));
        for _ in 0..STEPS {
            let (d, v) = (m - 2.0, s * s);
            let g = [d / v, (v - 0.25 - d * d) / (v * s)];
            (m, s) = (m - 1e-4 * v * g[0], s - 5e-5 * v * g[1]);
            let loss = (s / 0.5).ln() + (0.25 + d * d) / (2.0 * v) - 0.5;
            black_box(loss + (g[0] * g[0] + g[1] * g[1]).sqrt());
        }
        black_box((m, s));
    }) / STEPS as f64;
    say("floor: a natural-gradient step by hand, not recorded", floor, "", floor);
    for (racer, field, name, target) in [
        (0, "lr", "recorded step, SGD", "0.5"),
        (3, "lr", "recorded step, natural gradient", "0.17"),
        (4, "lr", "recorded step, Adam", "0.5"),
        (5, "delta", "recorded step, TRPO", "5"),
    ] {
        let world = alone(racer, field, STEPS);
        let time = median(9, 1, || {
            black_box(Race::run(&world));
        });
        say(name, time / STEPS as f64, target, floor);
    }
}

/// A 200×120 field of the loss. Floor: the closed form in a loop, one logarithm per point.
fn field() {
    let world = scenario("three-charts", &[]);
    let frame = Frame { x: [-1.0, 3.0], y: [0.2, 2.0], columns: 100, rows: 60 };
    let floor = median(21, 1, || {
        for j in 0..120 {
            let s = 0.2 + 1.8 * f64::from(j) / 120.0;
            for i in 0..200 {
                let d = 4.0 * f64::from(i) / 200.0 - 3.0;
                black_box(black_box(s / 0.5).ln() + (0.25 + d * d) / (2.0 * s * s) - 0.5);
            }
        }
    });
    say("floor: 24,000 closed forms in a loop", floor, "", floor);
    for (name, chart) in [("mean, sd", "mean-sd"), ("mean, log sd", "mean-log-sd")] {
        let plane = world.drawn(world.family.info().chart(chart).expect("a chart"));
        let mut points = Vec::new();
        let time = median(21, 1, || {
            let values = |xs: &[Vec2], out: &mut [f64]| {
                plane.losses(xs, &mut points, out);
                Ok::<_, Infallible>(())
            };
            let Ok(field) = Field::of(frame, values);
            black_box(field.values().len());
        });
        say(&format!("field of {} points, ({name})", frame.columns * 2 * frame.rows * 2), time, "300", floor);
    }
}

fn style(depth: Depth) -> Style {
    Style { theme: Theme { ground: Ground::Dark, depth }, marker: Marker::Braille, bold: false, glyphs: Glyphs::Any }
}

/// A full five-pane frame with paths advancing, from state to bytes. Floor: an empty ratatui frame, reset and compared.
fn frames() {
    for (columns, rows, target) in [(200, 60, "450"), (120, 36, ""), (80, 24, "150")] {
        let area = Rect::new(0, 0, columns, rows);
        let (mut old, mut new) = (Buffer::empty(area), Buffer::empty(area));
        let floor = median(101, 1, || {
            new.content.fill(Cell::default());
            black_box(old.diff(&new).len());
            std::mem::swap(&mut old, &mut new);
        });
        say(&format!("floor: empty ratatui frame {columns}×{rows}"), floor, "", floor);
        let show =
            Show::open(Document::builtin("three-charts").expect("a built-in scenario")).expect("a valid scenario");
        let mut app = App::show(show, style(Depth::True));
        while app.work(1 << 16) {}
        let mut cache = Cache::default();
        let mut screen = terminal::Frames::new((columns, rows), Capabilities::default());
        let mut bytes = Vec::new();
        let mut draw = |app: &App, bytes: &mut Vec<u8>| {
            bytes.clear();
            screen.frame(bytes, screen::redraw(app, &mut cache, area));
        };
        draw(&app, &mut bytes);
        let mut step = 0;
        let mut sizes = Vec::new();
        let time = median(301, 1, || {
            step = (step + 1) % 150;
            if let Screen::Show(show) = &mut app.screen {
                show.seek(step);
            }
            draw(&app, &mut bytes);
            sizes.push(bytes.len());
        });
        sizes.sort_unstable();
        let typical = sizes[sizes.len() / 2];
        say(&format!("five panes {columns}×{rows}, a step on, {typical} bytes"), time, target, floor);
        // Of that, from the picture to the bytes, beside ratatui's comparison of the same pictures.
        let pictures = [40, 41].map(|step| {
            if let Screen::Show(show) = &mut app.screen {
                show.seek(step);
            }
            let mut picture = Buffer::empty(area);
            screen::draw(&app, &mut cache, area, &mut picture);
            picture
        });
        let compared = median(301, 1, || {
            black_box(pictures[0].diff(&pictures[1]).len());
        });
        say(&format!("floor: ratatui's comparison {columns}×{rows}"), compared, "", compared);
        let mut turn = 0;
        let pages = pictures.map(Page::from);
        let time = median(301, 1, || {
            turn = 1 - turn;
            bytes.clear();
            screen.frame(&mut bytes, &pages[turn]);
        });
        say(&format!("compared and encoded {columns}×{rows}"), time, "", compared);
    }
}

/// The largest picture, drawn from nothing. Floor: its cells filled with blanks.
fn largest() {
    let area = Rect::new(0, 0, terminal::LARGEST.0, terminal::LARGEST.1);
    let mut buf = Buffer::empty(area);
    let floor = median(21, 1, || {
        buf.content.fill(Cell::default());
        black_box(&buf);
    });
    for name in ["three-charts", "newcomb-student-t", "softmax"] {
        let document = Document::builtin(name).expect("a built-in scenario");
        let mut app = App::show(Show::open(document).expect("a valid scenario"), style(Depth::True));
        while app.work(1 << 16) {}
        if let Screen::Show(show) = &mut app.screen {
            show.seek(60);
        }
        let time = median(21, 1, || {
            screen::draw(&app, &mut Cache::default(), area, &mut buf);
            black_box(&buf);
        });
        say(&format!("{name} {}×{} from nothing", area.width, area.height), time, "5000", floor);
    }
}

fn main() {
    let word = |word: &str| std::env::args_os().any(|arg| arg == word);
    let parts: [(&str, fn()); 9] = [
        ("steps", steps),
        ("field", field),
        ("frames", frames),
        ("largest", largest),
        ("geodesics", geodesics::all),
        ("overlays", overlays::all),
        ("fields", fields::all),
        ("regression", regression::all),
        ("policies", policies::all),
    ];
    let chosen = parts.iter().any(|(name, _)| word(name));
    parts.iter().filter(|(name, _)| !chosen || word(name)).for_each(|(_, part)| part());
}
