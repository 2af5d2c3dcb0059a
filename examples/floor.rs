//! The minimum for a program that shows a small frame ten times a second: it waits, writes 300 bytes that end with a
//! query to the terminal, and reads the answer. No program on the same machine can cost less; `docs/performance.md`
//! compares geodescent with it. `q` quits.

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::stdio::{stdin, stdout};
    use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

    let before = tcgetattr(stdin())?;
    let mut raw = before.clone();
    raw.make_raw();
    tcsetattr(stdin(), OptionalActions::Now, &raw)?;
    let mut frame = [b'x'; 300];
    frame[..3].copy_from_slice(b"\x1b[H");
    frame[296..].copy_from_slice(b"\x1b[5n");
    let (tenth, mut answer) = (Timespec { tv_sec: 0, tv_nsec: 100_000_000 }, [0; 64]);
    loop {
        if poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], Some(&tenth))? == 0 {
            rustix::io::write(stdout(), &frame)?;
            continue;
        }
        let read = rustix::io::read(stdin(), &mut answer)?;
        if read == 0 || answer[..read].contains(&b'q') {
            break;
        }
    }
    Ok(tcsetattr(stdin(), OptionalActions::Now, &before)?)
}

#[cfg(not(unix))]
fn main() {}
