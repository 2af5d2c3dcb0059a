//! The exact ball of points q with KL(p ‖ q) ≤ δ, as a line around it in a chart.
//!
//! Searched along rays from p, spread evenly in the Fisher metric; a ray that leaves the chart first ends at its border.

use std::f64::consts::TAU;

use super::Place;
use super::ellipse::whiten;
use crate::family::{Chart, Family};
use crate::math::{Mat2, Vec2};

/// Steps outward before a ray counts as unbounded: to 1e5 times the ellipse and further.
const STEPS: usize = 48;
/// Halvings of the interval that holds the boundary: to 1e-10 of the ray.
const HALVINGS: usize = 34;

/// Points of the boundary of the ball around `place`, once around in `n` rays; `metric` is the chart's Fisher matrix there.
/// Empty where the metric is no metric.
#[must_use]
pub fn boundary(
    family: &dyn Family,
    chart: &dyn Chart,
    place: &Place,
    metric: &Mat2,
    delta: f64,
    n: usize,
) -> Vec<Vec2> {
    let rays = (0..n).map(|i| whiten(metric, TAU * i as f64 / n as f64) * (2.0 * delta).sqrt());
    rays.filter(|ray| ray.iter().all(|v| v.is_finite()))
        .map(|ray| {
            let inside = |t: f64| divergence(family, chart, place, place.x + ray * t).is_some_and(|kl| kl <= delta);
            place.x + ray * last_inside(inside)
        })
        .collect()
}

/// KL(p ‖ x) where `x` is a point of the chart.
#[must_use]
pub fn divergence(family: &dyn Family, chart: &dyn Chart, place: &Place, x: Vec2) -> Option<f64> {
    if Place::violation(family, chart, x).is_some() {
        return None;
    }
    let kl = family.kl(place.p, chart.to_parameters(x));
    (!kl.is_nan()).then_some(kl)
}

/// The end of the first stretch, from zero on, in which the condition holds.
fn last_inside(inside: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 0.5);
    for _ in 0..STEPS {
        if !inside(high) {
            break;
        }
        low = high;
        high *= 1.3;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if inside(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::gaussian::Gaussian;

    fn ball(chart: usize, p: Vec2, delta: f64) -> Vec<Vec2> {
        let family = Gaussian::new();
        let chart = &*family.charts()[chart];
        let place = Place::of(chart, p);
        let metric = place.metric(&family.fisher(p));
        boundary(&family, chart, &place, &metric, delta, 720)
    }

    #[test]
    fn the_boundary_has_the_divergence_it_says() {
        let family = Gaussian::new();
        let p = Vec2::new(0.5, 1.5);
        for (i, chart) in family.charts().iter().enumerate() {
            for x in ball(i, p, 0.1) {
                let kl = family.kl(p, chart.to_parameters(x));
                assert!((kl - 0.1).abs() < 1e-9, "{} {kl}", chart.info().name);
            }
        }
    }

    #[test]
    fn the_ball_of_the_standard_normal_reaches_as_far_as_claimed() {
        // At δ = 0.1 from N(0, 1) the ball's sd runs from 0.7512 to 1.4239, the ellipse's from 0.6838 to 1.3162.
        let sd = ball(0, Vec2::new(0.0, 1.0), 0.1).into_iter().map(|x| x[1]).collect::<Vec<_>>();
        let (low, high) = (sd.iter().copied().fold(9.0, f64::min), sd.iter().copied().fold(0.0, f64::max));
        assert!((low - 0.7512).abs() < 5e-4 && (high - 1.4239).abs() < 5e-4, "{low} {high}");
        let half = super::super::ellipse::extent(&Mat2::new(1.0, 0.0, 0.0, 2.0), 0.1)[1];
        assert!((1.0 - half - 0.6838).abs() < 5e-5 && (1.0 + half - 1.3162).abs() < 5e-5);
    }

    #[test]
    fn rays_end_at_the_border_of_the_chart() {
        // In the variance chart a straight line downward meets variance 0 before KL gets to 30.
        for x in ball(2, Vec2::new(0.0, 1.0), 30.0) {
            assert!(x[1] > 0.0 && x.iter().all(|v| v.is_finite()));
        }
    }
}
