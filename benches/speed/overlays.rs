//! What each overlay adds to a frame, and to the one that turns it on. What jobs compute beside it is not counted.

use std::hint::black_box;
use std::io::Write;

use ratatui::layout::Rect;

use geodescent::app::look::Depth;
use geodescent::app::{App, Screen, Show};
use geodescent::scenario::Document;
use geodescent::scenario::names::{OVERLAYS, OverlayInfo};
use geodescent::screen::{self, Cache};

use crate::{cpu, style};

/// The Gaussian, a family with special functions, a closed one on the simplex, two whose divergences are integrals.
const SCENARIOS: [&str; 5] = ["three-charts", "ozone-gamma", "softmax", "singular-mixture", "newcomb-student-t"];
const ROUNDS: usize = 5;

/// The measurements of one overlay, µs.
#[derive(Clone, Copy)]
struct Cost {
    /// The frame that turns it on.
    first: f64,
    /// A frame one step later.
    moved: f64,
}

fn cost(name: &str, row: Option<&OverlayInfo>) -> Cost {
    let area = Rect::new(0, 0, 200, 60);
    let mut show = Show::open(Document::builtin(name).expect("a built-in scenario")).expect("a valid scenario");
    show.lens.alpha = 0.5;
    let mut app = App::show(show, style(Depth::True));
    while app.work(1 << 16) {}
    let mut cache = Cache::default();
    black_box(screen::redraw(&app, &mut cache, area));
    cache.finish();
    black_box(screen::redraw(&app, &mut cache, area));
    if let (Screen::Show(show), Some(row)) = (&mut app.screen, row) {
        show.set_overlay(row.overlay, true);
    }
    let start = cpu();
    black_box(screen::redraw(&app, &mut cache, area));
    let first = 1e6 * (cpu() - start);
    cache.finish();
    black_box(screen::redraw(&app, &mut cache, area));
    let mut times: Vec<f64> = (0..100)
        .map(|step| {
            if let Screen::Show(show) = &mut app.screen {
                show.seek(step + 1);
            }
            let start = cpu();
            black_box(screen::redraw(&app, &mut cache, area));
            1e6 * (cpu() - start)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    Cost { first, moved: times[times.len() / 2] }
}

/// The minimum of several rounds: other load on the machine only adds.
fn least(name: &str, row: Option<&OverlayInfo>) -> Cost {
    let rounds = (0..ROUNDS).map(|_| cost(name, row));
    let both = |a: Cost, b: Cost| Cost { first: a.first.min(b.first), moved: a.moved.min(b.moved) };
    rounds.reduce(both).expect("a round")
}

/// Turning it on, and a frame one step later: each with the overlay minus the same without.
pub fn all() {
    let mut out = std::io::stdout().lock();
    // Only the scenario named, if any.
    let chosen = |name: &&str| std::env::args_os().any(|word| word == *name);
    let some = SCENARIOS.iter().any(chosen);
    for name in SCENARIOS.into_iter().filter(|name| !some || chosen(name)) {
        let plain = least(name, None);
        let _ = writeln!(out, "{name}, no overlay: a step on {:.0} µs", plain.moved);
        for row in OVERLAYS.iter().filter(|row| !row.shown) {
            let cost = least(name, Some(row));
            let _ = writeln!(
                out,
                "{name}, {:<18} first frame {:>+7.0} µs, a step on {:>+7.0} µs (target 2000)",
                row.name,
                cost.first - plain.first,
                cost.moved - plain.moved
            );
        }
    }
}
