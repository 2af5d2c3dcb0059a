//! A map of cells on which moves may slip, with goals that pay and pits that cost.

use super::{Cell, Fault, Finite, Grid, Process, ProcessInfo, STATES};
use crate::registry::{Field, Kind, Preset, Range, Settings, Spot, Text, intern};

const MAP: Field = Field::new(
    "map",
    Kind::Text(Text::Prose),
    Preset::Required,
    "rows of cells: `S` start, `G` goal, `X` pit, `#` wall, `.` free",
)
.or(&["grid", "layout", "maze"]);
const SLIP: Field = Field::number(
    "slip",
    0.0,
    Range::between([0.0, 1.0]),
    "the probability that a move goes to a side, each side half",
)
.or(&["noise", "wind"]);
const STEP: Field =
    Field::number("step", 0.0, Range::FINITE, "what every move pays, but for those from a goal or a pit")
        .or(&["living-reward", "cost"]);
const GOAL: Field = Field::number("goal", 1.0, Range::FINITE, "what a move pays in addition that ends in a goal");
const PIT: Field = Field::number("pit", -1.0, Range::FINITE, "what a move pays in addition that ends in a pit");

/// The registry row.
pub const INFO: ProcessInfo = ProcessInfo {
    name: "grid-world",
    synonyms: &["gridworld", "grid", "frozen-lake", "maze"],
    doc: "cells of a map, states r1c1, …; moves up, right, down, left; from a goal or a pit the next move leads to a start",
    fields: &[MAP, SLIP, STEP, GOAL, PIT],
    build,
};

/// Up, right, down, left, as changes of row and column.
const MOVES: [(&str, [isize; 2]); 4] = [("up", [-1, 0]), ("right", [0, 1]), ("down", [1, 0]), ("left", [0, -1])];

fn build(settings: &Settings) -> Result<Process, Fault> {
    let grid = read(&settings.text(&MAP), [GOAL, PIT].map(|field| settings.number(&field)))?;
    let board = Board::new(&grid);
    let starts: Vec<usize> = board.all(Cell::Start);
    let start: Vec<(usize, f64)> = starts.iter().map(|state| (*state, 1.0 / starts.len() as f64)).collect();
    let (step, [goal, pit]) = (settings.number(&STEP), grid.pays);
    let slip = settings.number(&SLIP);
    let (mut transitions, mut rewards) = (Vec::new(), Vec::new());
    for state in 0..board.cells.len() {
        for action in 0..MOVES.len() {
            if board.kind(state).ends() {
                transitions.push(start.clone());
                rewards.push(0.0);
                continue;
            }
            let next = board.moves(state, action, slip);
            let extra = |(to, p): &(usize, f64)| match board.kind(*to) {
                Cell::Goal => p * goal,
                Cell::Pit => p * pit,
                _ => 0.0,
            };
            rewards.push(step + next.iter().map(extra).sum::<f64>());
            transitions.push(next);
        }
    }
    let mut first = vec![0.0; board.cells.len()];
    start.iter().for_each(|(state, p)| first[*state] = *p);
    let name = |at: &usize| intern(&format!("r{}c{}", at / grid.width + 1, at % grid.width + 1));
    Ok(Process::Finite(Finite {
        states: board.cells.iter().map(name).collect(),
        actions: MOVES.iter().map(|(name, _)| *name).collect(),
        transitions,
        rewards,
        start: first,
        noise: 0.0,
        bandit: false,
        grid: Some(grid),
    }))
}

/// The cells of a map. Blank lines at both ends do not count.
fn read(map: &str, pays: [f64; 2]) -> Result<Grid, Fault> {
    let fault = |message: String, help: &str| Fault::of(MAP.name, message, help);
    let mut at = 0;
    let lines = map.split('\n').map(|line| {
        let from = at;
        at += line.len() + 1;
        (from, line.strip_suffix('\r').unwrap_or(line))
    });
    let lines: Vec<(usize, &str)> = lines.collect();
    let filled = |line: &(usize, &str)| !line.1.trim().is_empty();
    let (first, last) = (lines.iter().position(filled), lines.iter().rposition(filled));
    let (Some(first), Some(last)) = (first, last) else {
        return Err(fault("`map` has no cells".to_owned(), "help: write rows of S, G, X, # and ."));
    };
    let width = lines[first].1.chars().count();
    let mut cells = Vec::new();
    for (row, (from, line)) in lines[first..=last].iter().enumerate() {
        let spot = || Spot::Part(*from..from + line.len());
        for (place, letter) in line.char_indices() {
            let cell = match letter {
                'S' => Cell::Start,
                'G' => Cell::Goal,
                'X' => Cell::Pit,
                '#' => Cell::Wall,
                '.' => Cell::Free,
                _ => {
                    let spot = Spot::Part(from + place..from + place + letter.len_utf8());
                    let help = "expected S (start), G (goal), X (pit), # (wall) or . (free)";
                    return Err(fault(format!("`map` has an unknown cell `{letter}`"), help).at(spot));
                }
            };
            cells.push(cell);
        }
        let long = cells.len() - row * width;
        if long != width {
            let message = format!("row {} of `map` has {long} cells, the first has {width}", row + 1);
            return Err(fault(message, "help: make all rows equally long; `#` is a cell that is no state").at(spot()));
        }
    }
    let states = cells.iter().filter(|cell| **cell != Cell::Wall).count();
    if states > STATES {
        return Err(fault(
            format!("`map` has {states} cells without a wall, more than {STATES}"),
            "help: make it smaller",
        ));
    }
    if !cells.contains(&Cell::Start) {
        return Err(fault("`map` has no start `S`".to_owned(), "help: write S in a cell"));
    }
    Ok(Grid { width, cells, pays })
}

/// A map with the numbers of its states.
struct Board<'a> {
    grid: &'a Grid,
    /// The place of every state on the map.
    cells: Vec<usize>,
    /// The state at every place.
    states: Vec<Option<usize>>,
}

impl<'a> Board<'a> {
    fn new(grid: &'a Grid) -> Self {
        let cells: Vec<usize> = (0..grid.cells.len()).filter(|at| grid.cells[*at] != Cell::Wall).collect();
        let mut states = vec![None; grid.cells.len()];
        cells.iter().enumerate().for_each(|(state, at)| states[*at] = Some(state));
        Self { grid, cells, states }
    }

    fn kind(&self, state: usize) -> Cell {
        self.grid.cells[self.cells[state]]
    }

    fn all(&self, kind: Cell) -> Vec<usize> {
        (0..self.cells.len()).filter(|state| self.kind(*state) == kind).collect()
    }

    /// Where a move without a slip leads.
    fn step(&self, state: usize, action: usize) -> usize {
        let (at, width) = (self.cells[state], self.grid.width);
        let [down, right] = MOVES[action].1;
        let row = (at / width).checked_add_signed(down);
        let column = (at % width).checked_add_signed(right).filter(|column| *column < width);
        let to = row.zip(column).and_then(|(row, column)| *self.states.get(row * width + column)?);
        to.unwrap_or(state)
    }

    /// The states after a move, each once.
    fn moves(&self, state: usize, action: usize, slip: f64) -> Vec<(usize, f64)> {
        let mut next: Vec<(usize, f64)> = Vec::new();
        for (turn, p) in [(0, 1.0 - slip), (1, 0.5 * slip), (3, 0.5 * slip)] {
            let to = self.step(state, (action + turn) % MOVES.len());
            match next.iter_mut().find(|(known, _)| *known == to) {
                Some(slot) => slot.1 += p,
                None => next.push((to, p)),
            }
        }
        next.retain(|(_, p)| *p > 0.0);
        next
    }
}
