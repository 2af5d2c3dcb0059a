use std::f64::consts::PI;
use std::sync::atomic::{AtomicUsize, Ordering};

use geodescent::family::{ChartId, Family, Shape, principal};
use geodescent::geometry::connection::Connection;
use geodescent::geometry::distance;
use geodescent::geometry::geodesic::{between, exponential, logarithm};
use geodescent::math::Vec2;

use crate::numeric::Numeric;
use crate::{families, family, tangent};

fn fisher_length(family: &dyn Family, p: Vec2, v: Vec2) -> f64 {
    v.dot(&(family.fisher(p) * v)).sqrt()
}

#[test]
fn the_exponential_of_the_logarithm_is_the_other_end() {
    for (family, p) in families() {
        let name = family.info().name;
        for angle in [0.1, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0] {
            for length in [1e-7, 1e-3, 0.3, 1.0, 2.5] {
                let v = tangent(&*family, p, angle, length);
                let Some(q) = exponential(&*family, p, v) else { continue };
                let found = logarithm(&*family, p, q).unwrap_or_else(|| panic!("{name} {angle} {length}"));
                let off = fisher_length(&*family, p, found - v);
                assert!(off < 1e-9 * length + 1e-14, "{name} {angle} {length}: {off:e}");
                let d = distance(&*family, p, q).expect("a distance");
                assert!((d - length).abs() < 1e-9 * length + 1e-14, "{name} {angle} {length}: {d}");
                let back = distance(&*family, q, p).expect("a distance");
                assert!((d - back).abs() < 2e-10 * length + 1e-14, "{name} {angle} {length}: {d} {back}");
            }
        }
    }
}

#[test]
fn geodesics_have_constant_speed() {
    for (family, p) in families() {
        for angle in [0.5, 2.5, 4.5] {
            let Some(q) = exponential(&*family, p, tangent(&*family, p, angle, 1.2)) else { continue };
            let geodesic = between(&*family, p, q).expect("a geodesic");
            assert_eq!((geodesic.point(0.0), geodesic.point(1.0)), (p, q));
            for i in 1..20 {
                let (t, h) = (f64::from(i) / 20.0, 2e-3);
                let at = |k: f64| geodesic.point(t + k * h);
                let slope =
                    ((at(1.0) - at(-1.0)) * 45.0 - (at(2.0) - at(-2.0)) * 9.0 + (at(3.0) - at(-3.0))) / (60.0 * h);
                let speed = fisher_length(&*family, geodesic.point(t), slope);
                assert!((speed / 1.2 - 1.0).abs() < 1e-9, "{} {angle} {t}: {speed}", family.info().name);
            }
        }
    }
}

#[test]
fn no_path_by_a_third_point_is_shorter() {
    for (family, p) in families() {
        let point = |angle, length| exponential(&*family, p, tangent(&*family, p, angle, length));
        for (a, b) in [(0.3, 1.4), (2.0, 4.0), (5.0, 0.2), (1.0, 1.05)] {
            let (Some(q), Some(r)) = (point(a, 0.9), point(b, 1.3)) else { continue };
            let d = |p, q| distance(&*family, p, q).expect("a distance");
            assert!(d(q, r) <= d(q, p) + d(p, r) && d(p, r) <= d(p, q) + d(q, r), "{}", family.info().name);
        }
    }
}

#[test]
fn numerical_geodesics_agree_with_closed_forms() {
    for (name, chart, p, q) in [
        ("gaussian", 1, [0.0, 1.0], [2.0, 0.5]),
        ("gaussian", 1, [0.0, 1.0], [0.001, 1.0]),
        ("gaussian", 1, [-3.0, 0.3], [2.0, 0.5]),
        ("gaussian", 1, [-2.449, 0.9967], [7.06, 0.0483]),
        ("gumbel", 1, [0.0, 1.0], [2.0, 4.0]),
        ("categorical", 1, [0.5, 0.3], [0.05, 0.1]),
        ("categorical", 2, [0.5, 0.3], [0.2, 0.1]),
    ] {
        let closed = family(name);
        let chart = closed.info().chart_after(ChartId::CANONICAL, chart);
        let numeric = Numeric { family: closed.clone(), chart, asked: AtomicUsize::new(0) };
        let (p, q) = (Vec2::from(p), Vec2::from(q));
        let exact = between(&*closed, p, q).expect("a closed form");
        let found = between(&numeric, p, q).unwrap_or_else(|| panic!("{name} {p} {q}"));
        assert!((found.length() / exact.length() - 1.0).abs() < 1e-9, "{name}: {} {}", found.length(), exact.length());
        for i in 0..=10 {
            let t = f64::from(i) / 10.0;
            let off = fisher_length(&*closed, exact.point(t), found.point(t) - exact.point(t));
            assert!(off < 1e-9 * exact.length(), "{name} {t}: {off:e}");
        }
    }
}

#[test]
fn published_distances() {
    let gaussian = family("gaussian");
    let d = distance(&*gaussian, Vec2::new(0.0, 1.0), Vec2::new(2.0, 0.5)).expect("a distance");
    assert!((d - 2.612_400_5).abs() < 5e-8, "{d}");
    // The same distance, along a circle with maximum 1.457738.
    let geodesic = between(&*gaussian, Vec2::new(0.0, 1.0), Vec2::new(3.0, 1.0)).expect("a geodesic");
    assert!((geodesic.length() - 2.612_400_5).abs() < 5e-8);
    assert!((geodesic.point(0.5) - Vec2::new(1.5, 1.457_738)).norm() < 5e-7);
    let categorical = family("categorical");
    let (p, q) = (Vec2::new(0.5, 0.3), Vec2::new(0.2, 0.2));
    let cosine = (0.5_f64 * 0.2).sqrt() + (0.3_f64 * 0.2).sqrt() + (0.2_f64 * 0.6).sqrt();
    assert!((distance(&*categorical, p, q).expect("a distance") - 2.0 * cosine.acos()).abs() < 1e-12);
    assert_eq!(distance(&*categorical, p, p), Some(0.0));
}

#[test]
fn cauchy_geodesics_are_circles() {
    // From (0, 1) to (2, ½): centre 0.8125, radius² 1.66015625.
    let cauchy = family("cauchy");
    let geodesic = between(&*cauchy, Vec2::new(0.0, 1.0), Vec2::new(2.0, 0.5)).expect("a geodesic");
    for i in 0..=50 {
        let x = geodesic.point(f64::from(i) / 50.0);
        let square = (x[0] - 0.8125) * (x[0] - 0.8125) + x[1] * x[1];
        assert!((square / 1.660_156_25 - 1.0).abs() < 1e-12, "{square}");
    }
}

#[test]
fn geodesics_satisfy_their_equation() {
    for (family, p) in families() {
        for angle in [0.5, 2.5, 4.5] {
            let Some(q) = exponential(&*family, p, tangent(&*family, p, angle, 0.8)) else { continue };
            let geodesic = between(&*family, p, q).expect("a geodesic");
            for t in [0.1, 0.35, 0.6, 0.9] {
                let h = 0.004;
                let [far, before, x, after, beyond] = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|k| geodesic.point(t + k * h));
                let v = ((after - before) * 8.0 - (beyond - far)) / (12.0 * h);
                let bend = ((after + before) * 16.0 - (beyond + far) - x * 30.0) / (12.0 * h * h);
                let connection = Connection::at(&*family, x, 0.0).expect("symbols");
                let left = fisher_length(&*family, x, bend + connection.apply(v, v));
                assert!(left < 1e-6, "{} {angle} {t}: {left:e}", family.info().name);
            }
        }
    }
}

#[test]
fn no_geodesic_joins_antipodal_means_and_all_others_are_joined() {
    let family = family("von-mises");
    for (p, q) in [([0.0, 1.0], [PI, 2.0]), ([1.0, 0.3], [1.0 - PI, 0.3]), ([-0.5 * PI, 1e-3], [0.5 * PI, 40.0])] {
        assert!(between(&*family, Vec2::from(p), Vec2::from(q)).is_none(), "{p:?} {q:?}");
        // Two curves through the uniform distribution are equally short: along one mean, then along the other.
        let near = |p: [f64; 2]| distance(&*family, Vec2::from(p), Vec2::new(p[0], 1e-12)).expect("a distance");
        let d = distance(&*family, Vec2::from(p), Vec2::from(q)).expect("a distance");
        assert!((d - near(p) - near(q)).abs() < 1e-11, "{p:?} {q:?} {d}");
    }
    let mut joined = 0;
    for a in [-3.1, -1.5, 0.0, 0.7, 3.1, PI] {
        for turn in [1e-6, 0.5, 1.5, 2.5, 3.0, PI - 1e-3, PI - 1e-6] {
            for (k, l) in [(1e-3, 1e-3), (0.1, 3.0), (2.0, 2.0), (40.0, 1.0), (30.0, 60.0)] {
                let (p, q) = (Vec2::new(a, k), Vec2::new(principal(a + turn), l));
                let geodesic = between(&*family, p, q).expect("a geodesic");
                joined += 1;
                assert!(geodesic.length() > 0.0);
                for i in 0..=10 {
                    let x = geodesic.point(f64::from(i) / 10.0);
                    assert!(family.contains(x) && x[0] > -PI && x[0] <= PI, "{p:?} {q:?} {x:?}");
                }
            }
        }
    }
    assert_eq!(joined, 210);
}

#[test]
fn the_working_chart_of_a_closed_form_is_logarithmic_in_positive_parameters() {
    for (family, _) in families() {
        let name = family.info().chart_info(family.shape().chart()).name;
        let plain = matches!(family.shape(), Shape::Flat(_)) || family.info().name == "von-mises";
        assert!(plain || name.contains("log-") || name == "softmax", "{} {name}", family.info().name);
    }
}

/// Near ends take some 500 evaluations; without a bound distant ones took up to 700,000.
#[test]
fn a_search_without_a_symmetry_is_bounded_and_finds_distant_ends() {
    for name in ["gamma", "beta"] {
        let known = family(name);
        let chart = known.shape().chart();
        for (p, q) in [([1e-3, 1.0], [1e5, 1.0]), ([300.0, 5000.0], [1e5, 1.0])] {
            let numeric = Numeric { family: known.clone(), chart, asked: AtomicUsize::new(0) };
            let (p, q) = (Vec2::from(p), Vec2::from(q));
            let found = between(&numeric, p, q).expect("a geodesic").length();
            let exact = distance(&*known, p, q).expect("a distance");
            assert!((found / exact - 1.0).abs() < 1e-9, "{name} {p} {q}: {found} {exact}");
            let asked = numeric.asked.load(Ordering::Relaxed);
            assert!(asked < 260_000, "{name} {p} {q}: {asked}");
        }
    }
}

#[test]
fn distant_ends_are_reached() {
    for name in ["gamma", "beta"] {
        let family = family(name);
        let ends = [[1e-3, 1.0], [0.1, 20.0], [1.0, 1.0], [30.0, 2.0], [300.0, 5000.0], [1e5, 1.0]].map(Vec2::from);
        for p in ends {
            for q in ends {
                let geodesic = between(&*family, p, q).expect("a geodesic");
                for i in 0..=10 {
                    assert!(family.contains(geodesic.point(f64::from(i) / 10.0)));
                }
                let length = geodesic.length();
                assert!(length.is_finite() && (length > 0.0) == (p != q));
            }
        }
    }
    let d = distance(&*family("categorical"), Vec2::new(1e-300, 0.5), Vec2::new(0.999, 1e-9)).expect("a distance");
    assert!(d < PI);
}
