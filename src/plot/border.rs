//! Frames around panes and boxes, with titles in their upper border.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style as Cell};
use unicode_width::UnicodeWidthStr;

use super::mark::Role;
use super::style::{Style, put, text};

/// The style of a frame's lines.
#[must_use]
pub fn border(style: Style, focused: bool) -> Cell {
    style.theme.style(if focused { Role::Focus } else { Role::Border })
}

/// A pane's frame: `╭ Title detail ──── right ─╮`. What does not fit is left out: first `right`, then the detail's end.
pub fn frame(buf: &mut Buffer, area: Rect, style: Style, focused: bool, title: &str, detail: &str, right: &str) {
    let whole = area;
    let area = area.intersection(buf.area);
    if area != whole || area.width < 2 || area.height < 2 {
        return;
    }
    let glyphs =
        if style.ascii() { ['+', '-', '+', '|', '+', '+'] } else { ['╭', '─', '╮', '│', '╰', '╯'] };
    let line = border(style, focused);
    let (left, top, last_column, last_row) = (area.x, area.y, area.right() - 1, area.bottom() - 1);
    for x in left + 1..last_column {
        put(buf, x, top, glyphs[1], line);
        put(buf, x, last_row, glyphs[1], line);
    }
    for y in top + 1..last_row {
        put(buf, left, y, glyphs[3], line);
        put(buf, last_column, y, glyphs[3], line);
    }
    for (x, y, glyph) in [(left, top, 0), (last_column, top, 2), (left, last_row, 4), (last_column, last_row, 5)] {
        put(buf, x, y, glyphs[glyph], line);
    }
    titles(buf, area, style, title, detail, right);
}

/// The texts in a frame's upper border.
fn titles(buf: &mut Buffer, area: Rect, style: Style, title: &str, detail: &str, right: &str) {
    let (detail, right) = (style.plain(detail), style.plain(right));
    // Two corners, and a stretch of line at the end.
    let room = usize::from(area.width).saturating_sub(3);
    if room < title.width() + 2 || title.is_empty() {
        return;
    }
    let mut x = area.x + 1;
    let bold = style.theme.style(Role::Text).add_modifier(Modifier::BOLD);
    let dim = style.theme.style(Role::Dim);
    let mut write = |words: &str, cell: Cell, most: usize| {
        let taken = text(buf, x, area.y, words, most, cell);
        x += u16::try_from(taken).unwrap_or(0);
    };
    write(" ", dim, 1);
    write(title, bold, title.width());
    let mut used = title.width() + 2;
    if !detail.is_empty() && used + 2 < room {
        write(" ", dim, 1);
        let most = room - used - 1;
        write(&detail, dim, most);
        used += 1 + detail.width().min(most);
    }
    write(" ", dim, 1);
    if !right.is_empty() && used + right.width() + 3 <= room {
        let start = area.right() - 4 - u16::try_from(right.width()).unwrap_or(0);
        let taken = text(buf, start, area.y, &format!(" {right} "), right.width() + 2, dim);
        debug_assert!(taken > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::look::{Depth, Glyphs, Ground, Marker, Theme};

    fn style(marker: Marker) -> Style {
        Style { theme: Theme { ground: Ground::Dark, depth: Depth::True }, marker, bold: false, glyphs: Glyphs::Any }
    }

    fn row(buf: &Buffer, y: u16) -> String {
        (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect()
    }

    #[test]
    fn frame_has_title_detail_and_right() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 40, 3));
        let area = buf.area;
        frame(&mut buf, area, style(Marker::Braille), true, "Landscape", "mean × sd", "KL 0.01");
        assert_eq!(row(&buf, 0), "╭ Landscape mean × sd ─────── KL 0.01 ─╮");
        frame(&mut buf, area, style(Marker::Ascii), true, "Landscape", "mean × sd", "KL 0.01");
        assert_eq!(row(&buf, 0), "+ Landscape mean x sd ------- KL 0.01 -+");
    }

    #[test]
    fn frame_is_harmless_at_any_size() {
        for (w, h) in (0..40).flat_map(|w| (0..5).map(move |h| (w, h))) {
            let mut buf = Buffer::empty(Rect::new(0, 0, w, h));
            frame(&mut buf, Rect::new(0, 0, w, h), style(Marker::Braille), false, "Title", "a detail", "right");
            frame(&mut buf, Rect::new(3, 3, w, h), style(Marker::Braille), false, "Title", "a detail", "right");
        }
    }
}
