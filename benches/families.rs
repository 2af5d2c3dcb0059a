//! What a family's operations cost.

use std::sync::Arc;

use divan::{Bencher, black_box};
use geodescent::family::{FAMILIES, Family, find};
use geodescent::math::Vec2;
use geodescent::registry::{Setting, Settings};

fn main() {
    divan::main();
}

fn names() -> Vec<&'static str> {
    FAMILIES.iter().map(|info| info.name).collect()
}

fn pair(name: &str) -> (Arc<dyn Family>, Vec2, Vec2) {
    let info = find(name).unwrap_or(FAMILIES[0]);
    let mut settings = Settings::default();
    for field in info.fixed {
        settings.set(field, Setting::Number(3.0));
    }
    let p = Vec2::from(info.example);
    ((info.build)(&settings), p, p.component_mul(&Vec2::new(0.7, 1.4)))
}

#[divan::bench(args = names())]
fn fisher(bencher: Bencher, name: &str) {
    let (family, p, _) = pair(name);
    bencher.bench(|| family.fisher(black_box(p)));
}

#[divan::bench(args = names())]
fn kl(bencher: Bencher, name: &str) {
    let (family, p, q) = pair(name);
    bencher.bench(|| family.kl(black_box(p), black_box(q)));
}

#[divan::bench(args = names())]
fn kl_near(bencher: Bencher, name: &str) {
    let (family, p, q) = pair(name);
    let q = p + (q - p) * 1e-3;
    bencher.bench(|| family.kl(black_box(p), black_box(q)));
}

#[divan::bench(args = names())]
fn kl_far(bencher: Bencher, name: &str) {
    let (family, p, q) = pair(name);
    let q = if name == "categorical" { Vec2::new(1e-3, 0.01) } else { q.component_mul(&Vec2::new(20.0, 30.0)) };
    bencher.bench(|| family.kl(black_box(p), black_box(q)));
}

#[divan::bench(args = names())]
fn kl_gradient_first(bencher: Bencher, name: &str) {
    let (family, p, q) = pair(name);
    bencher.bench(|| family.kl_gradient_first(black_box(p), black_box(q)));
}

#[divan::bench(args = names())]
fn kl_gradient_second(bencher: Bencher, name: &str) {
    let (family, p, q) = pair(name);
    bencher.bench(|| family.kl_gradient_second(black_box(p), black_box(q)));
}

#[divan::bench(args = names())]
fn score(bencher: Bencher, name: &str) {
    let (family, p, _) = pair(name);
    bencher.bench(|| family.score(black_box(p), black_box(&[1.0])));
}
