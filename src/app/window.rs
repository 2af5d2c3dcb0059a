//! Zoom and pan.

use crate::math::Vec2;
use crate::scenario::Rectangle;

/// The part of the landscape in view, in units of its base.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// The base: a rectangle that counts in its own chart only. `None`: what the race needs.
    pub base: Option<Rectangle>,
    /// The centre's shift, in widths and heights of the base.
    pub shift: Vec2,
    /// How many times the base is enlarged.
    pub zoom: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self { base: None, shift: Vec2::zeros(), zoom: 1.0 }
    }
}
