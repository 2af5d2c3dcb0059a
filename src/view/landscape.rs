//! Not there yet.
use ratatui::{buffer::Buffer, layout::Rect};
/// Draws the pane.
pub fn draw(show: &crate::app::Show, style: super::Style, _: &mut super::Cache, area: Rect, buf: &mut Buffer) {
    super::style::frame(buf, area, style, show.focus_now() == crate::scenario::Pane::Landscape, "Landscape", "", "");
}
