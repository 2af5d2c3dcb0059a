//! What holds for any input: files, formulas, keys, sizes. `cargo test` draws a share; this
//! tries any number, with the cost of the worst:
//!
//!     PROPTEST_CASES=100000 cargo test --release --test properties -- --nocapture
//!
//! The inputs are the same in every run; `PROPTEST_RNG_SEED=7` draws others.
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "texts are made piece by piece, and not in a hurry"
)]
#![expect(clippy::disallowed_macros, reason = "a test prints what it has measured")]

mod check;
#[path = "../common/mod.rs"]
mod common;
mod limits;
mod make;
mod measure;

use std::path::{Path, PathBuf};
use std::time::Duration;

use common::allowed::printable;
use common::dice::Dice;
use geodescent::app::look::{Depth, Glyphs, Ground, Marker, Style, Theme};
use geodescent::app::{ACTIONS, App, Effect, Show};
use geodescent::race::World;
use geodescent::scenario::{BUILTIN, Document};
use geodescent::screen::{self, Cache};
use geodescent::terminal::LARGEST;
use measure::hold;
use proptest::prelude::*;
use ratatui::layout::Rect;

const SPLINTERS: [&str; 24] = [
    "=",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "\"\"\"",
    ".",
    ",",
    "#",
    "\n",
    "\\u0000",
    "\\",
    "\u{202e}",
    "\u{1b}",
    "nan",
    "-inf",
    "1e999",
    "99999999999999999999",
    "0x7f",
    "1979-05-27",
    "[[optimizer]]",
    "漢",
];

/// What was found once is tried each time. Half of these degrees of freedom is zero.
const FOUND: [&str; 1] =
    ["version = 1\n[model]\nfamily = \"student-t\"\ndf = 5e-324\n[objective]\nkind = \"reverse-kl\"\n\
    target = { location = 0.5, scale = 1.2 }\n[start]\nlocation = 1e-3\nscale = 2.5\n[run]\nsteps = 1\n\
    [[optimizer]]\nkind = \"trpo\"\n"];

#[test]
fn what_was_found_once_stays_mended() {
    FOUND.iter().for_each(|text| check::scenario(text));
}

/// Cuts out a piece of a text and puts something else there.
fn damage(text: &str, at: usize, length: usize, splinter: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at % (characters.len() + 1);
    let end = (at + length).min(characters.len());
    let head: String = characters[..at].iter().collect();
    let tail: String = characters[end..].iter().collect();
    format!("{head}{splinter}{tail}")
}

/// Cuts and what is put there.
fn cuts() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((any::<usize>(), 0..12_usize, 0..SPLINTERS.len()), 1..4)
}

/// A stream of numbers from which something is made.
fn dice() -> impl Strategy<Value = Dice> {
    any::<u64>().prop_map(Dice::new)
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn damaged_scenarios_are_refused_with_words_or_are_races() {
    let strategy = (0..BUILTIN.len(), cuts()).prop_map(|(which, cuts)| {
        cuts.iter().fold(BUILTIN[which].text.to_owned(), |text, (at, length, splinter)| {
            damage(&text, *at, *length, SPLINTERS[*splinter])
        })
    });
    hold("scenario, damaged", &strategy, |text| check::scenario(text));
}

#[test]
fn written_scenarios_are_refused_with_words_or_are_races() {
    let strategy = dice().prop_map(|mut dice| make::scenario(&mut dice));
    hold("scenario, written", &strategy, |text| check::scenario(text));
    let right = (0..200).filter(|seed| {
        let text = make::scenario(&mut Dice::new(*seed));
        World::open(&Document::from_text("race.toml", Path::new("."), &text)).is_ok()
    });
    let right = right.count();
    assert!((20..190).contains(&right), "{right} of 200 are right: only one half of the property is tried");
}

#[test]
fn edits_of_any_path_and_value_never_panic() {
    let part = prop::sample::select(vec![
        "optimizer",
        "0",
        "1",
        "7",
        "lr",
        "kind",
        "run",
        "steps",
        "start",
        "sd",
        "target",
        "objective",
        "view",
        "x",
        "cue",
        "say",
        "title",
        "",
        "\u{1b}",
        "model",
        "family",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "1",
            "-1",
            "nan",
            "{}",
            "[]",
            "[[1]]",
            "{ a = 1 }",
            "\"x\"",
            "x",
            "",
            "\n",
            "\u{1b}[2J"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let strategy = prop::collection::vec((prop::collection::vec(part, 1..5), value), 1..4);
    hold("scenario, edited", &strategy, |edits| {
        let mut document = Document::builtin("three-charts").expect("a scenario");
        for (path, value) in edits {
            match document.edit(&path.join("."), value) {
                Ok(edited) => document = edited,
                Err(report) => check::fit_to_print(&report),
            }
            check::checked(&document);
        }
    });
}

#[test]
fn tables_of_data_are_refused_with_words_or_are_numbers() {
    let folder = folder("properties-csv");
    let noise = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(prop::sample::select(b"x,1.5\"\r\n \t-e\0;\xef\xbb\xbf\xff".to_vec()), 0..300),
    ];
    let table = dice().prop_map(|mut dice| make::table(&mut dice));
    let strategy = (prop_oneof![2 => table, 1 => noise], any::<bool>(), 0..4_usize)
        .prop_map(|(bytes, named, family)| (if named { [b"x\n".as_slice(), &bytes].concat() } else { bytes }, family));
    hold("csv", &strategy, |(bytes, family)| drop(check::csv(bytes, &folder, *family)));
}

#[test]
fn numbers_come_out_of_a_table_as_they_went_in() {
    let folder = folder("properties-round");
    let number = any::<f64>().prop_filter("finite", |x| x.is_finite());
    let strategy = (prop::collection::vec(number, 1..40), any::<bool>());
    hold("csv, there and back", &strategy, |(numbers, quoted)| {
        let cell = |x: &f64| if *quoted { format!("\"{x:?}\",a\r\n") } else { format!("{x:e},\n") };
        let text = "x,y\n".to_owned() + &numbers.iter().map(cell).collect::<String>();
        let read = check::csv(text.as_bytes(), &folder, 0);
        // A loss that is not finite is no fault of the table.
        let read = read.expect("a right table");
        assert!(read.iter().map(|x| x.to_bits()).eq(numbers.iter().map(|x| x.to_bits())), "{read:?}");
    });
}

#[test]
fn expressions_are_refused_at_a_place_or_have_a_value_everywhere() {
    let piece = prop::sample::select(vec![
        "mean", "sd", "1", "2.5", "1e", "1e300", ".", "+", "-", "*", "/", "^", "**", "(", ")", "((((((((", "sin(",
        "max(", "lgamma(", "abs", ",", " ", "pi", "e", "²", "×", "\u{1b}", "漢", "=", "--------",
    ]);
    let pieces = prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat());
    let made = (dice(), 0..12_usize).prop_map(|(mut dice, depth)| make::formula(&mut dice, ["mean", "sd"], depth));
    let strategy = prop_oneof![2 => pieces, 4 => made, 1 => any::<String>()];
    hold("expression", &strategy, |text| check::expression(text));
}

#[test]
fn keys_of_any_keyboard_change_the_app_and_nothing_breaks() {
    let piece = prop_oneof![
        4 => (0..ACTIONS.len(), 0..4_usize).prop_map(|(action, key)| typed(action, key)),
        2 => prop::collection::vec(any::<u8>(), 1..6),
        2 => prop::sample::select(vec![
            "\x1b[A", "\x1b[D", "\x1b[1;2C", "\x1b[5~", "\x1b[200~", "\x1b[201~", "\x1b[<64;3;4M", "\x1b[<0;20;10M", "\x1b[M",
            "\x1b]0;x\x07", "\x1bP", "\x1b[0n", "\x1bOP", "\x1b", "é", "漢", "\x1b[", "/", "\r", "\t", "\x7f", "w",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let strategy = (any::<[u8; 3]>(), prop::collection::vec(piece, 0..24))
        .prop_map(|(head, pieces)| [head.to_vec(), pieces.concat()].concat());
    hold("keys", &strategy, |bytes| check::keys(bytes));
}

/// The bytes of one of an action's keys, where it is a character.
fn typed(action: usize, key: usize) -> Vec<u8> {
    let keys = ACTIONS[action].keys;
    let Some(key) = keys.get(key % keys.len().max(1)) else { return vec![b' '] };
    key.typed().map_or_else(|| b"\x1b[B".to_vec(), |c| c.to_string().into_bytes())
}

#[test]
fn every_action_in_any_order_leaves_an_app_that_can_be_drawn() {
    let strategy = (any::<u8>(), prop::collection::vec(0..ACTIONS.len(), 1..24));
    hold("actions", &strategy, |(first, actions)| {
        let mut app = check::app(usize::from(*first));
        for action in actions {
            let effect = app.update(ACTIONS[*action].action);
            check::sound(&mut app, &effect);
            if effect == Effect::Quit {
                assert_eq!(ACTIONS[*action].id, "quit");
            }
        }
        screen::redraw(&app, &mut Cache::default(), Rect::new(0, 0, 100, 30));
    });
    let done: std::collections::HashSet<_> = ACTIONS.iter().map(|row| row.id).collect();
    assert_eq!(done.len(), ACTIONS.len(), "an action that no key does");
}

/// A size: most often one that a window may have.
fn size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        12 => (0..90_u16, 0..40_u16),
        4 => (0..240_u16, 0..70_u16),
        1 => (0..=LARGEST.0, 0..=LARGEST.1).prop_filter("one side", |(w, h)| *w < 20 || *h < 20),
    ]
}

#[test]
fn any_scenario_is_drawn_at_any_size_in_any_state() {
    let look = (0..4_usize, 0..4_usize, any::<bool>(), any::<bool>()).prop_map(|(depth, marker, light, bold)| Style {
        theme: Theme {
            ground: if light { Ground::Light } else { Ground::Dark },
            depth: [Depth::None, Depth::Ansi16, Depth::Ansi256, Depth::True][depth],
        },
        marker: Marker::ALL[marker],
        bold,
        glyphs: Glyphs::Any,
    });
    let actions = prop::collection::vec(0..ACTIONS.len(), 0..8);
    let strategy = (dice(), look, actions, 0..80_usize, prop::collection::vec(size(), 1..3));
    hold("pictures", &strategy, |(dice, look, actions, step, sizes)| {
        let mut dice = dice.clone();
        let text = make::scenario(&mut dice);
        let document = Document::from_text("race.toml", Path::new("."), &text);
        // What is refused is drawn all the same, with a built-in scenario in its place.
        let built = || Document::builtin(BUILTIN[dice.clone().below(BUILTIN.len())].name).expect("a scenario");
        let show = Show::open(document).or_else(|_| Show::open(built())).expect("a right scenario");
        let mut app = App::show(show, *look);
        if let Some(show) = app.shown() {
            show.work(200);
            show.timeline.seek((*step).min(show.race.reached()));
        }
        let mut cache = Cache::default();
        for (width, height) in sizes {
            for action in actions.iter().filter(|action| ACTIONS[**action].id != "quit") {
                app.update(ACTIONS[*action].action);
                app.settle();
            }
            app.advance(Duration::from_millis(40));
            let area = Rect::new(0, 0, *width, *height);
            let screen = screen::redraw(&app, &mut cache, area).cells();
            assert_eq!(screen.area, area);
            for cell in &screen.content {
                assert!(cell.symbol().chars().all(printable), "{:?} at {width}×{height} of\n{text}", cell.symbol());
            }
        }
    });
}
