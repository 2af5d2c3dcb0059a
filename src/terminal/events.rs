//! The one mapping from crossterm's events to what the app understands, on every platform. Pure.
//!
//! Where events come from is not its business: `keys` decodes them from bytes, on a console crossterm reads them.

use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::{Code, Key};

/// What the mouse did, at a column and a row counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// The left button was pressed.
    Press(u16, u16),
    /// The left button was released.
    Release(u16, u16),
    /// The wheel was turned away from the user.
    WheelUp,
    /// The wheel was turned towards the user.
    WheelDown,
}

/// The app's name of a key; `None` for releases and for keys without a name.
///
/// # Examples
/// ```
/// use geodescent::app::Key;
/// use geodescent::terminal::key;
/// use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
///
/// assert_eq!(key(KeyEvent::new(KeyCode::Char('C'), KeyModifiers::CONTROL)), Some(Key::ctrl('c')));
/// assert_eq!(key(KeyCode::CapsLock.into()), None);
/// ```
#[must_use]
pub fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let held = |modifier| event.modifiers.contains(modifier);
    let key = Key {
        code: code(event.code)?,
        shift: event.code == KeyCode::BackTab || held(KeyModifiers::SHIFT),
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
    };
    // A Windows console reports AltGr as Ctrl and Alt: `[` on a German keyboard is Ctrl+Alt+`[`.
    let symbol = event.code.as_char().is_some_and(|c| !c.is_ascii_alphanumeric() && c != ' ');
    let key = if symbol && key.ctrl && key.alt { Key { ctrl: false, alt: false, ..key } } else { key };
    Some(key.normal())
}

const fn code(code: KeyCode) -> Option<Code> {
    Some(match code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Tab | KeyCode::BackTab => Code::Tab,
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::F(n) => Code::F(n),
        KeyCode::Null
        | KeyCode::CapsLock
        | KeyCode::ScrollLock
        | KeyCode::NumLock
        | KeyCode::PrintScreen
        | KeyCode::Pause
        | KeyCode::Menu
        | KeyCode::KeypadBegin
        | KeyCode::Media(_)
        | KeyCode::Modifier(_) => return None,
    })
}

/// What the mouse did; `None` for motion and for buttons without a meaning.
#[must_use]
pub const fn pointer(event: MouseEvent) -> Option<Pointer> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Pointer::Press(event.column, event.row)),
        MouseEventKind::Up(MouseButton::Left) => Some(Pointer::Release(event.column, event.row)),
        MouseEventKind::ScrollUp => Some(Pointer::WheelUp),
        MouseEventKind::ScrollDown => Some(Pointer::WheelDown),
        MouseEventKind::Down(MouseButton::Right | MouseButton::Middle)
        | MouseEventKind::Up(MouseButton::Right | MouseButton::Middle)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As crossterm's reader of a Windows console reports them (`event/sys/windows/parse.rs`).
    #[test]
    fn keys_of_a_console_are_the_same_keys() {
        const NONE: KeyModifiers = KeyModifiers::NONE;
        let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        for (code, modifiers, expected) in [
            (KeyCode::Char('q'), NONE, "q"),
            (KeyCode::Char('Q'), KeyModifiers::SHIFT, "Q"),
            (KeyCode::Char('?'), KeyModifiers::SHIFT, "?"),
            (KeyCode::Char('['), alt_gr, "["),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, "Ctrl+c"),
            (KeyCode::Char('C'), KeyModifiers::CONTROL | KeyModifiers::SHIFT, "Ctrl+c"),
            (KeyCode::Char('c'), alt_gr, "Ctrl+Alt+c"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "Shift+Tab"),
            (KeyCode::Right, KeyModifiers::SHIFT, "Shift+→"),
            (KeyCode::F(5), NONE, "F5"),
        ] {
            assert_eq!(key(KeyEvent::new(code, modifiers)), expected.parse().ok(), "{code:?} {modifiers:?}");
        }
    }

    #[test]
    fn a_key_counts_once_on_a_console_that_reports_its_release() {
        let event = |kind| KeyEvent::new_with_kind(KeyCode::Right, KeyModifiers::NONE, kind);
        let pressed = [KeyEventKind::Press, KeyEventKind::Repeat, KeyEventKind::Release].map(|kind| key(event(kind)));
        assert_eq!(pressed, [Some(Key::plain(Code::Right)), Some(Key::plain(Code::Right)), None]);
    }

    #[test]
    fn only_the_left_button_and_the_wheel_do_anything() {
        let at = |kind| pointer(MouseEvent { kind, column: 4, row: 6, modifiers: KeyModifiers::NONE });
        assert_eq!(at(MouseEventKind::Down(MouseButton::Left)), Some(Pointer::Press(4, 6)));
        assert_eq!(at(MouseEventKind::Up(MouseButton::Left)), Some(Pointer::Release(4, 6)));
        assert_eq!(at(MouseEventKind::ScrollUp), Some(Pointer::WheelUp));
        assert_eq!(at(MouseEventKind::ScrollDown), Some(Pointer::WheelDown));
        for kind in [MouseEventKind::Down(MouseButton::Right), MouseEventKind::Moved, MouseEventKind::ScrollLeft] {
            assert_eq!(at(kind), None, "{kind:?}");
        }
    }
}
