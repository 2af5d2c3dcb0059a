//! Pictures and recordings from outside: the same bytes on every run, what decoders and a terminal make of them, and
//! clear errors.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use geodescent::app::{App, Show};
use geodescent::scenario::{BUILTIN, Document};
use geodescent::screen::{Cache, Depth, Glyphs, Ground, Marker, Part, Style, Theme, still, still_part};
use ratatui::layout::Rect;
use serde_json::Value;

/// Runs the program with an environment that says everything else than its flags.
fn geodescent(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_geodescent"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .env("TERM", "linux")
        .env("LC_ALL", "C")
        .env("COLUMNS", "33")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn bytes(arguments: &[&str]) -> Vec<u8> {
    let output = geodescent(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn text(arguments: &[&str]) -> String {
    String::from_utf8(bytes(arguments)).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn style(ground: Ground) -> Style {
    let theme = Theme { ground, depth: Depth::True };
    Style { theme, marker: Marker::Braille, bold: false, glyphs: Glyphs::Any }
}

fn opened(name: &str) -> Show {
    Show::open(Document::builtin(name).unwrap()).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn a_picture_is_the_same_on_every_run_and_in_every_environment() {
    for format in ["text", "ansi", "svg", "png"] {
        // A geodesic that is searched for in the background is in it, too.
        for name in ["three-charts", "holonomy"] {
            let here = ["render", name, "--step", "20", "--size", "80x24", "--format", format];
            let once = bytes(&here);
            assert!(once.len() > 500 && once == bytes(&here), "{name} {format}");
            let mut elsewhere = Command::new(env!("CARGO_BIN_EXE_geodescent"));
            let other =
                elsewhere.args(here).env_clear().env("TERM", "xterm-kitty").env("COLORFGBG", "0;15").output().unwrap();
            assert!(other.stdout == once, "{name} {format}");
        }
    }
}

/// Every scenario at three sizes and on both grounds: the whole screen, and every pane that it has a use for.
#[test]
fn every_scenario_is_drawn_to_its_end() {
    for row in BUILTIN {
        for (width, height) in [(80, 24), (120, 36), (200, 60)] {
            let area = Rect::new(0, 0, width, height);
            let mut app = App::show(opened(row.name), style(Ground::Dark));
            while app.work(1 << 16) {}
            let show = app.shown().unwrap();
            show.seek(show.world.scenario.steps);
            let mut cache = Cache::default();
            let dark = still(&app, &mut cache, area);
            app.style = style(Ground::Light);
            let light = still(&app, &mut cache, area);
            assert!(dark.content.iter().any(|cell| cell.symbol() != " "), "{}", row.name);
            assert_ne!(dark, light, "{} {width}x{height}", row.name);
        }
    }
}

#[test]
fn the_end_of_a_show_has_its_answers_and_a_step_is_what_the_show_comes_to() {
    let text = |more: &[&str]| {
        let all = [&["render", "ellipse-meaning", "--size", "120x36"][..], more].concat();
        String::from_utf8(geodescent(&all).stdout).expect("text")
    };
    let (end, step) = (text(&[]), text(&["--step", "1"]));
    assert!(end.contains("Eightfold") && !end.contains("hidden until"), "{end}");
    assert!(step.contains("Halve the step h") && step.contains("hidden until"), "{step}");
    let plain = String::from_utf8(geodescent(&["ellipse-meaning"]).stdout).expect("text");
    assert!(plain.contains("Eightfold"), "{plain}");
}

#[test]
fn every_pane_stands_alone_or_says_why_it_cannot() {
    for part in Part::ALL {
        for name in ["three-charts", "three-sgds", "softmax"] {
            let mut show = opened(name);
            match part.prepare(&mut show) {
                Err(reason) => {
                    let why = reason.contains("needs") || show.world.scenario.measures.is_empty();
                    assert!(reason.len() > 20 && why, "{name} {reason}");
                }
                Ok(()) => {
                    while show.work(1 << 16) {}
                    for (width, height) in [(1, 1), (20, 6), (60, 20)] {
                        let area = Rect::new(0, 0, width, height);
                        let cells = still_part(&show, part, style(Ground::Light), &mut Cache::default(), area);
                        assert_eq!(cells.area, area);
                    }
                }
            }
        }
    }
    let pane = text(&["render", "three-sgds", "--pane", "measures", "--size", "100x20", "--step", "0"]);
    assert!(pane.contains("Measures") && !pane.contains("Landscape") && !pane.contains("…"), "{pane}");
    let pane = text(&["render", "three-charts", "--pane", "gap", "--size", "60x20"]);
    assert!(pane.contains("Invariance gap") && pane.contains("Gap at this step"), "{pane}");
    // At the last step a curve ends at the edge of the picture; its glyph is in it.
    let curve = pane.lines().take_while(|line| !line.contains("Gap at this step")).collect::<String>();
    assert!(curve.contains('●'), "{pane}");
}

#[test]
fn a_step_is_the_one_that_was_asked_for_and_nothing_beyond_it_is_seen() {
    let [first, last, default] = [&["--step", "0"][..], &["--step", "200"], &[]]
        .map(|step| text(&[&["render", "three-charts", "--size", "120x36"][..], step].concat()));
    assert!(first.contains(" 0/200") && last.contains("200/200") && last == default);
    assert_ne!(first, last);
}

#[test]
fn the_name_of_a_file_decides_the_format_and_links_are_followed() {
    let folder = folder("pictures-format");
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    for (name, start) in
        [("a.png", &b"\x89PNG\r\n\x1a\n"[..]), ("a.svg", b"<svg "), ("a.txt", b" geodescent"), ("A.PNG", b"\x89PNG")]
    {
        assert!(bytes(&["render", "three-charts", "--size", "60x20", "-o", &at(name)]).is_empty());
        assert!(std::fs::read(folder.join(name)).unwrap().starts_with(start), "{name}");
    }
    assert!(bytes(&["render", "three-charts", "--format", "svg", "-o", "-"]).starts_with(b"<svg "));
    let output = geodescent(&["render", "three-charts", "-o", &at("a.jpeg")]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && told.contains("jpeg") && told.contains("png"), "{told}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 4);
}

#[test]
fn wrong_names_and_sizes_are_refused_with_what_to_write() {
    for (arguments, words) in [
        (&["render", "three-charts", "--size", "0x20"][..], "1x1"),
        (&["render", "three-charts", "--size", "60000x60000"], "600x250"),
        (&["render", "three-charts", "--size", "-3x4"], "120x36"),
        (&["render", "three-charts", "--size", "80"], "120x36"),
        (&["render", "three-charts", "--pane", "landscap"], "did you mean `landscape`"),
        (&["render", "three-charts", "--pane", "xyz"], "ellipses"),
        (&["render", "three-charts", "--pane", "measures"], "no measures"),
        (&["render", "three-charts", "--step", "201"], "ends at step 200"),
        (&["render", "three-charts", "--step", "-1"], "whole number from 0"),
        (&["render", "three-charts", "--format", "gif"], "svg"),
        (&["render", "three-charts", "--theme", "auto"], "light"),
        (&["render", "three-chart"], "three-charts"),
        (&["record", "three-charts"], "--output"),
        (&["record", "three-charts", "-o", "-", "--fps", "0"], "1..=120"),
        (&["record", "three-charts", "-o", "-", "--hold", "nan"], "0 to 3600"),
        (&["record", "three-charts", "-o", "-", "--hold", "-1"], "0 to 3600"),
        (&["record", "three-charts", "-o", "-", "--steps", "600000"], "at most one"),
    ] {
        let output = geodescent(arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
    }
    for arguments in
        [["render", "three-charts", "-o", "/no/folder/a.svg"], ["record", "three-charts", "-o", "/no/folder/a"]]
    {
        let output = geodescent(&arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("cannot write /no/folder/a") && told.lines().count() == 1, "{told}");
    }
}

#[test]
fn svg_is_well_formed_and_small_and_its_text_is_text() {
    for theme in ["dark", "light"] {
        let svg = text(&["render", "three-charts", "--size", "200x60", "--theme", theme, "--format", "svg"]);
        assert!(svg.len() < 1 << 20, "{}", svg.len());
        assert!(
            svg.contains(">natural gradient</text>") && svg.contains("<title>One Gaussian, three coordinate systems<")
        );
        for foreign in ["<image", "href", "NaN", "inf", "<script", " id=", "<style"] {
            assert!(!svg.contains(foreign), "{foreign}");
        }
        let (open, close) = (svg.matches("<text ").count(), svg.matches("</text>").count());
        assert!(open > 20 && open == close);
    }
}

/// The events of a recording: time, code, text.
fn events(cast: &str) -> Vec<(f64, String, String)> {
    let parse = |line: &str| -> Value { serde_json::from_str(line).unwrap() };
    let one = |event: Value| {
        (event[0].as_f64().unwrap(), event[1].as_str().unwrap().to_owned(), event[2].as_str().unwrap().to_owned())
    };
    cast.lines().skip(1).map(parse).map(one).collect()
}

/// A terminal that is not ours ends with the picture that `render` makes of the last step.
#[test]
fn a_recording_ends_with_the_last_picture_and_is_the_same_on_every_run() {
    for (name, theme) in [("three-charts", "dark"), ("holonomy", "light")] {
        let record = ["record", name, "-o", "-", "--size", "80x24", "--steps", "40", "--theme", theme, "--fps", "10"];
        let cast = text(&record);
        assert!(cast == text(&record), "{name}");
        let picture = text(&["render", name, "--size", "80x24", "--steps", "40", "--theme", theme]);
        let mut terminal = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        let mut last = 0.0;
        for (at, code, text) in events(&cast) {
            assert!(at >= last, "{name}: {at} after {last}");
            last = at;
            if code == "o" {
                terminal.process(text.as_bytes());
            }
        }
        let seen: Vec<String> = terminal.screen().rows(0, 80).map(|row| row.trim_end().to_owned()).collect();
        assert_eq!(seen, picture.lines().collect::<Vec<_>>(), "{name}");
        assert!(terminal.screen().hide_cursor());
    }
}

#[test]
fn a_recording_is_as_long_as_the_show_with_its_holds_and_has_its_cues_as_markers() {
    let show = opened("three-charts");
    let (scenario, hold) = (&show.world.scenario, 2.0);
    let holds = scenario.cues.iter().filter(|cue| cue.hold && cue.step < scenario.steps).count() as f64;
    let length = scenario.steps as f64 / scenario.view.speed + hold * (holds + 1.0);
    let v2 = events(&text(&["record", "three-charts", "-o", "-", "--size", "60x20", "--hold", "2"]));
    let v3 = events(&text(&["record", "three-charts", "-o", "-", "--size", "60x20", "--hold", "2", "--v3"]));
    let markers: Vec<&str> = v2.iter().filter(|event| event.1 == "m").map(|event| event.2.as_str()).collect();
    assert_eq!(markers, scenario.cues.iter().map(|cue| cue.say.as_str()).collect::<Vec<_>>());
    let end = v2.last().unwrap().0;
    // A step is seen in the frame after its moment: half of a thirtieth late on average, again after each hold.
    assert!((end - length).abs() <= (holds + 1.0) / 30.0 + 0.002, "{end} {length}");
    assert_eq!(v2.len(), v3.len());
    let sum: f64 = v3.iter().map(|event| event.0).sum();
    assert!((sum - end).abs() < 1e-6, "{sum} {end}");
    assert!(v2.iter().zip(&v3).all(|(a, b)| (&a.1, &a.2) == (&b.1, &b.2)));
}
