//! The words of the ellipse pane: its title, the table of numbers or the small legend.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style as Cell};
use unicode_width::UnicodeWidthStr;

use crate::app::{Point, Show};
use crate::format;
use crate::view::style::{self, Style};
use crate::view::theme::Role;

use super::delta;
use super::figure::Figure;

/// The width of the numbers, and the width from which on they are shown.
const NUMBERS: [u16; 2] = [26, 56];
/// Where the columns of numbers end.
const ENDS: [usize; 2] = [17, 25];
/// The size of the small legend.
const LEGEND: [u16; 2] = [9, 3];

/// How many columns the numbers take; `None` if there is no room for them.
#[must_use]
pub fn room(inner: Rect, racers: usize) -> Option<u16> {
    let needed = u16::try_from(racers).unwrap_or(u16::MAX).saturating_add(1);
    (inner.width >= NUMBERS[1] && inner.height >= needed).then_some(NUMBERS[0])
}

/// What the title says: from where, in which chart if the pane fills the screen, on which axes; shorter where it has to
/// be.
#[must_use]
pub fn detail(show: &Show, style: Style, area: Rect, stretch: f64) -> String {
    let from = match show.point {
        Point::Start => format!("{} the start", style.start()),
        Point::Racer => {
            let label = show.world.scenario.racers.get(show.chosen).map_or("", |racer| racer.label.as_str());
            format!("{} {label}", style.glyph(show.chosen))
        }
    };
    let axes = show.world.family.chart(show.chart).info().axes;
    let chart = if show.filled { format!(", {} × {}", axes[0], axes[1]) } else { String::new() };
    let axes = if stretch > 1.0 { format!(", axes ×{}", rounded(stretch)) } else { String::new() };
    // Corners, blanks, the title and a stretch of line.
    let most = usize::from(area.width).saturating_sub(13);
    let all = [
        format!("next steps from {from}{chart}{axes}"),
        format!("next steps from {from}{axes}"),
        format!("from {from}{axes}"),
    ];
    all.into_iter().find(|text| text.width() <= most).unwrap_or_else(|| format!("from {from}"))
}

/// A number with two digits.
fn rounded(x: f64) -> String {
    let unit = 10_f64.powf(x.log10().floor() - 1.0);
    format::label(((x / unit).round() * unit * 1e6).round() / 1e6)
}

/// Legend, table and explanation, in the right columns of the pane.
pub fn numbers(show: &Show, figure: &Figure, style: Style, inner: Rect, buf: &mut Buffer) {
    let x = inner.right() - NUMBERS[0];
    let [text, dim] = [Role::Text, Role::Dim].map(|role| style.role(role));
    let enabled: Vec<usize> = (0..show.on.len()).filter(|&racer| show.on[racer]).collect();
    let height = usize::from(inner.height);
    let mut row = 0;
    let mut line = |parts: &[(usize, &str, Cell)], row: usize| {
        if row < height {
            for (column, words, look) in parts {
                style::text(buf, x + *column as u16, inner.y + row as u16, words, ENDS[1] - column, *look);
            }
        }
    };
    if height >= enabled.len() + 5 {
        let [mark, soft] = if style.theme.fills() {
            ["  ", "exact"].map(|words| (words, Cell::new().bg(style.theme.color(Role::Soft))))
        } else {
            [if style.ascii() { ". " } else { "··" }, "exact"].map(|words| (words, style.role(Role::Soft)))
        };
        let solid = if style.ascii() { "--" } else { "──" };
        line(&[(0, mark.0, mark.1), (3, &style.plain(&format!("KL ≤ {}, {}", delta(), soft.0)), text)], 0);
        line(&[(0, solid, text), (3, "Fisher ellipse", text)], 1);
        line(&[(0, if style.ascii() { ".." } else { "╌╌" }, dim), (3, "circle (F = 1)", text)], 2);
        row = 4;
    }
    let right = |end: usize, words: &str| end.saturating_sub(words.width());
    let head = style.plain("KL/δ");
    line(&[(0, "next step", dim), (right(ENDS[0], &head), &head, dim), (right(ENDS[1], "angle"), "angle", dim)], row);
    for racer in &enabled {
        row += 1;
        let step = figure.steps.get(*racer).copied().flatten();
        let kl = style.plain(&format::value(step.map_or(f64::NAN, |step| step.kl)));
        let angle = step.map(|step| step.angle.to_degrees().round()).filter(|angle| angle.is_finite());
        let angle = style.plain(&angle.map_or_else(|| "–".to_owned(), |angle| format!("{angle}°")));
        let name = format!("{} {}", racer + 1, style.glyph(*racer));
        let look = style.racer_bold(*racer);
        line(&[(0, &name, look), (right(ENDS[0], &kl), &kl, text), (right(ENDS[1], &angle), &angle, text)], row);
    }
    if row + 2 < height {
        line(&[(0, "angle to natural, Fisher", dim)], row + 2);
    }
}

/// Three lines in the first corner that is free; `None` if no corner is.
pub fn legend(style: Style, plot: Rect, buf: &mut Buffer) {
    let [width, height] = LEGEND;
    if plot.width < 2 * width || plot.height < 2 * height {
        return;
    }
    let ground = style.theme.ground().bg.unwrap_or_default();
    let corners = [(plot.x, plot.y), (plot.right() - width, plot.y)];
    let corners =
        corners.into_iter().chain([(plot.x, plot.bottom() - height), (plot.right() - width, plot.bottom() - height)]);
    // With a column between it and the figure.
    let free = |&(x, y): &(u16, u16)| {
        let columns = x.saturating_sub(1).max(plot.x)..(x + width + 1).min(plot.right());
        (y..y + height).all(|y| {
            columns.clone().all(|x| buf.cell((x, y)).is_some_and(|cell| cell.symbol() == " " && cell.bg == ground))
        })
    };
    let Some((x, y)) = corners.into_iter().find(free) else { return };
    let [text, dim] = [Role::Text, Role::Dim].map(|role| style.role(role));
    let soft = Cell::new().bg(style.theme.color(Role::Soft));
    let (dot, long, short) = if style.ascii() { (".", "-", ".") } else { ("·", "─", "╌") };
    let marks = [
        if style.theme.fills() { (" ", soft) } else { (dot, style.role(Role::Soft)) },
        (long, text.remove_modifier(Modifier::DIM)),
        (short, dim),
    ];
    let words = [style.plain(&format!("KL≤{}", delta())), "Fisher".to_owned(), "circle".to_owned()];
    for ((row, (mark, look)), words) in (y..).zip(marks).zip(&words) {
        style::text(buf, x, row, mark, 1, look);
        style::text(buf, x + 2, row, words, usize::from(width - 2), dim);
    }
}
