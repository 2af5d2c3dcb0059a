//! The one format for what happens to a program in a terminal: tests are written in it, bug reports are sent in it.
//!
//! Parses and chooses; `play` carries it out. A line is a step, `#` begins a remark. `docs/reliability.md` explains the
//! steps. What is written `?300ms` is a moment between nothing and 300 ms, `?{a|b|c}` one of three: the seed decides.

use std::time::Duration;

use crate::driver::Answers;
use crate::limits::LIMITS;

/// A step with its line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// As it is written.
    pub text: String,
    /// What it says.
    pub step: Step,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The terminal's size (columns, rows): at the start, or another.
    Size(u16, u16),
    /// A variable of the environment.
    Env(String, String),
    /// A variable that is not there.
    Unset(String),
    /// A shell command before the start, in the folder of the case.
    Prepare(String),
    /// How the terminal answers from now on.
    Answers(Answers),
    /// So many of the next answers get lost.
    Lose(usize),
    /// The program with these arguments, alone in its terminal.
    Start(Vec<u8>),
    /// A shell command in the terminal; `$P` is the program.
    Shell(String),
    /// An interactive shell with job control.
    Bash,
    /// Bytes typed.
    Type(Vec<u8>),
    /// A text, that often, in one write.
    Flood(Vec<u8>, usize),
    /// That many bytes of text pasted, or a file's.
    Paste(String),
    /// Time passes.
    Wait(Duration),
    /// Nobody reads what the program sends, for that long or until `flow`.
    Stall(Option<Duration>),
    /// Somebody reads again.
    Flow,
    /// Sizes one after another within that time; the last is the size before.
    Storm(usize, Duration),
    /// A signal to the program; CONT to all that it was started with.
    Signal(String),
    /// The terminal is gone.
    Hangup,
    /// Ctrl-Z, and the shell is back with a sane terminal.
    Suspend,
    /// `fg`, and the show is back.
    Resume,
    /// All bytes so far into a file.
    Save(String),
    /// What is measured is measured from here.
    Mark,
    /// The screen as it is now is the one to compare with.
    Remember,
    /// What has to be.
    Expect(Expect),
}

/// What has to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// The show is on screen.
    Frame,
    /// The terminal is as it was before.
    Restored,
    /// The program ended with this code, and not by a signal.
    Exit(u32),
    /// The program ended with some other code than 0.
    Failure,
    /// It ended somehow.
    Ended,
    /// The shell waits for a command.
    Prompt,
    /// On screen.
    Text(String),
    /// Not on screen.
    NoText(String),
    /// It ended that soon after the last key, signal or hangup.
    Quit(Duration),
    /// Processor time since the mark.
    Cpu(Duration),
    /// Memory more than at the mark, in KiB.
    Growth(u64),
    /// Memory at most, ever, in KiB.
    Memory(u64),
    /// Bytes since the mark.
    Bytes(usize),
    /// Bytes since the mark, at least.
    BytesAbove(usize),
    /// Full repaints since the mark.
    Clears(usize),
    /// The last full repaint came that soon after the last size.
    Right(Duration),
    /// Every byte belongs to a sequence that the program may send.
    Allowed,
    /// Every byte is below 0x80.
    Ascii,
    /// No character on screen is one of ambiguous width.
    Narrow,
    /// There is no escape sequence at all.
    NoEscape,
    /// These bytes were never sent.
    Never(Vec<u8>),
    /// Nothing is sent any more.
    Settled,
    /// The program is stopped, or is not.
    Stopped(bool),
    /// The screen is the remembered one.
    Same,
    /// The screen is another than the remembered one.
    Changed,
    /// A file has these words in it (none: is empty).
    File(String, String),
    /// A file has no escape or other control character in it.
    Clean(String),
    /// As many threads and open files as at the mark.
    SameResources,
}

/// Which line is wrong, and why.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong(pub usize, pub String);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.0, self.1)
    }
}

/// The numbers of one seed (splitmix64).
pub struct Dice(pub u64);

impl Dice {
    /// Below `n`.
    pub const fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % if n == 0 { 1 } else { n }
    }
}

/// Replaces what a seed decides and the names of limits.
pub fn choose(text: &str, dice: &mut Dice) -> String {
    let mut chosen = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('?') {
        let (before, after) = (&rest[..place], &rest[place + 1..]);
        chosen.push_str(before);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        if let Some((ways, behind)) = after.strip_prefix('{').and_then(|after| after.split_once('}')) {
            let ways: Vec<&str> = ways.split('|').collect();
            chosen.push_str(ways[dice.below(ways.len() as u64) as usize]);
            rest = behind;
        } else if digits > 0 && after[digits..].starts_with("ms") {
            let most: u64 = after[..digits].parse().unwrap_or(0);
            chosen.push_str(&dice.below(most + 1).to_string());
            rest = &after[digits..];
        } else {
            chosen.push('?');
            rest = after;
        }
    }
    chosen.push_str(rest);
    let limits = |text: String, (name, limit): &(&str, &str)| text.replace(name, limit);
    // Longer names first: one may begin with another.
    let mut names = LIMITS.to_vec();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.iter().fold(chosen, limits)
}

/// Reads a script.
///
/// # Errors
/// The first line that says nothing, with the reason.
pub fn parse(text: &str) -> Result<Vec<Line>, Wrong> {
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let step = step(line).map_err(|why| Wrong(at + 1, format!("{why}: {line}")))?;
            lines.push(Line { number: at + 1, text: line.to_owned(), step });
        }
    }
    Ok(lines)
}

fn step(line: &str) -> Result<Step, String> {
    let (word, rest) = line.split_once(' ').map_or((line, ""), |(word, rest)| (word, rest.trim()));
    let owned = rest.to_owned();
    let needs = |what: &str| if rest.is_empty() { Err(format!("{word} needs {what}")) } else { Ok(()) };
    Ok(match word {
        "size" => size(rest).map(|(cols, rows)| Step::Size(cols, rows))?,
        "env" => {
            let (name, value) = rest.split_once('=').ok_or("env needs NAME=VALUE")?;
            Step::Env(name.to_owned(), value.to_owned())
        }
        "unset" => needs("a name").map(|()| Step::Unset(owned))?,
        "prepare" => needs("a command").map(|()| Step::Prepare(owned))?,
        "answers" => Step::Answers(answers(rest)?),
        "lose" => Step::Lose(rest.parse().map_err(|_| "lose needs a number")?),
        "start" => Step::Start(unescape(rest)?),
        "shell" => needs("a command").map(|()| Step::Shell(owned))?,
        "bash" => Step::Bash,
        "key" => Step::Type(key(rest)?),
        "keys" => needs("keys").and_then(|()| unescape(rest).map(Step::Type))?,
        "flood" => {
            let (text, times) = rest.rsplit_once(' ').ok_or("flood needs keys and how often")?;
            Step::Flood(unescape(text)?, times.parse().map_err(|_| "no number")?)
        }
        "paste" => needs("a number or a file").map(|()| Step::Paste(owned))?,
        "wait" => Step::Wait(time(rest)?),
        "stall" => Step::Stall((!rest.is_empty()).then(|| time(rest)).transpose()?),
        "flow" => Step::Flow,
        "storm" => {
            let (n, within) = rest.split_once(' ').ok_or("storm needs how many and how long")?;
            Step::Storm(n.parse().map_err(|_| "no number")?, time(within)?)
        }
        "signal" => needs("a name").map(|()| Step::Signal(owned))?,
        "kill9" => Step::Signal("KILL".to_owned()),
        "hangup" => Step::Hangup,
        "suspend" => Step::Suspend,
        "resume" => Step::Resume,
        "save" => needs("a file").map(|()| Step::Save(owned))?,
        "mark" => Step::Mark,
        "remember" => Step::Remember,
        "expect" => Step::Expect(expect(rest)?),
        _ => return Err("no such step".to_owned()),
    })
}

fn expect(rest: &str) -> Result<Expect, String> {
    let (word, value) = rest.split_once(' ').map_or((rest, ""), |(word, value)| (word, value.trim()));
    let two = || value.split_once(' ').unwrap_or((value, ""));
    Ok(match word {
        "frame" => Expect::Frame,
        "restored" => Expect::Restored,
        "exit" => Expect::Exit(value.parse().map_err(|_| "exit needs a code")?),
        "failure" => Expect::Failure,
        "ended" => Expect::Ended,
        "prompt" => Expect::Prompt,
        "text" => Expect::Text(value.to_owned()),
        "no-text" => Expect::NoText(value.to_owned()),
        "quit-within" => Expect::Quit(time(value)?),
        "cpu-below" => Expect::Cpu(time(value)?),
        "rss-growth-below" => Expect::Growth(memory(value)?),
        "rss-below" => Expect::Memory(memory(value)?),
        "bytes-below" => Expect::Bytes(value.parse().map_err(|_| "bytes-below needs a number")?),
        "bytes-above" => Expect::BytesAbove(value.parse().map_err(|_| "bytes-above needs a number")?),
        "clears-at-most" => Expect::Clears(value.parse().map_err(|_| "clears-at-most needs a number")?),
        "right-within" => Expect::Right(time(value)?),
        "allowed" => Expect::Allowed,
        "ascii" => Expect::Ascii,
        "narrow" => Expect::Narrow,
        "no-escape" => Expect::NoEscape,
        "never" => Expect::Never(unescape(value)?),
        "settled" => Expect::Settled,
        "stopped" => Expect::Stopped(true),
        "running" => Expect::Stopped(false),
        "same-screen" => Expect::Same,
        "another-screen" => Expect::Changed,
        "file" => Expect::File(two().0.to_owned(), two().1.to_owned()),
        "clean" => Expect::Clean(value.to_owned()),
        "same-resources" => Expect::SameResources,
        _ => return Err("no such expectation".to_owned()),
    })
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let sides = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    sides.ok_or_else(|| "a size is COLUMNSxROWS".to_owned())
}

fn answers(text: &str) -> Result<Answers, String> {
    Ok(match text {
        "on" => Answers::Prompt,
        "off" => Answers::Never,
        "twice" => Answers::Twice,
        "junk" => Answers::Junk,
        "wide" => Answers::Wide,
        late => Answers::Late(time(late).map_err(|_| "answers are on, off, twice, junk, wide or late by a time")?),
    })
}

/// `250ms`, `2s`.
fn time(text: &str) -> Result<Duration, String> {
    let millis = match text.strip_suffix("ms") {
        Some(number) => number.parse().ok(),
        None => text.strip_suffix('s').and_then(|number| number.parse::<u64>().ok()).map(|seconds| seconds * 1000),
    };
    millis.map(Duration::from_millis).ok_or_else(|| "a time is 250ms or 2s".to_owned())
}

/// `2MB`, in KiB.
fn memory(text: &str) -> Result<u64, String> {
    let number = text.strip_suffix("MB").and_then(|number| number.parse::<u64>().ok());
    number.map(|number| number * 1024).ok_or_else(|| "memory is 2MB".to_owned())
}

const KEYS: &[(&str, &[u8])] = &[
    ("Esc", b"\x1b"),
    ("Enter", b"\r"),
    ("Tab", b"\t"),
    ("space", b" "),
    ("Up", b"\x1b[A"),
    ("Down", b"\x1b[B"),
    ("Right", b"\x1b[C"),
    ("Left", b"\x1b[D"),
    ("Home", b"\x1b[H"),
    ("End", b"\x1b[F"),
    ("PageUp", b"\x1b[5~"),
    ("PageDown", b"\x1b[6~"),
    ("F1", b"\x1bOP"),
];

fn key(name: &str) -> Result<Vec<u8>, String> {
    if let Some((_, bytes)) = KEYS.iter().find(|(known, _)| *known == name) {
        return Ok(bytes.to_vec());
    }
    match name.as_bytes() {
        [one] => Ok(vec![*one]),
        [b'C', b'-', letter @ b'a'..=b'z'] => Ok(vec![letter - b'a' + 1]),
        _ => Err("no such key".to_owned()),
    }
}

/// `\e`, `\r`, `\n`, `\s` (a space), `\\` and `\xNN` as bytes.
pub fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..place]);
        let after = &rest[place + 1..];
        let (byte, length) = match after.chars().next() {
            Some('e') => (0x1b, 1),
            Some('r') => (b'\r', 1),
            Some('n') => (b'\n', 1),
            Some('s') => (b' ', 1),
            Some('\\') => (b'\\', 1),
            Some('x') => {
                let digits = after.get(1..3).ok_or("\\x needs two digits")?;
                (u8::from_str_radix(digits, 16).map_err(|_| "\\x needs two digits")?, 3)
            }
            _ => return Err("no such escape".to_owned()),
        };
        bytes.push(byte);
        rest = &after[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// What must hold before any script is believed: mistakes are found and named by line, and a seed decides for good.
pub fn check_itself() -> Result<(), String> {
    let wrong = |text: &str| parse(text).err().map(|Wrong(line, _)| line);
    for (text, line) in [
        ("size 80x24\nkey q", None),
        ("size 80", Some(1)),
        ("# remark\n\nexpect quit-within soon", Some(3)),
        ("key q\nkey Hyper", Some(2)),
        ("keys \\xzz", Some(1)),
        ("expect nothing", Some(1)),
        ("wobble", Some(1)),
    ] {
        if wrong(text) != line {
            return Err(format!("{text:?} is wrong at {:?}, not {line:?}", wrong(text)));
        }
    }
    let text = "wait ?300ms\nkeys ?{a|b|c}\nkey ?\nexpect quit-within @flood";
    let chosen = |seed| choose(text, &mut Dice(seed));
    let several = (0..50).map(chosen).collect::<std::collections::BTreeSet<_>>().len();
    let same = chosen(7) == chosen(7) && several > 10 && chosen(1).contains("key ?\nexpect quit-within 250ms");
    if same { Ok(()) } else { Err(format!("a seed decides {several} ways: {}", chosen(1))) }
}
