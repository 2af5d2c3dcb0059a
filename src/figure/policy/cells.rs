//! Details of states beside a map: the actions of one, where there is most left to learn, and which states each racer visits
//! most.

use super::bars::{action, bar, of_state};
use super::{Memo, Met};
use crate::app::Show;
use crate::figure::standing::{shown, subject};
use crate::figure::words::{Line, bold, chosen, dim, label, text};
use crate::format;
use crate::plot::mark::Sign;
use crate::plot::pane::Span;
use crate::plot::text::{clip_middle, width};
use crate::problem::process::{Finite, Grid};

/// The least width of one of two columns, and the gap between them.
const COLUMN: u16 = 34;
const GAP: u16 = 2;
/// The most states whose advantages are listed, and the least rows for that.
const LISTED: usize = 9;
const ROWS: usize = 3;
/// The width of d·π·A with the gap before it, the digits it is written with, and below what it is written with a power of
/// ten.
const NUMBER: u16 = 10;
const DIGITS: usize = 5;
const SMALL: f64 = 1e-4;
/// The gap between states that stand in a row.
const APART: u16 = 3;

/// The state whose details are shown: the one chosen by hand, or else that of the pair with the largest d·π·|A|.
pub fn detailed(show: &Show, process: &Finite, met: &Met) -> Option<usize> {
    let states = passing(process);
    let chosen = show.lens.state.filter(|state| states.contains(state));
    let most = |state: &usize| weights(process, met, *state).map(f64::abs).fold(0.0, f64::max);
    chosen.or_else(|| states.into_iter().max_by(|a, b| most(a).total_cmp(&most(b)).then(b.cmp(a))))
}

/// The states in which moves matter.
fn passing(process: &Finite) -> Vec<usize> {
    let cells = process.grid.iter().flat_map(Grid::states).enumerate();
    cells.filter(|(_, (_, cell))| !cell.ends()).map(|(state, _)| state).collect()
}

/// d·π·A of a state's actions, which add up to 0.
fn weights<'a>(process: &'a Finite, met: &'a Met, state: usize) -> impl Iterator<Item = f64> + 'a {
    let share = met.portrait.state_distribution.as_ref().map_or(0.0, |visits| visits[state]);
    let advantages = met.portrait.advantage.iter().flat_map(move |rows| &rows[state]);
    advantages.enumerate().map(move |(at, a)| share * met.policy[process.pair(state, at)] * a)
}

/// The rows in an area of so many columns and rows, most important first.
pub fn rest(show: &Show, process: &Finite, memo: &mut Memo, (columns, rows): (u16, u16)) -> Vec<Line> {
    let Some(met) = memo.of(show, subject(show)) else { return Vec::new() };
    let Some(state) = detailed(show, process, met) else { return Vec::new() };
    let rows = usize::from(rows);
    let visited = 1 + shown(show).count();
    let two = columns >= 2 * COLUMN + GAP;
    let wide = if two { columns / 2 } else { columns };
    let mut lines = of_state(show, (process, met), state, (wide, "State ", true));
    // A blank row between two tables where there is one to spare.
    let free = rows.saturating_sub(lines.len());
    if two {
        let right = advantages(show, process, met, (columns - wide - GAP, rows));
        gap(&mut lines, usize::from(free > visited));
        let free = rows.saturating_sub(lines.len());
        lines.extend(visits(show, process, memo, (wide, free)));
        lines.resize_with(lines.len().max(right.len()), Line::new);
        for (line, row) in lines.iter_mut().zip(right) {
            line.extend(row.into_iter().map(|span| Span { column: span.column + wide + GAP, ..span }));
        }
        return lines;
    }
    let both = free >= 2 + ROWS + visited;
    let most = if both { free - 2 - visited } else { free.saturating_sub(1) };
    if most >= ROWS {
        gap(&mut lines, 1);
        lines.extend(advantages(show, process, met, (columns, most)));
    }
    if both {
        gap(&mut lines, 1);
        let free = rows.saturating_sub(lines.len());
        lines.extend(visits(show, process, memo, (columns, free)));
    }
    lines
}

fn gap(lines: &mut Vec<Line>, rows: usize) {
    lines.resize_with(lines.len() + rows, Line::new);
}

/// A heading: a name and, as far as there is room, what it is.
fn heading(name: &str, columns: u16, all: impl IntoIterator<Item = String>) -> Line {
    let from = 1 + width(name) + 1;
    let free = columns.saturating_sub(from);
    let words = all.into_iter().find(|words| width(words) <= free);
    std::iter::once(bold(1, name)).chain(words.map(|words| dim(from, &words))).collect()
}

/// The states in which the gradient has most to gain by making an action likelier, each with that action.
fn advantages(show: &Show, process: &Finite, met: &Met, (columns, rows): (u16, usize)) -> Vec<Line> {
    let whose = &show.world.scenario.racers[subject(show)].label;
    let all =
        [format!("d·π·A, where {whose} still learns"), "d·π·A, where it still learns".to_owned(), "d·π·A".to_owned()];
    let mut lines = vec![heading("Advantage", columns, all)];
    let best = |state: usize| {
        let most = weights(process, met, state).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        most.filter(|(_, gain)| *gain > 0.0).map(|(action, gain)| (gain, state, action))
    };
    let mut gains: Vec<_> = passing(process).into_iter().filter_map(best).collect();
    gains.sort_by(|a, b| b.0.total_cmp(&a.0));
    let widest = |names: &mut dyn Iterator<Item = String>| names.map(|name| width(&name)).max().unwrap_or(0);
    let left = 2 + widest(&mut process.states.iter().map(|name| (*name).to_owned()));
    let moves = widest(&mut (0..process.actions.len()).map(|at| action(process, at)));
    let end = columns - 1;
    let right = end.saturating_sub(NUMBER + moves);
    let most = gains.first().map_or(1.0, |(gain, ..)| *gain);
    for (gain, state, at) in gains.into_iter().take(LISTED.min(rows.saturating_sub(1))) {
        let number = if gain < SMALL { format::value(gain) } else { format!("{gain:.DIGITS$}") };
        lines.push(vec![
            text(1, process.states[state]),
            bar(left, right.saturating_sub(left + 2), gain / most, subject(show)),
            text(right, action(process, at)),
            text(end, format!("+{number}")).right(),
        ]);
    }
    lines
}

/// The states that each racer visits most.
fn visits(show: &Show, process: &Finite, memo: &mut Memo, (columns, rows): (u16, usize)) -> Vec<Line> {
    if rows <= 1 {
        return Vec::new();
    }
    let all = ["d(s), the cells that each racer sees most", "d(s) of each racer", "d(s)"].map(str::to_owned);
    let mut lines = vec![heading("Visits", columns, all)];
    let racers: Vec<usize> = shown(show).collect();
    for racer in super::around(&racers, show.chosen, rows - 1) {
        let mut line = vec![label(1, Sign::Racer(racer), racer)];
        line.extend((racer == show.chosen).then(|| chosen(0, racer)));
        let own = memo.of(show, racer).map(Met::visits).unwrap_or_default();
        let mut order: Vec<usize> = (0..own.len()).collect();
        order.sort_by(|a, b| own[*b].total_cmp(&own[*a]));
        let mut column = 3;
        for state in order {
            let words =
                format!("{} {}", clip_middle(process.states[state], COLUMN), super::bars::probability(own[state]));
            if column + width(&words) >= columns {
                break;
            }
            line.push(text(column, &words));
            column += width(&words) + APART;
        }
        lines.push(line);
    }
    lines
}
