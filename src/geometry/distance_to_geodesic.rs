//! The distance of a point from a geodesic, for families of constant curvature with a closed-form distance.
//!
//! By trigonometry in the triangle of the three points (Ratcliffe 2019, §2.5 and §3.5); no geodesic is computed.

use super::distance::{distance, is_closed};
use crate::family::Family;
use crate::math::Vec2;

type Real = fn(f64) -> f64;

/// A curvature below this, in absolute value, counts as zero.
const FLAT: f64 = 1e-9;

/// The Fisher-Rao distance of `p` from the complete geodesic through `a` and `b`, or from `a` if `a` and `b` agree; all
/// points are in canonical parameters.
///
/// `None` if the family has no closed-form distance. For a point on the geodesic rounding gives up to about 1e-8.
#[must_use]
pub fn distance_to_geodesic(family: &dyn Family, a: Vec2, b: Vec2, p: Vec2) -> Option<f64> {
    if !is_closed(family) {
        return None;
    }
    let (base, left, right) = (distance(family, a, b)?, distance(family, a, p)?, distance(family, b, p)?);
    if base == 0.0 || left == 0.0 {
        return Some(left);
    }
    let curvature = family.curvature(a);
    // A curvature that is zero up to rounding counts as zero.
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
    // The tangent of half the angle at `a`, as a fraction above/below.
    let (above, below) = ((part(base) * part(left)).sqrt(), (sine(half) * part(right)).max(0.0).sqrt());
    let square = above * above + below * below;
    let sine_at_a = if square > 0.0 { 2.0 * above * below / square } else { 0.0 };
    Some(arc(sine(left) * sine_at_a) / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::gaussian::Gaussian;

    /// In the half-plane with u = μ/√2 geodesics are circles with centres on the axis; the distance from one with
    /// centre c and radius r is √2 asinh(|(u−c)² + s² − r²| / (2 r s)).
    #[test]
    fn it_is_the_distance_from_the_circle_of_the_half_plane() {
        let (a, b) = (Vec2::new(0.0, 1.0), Vec2::new(3.0, 1.0));
        let (centre, radius) = (1.5 / 2.0_f64.sqrt(), 2.125_f64.sqrt());
        for p in [[1.5, 1.8], [0.2, 0.3], [5.0, 2.0], [1.5, 3.25_f64.sqrt()]].map(Vec2::from) {
            let u = p[0] / 2.0_f64.sqrt() - centre;
            let power = (u * u + p[1] * p[1] - radius * radius).abs();
            let exact = 2.0_f64.sqrt() * (power / (2.0 * radius * p[1])).asinh();
            let found = distance_to_geodesic(&Gaussian::new(), a, b, p);
            assert!(found.is_some_and(|found| (found - exact).abs() < 1e-9), "{p}: {found:?}, not {exact}");
        }
        let on = Vec2::new(1.5, 2.125_f64.sqrt());
        assert!(distance_to_geodesic(&Gaussian::new(), a, b, on).is_some_and(|off| off < 1e-7));
    }

    #[test]
    fn on_the_sphere_the_pole_is_a_quarter_away_from_the_equator() {
        let family = (crate::family::categorical::INFO.build)(&crate::registry::Settings::default());
        // √p is nearly (1, 0, 0), and the geodesic runs from (0, 1, 0) to (0, 0, 1): a quarter of a circle of radius 2.
        let e = 1e-12;
        let (a, b, p) = (Vec2::new(e, 1.0 - 2.0 * e), Vec2::new(e, e), Vec2::new(1.0 - 2.0 * e, e));
        let off = distance_to_geodesic(&*family, a, b, p);
        assert!(off.is_some_and(|off| (off - std::f64::consts::PI).abs() < 1e-5), "{off:?}");
    }
}
