//! What lies over a screen: the help, made from the table of actions, and the menu of overlays.
//!
//! Names no key of its own.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style as Cell};

use super::style::{frame, inner, put};
use super::text::{clip, width, write};
use super::{Role, Style, theme};
use crate::app::Show;
use crate::app::action::{ACTIONS, Action, ActionInfo, Context, Group, help_lines};
use crate::scenario::names::OVERLAYS;

/// The largest box, without its frame's sides.
const WIDEST: u16 = 92;
const TALLEST: u16 = 25;
/// Where explanations begin, from the keys.
const INDENT: u16 = 11;
/// Below this width there is one column of groups.
const TWO: u16 = 60;

/// One row: a heading, a line, or nothing between two groups.
enum Item {
    Heading(&'static str),
    Line(String, String),
    Gap,
}

/// Draws the help over `area`.
pub fn draw(context: Context, style: Style, area: Rect, buf: &mut Buffer) {
    let wide = WIDEST.min(area.width.saturating_sub(4)) + 2;
    let tall = TALLEST.min(area.height.saturating_sub(2));
    let place = centred(area, wide, tall);
    clear(style, place, buf);
    frame(buf, place, style, true, "Help", "Esc closes, any other key acts", "");
    let inside = inner(place).intersection(buf.area);
    let left = [Group::Time, Group::Racers];
    let split = |on_left: bool| -> Vec<Item> {
        let groups = Group::ALL.into_iter().filter(|group| left.contains(group) == on_left);
        groups.flat_map(|group| group_items(group, context)).collect()
    };
    let mut first = split(true);
    let mut second = split(false);
    let marks = marks(style);
    if inside.width < TWO {
        first.append(&mut second);
        first.extend(marks);
        draw_items(&first, style, Rect { x: inside.x + 1, width: inside.width.saturating_sub(1), ..inside }, buf);
        return;
    }
    first.extend(marks);
    // Two columns between the longest line on the left and the right, where there is room.
    let longest = first.iter().map(Item::width).max().unwrap_or(0);
    let split = (longest + 4).clamp(inside.width / 2 + 1, inside.width * 3 / 5);
    draw_items(&first, style, Rect { x: inside.x + 2, width: split - 3, ..inside }, buf);
    draw_items(&second, style, Rect { x: inside.x + split, width: inside.width - split, ..inside }, buf);
}

impl Item {
    fn width(&self) -> u16 {
        match self {
            Self::Heading(name) => width(name),
            Self::Line(_, words) => INDENT + width(words),
            Self::Gap => 0,
        }
    }
}

fn group_items(group: Group, context: Context) -> Vec<Item> {
    let lines = help_lines(group, context);
    if lines.is_empty() {
        return Vec::new();
    }
    let rows = lines.into_iter().map(|line| Item::Line(line.keys, line.text.to_owned()));
    std::iter::once(Item::Heading(group.name())).chain(rows).chain([Item::Gap]).collect()
}

/// What the marks on the screen mean.
fn marks(style: Style) -> Vec<Item> {
    let racers: String =
        (0..6).map(|racer| if style.ascii() { style.glyph(racer) } else { theme::glyph(racer) }).collect();
    let below = if style.ascii() { "v" } else { "▾" };
    let rows = [
        (style.start().to_string(), "start"),
        (style.optimum().to_string(), "optimum"),
        (racers, "racers now"),
        (style.step_mark(0).to_string(), "every 10 steps"),
        (style.dead().to_string(), "left the family"),
        (below.to_owned(), "below the axis"),
        ("10".to_owned(), "contour: loss in nats"),
    ];
    let rows = rows.into_iter().map(|(mark, words)| Item::Line(mark, words.to_owned()));
    std::iter::once(Item::Heading("Marks")).chain(rows).collect()
}

fn draw_items(items: &[Item], style: Style, area: Rect, buf: &mut Buffer) {
    let bold = |role| style.role(role).add_modifier(Modifier::BOLD);
    for (y, item) in (0..area.height).zip(items) {
        match item {
            Item::Heading(name) => {
                write(buf, area, 0, y, name, bold(Role::Accent));
            }
            Item::Line(keys, words) => {
                let keys = style.plain(keys);
                write(buf, area, 0, y, &keys, bold(Role::Text));
                let x = INDENT.max(width(&keys) + 1);
                let words = style.plain(words);
                write(buf, area, x, y, &clip(&words, area.width.saturating_sub(x)), style.role(Role::Text));
            }
            Item::Gap => {}
        }
    }
}

/// Draws the menu of overlays: their keys, and which of them are on. Names only, in two columns, where that is what fits.
pub fn draw_menu(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let shown = show.overlays_now();
    let longest = OVERLAYS.iter().map(|row| width(row.name)).max().unwrap_or(0);
    let explained = OVERLAYS.iter().map(|row| width(row.doc)).max().unwrap_or(0);
    let count = u16::try_from(OVERLAYS.len()).unwrap_or(u16::MAX);
    let columns: u16 = if count.saturating_add(2) > area.height { 2 } else { 1 };
    let wide =
        (longest + if columns == 1 { explained + 12 } else { longest + 18 }).min(area.width.saturating_sub(4)) + 2;
    let tall = count.div_ceil(columns).saturating_add(2).min(area.height);
    let place = centred(area, wide, tall);
    clear(style, place, buf);
    frame(buf, place, style, true, "Overlays", "keys turn them on and off", "");
    let inside = inner(place).intersection(buf.area);
    let bold = style.role(Role::Text).add_modifier(Modifier::BOLD);
    let on = if style.ascii() { '*' } else { '●' };
    for (i, row) in (0..).zip(OVERLAYS) {
        let (y, left) = (i % inside.height.max(1), 2 + i / inside.height.max(1) * (longest + 8));
        if inside.is_empty() || left + 4 + width(row.name) > inside.width {
            continue;
        }
        let mark = if shown.contains(&row.overlay) { on } else { ' ' };
        let x = write(buf, inside, left, y, &format!("{} {mark} ", menu_key(i)), bold);
        let cell = if shown.contains(&row.overlay) { bold } else { style.role(Role::Dim) };
        write(buf, inside, x, y, row.name, cell);
        let doc = x + longest + 2;
        if columns == 1 {
            let words = clip(&style.plain(row.doc), inside.width.saturating_sub(doc));
            write(buf, inside, doc, y, &words, style.role(Role::Dim));
        }
    }
}

/// The key of an overlay in the menu.
fn menu_key(place: u16) -> String {
    let toggles = |info: &&ActionInfo| matches!(info.action, Action::ToggleOverlay(at) if u16::from(at) == place);
    ACTIONS.iter().find(toggles).and_then(|info| info.keys.first()).map_or(String::new(), ToString::to_string)
}

/// A rectangle in the middle of another.
pub(super) fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// Empties a rectangle: nothing shows through.
pub(super) fn clear(style: Style, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let ground = Cell::reset().patch(style.theme.ground());
    for (x, y) in (area.top()..area.bottom()).flat_map(|y| (area.left()..area.right()).map(move |x| (x, y))) {
        put(buf, x, y, ' ', ground);
    }
}
