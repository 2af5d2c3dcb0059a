//! A grid world: a tile a state with its value as a fill, an arrow as long as each move is likely, and a bar of how often
//! it is visited.

use super::Memo;
use crate::app::Show;
use crate::figure::standing::subject;
use crate::figure::words::{Line, bold, dim, text, titled};
use crate::format;
use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Table, Words};
use crate::plot::text::width;
use crate::plot::{PaneFigure, Room};
use crate::problem::process::{Cell, Finite, Grid};

/// The moves in the order of a grid world's actions, and where they lead on screen.
pub const ARROWS: [char; 4] = ['↑', '→', '↓', '←'];
const WAYS: [[f64; 2]; 4] = [[0.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]];
/// The sizes of a tile, columns by rows; without rays and bars from two rows down.
const TILES: [[u16; 2]; 7] = [[11, 5], [8, 4], [5, 3], [6, 2], [5, 2], [3, 1], [1, 1]];
/// Bands of the fill.
const BANDS: usize = 8;
/// Where rays begin, in dots from the middle.
const INNER: f64 = 1.5;
/// How many decades of visits a bar shows.
const DECADES: f64 = 3.0;

/// The columns and rows of a map with the largest tiles.
#[must_use]
pub fn full(grid: &Grid) -> [u16; 2] {
    let cells = [grid.width, grid.cells.len() / grid.width.max(1)];
    [0, 1].map(|i| u16::try_from(cells[i]).unwrap_or(u16::MAX).saturating_mul(TILES[0][i]))
}

/// The largest tiles with which a map fits.
#[must_use]
pub fn tile(grid: &Grid, room: Room) -> Option<[u16; 2]> {
    let columns = u16::try_from(grid.width).ok()?;
    let rows = u16::try_from(grid.cells.len() / grid.width.max(1)).ok()?;
    let fits = |[wide, tall]: &[u16; 2]| {
        columns.saturating_mul(*wide) <= room.columns && rows.saturating_mul(*tall) <= room.rows
    };
    TILES.into_iter().find(fits)
}

/// A state as it is drawn.
struct State<'a> {
    policy: &'a [f64],
    value: f64,
    /// Its share of the most visits.
    visits: f64,
    band: usize,
    racer: usize,
}

impl State<'_> {
    /// The likeliest move.
    fn likeliest(&self) -> usize {
        let better = |best: usize, at: usize| if self.policy[at] > self.policy[best] { at } else { best };
        (1..self.policy.len().min(ARROWS.len())).fold(0, better)
    }
}

/// The pane.
#[must_use]
pub fn pane(
    show: &Show,
    (process, grid, [wide, tall]): (&Finite, &Grid, [u16; 2]),
    room: Room,
    memo: &mut Memo,
    blank: PaneFigure,
) -> PaneFigure {
    let Some(met) = memo.of_one(show) else { return blank };
    let actions = process.actions.len();
    let states = process.states.len();
    let values = met.portrait.value.clone().unwrap_or_else(|| vec![f64::NAN; states]);
    let visits = met.portrait.state_distribution.clone().unwrap_or_else(|| vec![0.0; states]);
    let own: Vec<Cell> = grid.cells.iter().copied().filter(|cell| *cell != Cell::Wall).collect();
    let passing = |state: &usize| !matches!(own[*state], Cell::Goal | Cell::Pit) && values[*state].is_finite();
    let [low, high] = (0..states)
        .filter(passing)
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], s| [low.min(values[s]), high.max(values[s])]);
    let most = visits.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let mut lines = vec![Line::new(); grid.cells.len() / grid.width.max(1) * usize::from(tall)];
    let mut state = 0;
    for (at, cell) in grid.cells.iter().enumerate() {
        let column = wide * u16::try_from(at % grid.width).unwrap_or(0);
        let first = at / grid.width * usize::from(tall);
        let rows = &mut lines[first..first + usize::from(tall)];
        if *cell == Cell::Wall {
            rows.iter_mut().for_each(|row| row.push(back(column, wide, Words::Hatch)));
            continue;
        }
        let value = values[state];
        let share = if high > low { (high - value) / (high - low) } else { 0.0 };
        let drawn = State {
            policy: &met.policy[state * actions..(state + 1) * actions],
            value,
            visits: visits[state] / most,
            band: ((share * BANDS as f64) as usize).min(BANDS - 1),
            racer: subject(show),
        };
        draw(rows, (*cell, grid.pays), &drawn, (column, wide));
        state += 1;
    }
    let racer = &show.world.scenario.racers[subject(show)];
    let label = &racer.label;
    let said = if tall > 2 { "value filled, arrows π, bars log visits" } else { "value filled, the likeliest move" };
    let all = [format!("{label}: {said}"), format!("{label}: value filled"), label.clone()];
    let detail = titled(&blank.name, room.columns, all);
    PaneFigure { detail, table: Some((room.columns, Table { rows: lines })), ..blank }
}

/// What lies behind a tile's row.
fn back(column: u16, most: u16, text: Words) -> Span {
    Span { column, right: false, most, text, ink: Ink::Role(Role::Faint), bold: false }
}

/// A tile.
fn draw(rows: &mut [Line], (cell, pays): (Cell, [f64; 2]), state: &State<'_>, (column, wide): (u16, u16)) {
    // The next move from there leads to a start, whatever is done: its value and its arrows say nothing.
    let end = matches!(cell, Cell::Goal | Cell::Pit);
    if !end {
        rows.iter_mut().for_each(|row| row.push(back(column, wide, Words::Fill([state.band, BANDS]))));
    }
    if rows.len() == 1 {
        return small(&mut rows[0], cell, state, column + wide / 2);
    }
    let sign = match cell {
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
    let words = [2, 1].map(|digits| format!("{:.digits$}", state.value).replace('-', "−"));
    let fits = words.into_iter().find(|words| !end && taken + width(words) < wide);
    // A column stays free where there is one.
    let apart = |words: &str| u16::from(taken + width(words) < wide);
    rows[0].extend(
        fits.map(|words| text(column + wide - apart(&words), &words).right().ink(Ink::Role(Role::ContourLabel))),
    );
    let last = rows.len() - 1;
    if last == 1 {
        if !end {
            small(&mut rows[1], cell, state, column + wide / 2);
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
fn small(row: &mut Line, cell: Cell, state: &State<'_>, column: u16) {
    let span = |sign, ink| Span { column, right: false, most: 1, text: Words::Sign(sign), ink, bold: true };
    let likeliest = state.likeliest();
    row.push(match cell {
        Cell::Goal => span(Sign::Optimum, Ink::Role(Role::Mark)),
        Cell::Pit => span(Sign::Dead(state.racer), Ink::Role(Role::Mark)),
        _ => span(Sign::Char(ARROWS[likeliest], Ink::Racer(state.racer)), Ink::Racer(state.racer)),
    });
}

/// A ray for every move, as long as it is likely; the likeliest is bright and has a head.
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
                masks[place].1 |= at == best;
                head = if at == best { Some(place) } else { head };
            }
            from += 1.0;
        }
    }
    for (place, (mask, bright)) in masks.into_iter().enumerate().filter(|(_, (mask, _))| *mask != 0) {
        let ink = if bright { Ink::Racer(state.racer) } else { Ink::Past(state.racer) };
        let ended = head == Some(place);
        let text = if ended { Words::Sign(Sign::Char(ARROWS[best], ink)) } else { Words::Dots(mask) };
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
    row.push(if cells == 0 { dim(column + 1, "▂") } else { text(column + 1, &"▂".repeat(cells)) });
}
