//! The terminal device: its modes, its size, reading and writing, its hang-up. What the bytes mean is not its business.

use std::io;
use std::time::Duration;

/// Bytes that are written before checking whether they are still wanted; most frames are shorter.
pub const PIECE: usize = 4096;
/// How long to wait for a terminal that accepts nothing before checking again.
const PATIENCE: Duration = Duration::from_millis(40);

/// Columns and rows if the device does not know them.
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
    use std::sync::OnceLock;
    use std::time::Duration;

    use nix::unistd::{getppid, getsid};
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
    use rustix::fs::{Mode, OFlags};
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
        // Input meant for the program must not reach the shell.
        let _ = termios::tcflush(stdin(), QueueSelector::IFlush);
        Ok(termios::tcsetattr(stdin(), OptionalActions::Now, &modes.0)?)
    }

    /// Sets the modes of `stty sane`: line input, echo, signals by key, line ends translated both ways.
    pub fn set_sane() -> io::Result<()> {
        use rustix::termios::{InputModes, LocalModes, OutputModes};
        let mut modes = termios::tcgetattr(stdin())?;
        modes.input_modes |= InputModes::ICRNL | InputModes::IXON;
        modes.output_modes |= OutputModes::OPOST | OutputModes::ONLCR;
        modes.local_modes |= LocalModes::ECHO | LocalModes::ECHOE | LocalModes::ECHOK;
        modes.local_modes |= LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        Ok(termios::tcsetattr(stdin(), OptionalActions::Now, &modes)?)
    }

    pub fn size() -> Option<(u16, u16)> {
        let size = termios::tcgetwinsize(stdout()).ok()?;
        (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
    }

    /// The terminal as a separate non-blocking descriptor, since making standard output non-blocking would affect the
    /// shell, too. `None` if it cannot be opened by its name.
    fn own() -> Option<BorrowedFd<'static>> {
        static OUT: OnceLock<Option<OwnedFd>> = OnceLock::new();
        let open = || {
            let name = termios::ttyname(stdout(), Vec::new()).ok()?;
            let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
            rustix::fs::open(name, flags, Mode::empty()).ok()
        };
        OUT.get_or_init(open).as_ref().map(AsFd::as_fd)
    }

    /// Where bytes are written: standard output itself if the terminal cannot be opened.
    fn out() -> BorrowedFd<'static> {
        own().unwrap_or(stdout())
    }

    /// Writes what the terminal accepts without waiting, and returns how much that is; 0 if there is no non-blocking
    /// descriptor.
    pub fn write_now(bytes: &[u8]) -> io::Result<usize> {
        let Some(out) = own() else { return Ok(0) };
        match rustix::io::write(out, bytes) {
            Ok(taken) => Ok(taken),
            Err(Errno::INTR | Errno::AGAIN) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes what the terminal accepts, and returns how much that is: 0 if it accepts nothing within `patience`.
    pub fn write_some(bytes: &[u8], patience: Duration) -> io::Result<usize> {
        let (out, timeout) = (out(), Timespec::try_from(patience).ok());
        match poll(&mut [PollFd::new(&out, PollFlags::OUT)], timeout.as_ref()) {
            Ok(0) | Err(Errno::INTR) => return Ok(0),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        match rustix::io::write(out, bytes) {
            Ok(0) => Err(io::ErrorKind::WriteZero.into()),
            Ok(taken) => Ok(taken),
            Err(Errno::INTR | Errno::AGAIN) => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what has been typed, up to the length of `bytes`. Returns the number of bytes, which is 0 at the end of the
    /// input, or `None` if nothing came within `patience` (`None`: waits for ever).
    pub fn read(bytes: &mut [u8], patience: Option<Duration>) -> io::Result<Option<usize>> {
        let terminal = stdin();
        let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
        match poll(&mut [PollFd::new(&terminal, PollFlags::IN)], timeout.as_ref()) {
            Ok(0) => return Ok(None),
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        match rustix::io::read(terminal, bytes) {
            Ok(taken) => Ok(Some(taken)),
            Err(Errno::INTR | Errno::AGAIN) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Discards output that has been written but not yet taken.
    pub fn discard_output() {
        let _ = termios::tcflush(stdout(), QueueSelector::OFlush);
    }

    /// Blocks until the terminal is gone.
    pub fn wait_until_gone() {
        let terminal = stdin();
        loop {
            // Without flags: hangup and error are always reported, and nothing else is to wake this thread.
            let mut ends = [PollFd::new(&terminal, PollFlags::empty())];
            match poll(&mut ends, None) {
                Err(Errno::INTR) => {}
                _ => return,
            }
        }
    }

    /// Whether something could continue this process once it is stopped: a parent in the same session. A session that was
    /// opened outside the container is reported as 0, and nothing inside can continue the process.
    pub fn can_stop() -> bool {
        let session = |process| getsid(process).ok().filter(|session| session.as_raw() != 0);
        session(None).is_some() && session(None) == session(Some(getppid()))
    }

    /// Stops this process group; returns when it is continued.
    pub fn stop() -> io::Result<()> {
        Ok(rustix::process::kill_current_process_group(Signal::STOP)?)
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the functions are those of a terminal device, where they can fail")]
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

    pub fn set_sane() -> io::Result<()> {
        terminal::disable_raw_mode()
    }

    pub fn size() -> Option<(u16, u16)> {
        terminal::size().ok().filter(|size| size.0 > 0 && size.1 > 0)
    }

    pub fn write_some(bytes: &[u8], _: Duration) -> io::Result<usize> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(bytes.len())
    }

    pub fn write_now(_: &[u8]) -> io::Result<usize> {
        Ok(0)
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

#[cfg(unix)]
pub use device::read;
pub use device::{
    Modes, can_stop, discard_output, modes, set, set_raw, set_sane, stop, wait_until_gone, write_now, write_some,
};

/// The terminal's size; if the device has none, `COLUMNS` and `LINES`, or 80×24.
pub fn size() -> (u16, u16) {
    device::size().unwrap_or_else(said)
}

/// Writes everything, as long as it is `wanted`.
pub fn write_while(mut bytes: &[u8], wanted: impl Fn() -> bool) -> io::Result<()> {
    while !bytes.is_empty() && wanted() {
        let taken = write_some(&bytes[..bytes.len().min(PIECE)], PATIENCE)?;
        bytes = &bytes[taken..];
    }
    Ok(())
}

/// Writes everything, however long it takes.
pub fn write_all(bytes: &[u8]) -> io::Result<()> {
    write_while(bytes, || true)
}
