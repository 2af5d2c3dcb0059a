//! The next step, as an equation with its numbers: x, ∇L, F, F⁻¹∇L, what the optimizer remembers or tries, Δx, KL and
//! Fisher length.
//!
//! The values come from `race::Worked`. Lines that do not fit are dropped from the end; a number is never cut.

use super::words::{Line as Row, dim, text};
use crate::app::Show;
use crate::format::{label, value};
use crate::math::{Mat2, Vec2};
use crate::optimizer::trpo::Verdict;
use crate::plot::pane::Table;
use crate::plot::text::{clip_middle, width, wrap};
use crate::plot::{PaneFigure, Room};
use crate::race::{Runner, Status, Worked, trust_region};
use crate::registry::Setting;
use crate::selfcheck::Finding;

/// The width of a name before its `=`.
const NAMES: u16 = 6;

/// Steps that one frame may make again to know what an optimizer remembers.
const AT_ONCE: usize = 2_000;

/// The chosen racer's optimizer as it is after the step: what it remembers is not recorded.
#[derive(Debug, Default)]
pub struct Memo {
    runner: Option<((u64, usize), Runner)>,
    step: usize,
}

impl Memo {
    /// Makes up to `budget` steps again; returns whether there is more to do.
    pub fn advance(&mut self, budget: usize) -> bool {
        let Some((_, runner)) = &mut self.runner else { return false };
        let reached = runner.trace().rows.len() - 1;
        runner.extend(self.step.min(reached.saturating_add(budget.max(1))));
        !self.complete()
    }

    /// Whether the optimizer has come to the step.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.runner.as_ref().is_none_or(|(_, runner)| runner.reached(self.step) >= self.step)
    }

    /// What the chosen racer's optimizer remembers after making a step, once known.
    fn of(&mut self, show: &Show, step: usize) -> Vec<(&'static str, Vec<f64>)> {
        let key = (show.world.revision(), show.chosen);
        let fits = |(own, runner): &((u64, usize), Runner)| *own == key && runner.trace().rows.len() <= step + 1;
        if !self.runner.as_ref().is_some_and(fits) {
            let mut runner = Runner::new(&show.world, show.chosen);
            runner.extend(1);
            // An optimizer without a memory need not be run.
            self.runner = Some((key, runner)).filter(|(_, runner)| !runner.memory().is_empty());
        }
        self.step = step;
        self.advance(AT_ONCE);
        let made = |(_, runner): &((u64, usize), Runner)| {
            if runner.trace().rows.len() == step + 1 { runner.memory() } else { Vec::new() }
        };
        self.runner.as_ref().map(made).unwrap_or_default()
    }
}

/// The candidates of a step within a trust region: which of them was taken.
fn candidates(show: &Show, step: usize) -> Option<Line> {
    let racer = show.world.scenario.racers.get(show.chosen).filter(|racer| racer.kind.trust_region)?;
    let row = show.race.trace(show.chosen).rows.at(step);
    let tried = trust_region(&show.world, show.chosen, step, &row)?.candidates;
    let taken = tried.iter().position(|(_, verdict)| *verdict == Verdict::Accepted);
    let backtrack = racer.settings.iter().find_map(|(name, setting)| match setting {
        Setting::Number(number) if name == "backtrack" => Some(number),
        _ => None,
    })?;
    let power = |j: usize| format!("{j}, βʲ = {}", value(backtrack.powf(j as f64)));
    let remark = if taken.is_some() { String::new() } else { format!("all {} rejected", tried.len()) };
    Some(line("j", taken.map_or("–".to_owned(), power), remark))
}

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

/// The optimizer's settings: `lr 0.05, momentum 0.9`.
fn settings(worked: &Worked) -> String {
    let plain = |setting: &Setting| match setting {
        Setting::Number(number) => label(*number),
        other => other.to_string(),
    };
    worked.settings.iter().map(|(name, setting)| format!("{name} {}", plain(setting))).collect::<Vec<_>>().join(", ")
}

/// The lines about a step, the most important first; `made_of` is what its equation is about beside these.
fn lines(worked: &Worked, made_of: Vec<Line>, check: Option<&Finding>, room: u16) -> Vec<Line> {
    let gradient = if worked.sampled { "of this step's batch" } else { "" };
    let natural = worked.natural.map_or("–".to_owned(), vector);
    let mut lines =
        vec![line("x", vector(worked.x), worked.axes.join(", ")), line("∇L", vector(worked.gradient), gradient)];
    lines.extend(matrix(&worked.fisher, room));
    lines.push(line("F⁻¹∇L", natural, if worked.natural.is_some() { "" } else { "F is singular" }));
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
    let worked = Worked::of(&show.world, &show.race, show.chosen, show.timeline.step());
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
    for (i, with) in wrap(&settings(&worked), free.saturating_sub(6)).iter().enumerate() {
        rows.push(vec![dim(1, if i == 0 { "with" } else { "" }), text(6, with)]);
    }
    let mut made_of: Vec<Line> = candidates(show, worked.step).into_iter().collect();
    made_of.extend(memo.of(show, worked.step + 1).into_iter().filter_map(|(symbol, values)| match values[..] {
        [a, b] => Some(line(symbol, vector(Vec2::new(a, b)), "")),
        _ => None,
    }));
    let most = room.columns - NAMES - 3;
    rows.extend(lines(&worked, made_of, show.check(), most).iter().map(|line| row(line, room.columns)));
    rows.truncate(usize::from(room.rows));
    PaneFigure { table: Some((room.columns, Table { rows })), ..figure }
}

/// An equation in as few lines as hold it, broken between its parts if possible.
fn equation(equation: &str, room: u16) -> Vec<String> {
    if width(equation) <= room {
        return vec![equation.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for part in equation.split(";  ") {
        match lines.last_mut() {
            Some(line) if width(line) + 3 + width(part) <= room => *line = format!("{line};  {part}"),
            _ => lines.extend(wrap(part, room)),
        }
    }
    lines
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
