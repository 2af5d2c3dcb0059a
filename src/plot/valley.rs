//! The floors of valleys that are narrower than the grid they are sampled on.
//!
//! Points beside such a valley miss its floor by changing amounts, and the picture shows a row of holes where there is
//! one valley. So each point whose square of the grid is crossed by a floor takes the function's value on the floor:
//! where it runs follows from the nine values around the point, which are almost those of a quadratic function.

/// A floor is looked for where it lies lower than the point by this share of the point's height above the least value.
const SHARE: f64 = 0.02;

/// Looks for floors around every value of a grid that has neighbours on all sides, from the first row down; `value` takes
/// grid coordinates.
///
/// # Errors
/// What `value` returns.
pub fn deepen<E>(
    columns: usize,
    values: &mut [f64],
    mut value: impl FnMut([f64; 2]) -> Result<f64, E>,
) -> Result<(), E> {
    let rows = values.len() / columns.max(1);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    // The row before, as it was before its values were changed.
    let mut above = values[..columns.min(values.len())].to_vec();
    for j in 1..rows.saturating_sub(1) {
        let start = j * columns;
        let here = values[start..start + columns].to_vec();
        for i in 1..columns.saturating_sub(1) {
            let below = &values[start + columns + i - 1..][..3];
            let Some([x, y]) = floor([&above[i - 1..][..3], &here[i - 1..][..3], below], least) else { continue };
            let found = value([i as f64 + x, j as f64 + y])?;
            // What is not finite is not less.
            if found < here[i] {
                values[start + i] = found;
            }
        }
        above = here;
    }
    Ok(())
}

/// The way from the middle of nine values, row by row, to the floor of the valley that crosses its square; `None` if
/// there is none, or if it is hardly lower.
fn floor([above, here, below]: [&[f64]; 3], least: f64) -> Option<[f64; 2]> {
    let middle = here[1];
    let [gx, gy] = [0.5 * (here[2] - here[0]), 0.5 * (below[1] - above[1])];
    let [xx, yy] = [here[2] - 2.0 * middle + here[0], below[1] - 2.0 * middle + above[1]];
    // Far from any valley: neither direction has a minimum near the point.
    if 2.0 * gx.abs() > 3.0 * xx && 2.0 * gy.abs() > 3.0 * yy {
        return None;
    }
    let xy = 0.25 * (below[2] - above[2] - below[0] + above[0]);
    // The direction in which the function is most curved.
    let (half, twist) = (0.5 * (xx - yy), (0.25 * (xx - yy).powi(2) + xy * xy).sqrt());
    let curvature = 0.5 * (xx + yy) + twist;
    let (a, b) = if half > 0.0 { (half + twist, xy) } else { (xy, twist - half) };
    let length = a.hypot(b);
    let [a, b] = if length > 0.0 { [a / length, b / length] } else { [1.0, 0.0] };
    let slope = gx * a + gy * b;
    let way = -slope / curvature;
    // The floor crosses the square if it is nearer than the corners on either side. Comparisons with NaN fail.
    let crosses = curvature > 0.0 && way.abs() <= 0.5 * (a.abs() + b.abs());
    let lower = 0.5 * slope * slope / curvature;
    (crosses && lower > SHARE * (middle - least)).then_some([way * a, way * b])
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Every level of a narrow slanted valley is one piece, as on a grid on which it is wide.
    #[test]
    fn a_narrow_valley_has_a_floor_without_holes() {
        let valley = |x: f64, y: f64| 1e4 * (y - 0.37 * x - 3.0).powi(2) + 1e-3 * (x - 20.0).powi(2);
        let (columns, rows) = (40, 24);
        let at = |k: usize| valley((k % columns) as f64, (k / columns) as f64);
        let mut values: Vec<f64> = (0..columns * rows).map(at).collect();
        let Ok(()) = deepen(columns, &mut values, |[x, y]| Ok::<_, Infallible>(valley(x, y)));
        // Along the floor every column has a point as low as the floor.
        for i in 1..columns - 1 {
            let floor = valley(i as f64, 0.37 * i as f64 + 3.0);
            let found = (1..rows - 1).map(|j| values[j * columns + i]).fold(f64::INFINITY, f64::min);
            assert!((found - floor).abs() <= 0.05, "{i}: {found} for {floor}");
        }
    }

    #[test]
    fn where_there_is_no_valley_nothing_changes() {
        for slope in [0.0, 3.0, -40.0] {
            let plane: Vec<f64> = (0..100_u32).map(|k| f64::from(k % 10) * slope + f64::from(k / 10)).collect();
            let mut values = plane.clone();
            let Ok(()) = deepen(10, &mut values, |_| Ok::<_, Infallible>(f64::NEG_INFINITY));
            assert_eq!(values, plane);
        }
        for columns in [0, 1, 2] {
            let Ok(()) = deepen(columns, &mut vec![1.0; 2 * columns], |_| Ok::<_, Infallible>(0.0));
        }
    }
}
