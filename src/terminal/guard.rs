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

/// Alternate screen, hidden cursor, mouse buttons with coordinates beyond 223; not mouse motion, which nothing here needs
/// and which would wake the program all the time. Bracketed paste, so that pasted text is not taken for keys.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1006h\x1b[?2004h";
/// Undoes all of it, in an order in which every step affects the right screen. First it cancels a sequence that was cut
/// off and ends an unfinished frame.
const LEAVE: &[u8] = b"\x18\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?1006l\x1b[?1000l\x1b[?1049l\x1b[?25h";
/// How long a terminal that takes no bytes may keep the program from ending.
const PATIENCE: Duration = Duration::from_millis(100);

/// The questions that the terminal has not answered yet.
static QUESTIONS: Mutex<Questions> = Mutex::new(Questions::NONE);
/// The modes to restore; `None` while the terminal is not ours.
static TAKEN: Mutex<Option<Modes>> = Mutex::new(None);
/// Held while bytes are written, so that nothing is drawn after the terminal has been restored.
static OUTPUT: Mutex<()> = Mutex::new(());

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Sync + Send>;

/// Ownership of the terminal. Dropping it restores the terminal.
#[derive(Debug)]
pub struct Guard {
    before: Modes,
}

impl Guard {
    /// Takes the terminal, and makes a panic restore it before the message is printed.
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
        // Our hook would do no harm, but it is not needed any more. The hook before it is lost in it: the default one has
        // to do.
        drop(std::panic::take_hook());
    }
}

/// Restores the terminal if it is ours. Nothing can be drawn while the result is held.
pub fn give_back() -> Option<MutexGuard<'static, ()>> {
    let modes = lock(&TAKEN).take()?;
    // The writer stops in the middle of a frame once the terminal is no longer ours.
    let out = lock_within(&OUTPUT, PATIENCE);
    // There is nobody left to report an error to, and the next step has to happen regardless. A terminal that has
    // disappeared answers nothing.
    if leave().is_ok() {
        wait_for_answers();
    }
    let _ = tty::set(&modes);
    out
}

fn leave() -> io::Result<()> {
    if tty::write_some(LEAVE, PATIENCE)? == 0 {
        // The terminal accepts nothing: a frozen connection, a paused multiplexer. Nobody needs to see what is queued.
        tty::discard_output();
        tty::write_some(LEAVE, PATIENCE)?;
    }
    Ok(())
}

/// The questions that the terminal has not answered yet.
pub fn questions() -> MutexGuard<'static, Questions> {
    lock(&QUESTIONS)
}

/// Waits for outstanding answers as long as they can be expected; not for a terminal that has stopped answering.
fn wait_for_answers() {
    // The thread that panicked may hold the lock.
    while lock_within(&QUESTIONS, PATIENCE).is_some_and(|questions| questions.expected(Instant::now())) {
        thread::sleep(Duration::from_millis(1));
    }
    lock_within(&QUESTIONS, PATIENCE).into_iter().for_each(|mut questions| questions.forget());
}

/// Writes a frame, or as much of it as possible before the terminal is restored.
pub fn write(bytes: &[u8]) -> io::Result<()> {
    let _out = lock(&OUTPUT);
    tty::write_while(bytes, || lock(&TAKEN).is_some())
}

/// Writes as much of a frame as the terminal accepts without waiting.
pub fn write_now(bytes: &[u8]) -> io::Result<usize> {
    match OUTPUT.try_lock() {
        Ok(_out) if lock(&TAKEN).is_some() => tty::write_now(bytes),
        _ => Ok(0),
    }
}

/// Makes a panic in any thread restore the terminal before its message is printed, and end the program.
fn catch_panics() {
    let before: Hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let _out = give_back();
        before(panic);
        std::process::exit(101);
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

/// For tests of the state in which a panic leaves the terminal.
#[cfg(debug_assertions)]
pub fn panic_if_asked(place: &str) {
    let asked = std::env::var_os("GEODESCENT_PANIC").is_some_and(|asked| asked == place);
    assert!(!asked, "asked to panic in {place}");
}
