//! What replaces the caption for a while: a message to the user, else the traffic on the link while it is shown.
//!
//! `terminal` counts; footer and gallery place the text.

use std::borrow::Cow;

use crate::app::layer::Open;
use crate::app::{App, Layer, Traffic};

/// What replaces the caption, if anything.
pub fn notice(app: &App) -> Option<Cow<'_, str>> {
    if let Some(Open { layer: Layer::GoTo(typed), .. }) = app.layers.top() {
        let last = app.current().map_or(0, |show| show.timeline.last());
        return Some(format!("step {typed}_ of {last}").into());
    }
    if let Some(Open { layer: Layer::Command(typed), .. }) = app.layers.top() {
        return Some(format!(":{typed}_").into());
    }
    let traffic = || app.traffic.as_ref().map(|traffic| words(traffic).into());
    app.notice.as_deref().map(Cow::Borrowed).or_else(traffic)
}

/// `1.2 kB/s  10 frames/s  80 ms`, each number as wide as it may get, so that most of it stays as it is.
fn words(traffic: &Traffic) -> String {
    let bytes = traffic.bytes as f64 / 1000.0;
    let trip = traffic.round_trip.map(|trip| format!("  {:>5.1} ms", trip.as_secs_f64() * 1e3)).unwrap_or_default();
    format!("{bytes:>5.1} kB/s {:>3} frames/s{trip}", traffic.frames)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn tells_kilobytes_frames_and_milliseconds() {
        let traffic = Traffic { bytes: 5_432, frames: 10, round_trip: Some(Duration::from_micros(80_250)) };
        assert_eq!(words(&traffic), "  5.4 kB/s  10 frames/s   80.2 ms");
        assert_eq!(words(&Traffic::default()), "  0.0 kB/s   0 frames/s");
    }
}
