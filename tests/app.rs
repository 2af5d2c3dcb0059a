//! Keys against the state: every action has its key, edits are edits of the document, and nothing depends on the order
//! in which a race is looked at.

mod common;

use std::collections::BTreeMap;
use std::time::Duration;

use common::stage::STYLE;
use geodescent::app::{ACTIONS, Action, ActionInfo, App, Click, Context, Effect, Entry, Key, Layer, Screen, Show};
use geodescent::math::Vec2;
use geodescent::measure::Tuned;
use geodescent::race::{Race, Row, World};
use geodescent::scenario::names::OVERLAYS;
use geodescent::scenario::{BUILTIN, Document, Overlay, Pane};
use proptest::prelude::*;

const CUES: &str = r#"
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
[view]
overlays = ["paths", "contours"]
[[optimizer]]
kind = "sgd"
lr = 0.02
[[optimizer]]
kind = "trpo"
[[cue]]
step = 10
say = "The ball."
show = ["kl-ball"]
hide = ["contours"]
focus = "ellipses"
[[cue]]
step = 20
say = "Hold on."
hide = ["kl-ball"]
hold = true
"#;

fn open(name: &str) -> App {
    let document = Document::builtin(name).expect("a built-in scenario");
    App::show(Show::open(document).expect("a right scenario"), STYLE)
}

fn cues() -> App {
    let document = Document::from_text("cues.toml", std::path::Path::new("."), CUES);
    App::show(Show::open(document).unwrap_or_else(|report| panic!("{report}")), STYLE)
}

fn gallery() -> App {
    let entry = |name: &str| {
        let show = Show::open(Document::builtin(name).expect("built in")).expect("right");
        Entry { name: name.to_owned(), title: show.world.scenario.title.clone(), show: Some(show), ..Entry::default() }
    };
    App::gallery(["three-charts", "trpo-race", "softmax"].map(entry).into(), STYLE)
}

fn press(app: &mut App, keys: &str) -> Effect {
    let effect = keys.split_whitespace().fold(Effect::None, |_, key| app.press(key.parse().expect("a key")));
    app.settle();
    effect
}

fn show(app: &App) -> &Show {
    match &app.screen {
        Screen::Show(show) => show,
        Screen::Gallery(_) => panic!("the gallery is on screen"),
    }
}

/// The rates that are offered.
fn offer(app: &App) -> Option<&[Tuned]> {
    app.layers.iter().find_map(|open| if let Layer::Rates(found) = &open.layer { Some(found.as_slice()) } else { None })
}

fn rows(race: &Race) -> Vec<Vec<Row<'_>>> {
    race.traces().map(|trace| trace.rows.iter().collect()).collect()
}

/// Rows are compared by their text, in which a missing number equals a missing number.
fn same(a: &Race, b: &Race) -> bool {
    format!("{:?}", rows(a)) == format!("{:?}", rows(b))
}

/// Where the keys of a row are active, a few steps into a race.
fn place_of(info: &ActionInfo) -> App {
    let of_gallery = matches!(info.context, Context::Gallery | Context::Filter);
    let mut app = if of_gallery { gallery() } else { open("three-charts") };
    press(&mut app, "→ → → ↓ +");
    let layer = match info.context {
        Context::Menu => Some(Layer::Menu),
        Context::Box | Context::Over => Some(Layer::Help),
        Context::Offer => Some(Layer::Rates(Vec::new())),
        Context::Filter => Some(Layer::Filter),
        Context::Number => Some(Layer::GoTo(String::new())),
        Context::Command => Some(Layer::Command(String::new())),
        Context::Everywhere | Context::Show | Context::Gallery => None,
    };
    layer.into_iter().for_each(|layer| app.layers.open(layer));
    app
}

#[test]
fn every_action_is_reached_by_its_keys_as_text() {
    for info in ACTIONS {
        assert!(!info.keys.is_empty(), "{}", info.id);
        for key in info.keys {
            let key: Key = key.to_string().parse().expect("a key's text is its key");
            let app = place_of(info);
            assert_eq!(app.action(key), Some(info.action), "{} {key}", info.id);
        }
    }
}

#[test]
fn no_key_means_two_things_on_one_screen() {
    for screen in [Context::Show, Context::Gallery, Context::Menu] {
        let mut seen = BTreeMap::new();
        let everywhere = |context| context == Context::Everywhere && screen != Context::Menu;
        for info in ACTIONS.iter().filter(|info| info.context == screen || everywhere(info.context)) {
            for key in info.keys {
                assert_eq!(seen.insert(*key, info.id), None, "{key} is {} as well", info.id);
            }
        }
    }
    let ids: std::collections::BTreeSet<_> = ACTIONS.iter().map(|info| info.id).collect();
    assert_eq!(ids.len(), ACTIONS.len(), "ids are unique");
}

#[test]
fn every_action_does_something_and_none_panics() {
    for info in ACTIONS {
        let mut app = place_of(info);
        let effect = app.update(info.action);
        let nothing = match info.action {
            Action::ToggleOverlay(place) => usize::from(place) >= OVERLAYS.len(),
            _ => false,
        };
        assert_eq!(effect == Effect::None, nothing, "{}", info.id);
        for other in ACTIONS {
            app.update(other.action);
        }
    }
}

#[test]
fn stepping_back_restores_overlays_and_focus() {
    let mut app = cues();
    let before = show(&app).overlays_now();
    press(&mut app, "n");
    assert_eq!(show(&app).timeline.step(), 10);
    assert!(show(&app).overlay_now(Overlay::KlBall) && !show(&app).overlay_now(Overlay::Contours));
    assert_eq!(show(&app).focus_now(), Pane::Ellipses);
    press(&mut app, "n");
    assert!(!show(&app).overlay_now(Overlay::KlBall));
    press(&mut app, "p p");
    assert_eq!(show(&app).overlays_now(), before);
    assert_eq!(show(&app).focus_now(), Pane::Landscape);
}

#[test]
fn charts_side_by_side_turn_with_tab_and_end_with_enter() {
    let mut app = cues();
    press(&mut app, "C");
    let charts = show(&app).world.family.charts().len();
    assert_eq!(show(&app).charts.as_ref().map(|side| side.order.len()), Some(charts));
    press(&mut app, "Tab Tab Shift+Tab");
    assert_eq!(show(&app).chart, show(&app).charts.as_ref().expect("shown").order[1]);
    press(&mut app, "O");
    while app.work(10_000) {}
    assert!(show(&app).charts.as_ref().is_some_and(|side| side.halved.is_some()));
    press(&mut app, "]");
    assert!(show(&app).charts.is_some(), "an edit keeps them");
    let chart = show(&app).chart;
    press(&mut app, "Enter");
    assert_eq!((show(&app).charts.is_none(), show(&app).chart, show(&app).focus_now()), (true, chart, Pane::Landscape));
    press(&mut app, "C Esc");
    assert!(show(&app).charts.is_none());
}

#[test]
fn numbers_of_a_step_are_shown_and_written() {
    let mut app = cues();
    press(&mut app, "→ x");
    assert_eq!(show(&app).focus_now(), Pane::Numbers);
    let Effect::Write { path, text } = app.update(Action::WriteNumbers) else { panic!("not written") };
    assert!(path.to_string_lossy().ends_with("-step-1.tex"), "{path:?}");
    assert!(text.contains("\\nabla L &= \\begin{pmatrix}") && text.ends_with("\\end{align*}\n"), "{text}");
    press(&mut app, "x");
    assert_eq!(show(&app).focus_now(), Pane::Landscape);
}

#[test]
fn user_overrules_a_cue_until_the_next_one() {
    let mut app = cues();
    press(&mut app, "n");
    app.update(Action::ToggleOverlay(3));
    assert!(!show(&app).overlay_now(Overlay::KlBall));
    press(&mut app, "→ → Tab");
    assert!(!show(&app).overlay_now(Overlay::KlBall));
    assert_eq!(show(&app).focus_now(), Pane::Traces);
    press(&mut app, "p p");
    assert!(!show(&app).overlay_now(Overlay::KlBall), "off before the cue, as it was opened");
    press(&mut app, "n");
    assert!(!show(&app).overlay_now(Overlay::KlBall), "the user's word on this cue stays");
}

#[test]
fn menu_of_overlays_takes_the_digits() {
    let mut app = cues();
    press(&mut app, "o 1");
    assert!(show(&app).overlay_now(Overlay::Heat));
    assert!(show(&app).on[0], "racer 1 is untouched");
    press(&mut app, "Esc 1");
    assert!(!show(&app).on[0]);
}

#[test]
fn playing_holds_where_a_cue_says_so() {
    let mut app = cues();
    press(&mut app, "space");
    for _ in 0..200 {
        app.advance(Duration::from_millis(33));
    }
    assert_eq!(show(&app).timeline.step(), 20);
    assert!(!app.playing());
    press(&mut app, "space");
    for _ in 0..400 {
        app.advance(Duration::from_millis(33));
    }
    assert_eq!(show(&app).timeline.step(), 60);
}

/// The scenario of the cues with something more in its `[view]`.
fn viewed(line: &str) -> Result<App, String> {
    let text = CUES.replace("[view]\n", &format!("[view]\n{line}\n"));
    let document = Document::from_text("cues.toml", std::path::Path::new("."), &text);
    Show::open(document).map(|show| App::show(show, STYLE)).map_err(|report| report.to_string())
}

#[test]
fn a_scenario_says_how_many_steps_a_second_it_plays() {
    for (speed, step) in [("speed = 20", 20), ("speed = 10.0", 10), ("speed = 0.5", 0), ("", 10)] {
        let mut app = viewed(speed).expect("a right scenario");
        press(&mut app, "space");
        for _ in 0..32 {
            app.advance(Duration::from_millis(33));
        }
        assert_eq!(show(&app).timeline.step(), step, "{speed}");
    }
    for wrong in ["speed = 0", "speed = -1.0", "speed = 1e300", "speed = nan", "speed = \"fast\""] {
        let said = viewed(wrong).expect_err("a wrong speed");
        assert!(said.contains("cues.toml:15:") && said.contains("`speed`"), "{said}");
    }
}

#[test]
fn another_chart_is_another_drawing_and_nothing_else() {
    let mut app = open("three-charts");
    press(&mut app, "End");
    let (before, text) = (format!("{:?}", rows(&show(&app).race)), show(&app).document().map(|d| d.text().to_owned()));
    let charts = show(&app).world.family.charts().len();
    for _ in 0..charts {
        press(&mut app, "c");
        assert_eq!(format!("{:?}", rows(&show(&app).race)), before);
    }
    assert_eq!(show(&app).document().map(|d| d.text().to_owned()), text);
}

#[test]
fn rate_is_an_edit_of_the_document() {
    let mut app = open("three-charts");
    press(&mut app, "End ↓ ]");
    let shown = show(&app);
    assert_eq!(shown.timeline.step(), shown.timeline.last(), "the playhead stays");
    let text = shown.document().expect("a document").text().to_owned();
    let opened = Document::builtin("three-charts").expect("built in");
    assert_ne!(text, opened.text());
    let (from_text, from_file) = (
        Race::run(&World::open(&Document::from_text("x", std::path::Path::new("."), &text)).expect("right")),
        Race::run(&World::open(&opened).expect("right")),
    );
    assert!(same(&shown.race, &from_text), "the race is the document's");
    assert!(!same(&shown.race, &from_file));
    press(&mut app, "[");
    assert!(same(&show(&app).race, &from_file), "and back");
    press(&mut app, "] ] r");
    assert_eq!(show(&app).document().expect("a document").text(), opened.text());
    assert_eq!((show(&app).timeline.step(), show(&app).timeline.furthest()), (0, 0));
}

#[test]
fn a_race_of_steps_that_are_none_is_run_in_slices_too() {
    // A loss without a slope: no step of TRPO is accepted.
    let text = DEAR.replace("beta\"", "gaussian\"").replace("expected-reward", "expression").replace("reward", "loss");
    let text = text.replace("\"x\"", "\"sd * 0\"").replace("alpha", "mean").replace("beta", "sd");
    let document = Document::from_text("still.toml", std::path::Path::new("."), &text);
    let mut app = App::show(Show::open(document).unwrap_or_else(|report| panic!("{report}")), STYLE);
    app.update(Action::Last);
    let show = show(&app);
    assert!(show.race.trace(0).rows.iter().skip(1).all(|row| row.status == geodescent::race::Status::NoStep));
    assert!((1000..30_000).contains(&show.race.reached()), "{}", show.race.reached());
}

#[test]
fn a_rate_costs_no_new_search_for_the_optimum() {
    let mut app = open("reward-hill");
    let loss = |app: &App| std::sync::Arc::clone(&show(app).world.objective);
    let first = loss(&app);
    app.update(Action::RaiseRate);
    app.settle();
    assert!(show(&app).edited() && std::sync::Arc::ptr_eq(&first, &loss(&app)));
    // The search begins at the start.
    app.click(Click::Point(Vec2::new(0.4, 0.9)));
    app.settle();
    assert!(!std::sync::Arc::ptr_eq(&first, &loss(&app)));
}

#[test]
fn answers_come_in_slices_once_somebody_wants_them_and_anew_after_an_edit() {
    let mut app = open("three-sgds");
    while app.work(100_000) {}
    assert!(show(&app).answers().is_empty(), "nobody has asked");
    press(&mut app, "n M M");
    assert!(app.layers.has(&Layer::Measures) && show(&app).answers().is_empty(), "the key does not wait for them");
    while app.work(100) {}
    let asked = |app: &App| show(app).answers().iter().filter(|answer| answer.holds == Some(true)).count();
    assert_eq!(asked(&app), show(&app).world.scenario.measures.len());
    press(&mut app, "]");
    assert!(show(&app).answers().is_empty(), "another race");
    while app.work(100_000) {}
    assert!(
        (1..show(&app).world.scenario.measures.len()).contains(&asked(&app)),
        "at another rate fewer verdicts hold"
    );
    press(&mut app, "Esc");
    assert!(!app.layers.has(&Layer::Measures));
}

#[test]
fn best_rates_are_one_edit_of_the_document_that_undo_takes_back() {
    let mut app = open("best-rates");
    press(&mut app, "End f");
    let before = show(&app).document().expect("a document").text().to_owned();
    while app.work(5000) {}
    let found = offer(&app).expect("an offer")[0];
    assert_eq!(found.best.map(|(_, steps)| steps), Some(17), "SGD, sd");
    press(&mut app, "Enter");
    let after = show(&app).document().expect("a document").text().to_owned();
    assert_ne!(before, after);
    assert_eq!(app.notice.as_deref(), Some("racing at the best rates · u undoes"));
    assert!(same(&show(&app).race, &Race::run(&show(&app).world)));
    press(&mut app, "u");
    assert_eq!(show(&app).document().expect("a document").text(), before);
    press(&mut app, "f ]");
    while app.work(5000) {}
    assert!(offer(&app).is_none(), "an edit ends the search");
}

#[test]
fn starts_where_it_is_told() {
    let mut app = open("three-charts");
    press(&mut app, "Shift+→ s");
    let shown = show(&app);
    assert_eq!(shown.timeline.step(), 0);
    let start = shown.world.start();
    assert_ne!(start, World::open(&Document::builtin("three-charts").expect("built in")).expect("right").start());
    assert_eq!(app.click(Click::Point(Vec2::new(1.25, 0.75))), Effect::Redraw);
    assert_eq!(show(&app).world.start(), Vec2::new(1.25, 0.75));
    assert!(show(&app).document().expect("a document").text().contains("1.25"));
    app.click(Click::Point(Vec2::new(1.0, -1.0)));
    assert!(app.notice.is_some(), "no point of the family");
    assert_eq!(show(&app).world.start(), Vec2::new(1.25, 0.75));
}

#[test]
fn a_burst_of_edits_is_all_in_the_text_and_costs_one_race() {
    let (mut burst, mut single) = (open("three-charts"), open("three-charts"));
    press(&mut burst, "End");
    press(&mut single, "End");
    for key in ["]", "]", "↓", "[", "]", "]"] {
        burst.press(key.parse().expect("a key"));
        press(&mut single, key);
    }
    assert_eq!(show(&burst).race.reached(), 0, "no race before somebody looks");
    burst.settle();
    let text = |app: &App| show(app).document().map(|document| document.text().to_owned());
    assert_eq!(text(&burst), text(&single));
    assert!(same(&show(&burst).race, &show(&single).race));
    assert_eq!(show(&burst).timeline, show(&single).timeline);
}

#[test]
fn a_key_after_an_edit_sees_the_edited_race() {
    let (mut burst, mut single) = (open("three-charts"), open("three-charts"));
    for key in ["Shift+→", "]", "s"] {
        burst.press(key.parse().expect("a key"));
        press(&mut single, key);
    }
    assert_eq!(show(&burst).world.start(), show(&single).world.start());
}

#[test]
fn what_is_written_after_fewer_steps_is_right() {
    let document = Document::from_text("cues.toml", std::path::Path::new("."), CUES);
    for steps in ["0", "15", "1000"] {
        let document = document.edit("run.steps", steps).expect("an edit").edit("run.seed", "7").expect("an edit");
        let mut app = App::show(Show::open(document).unwrap_or_else(|report| panic!("{report}")), STYLE);
        press(&mut app, "→ → ] ↓ [ s");
        app.click(Click::Point(Vec2::new(0.5, 0.25)));
        let Effect::Write { path, text } = press(&mut app, "w") else { panic!("nothing to write") };
        assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("cues-edited.toml"));
        let written = Document::from_text("x", std::path::Path::new("."), &text);
        let written = World::open(&written).unwrap_or_else(|report| panic!("{report}"));
        assert!(same(&Race::run(&written), &Race::run(&show(&app).world)), "{steps}");
    }
}

#[test]
fn writes_what_was_edited_beside_the_file() {
    let mut app = open("three-charts");
    press(&mut app, "]");
    match press(&mut app, "w") {
        Effect::Write { path, text } => {
            assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("three-charts-edited.toml"));
            assert!(World::open(&Document::from_text("x", std::path::Path::new("."), &text)).is_ok());
        }
        other => panic!("{other:?}"),
    }
}

/// A reward on a family whose integrals are dear, with a line search that looks at many of them.
const DEAR: &str = r#"
version = 1
title = "Dear"
[model]
family = "beta"
[objective]
kind = "expected-reward"
reward = "x"
[start]
alpha = 2.6
beta = 3.9
[run]
steps = 100000
[[optimizer]]
kind = "trpo"
backtracks = 73
[[optimizer]]
kind = "sgd"
lr = 0.01
"#;

#[test]
fn a_key_makes_few_steps_where_they_are_dear_and_the_playhead_waits_for_them() {
    let document = Document::from_text("dear.toml", std::path::Path::new("."), DEAR);
    let mut app = App::show(Show::open(document).unwrap_or_else(|report| panic!("{report}")), STYLE);
    app.update(Action::Last);
    // A step is two values with their slopes at least, each some hundred steps of a plain race.
    let reached = show(&app).race.reached();
    assert!((1..=40).contains(&reached), "{reached} steps of {:?}", show(&app).wanted());
    assert_eq!(show(&app).wanted(), Some(100_000));
    app.update(Action::PlayPause);
    for _ in 0..10 {
        app.advance(Duration::from_hours(1));
        let show = show(&app);
        assert!(show.timeline.step() <= show.race.reached() && show.timeline.playing());
    }
    assert!(show(&app).race.reached() < 1000);
}

#[test]
fn gallery_reads_a_scenario_when_it_is_chosen() {
    let mut app = App::gallery(Entry::builtins(), STYLE);
    app.leave_out(Overlay::Heat);
    let read = |app: &App| -> Vec<bool> {
        let Screen::Gallery(gallery) = &app.screen else { panic!("the gallery is on screen") };
        gallery.entries.iter().map(|entry| entry.show.is_some()).collect()
    };
    for chosen in 0..BUILTIN.len() {
        assert_eq!(read(&app), (0..BUILTIN.len()).map(|place| place <= chosen).collect::<Vec<_>>());
        press(&mut app, "down");
    }
    let Screen::Gallery(gallery) = &app.screen else { panic!("the gallery is on screen") };
    for entry in &gallery.entries {
        let show = entry.show.as_ref().expect("read");
        assert_eq!((&entry.title, &entry.notes), (&show.world.scenario.title, &show.world.scenario.notes));
        assert!(!show.overlay_now(Overlay::Heat), "{}", entry.name);
    }
}

#[test]
fn a_text_that_cannot_be_read_has_no_headline() {
    let headline = |text: &str| Document::from_text("here.toml", std::path::Path::new("."), text).headline();
    assert_eq!(headline("title = \"One\"\nnotes = \"Two\\nlines.\""), Some(("One".into(), "Two lines.".into())));
    assert_eq!(headline("version = 1"), Some(("here.toml".into(), String::new())));
    for wrong in ["title = 3", "title = \"a\\u001Bb\"", "titel = \"a\"", "title = \"a", "notes = []"] {
        assert_eq!(headline(wrong), None, "{wrong}");
    }
}

#[test]
fn gallery_opens_and_comes_back() {
    let mut app = gallery();
    press(&mut app, "↓ Enter → →");
    assert_eq!(show(&app).timeline.step(), 2);
    press(&mut app, "Enter Esc");
    assert!(!show(&app).filled);
    press(&mut app, "Esc");
    assert!(matches!(&app.screen, Screen::Gallery(gallery) if gallery.chosen == 1));
    press(&mut app, "Enter");
    assert_eq!(show(&app).timeline.step(), 2, "as it was left");
    let mut alone = open("three-charts");
    press(&mut alone, "Esc");
    assert_eq!(alone.notice.as_deref(), Some("q quits"), "nothing to go back to");
}

fn chosen(app: &App) -> &Entry {
    let Screen::Gallery(gallery) = &app.screen else { panic!("the gallery is on screen") };
    gallery.entry().expect("an entry")
}

#[test]
fn a_show_opened_by_name_leads_to_the_gallery_and_back() {
    let mut app = open("softmax").with_shelf(Entry::builtins);
    press(&mut app, "→ → Esc");
    assert_eq!((chosen(&app).name.as_str(), chosen(&app).chapter.as_str()), ("softmax", "Geometry"));
    press(&mut app, "Enter");
    assert_eq!(show(&app).timeline.step(), 2, "as it was left");
    // One that is not built in is listed first.
    let mut app = cues().with_shelf(Entry::builtins);
    press(&mut app, "→ Esc");
    assert_eq!(chosen(&app).title, "Cues");
    press(&mut app, "↓");
    assert_eq!(chosen(&app).name, BUILTIN[0].name);
    press(&mut app, "↑ Enter");
    assert_eq!((show(&app).world.scenario.title.as_str(), show(&app).timeline.step()), ("Cues", 1));
}

#[test]
fn keys_and_clicks_reach_every_chapter_of_the_gallery() {
    let mut app = App::gallery(Entry::builtins(), STYLE);
    let chapters: Vec<String> = match &app.screen {
        Screen::Gallery(gallery) => gallery.chapters().iter().map(|(name, _)| (*name).to_owned()).collect(),
        Screen::Show(_) => panic!("the gallery is on screen"),
    };
    assert_eq!(chapters, ["The lesson", "Races", "Data", "Geometry", "Traps", "Policies"]);
    let last = &BUILTIN[BUILTIN.len() - 1];
    for (keys, chapter) in [("→", 1), ("3", 2), ("→ → →", 5), ("←", 4), ("9", 4), ("1", 0), ("G", 5), ("Home", 0)]
    {
        press(&mut app, keys);
        assert_eq!(chosen(&app).chapter, chapters[chapter], "{keys}");
    }
    for (keys, name) in [
        ("End", last.name),
        ("Home PageDown", BUILTIN[10].name),
        ("PageDown PageUp", BUILTIN[10].name),
        ("Home PageUp", BUILTIN[0].name),
        ("G PageDown", last.name),
    ] {
        press(&mut app, keys);
        assert_eq!(chosen(&app).name, name, "{keys}");
    }
    app.click(Click::Chapter(1));
    assert_eq!(chosen(&app).chapter, "Races");
    app.click(Click::Entry(3));
    assert_eq!(chosen(&app).name, BUILTIN[3].name);
    app.click(Click::Entry(3));
    assert_eq!(show(&app).world.scenario.title, chosen_title(3));
}

fn chosen_title(place: usize) -> String {
    Document::of_builtin(&BUILTIN[place]).headline().expect("built in").0
}

#[test]
fn a_key_without_an_action_says_so() {
    let mut app = open("three-charts");
    assert_eq!(press(&mut app, "z"), Effect::Redraw);
    assert_eq!(app.notice.as_deref(), Some("z is not bound · ? shows keys"));
    press(&mut app, "O");
    assert_eq!(app.notice.as_deref(), Some("O compares charts side by side: press C first"));
    press(&mut app, "9");
    assert_eq!(app.notice.as_deref(), Some("there is no racer 9: this race has 6"));
    press(&mut app, "b");
    assert_eq!(press(&mut app, "z"), Effect::None, "a blank screen stays blank");
}

#[test]
fn what_a_key_changes_out_of_sight_is_told() {
    let mut app = open("three-charts");
    for (keys, told) in [
        ("]", "lr 0.02 → 0.0283, SGD (mean, sd) · u undoes"),
        ("[", "lr 0.0283 → 0.02, SGD (mean, sd) · u undoes"),
        (">", "speed 1× → 2×: 20 steps per second"),
        ("< < < <", "speed 0.25× → 0.1×: 1 step per second"),
        ("m", "lines braille thin → braille heavy"),
        ("m", "lines braille heavy → octant thin"),
    ] {
        press(&mut app, keys);
        assert_eq!(app.notice.as_deref(), Some(told), "{keys}");
    }
    app.click(Click::Point(Vec2::new(-0.051_23, 0.92)));
    assert_eq!(app.notice.as_deref(), Some("start mean 0 → −0.0512, sd 1 → 0.92 · u undoes"));
    // What the lecturer says next is not hidden by it.
    let mut app = cues();
    press(&mut app, "space >");
    assert!(app.notice.is_some());
    for _ in 0..20 {
        app.advance(Duration::from_millis(33));
    }
    assert_eq!((app.notice.as_deref(), show(&app).cue_place()), (None, Some(0)));
}

#[test]
fn the_best_rates_are_asked_for_and_taken_back_without_the_start() {
    let mut app = cues();
    app.click(Click::Point(Vec2::new(0.5, 1.5)));
    let text = |app: &App| show(app).document().expect("a document").text().to_owned();
    let search = |app: &mut App| {
        press(app, "f");
        while app.work(1 << 14) {}
    };
    let clicked = text(&app);
    search(&mut app);
    let offered = offer(&app).expect("an offer");
    assert_eq!(offered.iter().map(|tuned| tuned.racer).collect::<Vec<_>>(), [0, 1], "every racer");
    assert_eq!(text(&app), clicked, "nothing is changed before the answer");
    press(&mut app, "n");
    assert!(offer(&app).is_none());
    assert_eq!((text(&app), show(&app).timeline.step()), (clicked.clone(), 0), "n is an answer, not the next cue");
    search(&mut app);
    press(&mut app, "y");
    assert_ne!(text(&app), clicked);
    press(&mut app, "u");
    assert_eq!(text(&app), clicked, "the clicked start stays");
    assert!(show(&app).edited());
    press(&mut app, "r");
    assert_eq!(text(&app), CUES);
    search(&mut app);
    press(&mut app, "Enter ] r");
    assert_eq!(text(&app), CUES, "restart restores the document as it was opened");
}

#[test]
fn edits_are_undone_and_redone_one_by_one_with_their_races() {
    let mut app = open("three-charts");
    let state = |app: &App| {
        let shown = show(app);
        assert_eq!(shown.world.scenario, shown.document().expect("a document").check().expect("right"));
        shown.document().expect("a document").text().to_owned()
    };
    let mut states = vec![state(&app)];
    press(&mut app, "]");
    app.settle();
    assert_eq!(app.notice.as_deref(), Some("lr 0.02 → 0.0283, SGD (mean, sd) · u undoes"));
    states.push(state(&app));
    app.click(Click::Point(Vec2::new(0.5, 1.5)));
    app.settle();
    states.push(state(&app));
    press(&mut app, "r");
    let opened = state(&app);
    assert_eq!(opened, states[0], "restart is an edit, too");
    states.push(opened);
    for earlier in states.iter().rev().skip(1) {
        press(&mut app, "u");
        assert_eq!(&state(&app), earlier);
    }
    press(&mut app, "u");
    assert_eq!(app.notice.as_deref(), Some("there is no edit to undo"));
    for later in &states[1..] {
        press(&mut app, "U");
        assert_eq!(&state(&app), later);
    }
    press(&mut app, "U");
    assert_eq!(app.notice.as_deref(), Some("there is no edit to redo"));
    // Both keys say which edit it was, and how to go the other way.
    press(&mut app, "u u u");
    assert_eq!(app.notice.as_deref(), Some("undone: lr 0.02 → 0.0283, SGD (mean, sd) · U redoes it"));
    press(&mut app, "U");
    assert_eq!(app.notice.as_deref(), Some("redone: lr 0.02 → 0.0283, SGD (mean, sd) · u undoes it"));
    press(&mut app, "U U");
    // A new edit drops what was undone.
    press(&mut app, "u u ]");
    app.settle();
    press(&mut app, "U");
    assert_eq!(app.notice.as_deref(), Some("there is no edit to redo"));
}

#[test]
fn help_is_turned_without_moving_the_show() {
    let mut app = cues();
    press(&mut app, "→ ?");
    for (keys, page) in [("PageDown", 1), ("↓", 2), ("PageDown", 2), ("Home", 0), ("End", 2), ("↑", 1), ("?", 2)] {
        app.layers.top_mut().expect("the help").scroll.fit(2);
        press(&mut app, keys);
        let at = app.layers.top().map(|help| help.scroll.at);
        assert_eq!((at, show(&app).timeline.step()), (Some(page), 1), "{keys}");
    }
    press(&mut app, "?");
    assert!(!app.layers.has(&Layer::Help), "after the last page it goes away");
}

#[test]
fn measures_are_kept_back_until_the_race_has_been_seen_or_somebody_insists() {
    let mut app = open("three-sgds");
    // The answer to its first question comes first.
    press(&mut app, "n M");
    while app.work(1 << 14) {}
    assert!(app.layers.has(&Layer::Measures) && show(&app).withheld() && show(&app).answers().is_empty());
    press(&mut app, "M");
    while app.work(1 << 14) {}
    assert!(!show(&app).withheld());
    assert_eq!(show(&app).answers().len(), show(&app).world.scenario.measures.len());
    press(&mut app, "M");
    assert!(!app.layers.has(&Layer::Measures));
    let mut app = open("three-sgds");
    press(&mut app, "End");
    while app.work(1 << 14) {}
    press(&mut app, "M");
    assert!(app.layers.has(&Layer::Measures) && !show(&app).withheld());
}

#[test]
fn a_preview_plays_once_and_leaves_the_show_alone() {
    let mut app = gallery();
    let frames = |app: &mut App| {
        let mut frames = 0;
        while app.playing() {
            app.advance(Duration::from_millis(50));
            frames += 1;
            assert!(frames < 1000, "it ends");
        }
        frames
    };
    assert!((119..130).contains(&frames(&mut app)), "six seconds");
    let step = |app: &App| app.current().map(|show| show.timeline.step());
    assert_eq!(step(&app), Some(200));
    assert!(!app.advance(Duration::from_secs(1)) && !app.unfinished(), "it rests");
    press(&mut app, "↓");
    assert!(app.playing());
    assert_eq!(step(&app), Some(0));
    press(&mut app, "?");
    assert!(!app.playing(), "not under the help");
    press(&mut app, "Esc");
    frames(&mut app);
    press(&mut app, "Enter");
    assert_eq!((show(&app).timeline.step(), show(&app).timeline.furthest()), (0, 0), "the show itself begins anew");
    press(&mut app, "Esc");
    assert!(!app.playing(), "once");
    press(&mut app, "Enter ] Esc");
    assert!(app.playing(), "what was changed is another race");
}

#[test]
fn filter_takes_letters_until_enter() {
    let mut app = gallery();
    press(&mut app, "/ q s o f t");
    let Screen::Gallery(gallery) = &app.screen else { panic!("still the gallery") };
    assert_eq!((gallery.filter.as_str(), gallery.listed().count()), ("qsoft", 0));
    press(&mut app, "Esc / s o f t Enter Enter");
    assert!(matches!(app.screen, Screen::Show(_)));
    assert_eq!(press(&mut app, "Ctrl+l"), Effect::Repaint);
    assert_eq!(press(&mut app, "Ctrl+c"), Effect::Quit);
    let mut app = self::gallery();
    assert_eq!(press(&mut app, "/ a Ctrl+c"), Effect::Quit, "even while typing");
}

#[test]
fn help_and_menu_close_before_anything_else() {
    let mut app = cues();
    press(&mut app, "Enter ? Esc");
    assert!(!app.layers.has(&Layer::Help) && show(&app).filled);
    press(&mut app, "b");
    assert!(app.layers.has(&Layer::Blank));
    press(&mut app, "→");
    assert!(!app.layers.has(&Layer::Blank));
    assert_eq!(show(&app).timeline.step(), 1);
}

#[test]
fn layers_close_one_by_one_from_the_top() {
    let mut app = cues();
    press(&mut app, "o M ?");
    for (layer, key) in [(Layer::Help, "?"), (Layer::Measures, "Esc"), (Layer::Menu, "Esc")] {
        assert_eq!(app.layers.top().map(|open| open.layer.title()), Some(layer.title()));
        app.layers.top_mut().expect("a layer").scroll.fit(0);
        press(&mut app, key);
        assert!(!app.layers.has(&layer));
    }
    assert!(app.layers.top().is_none() && !show(&app).filled);
}

#[test]
fn a_question_waits_for_its_answer() {
    let mut app = open("best-rates");
    press(&mut app, "f");
    while app.work(5000) {}
    press(&mut app, "]");
    assert_eq!(app.notice.as_deref(), Some("first an answer: y or n"));
    assert!(offer(&app).is_some() && !show(&app).edited());
    press(&mut app, "?");
    assert!(app.layers.has(&Layer::Help), "with help");
    press(&mut app, "Esc Esc");
    assert!(offer(&app).is_none() && app.layers.top().is_none());
}

#[test]
fn the_key_bar_is_that_of_the_topmost_layer() {
    let words = |app: &App| app.bar().iter().map(|line| format!("{} {}", line.keys, line.text)).collect::<Vec<_>>();
    let has = |app: &App, word: &str| words(app).iter().any(|line| line == word);
    let mut app = cues();
    assert!(has(&app, "c chart") && !has(&app, "Esc close"));
    press(&mut app, "o");
    assert!(has(&app, "Esc close") && !has(&app, "c chart"), "c turns an overlay on: {:?}", words(&app));
    let mut app = gallery();
    assert!(has(&app, "/ filter") && has(&app, "q quit"));
    press(&mut app, "/");
    assert!(has(&app, "Enter keep") && has(&app, "Ctrl+c quit") && has(&app, "F1 help") && !has(&app, "/ filter"));
    press(&mut app, "q u");
    assert!(matches!(&app.screen, Screen::Gallery(gallery) if gallery.filter == "qu"), "they are letters");
}

#[test]
fn a_key_that_does_nothing_says_so() {
    let mut app = open("three-charts");
    for (keys, told) in [
        ("←", "this is the start"),
        ("End →", "this is the last step"),
        ("↑", "this is the first racer"),
        ("}", "δ 0.001 → 0.002"),
        ("d", "the end of geodesics has not been moved"),
        ("a", "α 0 → 0.25 · the overlay geodesics is off"),
        ("g", "the next grid · the overlay chart-grid is off"),
    ] {
        press(&mut app, keys);
        assert_eq!(app.notice.as_deref(), Some(told), "{keys}");
    }
    press(&mut app, "} } } } } } } } } }");
    assert_eq!(app.notice.as_deref(), Some("δ stays at 1: it goes no further"));
    let mut app = gallery();
    press(&mut app, "↑");
    assert_eq!(app.notice.as_deref(), Some("the list goes no further"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_way_through_a_race_leaves_the_same_rows(seeks in prop::collection::vec((0usize..250, 0usize..3), 0..20)) {
        let mut app = open("three-charts");
        let Screen::Show(shown) = &mut app.screen else { unreachable!() };
        for (step, kind) in seeks {
            match kind {
                0 => shown.seek(step),
                1 => drop(shown.work(step)),
                _ => {
                    shown.timeline.toggle();
                    shown.advance(Duration::from_millis(step as u64));
                }
            }
        }
        while shown.work(1000) {}
        prop_assert!(same(&shown.race, &Race::run(&shown.world)));
    }
}
