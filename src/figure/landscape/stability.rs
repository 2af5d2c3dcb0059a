//! Where a linear controller ends: the border of stability as a line, what lies beyond as a hatch with its name, and where
//! to go for the best one.

use crate::app::Seen;
use crate::format;
use crate::plot::mark::{Ink, Label, Line, Mark, Place, Role, Sign};
use crate::plot::text::width;
use crate::plot::{Field, Frame};
use crate::problem::process::{LinearQuadratic, Process};
use crate::scenario::Model;

/// How far beyond the border the picture goes, as a share of the stable gains.
const BEYOND: f64 = 0.3;
/// The names of what lies beyond, one below the other.
const NAMES: [&str; 2] = ["outside", "|a−b·gain| ≥ 1"];
/// In how many columns from the edges a name is tried.
const TRIED: usize = 40;

/// The system, if the picture is one of its controllers.
#[must_use]
pub fn system<'a>(show: &'a Seen<'_>) -> Option<&'a LinearQuadratic> {
    let Model::Policy(_, agent) = &show.world.scenario.model else { return None };
    if let Process::LinearQuadratic(system) = &*agent.process { Some(system) } else { None }
}

/// The gains in view: all that are stable, and what lies beside them.
#[must_use]
pub fn gains(show: &Seen<'_>) -> Option<[f64; 2]> {
    let [low, high] = system(show)?.stable()?;
    let beyond = BEYOND * (high - low);
    Some([low - beyond, high + beyond])
}

/// Hatches what has no value: where column and row sum to a multiple of three, in cells without any.
#[must_use]
pub fn hatch(field: &Field, frame: &Frame, finer: usize) -> Vec<Mark> {
    let slash = Sign::Char('/', Ink::Role(Role::Faint));
    let mut marks = Vec::new();
    for row in 0..frame.rows {
        for column in (0..frame.columns).filter(|column| (column + row) % 3 == 0) {
            let outside =
                (0..finer).all(|k| field.cell(column * finer + k, row * finer + k).iter().all(|v| v.is_nan()));
            if outside {
                marks.push(Mark::Sign(frame.data(column as f64 + 0.5, row as f64 + 0.5), slash));
            }
        }
    }
    marks
}

/// The borders of stability that are in view.
#[must_use]
pub fn borders(show: &Seen<'_>, frame: &Frame) -> Vec<Mark> {
    let ends = system(show).and_then(LinearQuadratic::stable);
    let seen = ends.into_iter().flatten().filter(|gain| frame.column(*gain).is_some());
    seen.map(|gain| Mark::Line(Line::thin(vec![[gain, frame.y[0]], [gain, frame.y[1]]], Ink::Role(Role::Text))))
        .collect()
}

/// The names of what lies beyond, and where the best controller is, which has no noise and so is no policy.
#[must_use]
pub fn names(show: &Seen<'_>, frame: &Frame) -> Vec<Mark> {
    let Some(system) = system(show) else { return Vec::new() };
    let middle = |column: usize, row: usize| frame.data(column as f64 + 0.5, row as f64 + 0.5);
    let mut marks = Vec::new();
    let [low, high] = system.stable().unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    let row = frame.rows * 4 / 5;
    for (by, name) in NAMES.iter().enumerate() {
        let long = usize::from(width(name));
        let clear = |column: &usize| {
            let from = middle(column.saturating_sub(long / 2 + 1), row)[0];
            let to = middle(column + long / 2 + 2, row)[0];
            to < low || from > high
        };
        let right = (1..TRIED).filter_map(|k| frame.columns.checked_sub(k + long / 2 + 1));
        let anchors = right.chain((1..TRIED).map(|k| k + long / 2 + 1)).filter(clear);
        let anchors = anchors.map(|column| middle(column, (row + by).min(frame.rows.saturating_sub(1)))).collect();
        let text = (*name).to_owned();
        marks.push(Mark::Label(Label { text, anchors, place: Place::On, ink: Ink::Role(Role::Text) }));
    }
    let gain = system.best_gain();
    if let Some(column) = frame.column(gain) {
        // The arrow points where it is; its name stands beside it, where paths leave room.
        let at = middle(column, frame.rows.saturating_sub(1));
        marks.push(Mark::Sign(at, Sign::Char('↓', Ink::Role(Role::Mark))));
        let text = format!("best: gain {}, sd 0", format::rounded(gain, 3));
        marks.push(Mark::Label(Label { text, anchors: vec![at], place: Place::Around, ink: Ink::Role(Role::Text) }));
    }
    marks
}
