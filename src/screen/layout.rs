//! The rectangle of every pane, by integer arithmetic: no solver, so no size at which the picture could hang or
//! flicker.
//!
//! Draws nothing. Each pane decides what to leave out below which size.

use ratatui::layout::Rect;

use crate::app::{self, Show};
use crate::figure::policy::{Bars, Map};
use crate::scenario::Pane;

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// One pane and a line on how to see the others.
    Tiny,
    /// From 40×12: landscape and racers.
    Small,
    /// From 60×20: four panes.
    Middle,
    /// From 100×30: all but the numbers, which replace the density while focused.
    Wide,
}

impl Class {
    /// The class of a size.
    #[must_use]
    pub const fn of(width: u16, height: u16) -> Self {
        match (width, height) {
            (100.., 30..) => Self::Wide,
            (60.., 20..) => Self::Middle,
            (40.., 12..) => Self::Small,
            _ => Self::Tiny,
        }
    }
}

/// The rectangles of a screen. Those that do not fit are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// How much room there is.
    pub class: Class,
    /// The first row; empty where there is only one pane.
    pub header: Rect,
    /// The last row.
    pub footer: Rect,
    /// The rows above it for a caption.
    pub caption: Rect,
    /// The visible panes, in drawing order.
    pub panes: Vec<(Pane, Rect)>,
}

impl Layout {
    /// The rectangle of a pane, if visible.
    #[must_use]
    pub fn pane(&self, pane: Pane) -> Option<Rect> {
        self.panes.iter().find(|(name, _)| *name == pane).map(|(_, area)| *area)
    }

    /// The pane at a cell.
    #[must_use]
    pub fn at(&self, x: u16, y: u16) -> Option<Pane> {
        self.panes.iter().find(|(_, area)| area.contains((x, y).into())).map(|(pane, _)| *pane)
    }
}

/// What lies around the panes, and what is left for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// How much room there is.
    pub class: Class,
    /// The first row; empty where there is only one pane.
    pub header: Rect,
    /// The last row.
    pub footer: Rect,
    /// The rows above it for a caption.
    pub caption: Rect,
    /// The rest.
    pub body: Rect,
}

/// The frame of `area`, with so many rows for a caption where there are several panes.
#[must_use]
pub fn frame(area: Rect, said: u16) -> Frame {
    let class = Class::of(area.width, area.height);
    let last = u16::from(area.height > 0);
    let footer = Rect { y: area.bottom() - last, height: last, ..area };
    let first = u16::from(class > Class::Tiny);
    let header = Rect { height: first, ..area };
    let rows = if class < Class::Middle { 0 } else { said.min(area.height / 3) };
    let body = Rect { y: area.y + first, height: area.height.saturating_sub(first + last + rows), ..area };
    let caption = Rect { y: body.bottom(), height: rows, ..area };
    Frame { class, header, footer, caption, body }
}

/// What a race needs room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The number of racers.
    pub racers: usize,
    /// The pane with the focus.
    pub focus: Pane,
    /// Whether it fills the screen.
    pub filled: bool,
    /// What kind of race it is.
    pub kind: Kind,
}

/// A kind of race, as far as its panes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of distributions.
    Densities,
    /// Of value functions, which have no density.
    Values,
    /// Of policies.
    Policies {
        /// Whether there is an ensemble.
        ensemble: bool,
        /// The size of the policy's map, which needs the most room, if it is one.
        map: Option<Map>,
        /// The room of its bars, if it has some.
        bars: Option<Bars>,
    },
}

impl Shape {
    /// That of a show.
    #[must_use]
    pub fn of(show: &Show) -> Self {
        let scenario = &show.world.scenario;
        let panes = scenario.panes();
        let process = scenario.process();
        let map = process.and_then(|process| process.grid.as_ref()).map(Map::of);
        let bars = process.map(Bars::of);
        let kind = if panes.contains(&Pane::Policy) {
            Kind::Policies { ensemble: panes.contains(&Pane::Outcomes), map, bars }
        } else if panes.contains(&Pane::Density) {
            Kind::Densities
        } else {
            Kind::Values
        };
        Self { racers: scenario.racers.len(), focus: show.focus_now(), filled: show.filled, kind }
    }
}

/// The layout of `area` for a race and rows of a caption. The focused pane is always visible; filled, it is the only one.
#[must_use]
pub fn compute(area: Rect, shape: &Shape, said: u16) -> Layout {
    let Frame { class, header, footer, caption, body } = frame(area, said);
    let Shape { focus, filled, kind, .. } = *shape;
    // Never more rows than any terminal has.
    let racers = u16::try_from(shape.racers.min(1000)).unwrap_or(1000);
    let panes = match (class, kind) {
        _ if filled => vec![(focus, body)],
        (Class::Tiny, _) => vec![(focus, body)],
        (Class::Small, _) => small(body, racers, focus),
        (Class::Wide, Kind::Densities) => wide(body, racers, focus, Some(Pane::Density)),
        (Class::Wide, Kind::Values) => wide(body, racers, focus, None),
        (Class::Middle, Kind::Densities | Kind::Values) => middle(body, racers, focus),
        (Class::Wide, Kind::Policies { ensemble, map, bars }) => policies(body, racers, focus, (ensemble, map, bars)),
        (Class::Middle, Kind::Policies { ensemble, map, .. }) => {
            few_policies(body, racers, focus, (ensemble, map.is_some()))
        }
    };
    Layout { class, header, footer, caption, panes }
}

/// `area` cut at `rows` from its top.
fn rows(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// `area` cut at `columns` from its left.
fn columns(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (Rect { width: columns, ..area }, Rect { x: area.x + columns, width: area.width - columns, ..area })
}

/// A share of a length, without overflow.
fn share(length: u16, part: u32, of: u32) -> u16 {
    u16::try_from(u32::from(length) * part / of).unwrap_or(length)
}

/// Numbers take the place of the lowest pane of shapes, `lower`, while they have the focus.
fn wide(body: Rect, racers: u16, focus: Pane, lower: Option<Pane>) -> Vec<(Pane, Rect)> {
    let right = share(body.width, 2, 5).clamp(44, 80);
    let (left, right) = columns(body, body.width - right);
    let trace = (body.height / 4).max(racers + 3).min(16);
    let (landscape, trace) = rows(left, body.height - trace);
    // With many racers the table scrolls rather than take space from the ellipse.
    let table = (racers + 3).min(body.height / 2);
    let (above, table) = rows(right, body.height - table);
    // An equation worked out needs more rows than a density.
    let (lower, part) = if focus == Pane::Numbers { (Some(focus), 2) } else { (lower, 3) };
    let (ellipse, below) =
        if lower.is_some() { rows(above, share(above.height, part, 5)) } else { (above, Rect::ZERO) };
    let mut panes = vec![(Pane::Landscape, landscape), (Pane::Ellipses, ellipse), (Pane::Traces, trace)];
    panes.extend(lower.map(|pane| (pane, below)));
    panes.push((Pane::Racers, table));
    panes
}

fn middle(body: Rect, racers: u16, focus: Pane) -> Vec<(Pane, Rect)> {
    let bottom = (racers + 2).max(6).min(body.height / 2);
    let (above, below) = rows(body, body.height - bottom);
    let right = share(body.width, 2, 5).max(30);
    let (landscape, ellipse) = columns(above, body.width - right);
    let (trace, table) = columns(below, body.width - 40);
    let corner = if matches!(focus, Pane::Density | Pane::Numbers) { focus } else { Pane::Ellipses };
    vec![(Pane::Landscape, landscape), (corner, ellipse), (Pane::Traces, trace), (Pane::Racers, table)]
}

/// The largest pane of policies: the landscape, a map, or what takes its place while it has the focus.
fn main_pane(focus: Pane, map: bool) -> Pane {
    match focus {
        Pane::Box => Pane::Box,
        Pane::Landscape if map => Pane::Landscape,
        _ if map => Pane::Policy,
        _ => Pane::Landscape,
    }
}

fn policies(
    body: Rect,
    racers: u16,
    focus: Pane,
    (ensemble, map, bars): (bool, Option<Map>, Option<Bars>),
) -> Vec<(Pane, Rect)> {
    let main = main_pane(focus, map.is_some());
    let right = share(body.width, 2, 5).clamp(44, 80);
    let trace = (body.height / 4).max(racers + 3).min(16);
    let [mut wide, mut tall] = [body.width - right, body.height.saturating_sub(trace)];
    // A small map leaves room to the others.
    if let Some(map) = map.filter(|_| main == Pane::Policy) {
        wide = map.columns().saturating_add(2).clamp(right.min(wide), wide);
        let used = map.rows(wide.saturating_sub(2), body.height.saturating_sub(2)).saturating_add(2);
        if used > tall {
            return mapped(body, racers, focus, (ensemble, wide));
        }
        tall = used.max(tall.min(body.height / 3));
    }
    let (left, right) = columns(body, wide);
    let (landscape, trace) = rows(left, tall);
    let table = (racers + 3).min(body.height / 3);
    let (above, table) = rows(right, right.height - table);
    let mut panes = vec![(main, landscape), (Pane::Traces, trace), (Pane::Racers, table)];
    // The map is a policy already: what it leaves is the landscape's.
    let first = if main == Pane::Policy { Pane::Landscape } else { Pane::Policy };
    let second = match focus {
        Pane::Numbers | Pane::Ellipses | Pane::Collapsed => focus,
        _ if ensemble => Pane::Outcomes,
        _ => Pane::Ellipses,
    };
    let wanted = match bars.filter(|_| first == Pane::Policy) {
        Some(bars) => bars.rows(racers, above.width.saturating_sub(2)).saturating_add(2),
        None if first == Pane::Policy => (racers + 4).max(above.height / 3),
        None => above.height / 2,
    };
    let (policy, below) = rows(above, wanted.min(above.height / 2));
    panes.push((first, policy));
    if ensemble && second == Pane::Outcomes && below.height >= racers + 11 {
        let (outcomes, collapsed) = rows(below, racers + 4);
        panes.extend([(Pane::Outcomes, outcomes), (Pane::Collapsed, collapsed)]);
    } else {
        panes.push((second, below));
    }
    panes
}

/// A map with details of its states takes all of the left; the trace stands at the right, where the landscape
/// shares its place.
fn mapped(body: Rect, racers: u16, focus: Pane, (ensemble, wide): (bool, u16)) -> Vec<(Pane, Rect)> {
    let (left, right) = columns(body, wide);
    let table = (racers + 3).min(body.height / 3);
    let (above, table) = rows(right, right.height - table);
    let (trace, below) = rows(above, share(above.height, 2, 5));
    let other = match focus {
        Pane::Numbers | Pane::Ellipses | Pane::Collapsed => focus,
        _ if ensemble => Pane::Outcomes,
        _ => Pane::Landscape,
    };
    vec![(Pane::Policy, left), (Pane::Traces, trace), (other, below), (Pane::Racers, table)]
}

fn few_policies(body: Rect, racers: u16, focus: Pane, (ensemble, map): (bool, bool)) -> Vec<(Pane, Rect)> {
    let main = main_pane(focus, map);
    // Outcomes have a heading.
    let bottom = (racers + 2 + u16::from(ensemble)).max(6).min(body.height / 2);
    let (above, below) = rows(body, body.height - bottom);
    let right = share(body.width, 2, 5).max(30);
    let (landscape, corner) = columns(above, body.width - right);
    let beside = match focus {
        Pane::Numbers | Pane::Ellipses | Pane::Collapsed => focus,
        Pane::Policy if main != Pane::Policy => focus,
        _ if ensemble => Pane::Traces,
        _ if main == Pane::Policy => Pane::Ellipses,
        _ => Pane::Policy,
    };
    let mut panes = vec![(main, landscape), (beside, corner)];
    if ensemble {
        // The outcomes have the racers' names, too, for which they need the whole width.
        panes.push((if focus == Pane::Racers { focus } else { Pane::Outcomes }, below));
    } else {
        let (trace, table) = columns(below, body.width - 40);
        panes.extend([(Pane::Traces, trace), (Pane::Racers, table)]);
    }
    panes
}

fn small(body: Rect, racers: u16, focus: Pane) -> Vec<(Pane, Rect)> {
    let table = (racers + 2).min(body.height / 2);
    let (above, below) = rows(body, body.height - table);
    let main = if focus == Pane::Racers { Pane::Landscape } else { focus };
    vec![(main, above), (Pane::Racers, below)]
}

/// All charts side by side. Those that do not fit are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charts {
    /// The charts in view, as indices in their order.
    pub cells: Vec<(usize, Rect)>,
    /// The gaps by step.
    pub curve: Rect,
    /// The gaps at the playhead.
    pub table: Rect,
    /// The racers.
    pub racers: Rect,
}

impl Charts {
    /// Where the charts of a show stand side by side.
    #[must_use]
    pub fn of(show: &Show, charts: &app::Charts, body: Rect) -> Self {
        let focus = charts.order.iter().position(|chart| *chart == show.chart).unwrap_or(0);
        let lines = |count: usize| u16::try_from(count.min(1000)).unwrap_or(1000);
        let rows = (lines(charts.gaps.kins.len()), lines(show.world.scenario.racers.len()));
        self::charts(body, charts.order.len(), focus, rows)
    }
}

/// The least size of a chart's cell, from which one more column or row of them is made, and the most of them.
const CELL: (u16, u16) = (36, 17);
const GRID: u16 = 3;

/// The layout of `body` for `count` charts of which the one in place `focus` is in view, `kins` gaps and `racers`.
#[must_use]
pub fn charts(body: Rect, count: usize, focus: usize, (kins, racers): (u16, u16)) -> Charts {
    let class = Class::of(body.width, body.height + 2);
    let right = if class >= Class::Middle { (body.width / 3).max(40) } else { 0 };
    let (left, right) = columns(body, body.width - right);
    let table = (kins + 4).min(right.height / 3);
    let listed = (racers + 3).min(right.height / 3);
    let (curve, below) = rows(right, right.height - table - listed);
    let (table, racers) = rows(below, table);
    let least = if class == Class::Middle { 10 } else { CELL.1 };
    let across = (left.width / CELL.0).clamp(1, GRID);
    let down = (left.height / least).clamp(1, GRID);
    Charts { cells: grid(left, count, focus, (across, down)), curve, table, racers }
}

/// Cells of `area` in rows of almost equal length: as many of `count` as `across` × `down` holds, begun so that `focus`
/// is among them.
fn grid(area: Rect, count: usize, focus: usize, (across, down): (u16, u16)) -> Vec<(usize, Rect)> {
    let shown = count.min(usize::from(across * down)).max(1);
    let first = (focus + 1).saturating_sub(shown).min(count.saturating_sub(shown));
    let shown = u16::try_from(shown).unwrap_or(1);
    let down = shown.div_ceil(across).max(1);
    let mut cells = Vec::new();
    for row in 0..down {
        let (top, bottom) =
            (share(area.height, row.into(), down.into()), share(area.height, (row + 1).into(), down.into()));
        // The upper rows take the remainder, one each.
        let own = shown / down + u16::from(row < shown % down);
        for column in 0..own {
            let start = share(area.width, column.into(), own.into());
            let end = share(area.width, (column + 1).into(), own.into());
            let cell = Rect { x: area.x + start, y: area.y + top, width: end - start, height: bottom - top };
            cells.push((first + cells.len(), cell));
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::process::{Cell, Grid};

    const fn shape(racers: usize, focus: Pane, filled: bool) -> Shape {
        Shape { racers, focus, filled, kind: Kind::Densities }
    }

    fn panes(width: u16, height: u16, racers: usize) -> Layout {
        compute(Rect::new(0, 0, width, height), &shape(racers, Pane::Landscape, false), 0)
    }

    fn rect(layout: &Layout, pane: Pane) -> [u16; 4] {
        layout.pane(pane).map_or([0; 4], |r| [r.x, r.y, r.width, r.height])
    }

    #[test]
    fn sizes_of_the_wide_class() {
        let layout = panes(160, 45, 6);
        assert_eq!(rect(&layout, Pane::Landscape), [0, 1, 96, 33]);
        assert_eq!(rect(&layout, Pane::Traces), [0, 34, 96, 10]);
        assert_eq!(rect(&layout, Pane::Ellipses), [96, 1, 64, 20]);
        assert_eq!(rect(&layout, Pane::Density), [96, 21, 64, 14]);
        assert_eq!(rect(&layout, Pane::Racers), [96, 35, 64, 9]);
        let layout = panes(120, 36, 6);
        assert_eq!(rect(&layout, Pane::Landscape), [0, 1, 72, 25]);
        assert_eq!(rect(&layout, Pane::Traces), [0, 26, 72, 9]);
        assert_eq!(rect(&layout, Pane::Ellipses), [72, 1, 48, 15]);
        assert_eq!(rect(&layout, Pane::Density), [72, 16, 48, 10]);
        assert_eq!(rect(&layout, Pane::Racers), [72, 26, 48, 9]);
        let layout = panes(200, 60, 6);
        assert_eq!(rect(&layout, Pane::Traces), [0, 45, 120, 14]);
        assert_eq!(rect(&layout, Pane::Ellipses), [120, 1, 80, 29]);
    }

    #[test]
    fn ellipses_have_the_room_of_a_density_where_there_is_none() {
        let values = Shape { kind: Kind::Values, ..shape(6, Pane::Landscape, false) };
        let layout = compute(Rect::new(0, 0, 160, 45), &values, 0);
        assert_eq!(rect(&layout, Pane::Ellipses), [96, 1, 64, 34]);
        assert_eq!(layout.pane(Pane::Density), None);
    }

    #[test]
    fn sizes_of_the_narrow_classes() {
        let layout = panes(80, 24, 6);
        assert_eq!(rect(&layout, Pane::Landscape), [0, 1, 48, 14]);
        assert_eq!(rect(&layout, Pane::Ellipses), [48, 1, 32, 14]);
        assert_eq!(rect(&layout, Pane::Traces), [0, 15, 40, 8]);
        assert_eq!(rect(&layout, Pane::Racers), [40, 15, 40, 8]);
        let layout = panes(40, 12, 6);
        assert_eq!(rect(&layout, Pane::Landscape), [0, 1, 40, 5]);
        assert_eq!(rect(&layout, Pane::Racers), [0, 6, 40, 5]);
        let layout = panes(38, 11, 6);
        assert_eq!((layout.panes.len(), rect(&layout, Pane::Landscape)), (1, [0, 0, 38, 10]));
    }

    #[test]
    fn charts_stand_as_in_the_pictures() {
        let layout = charts(Rect::new(0, 1, 120, 34), 7, 0, (2, 4));
        let cells: Vec<_> = layout.cells.iter().map(|(place, r)| (*place, [r.x, r.y, r.width, r.height])).collect();
        let wanted = [[0, 1, 40, 17], [40, 1, 40, 17], [0, 18, 40, 17], [40, 18, 40, 17]];
        assert_eq!(cells, (0..).zip(wanted).collect::<Vec<_>>());
        assert_eq!(charts(Rect::new(0, 1, 120, 34), 7, 5, (2, 4)).cells[0].0, 2);
        assert_eq!(charts(Rect::new(0, 1, 200, 58), 7, 0, (2, 4)).cells.len(), 7);
    }

    #[test]
    fn charts_tile_the_body_at_every_size() {
        for (width, height) in (0..=210).step_by(3).flat_map(|w| (0..=70).map(move |h| (w, h))) {
            for (count, focus) in [(2, 0), (3, 2), (7, 6)] {
                let area = Rect::new(3, 2, width, height);
                let layout = charts(area, count, focus, (3, 6));
                let panes = [layout.curve, layout.table, layout.racers];
                let all = layout.cells.iter().map(|(_, r)| r).chain(&panes);
                assert_eq!(all.map(|r| r.area()).sum::<u32>(), area.area(), "{width}×{height}");
                assert!(layout.cells.iter().any(|(place, _)| *place == focus), "{width}×{height} {count} {focus}");
            }
        }
    }

    #[test]
    fn a_small_map_leaves_room_to_the_others() {
        let kind = |map| Kind::Policies { ensemble: false, map: Some(map), bars: None };
        let of = |across, down| {
            let shape = Shape { kind: kind(map(across, down)), ..shape(4, Pane::Policy, false) };
            compute(Rect::new(0, 0, 160, 45), &shape, 0)
        };
        // Three rows of tiles, a blank one, and ten of details of states.
        assert_eq!(rect(&of(16, 2), Pane::Policy), [0, 1, 96, 19]);
        assert_eq!(rect(&of(16, 2), Pane::Traces), [0, 20, 96, 24]);
        // Others need the height, and the trace stands at the right.
        assert_eq!(rect(&of(4, 3), Pane::Policy), [0, 1, 64, 43]);
        assert_eq!(rect(&of(8, 6), Pane::Policy), [0, 1, 90, 43]);
        assert_eq!(rect(&of(8, 6), Pane::Traces), [90, 1, 70, 14]);
        assert_eq!(rect(&of(16, 16), Pane::Policy), [0, 1, 96, 43]);
    }

    fn map(across: usize, down: usize) -> Map {
        Map::of(&Grid { width: across, cells: vec![Cell::Free; across * down], pays: [1.0, -1.0] })
    }

    #[test]
    fn panes_tile_the_body_at_every_size() {
        for (width, height) in (0..=210).step_by(3).flat_map(|w| (0..=70).map(move |h| (w, h))) {
            for (racers, focus, filled, said) in [
                (1, Pane::Landscape, false, 0),
                (7, Pane::Density, false, 3),
                (3, Pane::Box, false, 0),
                (3, Pane::Collapsed, false, 0),
                (32, Pane::Racers, false, 9),
                (6, Pane::Traces, true, 3),
            ] {
                let area = Rect::new(3, 2, width, height);
                let kinds = [Kind::Densities, Kind::Values].into_iter().chain(
                    [(true, Some(map(4, 3))), (true, None), (false, Some(map(16, 16))), (false, None)]
                        .map(|(ensemble, map)| Kind::Policies { ensemble, map, bars: None }),
                );
                for kind in kinds {
                    let shape = Shape { kind, ..shape(racers, focus, filled) };
                    let layout = compute(area, &shape, said);
                    let covered: u32 = layout.panes.iter().map(|(_, r)| r.area()).sum();
                    let outside = layout.header.area() + layout.footer.area() + layout.caption.area();
                    assert_eq!(covered + outside, area.area(), "{width}×{height}");
                    assert!(layout.panes.iter().all(|(_, r)| r.intersection(area) == *r), "{width}×{height}");
                    // A race focuses only panes that it has a use for.
                    let has = match kind {
                        Kind::Densities => !matches!(focus, Pane::Box | Pane::Collapsed),
                        Kind::Values => !matches!(focus, Pane::Box | Pane::Collapsed | Pane::Density),
                        Kind::Policies { ensemble, .. } => {
                            focus != Pane::Density && (ensemble || focus != Pane::Collapsed)
                        }
                    };
                    assert!(layout.pane(focus).is_some() || !has, "{width}×{height} {focus:?}");
                }
            }
        }
    }
}
