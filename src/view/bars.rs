//! The density pane of a family with a few outcomes: one group each, the target as a bar, racers as glyphs at the
//! height of their probability.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::density::{density, standing};
use super::filling::{Filling, Source};
use super::style::put;
use super::{Style, axis};
use crate::app::Show;

/// Draws a group for each outcome, with its label, into `plot`, inside the frame `area`.
pub fn draw(
    show: &Show,
    style: Style,
    source: Source<'_>,
    outcomes: Vec<(String, Vec<f64>)>,
    (area, plot): (Rect, Rect),
    buf: &mut Buffer,
) {
    let family = &*show.world.family;
    let (names, outcomes): (Vec<String>, Vec<Vec<f64>>) = outcomes.into_iter().unzip();
    let shares = source.shares(family, &outcomes);
    let racers: Vec<(usize, Vec<f64>)> =
        standing(show).map(|(racer, p)| (racer, outcomes.iter().map(|x| density(family, p, x)).collect())).collect();
    let all = racers.iter().flat_map(|(_, shares)| shares).chain(&shares);
    // Probabilities need no more than 1, and a bar that reaches the frame would touch its title.
    let top = 1.08 * all.copied().fold(0.0, f64::max);
    let group = plot.width / u16::try_from(outcomes.len().max(1)).unwrap_or(u16::MAX);
    if group == 0 || !(top > 0.0 && top.is_finite()) {
        return;
    }
    let (margin, rows) = (group / 8, f64::from(plot.height));
    let bar = |column: u16| {
        let inside = (margin..group - margin).contains(&(column % group));
        let share = shares.get(usize::from(column / group)).filter(|_| inside);
        share.map_or(0.0, |share| share / top * 8.0 * rows)
    };
    let filling = Filling { heights: (0..plot.width).map(bar).collect(), rows: usize::from(plot.height) };
    let mut glyphs: Vec<(u16, u16, usize)> = Vec::new();
    for (place, (racer, shares)) in racers.iter().enumerate() {
        let across = (place as f64 + 0.5) / racers.len() as f64 * f64::from(group - 2 * margin);
        for (outcome, share) in (0..).zip(shares) {
            let row = ((1.0 - share / top) * rows).clamp(0.0, rows - 1.0) as u16;
            glyphs.push((outcome * group + margin + across as u16, row, *racer));
        }
    }
    let covered = |column, row| glyphs.iter().any(|(x, y, _)| (usize::from(*x), usize::from(*y)) == (column, row));
    filling.paint(style, plot, covered, buf);
    for &(x, y, racer) in &glyphs {
        put(buf, plot.x + x, plot.y + y, style.glyph(racer), style.racer_bold(racer));
    }
    let labels = (0..).zip(names).map(|(outcome, name)| (1 + outcome * group + group / 2, name));
    axis::bottom(buf, area, style, "x", labels);
}
