//! Two ratios ρ = π/π_old of a policy as axes, and what the others are then: KL, its quadratic model and the surrogate over
//! this plane.
//!
//! Of the actions that have no axis, all of a state keep one common ratio: the one that sums to 1. No other choice costs less
//! KL, so the ball in this plane is the shadow of the ball among all policies, and so is the ellipse.

use std::f64::consts::TAU;

use crate::geometry::ellipse::{ellipse, extent};
use crate::math::special::exp_excess;
use crate::math::{Mat2, Vec2};
use crate::plot::mark::Point;

/// Points of the ball's border and of the ellipse.
const POINTS: usize = 192;
/// The bisections after which a border point is known to the last digit.
const HALVINGS: usize = 60;

/// ρ − 1 − ln ρ by ρ − 1: what an action adds to KL(old ‖ new), whose terms of first order sum to zero.
#[must_use]
pub fn excess(off: f64) -> f64 {
    if off > -1.0 { exp_excess(off.ln_1p()) } else { f64::INFINITY }
}

/// What a policy gives and what is known of it: π(a|s), A(s,a) by pairs and d(s).
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// π(a|s) by pairs.
    pub p: Vec<f64>,
    /// A(s,a) by pairs.
    pub advantages: Vec<f64>,
    /// d(s).
    pub visits: Vec<f64>,
    /// The number of actions in every state.
    pub actions: usize,
}

impl Policy {
    /// The pairs of the axes: of the state where d·|A|·π is largest the two actions where |A|·π is, but not its likeliest one,
    /// whose ratio hardly moves. With two actions a state, of the two states where it is largest. `None` if there is but one.
    #[must_use]
    pub fn axes(&self) -> Option<[usize; 2]> {
        let k = self.actions;
        let likeliest = |s: usize| {
            let row = &self.p[s * k..(s + 1) * k];
            (0..k).rev().max_by(|a, b| row[*a].total_cmp(&row[*b])).map(|a| s * k + a)
        };
        let weight = |pair: &usize| self.visits[pair / k] * self.advantages[*pair].abs() * self.p[*pair];
        let states = (0..self.visits.len()).filter(|s| self.visits[*s] > 0.0);
        let mut pairs: Vec<usize> =
            states.flat_map(|s| (s * k..(s + 1) * k).filter(move |pair| Some(*pair) != likeliest(s))).collect();
        // Stable: ties stay in the order of the table.
        pairs.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        let first = *pairs.first()?;
        let second = *pairs.iter().skip(1).find(|pair| k == 2 || *pair / k == first / k)?;
        Some([first.min(second), first.max(second)])
    }

    /// KL(old ‖ new) by all ratios.
    #[must_use]
    pub fn kl(&self, ratios: &[f64]) -> f64 {
        let pairs = self.p.iter().zip(ratios).enumerate();
        pairs.map(|(pair, (p, ratio))| self.visits[pair / self.actions] * p * excess(ratio - 1.0)).sum()
    }
}

/// The borders of two regions, closed, in ratios.
#[derive(Debug, Clone)]
pub struct Shapes {
    /// Of the ball KL ≤ δ.
    pub ball: Vec<Point>,
    /// Of the ellipse within which KL to second order is at most δ.
    pub ellipse: Vec<Point>,
}

/// The plane of two ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// The pairs on the axes.
    pub pairs: [usize; 2],
    /// d and π of each.
    visits: [f64; 2],
    p: [f64; 2],
    /// Whether both are of one state.
    shared: bool,
    /// How the surrogate Σ d_old π_new A changes with the ratios.
    pub slope: [f64; 2],
}

impl Plane {
    /// The plane through a policy; `None` if there are no two ratios that can be chosen.
    #[must_use]
    pub fn through(policy: &Policy) -> Option<Self> {
        let pairs = policy.axes()?;
        let visits = pairs.map(|pair| policy.visits[pair / policy.actions]);
        let p = pairs.map(|pair| policy.p[pair]);
        let gain = pairs.map(|pair| policy.p[pair] * policy.advantages[pair]);
        let shared = pairs[0] / policy.actions == pairs[1] / policy.actions;
        // What the others lose: their advantages weigh as much as these, for all of them sum to 0.
        let slope = [0, 1].map(|i| {
            let (all, rest) = if shared { (gain[0] + gain[1], 1.0 - p[0] - p[1]) } else { (gain[i], 1.0 - p[i]) };
            visits[i] * (gain[i] + p[i] * all / rest)
        });
        let plane = Self { pairs, visits, p, shared, slope };
        (plane.rests().iter().all(|rest| *rest > 0.0) && p.iter().all(|p| *p > 0.0)).then_some(plane)
    }

    /// The probability of what has no axis: of the state, or of each.
    const fn rests(&self) -> [f64; 2] {
        let both = 1.0 - self.p[0] - self.p[1];
        if self.shared { [both; 2] } else { [1.0 - self.p[0], 1.0 - self.p[1]] }
    }

    /// KL(old ‖ new) where the ratios are 1 + `off`; infinite where there is no policy.
    #[must_use]
    pub fn kl(&self, off: [f64; 2]) -> f64 {
        let (p, rests) = (self.p, self.rests());
        let own = [0, 1].map(|i| p[i] * excess(off[i]));
        let moved = [0, 1].map(|i| p[i] * off[i]);
        if self.shared {
            let rest = rests[0] * excess(-(moved[0] + moved[1]) / rests[0]);
            return self.visits[0] * (own[0] + own[1] + rest);
        }
        (0..2).map(|i| self.visits[i] * (own[i] + rests[i] * excess(-moved[i] / rests[i]))).sum()
    }

    /// The Fisher matrix in the ratios: KL to second order is half its square.
    #[must_use]
    pub fn metric(&self) -> Mat2 {
        let (p, rests) = (self.p, self.rests());
        let both = if self.shared { p[0] * p[1] / rests[0] } else { 0.0 };
        let own = |i: usize| p[i] + p[i] * p[i] / rests[i];
        Mat2::new(own(0), both, both, own(1)).component_mul(&Mat2::new(
            self.visits[0],
            self.visits[0],
            self.visits[0],
            self.visits[1],
        ))
    }

    /// The surrogate where the ratios are 1 + `off`, less that of no step.
    #[must_use]
    pub fn surrogate(&self, off: [f64; 2]) -> f64 {
        self.slope[0] * off[0] + self.slope[1] * off[1]
    }

    /// How far from one a step along `way` may go before some probability is 0.
    fn reach(&self, way: [f64; 2]) -> f64 {
        let (p, rests) = (self.p, self.rests());
        let fall = |slope: f64, room: f64| if slope < 0.0 { -room / slope } else { f64::INFINITY };
        let own = fall(way[0], 1.0).min(fall(way[1], 1.0));
        let rest = if self.shared {
            fall(-(p[0] * way[0] + p[1] * way[1]), rests[0])
        } else {
            (0..2).map(|i| fall(-p[i] * way[i], rests[i])).fold(f64::INFINITY, f64::min)
        };
        own.min(rest)
    }

    /// The borders of ball and ellipse.
    #[must_use]
    pub fn shapes(&self, delta: f64) -> Shapes {
        Shapes { ball: self.ball(delta), ellipse: self.ellipse(delta) }
    }

    /// The border of the ball KL ≤ δ, closed, in ratios.
    fn ball(&self, delta: f64) -> Vec<Point> {
        let half = extent(&self.metric(), delta);
        let point = |i: usize| {
            let (sin, cos) = (TAU * i as f64 / POINTS as f64).sin_cos();
            let way = [cos * half[0], sin * half[1]];
            let [mut low, mut high] = [0.0, self.reach(way)];
            for _ in 0..HALVINGS {
                let middle = 0.5 * (low + high);
                let inside = self.kl(way.map(|step| step * middle)) <= delta;
                *(if inside { &mut low } else { &mut high }) = middle;
            }
            way.map(|step| 1.0 + step * low)
        };
        (0..=POINTS).map(point).collect()
    }

    /// The border of the ellipse on which KL to second order is δ, closed, in ratios.
    fn ellipse(&self, delta: f64) -> Vec<Point> {
        let mut border: Vec<Point> =
            ellipse(&self.metric(), delta, POINTS).map(|off: Vec2| [1.0 + off[0], 1.0 + off[1]]).collect();
        border.extend(border.first().copied());
        border
    }

    /// The line on which the probability of the rest is 0, where both ratios share it: its ends on the axes.
    #[must_use]
    pub fn edge(&self) -> Option<[Point; 2]> {
        self.shared.then(|| [[1.0 / self.p[0], 0.0], [0.0, 1.0 / self.p[1]]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bandit with three arms: the middle row of a table by hand.
    fn bandit() -> Policy {
        Policy { p: vec![0.9, 0.09, 0.01], advantages: vec![-0.055, 0.445, 0.945], visits: vec![1.0], actions: 3 }
    }

    /// KL by its definition, from all probabilities.
    fn kl(p: &[f64], q: &[f64]) -> f64 {
        p.iter().zip(q).map(|(p, q)| p * (p / q).ln()).sum()
    }

    #[test]
    fn the_axes_are_the_two_that_pull_hardest() {
        assert_eq!(bandit().axes(), Some([1, 2]));
        // The likeliest has the largest |A|π here, and has no axis all the same.
        let policy = Policy {
            p: vec![0.1, 0.5, 0.2, 0.2],
            advantages: vec![1.0, -3.0, 6.0, 1.0],
            visits: vec![1.0],
            actions: 4,
        };
        assert_eq!(policy.axes(), Some([2, 3]));
        let two = Policy {
            p: vec![0.8, 0.2, 0.1, 0.9],
            advantages: vec![-0.2, 0.8, 0.9, -0.1],
            visits: vec![0.6, 0.4],
            actions: 2,
        };
        assert_eq!(two.axes(), Some([1, 2]));
        assert_eq!(Policy { visits: vec![1.0, 0.0], ..two }.axes(), None);
    }

    #[test]
    fn the_borders_cost_what_they_say() {
        let plane = Plane::through(&bandit()).expect("three actions");
        for delta in [1e-6, 0.01, 0.1] {
            for [x, y] in plane.ball(delta) {
                let q = [1.0 - 0.09 * x - 0.01 * y, 0.09 * x, 0.01 * y];
                let found = kl(&[0.9, 0.09, 0.01], &q);
                assert!((found / delta - 1.0).abs() < 1e-6, "{delta} {x} {y} {found}");
            }
            for [x, y] in plane.ellipse(delta) {
                // ½ Σ p (ρ − 1)² over all three arms.
                let off = [-(0.09 * (x - 1.0) + 0.01 * (y - 1.0)) / 0.9, x - 1.0, y - 1.0];
                let found = 0.5 * [0.9, 0.09, 0.01].iter().zip(off).map(|(p, h)| p * h * h).sum::<f64>();
                assert!((found / delta - 1.0).abs() < 1e-9, "{delta} {x} {y} {found}");
            }
        }
        // Along one ratio alone a ball of 0.01 lets an action of probability 0.01 reach 3.113.
        let most = plane.ball(0.01).into_iter().map(|[_, y]| y).fold(0.0, f64::max);
        assert!((most - 3.113).abs() < 1e-3, "{most}");
    }

    #[test]
    fn the_surrogate_is_that_of_all_actions() {
        let plane = Plane::through(&bandit()).expect("three actions");
        let [x, y] = [1.3, 0.7];
        let q = [1.0 - 0.09 * x - 0.01 * y, 0.09 * x, 0.01 * y];
        let direct: f64 = q.iter().zip([-0.055, 0.445, 0.945]).map(|(q, a)| q * a).sum();
        assert!((plane.surrogate([x - 1.0, y - 1.0]) - direct).abs() < 1e-15);
    }

    #[test]
    fn two_states_add_up() {
        let p = [0.8, 0.2, 0.1, 0.9];
        let policy =
            Policy { p: p.to_vec(), advantages: vec![-0.2, 0.8, 0.9, -0.1], visits: vec![0.6, 0.4], actions: 2 };
        let plane = Plane::through(&policy).expect("two states");
        for [x, y] in plane.ball(0.02) {
            let first = kl(&p[..2], &[1.0 - 0.2 * x, 0.2 * x]);
            let second = kl(&p[2..], &[0.1 * y, 1.0 - 0.1 * y]);
            assert!(((0.6 * first + 0.4 * second) / 0.02 - 1.0).abs() < 1e-9);
        }
    }
}
