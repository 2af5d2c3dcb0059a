//! Splits the bytes that a terminal sends into key presses, mouse reports and answers. Pure: no device, no clock.
//!
//! The events are crossterm's, but its reader is not used where there is a terminal device: it discards the answer to
//! [`QUESTION`], and a paste whose end is lost makes it swallow every key that follows. Whatever arrives here, the next
//! key counts: a sequence has at most [`LONGEST`] bytes, and one that is cut off ends with the pause after it
//! ([`Reader::pause`]). What a complete sequence means is known to `sequences`, what an event means to `events`.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};

use super::keycodes::{letter, modifiers, single};
use super::sequences::{color, numbers, sequence};

/// Asks the terminal for its status; it answers once it has carried out everything written before.
pub const QUESTION: &[u8] = b"\x1b[5n";

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed, repeated or released.
    Key(KeyEvent),
    /// A mouse button was pressed or released, or the wheel was turned; column and row are counted from 0.
    Mouse(MouseEvent),
    /// The terminal answered the question that follows a frame.
    Answer,
    /// It reported its background colour: red, green, blue.
    Ground([u8; 3]),
    /// It reported its cursor position: row and column, counted from 1. Never in row 1, where the report would be F3
    /// with a modifier.
    Cursor(u16, u16),
    /// Text was pasted. Its content is discarded: it is not key presses.
    Paste,
}

/// The most bytes of a sequence that are kept; no keyboard sends longer ones.
pub const LONGEST: usize = 64;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// Between two keys.
    #[default]
    Ground,
    /// After ESC.
    Escape,
    /// After ESC O.
    Application,
    /// After ESC [.
    Sequence,
    /// In a mouse report of the old form, with this many bytes still to come. It is never asked for, but its bytes are
    /// not keys.
    OldMouse(u8),
    /// In a character of more than one byte, with this many still to come.
    Character(u8),
    /// In a pasted text.
    Paste,
    /// In a string sequence (OSC, DCS and similar).
    Report,
    /// After an ESC in one.
    ReportEnd,
}

/// Ctrl-C, which counts wherever it arrives.
const CTRL_C: KeyEvent = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);

/// Reads bytes in whatever pieces they arrive.
#[derive(Debug, Default)]
pub struct Reader {
    state: State,
    /// The bytes of the sequence or character so far.
    held: Vec<u8>,
}

impl Reader {
    /// Whether a sequence is unfinished, so that a pause would have a meaning.
    #[must_use]
    pub fn waiting(&self) -> bool {
        self.state != State::Ground
    }

    /// Nothing has arrived for a while: a lone ESC was the key, and whatever else is unfinished stays so.
    pub fn pause(&mut self, found: &mut impl FnMut(Input)) {
        match (self.state, self.held.as_slice()) {
            (State::Escape, _) => found(Input::Key(KeyCode::Esc.into())),
            // Nothing followed, so it was a key with Alt.
            (State::Report, [opener]) => found(Input::Key(with_alt(single(*opener)))),
            _ => {}
        }
        self.ground();
    }

    /// Decodes further bytes.
    pub fn read(&mut self, bytes: &[u8], found: &mut impl FnMut(Input)) {
        for &byte in bytes {
            self.byte(byte, found);
        }
    }

    fn ground(&mut self) {
        self.state = State::Ground;
        self.held.clear();
    }

    fn byte(&mut self, byte: u8, found: &mut impl FnMut(Input)) {
        match self.state {
            State::Ground => self.begin(byte, false, found),
            State::Escape => self.escape(byte, found),
            State::Application => self.application(byte, found),
            State::Sequence => self.sequence(byte, found),
            State::OldMouse(left) => self.state = if left > 1 { State::OldMouse(left - 1) } else { State::Ground },
            State::Character(left) => self.character(byte, left, found),
            State::Paste => self.paste(byte, found),
            State::Report => self.report(byte, found),
            State::ReportEnd if byte == b'\\' => self.reported(found),
            State::ReportEnd => {
                self.ground();
                self.escape(byte, found);
            }
        }
    }

    /// The first byte of a key; `alt` if an ESC came before it.
    fn begin(&mut self, byte: u8, alt: bool, found: &mut impl FnMut(Input)) {
        let more = match byte {
            0xC2..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF4 => 3,
            0x1B if !alt => {
                self.state = State::Escape;
                return;
            }
            // Neither a character nor the start of one.
            0x80.. => return self.ground(),
            _ => 0,
        };
        self.held.clear();
        if more > 0 {
            self.held.push(byte);
            self.state = State::Character(more);
        } else {
            self.state = State::Ground;
            let key = single(byte);
            found(Input::Key(if alt { with_alt(key) } else { key }));
        }
    }

    fn escape(&mut self, byte: u8, found: &mut impl FnMut(Input)) {
        match byte {
            b'[' => self.state = State::Sequence,
            b'O' => self.state = State::Application,
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.held.push(byte);
                self.state = State::Report;
            }
            // The first was the key; the second starts a new sequence.
            0x1B => found(Input::Key(KeyCode::Esc.into())),
            _ => self.begin(byte, true, found),
        }
    }

    /// After ESC O: cursor keys, keypad and the first function keys of a terminal in application mode; old ones put the
    /// modifiers between, as in `ESC O 5 C`.
    fn application(&mut self, byte: u8, found: &mut impl FnMut(Input)) {
        match byte {
            b'0'..=b'9' | b';' if self.held.len() < LONGEST => self.held.push(byte),
            0x40..=0x7E => {
                let held = numbers(&self.held).and_then(|numbers| numbers.last().copied()).unwrap_or(0);
                let key = match byte {
                    // rxvt: with Ctrl.
                    b'a'..=b'd' => {
                        letter(byte.to_ascii_uppercase()).map(|code| KeyEvent::new(code, KeyModifiers::CONTROL))
                    }
                    b'j'..=b'y' => Some(KeyCode::Char(char::from(byte - b'j' + b'*')).into()),
                    _ => letter(byte).map(|code| KeyEvent::new(code, modifiers(u32::from(held)))),
                };
                self.ground();
                key.into_iter().for_each(|key| found(Input::Key(key)));
            }
            _ => {
                self.ground();
                self.begin(byte, false, found);
            }
        }
    }

    fn character(&mut self, byte: u8, left: u8, found: &mut impl FnMut(Input)) {
        if byte & 0xC0 != 0x80 {
            self.ground();
            return self.begin(byte, false, found);
        }
        self.held.push(byte);
        if left > 1 {
            self.state = State::Character(left - 1);
            return;
        }
        let character = std::str::from_utf8(&self.held).ok().and_then(|text| text.chars().next());
        self.ground();
        character.filter(|c| !c.is_control()).into_iter().for_each(|c| found(Input::Key(KeyCode::Char(c).into())));
    }

    fn sequence(&mut self, byte: u8, found: &mut impl FnMut(Input)) {
        match byte {
            // The Linux console sends F1 to F5 this way.
            b'[' if self.held.is_empty() => self.held.push(byte),
            // rxvt ends a key with Shift in `$`, which is no final byte; elsewhere more follows.
            b'$' if !self.held.is_empty() && self.held.iter().all(u8::is_ascii_digit) => {
                let input = sequence(&self.held, byte);
                self.ground();
                input.into_iter().for_each(found);
            }
            0x20..=0x3F if self.held.len() < LONGEST => self.held.push(byte),
            // Longer than any key: discarded up to its end.
            0x20..=0x3F => {}
            b'M' if self.held.is_empty() => self.state = State::OldMouse(3),
            0x40..=0x7E if self.held == b"200" && byte == b'~' => {
                self.held.clear();
                self.state = State::Paste;
                found(Input::Paste);
            }
            0x40..=0x7E => {
                let input = sequence(&self.held, byte);
                self.ground();
                input.into_iter().for_each(found);
            }
            // Cut off: the interrupting byte starts a new sequence.
            _ => {
                self.ground();
                self.begin(byte, false, found);
            }
        }
    }

    /// Within a report only its end and Ctrl-C count.
    fn report(&mut self, byte: u8, found: &mut impl FnMut(Input)) {
        match byte {
            0x03 => {
                self.ground();
                found(Input::Key(CTRL_C));
            }
            0x07 => self.reported(found),
            0x1B => self.state = State::ReportEnd,
            _ if self.held.len() < LONGEST => self.held.push(byte),
            _ => {}
        }
    }

    /// A report has ended: the background colour is the only one that is asked for.
    fn reported(&mut self, found: &mut impl FnMut(Input)) {
        let ground = self.held.strip_prefix(b"]11;").and_then(color);
        self.ground();
        ground.into_iter().for_each(|rgb| found(Input::Ground(rgb)));
    }

    /// Within a paste only its end and Ctrl-C count.
    fn paste(&mut self, byte: u8, found: &mut impl FnMut(Input)) {
        const END: &[u8] = b"\x1b[201~";
        if byte == 0x03 {
            self.ground();
            return found(Input::Key(CTRL_C));
        }
        if byte == END[self.held.len()] {
            self.held.push(byte);
        } else {
            self.held.clear();
            self.held.extend((byte == END[0]).then_some(byte));
        }
        if self.held == END {
            self.ground();
        }
    }
}

fn with_alt(mut key: KeyEvent) -> KeyEvent {
    key.modifiers |= KeyModifiers::ALT;
    key
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::events::{self, Pointer};
    use super::*;
    use crate::app::Key;

    /// An input with the meaning that it has for the app.
    #[derive(Debug, Clone, PartialEq)]
    enum Meaning {
        Key(Key),
        Mouse(Pointer),
        Other(Input),
    }

    impl Meaning {
        fn of(input: Input) -> Option<Self> {
            match input {
                Input::Key(event) => events::key(event).map(Self::Key),
                Input::Mouse(event) => events::pointer(event).map(Self::Mouse),
                other => Some(Self::Other(other)),
            }
        }
    }

    /// The meaning of pieces, with a pause after the last.
    fn found(pieces: &[&[u8]]) -> Vec<Meaning> {
        let (mut reader, mut all) = (Reader::default(), Vec::new());
        for piece in pieces {
            reader.read(piece, &mut |input| all.extend(Meaning::of(input)));
        }
        reader.pause(&mut |input| all.extend(Meaning::of(input)));
        all
    }

    fn keys(text: &str) -> Vec<Meaning> {
        text.split_whitespace().map(|name| Meaning::Key(name.parse().unwrap())).collect()
    }

    /// As xterm's control sequences (its "PC-style function keys") and the Linux console have them.
    #[test]
    fn every_key_of_the_keymap_arrives() {
        for (bytes, expected) in [
            ("q? é漢", "q ? space é 漢"),
            ("\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "↑ ↓ → ← Home End"),
            ("\x1bOA\x1bOD\x1bOH\x1bOP\x1bOS", "↑ ← Home F1 F4"),
            (
                "\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~\x1b[7~\x1b[8~",
                "Home Insert Delete End PageUp PageDown Home End",
            ),
            ("\x1b[1;2C\x1b[1;5D\x1b[1;3A\x1b[6;2~", "Shift+→ Ctrl+← Alt+↑ Shift+PageDown"),
            ("\x1b[15~\x1b[17~\x1b[24~\x1b[[A\x1b[[E", "F5 F6 F12 F1 F5"),
            ("\t\x1b[Z\r\x7f\x08\x03\x1a", "Tab Shift+Tab Enter Backspace Backspace Ctrl+c Ctrl+z"),
            ("\x1bx\x1b\x1b[A\x1b", "Alt+x Esc ↑ Esc"),
            ("\x1b]", "Alt+]"),
        ] {
            assert_eq!(found(&[bytes.as_bytes()]), keys(expected), "{bytes:?}");
            let bytes: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
            assert_eq!(found(&bytes), keys(expected), "in single bytes");
        }
    }

    /// kitty's "Comprehensive keyboard handling in terminals"; xterm's ctlseqs, `modifyOtherKeys` and
    /// `formatOtherKeys`.
    #[test]
    fn keys_sent_as_numbers_are_the_same_keys() {
        for (bytes, expected) in [
            ("\x1b[99;5u\x1b[27;5;99~\x1b[99;5:1u\x1b[99;5:2u\x1b[67;6u", "Ctrl+c Ctrl+c Ctrl+c Ctrl+c Ctrl+c"),
            ("\x1b[99;5:3u\x1b[113;1:3u\x1b[1;1:3C\x1b[5;1:3~q", "q"),
            ("\x1b[122;5u\x1b[27;5;122~\x1b[108;5u\x1b[113u\x1b[113;1u", "Ctrl+z Ctrl+z Ctrl+l q q"),
            // Cyrillic and Greek layouts: the key that has these letters on a Latin one.
            ("\x1b[1089::99;5u\x1b[1081::113;1u\x1b[963::115u\x1b[1057:1057:99;2u", "Ctrl+c q s C"),
            // Without the Latin key the letter is what it is.
            ("\x1b[1089;1u", "с"),
            ("\x1b[97;2u\x1b[97:65;2u\x1b[47:63;2u\x1b[27;2;63~\x1b[91:123;2u", "A A ? ? {"),
            ("\x1b[97;65u\x1b[97;66u\x1b[49;129u", "A a 1"),
            (
                "\x1b[27u\x1b[13u\x1b[9;2u\x1b[127u\x1b[32;1u\x1b[27;2;9~",
                "Esc Enter Shift+Tab Backspace space Shift+Tab",
            ),
            ("\x1b[57419u\x1b[57417;2u\x1b[57400u\x1b[57413u\x1b[57414u", "↑ Shift+← 1 + Enter"),
            ("\x1b[1;1:1C\x1b[1;2:2D\x1b[5;5:1~", "→ Shift+← Ctrl+PageUp"),
            // Keys that type nothing: Shift and Caps Lock themselves.
            ("\x1b[57441;2u\x1b[57358u\x1b[?1uq", "q"),
        ] {
            assert_eq!(found(&[bytes.as_bytes()]), keys(expected), "{bytes:?}");
            let single: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
            assert_eq!(found(&single), keys(expected), "{bytes:?} in single bytes");
        }
    }

    /// As the terminfo entries `rxvt-unicode`, `linux`, `putty` and `konsole-xf3x` have them.
    #[test]
    fn keys_of_other_terminals_arrive() {
        for (bytes, expected) in [
            ("\x1b[a\x1b[b\x1b[c\x1b[d", "Shift+↑ Shift+↓ Shift+→ Shift+←"),
            ("\x1bOa\x1bOb\x1bOc\x1bOd", "Ctrl+↑ Ctrl+↓ Ctrl+→ Ctrl+←"),
            (
                "\x1b[7$\x1b[8$\x1b[5$\x1b[6^\x1b[7@q",
                "Shift+Home Shift+End Shift+PageUp Ctrl+PageDown Ctrl+Shift+Home q",
            ),
            ("\x1b[11~\x1b[23$\x1b[24^\x1b[25~\x1b[26~\x1b[28~\x1b[34~", "F1 Shift+F11 Ctrl+F12 F13 F14 F15 F20"),
            ("\x1bO5C\x1bO2P\x1bO1;5D\x1bO2Q", "Ctrl+→ Shift+F1 Ctrl+← Shift+F2"),
            ("\x1bOp\x1bOy\x1bOk\x1bOm\x1bOM\x1bOn", "0 9 + - Enter ."),
            ("\x1b[1~\x1b[4~\x1b[[A\x1b[[E\x1b[17~", "Home End F1 F5 F6"),
            // An answer about a mode, which has a `$` within, is not a key.
            ("\x1b[?2026;2$yq", "q"),
        ] {
            assert_eq!(found(&[bytes.as_bytes()]), keys(expected), "{bytes:?}");
            let single: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
            assert_eq!(found(&single), keys(expected), "{bytes:?} in single bytes");
        }
    }

    #[test]
    fn mouse_and_answers_are_not_taken_for_keys() {
        assert_eq!(
            found(&[b"\x1b[<0;5;7M\x1b[<0;5;7m\x1b[<35;5;8M"]),
            [Pointer::Press(4, 6), Pointer::Release(4, 6)].map(Meaning::Mouse)
        );
        assert_eq!(found(&[b"\x1b[<64;1;1M\x1b[<65;1;1M"]), [Pointer::WheelUp, Pointer::WheelDown].map(Meaning::Mouse));
        let cursor = Input::Cursor(7, 3);
        assert_eq!(
            found(&[b"\x1b[0n", b"\x1b", b"[0n\x1b[?1;2c\x1b[7;3R"]),
            [Input::Answer, Input::Answer, cursor].map(Meaning::Other)
        );
        assert_eq!(found(&[b"\x1b[1;2R\x1b[R"]), keys("Shift+F3 F3"));
        assert_eq!(found(&[b"\x1b[M !!q"]), keys("q"));
        assert_eq!(found(&[b"\x1b]10;rgb:00/00/00\x1b\\w\x1b]0;q\x07\x1bP1+rq\x1b\\x"]), keys("w x"));
        assert_eq!(found(&[b"\x1b]0;endless\x03q"]), keys("Ctrl+c q"));
    }

    /// As xterm, VTE, rxvt and foot report it; a report without a colour is not typed either.
    #[test]
    fn the_background_is_read_in_every_form_and_never_typed() {
        for (reported, rgb) in [
            ("rgb:ffff/8080/0000", [255, 128, 0]),
            ("rgb:ff/80/00", [255, 128, 0]),
            ("rgb:f/8/0", [255, 136, 0]),
            ("rgb:fff/800/000", [255, 128, 0]),
            ("rgba:fdfd/f6f6/e3e3/ffff", [0xfd, 0xf6, 0xe3]),
        ] {
            for end in ["\x07", "\x1b\\"] {
                let bytes = format!("\x1b]11;{reported}{end}w");
                let expected = [vec![Meaning::Other(Input::Ground(rgb))], keys("w")].concat();
                assert_eq!(found(&[bytes.as_bytes()]), expected, "{bytes:?}");
                let single: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
                assert_eq!(found(&single), expected, "in single bytes");
            }
        }
        for junk in [
            "?",
            "rgb:",
            "rgb:1/2",
            "rgb:g/0/0",
            "rgb:12345/0/0",
            "rgb:-1/0/0",
            "rgb:+1/0/0",
            "white",
            &"7".repeat(200),
        ] {
            assert_eq!(found(&[format!("\x1b]11;{junk}\x07w").as_bytes()]), keys("w"), "{junk}");
        }
    }

    #[test]
    fn a_paste_presses_no_key_and_ends() {
        assert_eq!(
            found(&[b"\x1b[200~qqq\x1b[20", b"\x1b[201~w"]),
            [vec![Meaning::Other(Input::Paste)], keys("w")].concat()
        );
        // Its end is lost: a pause ends it. Ctrl-C does at once.
        let (mut reader, mut all) = (Reader::default(), Vec::new());
        reader.read(b"\x1b[200~hello", &mut |input| all.extend(Meaning::of(input)));
        assert!(reader.waiting());
        reader.pause(&mut |input| all.extend(Meaning::of(input)));
        reader.read(b"q\x1b[200~hello\x03w", &mut |input| all.extend(Meaning::of(input)));
        assert_eq!(
            all,
            [vec![Meaning::Other(Input::Paste)], keys("q"), vec![Meaning::Other(Input::Paste)], keys("Ctrl+c w")]
                .concat()
        );
    }

    #[test]
    fn bytes_that_are_no_key_swallow_none() {
        for junk in ["\x1b[999999999999999~", "\x1b[", "\x1b[1;", "\x1bO", "\x1b[>0;1c", "\x1b[<1;2M", "\x1b[5;5;5;5Q"]
        {
            let mut bytes = junk.as_bytes().to_vec();
            bytes.extend_from_slice(b"\x03");
            assert_eq!(found(&[&bytes]).last(), keys("Ctrl+c").last(), "{junk:?}");
        }
        assert_eq!(found(&[b"\xff\xfe\xc3(\xe6\xbcq"]), keys("( q"));
        let long = [b"\x1b[".to_vec(), vec![b'7'; 100_000], b"~q".to_vec()].concat();
        assert_eq!(found(&[&long]), keys("q"));
    }

    proptest! {
        /// Any bytes, in any pieces: the same inputs, and Ctrl-C gets through.
        #[test]
        fn pieces_make_no_difference(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..200) {
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            prop_assert_eq!(found(&[&bytes]), found(&[first, second]));
            let quit = found(&[&bytes, b"\x1b[201~AA\x1b\\\x03"]);
            prop_assert!(quit.contains(&Meaning::Key(Key::ctrl('c'))));
        }
    }
}
