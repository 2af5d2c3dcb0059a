//! Files at the limits: as big, as deep and as long as they may be, and one more. Each is a race or is refused with words,
//! by the program itself with 128 MiB of data to its name. What they cost, by
//!
//!     cargo test --release --test properties -- limits --nocapture

use std::path::Path;
use std::process::{Command, Stdio};

use geodescent::expression::{DEEPEST, LARGEST, LONGEST};
use geodescent::scenario::{Document, Scenario};

use crate::check::{checked, fit_to_print};
use crate::folder;
use crate::measure::cost;

const HEAD: &str = "version = 1\n[model]\nfamily = \"gaussian\"\n";
const TAIL: &str = "[start]\nmean = 0.0\nsd = 1.0\n[run]\nsteps = 3\n";
const SGD: &str = "[[optimizer]]\nkind = \"sgd\"\n";
const KL: &str = "[objective]\nkind = \"forward-kl\"\ntarget = { mean = 1.0, sd = 1.0 }\n";

/// What scenario files may have: bytes, bytes in lines that are no comments, lines; and what CSV files may have: bytes,
/// rows and columns. From docs/scenarios.md, not from the program.
const FILE: usize = 8 << 20;
const SUBSTANCE: usize = 256 << 10;
const LINES: usize = 256 << 10;
const TABLE: usize = 16 << 20;
const ROWS: usize = 1_000_000;
const COLUMNS: usize = 1000;

/// A file, a table beside it, and whether that is a race.
struct Case {
    name: &'static str,
    text: String,
    table: Option<Vec<u8>>,
    right: bool,
}

fn right(name: &'static str, text: String) -> Case {
    Case { name, text, table: None, right: true }
}

fn wrong(name: &'static str, text: String) -> Case {
    Case { name, text, table: None, right: false }
}

/// A right scenario with something more, repeated until it says as much as it may.
fn filled(head: &str, piece: &str, tail: &str) -> String {
    let room = SUBSTANCE.saturating_sub(head.len() + tail.len() + 16);
    format!("{head}{}{tail}", piece.repeat(room / piece.len()))
}

fn base(objective: &str) -> String {
    format!("{HEAD}{objective}{TAIL}{SGD}")
}

fn comments(bytes: usize, lines: usize) -> String {
    let width = bytes / lines;
    format!("#{}\n", "x".repeat(width.saturating_sub(2))).repeat(lines)
}

fn files() -> Vec<Case> {
    let text = base(KL);
    let plain = |bytes: usize, lines: usize| format!("{}{text}", comments(bytes - text.len() - 64, lines));
    vec![
        right("8 MiB of comments", plain(FILE, 1000)),
        right("all lines there may be", plain(FILE, LINES - 64)),
        wrong("8 MiB of comments, then a mistake", plain(FILE, 1000) + "[[optimizer]]\nkind = \"sgdd\"\n"),
        wrong("8 MiB of comments, then no TOML", plain(FILE, LINES - 64) + "=\n"),
        wrong("more than 8 MiB", plain(FILE + 4096, 1000)),
        wrong("too many lines", text.clone() + &"\n".repeat(LINES + 1)),
        wrong("too much said", text.clone() + &"a = 1\n".repeat(SUBSTANCE)),
        wrong("one line of 8 MiB", "x".repeat(FILE)),
        wrong("zeros", "\0".repeat(FILE)),
        wrong("ESC for 256 KiB", filled(&text, "\u{1b}", "")),
    ]
}

fn shapes() -> Vec<Case> {
    let text = base(KL);
    let deep =
        |open: &str, depth: usize, close: &str| format!("{text}x = {}1{}\n", open.repeat(depth), close.repeat(depth));
    let head = format!("{HEAD}[objective]\nkind = \"nll\"\ndata = [");
    vec![
        wrong("80 lists in each other", deep("[", 78, "]")),
        wrong("250,000 lists in each other", deep("[", SUBSTANCE - 600, "")),
        wrong("tables in each other", deep("{ a = ", 20_000, " }")),
        wrong("a key of 100,000 parts", format!("{text}{}x = 1\n", "a.".repeat(100_000))),
        wrong("the same key again and again", filled(&text, "a = 1\n", "")),
        wrong("unknown keys", text.clone() + &(0..20_000).map(|i| format!("k{i:05} = 1\n")).collect::<String>()),
        wrong("unknown tables", text.clone() + &(0..18_000).map(|i| format!("[t{i:05}]\n")).collect::<String>()),
        wrong("thousands of optimizers", filled(&text, "[[optimizer]]\nkind = \"sgd\"\n", "")),
        wrong("thousands of empty optimizers", filled(&text, "[[optimizer]]\n", "")),
        right("thousands of cues", filled(&text, "[[cue]]\nstep = 1\nsay = \"x\"\n", "")),
        wrong("thousands of wrong cues", filled(&text, "[[cue]]\n", "")),
        wrong("a title of 250 KiB", format!("title = \"{}\"\n{text}", "漢".repeat(80_000))),
        wrong("a title of one character", format!("title = \"e{}\"\n{text}", "\u{301}".repeat(100_000))),
        right("as many numbers as fit", filled(&head, "1,", &format!("]\n{TAIL}{SGD}"))),
        right("long numbers", filled(&head, &format!("0.{},", "1".repeat(4000)), &format!("]\n{TAIL}{SGD}"))),
        wrong("numbers that are none", filled(&head, "nan,", &format!("]\n{TAIL}{SGD}"))),
        wrong("texts for numbers", filled(&head, "\"\\u001b\",", &format!("]\n{TAIL}{SGD}"))),
        right("32 optimizers", format!("{HEAD}{KL}{TAIL}{}", SGD.repeat(32))),
        right(
            "a sample of a million",
            base(
                "[objective]\nkind = \"nll\"\nsample = { size = 1000000, from = { mean = 0.0, sd = 1.0 } }\nbatch = 500000\n",
            ),
        ),
    ]
}

fn formulas() -> Vec<Case> {
    let loss = |name, formula: String, is_right| Case {
        name,
        text: base(&format!("[objective]\nkind = \"expression\"\nloss = \"{formula}\"\n")),
        table: None,
        right: is_right,
    };
    let long = format!("{}mean", "sd*".repeat(127));
    let padded = format!("{long}{}", " ".repeat(LONGEST - long.len()));
    // A formula that a search for its optimum does not leave: it has none.
    let slow = "sin(exp(mean))+cos(sd*mean)+lgamma(sd)+tanh(mean)+".repeat(9);
    let nodes = "1+".repeat(LARGEST / 2);
    vec![
        loss("the longest formula", padded.clone(), true),
        loss("a formula one byte longer", padded + " ", false),
        loss("the deepest formula", format!("{}mean{}", "(".repeat(DEEPEST), ")".repeat(DEEPEST)), true),
        loss("a deeper formula", format!("{}mean{}", "(".repeat(DEEPEST + 1), ")".repeat(DEEPEST + 1)), false),
        loss("functions in each other", format!("{}mean{}", "exp(".repeat(DEEPEST), ")".repeat(DEEPEST)), true),
        loss("a formula of 250 KiB", "(".repeat(250_000), false),
        loss("more operations than may be", format!("{nodes}mean"), false),
        loss("a slow formula", format!("{slow}mean"), true),
    ]
}

fn tables() -> Vec<Case> {
    let data = |name, table: Vec<u8>, right| {
        let objective = "[objective]\nkind = \"nll\"\ndata = { csv = \"data.csv\", column = \"x\" }\n";
        Case { name, text: base(objective), table: Some(table), right }
    };
    let column = |cell: &str, rows: usize| format!("x\n{}", format!("{cell}\n").repeat(rows)).into_bytes();
    vec![
        data("a table of 16 MiB", column("0.12345678901", (TABLE - 2) / 14 - ROWS / 5), true),
        data("a million rows", column("1", ROWS), true),
        data("a million rows and one", column("1", ROWS + 1), false),
        data("as many rows as fit 16 MiB", column("1", TABLE / 2 - 1), false),
        data("more than 16 MiB", column("1.5", TABLE / 4 + 1), false),
        data("a thousand columns", format!("x{0}\n1{0}\n", ",".repeat(COLUMNS - 1)).into_bytes(), true),
        data("a header of millions of cells", format!("x{}\n1\n", ",".repeat(TABLE - 8)).into_bytes(), false),
        data("a row of millions of cells", format!("x\n1{}\n", ",".repeat(TABLE - 8)).into_bytes(), false),
        data("16 MiB without a line", b"x".repeat(TABLE), false),
        data("a quotation that never ends", [b"x\n\"".to_vec(), b"1\n".repeat(TABLE / 2 - 2)].concat(), false),
        data("16 MiB of empty lines", [b"x\n".to_vec(), b"\n".repeat(TABLE - 2)].concat(), false),
        data("16 MiB of zeros", vec![0; TABLE], false),
        data("16 MiB of wrong cells", column("\u{1b}]0;x", TABLE / 6 - 1), false),
    ]
}

/// A case as files.
fn written(folder: &Path, case: &Case) -> std::path::PathBuf {
    let path = folder.join("race.toml");
    std::fs::write(&path, &case.text).expect("a file");
    drop(std::fs::remove_file(folder.join("data.csv")));
    if let Some(table) = &case.table {
        std::fs::write(folder.join("data.csv"), table).expect("a file");
    }
    path
}

fn every_case(name: &str, each: impl Fn(&Case, &Path)) {
    let folder = folder(name);
    let (mut right, mut wrong) = (0, 0);
    for make in [files, shapes, formulas, tables] {
        for case in make() {
            each(&case, &written(&folder, &case));
            *if case.right { &mut right } else { &mut wrong } += 1;
        }
    }
    assert!(right > 10 && wrong > 20, "{right} right, {wrong} wrong");
    drop(std::fs::remove_dir_all(&folder));
}

#[test]
fn limits_hold_and_what_files_at_them_cost_is_told() {
    every_case("properties-limits", |case, path| {
        let open = || Document::open(path).and_then(|document| document.check());
        let (made, time, memory): (Result<Scenario, _>, _, _) = cost(open);
        println!("{:36} {:7.1} ms {memory:7.1} MiB  {}", case.name, time.as_secs_f64() * 1e3, told(made.is_ok()));
        assert_eq!(made.is_ok(), case.right, "{}: {:?}", case.name, made.err().map(|report| report.brief()));
        if let Err(report) = &made {
            fit_to_print(report);
        }
        drop(made);
        if case.right && case.text.len() < 4096 && case.table.is_none() {
            checked(&Document::from_text("race.toml", Path::new("."), &case.text));
        }
    });
}

const fn told(right: bool) -> &'static str {
    if right { "a race" } else { "refused" }
}

/// With so much data (`ulimit -d`, KiB) the program has to get along, whatever the file: twice the 64 MiB of memory that it
/// may use, since a vector that grows reserves what it then does not touch.
#[cfg(target_os = "linux")]
const DATA: u64 = 128 * 1024;

#[cfg(target_os = "linux")]
#[test]
fn limits_keep_the_program_within_128_mebibytes() {
    let run = |path: &Path, most: u64| {
        let command = format!("ulimit -d {most} && exec \"$0\" check \"$1\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &command, env!("CARGO_BIN_EXE_geodescent")]).arg(path).stdin(Stdio::null());
        shell.output().expect("a shell")
    };
    every_case("properties-limits-program", |case, path| {
        let output = run(path, DATA);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(if case.right { 0 } else { 2 }), "{}: {said:.400}", case.name);
        assert!(said.len() < 65536 && !said.contains("panicked"), "{}: {said:.400}", case.name);
    });
    // The limit is one: a sixteenth of it is too little for the biggest file.
    let folder = folder("properties-limit");
    let path = written(&folder, &files()[0]);
    assert_ne!(run(&path, DATA / 32).status.code(), Some(0));
}
