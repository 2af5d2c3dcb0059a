//! The terminal device: its modes, its size, its bytes, its end. No escape sequence is made here.

use std::io;

/// Columns and lines where the device does not know.
fn said() -> (u16, u16) {
    let number = |name: &str, otherwise: u16| {
        let text = std::env::var(name).ok().and_then(|text| text.trim().parse().ok());
        text.filter(|value: &u16| *value > 0).unwrap_or(otherwise)
    };
    (number("COLUMNS", 80), number("LINES", 24))
}

#[cfg(unix)]
mod device {
    use std::io;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;
    use rustix::process::Signal;
    use rustix::stdio::{stdin, stdout};
    use rustix::termios::{self, OptionalActions, QueueSelector};

    /// The modes of the terminal before it was touched.
    #[derive(Debug, Clone)]
    pub struct Modes(termios::Termios);

    pub fn modes() -> io::Result<Modes> {
        Ok(Modes(termios::tcgetattr(stdin())?))
    }

    pub fn set_raw(modes: &Modes) -> io::Result<()> {
        let mut raw = modes.0.clone();
        raw.make_raw();
        Ok(termios::tcsetattr(stdin(), OptionalActions::Now, &raw)?)
    }

    pub fn set(modes: &Modes) -> io::Result<()> {
        // What was typed or reported for the program is not for the shell.
        let _ = termios::tcflush(stdin(), QueueSelector::IFlush);
        Ok(termios::tcsetattr(stdin(), OptionalActions::Now, &modes.0)?)
    }

    pub fn size() -> Option<(u16, u16)> {
        let size = termios::tcgetwinsize(stdout()).ok()?;
        (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
    }

    /// Writes everything, waiting at most `patience` for the terminal to take more (none: for ever).
    pub fn write(mut bytes: &[u8], patience: Option<Duration>) -> io::Result<()> {
        while !bytes.is_empty() {
            if patience.is_some() && !writable(patience)? {
                return Err(io::ErrorKind::TimedOut.into());
            }
            match rustix::io::write(stdout(), bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(taken) => bytes = &bytes[taken..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => drop(writable(patience)?),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn writable(patience: Option<Duration>) -> io::Result<bool> {
        let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
        let out = stdout();
        match poll(&mut [PollFd::new(&out, PollFlags::OUT)], timeout.as_ref()) {
            Err(Errno::INTR) => Ok(true),
            other => Ok(other? > 0),
        }
    }

    /// Throws away what has been written and not yet been taken.
    pub fn discard_output() {
        let _ = termios::tcflush(stdout(), QueueSelector::OFlush);
    }

    /// Blocks until the terminal is gone.
    pub fn wait_until_gone() {
        let terminal = stdin();
        loop {
            // No flags asked for: hangup and error are told in any case, and nothing else wakes this up.
            let mut ends = [PollFd::new(&terminal, PollFlags::empty())];
            match poll(&mut ends, None) {
                Err(Errno::INTR) => {}
                _ => return,
            }
        }
    }

    /// Whether somebody is there who could continue this process once it is stopped: a parent in the same session.
    pub fn can_stop() -> bool {
        let session = rustix::process::getsid(None).ok();
        let parent = rustix::process::getppid().and_then(|parent| rustix::process::getsid(Some(parent)).ok());
        session.is_some() && session == parent
    }

    /// Stops this process and those it was started with; comes back when it is continued.
    pub fn stop() -> io::Result<()> {
        Ok(rustix::process::kill_current_process_group(Signal::STOP)?)
    }
}

#[cfg(not(unix))]
mod device {
    use std::io::{self, Write};
    use std::time::Duration;

    use ratatui::crossterm::terminal;

    #[derive(Debug, Clone)]
    pub struct Modes;

    pub fn modes() -> io::Result<Modes> {
        Ok(Modes)
    }

    pub fn set_raw(_: &Modes) -> io::Result<()> {
        terminal::enable_raw_mode()
    }

    pub fn set(_: &Modes) -> io::Result<()> {
        terminal::disable_raw_mode()
    }

    pub fn size() -> Option<(u16, u16)> {
        terminal::size().ok().filter(|size| size.0 > 0 && size.1 > 0)
    }

    pub fn write(bytes: &[u8], _: Option<Duration>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    pub fn discard_output() {}

    pub fn wait_until_gone() {
        loop {
            std::thread::park();
        }
    }

    pub fn can_stop() -> bool {
        false
    }

    pub fn stop() -> io::Result<()> {
        Ok(())
    }
}

pub use device::{Modes, can_stop, discard_output, modes, set, set_raw, stop, wait_until_gone, write};

/// The terminal's size; `COLUMNS` and `LINES`, or 80×24, where it has none.
pub fn size() -> (u16, u16) {
    device::size().unwrap_or_else(said)
}

/// Writes everything, however long it takes.
pub fn write_all(bytes: &[u8]) -> io::Result<()> {
    write(bytes, None)
}
