//! The marks of the picture: regions, contours of the surrogate, the borders beyond which there is no policy, and the steps.

use std::sync::Arc;

use super::names::{self, Busy};
use super::scene::Scene;
use super::tries::{Try, What};
use crate::figure::values::trace;
use crate::plot::mark::{Dash, Ink, Layer, Line, Mark, Point, Role, Sign, Tier};
use crate::plot::ticks::{Tick, ticks};
use crate::plot::{Dots, Frame};

/// How many contours of the surrogate cross the picture at most.
const CONTOURS: usize = 6;

impl Scene<'_> {
    /// The layers, lowest first.
    #[must_use]
    pub fn layers(&self) -> Vec<Arc<Layer>> {
        let contours = self.contours();
        let thin = |points: &[Point], role: Role| Line::thin(points.to_vec(), Ink::Role(role));
        let contour = |(_, line): &(Tick, [Point; 2])| {
            Mark::Line(Line { yields: true, ..thin(line, Role::Contour).dashed(Dash::Sparse) })
        };
        let borders = self.borders();
        let border = |line: &[Point; 2]| Mark::Line(thin(line, Role::Dim).dashed(Dash::Sparse));
        let mut shapes =
            vec![Mark::Line(thin(&self.shapes.ellipse, Role::Mark)), Mark::Line(thin(&self.corners(), Role::Text))];
        shapes.extend(self.higher().map(|line| Mark::Line(thin(&line, Role::Text).dashed(Dash::Even))));
        let path = |found: &Try| Mark::Line(Line::thin(found.line.clone(), Ink::Racer(found.racer)));
        vec![
            Layer::new(Tier::Ground, vec![Mark::Area(self.shapes.ball.clone())]),
            Layer::new(Tier::Ground, borders.iter().map(border).collect()),
            Layer::new(Tier::Ground, contours.iter().map(contour).collect()),
            Layer::new(Tier::Lines, shapes),
            Layer::new(Tier::Lines, self.tries.iter().map(path).collect()),
            Layer::new(Tier::Signs, self.signs()),
            Layer::new(Tier::Signs, self.words(&contours)),
        ]
    }

    /// The clip's box, closed.
    fn corners(&self) -> Vec<Point> {
        let [low, high] = self.clips.ends();
        vec![[low, low], [high, low], [high, high], [low, high], [low, low]]
    }

    /// The sides of the box with the higher clip that differ.
    fn higher(&self) -> Option<[Point; 3]> {
        let [low, high] = self.clips.higher()?;
        Some([[high, low], [high, high], [low, high]])
    }

    /// Where ratios are 0, as far as there are policies beside, and where those of all other actions are.
    fn borders(&self) -> Vec<[Point; 2]> {
        let far = [self.frame.x[1].max(1.0), self.frame.y[1].max(1.0)];
        let mut borders = vec![[[self.frame.x[0], 0.0], [far[0], 0.0]], [[0.0, 0.0], [0.0, far[1]]]];
        borders.extend(self.old.plane.edge());
        borders
    }

    /// The round values of the surrogate with their lines across the picture.
    fn contours(&self) -> Vec<(Tick, [Point; 2])> {
        let (plane, Frame { x, y, .. }) = (&self.old.plane, self.frame);
        let corners = [[x[0], y[0]], [x[1], y[0]], [x[0], y[1]], [x[1], y[1]]];
        let values = corners.map(|corner| plane.surrogate(corner.map(|at| at - 1.0)));
        let range = values.into_iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], v| [a.min(v), b.max(v)]);
        let [across, up] = plane.slope;
        // Along the axis across which it changes least in the picture, so that the ends are near.
        let upright = (across * (x[1] - x[0])).abs() > (up * (y[1] - y[0])).abs();
        let line = |value: f64| {
            if upright {
                y.map(|y| [1.0 + (value - up * (y - 1.0)) / across, y])
            } else {
                x.map(|x| [x, 1.0 + (value - across * (x - 1.0)) / up])
            }
        };
        ticks(range, CONTOURS, 1.0)
            .into_iter()
            .map(|tick| {
                let at = tick.at;
                (tick, line(at))
            })
            .collect()
    }

    /// The old policy and the points on the ways.
    fn signs(&self) -> Vec<Mark> {
        let mut signs = Vec::new();
        for found in self.tries {
            let ink = Ink::Racer(found.racer);
            for stop in &found.stops {
                let sign = match stop.what {
                    What::Candidate(_, true) => Sign::Char('✓', ink),
                    What::Candidate(_, false) => Sign::Char('✗', ink),
                    What::Iterate(_) => Sign::Char('△', ink),
                    What::Epoch(_) => Sign::Bead(found.racer),
                    What::Last(_) => Sign::Racer(found.racer),
                };
                signs.push(Mark::Sign(stop.at, sign));
            }
            signs.extend(self.leaves(found).map(|(at, arrow)| Mark::Sign(at, Sign::Char(arrow, ink))));
        }
        signs.push(Mark::Sign([1.0; 2], Sign::Start));
        signs
    }

    /// Where a way leaves the picture for good, and where to.
    fn leaves(&self, found: &Try) -> Option<(Point, char)> {
        let inside = |point: &&Point| self.frame.cell(point[0], point[1]).is_some();
        let last = found.line.iter().rposition(|point| inside(&point))?;
        let [from, to] = [self.frame.dot(found.line[last][0], found.line[last][1]), {
            let next = found.line.get(last + 1)?;
            self.frame.dot(next[0], next[1])
        }];
        let size = [2.0 * self.frame.columns as f64, 4.0 * self.frame.rows as f64];
        let way = [to[0] - from[0], to[1] - from[1]];
        // Half a dot inside.
        let share = |axis: usize| match way[axis] {
            way if way > 0.0 => (size[axis] - 0.5 - from[axis]) / way,
            way if way < 0.0 => (0.5 - from[axis]) / way,
            _ => f64::INFINITY,
        };
        let shares = [share(0), share(1)];
        let axis = usize::from(shares[1] < shares[0]);
        let arrow = match (axis, way[axis] > 0.0) {
            (0, true) => '→',
            (0, false) => '←',
            (_, true) => '↓',
            (_, false) => '↑',
        };
        let at = [0, 1].map(|i| from[i] + way[i] * shares[axis].max(0.0));
        Some((self.frame.data_of(at), arrow))
    }

    /// All names: of steps, of regions, of contours.
    fn words(&self, contours: &[(Tick, [Point; 2])]) -> Vec<Mark> {
        let frame = &self.frame;
        let dots = |lines: &[&[Point]]| {
            let mut dots = Dots::new(frame.columns, frame.rows);
            lines.iter().for_each(|line| trace(&mut dots, frame, line));
            dots
        };
        let (corners, higher) = (self.corners(), self.higher());
        let mut lines: Vec<&[Point]> = vec![&self.shapes.ellipse, &corners];
        lines.extend(higher.as_ref().map(<[Point; 3]>::as_slice));
        lines.extend(self.tries.iter().map(|found| found.line.as_slice()));
        let stops = self.tries.iter().flat_map(|found| &found.stops).map(|stop| stop.at);
        let signs = stops.chain([[1.0; 2]]).filter_map(|at| frame.cell(at[0], at[1])).collect();
        let busy = Busy { frame, lines: dots(&lines), signs };
        let mut words = names::steps(self);
        words.extend(names::regions(self, &busy));
        let all: Vec<Dots> = contours.iter().map(|(_, line)| dots(&[line])).collect();
        words.extend(names::contours(contours, &all, &busy));
        words
    }
}
