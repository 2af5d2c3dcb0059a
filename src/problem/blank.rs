//! STAND-IN: a problem without numbers, to be removed with the stubs that use it.

use nalgebra::DMatrix;

use super::{Capability, Lengths, Metric, Outside, Problem, Site};
use crate::objective::Draw;

#[derive(Debug, Clone)]
pub(super) struct Blank {
    pub(super) names: Vec<String>,
    pub(super) coordinates: usize,
}

#[derive(Debug)]
struct Here {
    problem: Blank,
    x: Vec<f64>,
    parameters: Vec<f64>,
    gradient: Vec<f64>,
    metric: DMatrix<f64>,
}

impl Problem for Blank {
    fn dimension(&self) -> usize {
        self.coordinates
    }

    fn coordinates(&self) -> Vec<String> {
        (1..=self.coordinates).map(|i| format!("coordinate {i}")).collect()
    }

    fn parameters(&self) -> Vec<String> {
        self.names.clone()
    }

    fn loss(&self, _: &[f64]) -> f64 {
        f64::NAN
    }

    fn kl(&self, _: &[f64], _: &[f64]) -> f64 {
        f64::NAN
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        None
    }

    fn lacks(&self, _: Capability) -> Option<&'static str> {
        None
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        Ok((0..self.coordinates).map(|i| parameters.get(i).copied().unwrap_or(0.0)).collect())
    }

    fn violation(&self, _: &[f64]) -> Option<Outside> {
        None
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        let x: Vec<f64> = (0..self.coordinates).map(|i| parameters.get(i).copied().unwrap_or(0.0)).collect();
        let n = x.len();
        Box::new(Here {
            problem: self.clone(),
            x,
            parameters: parameters.to_vec(),
            gradient: vec![f64::NAN; n],
            metric: DMatrix::repeat(n, n, f64::NAN),
        })
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        let parameters: Vec<f64> = (0..self.names.len()).map(|i| x.get(i).copied().unwrap_or(0.0)).collect();
        self.start(&parameters)
    }
}

impl Site for Here {
    fn problem(&self) -> &dyn Problem {
        &self.problem
    }

    fn x(&self) -> &[f64] {
        &self.x
    }

    fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    fn loss(&self) -> f64 {
        f64::NAN
    }

    fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    fn batch_gradient(&self, _: Draw, _: &mut [f64]) -> bool {
        false
    }

    fn metric(&self) -> &dyn Metric {
        &self.metric
    }

    fn natural_norm(&self) -> f64 {
        f64::NAN
    }

    fn go(&mut self, x: &[f64]) -> Lengths {
        self.x.copy_from_slice(x);
        Lengths::NONE
    }

    fn kl_to(&self, _: &[f64]) -> f64 {
        f64::NAN
    }

    fn loss_at(&self, _: &[f64]) -> f64 {
        f64::NAN
    }

    fn hessian(&self) -> DMatrix<f64> {
        self.metric.clone()
    }

    fn christoffel(&self, _: &[f64], out: &mut [f64]) {
        out.fill(f64::NAN);
    }

    fn sampled_fisher(&self, _: Draw, _: usize) -> DMatrix<f64> {
        self.metric.clone()
    }

    fn spent(&self) -> usize {
        1
    }

    fn spend(&self, _: usize) {}
}
