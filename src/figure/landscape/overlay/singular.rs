//! The line on which the family's Fisher matrix is singular.

use std::sync::Arc;

use crate::app::Seen;
use crate::geometry::Place;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::plot::contour::{Grid, lines};
use crate::plot::mark::Dash;

use super::sketch::{Sketch, TEXT};
use crate::figure::computed::{Computed, Key, each};

/// Updates the rows of the function that vanishes on the line, at cell corners, for a show and a frame.
pub fn follow(rows: &mut Computed<Vec<f64>>, show: &Seen<'_>, frame: &Frame) {
    let family = Arc::clone(&show.world.family);
    if family.singularity(show.world.start()).is_none() {
        return rows.clear();
    }
    let (frame, chart) = (*frame, show.chart);
    rows.follow(Key::over(show, &frame, &[]), true, || {
        each(frame.rows + 1, move |row| {
            let chart = family.chart(chart);
            let at = |column: usize| {
                let x = Vec2::from(frame.data(column as f64, row as f64));
                let inside = Place::violation(&*family, chart, x).is_none();
                inside.then(|| family.singularity(chart.to_parameters(x))).flatten().unwrap_or(f64::NAN)
            };
            (0..=frame.columns).map(at).collect()
        })
    });
}

/// The lines, in data coordinates.
fn found(rows: &[Vec<f64>], frame: &Frame) -> Vec<Vec<[f64; 2]>> {
    let values: Vec<f64> = rows.iter().flatten().copied().collect();
    let found = lines(Grid { columns: frame.columns + 1, values: &values }, 0.0);
    found.into_iter().map(|line| line.into_iter().map(|[i, j]| frame.data(i, j)).collect()).collect()
}

/// Draws the line.
pub fn draw(rows: &[Vec<f64>], sketch: &mut Sketch) {
    for line in found(rows, &sketch.frame) {
        sketch.path(line, TEXT, Dash::Solid);
    }
}

/// Names the line, a quarter of its length from its end.
pub fn name(rows: &[Vec<f64>], sketch: &mut Sketch) {
    let longest = found(rows, &sketch.frame).into_iter().max_by_key(Vec::len);
    if let Some(at) = longest.and_then(|line| line.get(line.len() / 4).copied()) {
        sketch.label(&[at.into()], at.into(), [1.0, 1.0], "det F = 0", TEXT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::math::linear::determinant2;
    use crate::race::World;
    use crate::scenario::Document;

    fn singular(scenario: &str) -> Vec<Vec<[f64; 2]>> {
        let show = Show::new(World::open(&Document::builtin(scenario).expect("built in")).expect("valid"));
        let frame = Frame { x: [-4.0, 4.0], y: [-3.0, 5.0], columns: 37, rows: 19 };
        let mut rows = Computed::default();
        follow(&mut rows, &Seen::of(&show), &frame);
        let lines = found(rows.values(), &frame);
        for point in lines.iter().flatten() {
            // Off the line F is regular: its smaller eigenvalue goes by the square of the distance of the means.
            let det = |x: f64| determinant2(&show.world.family.fisher(Vec2::new(x, point[1])));
            assert!(det(point[0]).abs() < 1e-9 && det(point[0] + 0.1) > 1e-4, "{point:?}");
        }
        lines
    }

    #[test]
    fn a_mixture_is_singular_where_its_means_agree() {
        let lines = singular("singular-mixture");
        assert_eq!(lines.len(), 1);
        let ends: Vec<f64> = lines[0].iter().map(|point| point[0]).collect();
        assert!(
            ends.iter().copied().fold(f64::MAX, f64::min) < -2.9 && ends.iter().copied().fold(f64::MIN, f64::max) > 3.9
        );
        assert!(singular("three-charts").is_empty());
    }
}
