//! The ellipse pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Show;

use super::cache::Cache;
use super::style::Style;

/// What the ellipse pane keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {}

/// Draws the pane.
pub fn draw(_show: &Show, _style: &Style, _cache: &mut Cache, _area: Rect, _buf: &mut Buffer) {}
