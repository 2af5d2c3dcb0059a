//! Nothing that a file or an edit says makes the checker panic, and every complaint is short and safe to print.

use std::path::Path;

use geodescent::scenario::{BUILTIN, Document};
use proptest::prelude::*;

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

/// Cuts out a piece of a text and puts something else there.
fn damage(text: &str, at: usize, length: usize, splinter: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at % (characters.len() + 1);
    let end = (at + length).min(characters.len());
    let head: String = characters[..at].iter().collect();
    let tail: String = characters[end..].iter().collect();
    format!("{head}{splinter}{tail}")
}

fn complaint_is_fit_to_print(document: &Document) {
    if let Err(report) = document.check() {
        let text = report.to_string();
        assert!(text.len() < 65536 && !text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
        assert!(!report.brief().contains('\n'));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_scenarios_are_refused_without_a_panic(
        which in 0..BUILTIN.len(),
        cuts in prop::collection::vec((any::<usize>(), 0..12_usize, 0..SPLINTERS.len()), 1..4),
    ) {
        let damaged = cuts.iter().fold(BUILTIN[which].text.to_owned(), |text, (at, length, splinter)| {
            damage(&text, *at, *length, SPLINTERS[*splinter])
        });
        complaint_is_fit_to_print(&Document::from_text("damaged.toml", Path::new("scenarios"), &damaged));
    }

    #[test]
    fn edits_of_any_path_and_value_never_panic(
        edits in prop::collection::vec((
            prop::collection::vec(prop::sample::select(vec![
                "optimizer", "0", "1", "7", "lr", "kind", "run", "steps", "start", "sd", "target", "objective", "view", "x",
                "cue", "say", "title", "", "\u{1b}", "model", "family",
            ]), 1..5),
            prop_oneof![
                prop::sample::select(vec!["1", "-1", "nan", "{}", "[]", "[[1]]", "{ a = 1 }", "\"x\"", "x", "", "\n", "\u{1b}[2J"])
                    .prop_map(str::to_owned),
                any::<String>(),
            ],
        ), 1..4),
    ) {
        let mut document = Document::builtin("three-charts").expect("a scenario");
        for (path, value) in edits {
            match document.edit(&path.join("."), &value) {
                Ok(edited) => document = edited,
                Err(report) => prop_assert!(!report.to_string().chars().any(|c| c.is_control() && c != '\n')),
            }
            complaint_is_fit_to_print(&document);
        }
    }
}
