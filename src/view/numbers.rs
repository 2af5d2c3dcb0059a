//! The step that comes next, as an equation with its numbers: x, ∇L, F, F⁻¹∇L, Δx, KL and Fisher length.
//!
//! Computes nothing (`race::Worked`). What has no room is left out from the end, never cut in the middle of a number.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::style::{frame, inner, text};
use super::{Role, Style};
use crate::app::Show;
use crate::math::{Mat2, Vec2};
use crate::plot::number::value;
use crate::race::{Status, Worked};
use crate::registry::Setting;
use crate::scenario::Pane;

/// What a name takes before its `=`.
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

fn matrix(m: &Mat2) -> String {
    let entry = |i, j| value(m[(i, j)]);
    format!("[{} {}; {} {}]", entry(0, 0), entry(0, 1), entry(1, 0), entry(1, 1))
}

/// What the optimizer's fields are set to: `lr 0.05, momentum 0.9`.
fn settings(worked: &Worked) -> String {
    let plain = |setting: &Setting| match setting {
        Setting::Number(number) => value(*number),
        other => other.to_string(),
    };
    worked.settings.iter().map(|(name, setting)| format!("{name} {}", plain(setting))).collect::<Vec<_>>().join(", ")
}

/// What is said of a step, the most telling first.
fn lines(worked: &Worked) -> Vec<Line> {
    let gradient = if worked.sampled { "of this step's batch" } else { "" };
    let natural = worked.natural.map_or("–".to_owned(), vector);
    let mut lines = vec![
        line("x", vector(worked.x), worked.axes.join(", ")),
        line("∇L", vector(worked.gradient), gradient),
        line("F", matrix(&worked.fisher), ""),
        line("F⁻¹∇L", natural, if worked.natural.is_some() { "" } else { "F is singular" }),
    ];
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
    lines.push(line("with", settings(worked), ""));
    lines
}

/// Draws the pane.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let worked = Worked::of(&show.scenario, &show.race, show.chosen, show.timeline.step());
    let label = show.scenario.racers.get(show.chosen).map_or("", |racer| racer.label.as_str());
    let detail = format!("step {} → {}, {label}", worked.step, worked.step + 1);
    frame(buf, area, style, show.focus_now() == Pane::Numbers, "Numbers", &detail, "X saves");
    let inside = inner(area).intersection(buf.area);
    let room = usize::from(inside.width);
    if room < NAMES + 8 {
        return;
    }
    let mut rows = inside.y..inside.bottom();
    let Some(y) = rows.next() else { return };
    text(buf, inside.x + 1, y, &style.plain(worked.equation), room - 1, style.role(Role::Dim));
    for (y, line) in rows.zip(lines(&worked)) {
        draw_line(&line, style, Rect { y, height: 1, ..inside }, buf);
    }
}

fn draw_line(line: &Line, style: Style, area: Rect, buf: &mut Buffer) {
    let room = usize::from(area.width);
    let glyph = style.theme.style(Role::Text);
    text(buf, area.x + 1, area.y, &style.plain(&line.name), NAMES, style.role(Role::Dim));
    let value = style.plain(&line.value);
    let equals = if line.name == "with" { "  " } else { "= " };
    let start = NAMES + 1;
    if start + 2 + value.width() > room {
        // Half a number is another number.
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
