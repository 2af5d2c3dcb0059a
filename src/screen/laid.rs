//! Where things stand in a picture that was drawn: what a press at a cell hits, and how far a text can be scrolled.
//!
//! Filled by those who draw, so that there is no second computation of a layout.

use std::sync::Arc;

use ratatui::layout::Rect;

use crate::app::{Click, Seen};
use crate::family::{ChartId, Family};
use crate::geometry::Place;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::scenario::Pane;

/// A landscape as it was drawn.
#[derive(Debug, Clone)]
pub struct Map {
    /// Its inside.
    pub inside: Rect,
    /// The data that it shows.
    pub frame: Frame,
    family: Arc<dyn Family>,
    /// The chart of its axes.
    pub chart: ChartId,
    /// The cell of the geodesics' end inside, where it can be taken hold of.
    end: Option<(usize, usize)>,
}

impl Map {
    /// The map of a show over a frame.
    #[must_use]
    pub fn new(show: &Seen<'_>, inside: Rect, frame: Frame) -> Self {
        let family = Arc::clone(&show.world.family);
        let end = show.end().map(|end| family.chart(show.chart).to_coordinates(end));
        let end = end.and_then(|x| frame.cell(x[0], x[1]));
        Self { inside, frame, family, chart: show.chart, end }
    }

    /// The distribution at the middle of a cell of the screen, in canonical parameters; `None` outside the inside and
    /// the family.
    fn point(&self, (column, row): (u16, u16)) -> Option<Vec2> {
        if !self.inside.contains((column, row).into()) {
            return None;
        }
        let [x, y] = [column - self.inside.x, row - self.inside.y].map(|at| f64::from(at) + 0.5);
        let x = Vec2::from(self.frame.data(x, y));
        let chart = self.family.chart(self.chart);
        Place::violation(&*self.family, chart, x).is_none().then(|| chart.to_parameters(x))
    }
}

/// What stands at a place.
#[derive(Debug, Clone)]
enum Spot {
    /// What a click there means.
    Click(Click),
    /// A timeline.
    Time,
    /// A landscape.
    Map(Map),
    /// A layer that lets no click through.
    Cover,
}

/// What stands where, lowest first.
#[derive(Debug, Clone, Default)]
pub struct Laid {
    spots: Vec<(Rect, Spot)>,
    /// How far the text of the topmost layer can be scrolled.
    pub last: usize,
}

impl Laid {
    /// Nothing stands anywhere.
    pub fn clear(&mut self) {
        self.spots.clear();
        self.last = 0;
    }

    /// A click anywhere in `area` means this.
    pub fn click(&mut self, area: Rect, click: Click) {
        self.spots.push((area, Spot::Click(click)));
    }

    /// A timeline stands in `area`.
    pub fn time(&mut self, area: Rect) {
        self.spots.push((area, Spot::Time));
    }

    /// A landscape stands in `area`.
    pub fn map(&mut self, area: Rect, map: Map) {
        self.spots.push((area, Spot::Map(map)));
    }

    /// Clicks in `area` do not get to what lies below.
    pub fn cover(&mut self, area: Rect) {
        self.spots.push((area, Spot::Cover));
    }

    /// The place of a pane.
    #[must_use]
    pub fn pane(&self, pane: Pane) -> Option<Rect> {
        self.spots
            .iter()
            .find(|(_, spot)| matches!(spot, Spot::Click(Click::Pane(own)) if *own == pane))
            .map(|(area, _)| *area)
    }

    /// The landscapes, and where they stand.
    pub fn maps(&self) -> impl Iterator<Item = (Rect, &Map)> {
        self.spots.iter().filter_map(|(area, spot)| if let Spot::Map(map) = spot { Some((*area, map)) } else { None })
    }

    /// What a press at a cell of the screen means.
    #[must_use]
    pub fn hit(&self, at: (u16, u16)) -> Option<Click> {
        let there = self.spots.iter().rev().filter(|(area, _)| area.contains(at.into()));
        let mut found = there.map(|(area, spot)| match spot {
            Spot::Click(click) => Some(Some(*click)),
            Spot::Time => Some(Some(Click::Time(at.0 - area.x, area.width))),
            Spot::Map(map) => map.point(at).map(|point| Some(Click::Point(point))),
            Spot::Cover => Some(None),
        });
        found.find_map(|meaning| meaning).flatten()
    }

    /// Whether the end of geodesics is at a cell or beside it, so that a press there grabs it.
    #[must_use]
    pub fn grabs(&self, (column, row): (u16, u16)) -> bool {
        let near = |(_, map): (Rect, &Map)| {
            let beside =
                |end: usize, cell: u16, first: u16| (usize::from(first) + end).abs_diff(usize::from(cell)) <= 1;
            map.end.is_some_and(|(x, y)| beside(x, column, map.inside.x) && beside(y, row, map.inside.y))
        };
        !self.spots.iter().any(|(_, spot)| matches!(spot, Spot::Cover)) && self.maps().any(near)
    }
}
