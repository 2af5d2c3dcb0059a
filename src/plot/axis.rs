//! Tick labels that cost no row: those of the horizontal axis stand in a frame's lower border.
//!
//! Which values get a tick is decided by `plot` and the pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::mark::Role;
use super::style::Style;
use super::text::{width, write};

/// Writes an axis name at the right end of the lower border of `frame`, and labels centred at columns of it, from left
/// to right, as long as they touch neither each other nor the name.
pub fn bottom(buf: &mut Buffer, frame: Rect, style: Style, name: &str, labels: impl Iterator<Item = (u16, String)>) {
    if frame.width < 4 || frame.height < 2 {
        return;
    }
    let border = Rect { y: frame.bottom() - 1, height: 1, ..frame };
    let mut limit = frame.width - 1;
    if !name.is_empty() && width(name) + 5 <= frame.width {
        limit = frame.width - 4 - width(name);
        write(buf, border, limit, 0, &format!(" {name} "), style.role(Role::Text));
    }
    let mut free = 1;
    for (column, label) in labels {
        let label = style.plain(&label);
        let Some(start) = column.checked_sub(width(&label) / 2 + 1) else { continue };
        let end = start + width(&label) + 2;
        if start >= free && end <= limit {
            write(buf, border, start, 0, &format!(" {label} "), style.role(Role::Dim));
            free = end + 1;
        }
    }
}
