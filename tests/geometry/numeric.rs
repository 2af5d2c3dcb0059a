//! A family whose shape is hidden, so that its geodesics are computed numerically.

use geodescent::family::{Chart, ChartId, Family, FamilyInfo, Shape, Support, Violation};
use geodescent::math::{Cubic, Mat2, Vec2};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug)]
pub struct Numeric {
    pub family: Arc<dyn Family>,
    pub chart: ChartId,
    /// The number of evaluations of the metric's derivatives.
    pub asked: AtomicUsize,
}

impl Family for Numeric {
    fn info(&self) -> &'static FamilyInfo {
        self.family.info()
    }
    fn charts(&self) -> &[Box<dyn Chart>] {
        self.family.charts()
    }
    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.family.violation(p)
    }
    fn support(&self) -> Support {
        self.family.support()
    }
    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        self.family.log_density(p, x)
    }
    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        self.family.score(p, x)
    }
    fn fisher(&self, p: Vec2) -> Mat2 {
        self.family.fisher(p)
    }
    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.family.fisher_slopes(p)
    }
    fn skewness(&self, p: Vec2) -> Cubic {
        self.family.skewness(p)
    }
    fn curvature(&self, p: Vec2) -> f64 {
        self.family.curvature(p)
    }
    fn shape(&self) -> Shape {
        Shape::Curved { chart: self.chart }
    }
    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        self.family.kl(p, q)
    }
    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.family.kl_gradient_first(p, q)
    }
    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.family.kl_gradient_second(p, q)
    }
    fn entropy(&self, p: Vec2) -> f64 {
        self.family.entropy(p)
    }
    fn sample(&self, p: Vec2, rng: &mut dyn rand::Rng, x: &mut [f64]) {
        self.family.sample(p, rng, x);
    }
    fn bulk(&self, p: Vec2) -> (f64, f64) {
        self.family.bulk(p)
    }
}
