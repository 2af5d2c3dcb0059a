//! Connections: the Christoffel symbols Γᵏᵢⱼ of every α-connection in the parameters and in any chart.
//!
//! Γ⁽ᵅ⁾ᵢⱼ,ₖ = ½ (∂ᵢFⱼₖ + ∂ⱼFᵢₖ − ∂ₖFᵢⱼ) − (α/2) Tᵢⱼₖ (Amari & Nagaoka 2000, eq. 2.54): the Levi-Civita connection for α
//! = 0, the exponential one for α = 1, the mixture one for α = −1. Geodesics and transport are in `geodesic` and
//! `transport`.

use super::Place;
use crate::family::{Chart, Family};
use crate::math::linear::{inverse2, solve2};
use crate::math::{Mat2, Vec2};

/// The Christoffel symbols of a connection at a point: `symbols[k][(i, j)]` = Γᵏᵢⱼ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Connection {
    symbols: [Mat2; 2],
}

impl Connection {
    /// The α-connection at `p` in the canonical parameters; `None` if the metric is singular.
    #[must_use]
    pub fn at(family: &dyn Family, p: Vec2, alpha: f64) -> Option<Self> {
        let slopes = family.fisher_slopes(p);
        let inverse = family.fisher_inverse(p)?;
        // Without the skewness if α = 0, since 0 · NaN is NaN.
        let skewness = (alpha != 0.0).then(|| family.skewness(p) * alpha);
        let lowered = |i: usize, j: usize| {
            let entry = |k: usize| {
                let metric = slopes[i][(j, k)] + slopes[j][(i, k)] - slopes[k][(i, j)];
                0.5 * (metric - skewness.map_or(0.0, |skewness| skewness.at(i, j, k)))
            };
            inverse * Vec2::new(entry(0), entry(1))
        };
        let (first, mixed, last) = (lowered(0, 0), lowered(0, 1), lowered(1, 1));
        let symbols = [0, 1].map(|k| Mat2::new(first[k], mixed[k], mixed[k], last[k]));
        Self { symbols }.finite()
    }

    /// The Levi-Civita connection in a chart at `place`, by the closed form of the chart or of the family if there is
    /// one; `None` if the metric is singular.
    #[must_use]
    pub fn levi_civita(family: &dyn Family, chart: &dyn Chart, place: &Place) -> Option<Self> {
        if let Some(symbols) = chart.symbols(place.p) {
            return Self { symbols }.finite();
        }
        match family.symbols(place.p) {
            Some(symbols) => Self { symbols }.in_chart(chart, place),
            None => Self::at(family, place.p, 0.0)?.in_chart(chart, place),
        }
    }

    /// The same connection in a chart at `place`: Γ̃ᵏᵢⱼ = (∂xᵏ/∂p꜀ Γᶜₐᵦ − ∂²xᵏ/∂pₐ∂pᵦ) Jₐᵢ Jᵦⱼ; `None` if the Jacobian
    /// is singular.
    #[must_use]
    pub fn in_chart(&self, chart: &dyn Chart, place: &Place) -> Option<Self> {
        let back = inverse2(&place.jacobian)?;
        let bends = chart.coordinate_hessians(place.p);
        let symbols = [0, 1].map(|k| {
            let bent = self.symbols[0] * back[(k, 0)] + self.symbols[1] * back[(k, 1)] - bends[k];
            place.metric(&bent)
        });
        Self { symbols }.finite()
    }

    /// The symbols Γᵏᵢⱼ as `[k][(i, j)]`.
    #[must_use]
    pub const fn symbols(&self) -> &[Mat2; 2] {
        &self.symbols
    }

    /// Γᵏᵢⱼ uⁱ vʲ: the rate at which the components of v decrease under parallel transport along u.
    #[must_use]
    pub fn apply(&self, u: Vec2, v: Vec2) -> Vec2 {
        Vec2::new(u.dot(&(self.symbols[0] * v)), u.dot(&(self.symbols[1] * v)))
    }

    fn finite(self) -> Option<Self> {
        self.symbols.iter().flat_map(Mat2::iter).all(|entry| entry.is_finite()).then_some(self)
    }
}

/// The largest |Γᵢⱼ,ₖ − ½Tᵢⱼₖ| of the Levi-Civita connection in the natural chart, in units of Fisher length along each
/// axis; `None` if the family has no natural chart or the metric is singular.
///
/// It is zero up to rounding: there F is the Hessian of the potential and T its third derivative (Amari & Nagaoka 2000,
/// eq. 2.54 at α = 0).
#[must_use]
pub fn natural_gap(family: &dyn Family, p: Vec2) -> Option<f64> {
    let [natural, _] = family.dual_charts()?;
    let chart = family.chart(natural);
    let place = Place::of(chart, p);
    let metric = place.metric(&family.fisher(p));
    let symbols = *Connection::at(family, p, 0.0)?.in_chart(chart, &place)?.symbols();
    let skewness = family.skewness(p).pulled(&place.jacobian);
    let unit = metric.diagonal().map(f64::sqrt);
    let entry = |n: usize| {
        let [i, j, k] = [n & 1, n >> 1 & 1, n >> 2];
        let lowered = metric[(k, 0)] * symbols[0][(i, j)] + metric[(k, 1)] * symbols[1][(i, j)];
        ((lowered - 0.5 * skewness.at(i, j, k)) / (unit[i] * unit[j] * unit[k])).abs()
    };
    (0..8).map(entry).try_fold(0.0, |most: f64, gap| gap.is_finite().then(|| most.max(gap)))
}

/// An α-connection on a whole chart: the right-hand side of the geodesic equation.
#[derive(Debug, Clone, Copy)]
pub struct Spray<'f> {
    /// The family.
    pub family: &'f dyn Family,
    /// The chart of the coordinates and velocities.
    pub chart: &'f dyn Chart,
    /// The parameter α of the connection.
    pub alpha: f64,
}

impl Spray<'_> {
    /// The symbols at `p` by a closed form of the chart or of the family; `None` if there is none.
    fn closed(&self, x: Vec2, p: Vec2) -> Option<Connection> {
        if self.alpha != 0.0 {
            return None;
        }
        if let Some(symbols) = self.chart.symbols(p) {
            return Connection { symbols }.finite();
        }
        let symbols = self.family.symbols(p)?;
        Connection { symbols }.in_chart(self.chart, &Place { x, p, jacobian: self.chart.jacobian(x, p) })
    }

    /// Γ(v, v) at `x`, so that geodesics satisfy x″ = −Γ(x′, x′); `None` outside the chart and where the metric is
    /// singular.
    ///
    /// Equal to that of [`Connection::in_chart`], but only the contraction is computed.
    #[must_use]
    pub fn christoffel(&self, x: Vec2, v: Vec2) -> Option<Vec2> {
        let p = self.chart.point(x)?;
        if let Some(connection) = self.closed(x, p) {
            return Some(connection.apply(v, v));
        }
        let jacobian = self.chart.jacobian(x, p);
        let w = jacobian * v;
        let (fisher, slopes) = self.family.fisher_jet(p);
        let along = slopes.map(|slope| slope * w);
        let mut lowered = along[0] * w[0] + along[1] * w[1] - Vec2::new(w.dot(&along[0]), w.dot(&along[1])) * 0.5;
        if self.alpha != 0.0 {
            lowered -= self.family.skewness(p).along(w) * w * (0.5 * self.alpha);
        }
        let raised = solve2(&fisher, &lowered);
        let bends = self.chart.coordinate_hessians(p).map(|bend| w.dot(&(bend * w)));
        let bend = inverse2(&jacobian)? * raised - Vec2::new(bends[0], bends[1]);
        (bend[0].is_finite() && bend[1].is_finite()).then_some(bend)
    }

    /// The Fisher length of a tangent vector at `x`; `None` outside the chart.
    #[must_use]
    pub fn speed(&self, x: Vec2, v: Vec2) -> Option<f64> {
        let p = self.chart.point(x)?;
        let square = self.family.squared_length(p, self.chart.jacobian(x, p) * v);
        (square >= 0.0 && square.is_finite()).then(|| square.sqrt())
    }

    /// The symbols at `x`; `None` outside the chart and where the metric is singular.
    #[must_use]
    pub fn connection(&self, x: Vec2) -> Option<Connection> {
        let p = self.chart.point(x)?;
        if let Some(connection) = self.closed(x, p) {
            return Some(connection);
        }
        let place = Place { x, p, jacobian: self.chart.jacobian(x, p) };
        Connection::at(self.family, p, self.alpha)?.in_chart(self.chart, &place)
    }
}
