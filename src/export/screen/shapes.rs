//! Characters that are drawn instead of set in a font: braille, blocks, the lines of frames.
//!
//! A cell is 10 by 20 units, its upper left corner the origin.

use ratatui::symbols::pixel::OCTANTS;

/// A part of a drawn character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// A filled rectangle: left, top, right, bottom.
    Box([f64; 4]),
    /// A filled disc: centre and radius.
    Disc([f64; 3]),
    /// The quarter of a ring that joins the middle of the cell's lower (`down`) or upper edge to that of its right
    /// (`right`) or left edge.
    Corner {
        /// Whether it ends at the lower edge.
        down: bool,
        /// Whether it ends at the right edge.
        right: bool,
    },
}

/// The radius of a braille dot.
pub const DOT: f64 = 1.6;
/// The thickness of a frame's line.
pub const LINE: f64 = 1.0;
/// The thickness of a heavy one.
const HEAVY: f64 = 2.0;
/// The radius of a round corner, along its middle.
pub const RADIUS: f64 = 5.0;
/// The middle of a cell.
const MIDDLE: (f64, f64) = (5.0, 10.0);

/// The shapes of a character; `None` if it is to be set in a font.
#[must_use]
pub fn shapes(c: char) -> Option<Vec<Shape>> {
    match c {
        '\u{2800}'..='\u{28ff}' => Some(braille((u32::from(c) & 0xff) as u8)),
        '▁'..='█' => {
            let eighths = f64::from(u32::from(c) - u32::from('▁') + 1);
            Some(vec![Shape::Box([0.0, 20.0 - 2.5 * eighths, 10.0, 20.0])])
        }
        '▉'..='▏' => {
            let eighths = f64::from(7 - (u32::from(c) - u32::from('▉')));
            Some(vec![Shape::Box([0.0, 0.0, 1.25 * eighths, 20.0])])
        }
        '╌' => Some([0.5, 5.5].map(|x| Shape::Box([x, 9.5, x + 4.0, 10.5])).to_vec()),
        '╳' => Some(cross()),
        '╭' => Some(corner(true, true)),
        '╮' => Some(corner(true, false)),
        '╯' => Some(corner(false, false)),
        '╰' => Some(corner(false, true)),
        _ => arms(c).map(frame).or_else(|| octants(c)),
    }
}

/// Both diagonals of a cell, in steps of a unit.
fn cross() -> Vec<Shape> {
    let steps = |x: f64| [x, 9.0 - x].map(|left| Shape::Box([left, 2.0 * x, left + 1.0, 2.0 * x + 2.0]));
    (0..10).flat_map(|x| steps(f64::from(x))).collect()
}

/// Dots of a braille mask.
fn braille(mask: u8) -> Vec<Shape> {
    const PLACES: [(u8, u8); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
    let set = PLACES.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1);
    set.map(|(_, (x, y))| Shape::Disc([2.5 + 5.0 * f64::from(*x), 2.5 + 5.0 * f64::from(*y), DOT])).collect()
}

/// The eighths of a cell that a block character fills, row by row; quadrants and halves are among them.
fn octants(c: char) -> Option<Vec<Shape>> {
    let mask = OCTANTS.iter().position(|octant| *octant == c && c != ' ')?;
    let row = |y: usize| {
        let (x, right) = match mask >> (2 * y) & 3 {
            0 => return None,
            1 => (0.0, 5.0),
            2 => (5.0, 10.0),
            _ => (0.0, 10.0),
        };
        let top = 5.0 * y as f64;
        Some(Shape::Box([x, top, right, top + 5.0]))
    };
    Some((0..4).filter_map(row).collect())
}

/// The thickness of a line from the middle to the left, right, upper and lower edge.
fn arms(c: char) -> Option<[f64; 4]> {
    const L: f64 = LINE;
    Some(match c {
        '─' => [L, L, 0.0, 0.0],
        '━' => [HEAVY, HEAVY, 0.0, 0.0],
        '│' => [0.0, 0.0, L, L],
        '┃' => [0.0, 0.0, HEAVY, HEAVY],
        '┌' => [0.0, L, 0.0, L],
        '┐' => [L, 0.0, 0.0, L],
        '└' => [0.0, L, L, 0.0],
        '┘' => [L, 0.0, L, 0.0],
        '├' => [0.0, L, L, L],
        '┤' => [L, 0.0, L, L],
        '┬' => [L, L, 0.0, L],
        '┴' => [L, L, L, 0.0],
        '┼' => [L; 4],
        '╴' => [L, 0.0, 0.0, 0.0],
        '╶' => [0.0, L, 0.0, 0.0],
        '╵' => [0.0, 0.0, L, 0.0],
        '╷' => [0.0, 0.0, 0.0, L],
        _ => return None,
    })
}

fn frame([left, right, up, down]: [f64; 4]) -> Vec<Shape> {
    let (x, y) = MIDDLE;
    let half = left.max(right).max(up).max(down) / 2.0;
    let mut shapes = Vec::new();
    if left.max(right) > 0.0 {
        let (from, to) = (if left > 0.0 { 0.0 } else { x - half }, if right > 0.0 { 10.0 } else { x + half });
        shapes.push(Shape::Box([from, y - half, to, y + half]));
    }
    if up.max(down) > 0.0 {
        let (from, to) = (if up > 0.0 { 0.0 } else { y - half }, if down > 0.0 { 20.0 } else { y + half });
        shapes.push(Shape::Box([x - half, from, x + half, to]));
    }
    shapes
}

/// A round corner: the arc, and the line on to the upper or lower edge.
fn corner(down: bool, right: bool) -> Vec<Shape> {
    let (x, y) = MIDDLE;
    let (top, bottom) = if down { (y + RADIUS, 20.0) } else { (0.0, y - RADIUS) };
    vec![Shape::Corner { down, right }, Shape::Box([x - LINE / 2.0, top, x + LINE / 2.0, bottom])]
}

impl Shape {
    /// Whether a point of the cell is in it.
    #[must_use]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        match *self {
            Self::Box([left, top, right, bottom]) => (left..right).contains(&x) && (top..bottom).contains(&y),
            Self::Disc([cx, cy, r]) => (x - cx).hypot(y - cy) <= r,
            Self::Corner { down, right } => {
                // From the middle of the circle towards the corner that it rounds off.
                let dx = if right { MIDDLE.0 + RADIUS - x } else { x - MIDDLE.0 + RADIUS };
                let dy = if down { MIDDLE.1 + RADIUS - y } else { y - MIDDLE.1 + RADIUS };
                dx >= 0.0 && dy >= 0.0 && (dx.hypot(dy) - RADIUS).abs() <= LINE / 2.0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(c: char) -> f64 {
        let shapes = shapes(c).unwrap_or_default();
        let inside = |x: u32, y: u32| {
            let (x, y) = ((f64::from(x) + 0.5) / 10.0, (f64::from(y) + 0.5) / 10.0);
            shapes.iter().any(|shape| shape.contains(x, y))
        };
        (0..200).flat_map(|y| (0..100).map(move |x| (x, y))).filter(|(x, y)| inside(*x, *y)).count() as f64 / 2e4
    }

    #[test]
    fn blocks_fill_the_part_of_a_cell_that_their_name_says() {
        for (c, part) in
            [('█', 1.0), ('▄', 0.5), ('▌', 0.5), ('▘', 0.25), ('▟', 0.75), ('▎', 0.25), ('▁', 0.125), ('▆', 0.75)]
        {
            assert!((area(c) - part).abs() < 0.011, "{c} {}", area(c));
        }
        assert!(OCTANTS.iter().filter(|c| **c != ' ').all(|c| shapes(*c).is_some()));
    }

    #[test]
    fn braille_has_as_many_dots_as_bits() {
        for mask in 0..=255_u8 {
            let count = shapes(crate::plot::dots::braille(mask)).map_or(0, |dots| dots.len());
            assert_eq!(count, mask.count_ones() as usize);
        }
    }

    /// What a frame is made of touches the edges of its cell where the neighbour goes on.
    #[test]
    fn frames_meet_at_the_edges() {
        for (c, left, right, up, down) in [
            ('─', true, true, false, false),
            ('╭', false, true, false, true),
            ('╮', true, false, false, true),
            ('╰', false, true, true, false),
            ('╯', true, false, true, false),
            ('├', false, true, true, true),
            ('┴', true, true, true, false),
        ] {
            let shapes = shapes(c).unwrap_or_default();
            let at = |x: f64, y: f64| shapes.iter().any(|shape| shape.contains(x, y));
            let edges = (at(0.05, 10.0), at(9.95, 10.0), at(5.0, 0.05), at(5.0, 19.95));
            assert_eq!(edges, (left, right, up, down), "{c}");
        }
        assert_eq!(shapes('a'), None);
    }
}
