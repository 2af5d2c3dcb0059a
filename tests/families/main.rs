//! The families against reference values and identities.

#![allow(clippy::float_cmp, reason = "tests compare exact values on purpose")]

#[path = "../common/mod.rs"]
mod common;
mod consistency;
mod extremes;
mod moments;
mod reference;

use std::sync::Arc;

use geodescent::family::{FAMILIES, Family, FamilyInfo};
use geodescent::math::Vec2;
use geodescent::registry::{Kind, Setting, Settings};

/// A family whose fixed settings are made from one number.
fn build(info: &FamilyInfo, fixed: f64) -> Arc<dyn Family> {
    let mut settings = Settings::default();
    for field in info.fixed {
        let value = match (field.kind, field.name) {
            (Kind::Covariance, _) => Setting::Covariance([[1.5, 1.2 * fixed.cos()], [1.2 * fixed.cos(), 1.0]]),
            (Kind::Numbers | Kind::Columns, _) => Setting::Numbers([-2.0, 0.5, 0.5, 1.0, fixed.min(4.0)].into()),
            (_, "weight") => Setting::Number(fixed / (fixed + 1.5)),
            (_, "sd") => Setting::Number(0.4 + 1.0 / fixed),
            _ => Setting::Number(fixed),
        };
        settings.set(field, value);
    }
    (info.build)(&settings)
}

/// Every family with several of its points, from the middle and from near the boundary.
fn points() -> Vec<(Arc<dyn Family>, Vec<Vec2>)> {
    let build_all = |info: &'static FamilyInfo| {
        let fixed: &[f64] = if info.fixed.is_empty() { &[3.0] } else { &[0.8, 3.0, 40.0] };
        let points: Vec<Vec2> = match info.name {
            "categorical" => vec![[0.5, 0.3], [0.02, 0.9], [0.2, 0.05]],
            "gamma" => vec![[2.0, 1.0], [0.4, 3.0], [60.0, 0.7]],
            "inverse-gaussian" => vec![[1.5, 2.0], [0.4, 3.0], [6.0, 0.7]],
            "log-normal" => vec![[0.5, 0.8], [-3.0, 0.4], [2.0, 1.6]],
            "weibull" => vec![[1.5, 2.0], [0.7, 0.4], [3.0, 5.0]],
            "von-mises" => vec![[0.5, 1.5], [-3.0, 0.4], [2.0, 60.0]],
            "beta" => vec![[2.0, 3.0], [0.5, 0.7], [30.0, 8.0]],
            "poisson-pair" => vec![[2.0, 5.0], [0.1, 1.0], [30.0, 0.7]],
            "bernoulli-pair" => vec![[0.3, 0.6], [0.02, 0.9], [0.5, 0.999]],
            "gaussian-mixture" => vec![[-0.5, 1.5], [3.0, 0.4], [2.0, 2.3]],
            "logistic-regression" => vec![[0.5, 1.5], [-1.0, 0.4], [0.3, -2.0]],
            _ => vec![info.example, [-3.0, 0.4], [2.0, 5.0]],
        }
        .into_iter()
        .map(Vec2::from)
        .collect();
        fixed.iter().map(|&df| (build(info, df), points.clone())).collect::<Vec<_>>()
    };
    FAMILIES.iter().copied().flat_map(build_all).collect()
}
