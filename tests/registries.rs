//! One file and one row suffice: whatever the program knows of an optimizer, a family, an objective, an overlay, a quantity,
//! a pane or a key comes from its row.
//!
//! No other code asks for a row by its name, and everything that lists rows lists all of them.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::sources::sources;
use geodescent::app::action::{ACTIONS, Context, Group, help_lines};
use geodescent::family::FAMILIES;
use geodescent::objective::OBJECTIVES;
use geodescent::optimizer::OPTIMIZERS;
use geodescent::problem::policy::POLICIES;
use geodescent::problem::process::PROCESSES;
use geodescent::problem::quantities::QUANTITIES;
use geodescent::scenario::names::OVERLAYS;
use geodescent::scenario::{MEASURES, Pane};
use geodescent::screen::Part;

/// The names of a registry's rows, what `list` calls it, and the files in which a row may say its own name.
fn registries() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    vec![
        ("processes", "problem/process/", PROCESSES.iter().map(|row| row.name).collect()),
        ("policies", "problem/policy/", POLICIES.iter().map(|row| row.name).collect()),
        ("optimizers", "optimizer/", OPTIMIZERS.iter().map(|row| row.name).collect()),
        ("families", "family/", FAMILIES.iter().map(|row| row.name).collect()),
        ("objectives", "objective/", OBJECTIVES.iter().map(|row| row.name).collect()),
        ("overlays", "scenario/names.rs", OVERLAYS.iter().map(|row| row.name).collect()),
        ("quantities", "problem/quantities.rs", QUANTITIES.iter().map(|row| row.name).collect()),
        ("measures", "scenario/measures.rs", MEASURES.iter().map(|row| row.name).collect()),
        ("panes", "scenario/names.rs", Pane::ALL.iter().map(|pane| pane.name()).collect()),
    ]
}

/// The lines of code of a file, without comments and tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let program = text.split("#[cfg(test)]").next().unwrap_or("");
    program
        .lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line))
        .filter(|(_, line)| !line.trim().starts_with("//"))
}

/// Whether a line decides by a name: compares it, matches it, or looks it up.
fn decides(line: &str, name: &str) -> bool {
    let word = format!("\"{name}\"");
    let before = |at: usize| line[..at].trim_end();
    line.match_indices(&word).any(|(at, _)| {
        let after = line[at + word.len()..].trim_start();
        let compared = before(at).ends_with("==") || before(at).ends_with("!=") || after.starts_with("==");
        compared || after.starts_with("=>") || after.starts_with('|') || before(at).ends_with("find(")
    })
}

#[test]
fn no_code_asks_for_a_row_by_its_name() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    assert!(files.len() > 100, "the source was not found");
    let mut wrong = Vec::new();
    for file in &files {
        let place = file.strip_prefix(&src).expect("a file of the source").to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap_or_default();
        for (what, home, names) in registries().into_iter().filter(|(_, home, _)| !place.starts_with(home)) {
            for name in names {
                let found = code(&text).filter(|(_, line)| decides(line, name));
                wrong.extend(found.map(|(number, line)| format!("{place}:{number}: {what}, {home}: {}", line.trim())));
            }
        }
    }
    // What a choice of a measure is called like something else says nothing about that.
    wrong.retain(|line| !line.starts_with("measure/local.rs"));
    assert!(wrong.is_empty(), "names that decide outside their rows:\n{}", wrong.join("\n"));
}

#[test]
fn every_row_is_listed() {
    for (what, _, names) in registries() {
        let output = Command::new(env!("CARGO_BIN_EXE_geodescent")).args(["list", what]).output().expect("a run");
        let text = String::from_utf8(output.stdout).expect("text");
        for name in names {
            let listed = |line: &str| line.split(|c: char| c.is_whitespace() || c == ',').any(|word| word == name);
            assert!(text.lines().any(listed), "`list {what}` does not know {name}:\n{text}");
        }
    }
    assert!(Pane::ALL.iter().all(|pane| Part::ALL.contains(&Part::Pane(*pane))), "a pane that cannot be drawn alone");
}

#[test]
fn every_key_is_in_the_help() {
    let layers = [Context::Offer, Context::Box, Context::Menu, Context::Filter, Context::Over];
    for place in [Context::Show, Context::Gallery].into_iter().chain(layers) {
        let contexts = [place, Context::Everywhere];
        let lines: Vec<_> = Group::ALL.into_iter().flat_map(|group| help_lines(group, &contexts)).collect();
        let here = ACTIONS.iter().filter(|row| contexts.contains(&row.context));
        for row in here.filter(|row| !row.keys.is_empty() && !row.help.is_empty()) {
            assert!(lines.iter().any(|line| line.text == row.help), "{} is not in the help", row.id);
        }
    }
}
