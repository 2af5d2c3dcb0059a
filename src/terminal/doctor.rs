//! A report of what was detected about the terminal and what follows from it; and the repair of a terminal that another
//! program has left in a bad state.
//!
//! It decides nothing: the decisions are those of `depth`, `probe` and the live view.

use std::io::{self, IsTerminal};
use std::time::Duration;

use super::probe::{Found, Probe};
use super::{Environment, LARGEST, depth, tty};
use crate::screen::{Depth, Glyphs, Ground};
use crate::text::Safe;

/// Every mode that a full-screen program may leave behind, undone: an unfinished sequence and frame, colours, mouse,
/// focus and paste reports, the alternate screen, a hidden cursor, cursor keys and keypad in application mode, a scroll
/// region.
const RESTORE: &[u8] =
    b"\x18\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\
    \x1b[?2004l\x1b[?1049l\x1b[?1l\x1b>\x1b[r\x1b[?7h\x1b[?25h\r\n";

/// Repairs the terminal: undoes every mode, and restores line input with echo.
///
/// # Errors
/// If standard output cannot be written or the terminal refuses its modes.
pub fn reset() -> io::Result<()> {
    tty::write_all(RESTORE)?;
    if io::stdin().is_terminal() { tty::set_sane() } else { Ok(()) }
}

/// What was detected and why, line by line.
#[must_use]
pub fn doctor() -> String {
    let here = Environment::here();
    let terminals = [io::stdin().is_terminal(), io::stdout().is_terminal()];
    let probe = Probe::new(&here, tty::size());
    let asks = terminals == [true; 2] && !here.dumb();
    let (answer, found) = if asks { ask(probe) } else { (Answer::NotAsked, Found::default()) };
    let multiplexer = ["TMUX", "STY"].into_iter().find(|name| std::env::var_os(name).is_some());
    diagnose(&Diagnosis { here, terminals, size: tty::size(), multiplexer, answer, found })
}

/// Everything that is known.
#[derive(Debug)]
struct Diagnosis {
    here: Environment,
    /// Standard input and standard output.
    terminals: [bool; 2],
    size: (u16, u16),
    multiplexer: Option<&'static str>,
    answer: Answer,
    found: Found,
}

/// The outcome of asking the terminal for its status.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    NotAsked,
    None,
    After(Duration),
}

/// Asks what the live view asks before its first picture.
#[cfg(unix)]
fn ask(mut probe: Probe) -> (Answer, Found) {
    let Ok(modes) = tty::modes() else { return (Answer::NotAsked, Found::default()) };
    let answer = tty::set_raw(&modes).and_then(|()| wait_for_answer(&mut probe));
    let _ = tty::set(&modes);
    (answer.unwrap_or(Answer::None), probe.found())
}

#[cfg(unix)]
fn wait_for_answer(probe: &mut Probe) -> io::Result<Answer> {
    use super::keys::{Input, QUESTION, Reader};
    use std::time::Instant;

    // Some questions print something: on the alternate screen it stays invisible.
    let questions = probe.questions();
    let [enter, leave]: [&[u8]; 2] = if questions.is_empty() { [b""; 2] } else { [b"\x1b[?1049h", b"\x1b[?1049l"] };
    let (asked, mut reader, mut bytes) = (Instant::now(), Reader::default(), [0; 256]);
    tty::write_all(&[enter, &questions, leave, QUESTION].concat())?;
    let mut answer = Answer::None;
    while answer == Answer::None && asked.elapsed() < PATIENCE {
        if let Some(read) = tty::read(&mut bytes, Some(PATIENCE.saturating_sub(asked.elapsed())))? {
            reader.read(&bytes[..read], &mut |input| {
                if input == Input::Answer {
                    answer = Answer::After(asked.elapsed());
                }
                probe.heard(input);
            });
        }
    }
    Ok(answer)
}

/// On a usable link every terminal that answers does so within this time.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(1);

#[cfg(not(unix))]
fn ask(_: Probe) -> (Answer, Found) {
    (Answer::NotAsked, Found::default())
}

fn diagnose(diagnosis: &Diagnosis) -> String {
    let Diagnosis { here, terminals: [input, output], size, multiplexer, answer, found } = diagnosis;
    let is = |terminal: &bool| if *terminal { "a terminal" } else { "not a terminal" }.to_owned();
    // Sanitised here: a line feed in a variable would otherwise begin a line of its own.
    let said = |text: &str| if text.is_empty() { "not set".to_owned() } else { Safe::line(text).into_string() };
    let lines = [
        ("standard input", is(input)),
        ("standard output", is(output)),
        ("live view", live(here, [*input, *output]).to_owned()),
        ("size", format!("{}×{}{}", size.0, size.1, clamped(*size))),
        ("TERM", said(&here.term)),
        ("COLORTERM", said(&here.colorterm)),
        ("colours", colors(here)),
        ("COLORFGBG", said(&here.colorfgbg)),
        ("theme", theme(diagnosis)),
        ("locale", said(&here.locale)),
        ("marker", marker(diagnosis)),
        ("ambiguous width", ambiguous(*found).to_owned()),
        ("repeats", repeats(*found).to_owned()),
        ("link", link(*answer)),
        ("multiplexer", multiplexer.map_or("none seen".to_owned(), |name| format!("{name} is set"))),
    ];
    lines.iter().map(|(name, text)| format!("{name:<17}{text}\n")).collect::<Vec<_>>().concat()
}

fn live(here: &Environment, [input, output]: [bool; 2]) -> &'static str {
    match (input, output, here.dumb()) {
        (_, false, _) => "no: standard output is not a terminal; the last frame is printed",
        (_, _, true) => "no: TERM names a terminal that cannot move its cursor; the last frame is printed",
        (false, ..) => "no: standard input is not a terminal, so there are no keys to read",
        (true, true, false) => "yes",
    }
}

fn clamped((columns, rows): (u16, u16)) -> String {
    let clamped = columns > LARGEST.0 || rows > LARGEST.1;
    if clamped { format!(", drawn at most {}×{}", LARGEST.0, LARGEST.1) } else { String::new() }
}

fn colors(here: &Environment) -> String {
    let (colors, why) = match depth(None, here) {
        Depth::None if here.no_color => ("none", "NO_COLOR is set"),
        Depth::None => ("none", "TERM implies none"),
        Depth::Ansi16 => ("16", "TERM and COLORTERM imply no more"),
        Depth::Ansi256 if here.term.starts_with("screen") || here.in_screen => ("256", "screen passes on no more"),
        Depth::Ansi256 => ("256", "TERM implies them, COLORTERM no more"),
        Depth::True => ("true", "TERM or COLORTERM implies them"),
    };
    format!("{colors}: {why} (override with --color)")
}

fn theme(Diagnosis { here, found, .. }: &Diagnosis) -> String {
    let (ground, why) = match (found.ground(), found.ground, here.ground()) {
        (Some(ground), Some([r, g, b]), _) => {
            (ground, format!("the terminal reports the background #{r:02x}{g:02x}{b:02x}"))
        }
        (_, _, Some(ground)) => (ground, "COLORFGBG says so".to_owned()),
        _ => (Ground::Dark, "neither the terminal nor COLORFGBG says".to_owned()),
    };
    let ground = if ground == Ground::Dark { "dark" } else { "light" };
    format!("{ground}: {why} (override with --theme)")
}

fn marker(Diagnosis { here, found, .. }: &Diagnosis) -> String {
    let (marker, why) = match (here.glyphs(), found.glyphs) {
        (Glyphs::Console, _) => ("ascii", "the fonts of such terminals have no braille"),
        _ if !here.utf8() => ("ascii", "the locale is not UTF-8"),
        (_, Some(Glyphs::Narrow)) if found.braille => ("braille, else ascii", "○ is two cells wide here"),
        (_, Some(Glyphs::Narrow)) => ("ascii", "○ and ⣿ are not one cell wide here"),
        _ if here.locale.is_empty() => ("braille", "no locale is set"),
        _ => ("braille", "the locale is UTF-8"),
    };
    // Only the user can see whether the font has them.
    let sample = if marker == "ascii" {
        ""
    } else {
        "\n                 ⠁⠉⠋⠛⠟⠿⡿⣿ boxes instead of dots? press m, or use --marker half or ascii"
    };
    format!("{marker}: {why} (override with --marker){sample}")
}

/// The width of characters that Unicode calls ambiguous, and what follows from it.
const fn ambiguous(found: Found) -> &'static str {
    match (found.glyphs, found.braille) {
        (None, _) => "not known: taken to be one cell",
        (Some(Glyphs::Narrow), true) => "two cells: lines, symbols and Greek are drawn in ASCII",
        (Some(Glyphs::Narrow), false) => "not one cell, and neither is braille: everything is drawn in ASCII",
        (Some(_), _) => "one cell: every character can be drawn",
    }
}

/// Whether a run of one character can be sent as one.
const fn repeats(found: Found) -> &'static str {
    match found.repeats {
        Some(true) => "yes: a run of one character is sent once, with its length",
        Some(false) => "no: every character of a run is sent",
        None => "not known: every character of a run is sent",
    }
}

fn link(answer: Answer) -> String {
    match answer {
        Answer::NotAsked => "not asked".to_owned(),
        Answer::None => "no answer within a second: frames are limited by a byte budget".to_owned(),
        Answer::After(time) => {
            format!(
                "answered in {:.1} ms: a frame waits until the previous one has been shown",
                time.as_secs_f64() * 1e3
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnosis(term: &str) -> Diagnosis {
        Diagnosis {
            here: Environment { term: term.into(), ..Environment::default() },
            terminals: [true; 2],
            size: (80, 24),
            multiplexer: None,
            answer: Answer::After(Duration::from_millis(80)),
            found: Found::default(),
        }
    }

    fn told(term: &str, colorterm: &str, no_color: bool, terminals: [bool; 2]) -> String {
        let mut all = Diagnosis { terminals, ..diagnosis(term) };
        (all.here.colorterm, all.here.no_color) = (colorterm.into(), no_color);
        diagnose(&all)
    }

    #[test]
    fn the_ground_is_told_with_its_source() {
        let mut all = diagnosis("xterm");
        assert!(diagnose(&all).contains("theme            dark: neither the terminal nor COLORFGBG"));
        all.here.colorfgbg = "0;15".into();
        assert!(diagnose(&all).contains("theme            light: COLORFGBG says so"));
        all.found.ground = Some([0, 0x2b, 0x36]);
        assert!(diagnose(&all).contains("theme            dark: the terminal reports the background #002b36"));
    }

    #[test]
    fn characters_are_told_with_the_reason() {
        let mut all = diagnosis("xterm");
        assert!(diagnose(&all).contains("marker           braille: no locale is set"));
        assert!(diagnose(&all).contains("boxes instead of dots? press m"));
        all.here.locale = "C".into();
        assert!(diagnose(&all).contains("marker           ascii: the locale is not UTF-8"));
        all.here.locale = "ja_JP.UTF-8".into();
        (all.found.glyphs, all.found.braille) = (Some(Glyphs::Narrow), true);
        assert!(diagnose(&all).contains("marker           braille, else ascii: ○ is two cells wide here"));
        assert!(diagnose(&all).contains("ambiguous width  two cells: lines, symbols and Greek are drawn in ASCII"));
        all.found.braille = false;
        assert!(diagnose(&all).contains("ambiguous width  not one cell, and neither is braille"));
        for term in ["linux", "vt100", "cygwin"] {
            let text = diagnose(&diagnosis(term));
            assert!(text.contains("marker           ascii: the fonts") && !text.contains("boxes"), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_told_apart_from_no() {
        for (repeats, told) in [(None, "not known"), (Some(false), "no:"), (Some(true), "yes:")] {
            let found = Found { repeats, glyphs: repeats.map(|_| Glyphs::Any), ..Found::default() };
            let text = diagnose(&Diagnosis { found, ..diagnosis("xterm") });
            assert!(text.contains(&format!("repeats          {told}")), "{text}");
            let width = if repeats.is_none() { "not known: taken to be one cell" } else { "one cell: every character" };
            assert!(text.contains(&format!("ambiguous width  {width}")), "{text}");
        }
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
            (told("xterm-256color", "truecolor", false, [true; 2]), "true: TERM or COLORTERM implies them"),
            (told("xterm-256color", "", false, [true; 2]), "256: TERM implies them"),
            (told("screen-256color", "truecolor", false, [true; 2]), "256: screen passes on no more"),
            (told("xterm-256color", "truecolor", true, [true; 2]), "none: NO_COLOR is set"),
            (told("dumb", "", false, [true; 2]), "no: TERM names a terminal that cannot"),
            (told("xterm", "", false, [true, false]), "no: standard output is not a terminal"),
            (told("xterm", "", false, [false, true]), "no: standard input is not a terminal"),
            (told("xterm", "", false, [true; 2]), "live view        yes"),
            (told("xterm", "", false, [true; 2]), "link             answered in 80.0 ms"),
        ] {
            assert!(told.contains(expected), "no {expected:?} in\n{told}");
            assert!(!told.contains('\u{1b}'));
        }
    }
}
