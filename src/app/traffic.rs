//! Traffic on the link to the terminal. `terminal` counts it, `screen` shows it.

use std::time::Duration;

/// The last second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes sent.
    pub bytes: usize,
    /// Frames sent.
    pub frames: usize,
    /// From a frame's end to the terminal's answer, if it answers.
    pub round_trip: Option<Duration>,
}
