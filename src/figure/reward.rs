//! The reward of an action beside the densities, on an axis of its own: from the lowest value in view, at the bottom, to
//! the highest.

use crate::format;
use crate::objective::Objective;
use crate::plot::mark::{Dash, Ink, Label, Line, Mark, Place, Point, Role};

/// The height of the highest value, as a share of the pane.
const TOP: f64 = 0.9;
/// Points that are looked at for where a reward is worth seeing.
const POINTS: u32 = 400;
/// From which share of its range on it is.
const WORTH: f64 = 0.13;
const INK: Ink = Ink::Role(Role::ContourLabel);

/// A reward over a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Reward {
    points: Vec<Point>,
    /// The lowest value in view and the highest.
    ends: [f64; 2],
}

impl Reward {
    /// The reward of an objective at `count` places, evenly over a range; `None` if it has none, or the same one
    /// everywhere.
    #[must_use]
    pub fn of(objective: &dyn Objective, range: [f64; 2], count: u32) -> Option<Self> {
        let at = |i: u32| {
            let x = range[0] + (range[1] - range[0]) * (f64::from(i) + 0.5) / f64::from(count);
            Some([x, objective.reward(x)?])
        };
        let points: Vec<Point> = (0..count).map(at).collect::<Option<_>>()?;
        let finite = || points.iter().map(|point| point[1]).filter(|r| r.is_finite());
        let ends = [finite().reduce(f64::min)?, finite().reduce(f64::max)?];
        (ends[1] > ends[0]).then_some(Self { points, ends })
    }

    fn share(&self, r: f64) -> f64 {
        (r - self.ends[0]) / (self.ends[1] - self.ends[0])
    }

    /// The line under a top of the pane, and its name on its peak.
    #[must_use]
    pub fn marks(&self, top: f64) -> [Mark; 2] {
        let scaled = |[x, r]: &Point| [*x, TOP * top * self.share(*r)];
        let points: Vec<Point> = self.points.iter().map(scaled).collect();
        let peak = points.iter().copied().filter(|point| point[1].is_finite());
        let peak = peak.reduce(|best, next| if next[1] > best[1] { next } else { best });
        let anchors = peak.into_iter().collect();
        let label = Label { text: "r(x)".to_owned(), anchors, place: Place::Around, ink: INK };
        [Mark::Line(Line::thin(points, INK).dashed(Dash::Dashed)), Mark::Label(label)]
    }

    /// What the title says of its axis.
    #[must_use]
    pub fn told(&self) -> String {
        // What is small beside the range is 0 in the picture.
        let digit = 1e-3 * (self.ends[1] - self.ends[0]);
        let [low, high] = self.ends.map(|r| format::rounded((r / digit).round() * digit, 2));
        format!(", r(x) from {low} to {high}")
    }

    /// Where it is worth seeing: all that is higher than a small share of its range.
    fn core(&self) -> [f64; 2] {
        let worth = || self.points.iter().filter(|point| self.share(point[1]) >= WORTH);
        [worth().next(), worth().next_back()].map(|point| point.map_or(f64::NAN, |point| point[0]))
    }
}

/// The part of a range where the reward of an objective is worth seeing; `None` if it has none.
#[must_use]
pub fn core(objective: &dyn Objective, range: [f64; 2]) -> Option<[f64; 2]> {
    Reward::of(objective, range, POINTS).map(|reward| reward.core())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn both_hills_of_a_reward_are_seen_on_its_own_axis() {
        let world = World::open(&Document::builtin("reward-hill").expect("built in")).expect("valid");
        // r = exp(−2(x−2)²) + 0.6 exp(−(x+2)²/4): from the low hill's left foot to the high one's right.
        let [low, high] = core(&*world.objective, [-8.0, 8.0]).expect("a reward");
        assert!((low + 2.0 + (4.0 * (0.6_f64 / 0.13).ln()).sqrt()).abs() < 0.1, "{low}");
        assert!((high - 2.0 - (0.5 * (1.0_f64 / 0.13).ln()).sqrt()).abs() < 0.1, "{high}");
        let reward = Reward::of(&*world.objective, [-6.0, 6.0], 1200).expect("a reward");
        assert_eq!(reward.told(), ", r(x) from 0 to 1");
        let [Mark::Line(line), _] = reward.marks(0.5) else { panic!("a line") };
        let height =
            |x: f64| line.points.iter().min_by(|a, b| (a[0] - x).abs().total_cmp(&(b[0] - x).abs())).map(|p| p[1]);
        let [hill, peak] = [-2.0, 2.0].map(|x| height(x).expect("a point"));
        assert!((hill / peak - 0.6).abs() < 0.02 && (peak - 0.45).abs() < 1e-3, "{hill} {peak}");
        let other = World::open(&Document::builtin("three-charts").expect("built in")).expect("valid");
        assert_eq!(Reward::of(&*other.objective, [-6.0, 6.0], 10), None);
    }
}
