use std::sync::atomic::AtomicUsize;

use geodescent::family::ChartId;
use geodescent::geometry::geodesic::exponential;
use geodescent::math::Vec2;

use crate::numeric::Numeric;
use crate::{families, family, tangent};

#[test]
fn numerical_exponential_maps_agree_with_closed_forms() {
    for (name, chart, p) in [
        ("gaussian", 1, [0.5, 1.5]),
        ("gaussian", 5, [0.5, 1.5]),
        ("gaussian", 0, [-3.0, 0.02]),
        ("gumbel", 1, [0.3, 0.7]),
        ("categorical", 1, [0.5, 0.3]),
        ("categorical", 2, [0.3, 0.1]),
    ] {
        let closed = family(name);
        let chart = closed.info().chart_after(ChartId::CANONICAL, chart);
        let numeric = Numeric { family: closed.clone(), chart, asked: AtomicUsize::new(0) };
        let p = Vec2::from(p);
        for angle in [0.0, 1.0, 2.2, 3.1, 4.0, 5.5] {
            for length in [1e-6, 0.01, 0.3, 0.6] {
                let v = tangent(&*closed, p, angle, length);
                let (Some(a), Some(b)) = (exponential(&*closed, p, v), exponential(&numeric, p, v)) else {
                    assert!(name == "categorical" && exponential(&*closed, p, v).is_none(), "{name} {angle} {length}");
                    continue;
                };
                let d = b - a;
                let off = d.dot(&(closed.fisher(a) * d)).sqrt();
                // The rounding error of a mean of −3 is 2e-14 of an sd of 0.02.
                assert!(off < 3e-12 * length.max(0.03), "{name} {chart:?} {angle} {length}: {off:e}");
            }
        }
    }
}

#[test]
fn a_long_geodesic_is_the_composition_of_its_parts() {
    for name in ["gamma", "beta", "gaussian", "cauchy"] {
        let family = family(name);
        let p = Vec2::from(family.info().example);
        for angle in [0.2, 1.9, 3.3, 5.0] {
            let v = tangent(&*family, p, angle, 1.5);
            let whole = exponential(&*family, p, v).expect("a point");
            // The point before the end, and the velocity there by differences of the map itself.
            let at = |t: f64| exponential(&*family, p, v * t).expect("a point");
            let h = 1e-4;
            let slope = (at(0.5 + h) - at(0.5 - h)) / (2.0 * h);
            let curved = (at(0.5 + 2.0 * h) - at(0.5 - 2.0 * h)) / (4.0 * h);
            let velocity = (slope * 4.0 - curved) / 3.0;
            let on = exponential(&*family, at(0.5), velocity * 0.5).expect("a point");
            let d = on - whole;
            assert!(d.dot(&(family.fisher(whole) * d)).sqrt() < 1e-9, "{name} {angle} {d}");
        }
    }
}

#[test]
fn a_short_geodesic_has_the_length_of_its_velocity_and_zero_velocity_stays() {
    for (family, p) in families() {
        assert_eq!(exponential(&*family, p, Vec2::zeros()).map(|q| (q - p).norm() < 1e-15), Some(true));
        let v = tangent(&*family, p, 0.7, 1e-4);
        let q = exponential(&*family, p, v).expect("a point");
        assert!(((q - p) - v).norm() < 1e-3 * v.norm(), "{}", family.info().name);
    }
}

#[test]
fn geodesics_that_leave_the_family_are_reported() {
    let categorical = family("categorical");
    assert!(exponential(&*categorical, Vec2::new(0.5, 0.3), Vec2::new(3.0, 0.0)).is_none());
    // A full great circle is not inside the simplex all along.
    let around = tangent(&*categorical, Vec2::new(0.3, 0.3), 0.4, 4.0 * std::f64::consts::PI);
    assert!(exponential(&*categorical, Vec2::new(0.3, 0.3), around).is_none());
    for (family, p) in families() {
        assert!(exponential(&*family, p, Vec2::new(f64::NAN, 1.0)).is_none());
        for length in [1e3, 1e8] {
            for angle in [0.0, 1.6, 3.1, 4.8] {
                if let Some(q) = exponential(&*family, p, tangent(&*family, p, angle, length)) {
                    assert!(family.contains(q), "{} {q}", family.info().name);
                }
            }
        }
    }
}
