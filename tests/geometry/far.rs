//! Distances between any two points, near and distant, in both orders, against independent values.
//!
//!     cargo test --release --test geometry -- --ignored --nocapture

use std::sync::Arc;

use geodescent::family::bivariate::Bivariate;
use geodescent::family::logistic_regression::Regression;
use geodescent::family::mixture::Mixture;
use geodescent::family::{ChartId, Family, find};
use geodescent::geometry::distance;
use geodescent::geometry::geodesic::{Stop, between, follow};
use geodescent::geometry::transport::{area, holonomy, square};
use geodescent::math::Vec2;
use geodescent::registry::{Setting, Settings};
use serde_json::Value;

use crate::{family, tangent};

fn d(family: &dyn Family, p: Vec2, q: Vec2) -> f64 {
    distance(family, p, q).unwrap_or_else(|| panic!("{}: no distance from {p:?} to {q:?}", family.info().name))
}

#[test]
fn distances_agree_with_integrals_and_high_precision_closed_forms() {
    let file: Value = serde_json::from_str(include_str!("../reference/distances.json")).expect("JSON");
    let records = file["records"].as_array().expect("records");
    assert!(records.len() >= 40);
    for record in records {
        let family = family(record["family"].as_str().expect("a name"));
        let point = |key: &str| Vec2::new(record[key][0].as_f64().expect("x"), record[key][1].as_f64().expect("y"));
        let (p, q, wanted) = (point("from"), point("to"), record["distance"].as_f64().expect("a number"));
        // Values of a boundary-value solver are accurate to about 1e-10.
        let tolerance = if family.info().name == "beta" { 1e-9 } else { 2e-13 };
        let found = d(&*family, p, q);
        assert!((found / wanted - 1.0).abs() < tolerance, "{record}: {found}");
        assert_eq!(found.to_bits(), d(&*family, q, p).to_bits(), "{record}");
    }
}

#[test]
fn a_scale_fourteen_decades_smaller_is_as_distant_as_one_larger() {
    let gaussian = family("gaussian");
    let (wide, narrow) = (Vec2::new(0.0, 1e7), Vec2::new(0.0, 1e-7));
    let wanted = 2f64.sqrt() * 1e14f64.ln();
    for (p, q) in [(wide, narrow), (narrow, wide)] {
        assert!((d(&*gaussian, p, q) / wanted - 1.0).abs() < 1e-15, "{}", d(&*gaussian, p, q));
        let middle = between(&*gaussian, p, q).expect("a geodesic").point(0.5);
        assert!((middle[1] - 1.0).abs() < 1e-13, "{middle}");
    }
    // The squares overflow.
    let (p, q) = (Vec2::new(1e300, 1e-300), Vec2::new(-1e300, 1e300));
    let found = d(&*gaussian, p, q);
    assert!(found.is_finite() && found.to_bits() == d(&*gaussian, q, p).to_bits(), "{found}");
}

/// Random numbers from a seed, uniform between 0 and 1.
fn dice(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The distribution of a parameter: uniform, or uniform in its logarithm.
#[derive(Clone, Copy)]
enum Draw {
    Even(f64, f64),
    Log(f64, f64),
}

impl Draw {
    fn of(self, u: f64) -> f64 {
        match self {
            Self::Even(low, high) => low + (high - low) * u,
            Self::Log(low, high) => low * (high / low).powf(u),
        }
    }
}

const SCALE: Draw = Draw::Log(1e-7, 1e7);
const SHAPE: Draw = Draw::Log(1e-3, 1e5);
const PLACE: Draw = Draw::Even(-1e3, 1e3);
const RANGES: [(&str, [Draw; 2]); 14] = [
    ("gaussian", [PLACE, SCALE]),
    ("log-normal", [PLACE, SCALE]),
    ("laplace", [PLACE, SCALE]),
    ("logistic", [PLACE, SCALE]),
    ("cauchy", [PLACE, SCALE]),
    ("gumbel", [PLACE, SCALE]),
    ("weibull", [SHAPE, SCALE]),
    ("inverse-gaussian", [SCALE, SHAPE]),
    ("poisson-pair", [SCALE, SCALE]),
    ("bernoulli-pair", [Draw::Even(0.0, 1.0), Draw::Log(1e-9, 1.0)]),
    ("categorical", [Draw::Even(0.0, 0.5), Draw::Log(1e-9, 0.5)]),
    ("gamma", [SHAPE, SCALE]),
    ("von-mises", [Draw::Even(-3.13, 3.13), Draw::Log(1e-3, 1e4)]),
    ("beta", [SHAPE, SHAPE]),
];

/// Families that need something fixed: their ranges are in that chart.
fn fixed_families() -> [(Arc<dyn Family>, ChartId, [Draw; 2]); 9] {
    let build = |name: &str, fixed: Setting| -> Arc<dyn Family> {
        let info = find(name).expect(name);
        let mut settings = Settings::default();
        settings.set(&info.fixed[0], fixed);
        (info.build)(&settings)
    };
    let chart = |family: &str, name: &str| find(family).and_then(|info| info.chart(name)).expect(name);
    let mixture = |weight: f64, draws: [Draw; 2]| -> (Arc<dyn Family>, ChartId, [Draw; 2]) {
        (Arc::new(Mixture::new(weight, 1.0)), chart("gaussian-mixture", "center-separation"), draws)
    };
    // Log odds up to some 35.
    let regression = |xs: &[f64]| {
        let family = build("logistic-regression", Setting::Numbers(Arc::from(xs)));
        (family, chart("logistic-regression", "standardised"), [Draw::Even(-12.0, 12.0); 2])
    };
    let even = Draw::Even(-100.0, 100.0);
    [
        (build("student-t", Setting::Number(3.0)), ChartId::CANONICAL, [PLACE, SCALE]),
        (Arc::new(Bivariate::new([[1.0, 0.6], [0.6, 2.0]])), ChartId::CANONICAL, [PLACE, PLACE]),
        mixture(0.5, [Draw::Even(-10.0, 10.0), Draw::Log(0.01, 20.0)]),
        mixture(0.4, [even, Draw::Log(0.01, 100.0)]),
        mixture(0.05, [even, Draw::Even(0.0, 100.0)]),
        regression(&[-1.0, 1.0]),
        regression(&[9.2, 10.2, 11.1, 12.1, 13.1, 14.1, 15.1, 17.6]),
        // All small covariates below all large ones, with a gap.
        regression(&[-1.0, -0.9, -0.8, 0.8, 0.9, 1.0, 1.1]),
        regression(&MENARCHE),
    ]
}

/// The ages of the Warsaw girls (Milicer & Szczotka 1966).
const MENARCHE: [f64; 25] = [
    9.21, 10.21, 10.58, 10.83, 11.08, 11.33, 11.58, 11.83, 12.08, 12.33, 12.58, 12.83, 13.08, 13.33, 13.58, 13.83,
    14.08, 14.33, 14.58, 14.83, 15.08, 15.33, 15.58, 15.83, 17.58,
];

/// The distance is symmetric, additive along its own geodesic, and satisfies the triangle inequality.
#[expect(clippy::disallowed_macros, reason = "a test prints what it has measured")]
fn any_two_points_are_joined(pairs: usize) {
    let free = RANGES.map(|(name, ranges)| (family(name), ChartId::CANONICAL, ranges));
    for (family, chart, ranges) in free.into_iter().chain(fixed_families()) {
        let (name, mut dice) = (family.info().name, dice(7));
        let mut point = || family.chart(chart).to_parameters(Vec2::new(ranges[0].of(dice()), ranges[1].of(dice())));
        let (mut parts_off, mut all) = (0.0_f64, Vec::new());
        for _ in 0..pairs {
            let (p, q, r) = (point(), point(), point());
            let whole = d(&*family, p, q);
            assert_eq!(whole.to_bits(), d(&*family, q, p).to_bits(), "{name} {p:?} {q:?}");
            let by_third = d(&*family, p, r) + d(&*family, r, q);
            assert!(whole <= by_third * (1.0 + 1e-12), "{name} {p:?} {q:?} {r:?}");
            let geodesic = between(&*family, p, q).expect("a geodesic");
            let parts: f64 = (0..10)
                .map(|i| d(&*family, geodesic.point(f64::from(i) / 10.0), geodesic.point(f64::from(i + 1) / 10.0)))
                .sum();
            parts_off = parts_off.max((parts / whole - 1.0).abs());
            assert!((parts / whole - 1.0).abs() < 1e-9, "{name} {p:?} {q:?}: {parts} {whole}");
            all.push(whole);
        }
        all.sort_by(f64::total_cmp);
        println!("{name}: {pairs} pairs, distances up to {:.1}, ten parts to {parts_off:.0e}", all[pairs - 1]);
    }
}

#[test]
fn some_pairs_of_every_family_are_joined_symmetrically() {
    any_two_points_are_joined(3);
}

/// The shortest of several geodesics: between distant components the path leads over closer ones, where a shift is
/// harder to detect.
#[test]
fn mixtures_take_the_shorter_path_over_overlapping_components() {
    let mixture = Mixture::new(0.5, 1.0);
    let (p, q) = (Vec2::new(-4.0, 4.0), Vec2::new(26.0, 34.0));
    let found = d(&mixture, p, q);
    // Along constant separation each component is one Gaussian with half of the mass.
    assert!(found < 29.9, "{found}");
    // Down to a separation of 3, along it, and up again: only slightly longer than the geodesic.
    let along = (mixture.fisher(Vec2::new(0.0, 3.0)).sum()).sqrt() * 30.0;
    let down = d(&mixture, p, Vec2::new(-1.5, 1.5));
    assert!(found > along - 1e-9 && found < along + 2.0 * down, "{found} {along} {down}");
    assert_eq!(found.to_bits(), d(&mixture, q, p).to_bits());
}

#[test]
fn mixtures_near_the_singular_line_are_gaussians_of_equal_variance() {
    // Equal weights at a small separation s: a Gaussian with the variance 1 + s²/4 to order s⁴ in the density, s² in F.
    let (mixture, gaussian) = (Mixture::new(0.5, 1.0), family("gaussian"));
    let pair = |mean: f64, s: f64| {
        (Vec2::new(mean - 0.5 * s, mean + 0.5 * s), Vec2::new(mean, (0.25 * s).mul_add(s, 1.0).sqrt()))
    };
    for (mean, s, t) in [(0.002, 0.02, 0.05), (0.0, 0.01, 0.06), (0.01, 0.05, 0.05)] {
        let ((p, a), (q, b)) = (pair(0.0, s), pair(mean, t));
        let (found, wanted) = (d(&mixture, p, q), d(&*gaussian, a, b));
        assert!((found / wanted - 1.0).abs() < 3e-3, "{mean} {s} {t}: {found} {wanted}");
    }
}

/// With two covariates of equal weight the labels are two independent coins, and the metric is flat in asin √p.
#[test]
fn two_covariates_are_two_coins() {
    let regression = Regression::new(&Arc::from([-1.0, 1.0]));
    let angles = |p: Vec2| [-1.0, 1.0].map(|x| 2.0 * (0.5 * (p[0] + x * p[1])).exp().atan());
    for (p, q) in [
        ([0.3, 0.1], [-1.0, 2.0]),
        ([6.0, -3.0], [-5.0, 4.5]),
        ([-7.0, 3.0], [8.0, 2.0]),
        ([-10.0, 11.0], [11.0, -3.3]),
        ([11.4, 10.8], [-0.9, -9.8]),
        ([3.5, 8.6], [-8.6, 8.7]),
    ] {
        let (p, q) = (Vec2::from(p), Vec2::from(q));
        let (a, b) = (angles(p), angles(q));
        let wanted = ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)).sqrt() * 0.5f64.sqrt();
        let found = d(&regression, p, q);
        assert!((found / wanted - 1.0).abs() < 1e-10, "{p} {q}: {found} {wanted}");
    }
}

/// By shooting with x″ = −½F⁻¹T(x′, x′) in the parameters, `scipy.integrate.solve_ivp` (DOP853, rtol 1e-13), from the
/// solution for ends nearer to zero.
#[test]
fn three_covariates_agree_with_shooting() {
    let regression = Regression::new(&Arc::from([-1.0, 0.0, 0.0, 2.0]));
    for (p, q, wanted) in
        [([4.0, 3.0], [-5.0, 2.0], 2.402_151_978_706_567_7), ([6.0, -2.0], [-3.0, -4.0], 2.348_157_587_431_816_6)]
    {
        let found = d(&regression, Vec2::from(p), Vec2::from(q));
        assert!((found / wanted - 1.0).abs() < 1e-10, "{p:?} {q:?}: {found} {wanted}");
    }
}

#[test]
#[ignore = "200 pairs a family take minutes: cargo test --release --test geometry -- --ignored --nocapture"]
fn two_hundred_pairs_of_every_family_are_joined_symmetrically() {
    any_two_points_are_joined(200);
}

#[test]
fn a_short_step_at_a_large_shape_is_accurate() {
    // Geodesics of gamma(1e10, 1) and similar points: forth and back, with the length of the velocity.
    for (name, p) in [("gamma", [1e10, 1.0]), ("gamma", [1e-3, 1e7]), ("von-mises", [1.0, 1e10])] {
        let (family, p) = (family(name), Vec2::from(p));
        for angle in [0.3, 1.9, 3.5, 5.1] {
            // A whitened vector of a nearly singular matrix is accurate to a few digits only, so it is measured by the
            // map itself.
            let v = tangent(&*family, p, angle, 0.03);
            let q = follow(&*family, p, v).expect("a point");
            assert!((d(&*family, p, q) / 0.03 - 1.0).abs() < 1e-5, "{name} {p:?} {angle}: {}", d(&*family, p, q));
        }
    }
    let gamma = family("gamma");
    // exp of half the natural gradient step to gamma(1.1e10, 1.1), by collocation in (log shape, log mean), 30 digits.
    let v = Vec2::new(454_545_454.544_765_85, 0.045_454_545_454_476_59);
    let end = follow(&*gamma, Vec2::new(1e10, 1.0), v).expect("a point");
    assert!(
        (end[0] / 10_465_034_351.948 - 1.0).abs() < 1e-9 && (end[1] / 1.046_503_435_19 - 1.0).abs() < 1e-9,
        "{end}"
    );
}

#[test]
fn only_a_geodesic_that_reaches_the_boundary_has_left() {
    let von_mises = family("von-mises");
    // Straight towards the uniform distribution, which is not in the family.
    assert_eq!(follow(&*von_mises, Vec2::new(1.0, 0.5), Vec2::new(0.0, -30.0)), Err(Stop::Left));
    let categorical = family("categorical");
    assert_eq!(follow(&*categorical, Vec2::new(0.5, 0.3), Vec2::new(3.0, 0.0)), Err(Stop::Left));
    // Complete families have no boundary: an end that overflows is lost, it has not left.
    for name in ["gaussian", "gamma", "beta"] {
        let family = family(name);
        let p = Vec2::from(family.info().example);
        assert_ne!(follow(&*family, p, tangent(&*family, p, 1.1, 1e8)), Err(Stop::Left), "{name}");
        assert_eq!(follow(&*family, p, Vec2::new(f64::NAN, 1.0)), Err(Stop::Lost), "{name}");
    }
}

#[test]
fn holonomy_includes_whole_turns() {
    // With constant curvature the angle is curvature times area, whatever the number of turns (Gauss-Bonnet).
    for (name, curvature, corner, side) in [
        ("gaussian", -0.5, [5.0, 0.3], 2.0),
        ("gaussian", -0.5, [0.0, 0.01], 3.0),
        ("gaussian", -0.5, [-7.0, 1e-3], 0.5),
        ("cauchy", -2.0, [0.0, 0.1], 5.0),
        ("categorical", 0.25, [0.1, 0.1], 0.35),
    ] {
        let family = family(name);
        let corner = Vec2::from(corner);
        let angle = holonomy(&*family, &square(corner, side)).expect("an angle");
        let area = area(&*family, corner, side).expect("an area");
        assert!((angle / area / curvature - 1.0).abs() < 1e-9, "{name} {corner:?} {side}: {}", angle / area);
    }
    assert_eq!(holonomy(&*family("gaussian"), &square(Vec2::new(0.0, -1.0), 2.0)), None);
    assert_eq!(holonomy(&*family("categorical"), &square(Vec2::new(0.5, 0.4), 0.3)), None);
}
