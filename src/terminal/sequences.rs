//! What a complete sequence of the terminal means: keys, mouse reports, answers, colours. Pure.
//!
//! `keys` finds where sequences end, `keycodes` knows the numbers and letters of keys.

use ratatui::crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::keycodes::{character, held_down, kind, letter, modifiers, numbered};
use super::keys::Input;

/// The meaning of the bytes between `ESC [` and the last byte, and of that byte; `None` if it has none.
pub fn sequence(held: &[u8], last: u8) -> Option<Input> {
    if let Some(report) = held.strip_prefix(b"<") {
        return matches!(last, b'M' | b'm').then(|| mouse(report, last == b'M')).flatten().map(Input::Mouse);
    }
    if held == b"[" {
        return matches!(last, b'A'..=b'E').then(|| Input::Key(KeyCode::F(last - b'A' + 1).into()));
    }
    if last == b'u' || (last == b'~' && held.starts_with(b"27;")) {
        return character(held, last).map(Input::Key);
    }
    let numbers = numbers(held)?;
    let first = numbers.first().copied().unwrap_or(0);
    if last == b'n' {
        // 3 reports a malfunction; it is an answer all the same.
        return matches!(first, 0 | 3).then_some(Input::Answer);
    }
    if last == b'R' && first > 1 {
        return Some(Input::Cursor(first, *numbers.get(1)?));
    }
    let (code, more) = match last {
        b'~' => (numbered(first)?, KeyModifiers::NONE),
        // rxvt: Shift, Ctrl, both.
        b'$' => (numbered(first)?, KeyModifiers::SHIFT),
        b'^' => (numbered(first)?, KeyModifiers::CONTROL),
        b'@' => (numbered(first)?, KeyModifiers::SHIFT | KeyModifiers::CONTROL),
        b'a'..=b'd' if held.is_empty() => (letter(last.to_ascii_uppercase())?, KeyModifiers::SHIFT),
        b'Z' => (KeyCode::Tab, KeyModifiers::SHIFT),
        // Another first number belongs to no key.
        _ if first <= 1 => (letter(last)?, KeyModifiers::NONE),
        _ => return None,
    };
    let held_too = modifiers(u32::from(numbers.get(1).copied().unwrap_or(0)));
    Some(Input::Key(held_down(code, held_too | more, kind(held))))
}

/// Numbers between semicolons, without what follows a colon; `None` if there is anything else.
pub fn numbers(text: &[u8]) -> Option<Vec<u16>> {
    let number = |part: &[u8]| {
        let part = part.split(|byte| *byte == b':').next().unwrap_or_default();
        let text = std::str::from_utf8(part).ok()?;
        if text.is_empty() { Some(0) } else { text.parse().ok() }
    };
    text.split(|byte| *byte == b';').map(number).collect()
}

/// A colour as X11 writes it, `rgb:R/G/B` in one to four hexadecimal digits each, or `rgba:` with an opacity after
/// them.
pub fn color(text: &[u8]) -> Option<[u8; 3]> {
    let text = std::str::from_utf8(text).ok()?;
    let parts = text.strip_prefix("rgb:").or_else(|| text.strip_prefix("rgba:"))?;
    let part = |digits: &str| {
        let hexadecimal = matches!(digits.len(), 1..=4) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let value = hexadecimal.then(|| u32::from_str_radix(digits, 16).ok())??;
        let most = (1_u32 << (4 * digits.len())) - 1;
        u8::try_from((255 * value + most / 2) / most).ok()
    };
    let mut parts = parts.split('/').map(part);
    Some([parts.next()??, parts.next()??, parts.next()??])
}

/// A mouse report in decimal: button, column, row, counted from 1; `down` unless a button was released.
fn mouse(text: &[u8], down: bool) -> Option<MouseEvent> {
    let [button, column, row] = numbers(text)?.try_into().ok()?;
    let kind = match (button, down) {
        (0, true) => MouseEventKind::Down(MouseButton::Left),
        (0, false) => MouseEventKind::Up(MouseButton::Left),
        (64, true) => MouseEventKind::ScrollUp,
        (65, true) => MouseEventKind::ScrollDown,
        _ => return None,
    };
    let (column, row) = (column.saturating_sub(1), row.saturating_sub(1));
    Some(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}
