//! The help, generated from the table of actions.
//!
//! Names no key itself.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::border::frame;
use super::style::{blank, inner};
use super::text::{clip, width, wrap, write};
use super::{Role, Style, theme};
use crate::app::Scroll;
use crate::app::action::{Action, Context, Group, help_lines};
use crate::plot::mark::Sign;
use crate::scenario::Pane;

/// The largest box, without its frame's sides.
const WIDEST: u16 = 92;
const TALLEST: u16 = 25;
/// The column of explanations, from that of the keys or pane names.
const INDENT: u16 = 10;
/// Below this width the groups form one column.
const TWO: u16 = 60;
/// The groups of the left column.
const LEFT: [Group; 3] = [Group::Out, Group::Time, Group::Racers];

/// One row: a heading, a line with its keys or its mark, or a line of a pane's description.
enum Item {
    Heading(&'static str),
    Line(String, String),
    Pane(&'static str, String),
}

/// The content of a page, in columns side by side.
struct Page {
    detail: &'static str,
    columns: Vec<Vec<Item>>,
}

fn place(area: Rect) -> Rect {
    centred(area, WIDEST.min(area.width.saturating_sub(4)) + 2, TALLEST.min(area.height.saturating_sub(2)))
}

/// What the help is about: the keys of some contexts, and panes.
pub(super) struct About {
    pub(super) contexts: Vec<Context>,
    pub(super) panes: Vec<Pane>,
}

/// Draws a page of the help over `area`; returns the number of the last page, from 0.
pub(super) fn draw(about: &About, title: &str, scroll: Scroll, style: Style, area: Rect, buf: &mut Buffer) -> usize {
    let place = place(area);
    blank(buf, place, style);
    let inside = inner(place).intersection(buf.area);
    let pages = laid(about, style, inner(place));
    let last = pages.len().saturating_sub(1);
    let number = scroll.at.min(last);
    let Some(page) = pages.get(number) else { return last };
    let next = if number + 1 < pages.len() { "next page" } else { "away" };
    let part = format!("{} of {}  {} {next}", number + 1, pages.len(), Action::Help.key());
    frame(buf, place, style, true, title, page.detail, &part);
    let mut x = 1;
    for (i, column) in page.columns.iter().enumerate() {
        let end = if i + 1 == page.columns.len() { inside.width } else { split(&page.columns, inside.width) };
        draw_items(column, style, Rect { x: inside.x + x, width: end.saturating_sub(x), ..inside }, buf);
        x = end;
    }
    last
}

/// Where the second column begins: two columns after the longest line of the first.
fn split(columns: &[Vec<Item>], width: u16) -> u16 {
    let longest = columns.first().into_iter().flatten().map(Item::width).max().unwrap_or(0);
    (longest + 3).clamp(width / 2, width * 3 / 5)
}

/// All pages: the keys, then the panes and the marks.
fn laid(about: &About, style: Style, inside: Rect) -> Vec<Page> {
    let rows = usize::from(inside.height.max(1));
    let groups = |left: bool| Group::ALL.into_iter().filter(move |group| LEFT.contains(group) == left);
    let items = |left| groups(left).flat_map(|group| group_items(group, &about.contexts)).collect::<Vec<_>>();
    let keys = if inside.width < TWO {
        vec![items(true).into_iter().chain(items(false)).collect()]
    } else {
        vec![items(true), items(false)]
    };
    let mut pages = paged("keys", keys, rows);
    let said = panes(&about.panes, inside.width.saturating_sub(INDENT + 4)).into_iter().chain(marks(style)).collect();
    pages.extend(paged("What am I looking at?", vec![said], rows));
    pages
}

/// Columns cut to pages of so many rows.
fn paged(detail: &'static str, columns: Vec<Vec<Item>>, rows: usize) -> Vec<Page> {
    let count = columns.iter().map(|column| column.len().div_ceil(rows)).max().unwrap_or(0);
    let mut pages: Vec<Page> = (0..count).map(|_| Page { detail, columns: Vec::new() }).collect();
    for column in columns {
        let mut items = column.into_iter();
        for page in &mut pages {
            page.columns.push(items.by_ref().take(rows).collect());
        }
    }
    pages
}

impl Item {
    fn width(&self) -> u16 {
        match self {
            Self::Heading(name) => width(name),
            Self::Line(_, words) | Self::Pane(_, words) => INDENT + width(words),
        }
    }
}

fn group_items(group: Group, contexts: &[Context]) -> Vec<Item> {
    let lines = help_lines(group, contexts);
    if lines.is_empty() {
        return Vec::new();
    }
    let rows = lines.into_iter().map(|line| Item::Line(line.keys, line.text.to_owned()));
    std::iter::once(Item::Heading(group.name())).chain(rows).collect()
}

/// What each pane shows, in lines of a width.
fn panes(shown: &[Pane], room: u16) -> Vec<Item> {
    let about = |pane| match pane {
        Pane::Landscape => (
            "Landscape",
            "Every point is a distribution; less ink, lower loss. Lines are races; many races are a table: Enter opens one.",
        ),
        Pane::Ellipses => (
            "Ellipse",
            "Steps of one size, Euclidean, by Fisher, by KL, over the true loss. × is lowest within each; rays are racers' next steps.",
        ),
        Pane::Density => ("Density", "The distribution that each racer has reached; target or data are filled."),
        Pane::Traces => ("Trace", "The loss, step by step."),
        Pane::Racers => ("Racers", "Each racer's rate, loss, KL of the last step and over δ; when it arrived."),
        Pane::Numbers => ("Numbers", "The chosen racer's step, worked out."),
        Pane::Policy => (
            "Policy",
            "Each racer's probability of every action; on a map arrows over value and visits; a click on a state shows its actions.",
        ),
        Pane::Outcomes => ("Outcomes", "How many seeds have settled on a best action, on a wrong one, or on none."),
        Pane::Collapsed => ("Collapsed", "The share of seeds on a wrong action, step by step."),
        Pane::Box => {
            ("Box", "What clipping and a trust region allow, and the steps within, in ratios of probabilities.")
        }
    };
    let mut items = Vec::new();
    for pane in shown {
        let (name, said) = about(*pane);
        let lines = wrap(said, room).into_iter().enumerate();
        items.extend(lines.map(|(i, line)| Item::Pane(if i == 0 { name } else { "" }, line)));
    }
    items
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
        (style.step_mark(0).to_string(), "every ten steps"),
        (style.dead().to_string(), "left the family"),
        (below.to_owned(), "below the axis"),
        (style.sign(Sign::Lowest).to_string(), "lowest loss in a shape"),
        ("10".to_owned(), "contour: loss"),
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
            Item::Pane(name, words) => {
                write(buf, area, 0, y, name, bold(Role::Accent));
                write(buf, area, INDENT, y, &style.plain(words), style.role(Role::Text));
            }
        }
    }
}

/// A rectangle in the middle of another.
pub(super) fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}
