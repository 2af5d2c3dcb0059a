//! The thread that reads what the user and the terminal send, and never polls.
//!
//! `keys` decodes the bytes, `app` handles the keys.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;
#[cfg(unix)]
use std::time::Duration;
use std::{io, thread};

use super::Event;
use super::answers::Answers;

/// Reads as long as the receiver lives.
pub fn read(events: SyncSender<Event>, answers: Arc<Answers>) -> io::Result<()> {
    let read = move || {
        if receive(&events, &answers).is_ok() {
            let _ = events.send(Event::Gone);
        }
    };
    thread::Builder::new().name("input".to_owned()).spawn(read).map(drop)
}

/// Reads until the terminal has no more; an error means that the receiver is gone.
#[cfg(unix)]
fn receive(events: &SyncSender<Event>, answers: &Answers) -> Result<(), ()> {
    use std::time::Instant;

    use super::keys::{Input, Reader};
    use super::{guard, tty};

    let (mut reader, mut bytes) = (Reader::default(), vec![0; 1 << 16]);
    loop {
        let patience = reader.waiting().then(|| pause(guard::slowest()));
        let mut listened = Ok(());
        let mut found = |input: Input| {
            if input == Input::Answer {
                guard::answered();
                if !answers.come(Instant::now()) {
                    return;
                }
            }
            listened = listened.and_then(|()| events.send(Event::Input(input)).map_err(drop));
        };
        match tty::read(&mut bytes, patience) {
            Ok(Some(0)) | Err(_) => return Ok(()),
            Ok(Some(read)) => reader.read(&bytes[..read], &mut found),
            Ok(None) => reader.pause(&mut found),
        }
        listened?;
    }
}

/// How long after its last byte an unfinished sequence is abandoned: links split a key's bytes into packets, and the
/// longer the path, the farther these are apart. After that time a lone Esc is a key.
#[cfg(unix)]
fn pause(round_trip: Option<Duration>) -> Duration {
    round_trip.unwrap_or_default().clamp(Duration::from_millis(100), Duration::from_millis(400))
}

/// Without a terminal device, crossterm reads the keys.
#[cfg(not(unix))]
fn receive(events: &SyncSender<Event>, _: &Answers) -> Result<(), ()> {
    use crossterm::event::{self, Event as Console};

    loop {
        let input = match event::read() {
            Ok(Console::Key(key)) => console::key(&key),
            Ok(Console::Mouse(mouse)) => console::mouse(&mouse),
            Ok(Console::Resize(..)) => {
                events.send(Event::Resized).map_err(drop)?;
                None
            }
            Ok(_) => None,
            Err(_) => return Ok(()),
        };
        if let Some(input) = input {
            events.send(Event::Input(input)).map_err(drop)?;
        }
    }
}

/// From crossterm's events to inputs.
#[cfg(not(unix))]
mod console {
    use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

    use super::super::keys::Input;
    use crate::app::{Code, Key};

    /// `None` for releases and for keys that the app has no name for.
    pub fn key(event: &KeyEvent) -> Option<Input> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let code = match event.code {
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
            _ => return None,
        };
        let held = |modifier| event.modifiers.contains(modifier);
        let key = Key {
            code,
            shift: event.code == KeyCode::BackTab || held(KeyModifiers::SHIFT),
            ctrl: held(KeyModifiers::CONTROL),
            alt: held(KeyModifiers::ALT),
        };
        Some(Input::Key(key.normal()))
    }

    pub fn mouse(event: &MouseEvent) -> Option<Input> {
        match event.kind {
            MouseEventKind::ScrollUp => Some(Input::Wheel { up: true }),
            MouseEventKind::ScrollDown => Some(Input::Wheel { up: false }),
            MouseEventKind::Down(MouseButton::Left) => Some(Input::Press(event.column, event.row)),
            MouseEventKind::Up(MouseButton::Left) => Some(Input::Release(event.column, event.row)),
            _ => None,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_key_are_waited_for_longer_on_a_long_way() {
        let ms = Duration::from_millis;
        assert_eq!([None, Some(ms(1)), Some(ms(250)), Some(ms(9000))].map(pause), [ms(100), ms(100), ms(250), ms(400)]);
    }
}
