//! A grid world: a map of tiles, as large as the pane has room for.

use super::tile::{BANDS, NONE, State, back, draw};
use super::{Memo, Met, cells};
use crate::app::Show;
use crate::figure::standing::subject;
use crate::figure::words::{Line, titled};
use crate::plot::pane::{Span, Table, Words};
use crate::plot::text::width;
use crate::plot::{PaneFigure, Room};
use crate::problem::process::{Cell, Finite, Grid};

/// The rows of the largest tile: more would lengthen rays and tell nothing else.
const TALLEST: u16 = 9;
/// The columns of the largest tile of a single row.
const LONGEST: u16 = 5;
/// The rows of a tile in which everything is readable: beyond those, details of states come before larger tiles.
const READABLE: u16 = 5;
/// The decimals of values, as far as there is room for those of all tiles.
const DIGITS: [usize; 2] = [2, 1];
/// The columns and rows that this would like to have, and the least with which it stands there.
const WANTED: [u16; 2] = [42, 10];
const LEAST: [u16; 2] = [34, 5];
/// What is free between it and the map.
const GAP: [u16; 2] = [2, 1];

/// The size of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Map {
    across: u16,
    down: u16,
}

impl Map {
    /// Of a grid.
    #[must_use]
    pub fn of(grid: &Grid) -> Self {
        let count = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        Self { across: count(grid.width), down: count(grid.cells.len() / grid.width.max(1)) }
    }

    /// The largest tiles with which it fits into so many columns and rows; `None` if none do.
    const fn tile(self, columns: u16, rows: u16) -> Option<[u16; 2]> {
        if self.across == 0 || self.down == 0 {
            return None;
        }
        tile(columns / self.across, rows / self.down)
    }

    /// How it stands in so many columns and rows; `None` if it does not fit.
    fn plan(self, columns: u16, rows: u16) -> Option<Plan> {
        let whole = self.tile(columns, rows)?;
        let less = |i: usize| WANTED[i] + GAP[i];
        let beside = self.tile(columns.saturating_sub(less(0)), rows);
        let below = self.tile(columns, rows.saturating_sub(less(1)));
        // Room is taken from tiles only as long as they stay readable.
        let shared = [beside, below]
            .into_iter()
            .flatten()
            .max_by_key(|[wide, tall]| (*tall, *wide))
            .filter(|[_, tall]| *tall >= READABLE);
        let tile = shared.unwrap_or(whole);
        let used = [self.across * tile[0], self.down * tile[1]];
        let [right, under] = [columns - used[0], rows - used[1]];
        let beside = Rest { left: used[0] + GAP[0], top: 0, columns: right.saturating_sub(GAP[0]), rows };
        // The blank row is what goes first.
        let gap = GAP[1].min(under.saturating_sub(LEAST[1]));
        let below = Rest { left: 0, top: used[1] + gap, columns, rows: under - gap };
        let rest = [beside, below].into_iter().filter(|rest| rest.columns >= LEAST[0] && rest.rows >= LEAST[1]);
        Some(Plan { tile, rest: rest.max_by_key(|rest| u32::from(rest.columns) * u32::from(rest.rows)) })
    }

    /// The columns that it would like to have, with readable tiles.
    #[must_use]
    pub const fn columns(self) -> u16 {
        self.across.saturating_mul(READABLE * 2 + 1)
    }

    /// How many of the rows it uses in so many columns, details of states included.
    #[must_use]
    pub fn rows(self, columns: u16, rows: u16) -> u16 {
        self.plan(columns, rows).map_or(rows, |plan| {
            let detailed = plan.rest.map_or(0, |rest| rest.top + rest.rows.min(WANTED[1]));
            detailed.max(self.down * plan.tile[1])
        })
    }
}

/// A map in a pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    /// The columns and rows of a tile.
    tile: [u16; 2],
    /// Where details of states stand, if there is room.
    rest: Option<Rest>,
}

/// What a map leaves of its pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rest {
    left: u16,
    top: u16,
    columns: u16,
    rows: u16,
}

/// The largest tile of at most so many columns and rows that looks like a square: a row is as tall as two columns are
/// wide, and half as much more or less does not show. A single row may be longer, for there is nothing in it to be distorted.
const fn tile(columns: u16, rows: u16) -> Option<[u16; 2]> {
    let mut tall = if rows < TALLEST { rows } else { TALLEST };
    while tall > 0 && 2 * tall - 1 > columns {
        tall -= 1;
    }
    let most = if tall == 1 { LONGEST } else { 2 * tall + tall / 2 + 1 };
    if tall == 0 { None } else { Some([if columns < most { columns } else { most }, tall]) }
}

/// The pane; `None` where the map does not fit.
#[must_use]
pub fn pane(
    show: &Show,
    (process, grid): (&Finite, &Grid),
    room: Room,
    memo: &mut Memo,
    blank: &PaneFigure,
) -> Option<PaneFigure> {
    let map = Map::of(grid);
    let plan = map.plan(room.columns, room.rows)?;
    let rest = plan.rest.map(|rest| (rest, cells::rest(show, process, memo, (rest.columns, rest.rows))));
    let met = memo.of(show, subject(show))?;
    let detailed = plan.rest.and_then(|_| cells::detailed(show, process, met));
    let states = drawn(show, met, (process, grid), (detailed, plan.tile[0]));
    let mut lines = vec![Line::new(); usize::from(map.down * plan.tile[1])];
    tiles(&mut lines, grid, plan.tile, &states);
    if let Some((rest, rows)) = rest {
        lines.resize_with(lines.len().max(usize::from(rest.top) + rows.len()), Line::new);
        for (line, row) in lines[usize::from(rest.top)..].iter_mut().zip(rows) {
            line.extend(row.into_iter().map(|span| Span { column: span.column + rest.left, ..span }));
        }
    }
    let detail = title(show, plan.tile, &states, (&blank.name, room));
    Some(PaneFigure { detail, table: Some((room.columns, Table { rows: lines })), ..blank.clone() })
}

/// Where the states of a show's map stand in its pane, as column, row, width and height, if the pane shows details of one.
#[must_use]
pub fn places(show: &Show, room: Room) -> Vec<([u16; 4], usize)> {
    let process = show.world.scenario.process();
    let Some(grid) = process.and_then(|process| process.grid.as_ref()) else { return Vec::new() };
    let Some(plan) = Map::of(grid).plan(room.columns, room.rows).filter(|plan| plan.rest.is_some()) else {
        return Vec::new();
    };
    let [wide, tall] = plan.tile;
    let passing = grid.states().enumerate().filter(|(_, (_, cell))| !cell.ends());
    let place = |(state, (at, _)): (usize, (usize, Cell))| {
        let [column, row] = [at % grid.width, at / grid.width].map(|at| u16::try_from(at).unwrap_or(0));
        ([column * wide, row * tall, wide, tall], state)
    };
    passing.map(place).collect()
}

/// What the pane's title says.
fn title(show: &Show, [_, tall]: [u16; 2], states: &[State<'_>], (name, room): (&str, Room)) -> String {
    let label = super::whose(show);
    let filled = if room.fills { "value filled, " } else { "" };
    let said = format!("{filled}{}", if tall > 2 { "arrows π, bars log visits" } else { "the likeliest move" });
    let tied = tall <= 2 && states.iter().any(|state| !state.cell.ends() && state.likeliest().is_none());
    let tied =
        tied.then(|| [format!("{label}: {said}, {NONE} where none is"), format!("{label}: {NONE} none likeliest")]);
    let short = room.fills.then(|| format!("{label}: value filled"));
    let all = [Some(format!("{label}: {said}")), short, Some(label)].into_iter().flatten();
    titled(name, room.columns, tied.into_iter().flatten().chain(all))
}

/// A value with so many decimals, and how wide that is.
fn number(value: f64, digits: usize) -> (String, u16) {
    let words = format!("{value:.digits$}");
    let zero = !words.contains(|c| ('1'..='9').contains(&c));
    let words = words.replace('-', if zero { "" } else { "−" });
    let wide = width(&words);
    (words, wide)
}

/// The states of a map as they are drawn, in order, on tiles of so many columns.
fn drawn<'a>(
    show: &Show,
    met: &'a Met,
    (process, grid): (&Finite, &Grid),
    (detailed, wide): (Option<usize>, u16),
) -> Vec<State<'a>> {
    let count = process.states.len();
    let values = met.portrait.value.clone().unwrap_or_else(|| vec![f64::NAN; count]);
    let visits = met.visits();
    let own: Vec<Cell> = grid.states().map(|(_, cell)| cell).collect();
    let passing = |state: &usize| !own[*state].ends() && values[*state].is_finite();
    let [low, high] = (0..count)
        .filter(passing)
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], s| [low.min(values[s]), high.max(values[s])]);
    let most = visits.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let written: Vec<f64> = (0..count).filter(passing).map(|state| values[state]).collect();
    let digits = DIGITS.into_iter().find(|digits| written.iter().all(|value| number(*value, *digits).1 < wide));
    let of = |(state, policy): (usize, &'a [f64])| {
        let share: f64 = if high > low { (high - values[state]) / (high - low) } else { 0.0 };
        State {
            cell: own[state],
            policy,
            value: digits.map(|digits| number(values[state], digits).0),
            visits: visits[state] / most,
            band: ((share * BANDS as f64) as usize).min(BANDS - 1),
            racer: subject(show),
            detailed: detailed == Some(state),
        }
    };
    met.policy.chunks_exact(process.actions.len()).enumerate().map(of).collect()
}

/// Draws the tiles of a map from the first row and column on.
fn tiles(lines: &mut [Line], grid: &Grid, [wide, tall]: [u16; 2], states: &[State<'_>]) {
    let mut states = states.iter();
    for (at, cell) in grid.cells.iter().enumerate() {
        let column = wide * u16::try_from(at % grid.width).unwrap_or(0);
        let first = at / grid.width * usize::from(tall);
        let rows = &mut lines[first..first + usize::from(tall)];
        let state = if *cell == Cell::Wall { None } else { states.next() };
        match state {
            None => rows.iter_mut().for_each(|row| row.push(back(column, wide, Words::Hatch))),
            Some(state) => draw(rows, grid.pays, state, (column, wide)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_as_large_as_there_is_room_and_look_square() {
        // Those of the pictures, with more room than they can use, and larger ones.
        let sizes = [[11, 5], [8, 4], [5, 3], [6, 2], [5, 2], [3, 1], [1, 1], [15, 8], [20, 8]];
        assert!(sizes.iter().all(|[wide, tall]| tile(*wide, *tall) == Some([*wide, *tall])));
        assert_eq!((tile(40, 2), tile(40, 1)), (Some([6, 2]), Some([5, 1])));
        assert_eq!(tile(5, 20), Some([5, 3]));
        assert_eq!((tile(0, 4), tile(4, 0)), (None, None));
    }

    #[test]
    fn a_map_leaves_room_for_its_states_while_tiles_are_readable() {
        let map = Map { across: 8, down: 6 };
        let plan = map.plan(88, 41).unwrap();
        assert_eq!((plan.tile, plan.rest), ([11, 5], Some(Rest { left: 0, top: 31, columns: 88, rows: 10 })));
        // Without the blank row where there are just as many as it needs.
        let plan = map.plan(46, 11).unwrap();
        assert_eq!((plan.tile, plan.rest), ([5, 1], Some(Rest { left: 0, top: 6, columns: 46, rows: 5 })));
        // Beside it where that leaves larger tiles.
        let plan = map.plan(158, 41).unwrap();
        assert_eq!((plan.tile, plan.rest), ([14, 6], Some(Rest { left: 114, top: 0, columns: 44, rows: 41 })));
        let plan = Map { across: 16, down: 16 }.plan(94, 41).unwrap();
        assert_eq!((plan.tile, plan.rest.map(|rest| rest.rows)), ([5, 2], Some(8)));
        assert!(map.plan(7, 41).is_none());
        assert_eq!(map.plan(46, 14).unwrap(), Plan { tile: [5, 2], rest: None });
    }
}
