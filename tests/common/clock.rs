//! What a piece of work costs, in time of this thread alone: what its neighbours on the machine do is not in it.

use std::time::Duration;

/// The processor time that this thread has used so far.
#[cfg(target_os = "linux")]
pub fn spent() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Where there is no such clock, the time on the wall.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::disallowed_methods, reason = "a test may look at the clock")]
pub fn spent() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// The value below which a share of the sorted numbers lies.
pub fn percentile(sorted: &[u32], share: f64) -> u32 {
    let last = sorted.len().saturating_sub(1);
    sorted.get(((sorted.len() as f64 * share) as usize).min(last)).copied().unwrap_or(0)
}

/// Microseconds as milliseconds, for people.
pub fn milliseconds(micros: u32) -> String {
    format!("{:.3} ms", f64::from(micros) / 1000.0)
}
