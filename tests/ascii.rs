//! In the ASCII look only ASCII is written: on every screen, in every table and message.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

use std::process::{Command, Stdio};

use geodescent::app::{ACTIONS, Action, App, Show};
use geodescent::scenario::names::OVERLAYS;
use geodescent::scenario::{BUILTIN, Document};
use geodescent::screen::{self, Cache, Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::text::{ascii, ascii_cell};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const LABELS: &str = "version = 1\ntitle = \"Спуск über 北 → ½\"\n[model]\nfamily = \"gaussian\"\n[objective]\n\
    kind = \"forward-kl\"\ntarget = { mean = 1.0, sd = 0.5 }\n[start]\nmean = 0.0\nsd = 1.0\n[run]\nsteps = 20\n\
    [[optimizer]]\nkind = \"sgd\"\nlabel = \"Наклон η=0.1\"\n";

/// What a command writes in a locale: standard output and standard error.
fn said(arguments: &[&str], locale: (&str, &str)) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_geodescent"))
        .args(arguments)
        .env_remove("LC_CTYPE")
        .env("LANG", "en_US.UTF-8")
        .env(locale.0, locale.1)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    [output.stdout, output.stderr].concat().iter().map(|byte| char::from(*byte)).collect()
}

fn assert_ascii(text: &str, what: &str) {
    let line = text.lines().find(|line| !line.is_ascii());
    assert!(line.is_none(), "{what}: {line:?}");
}

#[test]
fn no_command_writes_more_than_ascii_in_the_c_locale() {
    let file = std::env::temp_dir().join(format!("geodescent-ascii-{}.toml", std::process::id()));
    std::fs::write(&file, LABELS).unwrap();
    let file = file.to_str().unwrap();
    let inspect = ["inspect", "gaussian", "--at", "mean=0,sd=1", "--to", "mean=2,sd=0.5"];
    let mut commands = vec![
        vec!["--help"],
        vec!["--nonsense"],
        vec!["nowhere.toml"],
        vec!["doctor"],
        vec!["list"],
        vec!["check", "--numbers", "three-charts"],
        vec!["tune", "three-charts"],
        vec!["run", file],
        vec![file],
        vec!["run", "three-charts", "--set", "optimizer.0.lr=−1"],
        inspect.to_vec(),
    ];
    for command in ["run", "check", "tune", "inspect", "list", "doctor", "reset"] {
        commands.push(vec![command, "--help"]);
    }
    for name in ["three-charts", "old-faithful", "leaves-the-family", "reward-hill", "holonomy", "trpo-race"] {
        commands.extend([vec!["run", name], vec![name], vec![name, "--size", "80x24"]]);
    }
    for command in commands {
        let text = said(&command, ("LC_ALL", "C"));
        assert!(!text.is_empty(), "{command:?}");
        assert_ascii(&text, &format!("{command:?}"));
    }
    // Formats for programs are UTF-8 everywhere.
    assert!(!said(&["run", file, "--format", "json"], ("LC_ALL", "C")).is_ascii());
    assert!(!said(&["list", "optimizers"], ("LC_ALL", "C.UTF-8")).is_ascii());
}

#[test]
fn tables_keep_their_columns() {
    let plain = said(&["run", "three-charts"], ("LC_ALL", "C"));
    let rows: Vec<&str> = plain.lines().skip(1).take(3).collect();
    let ends = |word: &str, row: &str| row.find(word).map(|at| at + word.len());
    let loss = ends(" loss", rows[0]).unwrap();
    assert!(rows[1..].iter().all(|row| row.as_bytes()[loss - 1] != b' ' && row.as_bytes()[loss] == b' '), "{plain}");
}

fn drawn(app: &App, (width, height): (u16, u16)) -> Buffer {
    let mut cache = Cache::default();
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let area = buffer.area;
    screen::draw(app, &mut cache, area, &mut buffer);
    buffer
}

fn opened(name: &str) -> Show {
    Show::open(Document::builtin(name).unwrap()).unwrap()
}

fn app(mut show: Show, style: Style) -> App {
    OVERLAYS.iter().for_each(|row| show.set_overlay(row.overlay, true));
    let mut app = App::show(show, style);
    app.work(500);
    if let Some(show) = app.shown() {
        show.seek(20);
    }
    app
}

/// Whether a character beyond ASCII may be shown.
type Allowed = fn(char) -> bool;

/// After every action, with every overlay, the help and the menu: each cell is one that the characters allow.
#[test]
fn no_screen_shows_a_character_that_is_not_there() {
    let theme = Theme { ground: Ground::Dark, depth: Depth::Ansi16 };
    let looks: [(Marker, Glyphs, Allowed); 4] = [
        (Marker::Ascii, Glyphs::Any, |_| false),
        (Marker::Ascii, Glyphs::Console, |_| false),
        (Marker::Half, Glyphs::Console, |c| "▀▄█▌▐".contains(c)),
        (Marker::Braille, Glyphs::Narrow, |c| ('\u{2800}'..='\u{28ff}').contains(&c)),
    ];
    for (marker, glyphs, allowed) in looks {
        let style = Style { theme, marker, bold: false, glyphs };
        for name in ["three-charts", "leaves-the-family", "trpo-race", "softmax"] {
            let mut app = app(opened(name), style);
            for (i, info) in ACTIONS.iter().enumerate() {
                if matches!(info.action, Action::Quit | Action::Marker) {
                    continue;
                }
                app.update(info.action);
                app.settle();
                let size = [(120, 36), (80, 24), (160, 45), (38, 11)][i % 4];
                for cell in &drawn(&app, size).content {
                    let shown = cell.symbol().chars().all(|c| c.is_ascii() || allowed(c));
                    assert!(shown, "{name} {marker:?} {glyphs:?} after {:?}: {:?}", info.action, cell.symbol());
                }
            }
        }
    }
}

/// `?` stands for what has no equivalent: no text of the program needs it.
#[test]
fn every_text_of_the_program_has_a_spelling() {
    let theme = Theme { ground: Ground::Dark, depth: Depth::Ansi16 };
    let look = |marker| Style { theme, marker, bold: false, glyphs: Glyphs::Any };
    let mut lost = Vec::new();
    for row in BUILTIN {
        // One world for all: an optimum is not searched for again.
        let world = opened(row.name).world;
        for keys in
            [&[][..], &[Action::Help], &[Action::Overlays], &[Action::Charts], &[Action::Numbers], &[Action::Measures]]
        {
            let mut app = app(Show::new(world.clone()), look(Marker::Ascii));
            keys.iter().for_each(|action| drop(app.update(*action)));
            app.settle();
            let mut marks = |marker| {
                app.style = look(marker);
                drawn(&app, (120, 36)).content.iter().filter(|cell| cell.symbol() == "?").count()
            };
            if marks(Marker::Ascii) > marks(Marker::Braille) {
                lost.push(format!("{} {keys:?}", row.name));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn users_texts_are_transliterated() {
    assert_eq!(ascii("Спуск über → ½ η ≥ 0"), "Spusk uber -> 1/2  eta >= 0");
    assert_eq!(ascii("plain"), "plain");
    assert!(ascii("北京 \u{1f600} \u{10ffff}").is_ascii());
    assert_eq!(
        ['é', 'ж', 'δ', '→', '≤', '−', '…', '\u{10ffff}'].map(ascii_cell),
        ['e', '?', 'd', '>', '<', '-', '~', '?']
    );
}
