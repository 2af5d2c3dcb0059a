//! Contour lines by marching squares over a grid of values.
//!
//! Choosing levels and drawing lines happen elsewhere. Squares with a NaN corner are skipped, so that lines end where
//! the function's domain ends.

/// Values on a grid, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Grid<'a> {
    /// The width of the grid.
    pub columns: usize,
    /// The values; NaN outside the domain.
    pub values: &'a [f64],
}

/// A segment within one square: from one edge of the grid to another.
type Piece = [usize; 2];
/// Marks a missing segment or edge.
const NONE: usize = usize::MAX;

/// The contour lines at a level, in grid coordinates. A closed line ends where it starts.
#[must_use]
pub fn lines(grid: Grid<'_>, level: f64) -> Vec<Vec<[f64; 2]>> {
    let pieces = pieces(grid, level);
    // The segments that meet at an edge: at most two.
    let mut ends: Vec<(usize, usize)> =
        pieces.iter().enumerate().flat_map(|(i, piece)| piece.map(|edge| (edge, i))).collect();
    ends.sort_unstable();
    let neighbour = |edge: usize, piece: usize| {
        let start = ends.partition_point(|end| end.0 < edge);
        ends[start..].iter().take(2).find(|end| end.0 == edge && end.1 != piece).map_or(NONE, |end| end.1)
    };
    let mut used = vec![false; pieces.len()];
    let mut follow = |first: usize, from: usize| {
        let mut line = vec![from];
        let (mut piece, mut edge) = (first, from);
        while piece != NONE && !used[piece] {
            used[piece] = true;
            edge = if pieces[piece][0] == edge { pieces[piece][1] } else { pieces[piece][0] };
            line.push(edge);
            piece = neighbour(edge, piece);
        }
        line
    };
    let mut lines = Vec::new();
    // Open lines first, from their ends; the rest are closed.
    for open in [true, false] {
        for (i, piece) in pieces.iter().enumerate() {
            for &edge in piece {
                if !open || neighbour(edge, i) == NONE {
                    let line = follow(i, edge);
                    if line.len() > 1 {
                        lines.push(line.iter().map(|&edge| crossing(grid, level, edge)).collect());
                    }
                }
            }
        }
    }
    lines
}

/// How many points, at two a cell, a valley is wide whose banks are told apart.
const WIDE: i64 = 3;

/// Breaks a contour line at a level, in grid coordinates, wherever what it encloses is fewer than `WIDE` points wide:
/// there both banks of a narrow valley would run through the same cells. What is not finite breaks a line.
pub fn break_narrow(grid: Grid<'_>, level: f64, line: &mut [[f64; 2]]) {
    let rows = (grid.values.len() / grid.columns.max(1)) as i64;
    let at = |[i, j]: [i64; 2]| {
        let inside = (0..grid.columns as i64).contains(&i) && (0..rows).contains(&j);
        if inside { grid.values[j as usize * grid.columns + i as usize] } else { f64::NAN }
    };
    for point in line {
        let [low, high] = [point.map(f64::floor), point.map(f64::ceil)].map(|node| node.map(|k| k as i64));
        let (inner, outer) = if at(low) < level { (low, high) } else { (high, low) };
        let beyond = |far: i64| [0, 1].map(|axis| inner[axis] + far * (inner[axis] - outer[axis]));
        if (1..WIDE).any(|far| at(beyond(far)) >= level) {
            *point = [f64::NAN; 2];
        }
    }
}

/// The segments of a level, square by square.
fn pieces(grid: Grid<'_>, level: f64) -> Vec<Piece> {
    let (n, values) = (grid.columns, grid.values);
    let mut pieces = Vec::new();
    if n < 2 {
        return pieces;
    }
    for j in 0..(values.len() / n).saturating_sub(1) {
        let (above, below) = (&values[j * n..(j + 1) * n], &values[(j + 1) * n..(j + 2) * n]);
        // The left corners of a square are the right ones of the square before it; NaN counts as below.
        let mut left = [above[0] >= level, below[0] >= level];
        for i in 0..n - 1 {
            let right = [above[i + 1] >= level, below[i + 1] >= level];
            let bits = [left[0], right[0], right[1], left[1]];
            left = right;
            // Most squares lie entirely above or entirely below.
            if bits == [false; 4] || bits == [true; 4] {
                continue;
            }
            let corners = [above[i], above[i + 1], below[i + 1], below[i]];
            if corners.iter().any(|v| v.is_nan()) {
                continue;
            }
            let case = bits.iter().enumerate().fold(0, |case, (k, bit)| case | usize::from(*bit) << k);
            square(&mut pieces, case, corners, level, edges(n, i, j));
        }
    }
    pieces
}

/// The edges of a square: top, right, bottom, left. An even number is a horizontal edge, an odd one a vertical one.
fn edges(n: usize, i: usize, j: usize) -> [usize; 4] {
    let node = |i: usize, j: usize| 2 * (j * n + i);
    [node(i, j), node(i + 1, j) + 1, node(i, j + 1), node(i, j) + 1]
}

fn square(pieces: &mut Vec<Piece>, case: usize, corners: [f64; 4], level: f64, [t, r, b, l]: [usize; 4]) {
    // The mean of the corners resolves saddles.
    let high = corners.iter().sum::<f64>() * 0.25 >= level;
    match case {
        1 | 14 => pieces.push([l, t]),
        2 | 13 => pieces.push([t, r]),
        4 | 11 => pieces.push([r, b]),
        8 | 7 => pieces.push([b, l]),
        3 | 12 => pieces.push([l, r]),
        6 | 9 => pieces.push([t, b]),
        5 if high => pieces.extend([[t, r], [b, l]]),
        10 if !high => pieces.extend([[t, r], [b, l]]),
        _ => pieces.extend([[l, t], [r, b]]),
    }
}

/// Where the level crosses an edge.
fn crossing(grid: Grid<'_>, level: f64, edge: usize) -> [f64; 2] {
    let (node, vertical) = (edge / 2, edge % 2 == 1);
    let (i, j) = ((node % grid.columns) as f64, (node / grid.columns) as f64);
    let (a, b) = (grid.values[node], grid.values[node + if vertical { grid.columns } else { 1 }]);
    let t = ((level - a) / (b - a)).clamp(0.0, 1.0);
    if vertical { [i, j + t] } else { [i + t, j] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(n: usize, hole: bool) -> Vec<f64> {
        let middle = (n - 1) as f64 / 2.0;
        let at = |k: usize| ((k % n) as f64 - middle).hypot((k / n) as f64 - middle);
        (0..n * n).map(|k| if hole && k % n < n / 2 { f64::NAN } else { at(k) }).collect()
    }

    #[test]
    fn a_circle_is_one_closed_line_of_its_radius() {
        let values = disc(61, false);
        let lines = lines(Grid { columns: 61, values: &values }, 20.3);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        for [x, y] in &lines[0] {
            let radius = (x - 30.0).hypot(y - 30.0);
            assert!((radius - 20.3).abs() < 0.01, "{radius}");
        }
    }

    #[test]
    fn lines_end_where_the_domain_ends() {
        let values = disc(61, true);
        let lines = lines(Grid { columns: 61, values: &values }, 20.3);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|[x, y]| *x >= 30.0 && y.is_finite()));
    }

    #[test]
    fn a_line_round_a_narrow_valley_is_broken() {
        for (wide, broken) in [(1, true), (2, true), (3, false)] {
            let values: Vec<f64> =
                (0..100).map(|k| if (4..4 + wide).contains(&(k / 10)) { 0.0 } else { 2.0 }).collect();
            let grid = Grid { columns: 10, values: &values };
            for mut line in lines(grid, 1.0) {
                break_narrow(grid, 1.0, &mut line);
                assert!(line.iter().all(|point| point[0].is_nan() == broken), "{wide}: {line:?}");
            }
        }
    }

    #[test]
    fn every_piece_is_in_one_line() {
        let values: Vec<f64> = (0..400_u32).map(|k| f64::from(k.wrapping_mul(2_654_435_761) >> 16 & 0xff)).collect();
        let grid = Grid { columns: 20, values: &values };
        let found: usize = lines(grid, 128.0).iter().map(|line| line.len() - 1).sum();
        assert_eq!(found, pieces(grid, 128.0).len());
    }

    #[test]
    fn degenerate_grids_have_no_lines() {
        assert!(lines(Grid { columns: 0, values: &[] }, 1.0).is_empty());
        assert!(lines(Grid { columns: 1, values: &[0.0, 2.0] }, 1.0).is_empty());
        assert!(lines(Grid { columns: 2, values: &[f64::NAN; 4] }, 1.0).is_empty());
    }
}
