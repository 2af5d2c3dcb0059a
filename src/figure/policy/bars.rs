//! Probabilities as bars: a column an action and a row a racer, with the visits of the states below, or, where there are too
//! many actions, those of the chosen racer, a row an action.

use std::cmp::Ordering;

use super::{Memo, Met};
use crate::app::Show;
use crate::figure::standing::{shown, subject};
use crate::figure::words::{Line, bold, chosen, dim, label, text, titled};
use crate::format;
use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Table, Words};
use crate::plot::text::{clip_middle, width};
use crate::plot::{PaneFigure, Room};
use crate::problem::process::Finite;

/// The least width of a column of bars.
const COLUMN: u16 = 12;
/// Where columns begin, after the mark of the chosen racer, its number and its glyph.
const LEFT: u16 = 5;
/// The width of a probability with the gap before it, and the gap between columns.
const NUMBER: u16 = 6;
const GAP: u16 = 2;
/// The most columns for names, and the width of what stands behind a probability.
const NAMES: u16 = 14;
const DETAIL: u16 = 11;
/// Below this width nothing stands behind probabilities.
const DETAILED: u16 = 34;

/// Where bars end instead of at 1 if all probabilities are at most that: those of many arms would all look alike.
const ENDS: [f64; 3] = [0.05, 0.1, 0.2];
/// How many decades of visits a bar shows.
const DECADES: i32 = 6;

/// How much room bars need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bars {
    pairs: u16,
    /// Whether there is more than one state.
    states: bool,
    /// The rows of all probabilities, one below the other.
    listed: u16,
}

impl Bars {
    /// Of the policies in a process.
    #[must_use]
    pub fn of(process: &Finite) -> Self {
        let headings = if process.bandit { 0 } else { process.states.len() };
        let count = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        let states = process.states.len() > 1;
        Self { pairs: count(process.pairs()), states, listed: count(process.pairs() + headings) }
    }

    /// Whether each has a column in so many columns of text.
    const fn beside(self, columns: u16) -> bool {
        self.pairs <= columns.saturating_sub(LEFT) / COLUMN
    }

    /// The rows of so many racers in so many columns of text.
    #[must_use]
    pub const fn rows(self, racers: u16, columns: u16) -> u16 {
        let tables = if self.states { 2 } else { 1 };
        if self.beside(columns) { racers.saturating_add(1).saturating_mul(tables) } else { self.listed }
    }
}

/// A probability in five characters.
#[must_use]
pub fn probability(p: f64) -> String {
    if p < 0.0005 { "0".to_owned() } else { format!("{p:.3}") }
}

/// An action's name, with an arrow where it is a move on a map.
pub fn action(process: &Finite, at: usize) -> String {
    let arrow = process.grid.as_ref().and_then(|_| super::tile::ARROWS.get(at));
    arrow.map_or_else(|| process.actions[at].to_owned(), |arrow| format!("{arrow} {}", process.actions[at]))
}

/// A bar of a racer in `wide` columns.
pub fn bar(column: u16, wide: u16, p: f64, racer: usize) -> Span {
    Span { column, right: false, most: wide, text: Words::Bar(p), ink: Ink::Past(racer), bold: false }
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, process: &Finite, room: Room, memo: &mut Memo, blank: PaneFigure) -> PaneFigure {
    if Bars::of(process).beside(room.columns) && room.rows > 1 {
        return columns(show, process, room, memo, blank);
    }
    let Some(met) = memo.of(show, subject(show)) else { return blank };
    let whose = super::whose(show);
    let most = met.policy.iter().copied().fold(0.0, f64::max);
    let full = ENDS.into_iter().find(|end| process.bandit && most <= *end).unwrap_or(1.0);
    let (short, long) = match process.bandit {
        true if full < 1.0 => {
            let scaled = format!("π(arm) to {}", format::label(full));
            (scaled.clone(), scaled)
        }
        true => ("π(arm)".to_owned(), "π(arm)".to_owned()),
        false => ("π(a|s)".to_owned(), "π(a|s), the states most visited".to_owned()),
    };
    let all = [format!("{long}: {whose}"), format!("{short}: {whose}"), short];
    let detail = titled(&blank.name, room.columns, all);
    let rows = if process.bandit { arms(show, process, (met, full), room) } else { states(show, process, met, room) };
    PaneFigure { detail, table: Some((room.columns, Table { rows })), ..blank }
}

/// A column a pair, a row a racer.
fn columns(show: &Show, process: &Finite, room: Room, memo: &mut Memo, blank: PaneFigure) -> PaneFigure {
    let pairs = process.pairs();
    let wide = room.columns.saturating_sub(LEFT) / u16::try_from(pairs).unwrap_or(u16::MAX).max(1);
    let start = |pair: usize| LEFT + wide * u16::try_from(pair).unwrap_or(0);
    let mut heading = Line::new();
    for pair in 0..pairs {
        let (state, act) = (pair / process.actions.len(), pair % process.actions.len());
        let pays = format!("pays {}", format::label(process.rewards[pair]));
        let name = if process.bandit {
            process.actions[act].to_owned()
        } else {
            format!("{}|{}", process.actions[act], process.states[state])
        };
        let end = start(pair) + wide - GAP;
        let paid = width(&name) + 1 + width(&pays) <= wide - GAP;
        heading.push(dim(start(pair), clip_middle(&name, wide - GAP)));
        heading.extend(paid.then(|| dim(end, &pays).right()));
    }
    let mut lines = vec![heading];
    let racers: Vec<usize> = shown(show).collect();
    for racer in super::around(&racers, show.chosen, usize::from(room.rows - 1)) {
        let mut line = named(show, racer);
        for (pair, p) in super::policy(show, racer).unwrap_or_default().into_iter().enumerate() {
            line.extend(filled((start(pair), wide), (p, probability(p)), racer));
        }
        lines.push(line);
    }
    let (bandit, free) = (process.bandit, usize::from(room.rows).saturating_sub(lines.len()));
    if !bandit && free > racers.len() {
        lines.extend(visits(show, process, memo, (wide * u16::try_from(process.actions.len()).unwrap_or(0), &racers)));
    }
    let detail = if bandit { "π(arm)" } else { "π(a|s)" }.to_owned();
    PaneFigure { detail, table: Some((room.columns, Table { rows: lines })), ..blank }
}

/// The visits of all states, each under its actions, a row a racer.
fn visits(show: &Show, process: &Finite, memo: &mut Memo, (wide, racers): (u16, &[usize])) -> Vec<Line> {
    let start = |state: usize| LEFT + wide * u16::try_from(state).unwrap_or(0);
    let scale = format!("log, from {}", format::label(10_f64.powi(-DECADES)));
    let mut heading = Line::new();
    for (state, name) in process.states.iter().enumerate() {
        let name = clip_middle(&format!("visits {name}"), wide - GAP);
        let fits = width(&name) + 1 + width(&scale) <= wide - GAP;
        heading.push(dim(start(state), &name));
        heading.extend(fits.then(|| dim(start(state) + wide - GAP, &scale).right()));
    }
    let mut lines = vec![heading];
    for racer in racers {
        let mut line = named(show, *racer);
        for (state, share) in memo.of(show, *racer).map(Met::visits).unwrap_or_default().into_iter().enumerate() {
            let log = 1.0 + share.log10() / f64::from(DECADES);
            line.extend(filled((start(state), wide), (log.max(0.0), format::value(share)), *racer));
        }
        lines.push(line);
    }
    lines
}

/// The beginning of a racer's row.
fn named(show: &Show, racer: usize) -> Line {
    let number = (racer + 1).to_string();
    let mut line = vec![dim(2, &number).right(), label(3, Sign::Racer(racer), racer)];
    line.extend((racer == show.chosen).then(|| chosen(0, racer)));
    line
}

/// A bar with its number in so many columns, with a mark where a full one would end.
fn filled((from, wide): (u16, u16), (share, number): (f64, String), racer: usize) -> [Span; 3] {
    let long = wide - GAP - NUMBER.max(width(&number) + 1) - 1;
    let end = dim(from + long, "·").ink(Ink::Role(Role::Faint));
    [end, bar(from, long, share, racer), text(from + wide - GAP, &number).right()]
}

/// A row an action: name, bar, and what stands behind it; of the probability the number and the share of the bar.
fn row(show: &Show, columns: u16, names: u16, (name, (p, share), behind): (&str, (f64, f64), Option<String>)) -> Line {
    let detail = if columns < DETAILED { 0 } else { DETAIL };
    let end = columns.saturating_sub(detail + 1);
    let long = end.saturating_sub(names + 2 + NUMBER);
    let mut line = vec![text(1, clip_middle(name, names)), bar(names + 2, long, share, subject(show))];
    line.push(text(end, probability(p)).right());
    line.extend(behind.filter(|_| detail > 0).map(|words| dim(columns - 1, &words).right()));
    line
}

/// The arms of a bandit with bars up to a probability: all, or the likeliest.
fn arms(show: &Show, process: &Finite, (met, full): (&Met, f64), room: Room) -> Vec<Line> {
    let names = process.actions.iter().map(|name| width(name)).max().unwrap_or(0).min(NAMES);
    let mut order: Vec<usize> = (0..process.actions.len()).collect();
    let rows = usize::from(room.rows);
    let all = order.len() <= rows;
    if !all {
        order.sort_by(|a, b| met.policy[*b].partial_cmp(&met.policy[*a]).unwrap_or(Ordering::Equal));
        order.truncate(rows.saturating_sub(1));
    }
    let pays = |arm: usize| Some(format!("pays {}", format::label(process.rewards[arm])));
    let own = |arm: &usize| {
        let bar = (met.policy[*arm], met.policy[*arm] / full);
        row(show, room.columns, names, (process.actions[*arm], bar, pays(*arm)))
    };
    let mut lines: Vec<Line> = order.iter().map(own).collect();
    if !all {
        let seen: f64 = order.iter().map(|arm| met.policy[*arm]).sum();
        let rest = process.actions.len() - order.len();
        lines.push(vec![dim(1, format!("{rest} less likely ones: {}", probability((1.0 - seen).max(0.0))))]);
    }
    lines
}

/// The states that the policy visits most, each with all of its actions.
fn states(show: &Show, process: &Finite, met: &Met, room: Room) -> Vec<Line> {
    let visits = met.visits();
    let mut order: Vec<usize> = (0..process.states.len()).collect();
    order.sort_by(|a, b| visits[*b].partial_cmp(&visits[*a]).unwrap_or(Ordering::Equal));
    // A state is shown whole or not at all, but for the first.
    let whole = usize::from(room.rows) / (1 + process.actions.len());
    let mut lines = Vec::new();
    for state in order.into_iter().take(whole.max(1)) {
        lines.extend(of_state(show, (process, met), state, (room.columns, "", lines.is_empty())));
    }
    lines.truncate(room.rows.into());
    lines
}

/// A state's actions with probabilities and advantages under a heading: something before its name, and whether to say what
/// the numbers are.
pub fn of_state(
    show: &Show,
    (process, met): (&Finite, &Met),
    state: usize,
    (columns, before, headed): (u16, &str, bool),
) -> Vec<Line> {
    let actions = process.actions.len();
    let names = (0..actions).map(|at| width(&action(process, at))).max().unwrap_or(0).min(NAMES);
    let visits = met.visits()[state];
    let value = met.portrait.value.as_ref().map_or(String::new(), |values| format!("  V {:.4}", values[state]));
    let name = format!("{before}{}", process.states[state]);
    let after = width(&name) + 3;
    let free = columns.saturating_sub(after);
    let worded = [format!("visits d(s) {visits:.4}{value}"), format!("d {visits:.4}{value}"), format!("d {visits:.3}")];
    let worded = worded.map(|words| words.replace('-', "−"));
    let over = "advantage";
    // The longest words that leave room for what stands over the advantages, or else that fit.
    let with = worded.iter().find(|words| headed && columns >= DETAILED && width(words) + 2 + width(over) < free);
    let words = with.or_else(|| worded.iter().find(|words| width(words) <= free));
    let mut heading = vec![bold(1, &name)];
    heading.extend(words.map(|words| dim(after, words)));
    heading.extend(with.map(|_| dim(columns - 1, over).right()));
    let mut lines = vec![heading];
    for at in 0..actions {
        let advantage = met.portrait.advantage.as_ref().map(|rows| rows[state][at]).map(signed);
        let p = met.policy[process.pair(state, at)];
        let own = (&*action(process, at), (p, p), advantage);
        lines.push(row(show, columns, names, own));
    }
    lines
}

/// A number with its sign.
fn signed(value: f64) -> String {
    if value.abs() < 5e-5 { "0".to_owned() } else { format!("{value:+.4}").replace('-', "−") }
}
