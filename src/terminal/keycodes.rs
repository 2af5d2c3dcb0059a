//! The numbers and letters by which terminals name keys. Pure.
//!
//! `keys` splits the bytes into sequences.

use crate::app::{Code, Key};

/// A single byte that is a key.
pub fn single(byte: u8) -> Key {
    match byte {
        b'\r' => Key::plain(Code::Enter),
        b'\t' => Key::plain(Code::Tab),
        0x08 | 0x7F => Key::plain(Code::Backspace),
        0x00 => Key::ctrl(' '),
        0x1B => Key::plain(Code::Esc),
        0x01..=0x1A => Key::ctrl(char::from(byte - 1 + b'a')),
        0x1C..=0x1F => Key::ctrl(char::from(byte - 0x1C + b'4')),
        _ => Key::char(char::from(byte)),
    }
}

/// The keys that end in a letter.
pub fn letter(byte: u8) -> Option<Code> {
    Some(match byte {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'M' => Code::Enter,
        b'P'..=b'S' => Code::F(byte - b'P' + 1),
        _ => return None,
    })
}

/// The keys that have numbers and end in `~`.
pub fn numbered(number: u16) -> Option<Code> {
    let function = |n: u16| Code::F(u8::try_from(n).unwrap_or(0));
    Some(match number {
        1 | 7 => Code::Home,
        2 => Code::Insert,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        // The numbers have gaps where a VT220 had keys of another kind.
        11..=15 => function(number - 10),
        17..=21 => function(number - 11),
        23..=26 => function(number - 12),
        28 | 29 => function(number - 13),
        31..=34 => function(number - 14),
        _ => return None,
    })
}

/// The bit of Shift among the modifiers, which are sent as their sum plus one.
pub const SHIFT: u32 = 1;
/// The bit of Ctrl.
pub const CTRL: u32 = 4;
const ALT: u32 = 2;
const CAPS: u32 = 64;

/// A key with what is held down. Whatever else is held makes no other key of it.
pub const fn held_down(code: Code, modifiers: u32) -> Key {
    let held = modifiers.saturating_sub(1);
    Key { code, shift: held & SHIFT != 0, alt: held & ALT != 0, ctrl: held & CTRL != 0 }
}

/// Whether a key was let go: the kitty protocol tells it in the second field, as `modifiers:3`.
pub fn released(held: &[u8]) -> bool {
    let mut modifiers = held.split(|byte| *byte == b';').nth(1).unwrap_or_default().split(|byte| *byte == b':');
    modifiers.nth(1) == Some(b"3")
}

/// A key as the number of its character: `CSI 99;5u` of the kitty protocol and of xterm's `formatOtherKeys`, with what else
/// the protocol may tell (`CSI character:with Shift:on a Latin layout;modifiers:event;text u`), and `CSI 27;5;99~` of xterm's
/// `modifyOtherKeys`. Nothing here asks for them, but other programs leave them on.
pub fn character(held: &[u8], last: u8) -> Option<Key> {
    let mut fields: Vec<Vec<u32>> = Vec::new();
    for field in held.split(|byte| *byte == b';') {
        let number = |part: &[u8]| {
            let text = std::str::from_utf8(part).ok()?;
            if text.is_empty() { Some(0) } else { text.parse().ok() }
        };
        fields.push(field.split(|byte| *byte == b':').map(number).collect::<Option<_>>()?);
    }
    let field = |at: usize, part: usize| fields.get(at).and_then(|field| field.get(part)).copied().unwrap_or(0);
    let modifiers = field(1, 0);
    let key = if last == b'~' { field(2, 0) } else { field(0, 0) };
    let [shifted, latin] = if last == b'~' { [0; 2] } else { [field(0, 1), field(0, 2)] };
    if let Some(code) = functional(key) {
        return Some(held_down(code, modifiers));
    }
    let held = modifiers.saturating_sub(1);
    let upper = (held & SHIFT != 0) != (held & CAPS != 0);
    // A letter of another script means the key at its place.
    let at_its_place = (key > 127 && latin != 0).then_some(latin);
    let shifted = (held & SHIFT != 0 && shifted != 0 && at_its_place.is_none()).then_some(shifted);
    let c = char::from_u32(at_its_place.or(shifted).unwrap_or(key)).filter(|c| !c.is_control() && !private(*c))?;
    let c = if upper && c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c };
    Some(held_down(Code::Char(c), modifiers))
}

/// Where the kitty protocol has keys that type nothing.
const fn private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// The keys that the kitty protocol gives a number of their own, and those with control characters.
fn functional(key: u32) -> Option<Code> {
    let digit = |n: u32| u8::try_from(n).ok().map(|n| Code::Char(char::from(b'0' + n)));
    Some(match key {
        27 => Code::Esc,
        13 | 57_414 => Code::Enter,
        9 => Code::Tab,
        8 | 127 => Code::Backspace,
        57_348 | 57_425 => Code::Insert,
        57_349 | 57_426 => Code::Delete,
        57_350 | 57_417 => Code::Left,
        57_351 | 57_418 => Code::Right,
        57_352 | 57_419 => Code::Up,
        57_353 | 57_420 => Code::Down,
        57_354 | 57_421 => Code::PageUp,
        57_355 | 57_422 => Code::PageDown,
        57_356 | 57_423 => Code::Home,
        57_357 | 57_424 => Code::End,
        57_399..=57_408 => digit(key - 57_399)?,
        57_409 => Code::Char('.'),
        57_410 => Code::Char('/'),
        57_411 => Code::Char('*'),
        57_412 => Code::Char('-'),
        57_413 => Code::Char('+'),
        57_415 => Code::Char('='),
        57_416 => Code::Char(','),
        _ => return None,
    })
}
