//! Signs as shapes, so that no font is needed for them, and the gaps of lines.

use std::fmt::Write as _;

use super::{TEXT, escaped, number};
use crate::plot::mark::{Dash, Ink, Point, Role, Sign};
use crate::plot::theme::Theme;

/// Gaps of racers' paths, on and off in millimetres; the first is solid.
const DASHES: [&str; 12] = [
    "",
    "1.6 0.7",
    "0.5 0.6",
    "2.4 0.6 0.5 0.6",
    "0.9 0.5",
    "1.6 0.5 0.5 0.5 0.5 0.5",
    "3.2 0.7",
    "0.5 1.2",
    "2.4 0.6 0.9 0.6",
    "1.6 1.4",
    "2.4 0.5 0.5 0.5 0.5 0.5",
    "0.9 1",
];
/// Half the size of a sign, and of the disc every ten steps.
pub const SIGN: f64 = 0.8;
const BEAD: f64 = 0.38;

/// The attribute for the gaps of a line, perhaps a racer's.
pub fn dashes(dash: Dash, racer: Option<usize>) -> String {
    let gaps = match dash {
        Dash::Solid => racer.map_or("", |racer| DASHES[racer % DASHES.len()]),
        Dash::Dotted => "0.3 0.4",
        Dash::Sparse => "0.3 0.8",
        Dash::Dashed => "1.2 0.6",
        Dash::Even => "0.8 0.8",
    };
    if gaps.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{gaps}\"") }
}

/// A sign at a place.
pub fn sign(out: &mut String, [x, y]: Point, sign: Sign, theme: Theme) {
    let (ink, page) = (theme.css(Some(Role::Mark)), theme.css(None));
    let circle = |r: f64, fill: &str, stroke: &str| {
        let [x, y, r] = [x, y, r].map(number);
        format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"0.25\"/>")
    };
    let drawn = match sign {
        Sign::Start => circle(SIGN, &page, &ink),
        Sign::Optimum => circle(SIGN, &page, &ink) + &circle(0.35 * SIGN, &ink, &ink),
        Sign::Bead(_) => circle(BEAD, &page, "none"),
        Sign::Dead(racer) => cross([x, y], 0.8 * SIGN, &theme.ink(Ink::Racer(racer))),
        Sign::Lowest => cross([x, y], 0.7 * SIGN, &theme.css(Some(Role::Text))),
        Sign::Head(racer) | Sign::Racer(racer) => glyph([x, y], racer, theme),
        Sign::Below(racer) => {
            polygon([x, y], &[[-1.0, -0.7], [1.0, -0.7], [0.0, 0.9]], &theme.ink(Ink::Racer(racer)), None)
        }
        Sign::Char(symbol, own) => {
            let (ink, [x, y]) = (theme.ink(own), [x, y + 0.35 * TEXT].map(number));
            let words = escaped(&symbol.to_string());
            format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"{ink}\">{words}</text>")
        }
    };
    let _ = writeln!(out, "{drawn}");
}

/// Two strokes across each other.
fn cross([x, y]: Point, r: f64, ink: &str) -> String {
    let [a, b, c, d] = [x - r, y - r, 2.0 * r, -2.0 * r].map(number);
    let e = number(y + r);
    format!("<path d=\"M{a} {b}l{c} {c}M{a} {e}l{c} {d}\" stroke=\"{ink}\" stroke-width=\"0.4\"/>")
}

/// A racer's glyph, drawn: filled for the first six and the seventh, hollow for the rest.
fn glyph([x, y]: Point, racer: usize, theme: Theme) -> String {
    const STAR: [Point; 10] = [
        [0.0, -1.15],
        [0.27, -0.37],
        [1.09, -0.36],
        [0.44, 0.14],
        [0.68, 0.93],
        [0.0, 0.46],
        [-0.68, 0.93],
        [-0.44, 0.14],
        [-1.09, -0.36],
        [-0.27, -0.37],
    ];
    const CROSS: [Point; 12] = [
        [-0.35, -1.0],
        [0.35, -1.0],
        [0.35, -0.35],
        [1.0, -0.35],
        [1.0, 0.35],
        [0.35, 0.35],
        [0.35, 1.0],
        [-0.35, 1.0],
        [-0.35, 0.35],
        [-1.0, 0.35],
        [-1.0, -0.35],
        [-0.35, -0.35],
    ];
    const DIAMOND: [Point; 4] = [[0.0, -1.1], [1.1, 0.0], [0.0, 1.1], [-1.1, 0.0]];
    const UP: [Point; 3] = [[0.0, -1.0], [1.05, 0.8], [-1.05, 0.8]];
    const DOWN: [Point; 3] = [[0.0, 1.0], [1.05, -0.8], [-1.05, -0.8]];
    const SQUARE: [Point; 4] = [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]];
    let (ink, page) = (theme.ink(Ink::Racer(racer)), theme.css(None));
    let hollow = racer % 12 > 6;
    let (fill, edge) = if hollow { (page.clone(), Some(ink.as_str())) } else { (ink.clone(), Some(page.as_str())) };
    let shape = match racer % 12 {
        0 => {
            let [x, y, r] = [x, y, 0.95 * SIGN].map(number);
            return format!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{ink}\" stroke=\"{page}\" stroke-width=\"0.15\"/>"
            );
        }
        1 | 7 => &DIAMOND[..],
        2 | 8 => &UP,
        3 | 9 => &SQUARE,
        4 => &CROSS,
        6 | 10 => &DOWN,
        _ => &STAR,
    };
    polygon([x, y], shape, &fill, edge)
}

fn polygon([x, y]: Point, shape: &[Point], fill: &str, edge: Option<&str>) -> String {
    let points: Vec<String> =
        shape.iter().map(|[dx, dy]| format!("{},{}", number(x + SIGN * dx), number(y + SIGN * dy))).collect();
    let edge = edge.map_or(String::new(), |edge| format!(" stroke=\"{edge}\" stroke-width=\"0.2\""));
    format!("<polygon points=\"{}\" fill=\"{fill}\"{edge}/>", points.join(" "))
}
