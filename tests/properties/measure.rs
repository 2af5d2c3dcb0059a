//! Runs a property on as many inputs as are asked for, and says what the worst of them cost.
//!
//! Inputs are the same in every run unless `PROPTEST_RNG_SEED` says otherwise. One target has the process to itself at a
//! time, so that the peak of memory is its own.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::common::clock::spent;

/// Held while a target runs.
static TURN: Mutex<()> = Mutex::new(());
/// What is being looked at, for the watch.
static INPUT: Mutex<String> = Mutex::new(String::new());
/// How many inputs have been begun; odd while one is looked at.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// The share of a target that `cargo test` runs.
pub const SHARE: u32 = 400;

/// What an input may cost at most before it counts as one that never ends.
const PATIENCE: Duration = Duration::from_mins(1);

/// Holds a property against `PROPTEST_CASES` inputs, [`SHARE`] where that is not set, and prints what they cost.
pub fn hold<S: Strategy>(name: &str, strategy: &S, property: impl Fn(&S::Value)) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    watch();
    let mut config =
        Config { failure_persistence: None, max_shrink_iters: 2000, max_local_rejects: u32::MAX, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = SHARE;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let cases = config.cases;
    let worst = RefCell::new((Duration::ZERO, String::new()));
    forget_peak();
    let before = status("VmRSS:");
    let outcome = TestRunner::new(config).run(strategy, |input| {
        let shown: String = format!("{input:?}").chars().take(4000).collect();
        INPUT.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&shown);
        COUNT.fetch_add(1, Ordering::Relaxed);
        let start = spent();
        let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| property(&input)));
        let took = spent().saturating_sub(start);
        COUNT.fetch_add(1, Ordering::Relaxed);
        if took > worst.borrow().0 {
            *worst.borrow_mut() = (took, shown);
        }
        held.map_err(|panic| {
            let told = panic.downcast_ref::<String>().cloned();
            let told = told.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            proptest::test_runner::TestCaseError::fail(told.unwrap_or_default())
        })
    });
    let (slowest, input) = worst.into_inner();
    let mebibytes = |kib: u64| kib as f64 / 1024.0;
    println!(
        "{name}: {cases} cases, slowest {:.1} ms of processor time, peak memory {:.1} MiB ({:.1} MiB above its start)",
        slowest.as_secs_f64() * 1e3,
        mebibytes(status("VmHWM:")),
        mebibytes(status("VmHWM:").saturating_sub(before)),
    );
    println!("    slowest: {}", input.chars().take(160).collect::<String>());
    if let Err(fault) = outcome {
        panic!("{name}: {fault}");
    }
}

/// Ends the process, and names the input, where one input takes for ever.
fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::thread::spawn(|| {
            loop {
                let before = COUNT.load(Ordering::Relaxed);
                std::thread::sleep(PATIENCE);
                if before % 2 == 1 && COUNT.load(Ordering::Relaxed) == before {
                    eprintln!("not done in {PATIENCE:?}: {}", INPUT.lock().unwrap_or_else(PoisonError::into_inner));
                    std::process::exit(101);
                }
            }
        });
    });
}

/// A number of this process's status, KiB; 0 where there is none.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Begins the peak of memory anew (`man proc`, `clear_refs`).
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// What a piece of work costs: processor time, and what memory went up by at its peak, MiB.
pub fn cost<T>(work: impl FnOnce() -> T) -> (T, Duration, f64) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    forget_peak();
    let (before, start) = (status("VmRSS:"), spent());
    let made = work();
    (made, spent().saturating_sub(start), status("VmHWM:").saturating_sub(before) as f64 / 1024.0)
}
