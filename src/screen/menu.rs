//! The menu of overlays: their keys, and which of them are on.
//!
//! Names no key itself.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::border::frame;
use super::help::centred;
use super::style::{blank, inner};
use super::text::{clip, width, write};
use super::{Role, Style};
use crate::app::Show;
use crate::app::action::Action;
use crate::scenario::names::OVERLAYS;

/// Draws it over `area`. Names only, in two columns, if nothing more fits. It is never longer than its box.
pub(super) fn draw(show: &Show, title: &str, style: Style, area: Rect, buf: &mut Buffer) -> usize {
    let longest = OVERLAYS.iter().map(|row| width(row.name)).max().unwrap_or(0);
    let explained = OVERLAYS.iter().map(|row| width(row.doc)).max().unwrap_or(0);
    let count = u16::try_from(OVERLAYS.len()).unwrap_or(u16::MAX);
    let columns: u16 = if count.saturating_add(2) > area.height { 2 } else { 1 };
    let wide =
        (longest + if columns == 1 { explained + 12 } else { longest + 18 }).min(area.width.saturating_sub(4)) + 2;
    let tall = count.div_ceil(columns).saturating_add(2).min(area.height);
    let place = centred(area, wide, tall);
    blank(buf, place, style);
    frame(buf, place, style, true, title, "keys turn them on and off", "");
    let inside = inner(place).intersection(buf.area);
    let bold = style.role(Role::Text).add_modifier(Modifier::BOLD);
    let on = if style.ascii() { '*' } else { '●' };
    for (i, row) in (0..).zip(OVERLAYS) {
        let (y, left) = (i % inside.height.max(1), 2 + i / inside.height.max(1) * (longest + 8));
        if inside.is_empty() || left + 4 + width(row.name) > inside.width {
            continue;
        }
        let shown = show.overlay_now(row.overlay);
        let mark = if shown { on } else { ' ' };
        let x = write(buf, inside, left, y, &format!("{} {mark} ", menu_key(i)), bold);
        let cell = if shown { bold } else { style.role(Role::Dim) };
        write(buf, inside, x, y, row.name, cell);
        let doc = x + longest + 2;
        if columns == 1 {
            let words = style.plain(row.doc);
            write(buf, inside, doc, y, &clip(&words, inside.width.saturating_sub(doc)), style.role(Role::Dim));
        }
    }
    0
}

/// The key of an overlay in the menu.
fn menu_key(place: u16) -> String {
    u8::try_from(place).map_or(String::new(), |place| Action::ToggleOverlay(place).key())
}
