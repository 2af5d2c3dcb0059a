//! Adam on logistic regression with 64 coefficients and 10,000 rows, beside one pass of the products that it cannot do without.

use std::hint::black_box;
use std::sync::Arc;

use nalgebra::{DMatrix, DVector};

use geodescent::objective::Data;
use geodescent::optimizer;
use geodescent::problem::regression::{Regression, Table, Weights};
use geodescent::race::{Runner, World};
use geodescent::registry::Settings;
use geodescent::scenario::{Document, Racer};

use crate::{median, say};

const ROWS: usize = 10_000;
const COLUMNS: usize = 63;
const STEPS: usize = 20;

/// Numbers between −1 and 1 without a pattern.
fn numbers(count: usize) -> Vec<f64> {
    (0..count).map(|i| (i as f64 * 12.9898 + 0.3).sin() * 43_758.545_3 % 1.0).collect()
}

/// A recorded step: loss, gradient, length and divergence over all rows. Floor: X w and Xᵀ r by nalgebra.
pub fn all() {
    let design = numbers(ROWS * COLUMNS);
    let x = DMatrix::from_row_slice(ROWS, COLUMNS, &design);
    let (w, r) = (DVector::from_vec(numbers(COLUMNS)), DVector::from_vec(numbers(ROWS)));
    let (mut odds, mut slope) = (DVector::zeros(ROWS), DVector::zeros(COLUMNS));
    let floor = median(21, 1, || {
        odds.gemv(1.0, &x, &w, 0.0);
        slope.gemv_tr(1.0, &x, &r, 0.0);
        black_box((&odds, &slope));
    });
    say("floor: one pass of matrix products, 10,000 × 63", floor, "", floor);
    let rows = design.chunks_exact(COLUMNS).enumerate();
    let data: Vec<f64> =
        rows.flat_map(|(i, row)| row.iter().copied().chain([f64::from(u8::from(i % 3 == 0))])).collect();
    let names: Vec<String> = (0..COLUMNS).map(|i| format!("x{i}")).collect();
    let data = Data::rows_of(COLUMNS + 1, data, None);
    let model = Arc::new(Regression::new(&names, Table::new(COLUMNS, design.into()), data));
    let world = World::open(&Document::builtin("three-charts").expect("a built-in scenario")).expect("a valid one");
    let kind = optimizer::find("adam").expect("a known kind");
    let racer = Racer { kind, settings: Settings::defaults(kind.fields), ..world.scenario.racers[0].clone() };
    for weights in Weights::ALL {
        let problem = Arc::new(model.within(weights));
        let start = vec![0.0; COLUMNS + 1];
        let time = median(9, 1, || {
            let mut runner = Runner::over(Arc::clone(&problem) as _, &world, &racer, (&start, STEPS + 1));
            runner.extend(STEPS);
            black_box(runner.trace().rows.len());
        });
        // The start is looked at as well.
        say(&format!("recorded step of Adam, {}", weights.name()), time / (STEPS + 1) as f64, "1.5 × floor", floor);
    }
}
