//! One guard owns every mode of the terminal: raw input, alternate screen, hidden cursor, mouse.
//!
//! They are set once and restored once, by whichever comes first: a return, an error, a panic in any thread, a signal.
//! Pending answers are awaited before that, or the shell would receive them as keys.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::questions::Questions;
use super::tty::{self, Modes};

/// Alternate screen, no cursor, mouse buttons with coordinates beyond 223. Not its motion: nothing here needs it, and
/// it would wake the program all the time. Bracketed paste, so that pasted text is not taken for keys.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h";
/// All of it undone, in an order in which no step lands on the wrong screen. First a sequence that was cut off is
/// cancelled and an unfinished frame ended.
const LEAVE: &[u8] = b"\x18\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?1049l\x1b[?25h";
/// How long a terminal that takes no bytes may keep the program from ending.
const PATIENCE: Duration = Duration::from_millis(100);

/// What was asked of the terminal.
static QUESTIONS: Mutex<Questions> = Mutex::new(Questions::NONE);
/// The modes to restore; `None` while the terminal is not ours.
static TAKEN: Mutex<Option<Modes>> = Mutex::new(None);
/// Held while bytes go out, so that nothing is drawn after the terminal has been given back.
static OUTPUT: Mutex<()> = Mutex::new(());

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send>;

/// The terminal as ours. Dropping it gives the terminal back.
#[derive(Debug)]
pub struct Guard {
    before: Modes,
}

impl Guard {
    /// Takes the terminal, and sees to it that a panic gives it back before its message is printed.
    pub fn take() -> io::Result<Self> {
        let before = tty::modes()?;
        let guard = Self { before };
        guard.enter()?;
        catch_panics();
        Ok(guard)
    }

    /// Takes the terminal again, as after a stop.
    pub fn enter(&self) -> io::Result<()> {
        *lock(&TAKEN) = Some(self.before.clone());
        tty::set_raw(&self.before)?;
        let _out = lock(&OUTPUT);
        tty::write_all(ENTER)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(give_back());
        if !thread::panicking() {
            // The hook that was there before is inside ours; the default one is as good, and ours is harmless now.
            drop(std::panic::take_hook());
        }
    }
}

/// Gives the terminal back if it is ours. Nothing can be drawn while the result is held.
pub fn give_back() -> Option<MutexGuard<'static, ()>> {
    let modes = lock(&TAKEN).take()?;
    // The writer stops in the midst of a frame as soon as it sees that the terminal is not ours any more.
    let out = lock_within(&OUTPUT, PATIENCE);
    // An error cannot be reported any more, and the next step has to happen regardless. A terminal that is gone
    // answers nothing.
    if leave().is_ok() {
        wait_for_answers();
    }
    let _ = tty::set(&modes);
    out
}

fn leave() -> io::Result<()> {
    if tty::write_some(LEAVE, PATIENCE)? == 0 {
        // Nothing is taken: a frozen connection, a paused multiplexer. What waits there need not be seen any more.
        tty::discard_output();
        tty::write_some(LEAVE, PATIENCE)?;
    }
    Ok(())
}

/// What was asked of the terminal and is not answered yet.
pub fn questions() -> MutexGuard<'static, Questions> {
    lock(&QUESTIONS)
}

/// Waits for the answers on their way, as far as they can still be expected: not from a terminal that is silent already.
fn wait_for_answers() {
    // After a panic, whoever panicked may hold the lock.
    while lock_within(&QUESTIONS, PATIENCE).is_some_and(|questions| questions.expected(Instant::now())) {
        thread::sleep(Duration::from_millis(1));
    }
    lock_within(&QUESTIONS, PATIENCE).into_iter().for_each(|mut questions| questions.forget());
}

/// Writes a frame, or as much of it as there is time for before the terminal is given back.
pub fn write(bytes: &[u8]) -> io::Result<()> {
    let _out = lock(&OUTPUT);
    tty::write_while(bytes, || lock(&TAKEN).is_some())
}

/// Writes as much of a frame as the terminal takes at once: nothing where that would have to be waited for.
pub fn write_now(bytes: &[u8]) -> io::Result<usize> {
    match OUTPUT.try_lock() {
        Ok(_out) if lock(&TAKEN).is_some() => tty::write_now(bytes),
        _ => Ok(0),
    }
}

/// Restores first, then prints; and a panic in a helper thread ends the program, which could not go on without it.
fn catch_panics() {
    let before: Hook = std::panic::take_hook();
    let interface = thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        let out = give_back();
        before(panic);
        drop(out);
        if thread::current().id() != interface {
            std::process::exit(101);
        }
    }));
}

fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks a mutex; `None` if somebody holds it for longer than `patience`.
fn lock_within<T>(mutex: &'static Mutex<T>, patience: Duration) -> Option<MutexGuard<'static, T>> {
    let start = Instant::now();
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(guard)) => return Some(guard.into_inner()),
            Err(TryLockError::WouldBlock) if start.elapsed() > patience => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// For tests of what a panic leaves behind.
#[cfg(debug_assertions)]
pub fn panic_if_asked(place: &str) {
    let asked = std::env::var_os("GEODESCENT_PANIC").is_some_and(|asked| asked == place);
    assert!(!asked, "asked to panic in {place}");
}
