//! What a family's Fisher metric is as a space, where that is known: half-plane, sphere, plane.
//!
//! A theorem about a family, not a number that could be computed: each family says its own ([`super::Family::shape`]). What
//! follows from it (distances, geodesics) is geometry's business.

use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};

/// The space that a family is with its Fisher metric, as far as it is known in closed form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// `ds² = radius² (du² + dy²)/y²` in the view's coordinates (u, y).
    HalfPlane {
        /// The way to (u, y).
        view: View,
        /// The unit of length; the curvature is −1/radius².
        radius: f64,
    },
    /// The probabilities of three outcomes, of which the parameters are two: 2√p lies on the sphere of radius 2.
    Sphere,
    /// `ds² = du² + dv²` in the view's coordinates.
    Flat(View),
    /// No closed form is known. Geodesics are computed in the chart of that index, where the metric is well behaved.
    Curved {
        /// The place of the chart in the family's table.
        chart: usize,
    },
}

impl Shape {
    /// A half-plane in disguise: the metric is F/scale² with constant F, whose entries 11, 12, 22 are given, in the location
    /// and the scale that the view reads.
    ///
    /// With `u = (location + (F₁₂/F₁₁) scale) √(F₁₁/b)`, `b = F₂₂ − F₁₂²/F₁₁`, the mixed term goes and lengths are √b times
    /// those of curvature −1.
    #[must_use]
    pub fn half_plane([location, mixed, scale]: [f64; 3], view: View) -> Self {
        let b = scale - mixed * mixed / location;
        let stretch = (location / b).sqrt();
        let shear = Mat2::new(stretch, stretch * mixed / location, 0.0, 1.0);
        Self::HalfPlane { view: View { linear: shear * view.linear, ..view }, radius: b.sqrt() }
    }

    /// The place, in the family's table, of a chart in which numbers behave well everywhere: logarithms of what is positive.
    #[must_use]
    pub const fn chart(&self) -> usize {
        match self {
            Self::Curved { chart } => *chart,
            Self::HalfPlane { .. } | Self::Sphere => 1,
            Self::Flat(_) => 0,
        }
    }

    /// Whether distances and geodesics have a closed form.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        !matches!(self, Self::Curved { .. })
    }
}

/// How one parameter is read on the way to a shape's coordinates. All of these rise or fall throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// As it is.
    Same,
    /// Its logarithm.
    Log,
    /// One over it.
    Inverse,
    /// Its root.
    Root,
    /// One over its root.
    InverseRoot,
    /// The arc sine of its root.
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
            // Also right near p = 1, where asin has no digits left.
            Self::ArcSine => p.sqrt().atan2((1.0 - p).sqrt()),
        }
    }

    /// The parameter of a reading; none where it is no reading of a parameter.
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

    /// The reading of q less that of p, without losing digits where the two nearly agree.
    fn difference(self, p: f64, q: f64) -> f64 {
        let d = q - p;
        match self {
            Self::Same => d,
            Self::Log => crate::math::special::ln_ratio(q, p, d),
            Self::Inverse => -d / (p * q),
            Self::Root => d / (p.sqrt() + q.sqrt()),
            Self::InverseRoot => -d / ((p * q).sqrt() * (p.sqrt() + q.sqrt())),
            Self::ArcSine => {
                // sin(b − a) = sin b cos a − cos b sin a, whose difference of squares is q − p.
                let (rise, fall) = ((q * (1.0 - p)).sqrt(), (p * (1.0 - q)).sqrt());
                let cos = (p * q).sqrt() + ((1.0 - p) * (1.0 - q)).sqrt();
                (d / (rise + fall)).atan2(cos)
            }
        }
    }
}

/// The way from a family's parameters to its shape's coordinates: each parameter read by itself, then a matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// How each parameter is read.
    pub readings: [Reading; 2],
    /// What the readings are multiplied by.
    pub linear: Mat2,
}

impl View {
    /// The parameters as they are.
    pub const PLAIN: Self = Self { readings: [Reading::Same; 2], linear: Mat2::new(1.0, 0.0, 0.0, 1.0) };

    /// The shape's coordinates of a point of the family.
    #[must_use]
    pub fn coordinates(&self, p: Vec2) -> Vec2 {
        self.linear * Vec2::new(self.readings[0].read(p[0]), self.readings[1].read(p[1]))
    }

    /// The coordinates of q less those of p, without losing digits where the two nearly agree.
    #[must_use]
    pub fn difference(&self, p: Vec2, q: Vec2) -> Vec2 {
        let difference = |i: usize| self.readings[i].difference(p[i], q[i]);
        self.linear * Vec2::new(difference(0), difference(1))
    }

    /// The numbers whose coordinates these are; none where no parameters have such coordinates.
    #[must_use]
    pub fn parameters(&self, x: Vec2) -> Option<Vec2> {
        let read = inverse2(&self.linear)? * x;
        Some(Vec2::new(self.readings[0].parameter(read[0])?, self.readings[1].parameter(read[1])?))
    }

    /// A tangent vector at p, in the shape's coordinates.
    #[must_use]
    pub fn push(&self, p: Vec2, v: Vec2) -> Vec2 {
        self.linear * Vec2::new(self.readings[0].slope(p[0]) * v[0], self.readings[1].slope(p[1]) * v[1])
    }

    /// A tangent vector of the shape at p's coordinates, in the parameters.
    #[must_use]
    pub fn pull(&self, p: Vec2, w: Vec2) -> Vec2 {
        let read = inverse2(&self.linear).map_or(super::NOWHERE, |inverse| inverse * w);
        Vec2::new(read[0] / self.readings[0].slope(p[0]), read[1] / self.readings[1].slope(p[1]))
    }
}
