//! How far apart the paths of one optimizer in different charts are: by step as curves, at the playhead as a table.
//!
//! The gaps come from `race::Invariance`. An optimizer has the colour and glyph of its first racer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::ink::Ink;
use super::scale::{Upright, ticks_upright};
use super::strokes;
use super::style::{border, frame, inner, put};
use super::text::{clip, write, write_right};
use super::{Role, Style, axis};
use crate::app::{Charts, Show};
use crate::format::{label, value};
use crate::plot::ticks::ticks;
use crate::race::Kin;
use crate::registry::Setting;

/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 6;
/// Gaps below this are rounding: nothing is drawn of them.
const ROUNDING: f64 = 1e-13;
/// The width of a gap in the table, with the blank before it.
const NUMBER: u16 = 8;
/// How many decades the curves span at most.
const SPAN: f64 = 1e-4;

/// Draws the gaps by step.
pub fn draw_curves(show: &Show, charts: &Charts, style: Style, area: Rect, buf: &mut Buffer) {
    frame(buf, area, style, false, "Invariance gap", "Fisher-Rao, log", "");
    let inside = inner(area).intersection(buf.area);
    if inside.width <= LABELS + 4 || inside.height < 3 {
        return;
    }
    let plot = Rect { x: inside.x + LABELS, width: inside.width - LABELS, ..inside };
    let (now, seen) = (show.timeline.step(), show.timeline.furthest());
    let known = |kin: &Kin| -> Vec<(usize, f64)> {
        let gaps = kin.gaps().iter().copied().enumerate().take(seen + 1);
        gaps.filter(|(_, gap)| *gap > ROUNDING).collect()
    };
    let lines: Vec<(&Kin, Vec<(usize, f64)>)> = charts.gaps.kins.iter().map(|kin| (kin, known(kin))).collect();
    let values = || lines.iter().flat_map(|(_, values)| values.iter().map(|(_, gap)| *gap));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    let end = super::trace::horizon(seen);
    let Some(upright) = Upright::log(low.max(high * SPAN), high, plot.height) else {
        write(buf, inside, 1, 1, "no gap so far", style.role(Role::Dim));
        return;
    };
    let column = |step: usize| (step as f64 / end as f64 * f64::from(plot.width)) as u16;
    draw_axes(style, &upright, (inside, plot), column(now).min(plot.width - 1), buf);
    let mut ink = Ink::default();
    strokes::clear(&mut ink, plot);
    for (kin, values) in &lines {
        let place = |&(step, gap): &(usize, f64)| {
            [step as f64 / end as f64 * 2.0 * f64::from(plot.width), 4.0 * upright.row(gap)]
        };
        let split = values.partition_point(|(step, _)| *step <= now);
        if style.theme.fills() {
            strokes::add(&mut ink, style, (kin.racer, 0), true, values[split.saturating_sub(1)..].iter().map(place));
        }
        strokes::add(&mut ink, style, (kin.racer, 0), false, values[..split].iter().map(place));
    }
    strokes::paint(&ink, style, plot, buf);
    for (kin, values) in &lines {
        let here = values[..values.partition_point(|(step, _)| *step <= now)].last();
        if let Some(&(step, gap)) = here.filter(|(_, gap)| upright.row(*gap) < f64::from(plot.height)) {
            let row = (upright.row(gap).max(0.0) as u16).min(plot.height - 1);
            let x = (column(step) + 1).min(plot.width - 1);
            put(buf, plot.x + x, plot.y + row, style.glyph(kin.racer), style.racer_bold(kin.racer));
            let room = plot.width.saturating_sub(x + 2);
            let name = style.plain(show.scenario.racers[kin.racer].kind.name);
            write(buf, plot, x + 2, row, &clip(&name, room), style.theme.racer(kin.racer, false));
        }
    }
    let across = ticks([0.0, end as f64], usize::from(plot.width), 10.0);
    let labels = across.into_iter().filter(|tick| tick.at > 0.0 && tick.at < end as f64);
    let at = |step: f64| plot.x - area.x + column(step as usize);
    axis::bottom(buf, area, style, "step", labels.map(|tick| (at(tick.at), tick.label)));
}

fn draw_axes(style: Style, upright: &Upright, (inside, plot): (Rect, Rect), head: u16, buf: &mut Buffer) {
    for (row, label) in ticks_upright(upright) {
        write_right(buf, inside, LABELS - 1, row, &style.plain(&label), style.role(Role::Dim));
        for x in (0..plot.width).step_by(4) {
            put(buf, plot.x + x, plot.y + row, if style.ascii() { '.' } else { '·' }, style.role(Role::Faint));
        }
        if !style.ascii() {
            put(buf, inside.x - 1, inside.y + row, '├', border(style, false));
        }
    }
    for y in 0..plot.height {
        put(buf, plot.x + head, plot.y + y, if style.ascii() { '|' } else { '│' }, style.role(Role::Faint));
    }
}

/// Draws the gaps at the playhead, how many times the first is the last, and, on request, the order in which they
/// shrink.
pub fn draw_table(show: &Show, charts: &Charts, style: Style, area: Rect, buf: &mut Buffer) {
    let count = charts.gaps.charts.len();
    frame(buf, area, style, false, "Gap at this step", "", "");
    let inside = inner(area).intersection(buf.area);
    if inside.width < 24 || inside.is_empty() {
        return;
    }
    let (now, dim) = (show.timeline.step(), style.role(Role::Dim));
    let asked = charts.halved.is_some();
    let (gap_end, order_end) = (inside.width - if asked { 9 } else { 2 }, inside.width - 2);
    write(buf, inside, 3, 0, &clip(&format!("in {count} charts"), gap_end.saturating_sub(NUMBER + 3)), dim);
    write_right(buf, inside, gap_end, 0, "gap", dim);
    if asked {
        write_right(buf, inside, order_end, 0, "order", dim);
    }
    let gap_of = |kin: &Kin| kin.gaps().get(now).copied().unwrap_or(f64::NAN);
    let last = inside.height.saturating_sub(1);
    for (row, (i, kin)) in (1..last.max(1)).zip(charts.gaps.kins.iter().enumerate()) {
        put(buf, inside.x + 1, inside.y + row, style.glyph(kin.racer), style.racer_bold(kin.racer));
        let name = style.plain(&name(show, kin));
        write(buf, inside, 3, row, &clip(&name, gap_end.saturating_sub(NUMBER + 3)), style.role(Role::Text));
        let bold = style.role(Role::Text).add_modifier(Modifier::BOLD);
        write_right(buf, inside, gap_end, row, &style.plain(&value(gap_of(kin))), bold);
        if asked {
            let order = charts.order_of_gap(i, now).map_or("–".to_owned(), |order| format!("{order:.2}"));
            write_right(buf, inside, order_end, row, &style.plain(&order), bold);
        }
    }
    let (most, least) = charts
        .gaps
        .kins
        .iter()
        .map(gap_of)
        .filter(|gap| *gap > ROUNDING)
        .fold((0.0_f64, f64::INFINITY), |(most, least), gap| (most.max(gap), least.min(gap)));
    if most > least && last > 0 {
        write(buf, inside, 3, last, "largest / smallest", dim);
        let times = most / least;
        let times = if times < 1e5 { format!("{times:.0}×") } else { format!("{}×", value(times)) };
        write_right(buf, inside, gap_end, last, &style.plain(&times), dim);
    }
}

/// An optimizer by its kind and its first field: `sgd, lr 0.02`.
fn name(show: &Show, kin: &Kin) -> String {
    let racer = &show.scenario.racers[kin.racer];
    match racer.kind.fields.first().and_then(|field| Some((field.name, racer.settings.get(field)?))) {
        Some((field, Setting::Number(number))) => format!("{}, {field} {}", racer.kind.name, label(number)),
        _ => racer.kind.name.to_owned(),
    }
}
