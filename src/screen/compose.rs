//! A whole screen: background, panes, boxes over them. Every cell of the area is written, none outside it.
//!
//! The same state gives the same cells, with or without a cache. No I/O and no clock.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::footer::{Bar, Caption};
use super::layout::{self, Class};
use super::{Cache, Laid, Style, footer, gallery, header, landscape, layers, readout};
use crate::app::layer::Hold;
use crate::app::{App, Charts, Click, Screen, Seen, Show};
use crate::figure;
use crate::plot::cells;
use crate::scenario::Pane;

/// Draws the screen with the layers over it.
pub fn draw(app: &App, cache: &mut Cache, area: Rect, buf: &mut Buffer) -> Laid {
    let area = area.intersection(buf.area);
    let mut laid = Laid::default();
    if app.layers.hold(Hold::Sight) || area.area() <= 1 {
        paint_ground(app.style, area, buf);
    } else {
        laid = draw_screen(app, cache, area, buf);
    }
    if area.area() > 1 {
        layers::draw(app, &mut laid, area, buf);
    }
    app.style.restrict(area, buf);
    laid
}

/// Draws what lies under the layers.
pub(super) fn draw_screen(app: &App, cache: &mut Cache, area: Rect, buf: &mut Buffer) -> Laid {
    paint_ground(app.style, area, buf);
    let mut laid = Laid::default();
    let notice = readout::notice(app);
    let bar = Bar { notice: notice.as_deref(), keys: app.bar() };
    match &app.screen {
        Screen::Gallery(gallery) => {
            gallery::draw(app, gallery, bar, cache, &mut laid, area, buf);
        }
        Screen::Show(show) => draw_panes(show, app.style, bar, cache, &mut laid, area, buf),
    }
    laid
}

/// Draws the screen into a buffer that the cache owns: the one before is drawn over, which spares its memory.
pub fn redraw<'a>(app: &App, cache: &'a mut Cache, area: Rect) -> &'a Buffer {
    let mut screen = std::mem::take(&mut cache.screen);
    screen.resize(area);
    cache.laid = draw(app, cache, area, &mut screen);
    cache.screen = screen;
    &cache.screen
}

/// Draws one pane, and notes where.
pub(super) fn draw_pane(
    pane: Pane,
    show: &Show,
    style: Style,
    cache: &mut Cache,
    laid: &mut Laid,
    place: Rect,
    buf: &mut Buffer,
) {
    laid.click(place, Click::Pane(pane));
    if pane == Pane::Landscape {
        return landscape::draw(&Seen::of(show), style, &mut cache.landscape, laid, place, buf);
    }
    let room = cells::room(place.intersection(buf.area), style);
    let figure = figure::pane(show, pane, room, &mut cache.figures);
    cells::draw(&figure, cache.drawn.entry(pane).or_default(), style, show.focus_now() == pane, place, buf);
}

/// Blanks every cell of an area.
pub(super) fn paint_ground(style: Style, area: Rect, buf: &mut Buffer) {
    let (blank, whole) = (blank(style), buf.area);
    let left = usize::from(area.x - whole.x);
    let rows = buf.content.chunks_exact_mut(usize::from(whole.width).max(1)).skip(usize::from(area.y - whole.y));
    for row in rows.take(usize::from(area.height)) {
        for cell in &mut row[left..left + usize::from(area.width)] {
            // Most cells are blank already; writing a symbol is the expensive part.
            if cell.symbol() != " " {
                cell.set_char(' ');
            }
            (cell.fg, cell.bg, cell.modifier) = (blank.fg, blank.bg, blank.modifier);
        }
    }
}

/// A cell before anything is drawn.
fn blank(style: Style) -> Cell {
    let mut blank = Cell::EMPTY;
    blank.set_style(style.theme.ground());
    blank
}

fn draw_panes(
    show: &Show,
    style: Style,
    bar: Bar<'_>,
    cache: &mut Cache,
    laid: &mut Laid,
    area: Rect,
    buf: &mut Buffer,
) {
    if let Some(charts) = &show.charts {
        return draw_charts((show, charts), style, bar, cache, laid, area, buf);
    }
    cache.charts.clear();
    let focus = show.focus_now();
    let layout = layout::compute(area, show.world.scenario.racers.len(), focus, show.filled);
    for (pane, place) in &layout.panes {
        draw_pane(*pane, show, style, cache, laid, *place, buf);
    }
    header::draw(show, style, layout.class, layout.header, buf);
    if layout.class == Class::Tiny {
        let number = Pane::ALL.iter().position(|pane| *pane == focus).unwrap_or(0) + 1;
        footer::draw_tiny(bar.keys, number, Pane::ALL.len(), style, layout.footer, buf);
        return;
    }
    let caption = match (bar.notice, show.cue()) {
        (Some(words), _) => Caption::Notice(words),
        (None, Some(cue)) if !cue.say.is_empty() => Caption::Cue(&cue.say),
        _ if show.filled => Caption::Hint("Esc: all panes"),
        _ => Caption::Silent,
    };
    footer::draw(show, caption, bar.keys, style, layout.footer, buf);
}

/// Where the charts side by side stand.
fn layout_charts(show: &Show, charts: &Charts, area: Rect) -> layout::Charts {
    let focus = charts.order.iter().position(|chart| *chart == show.chart).unwrap_or(0);
    let lines = |count: usize| u16::try_from(count.min(1000)).unwrap_or(1000);
    let rows = (lines(charts.gaps.kins.len()), lines(show.world.scenario.racers.len()));
    layout::charts(layout::frame(area).body, charts.order.len(), focus, rows)
}

/// Draws one race in all charts at once, as many as fit.
fn draw_charts(
    (show, charts): (&Show, &Charts),
    style: Style,
    bar: Bar<'_>,
    cache: &mut Cache,
    laid: &mut Laid,
    area: Rect,
    buf: &mut Buffer,
) {
    let (frame, layout) = (layout::frame(area), layout_charts(show, charts, area));
    for (place, cell) in &layout.cells {
        let Some(&chart) = charts.order.get(*place) else { continue };
        let kept = cache.charts.entry(chart).or_default();
        landscape::draw(&Seen::beside(show, chart, place + 1), style, kept, laid, *cell, buf);
    }
    cache.charts.retain(|chart, _| layout.cells.iter().any(|(place, _)| charts.order.get(*place) == Some(chart)));
    let curve = figure::gap::curves(show, charts, cells::room(layout.curve, style));
    cells::draw(&curve, &mut cells::Memo::default(), style, false, layout.curve, buf);
    let table = figure::gap::table(show, charts, cells::room(layout.table, style));
    cells::draw(&table, &mut cells::Memo::default(), style, false, layout.table, buf);
    draw_pane(Pane::Racers, show, style, cache, laid, layout.racers, buf);
    header::draw(show, style, frame.class, frame.header, buf);
    let (shown, all) = (layout.cells.len(), charts.order.len());
    let hint = if shown < all {
        format!("One race in {shown} of {all} charts: the same points. Tab: the next")
    } else {
        format!("One race in {all} charts: the paths are the same points.")
    };
    let caption = bar.notice.map_or(Caption::Hint(&hint), Caption::Notice);
    footer::draw(show, caption, bar.keys, style, frame.footer, buf);
}
