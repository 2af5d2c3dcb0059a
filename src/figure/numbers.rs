//! The next step, as an equation with its numbers: x, ∇L, F, F⁻¹∇L, Δx, KL and Fisher length.
//!
//! The values come from `race::Worked`. Lines that do not fit are dropped from the end; a number is never cut.

use super::words::{Line as Row, dim, text};
use crate::app::Show;
use crate::format::{label, value};
use crate::math::{Mat2, Vec2};
use crate::plot::pane::Table;
use crate::plot::text::{width, wrap};
use crate::plot::{PaneFigure, Room};
use crate::race::{Status, Worked};
use crate::registry::Setting;
use crate::selfcheck::Finding;

/// The width of a name before its `=`.
const NAMES: u16 = 6;

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
fn matrix(m: &Mat2, room: u16) -> Vec<Line> {
    let row = |i| format!("{} {}", value(m[(i, 0)]), value(m[(i, 1)]));
    let whole = format!("[{}; {}]", row(0), row(1));
    if width(&whole) <= room {
        return vec![line("F", whole, "")];
    }
    vec![line("F", format!("[{};", row(0)), ""), line("", format!(" {}]", row(1)), "")]
}

/// The optimizer's settings, as many as fit: `lr 0.05, momentum 0.9`.
fn settings(worked: &Worked, room: u16) -> String {
    let plain = |setting: &Setting| match setting {
        Setting::Number(number) => label(*number),
        other => other.to_string(),
    };
    let mut text = String::new();
    for (name, setting) in &worked.settings {
        let comma = if text.is_empty() { "" } else { ", " };
        let next = format!("{comma}{name} {}", plain(setting));
        if width(&text) + width(&next) > room {
            break;
        }
        text += &next;
    }
    text
}

/// The lines about a step, the most important first.
fn lines(worked: &Worked, check: Option<&Finding>, room: u16) -> Vec<Line> {
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
    lines
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room) -> PaneFigure {
    let worked = Worked::of(&show.world, &show.race, show.chosen, show.timeline.step());
    let label = show.world.scenario.racers.get(show.chosen).map_or("", |racer| racer.label.as_str());
    let detail = format!("step {} → {}, {label}", worked.step, worked.step + 1);
    let figure =
        PaneFigure { name: "Numbers".to_owned(), detail, right: "X saves".to_owned(), ..PaneFigure::default() };
    if room.columns < NAMES + 8 {
        return figure;
    }
    // The equation is whole, with its settings below it: what is left out is what stands last.
    let free = room.columns - 1;
    let mut rows: Vec<Row> = equation(worked.equation, free).iter().map(|part| vec![dim(1, part)]).collect();
    let with = settings(&worked, free.saturating_sub(5));
    if !with.is_empty() {
        rows.push(vec![dim(1, "with"), text(6, &with)]);
    }
    let most = room.columns - NAMES - 3;
    rows.extend(lines(&worked, show.check(), most).iter().map(|line| row(line, room.columns)));
    rows.truncate(usize::from(room.rows));
    PaneFigure { table: Some((room.columns, Table { rows })), ..figure }
}

/// An equation in as few lines as hold it, broken between its parts if possible.
fn equation(equation: &str, room: u16) -> Vec<String> {
    if width(equation) <= room {
        return vec![equation.to_owned()];
    }
    equation.split(";  ").flat_map(|part| wrap(part, room)).collect()
}

fn row(line: &Line, room: u16) -> Row {
    let equals = if line.name.is_empty() { "  " } else { "= " };
    let start = NAMES + 1;
    if start + 2 + width(&line.value) > room {
        // A truncated number would be a different number.
        return vec![dim(1, &line.name).most(NAMES), text(start, "…")];
    }
    let mut row = vec![dim(1, &line.name).most(NAMES), text(start, &format!("{equals}{}", line.value))];
    let after = start + 2 + width(&line.value) + 2;
    if after + width(&line.remark) <= room {
        row.push(dim(after, &line.remark));
    }
    row
}
