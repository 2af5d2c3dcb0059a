//! A tile of a map: a state with its value as a fill, an arrow as long as each move is likely, and a bar of how often it
//! is visited.

use crate::figure::words::{Line, bold, chosen, dim, text};
use crate::format;
use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Words};
use crate::plot::text::width;
use crate::problem::process::Cell;

/// The moves in the order of a grid world's actions, and where they lead on screen.
pub const ARROWS: [char; 4] = ['↑', '→', '↓', '←'];
const WAYS: [[f64; 2]; 4] = [[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]];
/// What stands for an arrow where no move is likelier than every other.
pub const NONE: char = '·';
/// How far apart probabilities are that count as different: rounding alone makes a uniform policy differ by less.
const APART: f64 = 1e-9;
/// Bands of the fill.
pub const BANDS: usize = 8;
/// Where rays begin, in dots from the middle.
const INNER: f64 = 1.5;
/// How many decades of visits a bar shows.
const DECADES: f64 = 3.0;

/// A state as it is drawn.
pub struct State<'a> {
    /// What is there.
    pub cell: Cell,
    /// π of its moves.
    pub policy: &'a [f64],
    /// V(s) as it is written, if it is.
    pub value: Option<String>,
    /// Its share of the most visits.
    pub visits: f64,
    /// The band of its value.
    pub band: usize,
    /// Whose policy it is.
    pub racer: usize,
    /// Whether it is the state whose details are shown.
    pub detailed: bool,
}

impl State<'_> {
    /// The likeliest move; `None` where another is as likely.
    #[must_use]
    pub fn likeliest(&self) -> Option<usize> {
        let moves = &self.policy[..self.policy.len().min(ARROWS.len())];
        let best = (0..moves.len()).max_by(|a, b| moves[*a].total_cmp(&moves[*b]))?;
        let alone = |at: usize| at == best || moves[at] < moves[best] - APART;
        (0..moves.len()).all(alone).then_some(best)
    }
}

/// What lies behind a tile's row.
pub fn back(column: u16, most: u16, text: Words) -> Span {
    Span { column, right: false, most, text, ink: Ink::Role(Role::Faint), bold: false }
}

/// A tile.
pub fn draw(rows: &mut [Line], pays: [f64; 2], state: &State<'_>, (column, wide): (u16, u16)) {
    // Value and arrows say nothing where moves do not matter.
    let end = state.cell.ends();
    if !end {
        rows.iter_mut().for_each(|row| row.push(back(column, wide, Words::Fill([state.band, BANDS]))));
    }
    if rows.len() == 1 {
        return small(&mut rows[0], state, column + wide / 2);
    }
    let sign = match state.cell {
        Cell::Start => Some((Sign::Start, " start".to_owned())),
        Cell::Goal => Some((Sign::Optimum, paid(pays[0]))),
        Cell::Pit => Some((Sign::Dead(state.racer), paid(pays[1]))),
        Cell::Free | Cell::Wall => None,
    };
    let mut taken = 0;
    if let Some((sign, name)) = sign {
        let ink = Ink::Role(Role::Mark);
        rows[0].push(Span { column, right: false, most: 1, text: Words::Sign(sign), ink, bold: true });
        let named = width(&name) < wide;
        rows[0].extend(named.then(|| bold(column + 1, &name)));
        taken = if named { 2 + width(&name) } else { 2 };
    }
    // A column stays free.
    let fits = state.value.as_ref().filter(|words| !end && taken + width(words) < wide);
    rows[0].extend(fits.map(|words| text(column + wide - 1, words).right().ink(Ink::Role(Role::ContourLabel))));
    let last = rows.len() - 1;
    if state.detailed {
        rows[1..].iter_mut().for_each(|row| row.push(chosen(column, state.racer)));
    }
    if last == 1 {
        if !end {
            small(&mut rows[1], state, column + wide / 2);
        }
        return;
    }
    if !end {
        rays(&mut rows[1..last], state, (column, wide));
    }
    visits(&mut rows[last], state, (column, wide));
}

/// What a cell pays, with its sign.
fn paid(pay: f64) -> String {
    let sign = if pay > 0.0 { "+" } else { "" };
    format!(" {sign}{}", format::label(pay))
}

/// A state in one row.
fn small(row: &mut Line, state: &State<'_>, column: u16) {
    let span = |sign, ink| Span { column, right: false, most: 1, text: Words::Sign(sign), ink, bold: true };
    let ink = Ink::Racer(state.racer);
    row.push(match (state.cell, state.likeliest()) {
        (Cell::Goal, _) => span(Sign::Optimum, Ink::Role(Role::Mark)),
        (Cell::Pit, _) => span(Sign::Dead(state.racer), Ink::Role(Role::Mark)),
        (_, Some(likeliest)) => span(Sign::Char(ARROWS[likeliest], ink), ink),
        (_, None) => span(Sign::Char(NONE, ink), ink),
    });
}

/// A ray for every move, as long as it is likely; that of the likeliest is bright and has a head.
fn rays(rows: &mut [Line], state: &State<'_>, (column, wide): (u16, u16)) {
    let (across, down) = (usize::from(wide), rows.len());
    let middle = [f64::from(wide) - 0.5, 2.0 * down as f64 - 0.5];
    let reach = [f64::from(wide) - 1.5, 2.0 * down as f64 + 0.6];
    let mut masks = vec![(0_u8, false); across * down];
    let cell = |[x, y]: [f64; 2]| {
        let (x, y) = (x.round() as i64, y.round() as i64);
        let inside = x >= 0 && y >= 0 && x < 2 * across as i64 && y < 4 * down as i64;
        inside.then(|| (x as usize / 2 + y as usize / 4 * across, bit(x as usize % 2, y as usize % 4)))
    };
    let best = state.likeliest();
    let mut head = None;
    for (at, way) in WAYS.iter().enumerate().take(state.policy.len()) {
        let p = state.policy[at].clamp(0.0, 1.0);
        let long = p * if way[0] == 0.0 { reach[1] } else { reach[0] };
        let mut from = INNER;
        while from <= long {
            if let Some((place, bit)) = cell([middle[0] + way[0] * from, middle[1] + way[1] * from]) {
                masks[place].0 |= bit;
                masks[place].1 |= Some(at) == best;
                head = if Some(at) == best { Some((place, at)) } else { head };
            }
            from += 1.0;
        }
    }
    // A ray too short for a dot has its head in the middle.
    if let Some(at) = best.filter(|_| head.is_none()) {
        let place = across / 2 + down / 2 * across;
        (masks[place], head) = ((1, true), Some((place, at)));
    }
    for (place, (mask, bright)) in masks.into_iter().enumerate().filter(|(_, (mask, _))| *mask != 0) {
        let ink = if bright { Ink::Racer(state.racer) } else { Ink::Past(state.racer) };
        let ended = head.filter(|(end, _)| *end == place);
        let text = ended.map_or(Words::Dots(mask), |(_, best)| Words::Sign(Sign::Char(ARROWS[best], ink)));
        let at = column + u16::try_from(place % across).unwrap_or(0);
        rows[place / across].push(Span { column: at, right: false, most: 1, text, ink, bold: false });
    }
}

/// The bit of a dot in a braille character.
fn bit(x: usize, y: usize) -> u8 {
    const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
    BITS[x][y]
}

/// A bar by the logarithm of the visits; a dim mark where it would be shorter than a cell.
fn visits(row: &mut Line, state: &State<'_>, (column, wide): (u16, u16)) {
    if state.visits <= 0.0 || wide < 3 {
        return;
    }
    let long = (1.0 + state.visits.log10() / DECADES) * f64::from(wide - 2);
    let cells = long.round().max(0.0) as usize;
    if cells == 0 {
        row.push(dim(column + 1, "▂"));
    }
    // Column by column, so that it is as long where letters are not all as wide.
    let ends = column + 1 + u16::try_from(cells).unwrap_or(0);
    row.extend((column + 1..ends).map(|at| text(at, "▂")));
}
