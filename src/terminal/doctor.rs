//! What was found out about the terminal and what follows from it, as lines for people; and the way out of a terminal that
//! somebody else has left broken.
//!
//! Decides nothing: the decisions are those of `depth` and of the live view.

use std::io::{self, IsTerminal};

use super::{Environment, LARGEST, depth, tty};
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
    diagnose(&here, terminals, tty::size(), multiplexer)
}

fn diagnose(
    here: &Environment,
    [input, output]: [bool; 2],
    (columns, rows): (u16, u16),
    multiplexer: Option<&str>,
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
    let said = |text: &str| if text.is_empty() { "not set".to_owned() } else { text.to_owned() };
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
        ("multiplexer", multiplexer.map_or("none seen".to_owned(), |name| format!("{name} is set"))),
    ];
    lines.iter().map(|(name, text)| format!("{name:<17}{text}\n")).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(term: &str, colorterm: &str, no_color: bool, terminals: [bool; 2]) -> String {
        let here = Environment { term: term.into(), colorterm: colorterm.into(), no_color, ..Environment::default() };
        diagnose(&here, terminals, (80, 24), None)
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
        ] {
            assert!(told.contains(expected), "no {expected:?} in\n{told}");
            assert!(!told.contains('\u{1b}'));
        }
    }
}
