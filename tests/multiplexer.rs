//! The picture in real multiplexers: what was drawn step by step is what a full repaint draws.
//!
//! Plays and presses keys in tmux and in screen, under every `TERM` they set, captures the cells, forces a full repaint
//! by another size and captures them again. A multiplexer interprets every byte itself, so any wrong assumption about
//! it shows as a cell that differs.
//!
//! If tmux or screen is missing, the test says so and is skipped; under `CI` that is a failure.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "a test that waits for a program needs a clock")]

use std::io::Write;
use std::num::NonZeroU16;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_geodescent");
const SIZE: (u16, u16) = (120, 35);
const SMALLER: (u16, u16) = (118, 34);
const TERMS: [&str; 5] = ["screen", "screen-256color", "tmux", "tmux-256color", "xterm-256color"];
const SCENARIOS: [&str; 3] = ["three-charts", "rosenbrock", "poisson-pair"];
/// Steps, charts, panes, play and pause, overlays, rates, the view, the ground; a dot is a moment in which it plays.
const KEYS: &str = "Right Right c Tab Space . Space o Escape Tab + h Left v y t Right";
const PATIENCE: Duration = Duration::from_secs(30);

/// A tmux server of our own, which ends with the test.
struct Tmux(String);

impl Tmux {
    fn run(&self, arguments: &[&str]) -> String {
        self.attempt(arguments).unwrap_or_else(|why| panic!("tmux {arguments:?}: {why}"))
    }

    fn attempt(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new("tmux");
        command.args(["-L", &self.0, "-f", "/dev/null"]).args(arguments);
        let output = command.env_remove("TMUX").output().map_err(|error| error.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Starts a shell command in a terminal of that name.
    fn start(name: &str, term: &str, command: &str) -> Self {
        let tmux = Self(format!("geodescent-{}-{name}", std::process::id()));
        let (start, columns, rows) = (Instant::now(), SIZE.0.to_string(), SIZE.1.to_string());
        let session = ["new-session", "-d", "-x", &columns, "-y", &rows, "sh"];
        // On a busy machine a server may exit before it has its session.
        while let Err(why) = tmux.attempt(&session) {
            assert!(start.elapsed() < PATIENCE, "{why}");
            sleep(Duration::from_millis(200));
        }
        for (option, value) in
            [("default-terminal", term), ("status", "off"), ("remain-on-exit", "on"), ("escape-time", "0")]
        {
            tmux.run(&["set", "-g", option, value]);
        }
        tmux.run(&["respawn-window", "-k", &format!("env LANG=C.UTF-8 COLORTERM=truecolor {command}")]);
        tmux
    }

    fn text(&self) -> String {
        self.run(&["capture-pane", "-pe", "-N"])
    }

    fn resize(&self, size: (u16, u16)) {
        self.run(&["resize-window", "-x", &size.0.to_string(), "-y", &size.1.to_string()]);
    }

    /// The text on screen once it is at rest.
    fn at_rest(&self) -> String {
        let (start, mut before) = (Instant::now(), self.text());
        loop {
            sleep(Duration::from_millis(300));
            let now = self.text();
            if now == before && now.contains("geodescent") {
                return now;
            }
            assert!(start.elapsed() < PATIENCE, "never at rest:\n{now}");
            before = now;
        }
    }

    fn play(&self) {
        self.at_rest();
        for key in KEYS.split(' ') {
            if key != "." {
                self.run(&["send-keys", key]);
            }
            sleep(Duration::from_millis(if key == "." { 600 } else { 60 }));
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        // It may be what failed.
        let _ = Command::new("tmux").args(["-L", &self.0, "kill-server"]).output();
    }
}

/// Quadrants and halves: which of upper left, upper right, lower left, lower right are ink.
const QUADRANTS: &str = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█";

/// A line as it was captured, and the cells at its end that tmux leaves out where they have only been erased.
fn whole(line: &str) -> String {
    let mut columns = 0;
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\x1b' {
            rest.find(char::is_ascii_alphabetic);
        } else {
            columns += 1;
        }
    }
    format!("{line}{}", " ".repeat(usize::from(SIZE.0).saturating_sub(columns)))
}

/// What a screen looks like, cell by cell: blocks by the colours of their quarters, whatever was sent for them.
fn cells(text: &str) -> Vec<String> {
    let positive = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
    let mut parser = vt100::Parser::new(positive(SIZE.1), positive(SIZE.0), 0);
    let lines: Vec<String> = text.trim_end_matches('\n').lines().map(whole).collect();
    parser.process(lines.join("\r\n").as_bytes());
    let look = |cell: &vt100::Cell| {
        let (text, ink, ground) = (cell.contents(), cell.fgcolor(), cell.bgcolor());
        let text = if text.is_empty() { " " } else { text };
        match QUADRANTS.chars().position(|quadrant| text.chars().eq([quadrant])) {
            Some(bits) => format!("{:?}", [0, 1, 2, 3].map(|bit| if bits >> bit & 1 == 1 { ink } else { ground })),
            None => format!("{text}{ink:?}{ground:?}{}{}", cell.bold(), cell.dim()),
        }
    };
    let places = (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (y, x)));
    places.filter_map(|(y, x)| parser.screen().cell(y, x).map(look)).collect()
}

/// How many cells differ after a full repaint, and the first of them.
fn differing(name: &str, term: &str, command: &str) -> (usize, Option<String>) {
    let tmux = Tmux::start(name, term, command);
    tmux.play();
    let before = cells(&tmux.at_rest());
    // What the last frame says of itself must be at rest, too: both are.
    tmux.resize(SMALLER);
    sleep(Duration::from_millis(300));
    tmux.at_rest();
    tmux.resize(SIZE);
    sleep(Duration::from_millis(300));
    let after = cells(&tmux.at_rest());
    assert_eq!(before.len(), after.len());
    let mut bad = before.iter().zip(&after).enumerate().filter(|(_, (before, after))| before != after);
    let first = bad.next().map(|(at, (before, after))| {
        format!("column {}, row {}: {before} became {after}", at % usize::from(SIZE.0), at / usize::from(SIZE.0))
    });
    (usize::from(first.is_some()) + bad.count(), first)
}

/// Whether the programs are there. Nobody may take a test that was skipped in CI for one that has passed.
fn there(programs: &[&str]) -> bool {
    // Not asked for its version: `tmux -v` writes logs where it stands.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing = |program: &&&str| !std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    let Some(program) = programs.iter().find(missing) else { return true };
    assert!(std::env::var_os("CI").is_none(), "{program} is not installed: this test needs it in CI");
    // Not `eprintln!`: what a test that passes prints so is never seen.
    let why =
        format!("\nSKIPPED: {program} is not installed: NOTHING was compared in it (apt-get install {program})\n\n");
    let _ = std::io::stderr().write_all(why.as_bytes());
    false
}

fn compare(name: &str, terms: &[&str], inside: &str) {
    for term in terms {
        // Most of the time is spent waiting.
        std::thread::scope(|scope| {
            for scenario in SCENARIOS {
                scope.spawn(move || {
                    let command = format!("{inside}{PROGRAM} {scenario}");
                    let (count, first) = differing(&format!("{name}-{term}-{scenario}"), term, &command);
                    assert_eq!(count, 0, "{scenario} in {name} as {term}: {}", first.unwrap_or_default());
                });
            }
        });
    }
}

#[test]
fn in_tmux_every_cell_is_what_a_full_repaint_draws() {
    if there(&["tmux"]) {
        compare("tmux", &TERMS, "");
    }
}

#[test]
fn in_screen_every_cell_is_what_a_full_repaint_draws() {
    if there(&["tmux", "screen"]) {
        compare("screen", &["tmux-256color"], "screen -U -c /dev/null ");
    }
}

/// A program that shows another's output and passes its own name on: only what it answers may be made use of.
#[test]
fn under_another_terminals_name_every_cell_is_what_a_full_repaint_draws() {
    if there(&["tmux", "screen"]) {
        compare("alias", &["tmux-256color"], "env TERM=alacritty ");
        compare("alias-in-screen", &["tmux-256color"], "screen -U -c /dev/null env TERM=xterm-256color ");
    }
}

#[test]
fn a_cell_that_differs_is_seen() {
    assert_ne!(cells("a\u{1b}[31m▀"), cells("a\u{1b}[32m▀"));
    assert_eq!(cells("\u{1b}[31;42m▘\u{1b}[m"), cells("\u{1b}[32;41m▟\u{1b}[m"));
}
