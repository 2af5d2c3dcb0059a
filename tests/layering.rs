//! Modules use only modules above them: the order of ARCHITECTURE.md, read from the `use` lines and paths of the
//! source. Within a room, files that use each other in a circle are known by name; and no room is the whole house.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::sources::sources;

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

/// Circles of files that there is a reason for. A module is no part of a circle with its own children: it stands for them.
const CIRCLES: [&[&str]; 6] = [
    // Keys are methods of an action, and come from the table of actions.
    &["app/action", "app/table"],
    // Parts of one type in a file each.
    &["app/asking", "app/course", "app/edit", "app/lens", "app/show"],
    &["family/mixture", "family/mixture_chart", "family/separation"],
    // An integral over a tail, or over a wave, is a sum of integrals.
    &["objective/integral", "objective/oscillation", "objective/tails"],
    // A problem makes its points, and a point knows its problem.
    &["problem/regression/coordinates", "problem/regression/site"],
    // Where a sequence ends, and which sequences there are.
    &["terminal/keys", "terminal/sequences"],
];

/// A module as the names on its path.
type Module = Vec<String>;

/// The modules of the source with their code, without comments and tests.
fn modules(src: &Path) -> BTreeMap<Module, String> {
    let mut files = Vec::new();
    sources(src, &mut files);
    let module = |file: &PathBuf| {
        let path = file.strip_prefix(src).expect("a file of the source").with_extension("");
        let mut names: Module = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        names.pop_if(|name| ["mod", "lib", "main"].contains(&name.as_str()));
        let text = fs::read_to_string(file).unwrap_or_default();
        let program = text.split("#[cfg(test)]").next().unwrap_or_default();
        (names, program.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n"))
    };
    files.iter().map(module).collect()
}

/// The paths of a tree of imports: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((head, rest)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap_or_default().trim().to_owned()];
    };
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in rest.strip_suffix('}').unwrap_or(rest).chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match (c, depth) {
            (',', 0) => parts.push(String::new()),
            _ => parts.last_mut().expect("a part").push(c),
        }
    }
    let whole = parts.iter().filter(|part| !part.trim().is_empty());
    whole.flat_map(|part| expand(part)).map(|path| head.trim().to_owned() + &path).collect()
}

/// The imports of a module, and whether each is handed on.
fn imports(code: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    for (at, line) in code.match_indices("use ").map(|(at, _)| (at, code[..at].rsplit('\n').next().unwrap_or_default()))
    {
        let (before, tree) = (line.trim(), code[at + 4..].split(';').next().unwrap_or_default());
        if before.is_empty() || before.starts_with("pub") {
            found.extend(expand(tree).into_iter().map(|path| (!before.is_empty(), path)));
        }
    }
    found
}

/// Where a path leads that is written in a module, from the root.
fn absolute(from: &Module, path: &str, known: &BTreeMap<Module, String>) -> Option<Module> {
    let mut names: Vec<&str> = path.split("::").collect();
    let mut at = from.clone();
    match *names.first()? {
        "crate" => at.clear(),
        "self" => {}
        "super" => {
            while names.first() == Some(&"super") {
                (at, names) = (at[..at.len().checked_sub(1)?].to_vec(), names[1..].to_vec());
            }
            names.insert(0, "");
        }
        first => {
            at.push(first.to_owned());
            known.get(&at)?;
        }
    }
    Some(at.into_iter().chain(names[1..].iter().map(|name| (*name).to_owned())).collect())
}

/// Which module each one uses: where a name was handed on, the one that it comes from.
fn uses(known: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut handed: BTreeMap<(Module, String), Module> = BTreeMap::new();
    let mut paths: Vec<(&Module, Module)> = Vec::new();
    for (module, code) in known {
        for (public, path) in imports(code) {
            let Some(path) = absolute(module, &path, known) else { continue };
            if let Some(name) = path.last().filter(|_| public) {
                handed.insert((module.clone(), name.clone()), path.clone());
            }
            paths.push((module, path));
        }
        // Paths in the code itself.
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        let written = words.filter(|word| word.starts_with("crate::") || word.starts_with("super::"));
        paths.extend(written.filter_map(|word| Some((module, absolute(module, word.trim_end_matches(':'), known)?))));
    }
    let home = |path: &Module| {
        let mut path = path.clone();
        for _ in 0..8 {
            let length = (0..=path.len()).rev().find(|length| known.contains_key(&path[..*length]))?;
            match path.get(length).and_then(|name| handed.get(&(path[..length].to_vec(), name.clone()))) {
                Some(source) => path = source.iter().chain(&path[length + 1..]).cloned().collect(),
                None => return Some(path[..length].to_vec()),
            }
        }
        None
    };
    let mut uses: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, path) in paths {
        if let Some(other) = home(&path).filter(|other| !other.starts_with(module) && !other.is_empty()) {
            uses.entry(module.clone()).or_default().insert(other);
        }
    }
    uses
}

/// The modules that a module leads to.
fn reached<'a>(uses: &'a BTreeMap<Module, BTreeSet<Module>>, from: &'a Module) -> BTreeSet<&'a Module> {
    let (mut found, mut left) = (BTreeSet::new(), vec![from]);
    while let Some(module) = left.pop() {
        left.extend(uses.get(module).into_iter().flatten().filter(|other| found.insert(*other)));
    }
    found
}

#[test]
fn files_use_each_other_in_no_circle_but_those_with_a_reason() {
    let known = modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let uses = uses(&known);
    assert!(uses.values().map(BTreeSet::len).sum::<usize>() > 500, "the imports were not found");
    let reach: BTreeMap<&Module, BTreeSet<&Module>> =
        known.keys().map(|module| (module, reached(&uses, module))).collect();
    let circle = |module: &Module| -> Vec<String> {
        let mutual = reach[module].iter().filter(|other| reach[**other].contains(module));
        mutual.map(|other| other.join("/")).collect()
    };
    let found: BTreeSet<Vec<String>> = known.keys().map(circle).filter(|circle| circle.len() > 1).collect();
    let within = |circle: &[String], known: &[&str]| circle.iter().all(|module| known.contains(&module.as_str()));
    let new: Vec<_> = found.iter().filter(|circle| !CIRCLES.iter().any(|known| within(circle, known))).collect();
    let gone: Vec<_> = CIRCLES.iter().filter(|known| !found.iter().any(|circle| within(circle, known))).collect();
    assert!(new.is_empty() && gone.is_empty(), "new circles: {new:#?}\nno circles any more: {gone:#?}");
}

#[test]
fn no_room_is_more_than_a_fifth_of_the_house() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
    for file in &files {
        let Some(room) = room_of(file, &src) else { continue };
        *lines.entry(room).or_default() += fs::read_to_string(file).unwrap_or_default().lines().count();
    }
    let all: usize = lines.values().sum();
    for (room, lines) in lines {
        assert!(5 * lines <= all, "{} has {lines} of {all} lines", ROOMS[room]);
    }
}
