//! Exact balls around a point and their boundaries in a chart: in KL divergence from the point or to it, in Fisher-Rao
//! distance, in Wasserstein distance.
//!
//! A boundary is searched for along rays from the point, evenly spread in the Fisher metric; a ray that leaves the
//! chart before ends at the border of the chart.

use std::f64::consts::TAU;

use super::ellipse::whiten;
use super::reach::reach;
use super::{Place, distance, wasserstein};
use crate::family::{Chart, Family};
use crate::math::{Mat2, Vec2};

/// The divergence that is at most δ in a ball around p.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ball {
    /// KL(p ‖ q).
    Kl,
    /// KL(q ‖ p).
    Reverse,
    /// Half the squared Fisher-Rao distance. These three agree to second order.
    FisherRao,
    /// Half the squared Wasserstein distance W₂.
    Wasserstein,
}

/// Points, in the chart, of the boundary of the KL ball of radius `delta` (in nats) around `place`, on `n` rays once
/// around; `metric` is the chart's Fisher matrix at `place`. Empty if that is not positive definite.
#[must_use]
pub fn boundary(
    family: &dyn Family,
    chart: &dyn Chart,
    place: &Place,
    metric: &Mat2,
    delta: f64,
    n: usize,
) -> Vec<Vec2> {
    let mut rays = Rays::new(Ball::Kl, family, chart, (place, metric), delta);
    let ends = (0..n).map(|i| rays.end(TAU * i as f64 / n as f64));
    ends.filter(|end| end.iter().all(|v| v.is_finite())).collect()
}

/// The point of the boundary, in the chart, along the ray whose whitened direction is `angle` in radians; not finite if
/// `metric`, in the chart that of [`Ball::metric`], is not positive definite.
#[must_use]
pub fn end(
    ball: Ball,
    family: &dyn Family,
    chart: &dyn Chart,
    centre: (&Place, &Mat2),
    delta: f64,
    angle: f64,
) -> Vec2 {
    Rays::new(ball, family, chart, centre, delta).end(angle)
}

/// Rays of one ball, that share what is known of its centre.
pub struct Rays<'a> {
    ball: Ball,
    family: &'a dyn Family,
    chart: &'a dyn Chart,
    place: &'a Place,
    metric: &'a Mat2,
    delta: f64,
    origin: Option<wasserstein::Origin<'a>>,
    /// Where the last ray ended: the next one probably ends near by.
    last: f64,
}

impl<'a> Rays<'a> {
    /// Those of the ball of radius `delta` around a place; `metric` as for [`end`].
    #[must_use]
    pub fn new(
        ball: Ball,
        family: &'a dyn Family,
        chart: &'a dyn Chart,
        (place, metric): (&'a Place, &'a Mat2),
        delta: f64,
    ) -> Self {
        let origin = (ball == Ball::Wasserstein).then(|| wasserstein::Origin::new(family, place.p));
        Self { ball, family, chart, place, metric, delta, origin, last: 1.0 }
    }

    /// As [`end`].
    pub fn end(&mut self, angle: f64) -> Vec2 {
        let ray = whiten(self.metric, angle) * (2.0 * self.delta).sqrt();
        if !ray.iter().all(|v| v.is_finite()) {
            return ray * f64::NAN;
        }
        let ratio = |t: f64| {
            let within = self.divergence(self.place.x + ray * t)?;
            Some((within.max(0.0) / self.delta).sqrt())
        };
        let end = reach(self.last, ratio);
        self.last = if end > 0.5 && end < 2.0 { end } else { 1.0 };
        self.place.x + ray * end
    }

    fn divergence(&self, x: Vec2) -> Option<f64> {
        match &self.origin {
            Some(_) if Place::violation(self.family, self.chart, x).is_some() => None,
            Some(origin) => Some(0.5 * origin.distance(self.chart.to_parameters(x)).ok()?.powi(2)),
            None => self.ball.divergence(self.family, self.chart, self.place, x),
        }
    }
}

impl Ball {
    /// Twice its second-order term in the canonical parameters; NaN if there is none.
    #[must_use]
    pub fn metric(self, family: &dyn Family, p: Vec2) -> Mat2 {
        match self {
            Self::Kl | Self::Reverse | Self::FisherRao => family.fisher(p),
            Self::Wasserstein => wasserstein::metric(family, p).unwrap_or_else(|_| Mat2::repeat(f64::NAN)),
        }
    }

    /// The divergence between `place` and the coordinates `x` of the chart; `None` if `x` is outside the family or the
    /// divergence is not computable.
    #[must_use]
    pub fn divergence(self, family: &dyn Family, chart: &dyn Chart, place: &Place, x: Vec2) -> Option<f64> {
        if Place::violation(family, chart, x).is_some() {
            return None;
        }
        let q = chart.to_parameters(x);
        let value = match self {
            Self::Kl => family.kl(place.p, q),
            Self::Reverse => family.kl(q, place.p),
            Self::FisherRao => 0.5 * distance(family, place.p, q)?.powi(2),
            Self::Wasserstein => 0.5 * wasserstein::distance(family, place.p, q).ok()?.powi(2),
        };
        (!value.is_nan()).then_some(value)
    }
}

/// KL(p ‖ x) for the coordinates `x` of the chart; `None` if they are outside the family or it is not computable.
#[must_use]
pub fn divergence(family: &dyn Family, chart: &dyn Chart, place: &Place, x: Vec2) -> Option<f64> {
    Ball::Kl.divergence(family, chart, place, x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::ChartId;
    use crate::family::gaussian::Gaussian;

    fn ball(chart: ChartId, p: Vec2, delta: f64) -> Vec<Vec2> {
        let family = Gaussian::new();
        let chart = family.chart(chart);
        let place = Place::of(chart, p);
        let metric = place.metric(&family.fisher(p));
        boundary(&family, chart, &place, &metric, delta, 720)
    }

    #[test]
    fn the_boundary_has_the_divergence_delta() {
        let family = Gaussian::new();
        let p = Vec2::new(0.5, 1.5);
        for id in family.info().chart_ids() {
            let chart = family.chart(id);
            for x in ball(id, p, 0.1) {
                let kl = family.kl(p, chart.to_parameters(x));
                assert!((kl - 0.1).abs() < 1e-9, "{} {kl}", chart.info().name);
            }
        }
    }

    #[test]
    fn the_ball_of_the_standard_normal_has_the_known_extent() {
        // At δ = 0.1 from N(0, 1) the ball's sd runs from 0.7512 to 1.4239, the ellipse's from 0.6838 to 1.3162.
        let sd = ball(ChartId::CANONICAL, Vec2::new(0.0, 1.0), 0.1).into_iter().map(|x| x[1]).collect::<Vec<_>>();
        let (low, high) = (sd.iter().copied().fold(9.0, f64::min), sd.iter().copied().fold(0.0, f64::max));
        assert!((low - 0.7512).abs() < 5e-4 && (high - 1.4239).abs() < 5e-4, "{low} {high}");
        let half = super::super::ellipse::extent(&Mat2::new(1.0, 0.0, 0.0, 2.0), 0.1)[1];
        assert!((1.0 - half - 0.6838).abs() < 5e-5 && (1.0 + half - 1.3162).abs() < 5e-5);
    }

    #[test]
    fn rays_end_at_the_border_of_the_chart() {
        // In the variance chart a straight line downward meets variance 0 before KL reaches 30.
        let variance = Gaussian::new().info().chart("mean-variance").expect("a chart");
        for x in ball(variance, Vec2::new(0.0, 1.0), 30.0) {
            assert!(x[1] > 0.0 && x.iter().all(|v| v.is_finite()));
        }
    }

    #[test]
    fn small_balls_are_the_ellipse_and_large_ones_have_their_own_boundary() {
        let family = Gaussian::new();
        let chart = family.canonical();
        let place = Place::of(chart, Vec2::new(0.5, 1.5));
        let metric = place.metric(&family.fisher(place.p));
        for ball in [Ball::Kl, Ball::Reverse, Ball::FisherRao] {
            for angle in [0.0, 1.0, 2.0, 4.0] {
                let small = end(ball, &family, chart, (&place, &metric), 1e-6, angle) - place.x;
                assert!((small - whiten(&metric, angle) * 2e-6_f64.sqrt()).norm() < 2e-6, "{ball:?}");
                let x = end(ball, &family, chart, (&place, &metric), 0.3, angle);
                let within = ball.divergence(&family, chart, &place, x).unwrap_or(f64::NAN);
                assert!((within - 0.3).abs() < 1e-9, "{ball:?} {within}");
            }
        }
    }
}
