//! The horizontal range of the density pane: that of the target and of what was seen of the race so far, in round
//! numbers, so that it moves rarely; angles are shown once around.
//!
//! Draws nothing.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use super::reward;
use super::source::Source;
use super::standing::shown;
use crate::app::Show;
use crate::family::{Family, Support};
use crate::math::Vec2;
use crate::plot::pane::Axis;
use crate::plot::ticks::readable;
use crate::race::World;

/// The minimum distance between two labels of the horizontal axis.
const SPACING: f64 = 9.0;

/// How many times wider than the target's and the start's range racers may make the pane.
const WIDEST: f64 = 2.5;
/// The shares of its peak at which a density ends for the range: a racer's, which has to be in view up to two standard
/// deviations, and the target's, up to three. Long tails would squeeze their own density to a needle.
const ENDS: [f64; 2] = [0.13, 0.01];
/// How far data count beyond the middle nine tenths of them, in widths of these on either side.
const STRAY: f64 = 2.0;
/// The most data sorted for that.
const COUNTED: usize = 10_000;

/// What is known of the range from frame to frame while only time moves.
#[derive(Debug, Default)]
pub struct Memo {
    /// The range that is known before anything has moved.
    known: Option<[f64; 2]>,
    /// The visible range of racers' densities, by racer and step.
    cores: BTreeMap<(usize, usize), [f64; 2]>,
}

/// The horizontal range; `None` if nothing of it is a number.
pub fn range(show: &Show, memo: &mut Memo) -> Option<[f64; 2]> {
    let world = &show.world;
    let family = &*world.family;
    if family.support() == Support::Circle {
        return Some([-PI, PI]);
    }
    let mut base = memo.known.or_else(|| known(world))?;
    memo.known = Some(base);
    let most = WIDEST * (base[1] - base[0]);
    let middle = 0.5 * (base[0] + base[1]);
    let limits = [middle - 0.5 * most, middle + 0.5 * most];
    for racer in shown(show) {
        let trace = show.race.trace(racer);
        let seen = trace.last_alive().min(show.timeline.furthest());
        // Steps at multiples of a power of two: one more step never shrinks the range.
        let stride = (seen / 8).next_power_of_two();
        for step in (0..=seen).step_by(stride) {
            let core =
                *memo.cores.entry((racer, step)).or_insert_with(|| visible(family, trace.rows.at(step).p(), ENDS[0]));
            if core.iter().all(|x| x.is_finite()) {
                base = [base[0].min(core[0].max(limits[0])), base[1].max(core[1].min(limits[1]))];
            }
        }
    }
    Some(inside(family.support(), rounded(base)))
}

/// Where a density is higher than a share of its peak, within its bulk.
fn visible(family: &dyn Family, p: Vec2, share: f64) -> [f64; 2] {
    const POINTS: i32 = 12;
    let (low, high) = family.bulk(p);
    let height = |x: f64| family.log_density(p, &[x]);
    // Ever closer to the ends and to the middle, where peaks are.
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    let near = |k: i32| (f64::from(k) / f64::from(POINTS)).powi(4) * half;
    let points = (0..=POINTS).flat_map(|k| [middle - near(k), middle + near(k), low + near(k), high - near(k)]);
    let top = points.map(|x| (x, height(x))).filter(|at| at.1.is_finite()).reduce(|a, b| if b.1 > a.1 { b } else { a });
    let Some((peak, top)) = top else { return [low, high] };
    let end = |end: f64| {
        let (mut inside, mut outside) = (peak, end);
        if height(end) >= top + share.ln() {
            return end;
        }
        for _ in 0..24 {
            let x = 0.5 * (inside + outside);
            if height(x) >= top + share.ln() { inside = x } else { outside = x }
        }
        inside
    };
    [end(low), end(high)]
}

/// The range of data: all of them, unless a few lie very far off.
fn spread(values: &[f64]) -> [f64; 2] {
    let stride = values.len().div_ceil(COUNTED).max(1);
    let mut sorted: Vec<f64> = values.iter().copied().step_by(stride).filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return [f64::NAN; 2] };
    let (low, high) = (sorted[last / 20], sorted[last - last / 20]);
    let all = values.iter().fold([low, high], |[low, high], x| [low.min(*x), high.max(*x)]);
    let stray = STRAY * (high - low);
    if stray > 0.0 { [all[0].max(low - stray), all[1].min(high + stray)] } else { all }
}

/// The range that is known before anything has moved: of the target or the data, of the reward, and of the start.
fn known(world: &World) -> Option<[f64; 2]> {
    let family = &*world.family;
    let aim = match Source::of(world) {
        Source::Target(p) => Some(visible(family, p, ENDS[1])),
        Source::Data(values) => Some(spread(values)),
        Source::Nothing => None,
    };
    let start = visible(family, world.start(), ENDS[0]);
    let [low, high] = aim.map_or(start, |[low, high]| {
        // A start much wider than the target must not squeeze it to a needle.
        let most = WIDEST * (high - low);
        [low.min(start[0].max(low - most)), high.max(start[1].min(high + most))]
    });
    let most = 0.5 * WIDEST * (high - low);
    let middle = 0.5 * (low + high);
    let hills = reward::core(&*world.objective, [middle - most, middle + most]).unwrap_or([low, high]);
    let [low, high] = [low.min(hills[0]), high.max(hills[1])];
    ((high - low).is_finite() && high > low).then_some([low, high])
}

/// Outwards to multiples of 1, 2 or 5 times a power of ten near a thirtieth of the range.
fn rounded([low, high]: [f64; 2]) -> [f64; 2] {
    let aim = (high - low) / 30.0;
    let decade = 10_f64.powf(aim.log10().floor());
    let unit = [5.0, 2.0].into_iter().map(|m| m * decade).find(|unit| *unit <= aim).unwrap_or(decade);
    [(low / unit).floor() * unit, (high / unit).ceil() * unit]
}

/// A range clipped to the support.
fn inside(support: Support, [low, high]: [f64; 2]) -> [f64; 2] {
    match support {
        Support::Positive => [low.max(0.0), high],
        Support::Unit => [low.max(0.0), high.min(1.0)],
        _ => [low, high],
    }
}

/// The horizontal axis of a density.
#[must_use]
pub fn across(name: &str, range: [f64; 2], columns: u16) -> Axis {
    Axis { range, log: false, name: name.to_owned(), ticks: readable(range, columns, SPACING, name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tails_do_not_count() {
        let [low, high] = visible(
            &*(crate::family::cauchy::INFO.build)(&crate::registry::Settings::default()),
            Vec2::new(1.0, 2.0),
            0.01,
        );
        assert!((low + 18.9).abs() < 0.1 && (high - 20.9).abs() < 0.1, "{low} {high}");
        assert_eq!(spread(&(0..=100).map(f64::from).collect::<Vec<_>>()), [0.0, 100.0]);
        let mut far: Vec<f64> = (0..=100).map(f64::from).collect();
        far.push(1e6);
        assert_eq!(spread(&far)[0], 0.0);
        assert!(spread(&far)[1] < 300.0);
    }

    #[test]
    fn the_range_is_rounded_outwards() {
        let close = |a: [f64; 2], b: [f64; 2]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close(rounded([-2.56, 4.42]), [-2.6, 4.6]));
        assert!(close(rounded([0.0, 30.0]), [0.0, 30.0]));
    }
}
