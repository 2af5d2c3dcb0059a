//! What was found out about the terminal and what follows from it, as lines for people; and the way out of a terminal that
//! somebody else has left broken.
//!
//! Decides nothing: the decisions are those of `depth` and of the live view.

use std::io::{self, IsTerminal};
use std::time::Duration;

use super::{Environment, LARGEST, depth, tty};
use crate::text::Safe;
use crate::view::Depth;

/// Every mode that a full-screen program may leave behind, undone: an unfinished sequence and frame, colours, mouse, focus
/// and paste reports, the alternate screen, a hidden cursor, cursor keys and keypad in application mode, a scroll region.
const RESTORE: &[u8] =
    b"\x18\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\
    \x1b[?2004l\x1b[?1049l\x1b[?1l\x1b>\x1b[r\x1b[?7h\x1b[?25h\r\n";

/// Gives the terminal back to the shell: sends what undoes every mode, and makes input lines with echo again.
///
/// # Errors
/// Where standard output cannot be written or the terminal refuses its modes.
pub fn reset() -> io::Result<()> {
    tty::write_all(RESTORE)?;
    if io::stdin().is_terminal() { tty::set_sane() } else { Ok(()) }
}

/// What was found out and why, line by line.
#[must_use]
pub fn doctor() -> String {
    let here = Environment::here();
    let multiplexer = ["TMUX", "STY"].into_iter().find(|name| std::env::var_os(name).is_some());
    let terminals = [io::stdin().is_terminal(), io::stdout().is_terminal()];
    let answer = if terminals == [true; 2] && !here.dumb() { ask() } else { Answer::NotAsked };
    diagnose(&here, terminals, tty::size(), multiplexer, answer)
}

/// What came of asking the terminal for its status.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    NotAsked,
    None,
    After(Duration),
}

/// Asks as the live view does after each frame.
#[cfg(unix)]
fn ask() -> Answer {
    let Ok(modes) = tty::modes() else { return Answer::NotAsked };
    let answer = tty::set_raw(&modes).and_then(|()| wait_for_answer());
    let _ = tty::set(&modes);
    answer.unwrap_or(Answer::None)
}

#[cfg(unix)]
fn wait_for_answer() -> io::Result<Answer> {
    use super::keys::{Input, QUESTION, Reader};
    use std::time::Instant;

    let (asked, mut reader, mut bytes) = (Instant::now(), Reader::default(), [0; 256]);
    tty::write_all(QUESTION)?;
    let mut answer = Answer::None;
    while answer == Answer::None && asked.elapsed() < PATIENCE {
        if let Some(read) = tty::read(&mut bytes, Some(PATIENCE.saturating_sub(asked.elapsed())))? {
            reader.read(&bytes[..read], &mut |input| {
                if input == Input::Answer {
                    answer = Answer::After(asked.elapsed());
                }
            });
        }
    }
    Ok(answer)
}

/// Nothing that answers takes longer on a link that can be used.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(1);

#[cfg(not(unix))]
const fn ask() -> Answer {
    Answer::NotAsked
}

fn diagnose(
    here: &Environment,
    [input, output]: [bool; 2],
    (columns, rows): (u16, u16),
    multiplexer: Option<&str>,
    answer: Answer,
) -> String {
    let is = |terminal| if terminal { "a terminal" } else { "no terminal" };
    let live = match (input, output, here.dumb()) {
        (_, false, _) => "no: standard output is no terminal; the last frame is printed",
        (_, _, true) => "no: TERM says that the terminal can only write lines; the last frame is printed",
        (false, ..) => "no: standard input is no terminal, so there are no keys to read",
        (true, true, false) => "yes",
    };
    let (colors, why) = match depth(None, here) {
        Depth::None if here.no_color => ("none", "NO_COLOR is set"),
        Depth::None => ("none", "TERM knows none"),
        Depth::Ansi16 => ("16", "TERM and COLORTERM promise no more"),
        Depth::Ansi256 if here.term.starts_with("screen") => ("256", "screen passes no more on"),
        Depth::Ansi256 => ("256", "TERM promises them, COLORTERM no more"),
        Depth::True => ("true", "TERM or COLORTERM promises them"),
    };
    let (marker, locale) = if here.utf8() {
        ("braille", "the locale does not say otherwise")
    } else {
        ("ascii", "the locale is not UTF-8")
    };
    let clamped = columns > LARGEST.0 || rows > LARGEST.1;
    let clamped = if clamped { format!(", drawn at most {}×{}", LARGEST.0, LARGEST.1) } else { String::new() };
    let link = match answer {
        Answer::NotAsked => "not asked".to_owned(),
        Answer::None => "no answer within a second: frames are held to a budget of bytes".to_owned(),
        Answer::After(time) => {
            format!("answered in {:.1} ms: a frame waits until the one before has been shown", time.as_secs_f64() * 1e3)
        }
    };
    // Made safe here, where it is one row: a line feed in a variable would otherwise begin a row of its own.
    let said = |text: &str| if text.is_empty() { "not set".to_owned() } else { Safe::line(text).into_string() };
    let lines = [
        ("standard input", is(input).to_owned()),
        ("standard output", is(output).to_owned()),
        ("live view", live.to_owned()),
        ("size", format!("{columns}×{rows}{clamped}")),
        ("TERM", said(&here.term)),
        ("COLORTERM", said(&here.colorterm)),
        ("colours", format!("{colors}: {why} (--color says otherwise)")),
        ("locale", said(&here.locale)),
        ("marker", format!("{marker}: {locale} (--marker says otherwise)")),
        ("link", link),
        ("multiplexer", multiplexer.map_or("none seen".to_owned(), |name| format!("{name} is set"))),
    ];
    lines.iter().map(|(name, text)| format!("{name:<17}{text}\n")).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(term: &str, colorterm: &str, no_color: bool, terminals: [bool; 2]) -> String {
        let here = Environment { term: term.into(), colorterm: colorterm.into(), no_color, ..Environment::default() };
        diagnose(&here, terminals, (80, 24), None, Answer::After(Duration::from_millis(80)))
    }

    #[test]
    fn a_variable_forges_no_line() {
        let plain = told("xterm", "x", false, [true; 2]).lines().count();
        for forged in
            ["xterm\nlive view        no", "x\r\nsize 1", "a\u{85}b", "a\u{2028}b\u{1b}[A", &"y\n".repeat(1000)]
        {
            for text in [told(forged, "x", false, [true; 2]), told("xterm", forged, false, [true; 2])] {
                assert_eq!(text.lines().count(), plain, "{text}");
                assert!(text.lines().all(|line| line.len() < 1200 && !line.chars().any(char::is_control)), "{text}");
            }
        }
    }

    #[test]
    fn every_decision_has_its_reason() {
        for (told, expected) in [
            (told("xterm-256color", "truecolor", false, [true; 2]), "true: TERM or COLORTERM promises them"),
            (told("xterm-256color", "", false, [true; 2]), "256: TERM promises them"),
            (told("screen-256color", "truecolor", false, [true; 2]), "256: screen passes no more on"),
            (told("xterm-256color", "truecolor", true, [true; 2]), "none: NO_COLOR is set"),
            (told("dumb", "", false, [true; 2]), "no: TERM says"),
            (told("xterm", "", false, [true, false]), "no: standard output is no terminal"),
            (told("xterm", "", false, [false, true]), "no: standard input is no terminal"),
            (told("xterm", "", false, [true; 2]), "live view        yes"),
            (told("xterm", "", false, [true; 2]), "link             answered in 80.0 ms"),
        ] {
            assert!(told.contains(expected), "no {expected:?} in\n{told}");
            assert!(!told.contains('\u{1b}'));
        }
    }
}
