//! Adjustable parameters of overlays: connection, other chart, end point.
//!
//! What they look like is decided in `figure`.

use crate::geometry::Place;
use crate::math::Vec2;

use super::Show;

/// How much one key changes α.
const ALPHA: f64 = 0.25;
/// The largest |α|.
const ALPHAS: f64 = 3.0;
/// The radii that keys go through, in nats.
const DELTAS: [f64; 19] =
    [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];
/// How far one key moves the end of geodesics, as a Fisher length.
const STRIDE: f64 = 0.1;
/// Halvings of a stride that would leave the family.
const HALVINGS: i32 = 8;

/// Adjustable parameters of overlays and of maps.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lens {
    /// The α of the adjustable geodesic, from −3 to 3; at −1, 0 and 1 it is one of the others.
    pub alpha: f64,
    /// The chart that gives the grid, counted from the drawn one.
    pub grid: usize,
    /// Where geodesics end, in canonical parameters, if not at the optimum.
    pub end: Option<Vec2>,
    /// The state of a map that was picked to be shown in detail; by default it is the one where most is left to learn.
    pub state: Option<usize>,
}

impl Lens {
    /// Changes α by a quarter; `false` at either end.
    pub fn turn(&mut self, up: bool) -> bool {
        let next = self.alpha + if up { ALPHA } else { -ALPHA };
        let inside = next.abs() <= ALPHAS;
        if inside {
            self.alpha = next;
        }
        inside
    }
}

impl Show {
    /// The next smaller or larger radius; `false` at either end.
    pub fn change_delta(&mut self, up: bool) -> bool {
        let here = self.delta();
        let next = if up {
            DELTAS.into_iter().find(|delta| *delta > here)
        } else {
            DELTAS.into_iter().rfind(|delta| *delta < here)
        };
        next.into_iter().for_each(|delta| self.set_delta(delta));
        next.is_some()
    }

    /// Where geodesics end: where the user put it, else at the optimum; `None` if there is neither.
    #[must_use]
    pub fn geodesic_end(&self) -> Option<Vec2> {
        let objective = &self.world.objective;
        self.lens.end.or_else(|| objective.optimum()).or_else(|| objective.target())
    }

    /// Moves the geodesics' end along a coordinate of the drawn chart by a tenth of Fisher length, or less
    /// near the family's boundary; `false` if there is no end or no room to move.
    pub fn move_end(&mut self, axis: usize, up: bool) -> bool {
        let family = &self.world.family;
        let Some(p) = self.geodesic_end() else { return false };
        let chart = family.chart(self.chart);
        let place = Place::of(chart, p);
        let unit = 1.0 / place.metric(&family.fisher(p))[(axis, axis)].sqrt();
        let moved = (0..HALVINGS).find_map(|halving| {
            let mut x = place.x;
            x[axis] += if up { STRIDE } else { -STRIDE } * unit * 0.5_f64.powi(halving);
            Place::violation(&**family, chart, x).is_none().then(|| chart.to_parameters(x))
        });
        self.lens.end = moved.or(self.lens.end);
        moved.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::distance;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn the_end_moves_by_a_tenth_in_every_chart() {
        let world = World::open(&Document::builtin("three-charts").expect("a built-in scenario")).expect("a valid one");
        let mut show = Show::new(world);
        for chart in show.world.family.info().chart_ids() {
            show.chart = chart;
            for (axis, up) in [(0, true), (1, true), (0, false), (1, false)] {
                let before = show.geodesic_end().expect("an end");
                assert!(show.move_end(axis, up));
                let after = show.geodesic_end().expect("an end");
                let moved = distance(&*show.world.family, before, after).expect("a closed form");
                // A straight step in the chart has the length STRIDE to first order.
                assert!((moved - STRIDE).abs() < 0.01, "{chart:?} {axis} {moved}");
            }
        }
    }

    #[test]
    fn what_is_turned_ends_somewhere() {
        let mut lens = Lens::default();
        assert_eq!(((0..100).filter(|_| lens.turn(true)).count(), lens.alpha), (12, 3.0));
    }

    #[test]
    fn delta_is_the_documents_until_a_key_changes_it() {
        let mut show = Show::new(World::open(&Document::builtin("ellipse-meaning").expect("built in")).expect("valid"));
        assert_eq!(show.delta(), 0.5);
        assert!(show.change_delta(false));
        assert_eq!(show.delta(), 0.2);
        assert_eq!((0..100).filter(|_| show.change_delta(true)).count(), 2);
        assert_eq!(show.delta(), 1.0);
    }
}
