//! The fan of rays: where each ends, and where the racers' glyphs stand so that none hides another.
//!
//! A glyph belongs to its ray and never moves sideways off it: rays that end in about the same place share one run of
//! glyphs, and a run that would touch another moves further out.

use super::steps::Around;
use crate::figure::values::trace;
use crate::plot::{Dots, Frame};

/// A cell of the picture.
pub type Cell = (usize, usize);

/// How far beyond the outermost shape a ray ends.
const BEYOND: f64 = 1.02;
/// Two ends in one run are this close: columns, rows, and degrees between their rays.
const CLOSE: [f64; 2] = [2.0, 1.0];
const DEGREES: f64 = 8.0;
/// The dots of a cell across and down.
const CELL: [f64; 2] = [2.0, 4.0];
/// The dots of a step outward, how many steps a run is beyond its rays' ends, and how many it may be.
const STEP: f64 = 2.0;
const FIRST: usize = 2;
const LAST: usize = 14;
/// Columns between two runs in one row.
const APART: usize = 1;

/// A ray in dots.
#[derive(Debug, Clone, Copy)]
struct Ray {
    racer: usize,
    end: [f64; 2],
    /// Its unit direction.
    way: [f64; 2],
}

/// Glyphs side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The first cell.
    pub cell: Cell,
    /// The racers, in their order.
    pub racers: Vec<usize>,
}

impl Run {
    /// Its cells.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        let (column, row) = self.cell;
        (0..self.racers.len()).map(move |i| (column + i, row))
    }
}

/// The rays over a frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fan {
    /// Where each racer's ray ends, in dots; `None` if it has none.
    pub ends: Vec<Option<[f64; 2]>>,
    /// The glyphs.
    pub runs: Vec<Run>,
    /// Whether every run stands along its rays.
    pub along: bool,
}

/// What glyphs keep away from.
struct Taken {
    /// Signs.
    cells: Vec<Cell>,
    /// The rays.
    lines: Dots,
}

impl Fan {
    /// The fan around a place over a frame, whose glyphs keep away from some cells.
    #[must_use]
    pub fn new(around: &Around, frame: &Frame, taken: &[Cell]) -> Self {
        let rays: Vec<Ray> = (0..around.steps.len()).filter_map(|racer| ray(around, frame, racer)).collect();
        let mut ends = vec![None; around.steps.len()];
        rays.iter().for_each(|ray| ends[ray.racer] = Some(ray.end));
        let mut fan = Self { ends, runs: Vec::new(), along: true };
        let mut bundles = bundles(rays);
        bundles.sort_by_key(|bundle| bundle.iter().map(|ray| ray.racer).min());
        let [x, y] = [around.place.x[0], around.place.x[1]];
        let mut lines = Dots::new(frame.columns, frame.rows);
        fan.ends.iter().flatten().for_each(|end| trace(&mut lines, frame, &[[x, y], frame.data_of(*end)]));
        let taken = Taken { cells: taken.iter().copied().chain(frame.cell(x, y)).collect(), lines };
        for bundle in bundles {
            fan.place(&bundle, frame, &taken);
        }
        fan
    }

    /// Gives a bundle of rays its run.
    fn place(&mut self, bundle: &[Ray], frame: &Frame, taken: &Taken) {
        let mut racers: Vec<usize> = bundle.iter().map(|ray| ray.racer).collect();
        racers.sort_unstable();
        let mean = |of: fn(&Ray) -> [f64; 2]| {
            [0, 1].map(|axis| bundle.iter().map(|ray| of(ray)[axis]).sum::<f64>() / bundle.len() as f64)
        };
        let (end, way) = (mean(|ray| ray.end), mean(|ray| ray.way));
        let long = racers.len();
        let at = |k: usize| {
            let dot = [0, 1].map(|axis| end[axis] + STEP * k as f64 * way[axis]);
            // The run's near side is at the ray: its first glyph on the right, its last on the left.
            let before = (long - 1) as f64 * 0.5 * (1.0 - way[0]);
            let column = (dot[0] / CELL[0]).floor() - before.round();
            (column, (dot[1] / CELL[1]).floor())
        };
        let free = |&(column, row): &(f64, f64)| {
            let inside = column >= 0.0 && row >= 0.0 && row < frame.rows as f64;
            inside
                && column + long as f64 <= frame.columns as f64
                && self.free((column as usize, row as usize), long, taken)
        };
        let found = (FIRST..=LAST).map(at).find(free);
        self.along &= found.is_some();
        let cell = |(column, row): (f64, f64)| (column as usize, row as usize);
        let cell = found.map(cell).or_else(|| self.anywhere(at(FIRST), long, frame, taken));
        self.runs.extend(cell.map(|cell| Run { cell, racers }));
    }

    /// Whether a run of a length would touch nothing.
    fn free(&self, (column, row): Cell, long: usize, taken: &Taken) -> bool {
        let near = |other: Cell, wide: usize| {
            other.1 == row && column < other.0 + wide + APART && other.0 < column + long + APART
        };
        let hides = |column: usize| taken.lines.mask(column, row) != 0 || taken.cells.contains(&(column, row));
        !self.runs.iter().any(|run| near(run.cell, run.racers.len())) && !(column..column + long).any(hides)
    }

    /// The free place nearest to where a run should be: where a picture is too small, a glyph beside its ray is better
    /// than none.
    fn anywhere(&self, wanted: (f64, f64), long: usize, frame: &Frame, taken: &Taken) -> Option<Cell> {
        let columns = (frame.columns + 1).checked_sub(long)?;
        let all = (0..frame.rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        let far = |cell: &Cell| (cell.0 as f64 - wanted.0).powi(2) + 4.0 * (cell.1 as f64 - wanted.1).powi(2);
        all.filter(|cell| self.free(*cell, long, taken)).min_by(|a, b| far(a).total_cmp(&far(b)))
    }
}

/// The ray of a racer to beyond the outermost shape, or as far as there is room.
fn ray(around: &Around, frame: &Frame, racer: usize) -> Option<Ray> {
    let step = around.steps[racer]?;
    let x = around.place.x;
    let dot = |x: crate::math::Vec2| frame.dot(x[0], x[1]);
    let (from, to) = (dot(x), dot(x + step.ray * (step.reach * BEYOND)));
    let by = [to[0] - from[0], to[1] - from[1]];
    let length = by[0].hypot(by[1]);
    let way = by.map(|by| by / length);
    if !way.iter().all(|v| v.is_finite()) {
        return None;
    }
    let size = [CELL[0] * frame.columns as f64, CELL[1] * frame.rows as f64];
    // A cell is left for the glyph.
    let room = |axis: usize| {
        let far = if way[axis] > 0.0 { size[axis] - CELL[axis] - from[axis] } else { CELL[axis] - from[axis] };
        if way[axis] == 0.0 { f64::INFINITY } else { far / way[axis] }
    };
    let most = length.min(room(0)).min(room(1)).max(0.0);
    Some(Ray { racer, end: [0, 1].map(|axis| from[axis] + way[axis] * most), way })
}

/// The rays whose ends are all close to each other, bundle by bundle, once around from the widest gap on.
fn bundles(mut rays: Vec<Ray>) -> Vec<Vec<Ray>> {
    let angle = |ray: &Ray| ray.way[1].atan2(ray.way[0]);
    rays.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
    let gap = |i: usize| {
        let before = &rays[(i + rays.len() - 1) % rays.len()];
        (angle(&rays[i]) - angle(before)).rem_euclid(std::f64::consts::TAU)
    };
    // Equal rays have no gap: the first one will do.
    let widest = (0..rays.len()).max_by(|a, b| gap(*a).total_cmp(&gap(*b)).then(b.cmp(a))).unwrap_or(0);
    rays.rotate_left(widest);
    let mut bundles: Vec<Vec<Ray>> = Vec::new();
    for ray in rays {
        match bundles.last_mut().filter(|bundle| bundle.iter().all(|other| close(other, &ray))) {
            Some(bundle) => bundle.push(ray),
            None => bundles.push(vec![ray]),
        }
    }
    bundles
}

fn close(a: &Ray, b: &Ray) -> bool {
    let cell = |ray: &Ray, axis: usize| (ray.end[axis] / CELL[axis]).floor();
    let near = |axis: usize| (cell(a, axis) - cell(b, axis)).abs() <= CLOSE[axis];
    let between = a.way[0] * b.way[0] + a.way[1] * b.way[1];
    near(0) && near(1) && between >= DEGREES.to_radians().cos()
}

#[cfg(test)]
mod tests {
    use super::super::view::view;
    use super::*;
    use crate::app::Show;
    use crate::plot::Room;
    use crate::race::World;
    use crate::scenario::{BUILTIN, Document};

    /// The insides of the pane at 200×60, 160×45, 120×36 and 80×24.
    const ROOMS: [(u16, u16); 4] = [(78, 27), (62, 18), (46, 13), (30, 12)];

    #[test]
    fn runs_stand_along_their_rays() {
        for builtin in BUILTIN {
            let world = World::open(&Document::builtin(builtin.name).expect("built in")).expect("valid");
            let show = Show::new(world);
            let Some(around) = Around::new(&show) else { continue };
            for (columns, rows) in ROOMS {
                let room = Room { columns, rows, bands: 12, finer: 1, fills: true };
                let (frame, _) = view(&around, room).expect("room");
                let fan = Fan::new(&around, &frame, &[]);
                let shown = fan.runs.iter().map(|run| run.racers.len()).sum::<usize>();
                assert_eq!(shown, fan.ends.iter().flatten().count(), "{} {room:?}", builtin.name);
                // More racers than half a small picture has columns have to stand somewhere.
                let many = 2 * shown >= usize::from(columns) - 6;
                assert!(fan.along || many, "{} {columns}×{rows}: {:?}", builtin.name, fan.runs);
            }
        }
    }
}
