//! A family with the Fisher metric as a Riemannian manifold, where it is a model space: half-plane, sphere, plane.
//!
//! That is a theorem about a family, which each family states for itself ([`super::Family::shape`]). What follows from
//! it (distances, geodesics) is geometry's business.

use super::ChartId;
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};

/// The model space that a family is isometric to, if any.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// `ds² = radius² (du² + dy²)/y²` in the view's coordinates (u, y).
    HalfPlane {
        /// The isometry from the parameters to (u, y).
        view: View,
        /// The unit of length; the curvature is −1/radius².
        radius: f64,
    },
    /// The parameters are two of the probabilities of three outcomes: 2√p lies on the sphere of radius 2.
    Sphere,
    /// `ds² = du² + dv²` in the view's coordinates.
    Flat(View),
    /// No closed form is known. Geodesics are computed in a chart in which the metric is well behaved.
    Curved {
        /// That chart.
        chart: ChartId,
    },
}

impl Shape {
    /// The half-plane of a metric F/scale² with constant F, whose entries 11, 12 and 22 are given, in the location and
    /// the scale to which the view maps the parameters.
    ///
    /// With `u = (location + (F₁₂/F₁₁) scale) √(F₁₁/b)`, `b = F₂₂ − F₁₂²/F₁₁`, the mixed term vanishes and lengths are
    /// √b times those of curvature −1.
    #[must_use]
    pub fn half_plane([location, mixed, scale]: [f64; 3], view: View) -> Self {
        let b = scale - mixed * mixed / location;
        let stretch = (location / b).sqrt();
        let shear = Mat2::new(stretch, stretch * mixed / location, 0.0, 1.0);
        Self::HalfPlane { view: View { linear: shear * view.linear, ..view }, radius: b.sqrt() }
    }

    /// A chart that is well scaled everywhere: logarithms of positive parameters.
    #[must_use]
    pub const fn chart(&self) -> ChartId {
        match self {
            Self::Curved { chart } => *chart,
            Self::HalfPlane { .. } | Self::Sphere => ChartId(1),
            Self::Flat(_) => ChartId::CANONICAL,
        }
    }

    /// Whether distances and geodesics have a closed form.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        !matches!(self, Self::Curved { .. })
    }
}

/// A monotone function of one parameter on the way to a shape's coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The parameter itself.
    Same,
    /// Its logarithm.
    Log,
    /// Its reciprocal.
    Inverse,
    /// Its square root.
    Root,
    /// The reciprocal of its square root.
    InverseRoot,
    /// The arc sine of its square root.
    ArcSine,
}

impl Reading {
    fn read(self, p: f64) -> f64 {
        match self {
            Self::Same => p,
            Self::Log => p.ln(),
            Self::Inverse => 1.0 / p,
            Self::Root => p.sqrt(),
            Self::InverseRoot => 1.0 / p.sqrt(),
            // Accurate near p = 1 too, where asin is ill-conditioned.
            Self::ArcSine => p.sqrt().atan2((1.0 - p).sqrt()),
        }
    }

    /// The inverse function; `None` if `x` is out of range.
    fn parameter(self, x: f64) -> Option<f64> {
        let p = match self {
            Self::Same => x,
            Self::Log => x.exp(),
            Self::Inverse => 1.0 / x,
            Self::Root => x * x,
            Self::InverseRoot => 1.0 / (x * x),
            Self::ArcSine => x.sin() * x.sin(),
        };
        let inside = match self {
            Self::Same | Self::Log => true,
            Self::Inverse | Self::Root | Self::InverseRoot => x > 0.0,
            Self::ArcSine => x > 0.0 && x < std::f64::consts::FRAC_PI_2,
        };
        (inside && p.is_finite()).then_some(p)
    }

    fn slope(self, p: f64) -> f64 {
        match self {
            Self::Same => 1.0,
            Self::Log => 1.0 / p,
            Self::Inverse => -1.0 / (p * p),
            Self::Root => 0.5 / p.sqrt(),
            Self::InverseRoot => -0.5 / (p * p.sqrt()),
            Self::ArcSine => 0.5 / (p * (1.0 - p)).sqrt(),
        }
    }

    /// The value at q minus that at p, accurate even where the two nearly agree.
    fn difference(self, p: f64, q: f64) -> f64 {
        let d = q - p;
        match self {
            Self::Same => d,
            Self::Log => crate::math::special::ln_ratio(q, p, d),
            Self::Inverse => -d / (p * q),
            Self::Root => d / (p.sqrt() + q.sqrt()),
            Self::InverseRoot => -d / ((p * q).sqrt() * (p.sqrt() + q.sqrt())),
            Self::ArcSine => {
                // sin(b − a) = sin b cos a − cos b sin a = (q − p)/(sin b cos a + cos b sin a).
                let (rise, fall) = ((q * (1.0 - p)).sqrt(), (p * (1.0 - q)).sqrt());
                let cos = (p * q).sqrt() + ((1.0 - p) * (1.0 - q)).sqrt();
                (d / (rise + fall)).atan2(cos)
            }
        }
    }
}

/// The map from a family's parameters to its shape's coordinates: a function of each parameter, then a matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// The function of each parameter.
    pub readings: [Reading; 2],
    /// The matrix that multiplies their values.
    pub linear: Mat2,
}

impl View {
    /// The identity.
    pub const PLAIN: Self = Self { readings: [Reading::Same; 2], linear: Mat2::new(1.0, 0.0, 0.0, 1.0) };

    /// The shape's coordinates at a point of the family.
    #[must_use]
    pub fn coordinates(&self, p: Vec2) -> Vec2 {
        self.linear * Vec2::new(self.readings[0].read(p[0]), self.readings[1].read(p[1]))
    }

    /// The coordinates of q minus those of p, accurate even where the two nearly agree.
    #[must_use]
    pub fn difference(&self, p: Vec2, q: Vec2) -> Vec2 {
        let difference = |i: usize| self.readings[i].difference(p[i], q[i]);
        self.linear * Vec2::new(difference(0), difference(1))
    }

    /// The parameters with these coordinates; `None` if there are none.
    #[must_use]
    pub fn parameters(&self, x: Vec2) -> Option<Vec2> {
        let read = inverse2(&self.linear)? * x;
        Some(Vec2::new(self.readings[0].parameter(read[0])?, self.readings[1].parameter(read[1])?))
    }

    /// Maps a tangent vector at p from the parameters to the shape's coordinates.
    #[must_use]
    pub fn push(&self, p: Vec2, v: Vec2) -> Vec2 {
        self.linear * Vec2::new(self.readings[0].slope(p[0]) * v[0], self.readings[1].slope(p[1]) * v[1])
    }

    /// Maps a tangent vector at p from the shape's coordinates to the parameters.
    #[must_use]
    pub fn pull(&self, p: Vec2, w: Vec2) -> Vec2 {
        let read = inverse2(&self.linear).map_or(super::NOWHERE, |inverse| inverse * w);
        Vec2::new(read[0] / self.readings[0].slope(p[0]), read[1] / self.readings[1].slope(p[1]))
    }
}
