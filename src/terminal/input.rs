//! The thread that reads what the user and the terminal send; it blocks and never polls.
//!
//! Decoding is not its business (`keys`), nor what an event means to the app (`events`).

use std::sync::mpsc::SyncSender;
#[cfg(unix)]
use std::time::Duration;
use std::{io, thread};

use super::Event;

/// Starts the thread; it reads as long as the receiver lives.
pub fn read(events: SyncSender<Event>) -> io::Result<()> {
    let read = move || {
        if receive(&events).is_ok() {
            let _ = events.send(Event::Gone);
        }
    };
    thread::Builder::new().name("input".to_owned()).spawn(read).map(drop)
}

/// Reads until the end of the input; an error means that the receiver is gone.
#[cfg(unix)]
fn receive(events: &SyncSender<Event>) -> Result<(), ()> {
    use std::time::Instant;

    use super::keys::{Input, Reader};
    use super::{guard, tty};

    let (mut reader, mut bytes) = (Reader::default(), vec![0; 1 << 16]);
    loop {
        let patience = reader.waiting().then(|| pause(guard::questions().slowest()));
        let mut inputs = Vec::new();
        let mut found = |input: Input| {
            if input != Input::Answer || guard::questions().answered(Instant::now()) {
                inputs.push(input);
            }
        };
        match tty::read(&mut bytes, patience) {
            Ok(Some(0)) | Err(_) => return Ok(()),
            Ok(Some(read)) => reader.read(&bytes[..read], &mut found),
            Ok(None) => reader.pause(&mut found),
        }
        if !inputs.is_empty() {
            events.send(Event::Inputs(inputs)).map_err(drop)?;
        }
    }
}

/// How long after its last byte an unfinished sequence is abandoned: links split a key's bytes into packets, and the
/// longer the link, the farther apart they arrive. After this time a lone Esc is a key.
#[cfg(unix)]
fn pause(round_trip: Option<Duration>) -> Duration {
    round_trip.unwrap_or_default().clamp(Duration::from_millis(100), Duration::from_millis(400))
}

/// Without a terminal device, crossterm reads the events.
#[cfg(not(unix))]
fn receive(events: &SyncSender<Event>) -> Result<(), ()> {
    use ratatui::crossterm::event::{self, Event as Console};

    use super::keys::Input;

    loop {
        let event = match event::read() {
            Ok(Console::Key(key)) => Event::Inputs(vec![Input::Key(key)]),
            Ok(Console::Mouse(mouse)) => Event::Inputs(vec![Input::Mouse(mouse)]),
            Ok(Console::Paste(_)) => Event::Inputs(vec![Input::Paste]),
            Ok(Console::Resize(..)) => Event::Resized,
            Ok(Console::FocusGained | Console::FocusLost) => continue,
            Err(_) => return Ok(()),
        };
        events.send(event).map_err(drop)?;
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
