//! How far each epoch of PPO goes from the old policy, in KL, and how far a trust region would let it.

use super::tries::Try;
use crate::app::Show;
use crate::figure::racers::radius;
use crate::figure::trace::across;
use crate::figure::upright::Upright;
use crate::format;
use crate::plot::mark::{self, Dash, Ink, Label, Layer, Mark, Place, Point, Role, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::{PaneFigure, Room};

/// The least rows of the pane, with its frame.
pub const ROWS: u16 = 9;
/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 7;
/// How far above the curves a radius still belongs in the picture, in their height.
const FAR: f64 = 3.0;
/// The digits of a radius.
const DIGITS: usize = 3;
/// Columns between the last epoch and the edge, for its glyph.
const SPARE: f64 = 2.0;

/// The pane in so many columns, once it is known how many rows it has; `None` where no step has epochs.
#[must_use]
pub fn pane<'a>(
    show: &'a Show,
    tries: &'a [Try],
    columns: u16,
) -> Option<impl Fn(u16) -> Option<PaneFigure> + use<'a>> {
    let curves: Vec<(usize, Vec<Point>)> = tries.iter().filter(|found| !found.epochs.is_empty()).map(curve).collect();
    let width = columns.saturating_sub(LABELS + 2);
    (!curves.is_empty() && width > 0).then_some(move |rows: u16| {
        if rows < ROWS {
            return None;
        }
        let plot = plot(show, &curves, Room { columns: width, rows: rows - 2, bands: 0, finer: 1, fills: false })?;
        let (name, detail) = ("Epochs".to_owned(), "KL(old‖now), epoch by epoch".to_owned());
        Some(PaneFigure { name, detail, plot: Some(plot), ..PaneFigure::default() })
    })
}

/// KL by epochs, from none on.
fn curve(found: &Try) -> (usize, Vec<Point>) {
    let after = found.epochs.iter().enumerate().map(|(i, kl)| [(i + 1) as f64, *kl]);
    (found.racer, std::iter::once([0.0; 2]).chain(after).collect())
}

fn plot(show: &Show, curves: &[(usize, Vec<Point>)], room: Room) -> Option<Plot> {
    let points = || curves.iter().flat_map(|(_, points)| points).filter(|point| point[1].is_finite());
    let end = points().map(|point| point[0]).fold(1.0, f64::max);
    let most = points().map(|point| point[1]).fold(0.0, f64::max);
    let regions = regions(show, FAR * most);
    let high = regions.iter().map(|(_, delta)| *delta).fold(most, f64::max);
    let upright = Upright::linear(0.0, if high > 0.0 { high } else { 1.0 }, room.rows)?;
    let range = [0.0, end * f64::from(room.columns) / (f64::from(room.columns) - SPARE)];
    let level = |(_, delta): &(usize, f64)| {
        let line = mark::Line::thin(vec![[0.0, *delta], [range[1], *delta]], Ink::Role(Role::Dim));
        Mark::Line(line.dashed(Dash::Sparse))
    };
    let lines = curves.iter().map(|(racer, points)| mark::Line::thin(points.clone(), Ink::Racer(*racer)));
    let heads = curves.iter().filter_map(|(racer, points)| Some(Mark::Sign(*points.last()?, Sign::Racer(*racer))));
    let names = regions.iter().map(|(racer, delta)| {
        let text =
            format!("{} may spend {}", show.world.scenario.racers[*racer].label, format::rounded(*delta, DIGITS));
        // Along the line, where the curves leave room.
        let anchors = [0.25, 0.75, 0.5].map(|share| [share * range[1], *delta]).to_vec();
        Mark::Label(Label { text, anchors, place: Place::On, ink: Ink::Role(Role::Text) })
    });
    let signs = heads.chain(names).collect();
    Some(Plot {
        x: Axis { range, log: false, name: "epoch".to_owned(), ticks: across(end as usize + 1, room.columns) }.into(),
        y: upright.axis().into(),
        labels: Labels::Margin(LABELS),
        grid: true,
        equal: false,
        settled: Settled::default(),
        layers: vec![
            Layer::new(Tier::Ground, regions.iter().map(level).collect()),
            Layer::new(Tier::Lines, lines.map(Mark::Line).collect()),
            Layer::new(Tier::Signs, signs),
        ],
    })
}

/// The trust regions of the racers that are shown, each radius once, up to the largest that has a place in the picture.
fn regions(show: &Show, most: f64) -> Vec<(usize, f64)> {
    let racers = show.world.scenario.racers.iter().enumerate().filter(|(racer, _)| show.on[*racer]);
    let mut found: Vec<(usize, f64)> = Vec::new();
    for (racer, delta) in racers.filter_map(|(racer, spec)| Some((racer, radius(spec)?))) {
        if delta <= most && found.iter().all(|(_, own)| *own != delta) {
            found.push((racer, delta));
        }
    }
    found
}
