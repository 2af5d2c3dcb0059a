//! Keys and mouse: a thread that reads and never polls, and the translation into the app's keys.
//!
//! What a key does is the app's business.

use std::sync::mpsc::SyncSender;
use std::time::Duration;
use std::{io, thread};

use ratatui::crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::Event;
use crate::app::{Code, Key};

/// Failed reads in a row after which the terminal counts as gone.
const HOPELESS: u32 = 50;

/// Reads for as long as somebody listens.
pub fn read(events: SyncSender<Event>) -> io::Result<()> {
    let read = move || {
        let mut failed = 0;
        while failed < HOPELESS {
            if let Ok(event) = event::read() {
                failed = 0;
                if events.send(Event::Input(event)).is_err() {
                    return;
                }
            } else {
                failed += 1;
                thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = events.send(Event::Gone);
    };
    thread::Builder::new().name("input".to_owned()).spawn(read).map(drop)
}

/// A key press in the app's words; none for releases and for keys that the app has no words for.
pub fn key(event: &KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let (code, back) = match event.code {
        KeyCode::Char(c) => (Code::Char(c), false),
        KeyCode::Left => (Code::Left, false),
        KeyCode::Right => (Code::Right, false),
        KeyCode::Up => (Code::Up, false),
        KeyCode::Down => (Code::Down, false),
        KeyCode::Home => (Code::Home, false),
        KeyCode::End => (Code::End, false),
        KeyCode::PageUp => (Code::PageUp, false),
        KeyCode::PageDown => (Code::PageDown, false),
        KeyCode::Tab => (Code::Tab, false),
        // Terminals have a sequence of its own for it and may or may not say Shift besides.
        KeyCode::BackTab => (Code::Tab, true),
        KeyCode::Enter => (Code::Enter, false),
        KeyCode::Esc => (Code::Esc, false),
        KeyCode::Backspace => (Code::Backspace, false),
        KeyCode::Delete => (Code::Delete, false),
        KeyCode::Insert => (Code::Insert, false),
        KeyCode::F(n) => (Code::F(n), false),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    let key = Key {
        code,
        shift: back || held(KeyModifiers::SHIFT),
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
    };
    Some(key.normal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_do_nothing() {
        let press = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
        assert_eq!(key(&press), Some(Key::char('q')));
        assert_eq!(key(&KeyEvent { kind: KeyEventKind::Repeat, ..press }), Some(Key::char('q')));
        assert_eq!(key(&KeyEvent { kind: KeyEventKind::Release, ..press }), None);
    }

    #[test]
    fn shift_is_part_of_a_character_and_of_tab() {
        assert_eq!(key(&KeyEvent::new(KeyCode::Char('>'), KeyModifiers::SHIFT)), Some(Key::char('>')));
        assert_eq!(key(&KeyEvent::new(KeyCode::BackTab, KeyModifiers::NONE)), Some(Key::shift(Code::Tab)));
        assert_eq!(key(&KeyEvent::new(KeyCode::Right, KeyModifiers::SHIFT)), Some(Key::shift(Code::Right)));
        assert_eq!(key(&KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)), Some(Key::ctrl('c')));
    }
}
