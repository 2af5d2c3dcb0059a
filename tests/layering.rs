//! Modules use only modules above them: the order of ARCHITECTURE.md, read from the `use` lines and paths of the
//! source.

use std::fs;
use std::path::{Path, PathBuf};

/// Top to bottom. A module may use those before it, and itself.
const ROOMS: [&str; 23] = [
    "text",
    "format",
    "nearest",
    "math",
    "expression",
    "registry",
    "family",
    "geometry",
    "objective",
    "problem",
    "optimizer",
    "scenario",
    "work",
    "race",
    "selfcheck",
    "measure",
    "plot",
    "export",
    "app",
    "figure",
    "screen",
    "terminal",
    "cli",
];

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn room_of(path: &Path, src: &Path) -> Option<usize> {
    let first = path.strip_prefix(src).ok()?.components().next()?.as_os_str().to_str()?;
    ROOMS.iter().position(|room| *room == first.trim_end_matches(".rs"))
}

/// The modules that a line of code names: `crate::module`.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or("");
    code.split("crate::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""))
}

#[test]
fn no_room_uses_one_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let Some(room) = room_of(file, &src) else { continue };
        let text = fs::read_to_string(file).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            for other in named(line) {
                if ROOMS.iter().position(|known| *known == other).is_some_and(|other| other > room) {
                    wrong.push(format!("{}:{}: {}", file.to_string_lossy(), number + 1, line.trim()));
                }
            }
        }
    }
    assert!(files.len() > 30, "the source was not found");
    assert!(wrong.is_empty(), "imports that point down:\n{}", wrong.join("\n"));
}

#[test]
fn every_room_stands_in_the_map() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let map = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    let library = fs::read_to_string(root.join("src/lib.rs")).unwrap_or_default();
    for line in library.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let room = line.trim_end_matches(';');
        assert!(ROOMS.contains(&room), "{room} has no place in the order");
        assert!(
            map.contains(&format!("`src/{room}/`")) || map.contains(&format!("`src/{room}.rs`")),
            "{room} is not in ARCHITECTURE.md"
        );
    }
    let listed = |text: &str, before: &str, after: &[char]| -> Vec<String> {
        let rows = text.lines().filter_map(|line| line.strip_prefix(before));
        rows.filter_map(|row| row.split(after).next()).map(str::to_owned).collect()
    };
    assert_eq!(listed(&map, "| `src/", &['/', '.']), ROOMS, "the order of ARCHITECTURE.md");
    assert_eq!(listed(&library, "//! - [`", &['`']), ROOMS, "the order of the crate's doc");
}
