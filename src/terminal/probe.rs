//! What the terminal is asked before the first picture: its background, how wide it draws ambiguous characters, whether it
//! repeats characters. Pure: no device, no clock.
//!
//! The questions are sent in one write, the last being the one that follows every frame: once that is answered, whatever
//! is missing will not come. A late answer still counts. `keys` decodes the answers.

use super::depth::Environment;
use super::keys::Input;
use super::kind::Kind;
use crate::app::look::{Glyphs, Ground};

/// The rows of the cursor for two of the questions: never the first, from where the answer would read as Shift+F3.
const WIDTH_ROW: u16 = 2;
const REPEAT_ROW: u16 = 3;
/// Prints a circle, whose width Unicode calls ambiguous, and braille, which it calls narrow; and a line, repeated three
/// times.
const WIDTH: &[u8] = "\x1b[2;1H○⣿\x1b[6n".as_bytes();
const REPEAT: &[u8] = "\x1b[3;1H─\x1b[3b\x1b[6n".as_bytes();
/// Asks for the background colour. Unlike BEL, the string terminator is silent on a terminal that does not know the
/// question.
const GROUND: &[u8] = b"\x1b]11;?\x1b\\";
/// Erases what was printed to ask.
const ERASE: &[u8] = b"\x1b[2J";
/// Above this relative luminance black text is easier to read than white: both have a contrast of 4.58 there (WCAG 2).
const LIGHT: f64 = 0.179;

/// What the terminal has answered; `None` where it has not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// The background colour: red, green, blue.
    pub ground: Option<[u8; 3]>,
    /// The characters that are one column wide.
    pub glyphs: Option<Glyphs>,
    /// Braille is among them.
    pub braille: bool,
    /// Whether the last character is repeated on `CSI n b`, whatever it is.
    pub repeats: Option<bool>,
}

impl Found {
    /// Whether the background is light or dark, by its relative luminance (WCAG 2).
    #[must_use]
    pub fn ground(self) -> Option<Ground> {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        self.ground.map(|[red, green, blue]| {
            let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
            if luminance > LIGHT { Ground::Light } else { Ground::Dark }
        })
    }
}

/// The questions that can be asked, and the answers so far.
#[derive(Debug)]
pub struct Probe {
    ground: bool,
    characters: bool,
    found: Found,
}

impl Probe {
    /// The questions that a terminal of a size (columns, rows) can be asked.
    #[must_use]
    pub fn new(environment: &Environment, (columns, rows): (u16, u16)) -> Self {
        // A console may print a sequence that it does not know, or wait for its end for ever.
        let emulator = environment.kind() == Kind::Emulator;
        // The line takes eight columns if it is wide and repeated.
        let room = columns > 8 && rows >= REPEAT_ROW;
        Self { ground: emulator, characters: emulator && room && environment.utf8(), found: Found::default() }
    }

    /// The questions, without the final one; empty if there is nothing to ask.
    #[must_use]
    pub fn questions(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.ground {
            out.extend_from_slice(GROUND);
        }
        if self.characters {
            [WIDTH, REPEAT, ERASE].iter().for_each(|bytes| out.extend_from_slice(bytes));
        }
        out
    }

    /// The answers so far.
    #[must_use]
    pub const fn found(&self) -> Found {
        self.found
    }

    /// Takes an answer; returns whether it is news. Only the first answer to a question counts.
    pub fn heard(&mut self, input: Input) -> bool {
        let before = self.found;
        match input {
            Input::Ground(rgb) if self.ground => {
                self.ground = false;
                self.found.ground = Some(rgb);
            }
            Input::Cursor(WIDTH_ROW, column) if self.characters => {
                self.found.glyphs = Some(if column == 3 { Glyphs::Any } else { Glyphs::Narrow });
                self.found.braille = matches!(column, 3 | 4);
            }
            // A wide line that is repeated would end in column 9; then runs are not repeated.
            Input::Cursor(REPEAT_ROW, column) if self.characters => {
                self.characters = false;
                self.found.repeats = Some(column == 5);
            }
            Input::Ground(_) | Input::Cursor(..) | Input::Key(_) | Input::Mouse(_) | Input::Answer | Input::Paste => {}
        }
        self.found != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(term: &str, locale: &str, size: (u16, u16)) -> Probe {
        let environment = Environment { term: term.into(), locale: locale.into(), ..Environment::default() };
        Probe::new(&environment, size)
    }

    fn heard(inputs: &[Input]) -> Found {
        let mut probe = probe("xterm-256color", "C.UTF-8", (80, 24));
        for input in inputs {
            probe.heard(*input);
        }
        probe.found()
    }

    #[test]
    fn only_what_a_terminal_can_take_is_asked() {
        let all = b"\x1b]11;?\x1b\\\x1b[2;1H\xe2\x97\x8b\xe2\xa3\xbf\x1b[6n\x1b[3;1H\xe2\x94\x80\x1b[3b\x1b[6n\x1b[2J";
        for term in
            ["xterm", "xterm-256color", "tmux-256color", "screen", "xterm-kitty", "foot", "rxvt-unicode-256color"]
        {
            assert_eq!(probe(term, "", (80, 24)).questions(), all, "{term}");
            assert_eq!(probe(term, "de_DE.ISO-8859-1", (80, 24)).questions(), GROUND, "{term}");
            assert_eq!(probe(term, "", (80, 2)).questions(), GROUND, "{term}: no room to ask in");
        }
        for term in ["linux", "vt100", "vt220", "cygwin", "ansi", "unknown", "dumb"] {
            assert!(probe(term, "C.UTF-8", (80, 24)).questions().is_empty(), "{term}");
        }
    }

    #[test]
    fn answers_tell_width_repetition_and_ground() {
        assert_eq!(heard(&[]), Found::default());
        for (column, glyphs, braille) in [(3, Glyphs::Any, true), (4, Glyphs::Narrow, true), (5, Glyphs::Narrow, false)]
        {
            let found = heard(&[Input::Cursor(2, column)]);
            assert_eq!((found.glyphs, found.braille), (Some(glyphs), braille), "at column {column}");
        }
        // One and three more; one; four of two columns.
        for (column, repeats) in [(5, true), (2, false), (9, false)] {
            assert_eq!(heard(&[Input::Cursor(3, column)]).repeats, Some(repeats), "at column {column}");
        }
        assert_eq!(heard(&[Input::Cursor(7, 3), Input::Cursor(1, 5)]), Found::default(), "nobody asked there");
        // Twice, late, in another order: the first answer counts.
        let twice = [Input::Cursor(3, 5), Input::Ground([1, 2, 3]), Input::Ground([255; 3]), Input::Cursor(3, 2)];
        assert_eq!(heard(&twice), Found { ground: Some([1, 2, 3]), repeats: Some(true), ..Found::default() });
    }

    /// Contrast with black and with white is the same at a grey of 117.6 (WCAG 2: √(1.05·0.05) − 0.05 = 0.179).
    #[test]
    fn a_ground_is_light_where_black_is_easier_to_read_on_it() {
        let of = |rgb| Found { ground: Some(rgb), ..Found::default() }.ground();
        for light in [[255; 3], [0xfd, 0xf6, 0xe3], [118; 3], [0, 255, 0]] {
            assert_eq!(of(light), Some(Ground::Light), "{light:?}");
        }
        for dark in [[0; 3], [0x00, 0x2b, 0x36], [117; 3], [0, 0, 255], [0x30, 0x0a, 0x24]] {
            assert_eq!(of(dark), Some(Ground::Dark), "{dark:?}");
        }
        assert_eq!(Found::default().ground(), None);
    }
}
