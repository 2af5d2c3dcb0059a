//! The next step, as an equation with its numbers: x, ∇L, F, F⁻¹∇L, Δx, KL and Fisher length.
//!
//! The values come from `race::Worked`. What does not fit is left out from the end; no number is ever cut.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::style::{frame, inner, text};
use super::text::clip;
use super::{Role, Style};
use crate::app::Show;
use crate::format::{label, value};
use crate::math::{Mat2, Vec2};
use crate::race::{Status, Worked};
use crate::registry::Setting;
use crate::scenario::Pane;
use crate::selfcheck::Finding;

/// The width of a name before its `=`.
const NAMES: usize = 6;

/// One line: a name, its value, and what explains it.
struct Line {
    name: String,
    value: String,
    remark: String,
}

fn line(name: &str, value: String, remark: impl Into<String>) -> Line {
    Line { name: name.to_owned(), value, remark: remark.into() }
}

fn vector(v: Vec2) -> String {
    format!("({}, {})", value(v[0]), value(v[1]))
}

/// A matrix in one line, or in two if one is too long.
fn matrix(m: &Mat2, room: usize) -> Vec<Line> {
    let row = |i| format!("{} {}", value(m[(i, 0)]), value(m[(i, 1)]));
    let whole = format!("[{}; {}]", row(0), row(1));
    if whole.width() <= room {
        return vec![line("F", whole, "")];
    }
    vec![line("F", format!("[{};", row(0)), ""), line("", format!(" {}]", row(1)), "")]
}

/// The optimizer's settings, as many as fit: `lr 0.05, momentum 0.9`.
fn settings(worked: &Worked, room: usize) -> String {
    let plain = |setting: &Setting| match setting {
        Setting::Number(number) => label(*number),
        other => other.to_string(),
    };
    let mut text = String::new();
    for (name, setting) in &worked.settings {
        let comma = if text.is_empty() { "" } else { ", " };
        let next = format!("{comma}{name} {}", plain(setting));
        if text.width() + next.width() > room {
            break;
        }
        text += &next;
    }
    text
}

/// The lines about a step, the most important first.
fn lines(worked: &Worked, check: Option<&Finding>, room: usize) -> Vec<Line> {
    let gradient = if worked.sampled { "of this step's batch" } else { "" };
    let natural = worked.natural.map_or("–".to_owned(), vector);
    let mut lines =
        vec![line("x", vector(worked.x), worked.axes.join(", ")), line("∇L", vector(worked.gradient), gradient)];
    lines.extend(matrix(&worked.fisher, room));
    lines.push(line("F⁻¹∇L", natural, if worked.natural.is_some() { "" } else { "F is singular" }));
    match worked.made {
        Some(made) if made.delta.iter().all(|d| d.is_finite()) => {
            let how = if made.status == Status::NoStep { "no step" } else { "" };
            lines.push(line("Δx", vector(made.delta), how));
            lines.push(line(
                "KL",
                format!("{} nats", value(made.kl)),
                format!("Fisher length {}", value(made.fisher_length)),
            ));
            lines.push(line("L", format!("{} → {}", value(worked.loss), value(made.loss)), ""));
        }
        Some(made) => lines.push(line("Δx", "–".to_owned(), made.status.name())),
        None => lines.push(line("L", value(worked.loss), "")),
    }
    if let Some(finding) = check {
        let verdict = if finding.holds() { "" } else { ", DOES NOT HOLD" };
        let remark = format!("self-check: {}{verdict}", finding.quantity.about().0);
        lines.push(line("error", value(finding.error), remark));
    }
    lines.push(line("with", settings(worked, room), ""));
    lines
}

/// Draws the pane.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let worked = Worked::of(&show.world, &show.race, show.chosen, show.timeline.step());
    let label = show.world.scenario.racers.get(show.chosen).map_or("", |racer| racer.label.as_str());
    let detail = format!("step {} → {}, {label}", worked.step, worked.step + 1);
    frame(buf, area, style, show.focus_now() == Pane::Numbers, "Numbers", &detail, "X saves");
    let inside = inner(area).intersection(buf.area);
    let room = usize::from(inside.width);
    if room < NAMES + 8 {
        return;
    }
    let mut rows = inside.y..inside.bottom();
    let Some(y) = rows.next() else { return };
    text(buf, inside.x + 1, y, &clip(&style.plain(worked.equation), inside.width - 1), room, style.role(Role::Dim));
    for (y, line) in rows.zip(lines(&worked, show.check(), room - NAMES - 3)) {
        draw_line(&line, style, Rect { y, height: 1, ..inside }, buf);
    }
}

fn draw_line(line: &Line, style: Style, area: Rect, buf: &mut Buffer) {
    let room = usize::from(area.width);
    let glyph = style.theme.style(Role::Text);
    text(buf, area.x + 1, area.y, &style.plain(&line.name), NAMES, style.role(Role::Dim));
    let value = style.plain(&line.value);
    let equals = if matches!(line.name.as_str(), "with" | "") { "  " } else { "= " };
    let start = NAMES + 1;
    if start + 2 + value.width() > room {
        // A truncated number would be a different number.
        text(buf, area.x + start as u16, area.y, "…", 1, glyph);
        return;
    }
    text(buf, area.x + start as u16, area.y, &format!("{equals}{value}"), room - start, glyph);
    let after = start + 2 + value.width() + 2;
    let remark = style.plain(&line.remark);
    if !remark.is_empty() && after + remark.width() <= room {
        text(buf, area.x + after as u16, area.y, &remark, room - after, style.role(Role::Dim));
    }
}
