//! The thread that writes frames. A terminal that accepts no bytes blocks only this thread; a short frame that it accepts
//! at once does not even wake it. What the bytes are is not its business.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::{io, thread};

use super::{Event, guard, tty};

/// Writes frames, one at a time.
#[derive(Debug)]
pub struct Writer {
    frames: SyncSender<Vec<u8>>,
    idle: Option<Vec<u8>>,
}

impl Writer {
    /// Starts the thread.
    pub fn new(events: SyncSender<Event>) -> io::Result<Self> {
        let (frames, receiver) = sync_channel(1);
        thread::Builder::new().name("writer".to_owned()).spawn(move || serve(&receiver, &events))?;
        Ok(Self { frames, idle: Some(Vec::with_capacity(64 * 1024)) })
    }

    /// Takes the buffer for the next frame; `None` while the last frame is still being written.
    pub fn buffer(&mut self) -> Option<Vec<u8>> {
        self.idle.take()
    }

    /// Whether a frame could be sent now.
    pub const fn idle(&self) -> bool {
        self.idle.is_some()
    }

    /// Sends a frame, if there is anything in it.
    pub fn send(&mut self, mut frame: Vec<u8>) -> io::Result<()> {
        if frame.len() <= tty::PIECE {
            // The thread will meet the same error and report it.
            let taken = guard::write_now(&frame).unwrap_or(0);
            frame.drain(..taken);
        }
        if frame.is_empty() {
            self.idle = Some(frame);
            return Ok(());
        }
        self.frames.send(frame).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// A frame has been written: its buffer can be used again.
    pub fn written(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.idle = Some(buffer);
    }
}

fn serve(frames: &Receiver<Vec<u8>>, events: &SyncSender<Event>) {
    while let Ok(frame) = frames.recv() {
        #[cfg(debug_assertions)]
        guard::panic_if_asked("writer");
        let event = match guard::write(&frame) {
            Ok(()) => Event::Written(frame),
            Err(_) => Event::Gone,
        };
        if events.send(event).is_err() {
            return;
        }
    }
}
