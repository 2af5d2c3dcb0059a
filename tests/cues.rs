//! Cues do what a lecturer's hand does, and a show looks the same however one has come to a place in it.

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use common::stage::{finish, opened, press, show};
use geodescent::app::film::Film;
use geodescent::app::key::Code;
use geodescent::app::{Action, App, Autoplay, Captions, Click, Key, Layer};
use geodescent::scenario::{BUILTIN, Document, Overlay, Pane};
use geodescent::screen::{Cache, still};
use ratatui::buffer::Cell;
use ratatui::layout::Rect;

const RACE: &str = r#"
version = 1
title = "Cues"
[model]
family = "gaussian"
[objective]
kind = "forward-kl"
target = { mean = 2.0, sd = 0.5 }
[start]
mean = 0.0
sd = 1.0
[run]
steps = 60
[[optimizer]]
kind = "sgd"
lr = 0.05
[[optimizer]]
kind = "natural-gradient"
lr = 0.1
[[measure]]
of = "final"
racer = "sgd"
quantity = "loss"
"#;

const CUES: &str = r#"
[[cue]]
step = 0
ask = "Which of the two gets there first?"
say = "Natural gradient."
note = "Wait."
racers = ["natural-gradient"]
show = ["kl-ball"]
[[cue]]
step = 20
say = "In another chart."
chart = "mean-log-sd"
delta = 0.1
speed = 20
[[cue]]
step = 30
say = "Closer."
zoom = { x = [0.0, 2.5], y = [-1.0, 0.5] }
hold = true
[[cue]]
step = 40
say = "Side by side."
charts = true
hold = true
[[cue]]
step = 40
say = "And the ellipses at δ 0.01."
delta = 0.01
[[cue]]
step = 50
say = "The ellipse."
charts = false
zoom = "fit"
fill = "ellipses"
racers = ["sgd", "natural-gradient"]
hold = true
[[cue]]
step = 60
ask = "What is the loss?"
say = "That."
fill = "none"
open = "measures"
"#;

fn document(cues: &str) -> Document {
    Document::from_text("cues.toml", Path::new("."), &format!("{RACE}{cues}"))
}

fn app() -> App {
    opened(document(CUES))
}

/// The same for an action whose key scrolls a box that a cue has opened.
fn act(app: &mut App, action: Action) {
    app.update(action);
    finish(app);
    app.notice = None;
}

fn typed(app: &mut App, text: &str) {
    text.chars().for_each(|c| drop(press(app, Key::char(c))));
}

fn cells(app: &App) -> Vec<Cell> {
    still(app, &mut Cache::default(), Rect::new(0, 0, 100, 30)).content
}

/// A place in a show: a step, and whether its question waits.
type Spot = (usize, bool);

fn spot(app: &App) -> Spot {
    (show(app).timeline.step(), show(app).question().is_some())
}

/// A place among the stops of one step, too.
type Stop = (usize, Option<usize>, bool);

fn stop(app: &App) -> Stop {
    (show(app).timeline.step(), show(app).cue_place(), show(app).question().is_some())
}

/// Everything from the start to the end, key by key.
fn walk(app: &mut App, key: Key) -> Vec<(Stop, Vec<Cell>)> {
    let mut seen = vec![(stop(app), cells(app))];
    loop {
        press(app, key);
        if seen.last().is_some_and(|(last, _)| *last == stop(app)) {
            return seen;
        }
        seen.push((stop(app), cells(app)));
    }
}

fn same(here: &[Cell], there: &[Cell], what: &str) {
    let first = here.iter().zip(there).position(|(a, b)| a != b);
    assert!(first.is_none(), "{what}: {:?}", first.map(|at| (at % 100, at / 100, &here[at], &there[at])));
}

/// Forwards, backwards and by jumps, every stop of a show looks the same.
fn is_the_same_however_one_comes(mut app: App, name: &str) {
    // Once to the end: the trace shows how far the race has been seen.
    act(&mut app, Action::Last);
    act(&mut app, Action::First);
    let forwards = walk(&mut app, Key::plain(Code::PageDown));
    let there: BTreeMap<Stop, &Vec<Cell>> = forwards.iter().map(|(stop, cells)| (*stop, cells)).collect();
    let backwards = walk(&mut app, Key::plain(Code::PageUp));
    assert_eq!(backwards.len(), forwards.len(), "{name}");
    for (stop, cells) in &backwards {
        let other = there.get(stop).unwrap_or_else(|| panic!("{name}: backwards at {stop:?}"));
        same(cells, other, &format!("{name}: backwards at {stop:?}"));
    }
    // By its number, from either side: at its first stop, or at its last.
    for (from, of) in [(Action::First, false), (Action::Last, true)] {
        let mut steps: Vec<&(Stop, Vec<Cell>)> = forwards.iter().collect();
        if of {
            steps.reverse();
        }
        steps.dedup_by_key(|(stop, _)| stop.0);
        for (stop, cells_there) in steps {
            act(&mut app, from);
            if show(&app).timeline.step() == stop.0 {
                continue;
            }
            typed(&mut app, &format!("G{}", stop.0));
            press(&mut app, Key::plain(Code::Enter));
            if stop.0 > 0 {
                same(&cells(&app), cells_there, &format!("{name}: by {from:?} at {stop:?}"));
            }
        }
    }
}

#[test]
fn every_key_of_a_cue_is_the_same_forwards_backwards_and_by_jumps() {
    is_the_same_however_one_comes(app(), "cues");
}

#[test]
fn built_in_scenarios_are_the_same_forwards_backwards_and_by_jumps() {
    for builtin in BUILTIN {
        let document = Document::builtin(builtin.name).expect("a built-in scenario");
        is_the_same_however_one_comes(opened(document), builtin.name);
    }
}

#[test]
fn a_question_hides_what_answers_it() {
    let mut app = app();
    assert_eq!(spot(&app), (0, true));
    let text = |app: &App| terminal_text(app);
    assert!(text(&app).contains("Which of the two gets there first?"), "{}", text(&app));
    assert!(text(&app).contains("n shows it"), "{}", text(&app));
    assert!(text(&app).contains("hidden until n"), "{}", text(&app));
    assert!(!text(&app).contains("2.318"), "the loss is in view");
    assert!(!show(&app).overlay_now(Overlay::KlBall) && show(&app).on == [true, true]);
    press(&mut app, Key::char('n'));
    assert_eq!(spot(&app), (0, false));
    assert!(show(&app).overlay_now(Overlay::KlBall) && show(&app).on == [false, true]);
    assert!(text(&app).contains("Natural gradient.") && text(&app).contains("2.318"), "{}", text(&app));
    press(&mut app, Key::char('n'));
    assert_eq!(spot(&app), (20, false));
    // At the end racers stand at the start again until the question is answered.
    press(&mut app, Key::plain(Code::End));
    assert_eq!((spot(&app), show(&app).now()), ((60, true), 0));
    press(&mut app, Key::char('M'));
    assert!(!app.layers.has(&Layer::Measures), "the measures answer the question");
    press(&mut app, Key::char(' '));
    assert!(app.layers.has(&Layer::Measures) && show(&app).now() == 60);
    assert_eq!(show(&app).answers().len(), 1);
    // And back: asked again, then away from there.
    press(&mut app, Key::char('p'));
    assert_eq!(spot(&app), (60, true));
    press(&mut app, Key::char('p'));
    assert_eq!(spot(&app), (50, false));
}

fn terminal_text(app: &App) -> String {
    geodescent::terminal::text(&still(app, &mut Cache::default(), Rect::new(0, 0, 120, 36)))
}

#[test]
fn a_cue_takes_back_the_hand_where_it_names_the_same_thing() {
    let mut app = app();
    press(&mut app, Key::char('n'));
    press(&mut app, Key::char('}'));
    press(&mut app, Key::char('>'));
    press(&mut app, Key::char('1'));
    assert_eq!((show(&app).delta(), show(&app).timeline.rate()), (0.002, 20.0));
    press(&mut app, Key::char('n'));
    // The cue is about δ and speed, and says nothing of racers.
    assert_eq!((show(&app).delta(), show(&app).timeline.rate()), (0.1, 20.0));
    assert_eq!(show(&app).timeline.speed(), 1.0);
    assert_eq!(show(&app).on, [true, true]);
    press(&mut app, Key::char('p'));
    assert_eq!((show(&app).delta(), show(&app).timeline.speed()), (0.002, 2.0));
}

#[test]
fn a_cue_drives_chart_zoom_charts_fill_and_boxes() {
    let mut app = app();
    let at = |app: &mut App, step: usize| {
        typed(app, &format!("G{step}"));
        press(app, Key::plain(Code::Enter));
    };
    let name = |app: &App| show(app).world.family.chart(show(app).chart).info().name;
    at(&mut app, 19);
    assert_eq!(name(&app), "mean-sd");
    at(&mut app, 30);
    assert_eq!(name(&app), "mean-log-sd");
    let base = show(&app).window.base.expect("a rectangle");
    assert_eq!((base.x, base.y), ([0.0, 2.5], [-1.0, 0.5]));
    at(&mut app, 45);
    assert!(show(&app).charts.is_some());
    at(&mut app, 50);
    assert!(show(&app).charts.is_none() && show(&app).filled && show(&app).focus_now() == Pane::Ellipses);
    assert!(show(&app).window.base.is_none());
    at(&mut app, 60);
    assert!(!show(&app).filled);
    // Escape closes what a cue has opened.
    press(&mut app, Key::char('n'));
    press(&mut app, Key::plain(Code::Esc));
    assert!(!app.layers.has(&Layer::Measures));
}

#[test]
fn a_cue_picks_the_number_that_the_keys_of_rates_change() {
    let mut app = opened(document(
        "[[cue]]\nstep = 20\nsay = \"Narrower.\"\npick = \"start.sd\"\nhold = true\n[[cue]]\nstep = 40\nsay = \"End.\"\n",
    ));
    let rate = |app: &App| show(app).document().expect("a document").number_at("optimizer.0.lr").expect("a rate");
    assert_eq!(show(&app).picked(), None);
    assert!(terminal_text(&app).contains("[ ] rate"), "{}", terminal_text(&app));
    press(&mut app, Key::char('n'));
    assert_eq!(show(&app).picked().as_deref(), Some("start.sd"));
    assert!(terminal_text(&app).contains("[ ] number"), "{}", terminal_text(&app));
    press(&mut app, Key::char('['));
    let start = &show(&app).world.scenario.start;
    assert!(start == &[0.0, 0.707] && (rate(&app) - 0.05).abs() < 1e-15, "{start:?}, rate {}", rate(&app));
    // The hand's own pick lasts until another cue is about it, and before the cue the keys mean rates.
    typed(&mut app, ":pick start.mean");
    press(&mut app, Key::plain(Code::Enter));
    press(&mut app, Key::char('n'));
    assert_eq!(show(&app).picked().as_deref(), Some("start.mean"));
    press(&mut app, Key::plain(Code::Home));
    assert_eq!(show(&app).picked(), None);
}

#[test]
fn a_step_is_typed() {
    let mut app = app();
    typed(&mut app, "G17");
    assert!(terminal_text(&app).contains("step 17_ of 60"), "{}", terminal_text(&app));
    press(&mut app, Key::plain(Code::Backspace));
    press(&mut app, Key::plain(Code::Enter));
    assert_eq!(show(&app).timeline.step(), 1);
    typed(&mut app, "G61");
    app.press(Key::plain(Code::Enter));
    assert_eq!(app.notice.as_deref(), Some("there is no step 61: this race has 60"));
    assert_eq!(show(&app).timeline.step(), 1);
    typed(&mut app, "G");
    press(&mut app, Key::plain(Code::Esc));
    assert_eq!((show(&app).timeline.step(), app.layers.typed()), (1, false));
}

#[test]
fn the_timeline_is_clicked() {
    let mut app = app();
    app.click(Click::Time(0, 14));
    assert_eq!(show(&app).timeline.step(), 0);
    // A cue's cell means the cue, another one its step.
    app.click(Click::Time(4, 14));
    assert_eq!(show(&app).timeline.step(), 20);
    app.click(Click::Time(13, 14));
    assert_eq!(show(&app).timeline.step(), 60);
    app.click(Click::Time(8, 14));
    assert_eq!(show(&app).timeline.step(), 37);
}

/// Steps, questions and times of a show that plays by itself: a film of it, and live.
#[test]
fn a_show_plays_by_itself_and_ends() {
    let hold = Duration::from_secs(2);
    let mut app = app();
    let mut film = Film::new(30, hold);
    let mut stops = Vec::new();
    while let Some(frame) = film.next(app.shown().expect("a show")) {
        if matches!(show(&app).timeline.step(), 0 | 30 | 50 | 60) {
            stops.push((spot(&app), frame.at.as_millis()));
        }
    }
    // Twenty steps at ten a second, forty at twenty; seven holds of two seconds.
    let wanted = [(0, true, 0), (0, false, 2000), (30, false, 6500), (50, false, 13_500), (60, true, 16_000)];
    let late = |((step, asked), at): (Spot, u128), wanted: (usize, bool, u128)| {
        assert_eq!((step, asked), (wanted.0, wanted.1));
        // A cue's pace counts from the next frame on.
        assert!((wanted.2..wanted.2 + 40).contains(&at), "{step} at {at}");
    };
    stops.iter().zip(wanted).for_each(|(stop, wanted)| late(*stop, wanted));
    late((stops[5].0, film.length().as_millis()), (60, false, 20_000));
    let mut app = opened(document(CUES)).played(Autoplay::new(hold, true));
    let (mut lived, mut stops) = (Duration::ZERO, vec![spot(&app)]);
    while !app.over() {
        assert!(app.playing() && lived < Duration::from_secs(40), "{lived:?} {:?}", spot(&app));
        let frame = Duration::from_millis(10);
        app.advance(frame);
        finish(&mut app);
        lived += frame;
        if stops.last() != Some(&spot(&app)) && matches!(spot(&app).0, 0 | 30 | 50 | 60) {
            stops.push(spot(&app));
        }
    }
    assert_eq!(stops, [(0, true), (0, false), (30, false), (50, false), (60, true), (60, false)]);
    assert!((lived.as_secs_f64() - 20.0).abs() < 0.2, "{lived:?}");
    // A key takes over.
    let mut app = opened(document(CUES)).played(Autoplay::new(hold, true));
    app.press(Key::char('t'));
    assert!(!app.playing() && !app.over());
}

#[test]
fn captions_have_a_bar_and_large_letters() {
    let mut app = app().captioned(Captions::Bar);
    let text = terminal_text(&app);
    assert!(text.contains("cue 1 of 7") && text.contains("Which of the two gets there first?   n shows it"), "{text}");
    press(&mut app, Key::char('n'));
    press(&mut app, Key::char('P'));
    let large = terminal_text(&app);
    assert!(large.contains('▙') && !large.contains("Natural gradient."), "{large}");
    press(&mut app, Key::char('P'));
    assert!(terminal_text(&app).contains("Natural gradient."));
}

#[test]
fn what_a_cue_cannot_do_is_an_error_where_it_is_named() {
    for (cue, wanted) in [
        ("racers = [\"adam\"]", "no optimizer has the label `adam`"),
        ("racers = []", "`racers` is empty"),
        ("zoom = { x = [0.0, 1.0] }", "`y` is missing in `zoom`"),
        ("zoom = { x = [1.0, 0.0], y = [0.0, 1.0] }", "runs backwards"),
        ("zoom = \"all\"", "`zoom` must be a table or fit"),
        ("open = \"help\"", "unknown box `help`"),
        ("show = [\"kl-ball\"]\nhide = [\"paths\", \"kl-ball\"]", "shows and hides the overlay kl-ball"),
        ("open = \"numbers\"\nfocus = \"traces\"", "a step's numbers take the focus"),
        ("fill = \"ellipse\"", "unknown pane `ellipse`"),
        ("fill = \"density\"\nfocus = \"traces\"", "the pane that fills the screen has it"),
        ("delta = 0.0", "`delta` = 0.0 is out of range"),
        ("speed = 1e6", "`speed` = 1e6 is out of range"),
        ("chart = \"polar\"", "unknown chart of gaussian `polar`"),
        ("charts = 1", "`charts` must be true or false"),
        ("ask = 3", "`ask` must be text in quotes"),
        ("pick = \"start.median\"", "there is no start.median"),
    ] {
        let error = document(&format!("[[cue]]\nstep = 1\n{cue}\n")).check().expect_err(cue).to_string();
        assert!(error.contains(wanted), "{cue}: {error}");
    }
    let bare = RACE.split("[[measure]]").next().expect("text");
    let text = format!("{bare}[[cue]]\nstep = 1\nopen = \"measures\"\n");
    let error = Document::from_text("cues.toml", Path::new("."), &text).check().expect_err("no measures").to_string();
    assert!(error.contains("this scenario has no measures to open"), "{error}");
}
