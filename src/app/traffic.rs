//! What goes over the link to the terminal, for those who want to see it. The terminal room counts, the view tells.

use std::time::Duration;

/// The last second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes sent.
    pub bytes: usize,
    /// Frames sent.
    pub frames: usize,
    /// From a frame's end to the terminal's answer, where it answers.
    pub round_trip: Option<Duration>,
}
