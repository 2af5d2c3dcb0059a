//! What goes over the link, in the last row on the left: it lies over the caption for as long as somebody looks at it.
//!
//! Counts nothing itself.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::text::{clip, width, write};
use super::{Role, Style};
use crate::app::Traffic;

/// Draws it into the last row of a screen.
pub fn draw(traffic: &Traffic, style: Style, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let row = Rect { y: area.bottom() - 1, height: 1, ..area };
    let words = clip(&format!(" {}  ", words(traffic)), row.width);
    write(buf, Rect { width: width(&words).min(row.width), ..row }, 0, 0, &words, style.role(Role::Accent));
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
