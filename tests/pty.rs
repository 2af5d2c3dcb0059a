//! The program in a real pseudo-terminal: what it shows, what it sends, and what it leaves behind.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "a test that waits for a program needs a clock")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{MouseProtocolMode, Parser};

/// No case may take longer: most faults here are hangs.
const WATCHDOG: Duration = Duration::from_secs(20);
const PROGRAM: &str = env!("CARGO_BIN_EXE_geodescent");

/// Bytes so far, and the screen they make.
struct Seen {
    parser: Parser,
    log: Vec<u8>,
}

/// The program in a terminal.
struct Session {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Option<Box<dyn Write + Send>>,
    seen: Arc<Mutex<Seen>>,
    modes: String,
    /// Whether nobody reads what the program writes.
    stalled: Arc<AtomicBool>,
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn positive(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN)
}

impl Session {
    fn start(env: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(PROGRAM);
        command.arg("three-charts");
        Self::run(command, env)
    }

    fn run(mut command: CommandBuilder, env: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(36, 120)).unwrap();
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in env {
            command.env(name, value);
        }
        let seen = Seen { parser: Parser::new(positive(36), positive(120), 0), log: Vec::new() };
        let seen = Arc::new(Mutex::new(seen));
        let modes = format!("{:?}", pair.master.get_termios());
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = Some(pair.master.take_writer().unwrap());
        let child = pair.slave.spawn_command(command).unwrap();
        let sink = Arc::clone(&seen);
        let stalled = Arc::new(AtomicBool::new(false));
        let stall = Arc::clone(&stalled);
        thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                while stall.load(Relaxed) {
                    thread::sleep(Duration::from_millis(5));
                }
                let mut seen = sink.lock().unwrap();
                seen.parser.process(&bytes[..n]);
                seen.log.extend_from_slice(&bytes[..n]);
            }
        });
        Self { master: pair.master, child, keys, seen, modes, stalled }
    }

    fn look<T>(&self, at: impl FnOnce(&Seen) -> T) -> T {
        at(&self.seen.lock().unwrap())
    }

    fn text(&self) -> String {
        self.look(|seen| seen.parser.screen().contents())
    }

    fn until(&self, what: &str, holds: impl Fn(&Seen) -> bool) {
        let start = Instant::now();
        while !self.look(&holds) {
            assert!(start.elapsed() < WATCHDOG, "never happened: {what}\n{}", self.text());
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn until_text(&self, text: &str) {
        self.until(text, |seen| seen.parser.screen().contents().contains(text));
    }

    /// Waits until nothing has been sent for a while; gives back how much was.
    fn settle(&self) -> usize {
        let start = Instant::now();
        let (mut bytes, mut since) = (0, Instant::now());
        while since.elapsed() < Duration::from_millis(300) {
            assert!(start.elapsed() < WATCHDOG, "never quiet\n{}", self.text());
            thread::sleep(Duration::from_millis(10));
            let now = self.look(|seen| seen.log.len());
            if now != bytes {
                (bytes, since) = (now, Instant::now());
            }
        }
        bytes
    }

    fn press(&mut self, keys: &str) {
        let writer = self.keys.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    fn signal(&self, name: &str) {
        let pid = self.child.process_id().unwrap().to_string();
        let status = std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap();
        assert!(status.success());
    }

    /// The exit code: 128 + n where a signal ended it unhandled.
    fn ended(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.signal().is_none(), "killed: {status:?}");
                return status.exit_code();
            }
            assert!(start.elapsed() < WATCHDOG, "never ended\n{}", self.text());
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn assert_restored(&self) {
        let left = |seen: &Seen| {
            let screen = seen.parser.screen();
            screen.alternate_screen() || screen.hide_cursor() || screen.mouse_protocol_mode() != MouseProtocolMode::None
        };
        self.until("modes given back", |seen| !left(seen));
        self.look(|seen| {
            for mode in ["1000", "1002", "1003", "1006", "1015", "1004", "2004", "2026", "1049"] {
                let last = |end: &str| rfind(&seen.log, format!("\x1b[?{mode}{end}").as_bytes());
                assert!(last("h") <= last("l"), "mode {mode} is left on");
            }
            for never in [&b"\x1b]"[..], b"\x1b[>", b"\x1b[6n"] {
                assert_eq!(rfind(&seen.log, never), None, "sent {never:?}");
            }
        });
        assert_eq!(format!("{:?}", self.master.get_termios()), self.modes, "terminal modes");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn rfind(log: &[u8], what: &[u8]) -> Option<usize> {
    log.windows(what.len()).rposition(|window| window == what)
}

fn ready() -> Session {
    let session = Session::start(&[]);
    session.until_text("One Gaussian");
    session.settle();
    session
}

#[test]
fn shows_the_header() {
    let session = ready();
    assert!(session.text().lines().next().is_some_and(|line| line.contains("geodescent")), "{}", session.text());
    assert!(session.look(|seen| seen.parser.screen().alternate_screen()));
}

#[test]
fn quit_key_restores() {
    let mut session = ready();
    session.press("q");
    assert_eq!(session.ended(), 0);
    session.assert_restored();
}

#[test]
fn control_c_restores() {
    for keys in ["\x03", "?\x03", "o\x03", " \x03"] {
        let mut session = ready();
        session.press(keys);
        assert_eq!(session.ended(), 0, "{keys:?}");
        session.assert_restored();
    }
}

#[test]
fn signals_restore_and_tell_their_number() {
    for (name, code) in [("TERM", 143), ("INT", 130), ("HUP", 129), ("QUIT", 131)] {
        for keys in ["", " "] {
            let mut session = ready();
            session.press(keys);
            session.signal(name);
            assert_eq!(session.ended(), code, "{name}");
            session.assert_restored();
        }
    }
}

#[cfg(debug_assertions)]
#[test]
fn panic_restores_first_and_then_tells() {
    for place in ["draw", "writer"] {
        let mut session = Session::start(&[("GEODESCENT_PANIC", place)]);
        assert_eq!(session.ended(), 101, "{place}");
        session.assert_restored();
        session.until("the message on the main screen", |seen| {
            let screen = seen.parser.screen();
            !screen.alternate_screen() && screen.contents().contains("asked to panic")
        });
    }
}

#[test]
fn lost_terminal_ends_the_program() {
    let mut session = ready();
    let pid = session.child.process_id().unwrap();
    session.keys = None;
    let seen = Arc::clone(&session.seen);
    let other = native_pty_system().openpty(size(5, 5)).unwrap();
    // The reader thread holds a copy of the master as well: the signal that a closing terminal sends comes from the kernel.
    drop(std::mem::replace(&mut session.master, other.master));
    session.signal("HUP");
    assert_eq!(session.ended(), 129);
    drop(seen);
    assert!(pid > 0);
}

#[test]
fn paused_sends_nothing() {
    let session = ready();
    let before = session.look(|seen| seen.log.len());
    thread::sleep(Duration::from_secs(1));
    assert_eq!(session.look(|seen| seen.log.len()), before);
}

#[test]
fn keys_change_the_screen() {
    let mut session = ready();
    session.press("\x1b[C");
    session.until_text("1/200");
    session.press("\x1b[1;2C");
    session.until_text("11/200");
    session.press("\x1b[F");
    session.until_text("200/200");
    session.press("\x1b[H");
    session.until_text("0/200");
}

#[test]
fn plays_by_itself_and_stops() {
    let mut session = ready();
    session.press(">> ");
    session.until_text("12/200");
    session.press(" ");
    let bytes = session.settle();
    thread::sleep(Duration::from_millis(300));
    assert_eq!(session.look(|seen| seen.log.len()), bytes);
}

#[test]
fn follows_every_size() {
    let mut session = ready();
    for (rows, cols) in [(24, 80), (1, 1), (50, 200), (3, 40), (36, 120)] {
        session.seen.lock().unwrap().parser.screen_mut().set_size(positive(rows), positive(cols));
        session.master.resize(size(rows, cols)).unwrap();
        session.settle();
    }
    session.until_text("One Gaussian");
    session.press("q");
    assert_eq!(session.ended(), 0);
    session.assert_restored();
}

#[test]
fn a_terminal_of_no_size_is_harmless() {
    let mut session = ready();
    session.master.resize(size(0, 0)).unwrap();
    session.settle();
    session.press("q");
    assert_eq!(session.ended(), 0);
}

/// crossterm's default reader leaves all but the first 1024 bytes unread until another key is pressed.
#[test]
fn flood_of_keys_does_not_hide_the_last() {
    let mut session = ready();
    let flood = "l".repeat(20_000) + "q";
    session.press(&flood);
    let start = Instant::now();
    assert_eq!(session.ended(), 0);
    assert!(start.elapsed() < Duration::from_secs(2), "took {:?}", start.elapsed());
    session.assert_restored();
}

/// A frozen connection, a multiplexer in copy mode: the program must not wait for it to end.
#[test]
fn terminal_that_takes_nothing_cannot_hold_the_program() {
    for (end, code) in [("q", 0), ("TERM", 143)] {
        let mut session = ready();
        session.stalled.store(true, Relaxed);
        for _ in 0..30 {
            session.press("t");
            thread::sleep(Duration::from_millis(20));
        }
        let start = Instant::now();
        if end == "q" {
            session.press(end);
        } else {
            session.signal(end);
        }
        assert_eq!(session.ended(), code);
        assert!(start.elapsed() < Duration::from_secs(1), "took {:?}", start.elapsed());
        session.stalled.store(false, Relaxed);
        session.settle();
        session.assert_restored();
    }
}

#[test]
fn dumb_terminal_gets_lines() {
    let mut session = Session::start(&[("TERM", "dumb")]);
    assert_eq!(session.ended(), 0);
    session.until("the header", |seen| rfind(&seen.log, b"geodescent").is_some());
    assert_eq!(session.look(|seen| rfind(&seen.log, b"\x1b")), None);
}

#[test]
fn no_keyboard_is_an_error() {
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &format!("{PROGRAM} three-charts </dev/null; echo code $?")]);
    let mut session = Session::run(command, &[]);
    session.ended();
    session.until_text("code");
    assert!(session.text().contains("standard input is no terminal"), "{}", session.text());
    assert_eq!(session.look(|seen| rfind(&seen.log, b"\x1b")), None);
}

#[test]
fn stop_and_continue_below_a_shell() {
    let mut command = CommandBuilder::new("bash");
    command.args(["--norc", "--noprofile", "-i"]);
    let mut session = Session::run(command, &[("PS1", "ready> ")]);
    session.until_text("ready> ");
    for round in 0..3 {
        let start = if round == 0 { format!("{PROGRAM} three-charts\r") } else { "fg\r".to_owned() };
        session.press(&start);
        session.until("the show", |seen| {
            seen.parser.screen().alternate_screen() && seen.parser.screen().contents().contains("One Gaussian")
        });
        session.press("\x1a");
        // Not before the prompt: the shell drops what is typed while it takes the terminal back.
        session.until("the prompt", |seen| {
            let screen = seen.parser.screen();
            !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
        });
        session.press("stty -a | tr ';' '\\n' | grep -c -w -- -icanon; echo sane\r");
        session.until("an answer", |seen| seen.parser.screen().contents().matches("\nsane").count() > round);
        assert!(!session.look(|seen| seen.parser.screen().hide_cursor()));
    }
    session.press("fg\r");
    session.until("the show again", |seen| seen.parser.screen().alternate_screen());
    session.press("q");
    session.until("the shell", |seen| !seen.parser.screen().alternate_screen());
    session.press("exit\r");
    session.ended();
}

#[test]
fn reset_repairs_what_another_program_left() {
    let dirt = r"\033[?1049h\033[?1000h\033[?1006h\033[?2004h\033[?25l\033[31m";
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &format!("stty raw -echo; printf '{dirt}'; exec {PROGRAM} reset")]);
    let mut session = Session::run(command, &[]);
    assert_eq!(session.ended(), 0);
    session.assert_restored();
}

#[test]
fn doctor_tells_what_was_found_out() {
    let mut command = CommandBuilder::new(PROGRAM);
    command.arg("doctor");
    let mut session = Session::run(command, &[]);
    assert_eq!(session.ended(), 0);
    session.until_text("live view        yes");
    session.until_text("true: TERM or COLORTERM promises them");
}
