//! How far a point lies from a geodesic, on families of constant curvature with a closed distance.
//!
//! By trigonometry of the triangle of the three points (Ratcliffe 2019, §3.5 and §2.5): no geodesic is drawn for it.

use super::distance::{distance, is_closed};
use crate::family::Family;
use crate::math::Vec2;

type Real = fn(f64) -> f64;

/// Curvatures below this are none.
const FLAT: f64 = 1e-9;

/// The Fisher-Rao distance of `p` from the whole geodesic through `a` and `b`, all in canonical parameters; from `a` where
/// `a` and `b` agree. None where the family has no closed distance. A point on the geodesic gets up to about 1e-8 for the
/// rounding of its distances.
#[must_use]
pub fn aside(family: &dyn Family, a: Vec2, b: Vec2, p: Vec2) -> Option<f64> {
    if !is_closed(family) {
        return None;
    }
    let (base, left, right) = (distance(family, a, b)?, distance(family, a, p)?, distance(family, b, p)?);
    if base == 0.0 || left == 0.0 {
        return Some(left);
    }
    let curvature = family.curvature(a);
    // What is flat but for rounding is flat.
    let (unit, sine, arc): (f64, Real, Real) = if curvature < -FLAT {
        ((-curvature).sqrt(), f64::sinh, f64::asinh)
    } else if curvature > FLAT {
        (curvature.sqrt(), f64::sin, |x| x.min(1.0).asin())
    } else {
        (1.0, |x| x, |x| x)
    };
    let [base, left, right] = [base, left, right].map(|side| side * unit);
    let half = 0.5 * (base + left + right);
    let part = |side: f64| sine((half - side).max(0.0));
    // The tangent of half the angle at `a`, as a fraction.
    let (above, below) = ((part(base) * part(left)).sqrt(), (sine(half) * part(right)).max(0.0).sqrt());
    let square = above * above + below * below;
    let sine_at_a = if square > 0.0 { 2.0 * above * below / square } else { 0.0 };
    Some(arc(sine(left) * sine_at_a) / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::gaussian::Gaussian;

    /// In the half-plane with u = μ/√2 geodesics are circles about the axis; the distance from one of centre c and radius r
    /// is √2 asinh(|(u−c)² + s² − r²| / (2 r s)).
    #[test]
    fn it_is_the_distance_from_the_circle() {
        let (a, b) = (Vec2::new(0.0, 1.0), Vec2::new(3.0, 1.0));
        let (centre, radius) = (1.5 / 2.0_f64.sqrt(), 2.125_f64.sqrt());
        for p in [[1.5, 1.8], [0.2, 0.3], [5.0, 2.0], [1.5, 3.25_f64.sqrt()]].map(Vec2::from) {
            let u = p[0] / 2.0_f64.sqrt() - centre;
            let power = (u * u + p[1] * p[1] - radius * radius).abs();
            let exact = 2.0_f64.sqrt() * (power / (2.0 * radius * p[1])).asinh();
            let found = aside(&Gaussian::new(), a, b, p);
            assert!(found.is_some_and(|found| (found - exact).abs() < 1e-9), "{p}: {found:?}, not {exact}");
        }
        let on = Vec2::new(1.5, 2.125_f64.sqrt());
        assert!(aside(&Gaussian::new(), a, b, on).is_some_and(|off| off < 1e-7));
    }

    #[test]
    fn on_the_sphere_the_pole_is_a_quarter_away_from_the_equator() {
        let family = (crate::family::categorical::INFO.build)(&crate::registry::Settings::default());
        // √p is (1, 0, 0) up to a hair, the geodesic runs from (0, 1, 0) to (0, 0, 1): a quarter of a circle of radius 2.
        let e = 1e-12;
        let (a, b, p) = (Vec2::new(e, 1.0 - 2.0 * e), Vec2::new(e, e), Vec2::new(1.0 - 2.0 * e, e));
        let off = aside(&*family, a, b, p);
        assert!(off.is_some_and(|off| (off - std::f64::consts::PI).abs() < 1e-5), "{off:?}");
    }
}
