//! The numbers and letters that stand for keys in sequences. Pure.
//!
//! `keys` splits the bytes into sequences, `sequences` reads one.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A single byte that is a key.
pub fn single(byte: u8) -> KeyEvent {
    let control = |c: char| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
    match byte {
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x08 | 0x7F => KeyCode::Backspace.into(),
        0x00 => control(' '),
        0x1B => KeyCode::Esc.into(),
        0x01..=0x1A => control(char::from(byte - 1 + b'a')),
        0x1C..=0x1F => control(char::from(byte - 0x1C + b'4')),
        _ => KeyCode::Char(char::from(byte)).into(),
    }
}

/// The keys whose sequences end in a letter.
pub fn letter(byte: u8) -> Option<KeyCode> {
    Some(match byte {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(byte - b'P' + 1),
        _ => return None,
    })
}

/// The keys that have numbers; their sequences end in `~`.
pub fn numbered(number: u16) -> Option<KeyCode> {
    let function = |n: u16| KeyCode::F(u8::try_from(n).unwrap_or(0));
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        // The numbers have gaps where a VT220 had keys of another kind.
        11..=15 => function(number - 10),
        17..=21 => function(number - 11),
        23..=26 => function(number - 12),
        28 | 29 => function(number - 13),
        31..=34 => function(number - 14),
        _ => return None,
    })
}

const SHIFT: u32 = 1;
const ALT: u32 = 2;
const CTRL: u32 = 4;
const CAPS: u32 = 64;

/// The modifiers held down, which are sent as the sum of their bits plus one. Only Shift, Alt and Ctrl make a
/// difference here.
pub fn modifiers(sent: u32) -> KeyModifiers {
    let held = sent.saturating_sub(1);
    [(SHIFT, KeyModifiers::SHIFT), (ALT, KeyModifiers::ALT), (CTRL, KeyModifiers::CONTROL)]
        .into_iter()
        .filter_map(|(bit, modifier)| (held & bit != 0).then_some(modifier))
        .collect()
}

/// A key with its modifiers; as everywhere in crossterm, Shift and Tab are a key of their own.
pub fn held_down(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> KeyEvent {
    let back = code == KeyCode::Tab && modifiers.contains(KeyModifiers::SHIFT);
    KeyEvent::new_with_kind(if back { KeyCode::BackTab } else { code }, modifiers, kind)
}

/// Whether a key was pressed, repeated or released: the kitty protocol says so in the second field, `modifiers:kind`.
pub fn kind(held: &[u8]) -> KeyEventKind {
    let second = held.split(|byte| *byte == b';').nth(1).unwrap_or_default();
    match second.split(|byte| *byte == b':').nth(1) {
        Some(b"3") => KeyEventKind::Release,
        Some(b"2") => KeyEventKind::Repeat,
        _ => KeyEventKind::Press,
    }
}

/// A key sent as the number of its character: `CSI 99;5u` of the kitty protocol and of xterm's `formatOtherKeys`, with
/// the optional parts of the protocol (`CSI character:with Shift:on a Latin layout;modifiers:event;text u`), and
/// `CSI 27;5;99~` of xterm's `modifyOtherKeys`. Nothing here asks for them, but other programs leave them on.
pub fn character(held: &[u8], last: u8) -> Option<KeyEvent> {
    let mut fields: Vec<Vec<u32>> = Vec::new();
    for field in held.split(|byte| *byte == b';') {
        let number = |part: &[u8]| {
            let text = std::str::from_utf8(part).ok()?;
            if text.is_empty() { Some(0) } else { text.parse().ok() }
        };
        fields.push(field.split(|byte| *byte == b':').map(number).collect::<Option<_>>()?);
    }
    let field = |at: usize, part: usize| fields.get(at).and_then(|field| field.get(part)).copied().unwrap_or(0);
    let sent = field(1, 0);
    let key = if last == b'~' { field(2, 0) } else { field(0, 0) };
    let [shifted, latin] = if last == b'~' { [0; 2] } else { [field(0, 1), field(0, 2)] };
    let code = functional(key).or_else(|| typed(key, shifted, latin, sent.saturating_sub(1)).map(KeyCode::Char))?;
    Some(held_down(code, modifiers(sent), kind(held)))
}

/// The character that a key types: its own, the one with Shift, or the one on a Latin layout.
fn typed(key: u32, shifted: u32, latin: u32, held: u32) -> Option<char> {
    let upper = (held & SHIFT != 0) != (held & CAPS != 0);
    // A letter of another script stands for the Latin one on the same key.
    let same_key = (key > 127 && latin != 0).then_some(latin);
    let shifted = (held & SHIFT != 0 && shifted != 0 && same_key.is_none()).then_some(shifted);
    let c = char::from_u32(same_key.or(shifted).unwrap_or(key)).filter(|c| !c.is_control() && !private(*c))?;
    Some(if upper && c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c })
}

/// Where the kitty protocol has keys that type nothing.
const fn private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// The keys to which the kitty protocol gives numbers of their own, and those with control characters.
fn functional(key: u32) -> Option<KeyCode> {
    let digit = |n: u32| u8::try_from(n).ok().map(|n| KeyCode::Char(char::from(b'0' + n)));
    Some(match key {
        27 => KeyCode::Esc,
        13 | 57_414 => KeyCode::Enter,
        9 => KeyCode::Tab,
        8 | 127 => KeyCode::Backspace,
        57_348 | 57_425 => KeyCode::Insert,
        57_349 | 57_426 => KeyCode::Delete,
        57_350 | 57_417 => KeyCode::Left,
        57_351 | 57_418 => KeyCode::Right,
        57_352 | 57_419 => KeyCode::Up,
        57_353 | 57_420 => KeyCode::Down,
        57_354 | 57_421 => KeyCode::PageUp,
        57_355 | 57_422 => KeyCode::PageDown,
        57_356 | 57_423 => KeyCode::Home,
        57_357 | 57_424 => KeyCode::End,
        57_399..=57_408 => digit(key - 57_399)?,
        57_409 => KeyCode::Char('.'),
        57_410 => KeyCode::Char('/'),
        57_411 => KeyCode::Char('*'),
        57_412 => KeyCode::Char('-'),
        57_413 => KeyCode::Char('+'),
        57_415 => KeyCode::Char('='),
        57_416 => KeyCode::Char(','),
        _ => return None,
    })
}
