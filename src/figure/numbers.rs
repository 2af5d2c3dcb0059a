//! The next step, as an equation with its numbers: x, ∇L, F, F⁻¹∇L, what the optimizer remembers or tries, Δx, KL and
//! Fisher length.
//!
//! The values come from `race::Worked`. Lines that do not fit are dropped from the end; a number is never cut.

use super::words::{Line as Row, dim, text};
use crate::app::{Seen, Show};
use crate::figure::computed::{Computed, Key, Pending, quick};
use crate::format::{label, value};
use crate::math::{Mat2, Vec2};
use crate::optimizer::trpo::{self, Verdict};
use crate::plot::pane::Table;
use crate::plot::text::{clip_middle, width, wrap};
use crate::plot::{PaneFigure, Room};
use crate::race::{Status, Worked, trust_region};
use crate::registry::Setting;
use crate::selfcheck::Finding;

/// The width of a name before its `=`.
const NAMES: u16 = 6;

/// What is kept from frame to frame.
#[derive(Debug, Default)]
pub struct Memo {
    /// What the chosen racer's optimizer remembers after its next step, with symbols: that is not recorded.
    memory: Computed<Vec<(&'static str, Vec<f64>)>>,
}

impl Memo {
    /// Updates what is kept.
    fn follow(&mut self, show: &Show, step: usize) {
        let runner = show.race.runner(show.chosen);
        let key = Key::of(&Seen::of(show), &[show.race.revision() as f64, show.chosen as f64, step as f64]);
        let cost = (step - runner.resumed(step)) * show.world.objective.cost();
        self.memory.follow(key, quick(&Seen::of(show), cost), || {
            let find = runner.after(step, |optimizer| optimizer.memory());
            move |out| out.send(find())
        });
    }

    /// What is computed.
    pub(super) fn parts(&mut self) -> [&mut dyn Pending; 1] {
        [&mut self.memory]
    }
}

/// The candidates of a step within a trust region: which of them was taken.
fn candidates(show: &Show, step: usize) -> Option<Line> {
    let racer = show.world.scenario.racers.get(show.chosen).filter(|racer| racer.kind.trust_region())?;
    let row = show.race.trace(show.chosen).rows.at(step);
    let tried = trust_region(&show.world, show.chosen, step, &row)?.candidates;
    let taken = tried.iter().position(|(_, verdict)| *verdict == Verdict::Accepted);
    let backtrack = racer.settings.number(&trpo::BACKTRACK);
    let power = |j: usize| format!("{j}, βʲ = {}", value(backtrack.powf(j as f64)));
    let remark = if taken.is_some() { String::new() } else { format!("all {} rejected", tried.len()) };
    Some(line("j", taken.map_or("–".to_owned(), power), remark))
}

/// One line: a name, its value, and what explains it.
struct Line {
    name: String,
    value: String,
    remark: String,
    /// Whether it follows from the line before.
    follows: bool,
}

fn line(name: &str, value: String, remark: impl Into<String>) -> Line {
    Line { name: name.to_owned(), value, remark: remark.into(), follows: false }
}

fn vector(v: Vec2) -> String {
    format!("({}, {})", value(v[0]), value(v[1]))
}

/// A matrix in one line beside what it is, or in two if one is too long.
fn matrix(name: &str, m: &Mat2, remark: &str, room: u16) -> Vec<Line> {
    let row = |i| format!("{} {}", value(m[(i, 0)]), value(m[(i, 1)]));
    let whole = format!("[{}; {}]", row(0), row(1));
    let beside = if remark.is_empty() { 0 } else { width(remark) + 2 };
    if width(&whole) + beside <= room {
        return vec![line(name, whole, remark)];
    }
    vec![line(name, format!("[{};", row(0)), remark), line("", format!(" {}]", row(1)), "")]
}

/// The metric that the optimizer follows, and the gradient by it: F, or another one by its name.
fn metric(worked: &Worked, room: u16) -> Vec<Line> {
    let natural = |v: Option<Vec2>| v.map_or("–".to_owned(), vector);
    let singular = |v: Option<Vec2>, why: &'static str| if v.is_some() { "" } else { why };
    let Some(other) = worked.other else {
        let mut lines = matrix("F", &worked.fisher, "", room);
        lines.push(line("F⁻¹∇L", natural(worked.natural), singular(worked.natural, "F is singular")));
        return lines;
    };
    let not = || vec![line("G", "–".to_owned(), format!("{}: not integrated", other.name))];
    let mut lines = other.metric.map_or_else(not, |metric| matrix("G", &metric, other.name, room));
    lines.push(line("G⁻¹∇L", natural(other.natural), singular(other.natural, "G is singular")));
    lines
}

/// The optimizer's settings in lines: `lr 0.05, momentum 0.9`.
fn settings(worked: &Worked, room: u16) -> Vec<String> {
    let plain = |setting: &Setting| match setting {
        Setting::Number(number) => label(*number),
        other => other.to_string(),
    };
    let settings = worked.settings.iter().map(|(name, setting)| format!("{name} {}", plain(setting)));
    packed(settings, ", ", room)
}

/// Parts in as few lines as hold them, none of them broken where a line holds it.
fn packed(parts: impl Iterator<Item = String>, between: &str, room: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if width(line) + width(between) + width(&part) <= room => *line += &(between.to_owned() + &part),
            _ => lines.extend(wrap(&part, room)),
        }
    }
    lines
}

/// The lines about a step, the most important first; `made_of` is what its equation is about beside these.
fn lines(worked: &Worked, made_of: Vec<Line>, check: Option<&Finding>, room: u16) -> Vec<Line> {
    let gradient = if worked.sampled { "of this step's batch" } else { "" };
    let mut lines =
        vec![line("x", vector(worked.x), worked.axes.join(", ")), line("∇L", vector(worked.gradient), gradient)];
    lines.extend(metric(worked, room));
    lines.extend(made_of);
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
        let error = line("error", value(finding.error), remark);
        // What holds may be left out.
        lines.insert(if finding.holds() { lines.len() } else { 0 }, error);
    }
    lines
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    let worked = Worked::of(&show.world, &show.race, show.chosen, show.now());
    let label = show.world.scenario.racers.get(show.chosen).map_or("", |racer| racer.label.as_str());
    let steps = format!("step {} → {}, ", worked.step, worked.step + 1);
    // Corners, blanks, the title and a stretch of line.
    let detail = format!("{steps}{}", clip_middle(label, room.columns.saturating_sub(width(&steps) + 11)));
    let figure =
        PaneFigure { name: "Numbers".to_owned(), detail, right: "X saves".to_owned(), ..PaneFigure::default() };
    if room.columns < NAMES + 8 {
        return figure;
    }
    // The equation is whole, with its settings below it: what is left out is what stands last.
    let free = room.columns - 1;
    let mut rows: Vec<Row> = equation(worked.equation, free).iter().map(|part| vec![dim(1, part)]).collect();
    let mut made_of: Vec<Line> = candidates(show, worked.step).into_iter().collect();
    memo.follow(show, worked.step + 1);
    for (i, (symbol, values)) in memo.memory.values().iter().flatten().enumerate() {
        if let [a, b] = values[..] {
            made_of.push(Line { follows: i > 0, ..line(symbol, vector(Vec2::new(a, b)), "") });
        }
    }
    let most = room.columns - NAMES - 3;
    let lines = joined(lines(&worked, made_of, show.check(), most), room.columns);
    // Settings beyond the first line take what the numbers leave.
    let left = usize::from(room.rows).saturating_sub(rows.len() + lines.len()).max(1);
    for (i, with) in settings(&worked, free.saturating_sub(6)).iter().enumerate().take(left) {
        rows.push(vec![dim(1, if i == 0 { "with" } else { "" }), text(6, with)]);
    }
    rows.extend(lines.iter().map(|line| row(line, room.columns)));
    rows.truncate(usize::from(room.rows));
    PaneFigure { table: Some((room.columns, Table { rows })), ..figure }
}

/// An equation in as few lines as hold it, broken between its parts if possible.
fn equation(equation: &str, room: u16) -> Vec<String> {
    packed(equation.split(";  ").map(str::to_owned), ";  ", room)
}

/// Lines of which one follows from the one before stand beside it if there is room.
fn joined(lines: Vec<Line>, room: u16) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::new();
    for line in lines {
        let beside = format!("{} {}", line.name, line.value);
        match joined.last_mut() {
            Some(before)
                if line.follows
                    && before.remark.is_empty()
                    && NAMES + 5 + width(&before.value) + width(&beside) <= room =>
            {
                before.remark = beside;
            }
            _ => joined.push(line),
        }
    }
    joined
}

fn row(line: &Line, room: u16) -> Row {
    let equals = if line.name.is_empty() { "  " } else { "= " };
    let start = NAMES + 1;
    if start + 2 + width(&line.value) > room {
        // A truncated number would be a different number.
        return vec![dim(1, &line.name).most(NAMES), text(start, "…")];
    }
    let mut row = vec![dim(1, &line.name).most(NAMES), text(start, format!("{equals}{}", line.value))];
    let after = start + 2 + width(&line.value) + 2;
    if after + width(&line.remark) <= room {
        row.push(dim(after, &line.remark));
    }
    row
}
