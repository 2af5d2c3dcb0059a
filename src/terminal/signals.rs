//! Signals and hang-up. Neither waits for the interface, which may be what is stuck. Restoring the terminal is left to
//! `guard`.

use std::sync::mpsc::SyncSender;
use std::{io, thread};

use super::{Event, tty};

/// The exit code of a process whose terminal has disappeared, as after SIGHUP.
const HUNG_UP: i32 = 128 + 1;

/// Starts a thread for each.
pub fn watch(events: &SyncSender<Event>) -> io::Result<()> {
    listen(events.clone())?;
    let events = events.clone();
    thread::Builder::new().name("hangup".to_owned()).spawn(move || {
        tty::wait_until_gone();
        // The interface may be waiting for a frame that cannot be written any more.
        let _ = events.try_send(Event::Gone);
        thread::sleep(std::time::Duration::from_millis(50));
        hung_up();
    })?;
    Ok(())
}

/// Ends the process because its terminal has disappeared.
pub fn hung_up() -> ! {
    drop(super::guard::give_back());
    std::process::exit(HUNG_UP)
}

#[cfg(unix)]
fn listen(events: SyncSender<Event>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in &mut signals {
            let event = match signal {
                SIGTSTP => Event::Suspend,
                SIGCONT => Event::Continued,
                SIGWINCH => Event::Resized,
                _ => {
                    let _out = super::guard::give_back();
                    std::process::exit(128 + signal);
                }
            };
            if events.send(event).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
fn listen(_: SyncSender<Event>) -> io::Result<()> {
    Ok(())
}
