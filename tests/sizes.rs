//! Every screen size with every scenario in every state that a user can reach: nothing panics, no cell is written
//! outside the area, none inside is left out.
//!
//! `cargo test` draws a share, the same in every run. All of it, with times:
//!
//!     cargo test --release --test sizes -- --ignored --nocapture
#![expect(clippy::disallowed_macros, reason = "a test prints what it has measured")]

mod common;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use common::clock::{milliseconds, percentile, spent};
use common::dice::Dice;

use geodescent::app::look::{Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::app::{Action, App, Entry, Layer, Screen, Show};
use geodescent::family::ChartId;
use geodescent::scenario::names::OVERLAYS;
use geodescent::scenario::{BUILTIN, Document};
use geodescent::screen::{self, Cache};
use geodescent::terminal::{Capabilities, Frames, LARGEST};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// The widths and heights of which every pair is drawn.
const WIDTHS: u16 = 61;
const HEIGHTS: u16 = 31;

/// Sizes that no window has, and some that a wall or a serial line may have. What is beyond [`LARGEST`] comes through
/// the clamp, as from a terminal that says so.
const EXTREMES: [(u16, u16); 16] = [
    (0, 0),
    (1, 1),
    (0, 65535),
    (65535, 0),
    (600, 250),
    (601, 251),
    (10_000, 10_000),
    (65535, 65535),
    (65535, 1),
    (1, 65535),
    (300, 10),
    (10, 200),
    (2, 250),
    (600, 2),
    (132, 43),
    (320, 90),
];

/// What stands around the area and, before it is drawn, in it.
const SENTINEL: &str = "\u{e000}";

/// A scenario in a state.
struct Case {
    name: String,
    app: App,
}

const DEPTHS: [Depth; 4] = [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True];

/// One of the 64 looks.
fn look(number: usize) -> Style {
    let ground = if number.is_multiple_of(2) { Ground::Dark } else { Ground::Light };
    let theme = Theme { ground, depth: DEPTHS[number / 2 % 4] };
    Style { theme, marker: Marker::ALL[number / 8 % 4], bold: number / 32 % 2 == 1, glyphs: Glyphs::Any }
}

/// A built-in scenario, its first racer at another rate where one is given and allowed.
fn open(name: &str, rate: Option<f64>) -> Show {
    let mut document = Document::builtin(name).expect("a built-in scenario");
    // Pictures of an ensemble do not need all of its members.
    if document.text().contains("\nseeds = ") {
        document = document.edit("run.seeds", "10").expect("an edit");
    }
    let at_rate = |rate: f64| {
        let scenario = document.check().ok()?;
        let path = format!("optimizer.0.{}", scenario.racers[0].kind.fields[0].name);
        document.edit(&path, &format!("{rate:?}")).and_then(Show::open).ok()
    };
    let other = rate.and_then(at_rate);
    other.unwrap_or_else(|| Show::open(document).expect("a right scenario"))
}

/// Goes to a step, with as many behind it seen.
fn go(show: &mut Show, step: usize) {
    let seen = show.world.scenario.steps.min(2 * step);
    show.race.extend(seen);
    show.seek(seen);
    show.seek(step);
}

fn at(mut show: Show, step: usize) -> Show {
    go(&mut show, step);
    show
}

fn gallery(chosen: usize) -> App {
    let mut entries = Entry::builtins();
    // One cannot be read.
    entries[7].document = None;
    if chosen != 7 {
        entries[chosen].document = None;
        entries[chosen].show = Some(open(BUILTIN[chosen].name, None));
    }
    let mut app = App::gallery(entries, look(chosen));
    let Screen::Gallery(gallery) = &mut app.screen else { panic!("the gallery is on screen") };
    gallery.pick(chosen);
    app.advance(std::time::Duration::from_millis(100));
    app
}

fn help_over_menu(app: &mut App) {
    app.layers.open(Layer::Menu);
    app.layers.open(Layer::Help);
}

/// Every pane of a show, alone and among the others.
fn each_pane(scenario: usize, show: Show, seen: &mut impl FnMut(&Case)) {
    let panes = show.world.scenario.panes();
    let mut case = Case { name: String::new(), app: App::show(show, look(0)) };
    for (i, pane) in panes.into_iter().enumerate() {
        for filled in [false, true] {
            let show = case.app.shown().expect("a show");
            go(show, 60 * (i + 1));
            show.set_focus(pane);
            (show.filled, show.quantity, show.log) = (filled, show.quantities()[(scenario + i) % 5], i % 2 == 0);
            show.chart = show.world.family.info().chart_after(ChartId::CANONICAL, scenario + i);
            // It plays where others are beside it.
            show.timeline.toggle();
            case.app.style = look(7 * scenario + 2 * i + usize::from(filled));
            let filled = if filled { ", filled" } else { "" };
            case.name = format!("{}, {}{filled}", BUILTIN[scenario].name, pane.name());
            seen(&case);
        }
    }
}

/// Every state of one scenario. The looks go round, so that all of them meet every state.
fn each_case(scenario: usize, seen: &mut impl FnMut(&Case)) {
    let name = BUILTIN[scenario].name;
    let opened = open(name, None);
    // One world for all: an optimum is not searched for again.
    let world = opened.world.clone();
    each_pane(scenario, opened, seen);
    let mut add = |state: &str, app: App| seen(&Case { name: format!("{name}, {state}"), app });
    let shown = |step, number| App::show(at(Show::new(world.clone()), step), look(7 * scenario + number));
    let mut change = |state: &str, mut app: App, change: fn(&mut App)| {
        change(&mut app);
        add(state, app);
    };
    change("charts", shown(20, 10), |app| drop(app.update(Action::Charts)));
    change("charts, halved", shown(50, 15), |app| {
        for action in [Action::Charts, Action::NextPane, Action::GapOrder] {
            app.update(action);
        }
        app.work(100_000);
    });
    change("help", shown(10, 11), |app| app.layers.open(Layer::Help));
    change("menu", shown(30, 13), |app| app.layers.open(Layer::Menu));
    change("help over menu", shown(0, 17), help_over_menu);
    change("every overlay", shown(30, 15), |app| {
        if let Some(show) = app.shown() {
            OVERLAYS.iter().for_each(|row| show.set_overlay(row.overlay, true));
            show.lens.alpha = 0.5;
        }
    });
    change("blank", shown(30, 19), |app| app.layers.open(Layer::Blank));
    change("notice", shown(30, 23), |app| drop(app.tell("分布の族 is a family of distributions ".repeat(9))));
    change("zoomed", shown(30, 29), |app| {
        for _ in 0..30 {
            app.update(Action::ZoomIn);
        }
        app.update(Action::PanLeft);
    });
    change("far away", shown(30, 31), |app| (0..40).for_each(|_| drop(app.update(Action::ZoomOut))));
    for rate in [1.5, 1e6] {
        let show = at(open(name, Some(rate)), 40);
        add(&format!("first racer at {rate}"), App::show(show, look(7 * scenario + rate as usize % 64)));
    }
    let mut case = Case { name: format!("{name}, in the gallery"), app: gallery(scenario) };
    seen(&case);
    for key in ["/", "a", "x"] {
        case.app.press(key.parse().expect("a key"));
    }
    case.name = format!("{name}, in the filtered gallery");
    seen(&case);
}

/// Draws into a part of a larger buffer and says what went wrong: a panic, a cell outside, a cell left out. With the
/// microseconds it took.
fn frame(draw: impl FnOnce(Rect, &mut Buffer), (width, height): (u16, u16)) -> Result<u32, String> {
    let area = Rect::new(2, 1, width, height);
    let mut untouched = Cell::new(SENTINEL);
    untouched.set_style(ratatui::style::Style::new().fg(ratatui::style::Color::Indexed(201)));
    let mut buf = Buffer::filled(Rect::new(0, 0, width + 4, height + 2), untouched.clone());
    let start = spent();
    let drawn = catch_unwind(AssertUnwindSafe(|| draw(area, &mut buf)));
    let micros = u32::try_from(spent().saturating_sub(start).as_micros()).unwrap_or(u32::MAX);
    if drawn.is_err() {
        return Err(format!("panicked at {width}×{height}"));
    }
    for (at, cell) in buf.area.positions().zip(&buf.content) {
        match (area.contains(at), *cell == untouched, cell.symbol() == SENTINEL) {
            (false, false, _) => return Err(format!("wrote outside of {width}×{height} at {at}")),
            (true, _, true) => return Err(format!("left out {at} of {width}×{height}")),
            _ => {}
        }
    }
    Ok(micros)
}

/// The size that is drawn where a terminal says this one.
fn clamped(size: (u16, u16)) -> (u16, u16) {
    let (width, height) = Frames::new(size, Capabilities::default()).size();
    assert!(width <= LARGEST.0 && height <= LARGEST.1 && width <= size.0 && height <= size.1);
    (width, height)
}

/// What is drawn of [`EXTREMES`], each size once.
fn extremes() -> BTreeSet<(u16, u16)> {
    EXTREMES.into_iter().map(clamped).collect()
}

#[derive(Default)]
struct Tally {
    frames: usize,
    micros: Vec<u32>,
    /// The frame that took longest.
    slowest: (u32, String),
    faults: Vec<String>,
}

impl Tally {
    fn draw(&mut self, case: &Case, cache: &mut Cache, size: (u16, u16)) {
        self.frames += 1;
        match frame(|area, buf| screen::draw(&case.app, cache, area, buf), size) {
            Ok(micros) => {
                if micros > self.slowest.0 {
                    self.slowest = (micros, format!("{} at {size:?}", case.name));
                }
                self.micros.push(micros);
            }
            Err(fault) => self.faults.push(format!("{}: {fault}", case.name)),
        }
    }

    fn nothing_went_wrong(&self) {
        let told: Vec<&String> = self.faults.iter().take(20).collect();
        assert!(told.is_empty(), "{} of {} frames: {told:#?}", self.faults.len(), self.frames);
    }

    fn tell(&mut self, what: &str) -> u32 {
        self.micros.sort_unstable();
        let at = |share| percentile(&self.micros, share);
        let [half, most, all] = [0.5, 0.99, 1.0].map(|share| milliseconds(at(share)));
        println!("{what}: {} frames, p50 {half}, p99 {most}, max {all} of processor time", self.frames);
        println!("  the slowest: {}", self.slowest.1);
        at(0.99)
    }
}

#[test]
fn a_share_of_all_sizes_is_drawn_and_nothing_outside() {
    let mut dice = Dice::new(20_26);
    let mut tally = Tally::default();
    let extremes = extremes();
    let mut number = 0;
    let mut share = |case: &Case| {
        let mut cache = Cache::default();
        // One size of every fourth tile, others in the next state: every scenario meets the narrow, the low and the
        // whole.
        for (x, y) in (0..6).flat_map(|x| (0..5).map(move |y| (x, y))).skip(number % 4).step_by(4) {
            let width = (x * WIDTHS / 6 + dice.below(11) as u16).min(WIDTHS - 1);
            let height = (y * HEIGHTS / 5 + dice.below(7) as u16).min(HEIGHTS - 1);
            tally.draw(case, &mut cache, (width, height));
        }
        tally.draw(case, &mut cache, *extremes.iter().nth(number % extremes.len()).expect("a size"));
        number += 1;
    };
    (0..BUILTIN.len()).for_each(|scenario| each_case(scenario, &mut share));
    tally.tell("share");
    tally.nothing_went_wrong();
    assert!(tally.frames > 7000);
}

#[test]
#[ignore = "all sizes take minutes: cargo test --release --test sizes -- --ignored --nocapture"]
fn every_size_with_every_scenario_in_every_state() {
    let (mut all, mut extreme) = (Tally::default(), Tally::default());
    let mut draw = |case: &Case| {
        let mut cache = Cache::default();
        for (width, height) in (0..WIDTHS).flat_map(|width| (0..HEIGHTS).map(move |height| (width, height))) {
            all.draw(case, &mut cache, (width, height));
        }
        for size in extremes() {
            extreme.draw(case, &mut cache, size);
        }
    };
    (0..BUILTIN.len()).for_each(|scenario| each_case(scenario, &mut draw));
    let p99 = all.tell("0×0 to 60×30");
    extreme.tell("extremes");
    all.nothing_went_wrong();
    extreme.nothing_went_wrong();
    assert!(all.frames + extreme.frames >= 200_000);
    assert!(p99 <= 5_000, "p99 is {}", milliseconds(p99));
}

#[test]
fn the_check_finds_what_it_is_for() {
    let ground = |area: Rect, buf: &mut Buffer| {
        for at in area.positions() {
            buf[at].set_symbol_plain(" ");
        }
    };
    assert!(frame(ground, (5, 3)).is_ok());
    let outside = frame(
        |area, buf| {
            ground(area, buf);
            buf[(area.right(), area.y)].set_symbol_plain("x");
        },
        (5, 3),
    );
    assert!(outside.is_err_and(|fault| fault.contains("outside")));
    let colour = frame(
        |area, buf| {
            ground(area, buf);
            buf[(0, 0)].set_bg(ratatui::style::Color::Red);
        },
        (5, 3),
    );
    assert!(colour.is_err_and(|fault| fault.contains("outside")));
    let hole = frame(|area, buf| ground(Rect { height: area.height - 1, ..area }, buf), (5, 3));
    assert!(hole.is_err_and(|fault| fault.contains("left out")));
    let panic = frame(|area, buf| buf[(area.right() + 2, area.y)].reset(), (5, 3));
    assert!(panic.is_err_and(|fault| fault.contains("panicked")));
}

/// Writes into a cell without the checks that it is here to test.
trait Plainly {
    fn set_symbol_plain(&mut self, symbol: &str);
}

impl Plainly for Cell {
    #[allow(clippy::disallowed_methods, reason = "a broken picture is what the check is tried on")]
    fn set_symbol_plain(&mut self, symbol: &str) {
        self.set_symbol(symbol);
    }
}
