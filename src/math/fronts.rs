//! Least squares by sparse rows whose weights differ by any number of digits. Whose rows they are is not its business.
//!
//! Householder reflections with complete pivoting keep the digits of each row (Powell & Reid 1969; Cox & Higham 1998). Rows
//! that have the same columns are kept as one dense block, a front; what eliminates an unknown are the rows of the fronts
//! that have it, which are one front from then on (Duff & Reid 1983).

/// Rows with the same unknowns, and the numbers that they are to give.
#[derive(Debug, Clone, Default)]
pub struct Front {
    /// The unknowns, in rising order.
    columns: Vec<usize>,
    /// Row after row: a coefficient of each unknown, then the number to give.
    entries: Vec<f64>,
    /// The largest coefficient of each unknown, without its sign.
    most: Vec<f64>,
}

/// What eliminating an unknown leaves of it: pivot · unknown + Σ coefficient · other = number.
#[derive(Debug)]
struct Solved {
    unknown: usize,
    pivot: f64,
    others: Vec<usize>,
    /// The coefficients of the others, then the number.
    row: Vec<f64>,
}

impl Front {
    /// Rows of so many coefficients as there are unknowns, which rise, each followed by the number it is to give.
    #[must_use]
    pub fn new(columns: Vec<usize>, entries: Vec<f64>) -> Self {
        let mut front = Self { columns, entries, most: Vec::new() };
        front.measure();
        front
    }

    fn width(&self) -> usize {
        self.columns.len() + 1
    }

    fn measure(&mut self) {
        let (n, width) = (self.columns.len(), self.width());
        self.most.clear();
        self.most.resize(n, 0.0);
        for row in self.entries.chunks_exact(width) {
            self.most.iter_mut().zip(row).for_each(|(most, entry)| *most = most.max(entry.abs()));
        }
    }

    /// The rows of several fronts, with the unknowns of all.
    fn merged(fronts: &[Self]) -> Self {
        let mut columns: Vec<usize> = fronts.iter().flat_map(|front| front.columns.iter().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut entries = Vec::new();
        for front in fronts {
            let places: Vec<usize> = front.columns.iter().filter_map(|c| columns.binary_search(c).ok()).collect();
            for row in front.entries.chunks_exact(front.width()) {
                let at = entries.len();
                entries.resize(at + columns.len(), 0.0);
                places.iter().zip(row).for_each(|(place, entry)| entries[at + place] = *entry);
                entries.extend(row.last());
            }
        }
        Self { columns, entries, most: Vec::new() }
    }

    /// Eliminates an unknown that it has, with the row that has most of it.
    fn eliminate(&mut self, unknown: usize) -> Option<Solved> {
        let (width, place) = (self.width(), self.columns.binary_search(&unknown).ok()?);
        let column: Vec<f64> = self.entries.iter().skip(place).step_by(width).copied().collect();
        let home = (0..column.len()).max_by(|a, b| column[*a].abs().total_cmp(&column[*b].abs()))?;
        let pivot = column[home];
        // In units of the pivot no square underflows.
        let mut v: Vec<f64> = column.iter().map(|entry| entry / pivot).collect();
        let norm = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        v[home] += norm;
        let scale = 1.0 / (norm * (norm + 1.0));
        let mut shares = vec![0.0; width];
        for (row, v) in self.entries.chunks_exact(width).zip(&v).filter(|(_, v)| **v != 0.0) {
            shares.iter_mut().zip(row).for_each(|(share, entry)| *share += scale * v * entry);
        }
        let (mut left, mut row) = (Vec::with_capacity((column.len() - 1) * (width - 1)), Vec::with_capacity(width - 1));
        for (at, (entries, v)) in self.entries.chunks_exact(width).zip(&v).enumerate() {
            let out = if at == home { &mut row } else { &mut left };
            let mut reflect = |entries: &[f64], shares: &[f64]| {
                out.extend(entries.iter().zip(shares).map(|(entry, share)| entry - v * share));
            };
            reflect(&entries[..place], &shares[..place]);
            reflect(&entries[place + 1..], &shares[place + 1..]);
        }
        self.entries = left;
        self.columns.remove(place);
        self.measure();
        Some(Solved { unknown, pivot: -pivot * norm, others: self.columns.clone(), row })
    }
}

/// The unknowns, numbered from 0, that fit all rows best; `None` if they are not determined.
#[must_use]
pub fn fit(mut fronts: Vec<Front>, unknowns: usize) -> Option<Vec<f64>> {
    let mut solved: Vec<Solved> = Vec::with_capacity(unknowns);
    let mut most = vec![0.0_f64; unknowns];
    for _ in 0..unknowns {
        most.fill(0.0);
        for (column, entry) in fronts.iter().flat_map(|front| front.columns.iter().zip(&front.most)) {
            most[*column] = most[*column].max(*entry);
        }
        let next = (0..unknowns).rev().max_by(|a, b| most[*a].total_cmp(&most[*b]))?;
        if most[next] == 0.0 || !most[next].is_finite() {
            return None;
        }
        let (with, without): (Vec<Front>, Vec<Front>) =
            fronts.into_iter().partition(|front| front.columns.binary_search(&next).is_ok());
        fronts = without;
        let mut front = Front::merged(&with);
        solved.push(front.eliminate(next)?);
        fronts.push(front);
    }
    let mut x = vec![0.0; unknowns];
    for Solved { unknown, pivot, others, row } in solved.iter().rev() {
        let known: f64 = others.iter().zip(row).map(|(other, a)| a * x[*other]).sum();
        x[*unknown] = (row.last()? - known) / pivot;
    }
    x.iter().all(|x| x.is_finite()).then_some(x)
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, DVector};

    use super::{Front, fit};

    /// A chain of unknowns, three rows at every link, whose weights are as given.
    fn chain(weight: impl Fn(usize) -> f64) -> (Vec<Front>, DMatrix<f64>, DVector<f64>) {
        const N: usize = 12;
        let (mut a, mut b) = (DMatrix::zeros(3 * N, N), DVector::zeros(3 * N));
        let fronts = (0..N).map(|link| {
            let columns: Vec<usize> = if link + 1 < N { vec![link, link + 1] } else { vec![link] };
            let mut entries = Vec::new();
            for row in 3 * link..3 * link + 3 {
                for (i, column) in columns.iter().enumerate() {
                    a[(row, *column)] = weight(row) * (1.5 + (7 * row + 3 * i) as f64).sin();
                    entries.push(a[(row, *column)]);
                }
                b[row] = weight(row) * (row as f64).cos();
                entries.push(b[row]);
            }
            Front::new(columns, entries)
        });
        (fronts.collect(), a, b)
    }

    #[test]
    fn the_fit_is_that_of_normal_equations() {
        let (fronts, a, b) = chain(|row| 1.0 + (row % 5) as f64);
        let found = fit(fronts, a.ncols()).expect("determined");
        let wanted = (a.transpose() * &a).lu().solve(&(a.transpose() * b)).expect("regular");
        assert!((DVector::from_vec(found) - &wanted).norm() < 1e-13 * wanted.norm(), "{wanted}");
    }

    /// The first row of every link is so heavy that the others do not count: the links are solved from the last one on.
    #[test]
    fn heavy_rows_decide_whatever_their_weight() {
        let (fronts, a, b) = chain(|row| if row % 3 == 0 { 2.0_f64.powi(400 - 20 * row as i32) } else { 1e-200 });
        let found = fit(fronts, a.ncols()).expect("determined");
        let mut next = 0.0;
        for link in (0..a.ncols()).rev() {
            let row = 3 * link;
            let onward = if link + 1 < a.ncols() { a[(row, link + 1)] * next } else { 0.0 };
            next = (b[row] - onward) / a[(row, link)];
            assert!((found[link] / next - 1.0).abs() < 1e-13, "{link}: {}, not {next}", found[link]);
        }
    }

    #[test]
    fn what_no_row_has_is_not_determined() {
        assert_eq!(fit(vec![Front::new(vec![0], vec![2.0, 1.0])], 2), None);
        assert_eq!(fit(vec![Front::new(vec![0], vec![f64::NAN, 1.0, 2.0, 1.0])], 1), None);
        assert_eq!(fit(vec![Front::new(vec![0, 1], vec![1.0, 1.0, 1.0, 1.0, 1.0, 2.0])], 2), None);
    }
}
