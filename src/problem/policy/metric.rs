//! Fisher matrices of softmax policies: block by block where a table is parameterised, dense otherwise.
//!
//! The inverse of a table's block is written down, so that a probability next to 0 makes nothing singular; only a state
//! that is never visited does. In logits, where one number a state is redundant, inverses are pseudo-inverses.

use nalgebra::{DMatrix, SymmetricEigen};

use super::chart::{Chart, Size, Table};
use crate::math::linear::{Singular, cholesky};
use crate::problem::{Metric, solve};

/// Eigenvalues of at most this share of the largest count as zero.
pub const RANK: f64 = 1e-12;

/// A covector whose image under the inverse of a metric is known in other ways, which lose no digits where d and π are next
/// to 0, and a product of them underflows.
#[derive(Debug, Clone)]
pub struct Known {
    pub(super) covector: Vec<f64>,
    pub(super) image: Vec<f64>,
}

impl Known {
    /// Writes the image of `b` to `out` if that is the covector. Returns whether it is.
    #[must_use]
    pub fn solve(&self, b: &[f64], out: &mut [f64]) -> bool {
        let same = self.covector == b;
        if same {
            out.copy_from_slice(&self.image);
        }
        same
    }
}

/// Σ d(s) F(s), F(s) the Fisher matrix of π(·|s), in the coordinates of a table.
#[derive(Debug, Clone)]
pub struct Blocks {
    pub(super) known: Option<Known>,
    pub(super) chart: Chart,
    pub(super) size: Size,
    pub(super) table: Table,
    pub(super) visits: Vec<f64>,
}

impl Blocks {
    fn per(&self) -> usize {
        self.chart.per_state(self.size).unwrap_or(0)
    }

    /// The policy of a state.
    fn p(&self, state: usize) -> &[f64] {
        &self.table.p[state * self.size.actions..(state + 1) * self.size.actions]
    }

    /// `f` of every state, with its d, its policy and its rows of two vectors.
    fn each(&self, v: &[f64], out: &mut [f64], mut f: impl FnMut(f64, &[f64], &[f64], &mut [f64])) {
        let per = self.per();
        for (s, (v, out)) in v.chunks_exact(per).zip(out.chunks_exact_mut(per)).enumerate() {
            f(self.visits[s], self.p(s), v, out);
        }
    }

    /// The block of a state.
    fn block(&self, state: usize) -> DMatrix<f64> {
        let (d, p, k) = (self.visits[state], self.p(state), self.size.actions);
        let equal = |i: usize, j: usize| f64::from(u8::from(i == j));
        match self.chart {
            Chart::Probabilities => DMatrix::from_fn(k - 1, k - 1, |i, j| d * (equal(i, j) / p[i] + 1.0 / p[k - 1])),
            // 1 − p is a sum of what is left, which keeps its digits.
            _ => DMatrix::from_fn(self.per(), self.per(), |i, j| {
                let rest = || p[..i].iter().chain(&p[i + 1..]).sum::<f64>();
                d * p[i] * if i == j { rest() } else { -p[j] }
            }),
        }
    }

    /// The first state that is never visited, as the pivot that is lost.
    fn unvisited(&self) -> Option<Singular> {
        let state = self.visits.iter().position(|d| *d == 0.0)?;
        Some(Singular { row: state * self.per(), diagonal: 0.0, pivot: 0.0 })
    }

    /// F⁻¹ b: d⁻¹ times the inverse of a state's block, which is known.
    ///
    /// In logits b is one of the range, whose entries of a state sum to 0: what they sum to is rounding, and is taken off in
    /// proportion to p, since a p next to 0 would blow up an equal share of it.
    fn invert(&self, b: &[f64], out: &mut [f64]) {
        let k = self.size.actions;
        self.each(b, out, |d, p, b, out| match self.chart {
            // (diag 1/p + 11ᵀ/p_k)⁻¹ = diag p − ppᵀ.
            Chart::Probabilities => {
                let mean: f64 = p.iter().zip(b).map(|(p, b)| p * b).sum();
                out.iter_mut().zip(p.iter().zip(b)).for_each(|(out, (p, b))| *out = p * (b - mean) / d);
            }
            // (diag p − ppᵀ)⁻¹ = diag 1/p + 11ᵀ/p_k.
            Chart::LogOdds => {
                let last = b.iter().sum::<f64>() / p[k - 1];
                out.iter_mut().zip(p.iter().zip(b)).for_each(|(out, (p, b))| *out = (b / p + last) / d);
            }
            // On the complement of (1, …, 1): diag 1/p between two projections.
            _ => {
                let along = b.iter().sum::<f64>();
                out.iter_mut().zip(p.iter().zip(b)).for_each(|(out, (p, b))| *out = (b / p - along) / d);
                let mean = out.iter().sum::<f64>() / k as f64;
                out.iter_mut().for_each(|out| *out -= mean);
            }
        });
    }

    /// The inverse, in logits the pseudo-inverse; `None` if a state is never visited.
    #[must_use]
    pub fn inverse(&self) -> Option<DMatrix<f64>> {
        if self.unvisited().is_some() {
            return None;
        }
        let n = self.visits.len() * self.per();
        let mut inverse = DMatrix::zeros(n, n);
        let (mut unit, mut column) = (vec![0.0; n], vec![0.0; n]);
        for j in 0..n {
            unit[j] = 1.0;
            if self.chart == Chart::Logits {
                // The part of the unit vector that is in the range.
                let (k, state) = (self.size.actions, j / self.size.actions);
                let mut inside = vec![0.0; n];
                inside[state * k..(state + 1) * k].fill(-1.0 / k as f64);
                inside[j] += 1.0;
                self.invert(&inside, &mut column);
            } else {
                self.invert(&unit, &mut column);
            }
            unit[j] = 0.0;
            inverse.column_mut(j).copy_from_slice(&column);
        }
        // The two halves differ by rounding only.
        Some((&inverse + inverse.transpose()) * 0.5)
    }
}

impl Metric for Blocks {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        let k = self.size.actions;
        self.each(v, out, |d, p, v, out| {
            if self.chart == Chart::Probabilities {
                let last = v.iter().sum::<f64>() / p[k - 1];
                out.iter_mut().zip(p.iter().zip(v)).for_each(|(out, (p, v))| *out = d * (v / p + last));
            } else {
                // v less its mean, by differences from the likeliest action; log odds have the last one at 0.
                let entry = |a: usize| v.get(a).copied().unwrap_or(0.0);
                let level = entry((0..k).fold(0, |most, a| if p[a] > p[most] { a } else { most }));
                let mean: f64 = p.iter().enumerate().map(|(a, p)| p * (entry(a) - level)).sum();
                out.iter_mut().zip(p.iter().zip(v)).for_each(|(out, (p, v))| *out = d * p * ((v - level) - mean));
            }
        });
    }

    fn diagonal(&self, out: &mut [f64]) {
        for (s, out) in out.chunks_exact_mut(self.per()).enumerate() {
            let block = self.block(s);
            out.copy_from_slice(block.diagonal().as_slice());
        }
    }

    fn dense(&self) -> DMatrix<f64> {
        let (n, per) = (self.visits.len() * self.per(), self.per());
        let mut dense = DMatrix::zeros(n, n);
        for s in 0..self.visits.len() {
            dense.view_mut((s * per, s * per), (per, per)).copy_from(&self.block(s));
        }
        dense
    }

    fn solve(&self, damping: f64, b: &[f64], out: &mut [f64]) -> Result<(), Singular> {
        if damping == 0.0 && self.known.as_ref().is_some_and(|known| known.solve(b, out)) {
            return Ok(());
        }
        self.invertible(damping)?;
        if damping == 0.0 {
            self.invert(b, out);
            return Ok(());
        }
        let per = self.per();
        for (s, (b, out)) in b.chunks_exact(per).zip(out.chunks_exact_mut(per)).enumerate() {
            let at = |defect: Singular| Singular { row: defect.row + s * per, ..defect };
            solve(self.block(s), damping, b, out).map_err(at)?;
        }
        Ok(())
    }

    fn invertible(&self, damping: f64) -> Result<(), Singular> {
        match self.unvisited() {
            Some(defect) if damping == 0.0 => Err(defect),
            _ => Ok(()),
        }
    }
}

/// A matrix that annihilates (1, …, 1) of every state: its inverse is meant on the complement.
#[derive(Debug, Clone)]
pub struct OfLogits {
    matrix: DMatrix<f64>,
    actions: usize,
}

impl OfLogits {
    /// A matrix in the logits of states with so many actions.
    #[must_use]
    pub const fn new(matrix: DMatrix<f64>, actions: usize) -> Self {
        Self { matrix, actions }
    }

    /// An orthonormal basis of the complement: Helmert's contrasts, state by state.
    fn basis(&self) -> DMatrix<f64> {
        let (n, k) = (self.matrix.nrows(), self.actions);
        let mut basis = DMatrix::zeros(n, n / k * (k - 1));
        for s in 0..n / k {
            for j in 1..k {
                let scale = 1.0 / ((j * (j + 1)) as f64).sqrt();
                let mut column = basis.column_mut(s * (k - 1) + j - 1);
                (0..j).for_each(|i| column[s * k + i] = scale);
                column[s * k + j] = -(j as f64) * scale;
            }
        }
        basis
    }

    fn reduced(&self, basis: &DMatrix<f64>) -> DMatrix<f64> {
        basis.tr_mul(&(&self.matrix * basis))
    }

    /// A pivot of the reduced matrix, as one of the logits of the same state.
    const fn unreduced(&self, defect: Singular) -> Singular {
        let Singular { row, diagonal, pivot } = defect;
        Singular { row: row / (self.actions - 1) * self.actions, diagonal, pivot }
    }
}

impl Metric for OfLogits {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        Metric::times(&self.matrix, v, out);
    }

    fn diagonal(&self, out: &mut [f64]) {
        Metric::diagonal(&self.matrix, out);
    }

    fn dense(&self) -> DMatrix<f64> {
        self.matrix.clone()
    }

    fn solve(&self, damping: f64, b: &[f64], out: &mut [f64]) -> Result<(), Singular> {
        let basis = self.basis();
        let b = basis.tr_mul(&nalgebra::DVector::from_column_slice(b));
        let mut y = vec![0.0; basis.ncols()];
        solve(self.reduced(&basis), damping, b.as_slice(), &mut y).map_err(|defect| self.unreduced(defect))?;
        out.copy_from_slice((basis * nalgebra::DVector::from_vec(y)).as_slice());
        Ok(())
    }

    fn invertible(&self, damping: f64) -> Result<(), Singular> {
        cholesky(self.reduced(&self.basis()), damping).map(|_| ()).map_err(|defect| self.unreduced(defect))
    }
}

/// A dense matrix, singular where an eigenvalue is at most [`RANK`] of the largest.
#[derive(Debug, Clone)]
pub struct Ranked(pub DMatrix<f64>);

impl Ranked {
    /// The eigenvalues that decide, as a lost pivot if the smallest counts as zero.
    fn defect(&self) -> Option<Singular> {
        let values = SymmetricEigen::new(self.0.clone()).eigenvalues;
        let (least, most) = (values.min(), values.max());
        let sound = least > RANK * most;
        (!sound).then(|| Singular { row: values.imin(), diagonal: most, pivot: least })
    }
}

impl Metric for Ranked {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        Metric::times(&self.0, v, out);
    }

    fn diagonal(&self, out: &mut [f64]) {
        Metric::diagonal(&self.0, out);
    }

    fn dense(&self) -> DMatrix<f64> {
        self.0.clone()
    }

    fn solve(&self, damping: f64, b: &[f64], out: &mut [f64]) -> Result<(), Singular> {
        self.invertible(damping)?;
        solve(self.0.clone(), damping, b, out)
    }

    fn invertible(&self, damping: f64) -> Result<(), Singular> {
        match self.defect() {
            Some(defect) if damping == 0.0 => Err(defect),
            _ => Ok(()),
        }
    }
}

/// The vector of least norm among those that fit `targets` best by the rows of `matrix`.
#[must_use]
pub fn least_squares(matrix: DMatrix<f64>, targets: &[f64]) -> Vec<f64> {
    let width = matrix.ncols();
    let svd = matrix.svd(true, true);
    // The square root of the rank's bound, since these are square roots of a Fisher matrix's eigenvalues.
    let bound = RANK.sqrt() * svd.singular_values.max();
    let solved = svd.solve(&nalgebra::DVector::from_column_slice(targets), bound);
    solved.map_or_else(|_| vec![f64::NAN; width], |w| w.as_slice().to_vec())
}
