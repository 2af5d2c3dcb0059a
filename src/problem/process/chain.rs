//! The chain of states under a policy: how often it is where, and what a state is worth, by linear solves.

use nalgebra::{DMatrix, DVector};

/// A chain with what it pays, solved.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The return J.
    pub gain: f64,
    /// d(s), which sums to 1.
    pub visits: Vec<f64>,
    /// V(s): the sum of γᵗ r, or of r − J where there is no γ, then with Σ d V = 0.
    pub values: Vec<f64>,
    /// K = ∂d/∂(d P): the change of d is the change of the row d P, P the chain's matrix, times K.
    pub response: Response,
}

/// The matrix that turns a change of the chain's moves into a change of d, formed when it is asked for.
#[derive(Debug, Clone)]
pub struct Response {
    matrix: DMatrix<f64>,
    scale: f64,
}

impl Response {
    /// K; NaN where the matrix has no inverse.
    #[must_use]
    pub fn dense(&self) -> DMatrix<f64> {
        let n = self.matrix.nrows();
        let inverse = self.matrix.clone().try_inverse();
        inverse.unwrap_or_else(|| DMatrix::repeat(n, n, f64::NAN)) * self.scale
    }
}

/// The stationary distribution of a chain whose one closed class is `recurrent`: by elimination without subtractions, so
/// that small probabilities keep their digits (Grassmann, Taksar & Heyman 1985).
#[must_use]
pub fn stationary(chain: &DMatrix<f64>, recurrent: &[bool]) -> Vec<f64> {
    let class: Vec<usize> = (0..recurrent.len()).filter(|s| recurrent[*s]).collect();
    let n = class.len();
    let mut p = DMatrix::from_fn(n, n, |i, j| chain[(class[i], class[j])]);
    for last in (1..n).rev() {
        let out: f64 = (0..last).map(|j| p[(last, j)]).sum();
        for i in 0..last {
            let share = p[(i, last)] / out;
            p[(i, last)] = share;
            for j in 0..last {
                let onward = p[(last, j)];
                p[(i, j)] += share * onward;
            }
        }
    }
    let mut weights = vec![1.0; n];
    for j in 1..n {
        weights[j] = (0..j).map(|i| weights[i] * p[(i, j)]).sum();
    }
    let total: f64 = weights.iter().sum();
    let mut visits = vec![0.0; recurrent.len()];
    class.iter().zip(weights).for_each(|(s, w)| visits[*s] = w / total);
    visits
}

/// A chain in the long run: J is the mean of what it pays.
#[must_use]
pub fn average(chain: &DMatrix<f64>, pay: &[f64], recurrent: &[bool]) -> Solved {
    let visits = stationary(chain, recurrent);
    let gain: f64 = visits.iter().zip(pay).map(|(d, r)| d * r).sum();
    let n = pay.len();
    let matrix = DMatrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) - chain[(i, j)] + visits[j]);
    let excess = DVector::from_iterator(n, pay.iter().map(|r| r - gain));
    let values = matrix.clone().lu().solve(&excess);
    let values = values.map_or_else(|| vec![f64::NAN; n], |values| values.as_slice().to_vec());
    Solved { gain, visits, values, response: Response { matrix, scale: 1.0 } }
}

/// A chain with discount γ from a start: J is the sum of γᵗ r. States that are not `reached` have d = 0.
#[must_use]
pub fn discounted(chain: &DMatrix<f64>, pay: &[f64], start: &[f64], discount: f64, reached: &[bool]) -> Solved {
    let n = pay.len();
    let matrix = DMatrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) - discount * chain[(i, j)]);
    let factor = matrix.clone().lu();
    let mut values = DVector::from_column_slice(pay);
    let solved = factor.solve_mut(&mut values);
    // dᵀ (I − γP) = (1 − γ) startᵀ, by the same factors transposed.
    let mut visits = DVector::from_iterator(n, start.iter().map(|p| (1.0 - discount) * p));
    let solved = solved
        && factor.u().tr_solve_upper_triangular_mut(&mut visits)
        && factor.l().tr_solve_lower_triangular_mut(&mut visits);
    factor.p().inv_permute_rows(&mut visits);
    if !solved {
        values.fill(f64::NAN);
    }
    let visits = visits.iter().zip(reached).map(|(d, reached)| if *reached { *d } else { 0.0 }).collect();
    let gain = start.iter().zip(&values).map(|(p, v)| p * v).sum();
    Solved { gain, visits, values: values.as_slice().to_vec(), response: Response { matrix, scale: discount } }
}
