//! The program in a real pseudo-terminal: what it shows and how it plays.
//!
//! Failures on stage, and what they leave behind, are in `tests/stage`.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "a test that waits for a program needs a clock")]
#![allow(dead_code, reason = "the stage uses more of the driver")]

#[path = "stage/driver.rs"]
mod driver;

use std::thread;
use std::time::Duration;

use driver::{Answers, Session};
use portable_pty::CommandBuilder;

/// Nothing may take longer: most faults here are hangs.
const WATCHDOG: Duration = Duration::from_secs(20);
const PROGRAM: &str = env!("CARGO_BIN_EXE_geodescent");

fn start(argument: &str) -> Session {
    let mut command = CommandBuilder::new(PROGRAM);
    command.arg(argument);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    Session::start(command, (120, 36), Answers::Prompt).expect("the program starts")
}

fn until_text(session: &Session, text: &str) {
    let shown = session.until(WATCHDOG, |seen| seen.text().contains(text));
    assert!(shown, "never happened: {text}\n{}", session.text());
}

fn settle(session: &Session) -> usize {
    assert!(session.settle(Duration::from_millis(300), WATCHDOG), "never quiet\n{}", session.text());
    session.look(|seen| seen.log.len())
}

fn press(session: &Session, keys: &str) {
    session.press(keys.as_bytes(), WATCHDOG).expect("the terminal takes keys");
}

fn ready() -> Session {
    let session = start("three-charts");
    until_text(&session, "One Gaussian");
    settle(&session);
    session
}

#[test]
fn shows_the_header() {
    let session = ready();
    assert!(session.text().lines().next().is_some_and(|line| line.contains("geodescent")), "{}", session.text());
    assert!(session.look(|seen| seen.parser.screen().alternate_screen()));
}

#[test]
fn keys_change_the_screen() {
    let session = ready();
    for (key, shown) in [("\x1b[C", "1/200"), ("\x1b[1;2C", "11/200"), ("\x1b[F", "200/200"), ("\x1b[H", "0/200")] {
        press(&session, key);
        until_text(&session, shown);
    }
}

#[test]
fn plays_by_itself_and_stops() {
    let session = ready();
    press(&session, ">> ");
    until_text(&session, "12/200");
    press(&session, " ");
    let bytes = settle(&session);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(session.look(|seen| seen.log.len()), bytes);
}

#[test]
fn follows_every_size() {
    let mut session = ready();
    for size in [(80, 24), (1, 1), (200, 50), (40, 3), (120, 36)] {
        session.resize(size).expect("another size");
        settle(&session);
    }
    until_text(&session, "One Gaussian");
    press(&session, "q");
    assert_eq!(session.ended(WATCHDOG).map(|status| status.exit_code()), Some(0));
    assert_eq!(session.leftovers(), Vec::<String>::new());
}

/// The stage's row `kill-9-and-reset` has the program's own leftovers; these are everybody else's.
#[test]
fn reset_repairs_what_another_program_left() {
    let dirt = r"\033[?1049h\033[?1000h\033[?1006h\033[?2004h\033[?25l\033[31m";
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &format!("stty raw -echo; printf '{dirt}'; exec {PROGRAM} reset")]);
    let mut session = Session::start(command, (120, 36), Answers::Prompt).expect("a shell starts");
    assert_eq!(session.ended(WATCHDOG).map(|status| status.exit_code()), Some(0));
    assert_eq!(session.leftovers(), Vec::<String>::new());
}

#[test]
fn doctor_tells_what_was_found_out() {
    let mut session = start("doctor");
    assert_eq!(session.ended(WATCHDOG).map(|status| status.exit_code()), Some(0));
    until_text(&session, "live view        yes");
    until_text(&session, "true: TERM or COLORTERM implies them");
}

/// What a clicker sends: PageDown and PageUp, and nothing else.
const NEXT: &str = "\x1b[6~";
const BACK: &str = "\x1b[5~";

#[test]
fn a_clicker_a_mouse_and_a_resize_lead_through_a_question() {
    let mut session = start("three-sgds");
    until_text(&session, "Do three SGDs take one path?");
    settle(&session);
    // In the middle of the prediction the window changes.
    session.resize((80, 24)).expect("another size");
    until_text(&session, "Do three SGDs take one path?");
    until_text(&session, "hidden until n");
    session.resize((120, 36)).expect("another size");
    settle(&session);
    assert!(!session.text().contains("2.3181"), "{}", session.text());
    press(&session, NEXT);
    until_text(&session, "No: they set out in two directions");
    until_text(&session, "2.3181");
    press(&session, NEXT);
    until_text(&session, "10/4000");
    press(&session, BACK);
    until_text(&session, "No: they set out in two directions");
    press(&session, BACK);
    until_text(&session, "hidden until n");
    settle(&session);
    // The middle of the timeline, and the third racer.
    let text = session.text();
    let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
    let line: Vec<usize> = (0..lines[0].len()).filter(|x| "━─•┃".contains(lines[0][*x])).collect();
    let (first, last) = (line[0] + 1, line[line.len() - 1] + 1);
    let middle = usize::midpoint(first, last);
    press(&session, &format!("\x1b[<0;{middle};1M\x1b[<0;{middle};1m"));
    until_text(&session, &format!("{}/4000", (f64::from(6) / f64::from(13) * 4000.0).round()));
    let text = session.text();
    let row = text.lines().position(|line| line.contains("3 ▲")).expect("a third racer") + 1;
    let column =
        text.lines().nth(row - 1).and_then(|line| line.split("3 ▲").next()).expect("a row").chars().count() + 5;
    press(&session, &format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"));
    until_text(&session, "▌3 ▲");
    press(&session, "q");
    assert_eq!(session.ended(WATCHDOG).map(|status| status.exit_code()), Some(0));
    assert_eq!(session.leftovers(), Vec::<String>::new());
}

#[test]
fn plays_by_itself_once_and_leaves() {
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(["steepest", "--lecture", "--autoplay", "--once", "--hold", "0.3", "--set", "view.speed=100"]);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    let mut session = Session::start(command, (120, 36), Answers::Prompt).expect("the program starts");
    for text in ["which way is steepest downhill?", "That depends on", "Larger steps", "the same circle", "60/60"] {
        until_text(&session, text);
    }
    assert_eq!(session.ended(WATCHDOG).map(|status| status.exit_code()), Some(0));
    assert_eq!(session.leftovers(), Vec::<String>::new());
}
