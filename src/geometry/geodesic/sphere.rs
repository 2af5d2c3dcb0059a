//! Geodesics of the probabilities of three outcomes: great circles in √p, with lengths as on the sphere of radius 2.
//!
//! By chords instead of cosines, which are accurate for near points. Knows no family.

use crate::math::Vec2;

/// An arc between two points of the simplex.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    start: [f64; 3],
    end: [f64; 3],
    /// Square roots at the end minus those at the start.
    chord: [f64; 3],
    /// The angle at the centre.
    angle: f64,
}

/// The three probabilities.
fn whole(p: Vec2) -> [f64; 3] {
    [p[0], p[1], 1.0 - p[0] - p[1]]
}

fn roots(p: Vec2) -> [f64; 3] {
    whole(p).map(|p| p.max(0.0).sqrt())
}

impl Arc {
    /// The arc from p to q.
    #[must_use]
    pub fn new(p: Vec2, q: Vec2) -> Self {
        let (start, end, d) = (roots(p), roots(q), q - p);
        let differences = [d[0], d[1], -(d[0] + d[1])];
        let chord = [0, 1, 2].map(|i| if differences[i] == 0.0 { 0.0 } else { differences[i] / (start[i] + end[i]) });
        let length = chord.iter().map(|c| c * c).sum::<f64>().sqrt();
        Self { start, end, chord, angle: 2.0 * (0.5 * length).min(1.0).asin() }
    }

    /// The Fisher-Rao length.
    #[must_use]
    pub fn length(&self) -> f64 {
        2.0 * self.angle
    }

    /// The point at the fraction `t` of the length.
    #[must_use]
    pub fn point(&self, t: f64) -> Vec2 {
        let share = |part: f64| if self.angle == 0.0 { part } else { (part * self.angle).sin() / self.angle.sin() };
        let (first, last) = (share(1.0 - t), share(t));
        let root = |i: usize| first * self.start[i] + last * self.end[i];
        Vec2::new(root(0) * root(0), root(1) * root(1))
    }

    /// The velocity at the start, in p, if the arc takes one unit of time.
    #[must_use]
    pub fn velocity(&self) -> Vec2 {
        let half = (0.5 * self.angle).sin();
        let scale = if self.angle == 0.0 { 1.0 } else { self.angle / self.angle.sin() };
        // The part of the chord that is tangent to the sphere.
        let tangent = |i: usize| scale * (self.chord[i] + 2.0 * half * half * self.start[i]);
        Vec2::new(2.0 * self.start[0] * tangent(0), 2.0 * self.start[1] * tangent(1))
    }
}

/// The point that the great circle from p with velocity v reaches after one unit of time; `None` if it leaves the
/// simplex before.
#[must_use]
pub fn exponential(p: Vec2, v: Vec2) -> Option<Vec2> {
    let start = roots(p);
    let velocity = [0.5 * v[0] / start[0], 0.5 * v[1] / start[1], -0.5 * (v[0] + v[1]) / start[2]];
    let angle = velocity.iter().map(|c| c * c).sum::<f64>().sqrt();
    // The simplex is an octant: a great circle that leaves it does not return within half a turn.
    if angle.is_nan() || angle >= std::f64::consts::PI {
        return None;
    }
    let (cos, slope) = (angle.cos(), if angle == 0.0 { 1.0 } else { angle.sin() / angle });
    let root = [0, 1, 2].map(|i| cos * start[i] + slope * velocity[i]);
    root.iter().all(|root| *root > 0.0).then(|| Vec2::new(root[0] * root[0], root[1] * root[1]))
}
