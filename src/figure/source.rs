//! What is filled in the density pane: the target or the data, as marks.
//!
//! The bins of a histogram follow from the data alone, so that it keeps its shape whatever part of it is in view.

use crate::family::{Family, Support, principal};
use crate::math::Vec2;
use crate::plot::mark::{Bar, Mark};
use crate::race::World;

/// The most data counted for a histogram: more make no visible difference in eighths of a row, and a frame has to be
/// fast.
const COUNTED: usize = 20_000;
/// The most bins: an outlier far away is at most so many widths off.
const BINS: f64 = 100_000.0;

/// What is filled.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A distribution of the family.
    Target(Vec2),
    /// A sample.
    Data(&'a [f64]),
    /// No target: only a loss.
    Nothing,
}

impl<'a> Source<'a> {
    /// The target of a world.
    #[must_use]
    pub fn of(world: &'a World) -> Self {
        let objective = &world.objective;
        match (objective.target(), objective.data()) {
            (Some(p), _) => Self::Target(p),
            (None, Some(data)) if !data.values().is_empty() => Self::Data(data.values()),
            _ => Self::Nothing,
        }
    }

    /// Its name beside the fill.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Target(_) => "target",
            Self::Data(_) => "data",
            Self::Nothing => "",
        }
    }

    /// What the title says is filled.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::Target(_) => ", target filled",
            Self::Data(_) => ", data filled",
            Self::Nothing => "",
        }
    }

    /// Its density over a range, in the middle of each of `columns` columns, or its histogram.
    #[must_use]
    pub fn fill(self, family: &dyn Family, range: [f64; 2], columns: usize) -> Option<Mark> {
        let width = (range[1] - range[0]) / columns as f64;
        match self {
            Self::Target(p) => {
                let middle = |column: usize| range[0] + width * (column as f64 + 0.5);
                let point = |x: f64| [x, density(family, p, &[x])];
                Some(Mark::Under((0..columns).map(|column| point(middle(column))).collect()))
            }
            Self::Data(values) if family.support() == Support::Circle => {
                let turned: Vec<f64> = values.iter().map(|x| principal(*x)).collect();
                Some(Mark::Bars(histogram(&turned)))
            }
            Self::Data(values) => Some(Mark::Bars(histogram(values))),
            Self::Nothing => None,
        }
    }

    /// The share of each of some outcomes.
    #[must_use]
    pub fn shares(self, family: &dyn Family, outcomes: &[Vec<f64>]) -> Vec<f64> {
        match self {
            Self::Target(p) => outcomes.iter().map(|x| density(family, p, x)).collect(),
            Self::Data(values) => {
                let rows = || values.chunks_exact(family.width());
                let share = |outcome: &Vec<f64>| rows().filter(|x| x == outcome).count() as f64 / rows().len() as f64;
                outcomes.iter().map(share).collect()
            }
            Self::Nothing => vec![0.0; outcomes.len()],
        }
    }
}

/// How far from the quartiles, in interquartile ranges, data are outliers: Tukey's outer fences.
const FENCE: f64 = 3.0;

/// A histogram as a density: 2 ∛n bins (the Rice rule) over all data but outliers, and as many more of the same width as
/// those need. Empty bins have no bar.
fn histogram(values: &[f64]) -> Vec<Bar> {
    let stride = values.len().div_ceil(COUNTED);
    let mut sorted: Vec<f64> = values.iter().copied().step_by(stride.max(1)).filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return Vec::new() };
    let [low, high] = without_outliers(&sorted);
    let bins = (2.0 * (sorted.len() as f64).cbrt()).round();
    // Equal data are one bar that can be seen.
    let far = (sorted[last] - sorted[0]) / BINS;
    let even = if high > low { (high - low) / bins } else { 0.1 * low.abs().max(1.0) };
    let width = even.max(far);
    let place = |x: f64| ((x - low) / width).floor();
    let mut bars: Vec<(f64, usize)> = Vec::new();
    for x in &sorted {
        match bars.last_mut() {
            // What lies at the upper end belongs to the last bin inside.
            Some((at, count)) if *at == place(*x) || (*x == high && *at + 1.0 == place(*x)) => *count += 1,
            _ => bars.push((place(*x), 1)),
        }
    }
    let unit = sorted.len() as f64 * width;
    let bar = |(at, count): (f64, usize)| Bar {
        x: [low + at * width, low + (at + 1.0) * width],
        height: count as f64 / unit,
    };
    bars.into_iter().map(bar).collect()
}

/// The ends of sorted data, of which there are some, within [`FENCE`]; of all of them if half are equal.
fn without_outliers(sorted: &[f64]) -> [f64; 2] {
    let last = sorted.len() - 1;
    let [first, third] = [1, 3].map(|quarter| sorted[last * quarter / 4]);
    let reach = FENCE * (third - first);
    if reach == 0.0 {
        return [sorted[0], sorted[last]];
    }
    let inside = |x: &&f64| (first - reach..=third + reach).contains(*x);
    let [low, high] = [sorted.iter().find(inside), sorted.iter().rev().find(inside)];
    [low.copied().unwrap_or(first), high.copied().unwrap_or(third)]
}

/// The density, zero if it is not a number.
pub fn density(family: &dyn Family, p: Vec2, x: &[f64]) -> f64 {
    let value = family.log_density(p, x).exp();
    if value.is_finite() { value } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_a_density() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0).collect();
        let bars = histogram(&values);
        let mass: f64 = bars.iter().map(|bar| bar.height * (bar.x[1] - bar.x[0])).sum();
        assert!((mass - 1.0).abs() < 1e-9, "{mass}");
        assert!(bars.iter().all(|bar| (bar.height - 1.0).abs() < 0.06), "even data have even bars");
        assert!((15..=25).contains(&bars.len()));
    }

    #[test]
    fn an_outlier_has_a_bar_of_its_own_and_leaves_the_others_alone() {
        let values: Vec<f64> = (0..64).map(f64::from).collect();
        let mut far = values.clone();
        far.push(-440.0);
        let (bars, with) = (histogram(&values), histogram(&far));
        let width = |bars: &[Bar]| bars[0].x[1] - bars[0].x[0];
        assert!((width(&bars) / width(&with) - 1.0).abs() < 0.1);
        assert!(with[0].x[0] <= -440.0 && -440.0 < with[0].x[1] && with[1].x[0] > -20.0);
    }

    #[test]
    fn equal_data_have_a_histogram() {
        let bars = histogram(&[2.0; 5]);
        assert_eq!(bars.len(), 1);
        assert!(bars[0].height.is_finite() && bars[0].height > 0.0);
        assert!(histogram(&[]).is_empty());
    }
}
