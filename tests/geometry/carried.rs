//! Parallel transport and triangles of divergences.

use geodescent::geometry::geodesic::{alpha_between, between, exponential};
use geodescent::geometry::transport::{along, along_polyline, holonomy};
use geodescent::geometry::triangle::Triangle;
use geodescent::math::Vec2;

use crate::{families, family, tangent};

#[test]
fn the_holonomy_of_a_square_of_normals_is_half_its_area() {
    // Squares in (mean, sd) up from N(0, 1); their Fisher area is √2 ∫∫ dm ds/s² = √2 a (1 − 1/(1 + a)).
    let gaussian = family("gaussian");
    for (side, published) in [(0.4, -0.080_812_2), (0.2, -0.023_570_2), (0.1, -0.006_428_24)] {
        let corners = [[0.0, 1.0], [side, 1.0], [side, 1.0 + side], [0.0, 1.0 + side]].map(Vec2::from);
        let angle = holonomy(&*gaussian, &corners).expect("an angle");
        assert!((angle / published - 1.0).abs() < 1e-5, "{side}: {angle}");
        let area = 2f64.sqrt() * side * (1.0 - 1.0 / (1.0 + side));
        assert!((angle / area + 0.5).abs() < 1e-9, "{}", angle / area);
    }
}

#[test]
fn transport_preserves_lengths_and_the_velocity_of_geodesics() {
    for (family, p) in families() {
        let v = tangent(&*family, p, 0.8, 0.9);
        let q = exponential(&*family, p, v).expect("a point");
        let geodesic = between(&*family, p, q).expect("a geodesic");
        let length = |p: Vec2, v: Vec2| v.dot(&(family.fisher(p) * v)).sqrt();
        let carried = along(&*family, |t| geodesic.point(t), v, 0.0).expect("a vector");
        // From the other end backwards the velocity has the opposite sign.
        let back = between(&*family, q, p).expect("a geodesic").velocity();
        assert!(length(q, carried + back) < 2e-7, "{} {:e}", family.info().name, length(q, carried + back));
        let w = tangent(&*family, p, 2.1, 1.0);
        let carried = along(&*family, |t| geodesic.point(t), w, 0.0).expect("a vector");
        assert!((length(q, carried) - 1.0).abs() < 2e-7, "{}", family.info().name);
    }
}

#[test]
fn exponential_and_mixture_transport_are_path_independent_and_dual() {
    for name in ["gaussian", "gamma", "beta", "categorical", "von-mises", "inverse-gaussian"] {
        let family = family(name);
        let p = Vec2::from(family.info().example);
        let v = tangent(&*family, p, 0.4, 1.0);
        let q = exponential(&*family, p, tangent(&*family, p, 1.9, 0.3)).expect("a point");
        let corner = exponential(&*family, p, tangent(&*family, p, 0.3, 0.3)).expect("a point");
        let metric = |p: Vec2, v: Vec2, w: Vec2| v.dot(&(family.fisher(p) * w));
        for alpha in [1.0, -1.0] {
            let [short, long] =
                [&[p, q][..], &[p, corner, q]].map(|way| along_polyline(&*family, way, v, alpha).expect("a vector"));
            assert!(metric(q, short - long, short - long).sqrt() < 1e-7, "{name} {alpha}");
            let w = tangent(&*family, p, 3.0, 1.0);
            let other = along_polyline(&*family, &[p, q], w, -alpha).expect("a vector");
            assert!((metric(q, short, other) - metric(p, v, w)).abs() < 1e-7, "{name} {alpha}");
        }
    }
}

#[test]
fn e_and_m_geodesics_are_straight_in_their_charts_and_agree_with_computed_ones() {
    for name in ["gaussian", "gamma", "beta", "inverse-gaussian"] {
        let family = family(name);
        let p = Vec2::from(family.info().example);
        let q = exponential(&*family, p, tangent(&*family, p, 1.2, 0.8)).expect("a point");
        for (alpha, chart) in [(1.0, "natural"), (-1.0, "expectation")] {
            let straight = alpha_between(&*family, p, q, alpha).expect("a path");
            let chart = family.chart(family.info().chart(chart).expect("a chart"));
            // A nearby connection is computed numerically, and its geodesic must be nearby.
            let near = alpha_between(&*family, p, q, alpha * (1.0 - 1e-9)).expect("a path");
            for i in 0..=10 {
                let t = f64::from(i) / 10.0;
                let [x, a, b] = [straight.point(t), p, q].map(|p| chart.to_coordinates(p));
                assert!((x - (a * (1.0 - t) + b * t)).amax() < 1e-12 * a.amax().max(b.amax()), "{name} {alpha}");
                assert!((near.point(t) - straight.point(t)).amax() < 1e-7 * p.amax(), "{name} {alpha} {t}");
            }
        }
    }
    assert!(alpha_between(&*family("weibull"), Vec2::new(1.5, 2.0), Vec2::new(2.0, 1.0), 1.0).is_some());
}

#[test]
fn the_pythagorean_theorem_holds_at_right_angles() {
    for name in ["gaussian", "gamma", "categorical", "beta"] {
        let family = family(name);
        let [natural, expectation] = family.dual_charts().expect("an exponential family");
        let q = Vec2::from(family.info().example);
        let (theta, eta) = (family.chart(natural), family.chart(expectation));
        // A tangent of the m-geodesic from q to p, and a tangent of the e-geodesic from q to r orthogonal to it.
        let u = tangent(&*family, q, 0.7, 0.1);
        let w = tangent(&*family, q, 0.7 + std::f64::consts::FRAC_PI_2, 0.1);
        let along = |chart: &dyn geodescent::family::Chart, v: Vec2| {
            let x = chart.to_coordinates(q);
            let step = geodescent::math::linear::inverse2(&chart.jacobian(x, q)).expect("a chart") * v;
            chart.point(x + step).expect("a point")
        };
        let (p, r) = (along(eta, u), along(theta, w));
        let triangle = Triangle::of(&*family, p, q, r);
        assert!(triangle.excess().abs() < 1e-14 && triangle.across > 1e-3, "{name} {triangle:?}");
        assert!(triangle.corner.expect("a corner").abs() < 1e-14, "{name} {triangle:?}");
        // In general the difference is the corner term.
        let oblique = Triangle::of(&*family, along(eta, w), q, r);
        assert!(
            (oblique.excess() - oblique.corner.expect("a corner")).abs() < 1e-14 && oblique.excess() > 1e-3,
            "{name} {oblique:?}"
        );
    }
}
