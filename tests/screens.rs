//! Whole screens: the text of the rows that people read, that every size can be drawn, that nothing is drawn outside.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

mod common;

use std::sync::Arc;

use common::three_charts;

use common::stage::STYLE;
use geodescent::app::action::help_lines;
use geodescent::app::{Action, App, Context, Entry, Group, Layer, Screen, Show};
use geodescent::family::{self, ChartId, Family};
use geodescent::figure;
use geodescent::math::Vec2;
use geodescent::objective::Data;
use geodescent::objective::divergence::{Direction, Divergence};
use geodescent::objective::likelihood::Likelihood;
use geodescent::plot::cells;
use geodescent::race::World;
use geodescent::registry::{Setting, Settings};
use geodescent::scenario::{BUILTIN, Document, Pane};
use geodescent::screen::{self, Cache, Depth, Glyphs, Ground, Marker, Style, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The race of the pictures, seen up to step 60, with the playhead at `step`.
fn show_of(world: World, step: usize) -> Show {
    let mut show = Show::new(world);
    show.race.extend(60);
    show.timeline.seek(60);
    show.timeline.seek(step);
    show.timeline.toggle();
    show.timeline.change_speed(1);
    show
}

fn show(step: usize) -> Show {
    show_of(three_charts(), step)
}

/// The same with a racer that leaves the family.
fn diverged() -> Show {
    let mut world = three_charts();
    let kind = world.scenario.racers[2].kind;
    world.scenario.racers[2].settings.set(&kind.fields[0], Setting::Number(1.2));
    let mut show = show_of(world, 14);
    show.chosen = 2;
    show
}

/// The same with one racer more than there are colours.
fn seven() -> World {
    let mut world = three_charts();
    let mut racer = world.scenario.racers[4].clone();
    "分布の族 with a long label \u{1b}[31m\u{202e}".clone_into(&mut racer.label);
    world.scenario.racers.push(racer);
    world
}

fn screen(app: &App, width: u16, height: u16) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let (mut buf, mut cache) = (Buffer::empty(area), Cache::default());
    screen::draw(app, &mut cache, area, &mut buf);
    // A landscape may not be known in the first frame, nor what its contours are above.
    cache.finish();
    screen::draw(app, &mut cache, area, &mut buf);
    (0..height).map(|y| (0..width).map(|x| buf[(x, y)].symbol()).collect()).collect()
}

fn has(screen: &[String], row: usize, text: &str) {
    assert!(screen[row].contains(text), "row {row} lacks {text:?}: {:?}", screen[row]);
}

#[test]
fn rows_of_the_wide_screen() {
    let app = App::show(show(30), STYLE);
    let screen = screen(&app, 120, 36);
    has(&screen, 0, " geodescent  One Gaussian, three coordinate systems ");
    assert!(screen[0].ends_with("▸ 2×  ••┃•──────•─── 30/200 "), "{:?}", screen[0]);
    has(&screen, 1, "╭ Landscape mean × sd ─");
    has(&screen, 16, "╭ Density p(x), target filled ─");
    has(&screen, 25, "─ 0 ──");
    has(&screen, 25, "─ x ─╯");
    has(&screen, 26, "╭ Trace loss, log ─");
    has(&screen, 26, "╭ Racers ─");
    has(&screen, 27, "│     racer                  KL step     loss  │");
    has(&screen, 28, "│▌1 ● SGD (mean, sd)          4.8e−5   1.0908  │");
    has(&screen, 29, "│ 2 ◆ SGD (mean, log sd)      3.2e−5   1.1214  │");
    has(&screen, 30, "│ 3 ▲ SGD (mean, variance)    1.3e−4   0.9872  │");
    has(&screen, 31, "│ 4 ■ natural gradient        4.6e−4   0.4456  │");
    has(&screen, 32, "│ 5 ✚ Adam                    1.7e−4   0.8520  │");
    // One number alone is no scale.
    has(&screen, 34, "─ 40 ─");
    has(&screen, 34, "─ 60 ─");
    has(&screen, 34, "─ step ─╯");
    has(&screen, 35, "▌ SGD aims two ways, the natural gradient a third.");
    assert!(screen[35].ends_with("[ ] rate  n cue  ? help  q quit "), "{:?}", screen[35]);
}

#[test]
fn rows_of_the_narrow_screen() {
    let app = App::show(show(30), STYLE);
    let narrow = screen(&app, 80, 24);
    assert!(narrow[0].ends_with(" ▸ 2×  30/200 "), "{:?}", narrow[0]);
    has(&narrow, 14, "╭ Racers ─");
    has(&narrow, 15, "│▌1 ● SGD (mean, sd)           1.0908  │");
    has(&narrow, 19, "│ 5 ✚ Adam                     0.8520  │");
    // A show whose captions do not fit beside the keys has a row for them.
    assert_eq!(narrow[22].trim_end(), "▌ SGD aims two ways, the natural gradient a third.");
    assert!(narrow[23].ends_with(" ? help  q quit "), "{:?}", narrow[23]);
    let tiny = screen(&app, 38, 11);
    // The cue at step 12 has focused the ellipses.
    assert!(tiny[10].starts_with(" 2 of 6 panes  Tab next  ? help "), "{:?}", tiny[10]);
    assert_eq!(screen(&app, 1, 1), [" "]);
}

#[test]
fn a_dead_racer_says_where_and_why() {
    let app = App::show(diverged(), STYLE);
    has(&screen(&app, 120, 36), 30, "▌3 ✗ SGD (mean, variance)     left at step 11 │");
    has(&screen(&app, 200, 60), 54, "left family at step 11: variance ≤ 0 │");
}

#[test]
fn nothing_beyond_the_furthest_step_is_told() {
    let mut short = Show::new(three_charts());
    short.race.extend(10);
    short.timeline.seek(10);
    let mut long = Show::new(three_charts());
    long.race.extend(200);
    long.timeline.seek(10);
    let area = Rect::new(0, 0, 160, 45);
    let marks = |show: &Show, pane: Pane| {
        let (room, mut buf) = (cells::room(area, STYLE), Buffer::empty(area));
        let figure = figure::pane(show, pane, room, &mut figure::Memo::default());
        cells::draw(&figure, &mut cells::Memo::default(), STYLE, false, area, &mut buf);
        buf
    };
    for pane in [Pane::Traces, Pane::Density, Pane::Racers] {
        assert_eq!(marks(&short, pane), marks(&long, pane));
    }
}

/// How far the topmost layer can be scrolled.
fn fit(app: &mut App, width: u16, height: u16) -> usize {
    screen::fit(app, Rect::new(0, 0, width, height));
    app.layers.top().unwrap().scroll.limit()
}

#[test]
fn help_comes_from_the_table_of_actions() {
    let mut app = App::show(show(30), STYLE);
    app.layers.open(Layer::Help);
    let screen = screen(&app, 80, 24);
    assert!(screen[1].starts_with("╭╭ Help keys ─"), "{:?}", screen[1]);
    has(&screen, 1, " 1 of 2  ? next page ─");
    has(&screen, 2, "│ Out ");
    has(&screen, 3, "│ q         quit");
    has(&screen, 3, "Tab       next pane");
    has(&screen, 22, "╰──");
}

#[test]
fn all_of_the_help_can_be_read_at_every_size() {
    for (width, height) in [(200, 60), (120, 36), (80, 24), (60, 20), (40, 12)] {
        let mut app = App::show(show(30), STYLE);
        app.layers.open(Layer::Help);
        let mut read = String::new();
        for page in 0..=fit(&mut app, width, height) {
            app.layers.top_mut().unwrap().scroll.at = page;
            read += &screen(&app, width, height).join("\n");
        }
        for group in Group::ALL {
            for line in help_lines(group, &[Context::Show, Context::Everywhere]) {
                let whole = width >= 80;
                let text = if whole { line.text } else { &line.text[..line.text.len().min(8)] };
                assert!(read.contains(line.keys.as_str()) && read.contains(text), "{width}×{height}: {line:?}");
            }
        }
        for words in ["Marks", "What am I looking at?", "contour: loss", "left the family"] {
            assert!(read.contains(words), "{width}×{height}: {words}");
        }
        if width >= 80 {
            assert!(!read.contains("…") || width < 80, "nothing is cut");
        }
    }
}

#[test]
fn the_way_out_is_told_at_every_size_beside_every_caption() {
    let mut held = Show::open(Document::builtin("three-charts").unwrap()).unwrap();
    let first = held.world.scenario.cues.iter().find(|cue| cue.hold).unwrap().step;
    held.seek(first);
    let mut apps = vec![App::show(held, STYLE), App::show(show(30), STYLE), App::gallery(Vec::new(), STYLE)];
    apps.push(App::show(show(30), Style { marker: Marker::Ascii, ..STYLE }));
    apps[1].notice =
        Some("a message that is as long as a message can be and then some, so that all of it cannot stand".into());
    for app in &apps {
        for (width, height) in [(200, 60), (120, 36), (80, 24), (60, 20), (40, 12), (40, 5)] {
            let last = screen(app, width, height).pop().unwrap();
            assert!(last.contains("? help  ") && last.contains("q quit"), "{width}×{height}: {last:?}");
        }
    }
}

#[test]
fn a_hold_says_why_it_stops_and_how_to_go_on() {
    let mut show = Show::open(Document::builtin("three-charts").unwrap()).unwrap();
    let (place, cue) = show.world.scenario.cues.iter().enumerate().find(|(_, cue)| cue.hold).unwrap();
    let (words, step, count) = (cue.say.clone(), cue.step, show.world.scenario.cues.len());
    show.seek(step);
    let app = App::show(show, STYLE);
    for (width, height) in [(200, 60), (120, 36), (80, 24)] {
        let last = screen(&app, width, height).pop().unwrap();
        // On a narrow screen what the lecturer says is not cut for it.
        assert!(last.contains("space goes on") || last.contains(&words), "{width}×{height}: {last:?}");
        if width > 80 {
            assert!(last.contains(&format!("▌ cue {} of {count} · {words}", place + 1)), "{last:?}");
        }
    }
}

#[test]
fn only_losses_that_have_a_unit_are_told_in_it() {
    for (name, told) in [
        ("three-charts", "contours loss in nats"),
        ("old-faithful", "contours loss above the least in nats"),
        ("reward-hill", "contours loss above the least "),
        ("rosenbrock", "contours loss "),
    ] {
        let app = App::show(Show::open(Document::builtin(name).unwrap()).unwrap(), STYLE);
        has(&screen(&app, 200, 60), 1, told);
        let nats = screen(&app, 200, 60)[1].contains("nats");
        assert_eq!(nats, told.ends_with("nats"), "{name}");
    }
}

#[test]
fn a_seed_is_told_only_where_something_is_drawn_with_it() {
    for (name, drawn) in [("three-charts", false), ("old-faithful", true), ("ozone-gamma", false)] {
        let app = App::show(Show::open(Document::builtin(name).unwrap()).unwrap(), STYLE);
        assert_eq!(screen(&app, 120, 36)[0].contains("seed"), drawn, "{name}");
    }
}

#[test]
fn racers_less_than_a_decade_apart_have_rows_of_their_own_in_the_trace() {
    let mut show = Show::open(Document::builtin("three-sgds").unwrap()).unwrap();
    show.seek(50);
    // The natural gradient is not shown there yet.
    assert!(show.toggle_racer(3));
    let screen = screen(&App::show(show, STYLE), 80, 24);
    let trace: Vec<String> = screen[18..23].iter().map(|row| row.chars().take(39).collect()).collect();
    let rows = trace.iter().filter(|row| ['●', '◆', '▲', '■'].iter().any(|glyph| row.contains(*glyph))).count();
    assert!(rows >= 2, "{trace:#?}");
}

#[test]
fn taglines_are_whole_or_not_at_all() {
    let app = App::gallery(Entry::builtins(), STYLE);
    for (width, height) in [(200, 60), (120, 36), (80, 24)] {
        let screen = screen(&app, width, height);
        for row in &screen[1..usize::from(height) - 1] {
            let list: String = row.chars().take(usize::from(width) * 9 / 20).collect();
            assert!(!list.contains('…'), "{width}×{height}: {list:?}");
        }
        for builtin in BUILTIN.iter().filter(|builtin| builtin.chapter == BUILTIN[0].chapter) {
            let title = Document::of_builtin(builtin).headline().unwrap().0;
            assert!(screen.iter().any(|row| row.contains(&title)), "{width}×{height}: {title}");
        }
    }
}

/// The table of a race too big for paths, by keys.
#[test]
fn a_cell_of_the_table_of_steps_opens_its_race_and_esc_returns() {
    let mut app = App::show(Show::open(Document::builtin("every-optimizer").unwrap()).unwrap(), STYLE);
    app.update(Action::PanDown);
    app.update(Action::PanRight);
    let table = screen(&app, 120, 36);
    assert!(table[1].contains("Steps to 0.0001") && table[1].contains("28 races"), "{}", table[1]);
    app.update(Action::Fill);
    assert!(screen(&app, 120, 36)[1].contains("Landscape"));
    let Screen::Show(show) = &app.screen else { panic!("a show") };
    assert_eq!(show.on.iter().filter(|on| **on).count(), 1);
    assert_eq!(show.world.scenario.racers[show.chosen].label, "AdaGrad, log sd");
    app.update(Action::Back);
    assert_eq!(screen(&app, 120, 36), table);
    // A click on the third number of the first row does the same.
    let (mut cache, area) = (Cache::default(), Rect::new(0, 0, 120, 36));
    screen::draw(&app, &mut cache, area, &mut Buffer::empty(area));
    let column = table[2].find("variance").map(|at| table[2][..at].chars().count()).expect("a heading");
    app.click(cache.laid().hit((column as u16, 3)).expect("a cell"));
    let Screen::Show(show) = &app.screen else { panic!("a show") };
    assert_eq!((show.world.scenario.racers[show.chosen].label.as_str(), show.tabled()), ("SGD, variance", false));
    // Where paths can be told apart the same key fills the screen.
    let mut few = App::show(show_of(three_charts(), 0), STYLE);
    few.update(Action::Fill);
    assert!(matches!(&few.screen, Screen::Show(show) if show.filled));
}

#[test]
fn every_racer_has_a_mark_of_its_own_and_the_table_keeps_its_heading() {
    let mut show = Show::open(Document::builtin("every-optimizer").unwrap()).unwrap();
    let racers = show.world.scenario.racers.len();
    for depth in [Depth::Ansi16, Depth::Ansi256, Depth::True] {
        let style = Style { theme: Theme { ground: Ground::Dark, depth }, ..STYLE };
        let marks: std::collections::HashSet<_> =
            (0..32).map(|racer| (style.glyph(racer), style.racer_bold(racer).fg)).collect();
        assert_eq!(marks.len(), 32, "{depth:?}");
    }
    show.chosen = racers - 1;
    let label = show.world.scenario.racers[racers - 1].label.clone();
    let app = App::show(show, STYLE);
    for (width, height) in [(200, 60), (120, 36), (80, 24)] {
        let screen = screen(&app, width, height);
        assert!(screen.iter().any(|row| row.contains("racer ") && row.contains("loss")), "{width}×{height}");
        let start: String = label.chars().take(8).collect();
        let chosen = |row: &String| row.contains(&format!("▌{racers} ")) && row.contains(&start);
        assert!(screen.iter().any(chosen), "{width}×{height}");
    }
}

#[test]
fn all_measures_can_be_read_at_every_size() {
    let mut show = Show::open(Document::builtin("three-sgds").unwrap()).unwrap();
    show.seek(show.world.scenario.steps);
    show.want_answers(true);
    while show.work(1 << 14) {}
    let texts: Vec<String> = show.answers().iter().map(|answer| answer.text.clone()).collect();
    let mut app = App::show(show, STYLE);
    for (width, height) in [(200, 60), (120, 36), (80, 24)] {
        app.layers.open(Layer::Measures);
        let mut read = String::new();
        for first in 0..=fit(&mut app, width, height) {
            app.layers.top_mut().unwrap().scroll.at = first;
            read += &screen(&app, width, height).join("\n");
        }
        for text in &texts {
            let tail: Vec<&str> = text.split_whitespace().rev().take(1).collect();
            assert!(read.contains(tail[0]), "{width}×{height}: {text}");
        }
    }
}

fn apps() -> Vec<App> {
    let entry = |i: usize| Entry {
        name: format!("scenario-{i}"),
        title: format!("Scenario {i}"),
        notes: "One sentence. Another one that is longer.".to_owned(),
        show: (i != 3).then(|| show(30)),
        ..Entry::default()
    };
    let mut apps =
        vec![App::show(show(30), STYLE), App::show(diverged(), STYLE), App::show(show_of(seven(), 0), STYLE)];
    apps.push(App::gallery((0..5).map(entry).collect(), STYLE));
    apps.push(App::gallery(vec![], STYLE));
    for (i, pane) in Pane::ALL.into_iter().enumerate() {
        let mut show = show(60);
        let quantity = show.quantities()[i % 5];
        (show.filled, show.quantity, show.log) = (i % 2 == 0, quantity, i % 2 == 0);
        show.set_focus(pane);
        let depth = [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True][i % 4];
        let style = Style {
            theme: Theme { ground: Ground::Light, depth },
            marker: Marker::ALL[i % 4],
            bold: i % 2 == 1,
            glyphs: Glyphs::Any,
        };
        let mut app = App::show(show, style);
        [Layer::Help, Layer::Menu].into_iter().skip(i.wrapping_sub(1)).take(1).for_each(|layer| app.layers.open(layer));
        apps.push(app);
    }
    apps
}

#[test]
fn every_size_is_drawn_and_nothing_outside() {
    let sizes = (0..=130_u16).step_by(19).chain([1, 2, 3, 39, 40, 59, 60, 99, 100]);
    let sizes: Vec<(u16, u16)> =
        sizes.flat_map(|w| (0..=45).step_by(9).chain([1, 2, 3, 11, 12, 19, 29]).map(move |h| (w, h))).collect();
    for app in apps() {
        let mut cache = Cache::default();
        for &(width, height) in &sizes {
            let area = Rect::new(2, 1, width, height);
            let mut buf = Buffer::filled(Rect::new(0, 0, width + 4, height + 2), ratatui::buffer::Cell::new("#"));
            screen::draw(&app, &mut cache, area, &mut buf);
            let outside = buf.area.positions().filter(|at| !area.contains(*at));
            assert!(outside.into_iter().all(|at| buf[at].symbol() == "#"), "{width}×{height}");
            // Half of the area lies outside of the buffer: what is outside is lost, and nothing else happens.
            screen::draw(&app, &mut cache, Rect::new(width / 2 + 2, 1, width, height), &mut buf);
        }
    }
}

#[test]
fn text_from_outside_carries_no_control_characters() {
    let app = App::show(show_of(seven(), 30), STYLE);
    for row in screen(&app, 160, 45) {
        assert!(!row.contains(char::is_control), "{row:?}");
    }
}

#[test]
fn a_blank_screen_is_blank() {
    let mut app = App::show(show(30), STYLE);
    app.layers.open(Layer::Blank);
    assert!(screen(&app, 80, 24).iter().all(|row| row.trim().is_empty()));
}

/// One SGD on another family: from its example to a target or to data.
fn elsewhere(name: &str, start: Vec2, target: Vec2, data: Option<Vec<f64>>) -> Show {
    let mut world = three_charts();
    let family: Arc<dyn Family> = (family::find(name).unwrap().build)(&Settings::default());
    world.scenario.racers.truncate(1);
    world.scenario.racers[0].chart = ChartId::CANONICAL;
    world.scenario.start = start.as_slice().to_vec();
    world.objective = match data {
        Some(values) => Arc::new(Likelihood::new(Arc::clone(&family), Data::new(values, None), start)),
        None => Arc::new(Divergence::new(Arc::clone(&family), target, Direction::Forward)),
    };
    world.family = family;
    show_of(world, 30)
}

#[test]
fn outcomes_are_drawn_as_bars() {
    let app = App::show(elsewhere("categorical", Vec2::new(0.6, 0.3), Vec2::new(0.2, 0.2), None), STYLE);
    let screen = screen(&app, 120, 36);
    has(&screen, 30, "─ x ─╯");
    has(&screen, 30, "─ 1 ─");
    has(&screen, 30, "─ 3 ─");
    assert_eq!(screen[20..30].iter().map(|row| row.chars().skip(72).filter(|c| *c == '●').count()).sum::<usize>(), 3);
}

#[test]
fn a_race_whose_least_loss_is_unknown_is_traced_by_the_loss_itself() {
    for step in [0, 20] {
        let mut show = Show::open(Document::builtin("policy-collapse").unwrap()).unwrap();
        show.seek(step);
        while show.work(100_000) {}
        while show.next_stop() {}
        let app = App::show(show, STYLE);
        let screen = screen(&app, 120, 36);
        let top = screen.iter().position(|row| row.contains("Trace loss, linear")).expect("the trace");
        let trace: Vec<String> = screen[top..].iter().map(|row| row.chars().take(72).collect()).collect();
        // Each racer's glyph once, and none below the axis.
        for glyph in ['●', '◆'] {
            assert_eq!(trace.iter().flat_map(|row| row.chars()).filter(|c| *c == glyph).count(), 1, "{trace:#?}");
        }
        assert!(trace.iter().all(|row| !row.contains('▾')), "{trace:#?}");
        has(&screen, 1, "contours loss above the least in view ");
    }
}

#[test]
fn crosses_are_explained_at_every_width() {
    let app = App::show(show(30), STYLE);
    for ((width, height), words) in [((80, 24), "× least"), ((120, 36), "× lowest loss"), ((160, 45), "× lowest loss")]
    {
        has(&screen(&app, width, height), 1, words);
    }
}

#[test]
fn data_are_filled_and_the_loss_is_told_above_the_least() {
    let data = (0..200).map(|i| f64::from(i % 40) / 10.0).collect();
    let app = App::show(elsewhere("gaussian", Vec2::new(0.0, 1.0), Vec2::zeros(), Some(data)), STYLE);
    let screen = screen(&app, 120, 36);
    assert!(screen.iter().any(|row| row.contains("Density p(x), data filled")));
    assert!(screen.iter().any(|row| row.contains("Trace loss above the least, log")));
    assert!(screen.iter().any(|row| row.contains(" data ")));
}
