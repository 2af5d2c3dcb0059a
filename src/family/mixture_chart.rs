//! The auxiliary chart of mixtures in which geodesics are smooth up to the singular line; it covers one side of the
//! line.
//!
//! With d the separation in standard deviations and μ the mean of the mixture, the metric is `E dμ² − 2M dμ dd + V
//! dd²`, where E, M and V are functions of d alone. In μ − ∫M/E dd the mixed term vanishes (Clairaut's coordinate), and
//! in √(1 + d²) − 1 the line d = 0, where V vanishes like d², is an ordinary boundary at a finite distance.

use std::sync::{Arc, OnceLock};

use super::separation::{Frames, quotient};
use super::{Chart, ChartInfo, Violation};
use crate::math::{Mat2, Vec2};

static INFO: ChartInfo = ChartInfo {
    name: "geodesic",
    axes: ["shifted mean", "spread"],
    doc: "mean/sd − ∫M/E dd, √(1 + d²) − 1 with d = |mean2 − mean1|/sd",
};

/// The chart of the mixtures on one side of the line of equal means.
#[derive(Debug)]
pub struct GeodesicChart {
    weights: [f64; 2],
    sd: f64,
    /// The sign of the separation.
    side: f64,
    frames: Arc<OnceLock<Frames>>,
}

impl GeodesicChart {
    pub fn new(weights: [f64; 2], sd: f64, side: f64, frames: Arc<OnceLock<Frames>>) -> Self {
        Self { weights, sd, side, frames }
    }

    fn frames(&self) -> &Frames {
        self.frames.get_or_init(|| Frames::new(self.weights))
    }

    /// The separation, in standard deviations, at a value of the second coordinate.
    fn separation(&self, spread: f64) -> f64 {
        self.side * (spread * (spread + 2.0)).sqrt()
    }
}

impl Chart for GeodesicChart {
    fn info(&self) -> &'static ChartInfo {
        &INFO
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        if !x[0].is_finite() || !x[1].is_finite() {
            Some(Violation::not_finite("the chart's coordinate"))
        } else if x[1] <= 0.0 {
            Some(Violation::not_positive("spread"))
        } else {
            None
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        let d = self.separation(x[1]);
        let mean = x[0] + self.frames().shift(d);
        Vec2::new(mean - self.weights[1] * d, mean + self.weights[0] * d) * self.sd
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        let d = (p[1] - p[0]) / self.sd;
        let mean = (self.weights[0] * p[0] + self.weights[1] * p[1]) / self.sd;
        Vec2::new(mean - self.frames().shift(d), d * d / (1.0 + 1.0_f64.hypot(d)))
    }

    fn jacobian(&self, x: Vec2, _: Vec2) -> Mat2 {
        let d = self.separation(x[1]);
        let [e, m, _] = self.frames().metric(d);
        let (rise, shear) = ((1.0 + x[1]) / d, m[0] / e[0]);
        Mat2::new(1.0, (shear - self.weights[1]) * rise, 1.0, (shear + self.weights[0]) * rise) * self.sd
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let d = (p[1] - p[0]) / self.sd;
        let [e, m, _] = self.frames().metric(d);
        let shear = quotient(m, [1.0, 0.0, 0.0], e);
        let root = 1.0_f64.hypot(d);
        let twice = Mat2::new(1.0, -1.0, -1.0, 1.0) / (self.sd * self.sd);
        [twice * -shear[1], twice / (root * root * root)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Family;
    use crate::family::mixture::Mixture;

    #[test]
    fn the_metric_is_diagonal_and_does_not_depend_on_the_mean() {
        let mixture = Mixture::new(0.3, 2.0);
        for d in [0.01, 0.7, 3.0, 9.0, 25.0, -0.4, -5.0] {
            let metric = |shift: f64| {
                let p = Vec2::new(shift, shift + 2.0 * d);
                let chart = mixture.geodesic_chart(p).expect("a chart");
                let x = chart.to_coordinates(p);
                assert!((chart.to_parameters(x) - p).norm() < 1e-11, "{d}");
                let j = chart.jacobian(x, p);
                // The Jacobian against central differences.
                for k in 0..2 {
                    let h = 1e-5 * if k == 0 { 1.0 } else { x[1] };
                    let step = if k == 0 { Vec2::new(h, 0.0) } else { Vec2::new(0.0, h) };
                    let slope = (chart.to_parameters(x + step) - chart.to_parameters(x - step)) / (2.0 * h);
                    assert!((slope - j.column(k)).norm() < 1e-6 * j.column(k).norm(), "{d} {k}");
                }
                j.transpose() * mixture.fisher(p) * j
            };
            let (here, there) = (metric(0.3), metric(-7.1));
            let unit = (here[(0, 0)] * here[(1, 1)]).sqrt();
            assert!(here[(0, 1)].abs() < 1e-11 * unit, "{d} {here}");
            assert!((here - there).norm() < 1e-9 * here.norm(), "{d}");
        }
    }
}
