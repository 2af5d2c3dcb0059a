//! Fisher-Rao distance where it has a closed form.
//!
//! Not its business: geodesics themselves, and families for which the distance has to be integrated. Sources: Atkinson &
//! Mitchell (1981), *Rao's distance measure*; Burbea (1986), *Informative geometry of probability spaces*.

use crate::family::Family;
use crate::math::Vec2;

/// What a family's Fisher metric is, as far as distances are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// `F(p) = F₁ / p₁²` with constant `F₁`: a half-plane, after a shear that makes `F₁` diagonal.
    HalfPlane,
    /// Three outcomes: a part of the sphere of radius 2.
    Sphere,
}

/// The families with a closed form. By name, because the shape of a metric is a theorem about a family and not a number
/// that it could compute.
const SHAPES: [(&str, Shape); 7] = [
    ("gaussian", Shape::HalfPlane),
    ("student-t", Shape::HalfPlane),
    ("cauchy", Shape::HalfPlane),
    ("laplace", Shape::HalfPlane),
    ("logistic", Shape::HalfPlane),
    ("gumbel", Shape::HalfPlane),
    ("categorical", Shape::Sphere),
];

fn shape(family: &dyn Family) -> Option<Shape> {
    SHAPES.iter().find(|(name, _)| *name == family.info().name).map(|(_, shape)| *shape)
}

/// Whether [`distance`] has a closed form on this family.
#[must_use]
pub fn is_closed(family: &dyn Family) -> bool {
    shape(family).is_some()
}

/// The Fisher-Rao distance of two points of the family, in canonical parameters; none where there is no closed form.
#[must_use]
pub fn distance(family: &dyn Family, p: Vec2, q: Vec2) -> Option<f64> {
    Some(match shape(family)? {
        Shape::HalfPlane => half_plane(family, p, q),
        Shape::Sphere => sphere(p, q),
    })
}

/// `ds² = (a dm² + 2c dm ds + b ds²)/s²`. With `u = m + (c/a) s` the mixed term goes and `b` becomes `b − c²/a`; then it
/// is the hyperbolic half-plane, `u` stretched by `√(a/b)`, lengths by `√b`.
fn half_plane(family: &dyn Family, p: Vec2, q: Vec2) -> f64 {
    // Written with asinh instead of arcosh: no digits are lost where the points nearly agree.
    let f = family.fisher(Vec2::new(0.0, 1.0));
    let (a, c) = (f[(0, 0)], f[(0, 1)]);
    let b = f[(1, 1)] - c * c / a;
    let ds = q[1] - p[1];
    let du = (q[0] - p[0]) + c / a * ds;
    2.0 * b.sqrt() * ((du * du * a / b + ds * ds) / (4.0 * p[1] * q[1])).sqrt().asinh()
}

/// `2 acos Σ√(pᵢ qᵢ)`, by the chord: `4 asin(|√p − √q|/2)`.
fn sphere(p: Vec2, q: Vec2) -> f64 {
    let root = |p: Vec2| [p[0], p[1], 1.0 - p[0] - p[1]].map(|x| x.max(0.0).sqrt());
    let chord: f64 = root(p).iter().zip(root(q)).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
    4.0 * (0.5 * chord).min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::FAMILIES;
    use crate::family::gaussian::Gaussian;
    use crate::registry::Settings;

    #[test]
    fn gaussian_distance_is_the_published_one() {
        let d = distance(&Gaussian::new(), Vec2::new(0.0, 1.0), Vec2::new(2.0, 0.5));
        assert!(d.is_some_and(|d| (d - 2.612_400_5).abs() < 1e-7), "{d:?}");
    }

    #[test]
    fn every_name_is_a_family() {
        for (name, _) in SHAPES {
            assert!(crate::family::find(name).is_some(), "{name}");
        }
    }

    #[test]
    fn nearby_points_are_as_far_apart_as_the_metric_says() {
        let families = FAMILIES.iter().filter(|info| info.fixed.is_empty());
        let mut closed = 0;
        for info in families {
            let family = (info.build)(&Settings::default());
            let p = Vec2::new(info.example[0], info.example[1]);
            for step in [[3e-6, 0.0], [0.0, 3e-6], [2e-6, 2e-6], [2e-6, -3e-6]].map(Vec2::from) {
                let Some(d) = distance(&*family, p, p + step) else { continue };
                let length = step.dot(&(family.fisher(p) * step)).sqrt();
                assert!((d / length - 1.0).abs() < 1e-4, "{}: {d} {length}", info.name);
                closed += 1;
            }
        }
        assert!(closed > 0);
    }

    #[test]
    fn distance_on_the_simplex_is_an_arc() {
        let (p, q) = (Vec2::new(0.5, 0.3), Vec2::new(0.2, 0.2));
        let cosine = (0.5_f64 * 0.2).sqrt() + (0.3_f64 * 0.2).sqrt() + (0.2_f64 * 0.6).sqrt();
        assert!((sphere(p, q) - 2.0 * cosine.acos()).abs() < 1e-12);
        assert_eq!(sphere(p, p), 0.0);
    }
}
