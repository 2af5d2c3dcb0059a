//! Pictures that stand still: everything in them has been computed, so that they are the same on every run.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::compose::{draw_pane, draw_screen};
use super::reading::Reading;
use super::{Cache, Drawing, Style, Theme, draw};
use crate::app::{App, Charts, Layer, Screen, Scroll, Show};
use crate::figure;
use crate::plot::cells::{Memo, draw as draw_marks, room};
use crate::plot::svg;
use crate::scenario::Pane;

/// A part of the screen that can be drawn alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A pane.
    Pane(Pane),
    /// The answers to the scenario's measures.
    Measures,
    /// How far the paths of one optimizer in several charts are apart.
    Gap,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; Pane::ALL.len() + 2] = {
        let mut all = [Self::Measures; Pane::ALL.len() + 2];
        let mut i = 0;
        while i < Pane::ALL.len() {
            all[i] = Self::Pane(Pane::ALL[i]);
            i += 1;
        }
        all[i + 1] = Self::Gap;
        all
    };

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pane(pane) => pane.name(),
            Self::Measures => "measures",
            Self::Gap => "gap",
        }
    }

    /// Makes a show compute what the part shows.
    ///
    /// # Errors
    /// If the race has no use for the part, with the reason.
    pub fn prepare(self, show: &mut Show) -> Result<(), String> {
        match self {
            Self::Pane(pane) => {
                if let Some(wanted) = pane.wants().filter(|_| !show.world.scenario.panes().contains(&pane)) {
                    return Err(format!("the pane {} needs {wanted}", pane.name()));
                }
                show.set_focus(pane);
            }
            Self::Measures if show.world.scenario.measures.is_empty() => {
                return Err("this scenario has no measures: add a [[measure]] to it".to_owned());
            }
            Self::Measures => {
                show.want_answers(true);
                show.reveal();
            }
            Self::Gap => {
                show.set_charts(true);
                if show.charts.as_ref().is_none_or(|charts| charts.gaps.charts.len() < 2) {
                    return Err("this family has one chart, so there is no gap between two".to_owned());
                }
            }
        }
        Ok(())
    }
}

/// The finished screen of an app. Of a race as much is shown as has been run.
#[must_use]
pub fn still(app: &App, cache: &mut Cache, area: Rect) -> Buffer {
    finished(cache, area, |cache, cells| draw(app, cache, area, cells))
}

/// One part of a show, finished, over the whole area; [`Part::prepare`] comes first.
#[must_use]
pub fn still_part(show: &Show, part: Part, style: Style, cache: &mut Cache, area: Rect) -> Buffer {
    finished(cache, area, |cache, cells| {
        let mut drawing = Drawing::default();
        drawing.turn(area);
        drawing.page.renew(style);
        if let Part::Pane(pane) = part {
            draw_pane(pane, show, style, cache, area, &mut drawing);
        }
        drawing.page.write_to(cells);
        match (part, &show.charts) {
            (Part::Pane(_), _) | (Part::Gap, None) => {}
            (Part::Measures, _) => drop(draw_measures(show, style, area, cells)),
            (Part::Gap, Some(charts)) => draw_gap(show, charts, style, area, cells),
        }
        style.restrict(area, cells);
    })
}

/// The part of a show that has the focus, and its cells on a screen of a size, as far as they have been computed;
/// `None` if there is no show.
#[must_use]
pub fn focused(app: &App, cache: &mut Cache, area: Rect) -> Option<(Part, Buffer)> {
    let Screen::Show(show) = &app.screen else { return None };
    let mut drawing = Drawing::default();
    drawing.turn(area);
    draw_screen(app, cache, &mut drawing);
    let Drawing { mut page, laid } = drawing;
    let screen = page.buffer();
    let (part, place) = if app.layers.has(&Layer::Measures) {
        let (place, _) = draw_measures(show, app.style, area, screen);
        (Part::Measures, Some(place))
    } else if show.charts.is_some() {
        let map = laid.maps().find(|(_, map)| map.chart == show.world.family.drawn_in(show.chart));
        (Part::Pane(Pane::Landscape), map.map(|(area, _)| area))
    } else {
        let pane = show.focus_now();
        (Part::Pane(pane), laid.pane(pane))
    };
    app.style.restrict(area, screen);
    let mut cells = Buffer::empty(place.unwrap_or_default().intersection(area));
    for at in cells.area.positions() {
        cells[at] = screen[at].clone();
    }
    Some((part, cells))
}

fn draw_measures(show: &Show, style: Style, area: Rect, cells: &mut Buffer) -> (Rect, usize) {
    Reading::measures(show, style).draw(Layer::Measures.title(), Scroll::default(), style, area, cells)
}

/// A part of a show as a figure of a size in millimetres, as SVG; `None` if it is not made of marks. [`Part::prepare`]
/// comes first.
#[must_use]
pub fn figure(show: &Show, part: Part, cache: &mut Cache, size: [f64; 2], theme: Theme) -> Option<String> {
    let room = svg::room(size, theme);
    loop {
        let figure = match (part, &show.charts) {
            (Part::Pane(pane), _) => Some(figure::pane(show, pane, room, &mut cache.figures)),
            (Part::Gap, Some(charts)) => Some(figure::gap::curves(show, charts, room)),
            (Part::Gap, None) | (Part::Measures, _) => None,
        }?;
        if cache.complete() {
            return Some(svg::write(&figure, size, theme));
        }
        cache.finish();
    }
}

/// The gap by step over the gap at the playhead.
fn draw_gap(show: &Show, charts: &Charts, style: Style, area: Rect, cells: &mut Buffer) {
    let listed = u16::try_from(charts.gaps.kins.len()).unwrap_or(u16::MAX);
    let rows = listed.saturating_add(4).min(area.height / 2);
    let above = Rect { height: area.height - rows, ..area };
    let below = Rect { y: above.bottom(), height: rows, ..area };
    let curves = figure::gap::curves(show, charts, room(above, style));
    draw_marks(&curves, &mut Memo::default(), style, false, above, cells);
    let table = figure::gap::table(show, charts, room(below, style));
    draw_marks(&table, &mut Memo::default(), style, false, below, cells);
}

/// Draws until nothing is left to be computed.
fn finished(cache: &mut Cache, area: Rect, mut draw: impl FnMut(&mut Cache, &mut Buffer)) -> Buffer {
    loop {
        let mut cells = Buffer::empty(area);
        draw(cache, &mut cells);
        if cache.complete() {
            return cells;
        }
        cache.finish();
    }
}
