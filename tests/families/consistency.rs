//! Each family against itself: charts and their inverses, derivatives against differences, rejected points.

use geodescent::family::{FAMILIES, Family, Support};
use geodescent::math::{Mat2, Vec2};

use crate::{build, points};

/// The derivative at zero of a function, by central differences with two steps of Richardson extrapolation.
fn slope(f: impl Fn(f64) -> f64, step: f64) -> f64 {
    let central = |h: f64| (f(h) - f(-h)) / (2.0 * h);
    let [whole, half, quarter] = [step, 0.5 * step, 0.25 * step].map(central);
    let (coarse, fine) = ((4.0 * half - whole) / 3.0, (4.0 * quarter - half) / 3.0);
    (16.0 * fine - coarse) / 15.0
}

/// The gradient of a function of two variables, with a step for each.
fn gradient(f: impl Fn(Vec2) -> f64, at: Vec2, step: Vec2) -> Vec2 {
    Vec2::new(slope(|h| f(at + Vec2::new(h, 0.0)), step[0]), slope(|h| f(at + Vec2::new(0.0, h)), step[1]))
}

/// A step in each parameter over which everything is smooth: a fraction of a unit of Fisher length.
fn steps(family: &dyn Family, p: Vec2) -> Vec2 {
    let fisher = family.fisher(p);
    // The boundary is within a Fisher length of a rare event.
    let room = |i: usize| match family.support() {
        Support::CountPairs => 0.02 * p[i],
        Support::BitPairs => 0.02 * p[i].min(1.0 - p[i]),
        // A light component carries little information, but varies within its own width.
        _ if family.info().name == "gaussian-mixture" => 0.005,
        _ => f64::INFINITY,
    };
    Vec2::from_fn(|i, _| (0.02 / fisher[(i, i)].sqrt()).min(room(i)))
}

fn close(what: &str, family: &dyn Family, p: Vec2, got: Vec2, wanted: Vec2, tolerance: Vec2) {
    for i in 0..2 {
        let off = (got[i] - wanted[i]).abs();
        let name = family.info().name;
        assert!(off <= tolerance[i], "{name} at {p:?}: {what} is {got:?}, not {wanted:?} (off by {off:.1e})");
    }
}

/// Observations spread over a family's bulk.
fn observations(family: &dyn Family, p: Vec2) -> Vec<Vec<f64>> {
    let pairs = |pairs: [[f64; 2]; 4]| pairs.map(Vec::from).to_vec();
    match family.support() {
        Support::Outcomes(n) => return (1..=n).map(|x| vec![f64::from(x)]).collect(),
        Support::CountPairs => return pairs([[0.0, 3.0], [1.0, 0.0], [12.0, 2.0], [40.0, 7.0]]),
        Support::BitPairs => return pairs([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
        Support::Labelled => return pairs([[-2.0, 0.0], [0.5, 1.0], [0.5, 0.0], [1.0, 1.0]]),
        Support::Plane => return pairs([[-2.0, 0.3], [0.5, 1.0], [3.5, 0.0], [1.0, 7.0]]),
        _ => {}
    }
    let (low, high) = family.bulk(p);
    // None of the fractions hits the kink of the Laplace density, which is in the middle.
    [0.02, 0.23, 0.44, 0.71, 0.93].iter().map(|share| vec![low + share * (high - low)]).collect()
}

#[test]
fn tables_agree_with_the_families_built() {
    for info in FAMILIES {
        let family = build(info, 3.0);
        assert_eq!(family.info().name, info.name);
        assert_eq!(family.charts().len(), info.charts.len());
        for (chart, row) in family.charts().iter().zip(info.charts) {
            assert_eq!(chart.info().name, row.name);
        }
        assert_eq!(info.charts[0].name, info.parameters.join("-"));
        assert!(family.contains(Vec2::from(info.example)));
        assert_eq!(family.fixed().iter().count(), info.fixed.len());
    }
}

#[test]
fn charts_are_inverted() {
    for (family, points) in points() {
        for (p, chart) in points.iter().flat_map(|p| family.charts().iter().map(move |chart| (*p, chart))) {
            let x = chart.to_coordinates(p);
            assert_eq!(chart.violation(x), None, "{} {} at {x:?}", family.info().name, chart.info().name);
            close(chart.info().name, &*family, p, chart.to_parameters(x), p, p.abs() * 2e-12);
        }
    }
}

#[test]
fn jacobians_agree_with_finite_differences() {
    for (family, points) in points() {
        for (p, chart) in points.iter().flat_map(|p| family.charts().iter().map(move |chart| (*p, chart))) {
            let x = chart.to_coordinates(p);
            let jacobian = chart.jacobian(x, p);
            // Against the forward map: J · ∂x/∂p = 1.
            let step = steps(&*family, p) * 0.1;
            let rows = [0, 1].map(|i| gradient(|p| chart.to_coordinates(p)[i], p, step).transpose());
            let product = jacobian * Mat2::from_rows(&rows);
            let scale = Mat2::from_fn(|i, j| p[j].abs().max(step[j]) / p[i].abs().max(step[i]));
            let off = (product - Mat2::identity()).component_mul(&scale).amax();
            assert!(off < 1e-8, "{} {} at {p:?}: {product}", family.info().name, chart.info().name);
        }
    }
}

#[test]
fn coordinate_hessians_agree_with_finite_differences() {
    for (family, points) in points() {
        for (p, chart) in points.iter().flat_map(|p| family.charts().iter().map(move |chart| (*p, chart))) {
            let step = steps(&*family, p);
            for (i, bend) in chart.coordinate_hessians(p).into_iter().enumerate() {
                let forward = |p: Vec2, j: usize| {
                    let inverse = chart.jacobian(chart.to_coordinates(p), p).try_inverse().expect("a chart");
                    inverse[(i, j)]
                };
                for j in 0..2 {
                    let got = bend.column(j).into_owned();
                    let wanted = gradient(|p| forward(p, j), p, step);
                    let size = forward(p, j).abs() + bend.abs().dot(&Mat2::from_columns(&[step, step]).transpose());
                    let tolerance = got.abs() * 1e-7 + step.map(|h| 1e-8 * size / h);
                    let what = format!("the bend of {} {i} {j}", chart.info().name);
                    close(&what, &*family, p, got, wanted, tolerance);
                }
            }
        }
    }
}

#[test]
fn derivatives_of_fisher_matrices_agree_with_finite_differences() {
    for (family, points) in points() {
        for p in points {
            let step = steps(&*family, p);
            let slopes = family.fisher_slopes(p);
            for (i, j) in [(0, 0), (0, 1), (1, 1)] {
                let wanted = gradient(|p| family.fisher(p)[(i, j)], p, step);
                let got = Vec2::new(slopes[0][(i, j)], slopes[1][(i, j)]);
                let size = family.fisher(p)[(i, j)].abs();
                close("∂F", &*family, p, got, wanted, got.abs() * 1e-7 + step.map(|h| 1e-9 * size / h));
            }
        }
    }
}

#[test]
fn scores_agree_with_finite_differences() {
    for (family, points) in points() {
        for p in points {
            let step = steps(&*family, p);
            for x in observations(&*family, p) {
                let wanted = gradient(|p| family.log_density(p, &x), p, step);
                let score = family.score(p, &x);
                let tolerance = (score.abs() + step.map(|h| 0.02 / h)) * 1e-8;
                close("the score", &*family, p, score, wanted, tolerance);
            }
        }
    }
}

#[test]
fn log_densities_at_a_point_are_bit_identical() {
    for (family, points) in points() {
        for p in points {
            let at = family.log_density_at(p);
            for x in observations(&*family, p) {
                assert_eq!(at(&x).to_bits(), family.log_density(p, &x).to_bits(), "{} {p} {x:?}", family.info().name);
            }
        }
    }
}

#[test]
fn gradients_of_divergences_agree_with_finite_differences() {
    for (family, points) in points() {
        for (i, &p) in points.iter().enumerate() {
            // Far enough that the differences do not reach across p, where the Laplace divergence has a kink.
            let near = p + 2.0 * steps(&*family, p);
            for &q in points.iter().skip(i + 1).chain(&[near]) {
                for (p, q) in [(p, q), (q, p)] {
                    let kl = family.kl(p, q);
                    assert!(kl > 0.0);
                    let unit = |at: Vec2| steps(&*family, at).map(|h| 0.02 / h);
                    let (step_p, step_q) = (steps(&*family, p), steps(&*family, q));
                    let first = gradient(|p| family.kl(p, q), p, step_p * 0.5);
                    let second = gradient(|q| family.kl(p, q), q, step_q * 0.5);
                    let (got_first, got_second) = (family.kl_gradient_first(p, q), family.kl_gradient_second(p, q));
                    let tolerance = |got: Vec2, at: Vec2| got.abs() * 1e-7 + unit(at) * 1e-9 * (1.0 + kl);
                    close("∂KL/∂p", &*family, p, got_first, first, tolerance(got_first, p));
                    close("∂KL/∂q", &*family, p, got_second, second, tolerance(got_second, q));
                }
            }
        }
    }
}

#[test]
fn near_divergences_are_half_the_squared_fisher_length() {
    for (family, points) in points() {
        for p in points {
            assert!(family.kl(p, p).abs() < 1e-15, "{} at {p:?}: {:e}", family.info().name, family.kl(p, p));
            for size in [1e-4, 1e-6] {
                let q = p + steps(&*family, p).component_mul(&Vec2::new(50.0, -30.0)) * size;
                let d = q - p;
                let half = 0.5 * d.dot(&(family.fisher(p) * d));
                let off = (family.kl(p, q) / half - 1.0).abs();
                let scale = 20.0 * size.max(1e-11 / size);
                assert!(off < scale, "{} at {p:?}, {size:e}: off by {off:.1e}", family.info().name);
            }
        }
    }
}

#[test]
fn sufficient_statistics_determine_the_likelihood() {
    for (family, points) in points() {
        let Some(sufficient) = family.sufficient() else {
            continue;
        };
        for p in points {
            let data = observations(&*family, points_middle(&*family));
            let flat = data.concat();
            let statistics = sufficient.statistics(&flat);
            let n = data.len() as f64;
            let nll = -data.iter().map(|x| family.log_density(p, x)).sum::<f64>() / n;
            let wanted = -data.iter().map(|x| family.score(p, x)).sum::<Vec2>() / n;
            let got = sufficient.nll(p, statistics) + sufficient.constant(&flat);
            assert!((got - nll).abs() <= 1e-12 * (1.0 + nll.abs()), "{}: {got}, not {nll}", family.info().name);
            let unit = steps(&*family, p).map(|h| 0.02 / h);
            let got = sufficient.nll_gradient(p, statistics);
            close("the gradient", &*family, p, got, wanted, (wanted.abs() + unit) * 1e-12);
        }
    }
}

fn points_middle(family: &dyn Family) -> Vec2 {
    Vec2::from(family.info().example)
}

#[test]
fn points_outside_a_family_are_rejected() {
    for info in FAMILIES {
        let family = build(info, 3.0);
        let example = Vec2::from(info.example);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for i in 0..2 {
                let mut p = example;
                p[i] = bad;
                assert!(!family.contains(p), "{} {p:?}", info.name);
                for chart in family.charts() {
                    let mut x = chart.to_coordinates(example);
                    x[i] = bad;
                    assert!(chart.violation(x).is_some(), "{} {} {x:?}", info.name, chart.info().name);
                }
            }
        }
        // Means and weights may be any number.
        if ["mean2", "slope"].contains(&info.parameters[1]) {
            continue;
        }
        for edge in [0.0, -0.0, -1e-300, -1.0] {
            assert!(!family.contains(Vec2::new(example[0], edge)), "{} {edge}", info.name);
        }
    }
}

#[test]
fn coordinates_outside_a_chart_are_rejected() {
    let refused: &[(&str, &str, [f64; 2])] = &[
        ("categorical", "p1-p2", [0.5, 0.5]),
        ("categorical", "p1-p2", [0.0, 0.5]),
        ("categorical", "p1-p2", [0.7, 0.4]),
        ("categorical", "softmax", [800.0, 0.0]),
        ("categorical", "softmax", [0.0, -800.0]),
        ("categorical", "softmax", [40.0, 0.0]),
        ("categorical", "square-root", [2.0_f64.sqrt(), 1.5]),
        ("categorical", "square-root", [-0.1, 1.0]),
        ("categorical", "square-root", [1e-200, 1.0]),
        ("gamma", "shape-rate", [0.0, 1.0]),
        ("gamma", "log-shape-log-rate", [-800.0, 0.0]),
        ("gamma", "log-shape-log-rate", [0.0, 800.0]),
        ("gamma", "mean-shape", [1e-300, 1e300]),
        ("gamma", "natural", [-1.0, -1.0]),
        ("gamma", "natural", [0.0, 0.0]),
        ("gamma", "expectation", [0.0, 1.0]),
        ("gamma", "expectation", [0.1, 1.0]),
        ("gamma", "expectation", [-1.0, 0.0]),
        ("beta", "mean-concentration", [1.0, 2.0]),
        ("beta", "mean-concentration", [0.5, 0.0]),
        ("beta", "natural", [-1.0, 2.0]),
        ("beta", "expectation", [-0.5, -0.5]),
        ("beta", "expectation", [0.0, -3.0]),
        ("von-mises", "mean-concentration", [0.5, 0.0]),
        ("von-mises", "mean-log-concentration", [0.5, -800.0]),
        ("von-mises", "natural", [0.0, 0.0]),
        ("von-mises", "natural", [1.5e308, 1.5e308]),
        ("von-mises", "expectation", [0.0, 0.0]),
        ("von-mises", "expectation", [0.6, 0.8]),
        ("von-mises", "expectation", [-1.0, 0.1]),
        ("inverse-gaussian", "mean-shape", [0.0, 1.0]),
        ("inverse-gaussian", "log-mean-log-shape", [-800.0, 0.0]),
        ("inverse-gaussian", "natural", [0.0, -1.0]),
        ("inverse-gaussian", "natural", [-1.0, 0.0]),
        ("inverse-gaussian", "natural", [-1e-308, -1e308]),
        ("inverse-gaussian", "expectation", [0.0, 1.0]),
        ("inverse-gaussian", "expectation", [4.0, 0.25]),
        ("inverse-gaussian", "expectation", [-4.0, -0.3]),
        ("log-normal", "mu-log-sigma", [0.0, 710.0]),
        ("log-normal", "natural", [1.0, 0.0]),
        ("log-normal", "expectation", [2.0, 4.0]),
        ("weibull", "shape-scale", [0.0, 1.0]),
        ("weibull", "log-shape-log-scale", [0.0, -800.0]),
        ("poisson-pair", "rate1-rate2", [0.0, 1.0]),
        ("poisson-pair", "log-rate1-log-rate2", [0.0, 710.0]),
        ("bernoulli-pair", "p1-p2", [0.5, 1.0]),
        ("bernoulli-pair", "logit-p1-logit-p2", [40.0, 0.0]),
        ("bernoulli-pair", "logit-p1-logit-p2", [0.0, -800.0]),
        ("cauchy", "location-log-scale", [0.0, 710.0]),
        ("gumbel", "location-log-scale", [0.0, -750.0]),
        ("laplace", "location-scale-squared", [0.0, 0.0]),
        ("student-t", "location-scale-squared", [0.0, -1.0]),
    ];
    for (name, chart, x) in refused {
        let info = geodescent::family::find(name).expect("a family");
        let family = build(info, 3.0);
        let place = info.chart(chart).expect("a chart");
        assert!(family.chart(place).violation(Vec2::from(*x)).is_some(), "{name} {chart} {x:?}");
    }
}

#[test]
fn distant_divergences_stay_finite_and_positive() {
    for info in FAMILIES.iter().filter(|info| info.parameters == ["location", "scale"]) {
        for df in [0.3, 1.0, 3.0, 200.0] {
            let family = build(info, df);
            for (p, q) in [([0.0, 1.0], [0.0, 1e-3]), ([50.0, 1.0], [0.0, 1.0]), ([0.0, 1e-9], [1.0, 1e3])] {
                let kl = family.kl(Vec2::from(p), Vec2::from(q));
                let overflows = info.name == "gumbel" && p[1] / q[1] > 100.0;
                assert!(kl > 0.0 && (kl.is_finite() || overflows), "{} {p:?} {q:?}: {kl}", info.name);
            }
        }
    }
}

#[test]
fn student_t_is_cauchy_at_one_degree_and_gaussian_at_many() {
    let family = |name: &str, df| build(geodescent::family::find(name).expect("a family"), df);
    let pairs = [[0.0, 1.0001], [1e-3, 1.0], [0.4, 0.7], [2.0, 3.0], [0.0, 80.0], [0.0, 0.01], [30.0, 2.0], [9.0, 0.1]];
    let q = Vec2::new(0.0, 1.0);
    for (other, df, tolerance) in [("cauchy", 1.0, 1e-11), ("gaussian", 1e13, 3e-9)] {
        let (student, other) = (family("student-t", df), family(other, 1.0));
        for p in pairs.map(Vec2::from) {
            let (got, wanted) = (student.kl(p, q), other.kl(p, q));
            assert!((got - wanted).abs() < tolerance * wanted, "{p:?} df {df}: {got}, not {wanted}");
            let wanted = other.kl_gradient_first(p, q);
            let bounds = (wanted.abs() + Vec2::repeat(0.1)) * 1e-8;
            close("the gradient", &*student, p, student.kl_gradient_first(p, q), wanted, bounds);
        }
    }
}

#[test]
fn logistic_divergence_at_equal_scales_has_a_closed_form() {
    let family = build(geodescent::family::find("logistic").expect("a family"), 0.0);
    for shift in [0.3_f64, 1.0, 3.0, 6.0, 8.0, 10.0, 14.0, 20.0, 35.0, 200.0] {
        let got = family.kl(Vec2::new(shift, 2.0), Vec2::new(0.0, 2.0));
        let wanted = 0.5 * shift / (0.25 * shift).tanh() - 2.0;
        assert!((got - wanted).abs() < 1e-11 * wanted, "{shift}: {got}, not {wanted} ({:e})", got / wanted - 1.0);
    }
}

/// A row of a field is one call: bit-identical to one call per point, and NaN for missing points.
#[test]
fn rows_agree_with_single_points() {
    for (family, points) in points() {
        let name = family.info().name;
        for chart in family.charts() {
            // A row of a field, with one coordinate constant; a row of any points; and some that are missing.
            let mut xs: Vec<Vec2> = points.iter().map(|p| chart.to_coordinates(*p)).collect();
            let row: Vec<Vec2> = xs.iter().map(|x| Vec2::new(x[0], xs[0][1])).collect();
            xs.extend(row);
            xs.extend([Vec2::new(f64::NAN, 1.0), Vec2::new(0.3, f64::INFINITY), Vec2::new(0.3, -1e300)]);
            let (mut found, mut out) = (Vec::new(), vec![0.0; xs.len()]);
            chart.points(&xs, &mut found);
            family.mask_outside(&mut found);
            for (x, p) in xs.iter().zip(&found) {
                let alone = chart.point(*x).filter(|p| family.contains(*p));
                assert_eq!(alone, (!p[0].is_nan()).then_some(*p), "{name} {:?}", chart.info().name);
            }
            let target = points[0];
            family.kl_from(target, &found, &mut out);
            for (p, kl) in found.iter().zip(&out) {
                let alone = if p[0].is_nan() { f64::NAN } else { family.kl(target, *p) };
                assert_eq!(kl.to_bits(), alone.to_bits(), "{name} from, at {p:?}");
            }
            family.kl_to(&found, target, &mut out);
            for (p, kl) in found.iter().zip(&out) {
                let alone = if p[0].is_nan() { f64::NAN } else { family.kl(*p, target) };
                assert_eq!(kl.to_bits(), alone.to_bits(), "{name} to, at {p:?}");
            }
        }
    }
}

#[test]
fn means_on_the_circle_are_reduced_to_one_turn() {
    let family = build(geodescent::family::find("von-mises").expect("a family"), 0.0);
    let pi = std::f64::consts::PI;
    for chart in family.charts() {
        for mean in [pi, -pi, 3.5, -3.5, 9.0, -40.0, 1e6, 0.0, -0.0, 3.0] {
            let x = chart.to_coordinates(Vec2::new(mean, 2.0));
            let turned = chart.to_parameters(x)[0];
            assert!(turned > -pi && turned <= pi, "{} {mean}: {turned}", chart.info().name);
            let off = (turned.sin() - mean.sin()).hypot(turned.cos() - mean.cos());
            assert!(off < 1e-15 * (2.0 + mean.abs()), "{} {mean}: {turned}", chart.info().name);
        }
    }
    // Up to the seam at π from either side.
    assert_eq!(family.charts()[2].to_parameters(Vec2::new(-2.0, -0.0))[0], pi);
    assert_eq!(family.charts()[2].to_parameters(Vec2::new(-2.0, 0.0))[0], pi);
}

#[test]
fn log_normal_is_gaussian_in_log_x() {
    let family = |name: &str| build(geodescent::family::find(name).expect("a family"), 0.0);
    let (log_normal, gaussian) = (family("log-normal"), family("gaussian"));
    let (p, q, x) = (Vec2::new(0.3, 0.8), Vec2::new(-1.0, 1.7), 0.37_f64);
    assert_eq!(log_normal.kl(p, q), gaussian.kl(p, q));
    assert_eq!(log_normal.log_density(p, &[x]), gaussian.log_density(p, &[x.ln()]) - x.ln());
}

/// Bauckhage (2013), the formula of the abstract, where it does not cancel.
#[test]
fn weibull_divergence_is_the_published_one() {
    let family = build(geodescent::family::find("weibull").expect("a family"), 0.0);
    let euler = geodescent::math::special::EULER;
    for [k1, l1, k2, l2] in [[1.5, 2.0, 0.7, 3.0], [0.8, 1.0, 2.5, 0.9], [3.0, 0.5, 3.0, 2.0]] {
        let gamma = geodescent::math::special::ln_gamma(k2 / k1 + 1.0).exp();
        let logs = (k1 / f64::powf(l1, k1)).ln() - (k2 / f64::powf(l2, k2)).ln();
        let wanted = logs + (k1 - k2) * (f64::ln(l1) - euler / k1) + (l1 / l2).powf(k2) * gamma - 1.0;
        let kl = family.kl(Vec2::new(k1, l1), Vec2::new(k2, l2));
        assert!((kl - wanted).abs() < 1e-12 * wanted.abs().max(1.0), "{kl}, not {wanted}");
    }
}
