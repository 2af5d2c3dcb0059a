//! Expectations under each family: by quadrature that the families do not use themselves, and from samples.

use std::f64::consts::PI;

use geodescent::family::{Family, Support};
use geodescent::math::{Mat2, Vec2};
use geodescent::registry::Setting;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::points;

/// Points and weights p(x) dx over a family's support: the trapezoidal rule in a variable in which everything decays.
fn law(family: &dyn Family, p: Vec2) -> Vec<(Vec<f64>, f64)> {
    let listed = |all: Vec<Vec<f64>>, unit: f64| -> Vec<(Vec<f64>, f64)> {
        all.into_iter().map(|x| (x.clone(), family.log_density(p, &x).exp() * unit)).collect()
    };
    let map: Box<dyn Fn(f64) -> (f64, f64)> = match family.support() {
        Support::Outcomes(n) => return listed((1..=n).map(|x| vec![f64::from(x)]).collect(), 1.0),
        Support::CountPairs | Support::BitPairs => {
            let last = |i: usize| {
                if family.support() == Support::BitPairs { 1.0 } else { (p[i] + 12.0 * p[i].sqrt() + 30.0).ceil() }
            };
            let counts = |i: usize| (0..=last(i) as u32).map(f64::from);
            return listed(counts(0).flat_map(|a| counts(1).map(move |b| vec![a, b])).collect(), 1.0);
        }
        Support::Plane => {
            // Sheared and scaled so that the lattice resolves the density equally in every direction.
            let (mean, covariance) = family.moments(p).expect("moments");
            let l = covariance.cholesky().expect("a covariance").l();
            let steps = || (-36..=36).map(|k| f64::from(k) * 0.25);
            let lattice = steps().flat_map(|a| steps().map(move |b| mean + l * Vec2::new(a, b)));
            return listed(lattice.map(|x| vec![x[0], x[1]]).collect(), l.determinant() * 0.0625);
        }
        // Every x has its relative frequency in the design.
        Support::Labelled => {
            let design = design(family);
            let rows = design.iter().flat_map(|x| [vec![*x, 0.0], vec![*x, 1.0]]);
            return listed(rows.collect(), 1.0 / design.len() as f64);
        }
        // The widths of the components are about their distance.
        Support::Real if family.info().name == "gaussian-mixture" => {
            Box::new(move |t: f64| (0.5 * (p[0] + p[1]) + 4.0 * t, 4.0))
        }
        // Two exponentials cover power tails; the Laplace kink sits at t = 0, between nodes.
        Support::Real => Box::new(move |t: f64| {
            let u = t.sinh();
            (p[0] + p[1] * u.sinh(), p[1] * u.cosh() * t.cosh())
        }),
        // Two exponentials in log x cover all tails; the bulk only places the nodes.
        Support::Positive => {
            let (low, high) = family.bulk(p);
            let (middle, half) = (0.5 * (low.ln() + high.ln()), 0.25 * (high / low).ln());
            Box::new(move |t: f64| {
                let x = (middle + half * t.sinh()).exp();
                (x, x * half * t.cosh())
            })
        }
        // Equal steps around the circle, the optimal rule for a periodic function.
        Support::Circle => Box::new(move |t: f64| (p[0] + t / 6.0 * PI, PI / 6.0)),
        Support::Unit => Box::new(|t: f64| {
            let u = std::f64::consts::PI * t.sinh();
            let x = 1.0 / (1.0 + (-u).exp());
            let rest = 1.0 / (1.0 + u.exp());
            (x, x * rest * std::f64::consts::PI * t.cosh())
        }),
    };
    let step = 1.0 / 1024.0;
    let node = |k: i32| {
        let (x, slope) = map((f64::from(k) + 0.5) * step);
        let weight = family.log_density(p, &[x]).exp() * slope * step;
        (vec![x], weight)
    };
    (-6144..6144).map(node).filter(|(x, w)| family.support().contains(x) && w.is_finite() && *w > 1e-40).collect()
}

/// The accuracy of [`law`].
fn tolerance(name: &str) -> f64 {
    match name {
        // Laplace: the score jumps between two nodes. Beta: 1 − x cancels next to x = 1.
        "laplace" | "beta" => 1e-6,
        _ => 1e-9,
    }
}

/// The fixed covariates of a conditional family.
fn design(family: &dyn Family) -> Vec<f64> {
    let numbers = family.fixed().iter().find_map(|(_, value)| match value {
        Setting::Numbers(numbers) => Some(numbers.to_vec()),
        _ => None,
    });
    numbers.expect("a design")
}

#[test]
fn scores_have_mean_zero_and_the_fisher_matrix_as_covariance() {
    for (family, points) in points() {
        for p in points {
            let law = law(&*family, p);
            let fisher = family.fisher(p);
            let unit = fisher.diagonal().map(f64::sqrt);
            let mass: f64 = law.iter().map(|(_, w)| w).sum();
            let name = family.info().name;
            let tolerance = tolerance(name);
            assert!((mass - 1.0).abs() < tolerance, "{name} at {p:?}: mass {mass}");
            let mean: Vec2 = law.iter().map(|(x, w)| family.score(p, x) * *w).sum();
            let square: Mat2 =
                law.iter().map(|(x, w)| (family.score(p, x), *w)).map(|(s, w)| s * s.transpose() * w).sum();
            for i in 0..2 {
                assert!(mean[i].abs() < tolerance * unit[i], "{name} at {p:?}: mean score {mean:?}");
                for j in 0..2 {
                    let off = (square[(i, j)] - fisher[(i, j)]).abs();
                    assert!(off < tolerance * unit[i] * unit[j], "{name} at {p:?}: {square} not {fisher}");
                }
            }
            let entropy: f64 = law.iter().map(|(x, w)| -w * family.log_density(p, x)).sum();
            assert!((entropy - family.entropy(p)).abs() < 20.0 * tolerance, "{name} at {p:?}: entropy {entropy}");
        }
    }
}

#[test]
fn the_third_moments_of_the_score_are_the_skewness() {
    for (family, points) in points() {
        for p in points {
            let law = law(&*family, p);
            let unit = family.fisher(p).diagonal().map(f64::sqrt);
            let skewness = family.skewness(p);
            let name = family.info().name;
            for (n, [i, j, k]) in [[0, 0, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]].into_iter().enumerate() {
                let moment = |(x, w): &(Vec<f64>, f64)| {
                    let s = family.score(p, x);
                    s[i] * s[j] * s[k] * w
                };
                let wanted: f64 = law.iter().map(moment).sum();
                let off = (skewness.0[n] - wanted).abs() / (unit[i] * unit[j] * unit[k]);
                assert!(off < 20.0 * tolerance(name), "{name} at {p:?}: {skewness:?}, entry {n} is {wanted}");
            }
        }
    }
}

#[test]
fn divergences_agree_with_their_definition() {
    for (family, points) in points() {
        for (&p, &q) in points.iter().zip(points.iter().cycle().skip(1)) {
            let log_ratio = |x: &[f64]| family.log_density(p, x) - family.log_density(q, x);
            let wanted: f64 =
                law(&*family, p).into_iter().filter(|(_, w)| *w > 0.0).map(|(x, w)| w * log_ratio(&x)).sum();
            let kl = family.kl(p, q);
            let name = family.info().name;
            assert!((kl - wanted).abs() < 2.0 * tolerance(name) * (1.0 + kl), "{name} {p:?} {q:?}: {kl}, not {wanted}");
        }
    }
}

#[test]
fn samples_follow_the_distribution() {
    const SIZE: usize = 20_000;
    for (family, points) in points() {
        for p in points {
            let mut rng = ChaCha8Rng::seed_from_u64(11);
            let mut rows = vec![vec![0.0; family.width()]; SIZE];
            rows.iter_mut().for_each(|x| family.sample(p, &mut rng, x));
            let name = family.info().name;
            assert!(rows.iter().all(|x| family.support().contains(x)), "{name} at {p:?}");
            // Pairs are reduced to a sum that depends on both numbers.
            let line = |x: &[f64]| x[0] + x.get(1).map_or(0.0, |second| 0.37 * second);
            let mut sample: Vec<f64> = rows.iter().map(|x| line(x)).collect();
            sample.sort_by(f64::total_cmp);
            let mut law: Vec<(f64, f64)> = law(&*family, p).into_iter().map(|(x, w)| (line(&x), w)).collect();
            law.sort_by(|a, b| a.0.total_cmp(&b.0));
            // Equal observations count once.
            law.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 += if same { next.1 } else { 0.0 };
                same
            });
            let discrete =
                !matches!(family.support(), Support::Real | Support::Positive | Support::Unit | Support::Plane);
            // The Kolmogorov distance of the distribution functions; it exceeds 1.95/√n once in a thousand.
            let mut mass = 0.0;
            for &(x, w) in &law {
                mass += if discrete { w } else { 0.5 * w };
                let share = sample.partition_point(|s| *s <= x + 1e-12) as f64 / SIZE as f64;
                assert!(
                    (share - mass).abs() < 1.95 / (SIZE as f64).sqrt(),
                    "{name} at {p:?}: {share} below {x}, not {mass}"
                );
                mass += if discrete { 0.0 } else { 0.5 * w };
            }
            let (low, high) = family.bulk(p);
            let outside = rows.iter().filter(|x| x[0] < low || x[0] > high).count();
            assert!(low < high && outside < SIZE / 250, "{name} at {p:?}: {outside} outside of {low}..{high}");
            assert!(discrete || outside > SIZE / 4000, "{name} at {p:?}: only {outside} outside of {low}..{high}");
        }
    }
}
