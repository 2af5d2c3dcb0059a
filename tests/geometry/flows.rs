//! Natural-gradient flows are m- and e-geodesics, not Fisher-Rao ones: published lengths and gaps.

use geodescent::family::Family;
use geodescent::geometry::distance;
use geodescent::geometry::geodesic::{alpha_between, between};
use geodescent::math::Vec2;

use crate::family;

/// The Fisher length of a curve, from the distances between many of its points.
fn length(family: &dyn Family, curve: impl Fn(f64) -> Vec2, end: f64) -> f64 {
    let n = 8000;
    // Spaced like 1 − e^−t, as the flow is.
    let at = |i: i32| curve(-(-end * f64::from(i) / f64::from(n)).exp_m1());
    (0..n).map(|i| distance(family, at(i), at(i + 1)).expect("a distance")).sum()
}

/// The largest distance from the curve to the geodesic.
fn gap(family: &dyn Family, curve: impl Fn(f64) -> Vec2, p: Vec2, q: Vec2) -> f64 {
    let geodesic = between(family, p, q).expect("a geodesic");
    let to_geodesic = |x: Vec2| {
        let d = |t: f64| distance(family, x, geodesic.point(t)).expect("a distance");
        // Golden section: the distance to a point of a geodesic is convex at negative curvature.
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let (a, b) = (high - 0.618_034 * (high - low), low + 0.618_034 * (high - low));
            if d(a) < d(b) { high = b } else { low = a }
        }
        d(0.5 * (low + high))
    };
    (0..=400).map(|i| to_geodesic(curve(f64::from(i) / 400.0))).fold(0.0, f64::max)
}

#[test]
fn lengths_and_gaps_of_flows() {
    let gaussian = family("gaussian");
    let p = Vec2::new(0.0, 1.0);
    // Lengths to t = 14 by the midpoint rule on |velocity| in (mean, sd) with 100,000 steps, next to the published
    // ones, which are sums of chords and short by up to 4.4e-4 where the steps are long.
    for (q, alpha, exact, published, apart) in [
        (Vec2::new(3.0, 1.0), -1.0, 2.718_050_1, 2.718_036, 0.3004),
        (Vec2::new(3.0, 1.0), 1.0, 2.999_997_5, 3.000, 0.5330),
        (Vec2::new(2.0, 0.5), -1.0, 2.694_360_3, 2.694_347, 0.2536),
        (Vec2::new(2.0, 0.5), 1.0, 2.847_113_4, 2.846_676, 0.4133),
    ] {
        let path = alpha_between(&*gaussian, p, q, alpha).expect("a path");
        let found = length(&*gaussian, |t| path.point(t), 14.0);
        assert!((found - exact).abs() < 5e-6, "{q} {alpha}: {found}");
        assert!(found > published - 5e-6 && found < published + 4.5e-4, "{q} {alpha}: {found}");
        let off = gap(&*gaussian, |t| path.point(t), p, q);
        assert!((off - apart).abs() < 1e-4, "{q} {alpha}: {off}");
    }
    // The maxima of the two lines to N(3, 1): √3.25, and 1.457738 of the circle.
    let line = alpha_between(&*gaussian, p, Vec2::new(3.0, 1.0), -1.0).expect("a path");
    assert!((line.point(0.5)[1] - 3.25_f64.sqrt()).abs() < 1e-12);
}
