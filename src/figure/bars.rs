//! The density pane of a family with a few outcomes: one group each, the target as a bar, racers as glyphs at the
//! height of their probability.

use super::source::{Source, density};
use super::standing::standing;
use crate::app::Show;
use crate::plot::Room;
use crate::plot::mark::{Bar, Layer, Mark, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::ticks::Tick;

/// A group for each outcome, with its label; outcome i stands from i to i + 1.
#[must_use]
pub fn plot(show: &Show, source: Source<'_>, outcomes: Vec<(String, Vec<f64>)>, room: Room) -> Option<Plot> {
    let family = &*show.world.family;
    let (names, outcomes): (Vec<String>, Vec<Vec<f64>>) = outcomes.into_iter().unzip();
    let shares = source.shares(family, &outcomes);
    let racers: Vec<(usize, Vec<f64>)> =
        standing(show).map(|(racer, p)| (racer, outcomes.iter().map(|x| density(family, p, x)).collect())).collect();
    let all = racers.iter().flat_map(|(_, shares)| shares).chain(&shares);
    // Probabilities need no more than 1, and a bar that reaches the frame would touch its title.
    let top = 1.08 * all.copied().fold(0.0, f64::max);
    let group = room.columns / u16::try_from(outcomes.len().max(1)).unwrap_or(u16::MAX);
    if group == 0 || !(top > 0.0 && top.is_finite()) {
        return None;
    }
    let (rows, margin) = (f64::from(room.rows), f64::from(group / 8) / f64::from(group));
    let bar = |(i, share): (usize, &f64)| Bar { x: [i as f64 + margin, (i + 1) as f64 - margin], height: *share };
    let bars = shares.iter().enumerate().map(bar).collect();
    let row = |share: f64| ((1.0 - share / top) * rows).floor();
    let mut signs = Vec::new();
    for (place, (racer, own)) in racers.iter().enumerate() {
        let across = margin + (place as f64 + 0.5) / racers.len() as f64 * (1.0 - 2.0 * margin);
        for (outcome, share) in own.iter().enumerate() {
            // Above the upper edge of a bar, of which a glyph in its row would leave a notch.
            let above = if shares[outcome] > 0.0 && row(*share) == row(shares[outcome]) { top / rows } else { 0.0 };
            let y = (share + above).min(top * (1.0 - 1e-9)).max(top * 1e-9);
            signs.push(Mark::Sign([outcome as f64 + across, y], Sign::Racer(*racer)));
        }
    }
    let ticks = names.into_iter().enumerate().map(|(i, label)| Tick { at: i as f64 + 0.5, label }).collect();
    let end = f64::from(room.columns) / f64::from(group);
    Some(Plot {
        x: Axis { range: [0.0, end], log: false, name: "x".to_owned(), ticks }.into(),
        y: Axis { range: [0.0, top], log: false, name: String::new(), ticks: Vec::new() }.into(),
        labels: Labels::None,
        grid: false,
        equal: false,
        settled: Settled::default(),
        layers: vec![Layer::new(Tier::Ground, vec![Mark::Bars(bars)]), Layer::new(Tier::Signs, signs)],
    })
}
