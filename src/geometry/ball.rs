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
/// Cuts of the interval that holds the boundary: the second half of them in the middle, whatever the first have brought.
const HALVINGS: usize = 68;
/// The share of the ray to which the boundary is found.
const WIDTH: f64 = 1e-10;

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
            let excess = |t: f64| {
                let kl = divergence(family, chart, place, place.x + ray * t)?;
                Some((kl.max(0.0) / delta).sqrt() - 1.0)
            };
            place.x + ray * last_inside(excess)
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

/// The end of the first stretch, from zero on, in which `excess` is at most zero; it is −1 at zero, and none where there is
/// no point. Between two numbers the regula falsi (Illinois; Dowell and Jarratt 1971) is tried, else the middle: √KL is
/// nearly straight along a ray.
fn last_inside(excess: impl Fn(f64) -> Option<f64>) -> f64 {
    let (mut low, mut high) = ([0.0, -1.0], [0.5, f64::INFINITY]);
    for _ in 0..STEPS {
        let here = excess(high[0]).unwrap_or(f64::INFINITY);
        if here > 0.0 {
            high[1] = here;
            break;
        }
        low = [high[0], here];
        high[0] *= 1.3;
    }
    let mut before = 0.0;
    for i in 0..HALVINGS {
        if high[0] - low[0] <= WIDTH * high[0] {
            break;
        }
        let middle = 0.5 * (low[0] + high[0]);
        let straight = (low[0] * high[1] - high[0] * low[1]) / (high[1] - low[1]);
        let straight = Some(straight).filter(|t| i < HALVINGS / 2 && *t > low[0] && *t < high[0]);
        let t = straight.unwrap_or(middle);
        let here = excess(t).unwrap_or(f64::INFINITY);
        // An end that stays twice counts half.
        if here > 0.0 {
            high = [t, here];
            low[1] *= if before > 0.0 { 0.5 } else { 1.0 };
        } else {
            low = [t, here];
            high[1] *= if before < 0.0 { 0.5 } else { 1.0 };
        }
        before = if here > 0.0 { 1.0 } else { -1.0 };
    }
    low[0]
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
