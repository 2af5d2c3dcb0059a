//! A whole screen: background, panes, boxes over them. Every cell of the area is written, none outside it.
//!
//! The same state gives the same cells, with or without a cache. No I/O and no clock.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::footer::Caption;
use super::layout::{self, Class};
use super::reading::Reading;
use super::scene::{Scene, moving};
use super::{Cache, Canvas, Style, ellipse, footer, gallery, header, help, landscape, numbers, readout};
use crate::app::{App, Charts, Screen, Seen, Show};
use crate::figure;
use crate::plot::cells;
use crate::scenario::Pane;

/// Draws the screen.
pub fn draw(app: &App, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let style = app.style;
    paint_ground(style, area, buf);
    if app.blank || area.area() <= 1 {
        return;
    }
    let notice = readout::notice(app);
    let notice = notice.as_deref();
    match &app.screen {
        Screen::Gallery(gallery) => gallery::draw(gallery, style, notice, cache, area, buf),
        Screen::Show(show) => {
            draw_panes(show, style, notice, cache, area, buf);
            if app.menu {
                help::draw_menu(show, style, area, buf);
            }
            if let Some(reading) = Reading::of(show, style) {
                reading.draw(app.scroll, style, area, buf);
            }
        }
    }
    if app.help {
        help::draw(app.context(), app.scroll, style, area, buf);
    }
    style.restrict(area, buf);
}

/// Sets how far the text of the topmost box can be scrolled at this size: call before handling a key.
pub fn fit(app: &mut App, area: Rect) {
    let last = match &app.screen {
        _ if app.help => help::pages(app.context(), app.style, area).saturating_sub(1),
        Screen::Show(show) => Reading::of(show, app.style).map_or(0, |reading| reading.last(area)),
        Screen::Gallery(_) => 0,
    };
    app.scroll.last = last;
    app.scroll.at = app.scroll.at.min(last);
}

/// Redraws only what has changed since the last call; the picture is owned by the cache.
pub fn redraw<'a>(app: &App, cache: &'a mut Cache, area: Rect) -> &'a Canvas {
    let mut canvas = std::mem::take(&mut cache.canvas);
    canvas.settle();
    let show = moving(app).filter(|_| cache.scene.as_ref().is_some_and(|scene| scene.fits(app, area)));
    match (show, &app.screen) {
        (Some(show), Screen::Show(_)) => {
            move_on(show, app.style, cache, area, &mut canvas);
            app.style.restrict(area, canvas.buffer_mut());
        }
        (Some(show), Screen::Gallery(gallery)) => {
            gallery::move_on(gallery, show, app.style, cache, (area, &blank(app.style)), &mut canvas);
            app.style.restrict(area, canvas.buffer_mut());
        }
        (None, _) => {
            canvas = Canvas::of(Buffer::empty(area));
            draw(app, cache, area, canvas.buffer_mut());
            cache.scene = Scene::of(app, area).filter(|_| area.area() > 1);
        }
    }
    cache.canvas = canvas;
    &cache.canvas
}

/// Advances a picture.
fn move_on(show: &Show, style: Style, cache: &mut Cache, area: Rect, canvas: &mut Canvas) {
    let layout = layout::compute(area, show.world.scenario.racers.len(), show.focus_now(), show.filled);
    let blank = blank(style);
    for (pane, place) in &layout.panes {
        let moved = match pane {
            Pane::Ellipses => ellipse::stands(show, cache),
            Pane::Landscape | Pane::Traces | Pane::Density | Pane::Racers | Pane::Numbers => false,
        };
        if !moved {
            canvas.clear(*place, &blank);
            draw_pane(*pane, show, style, cache, *place, canvas.buffer_mut());
        }
    }
    if !header::move_on(show, style, &mut cache.header, layout.class, layout.header, &blank, canvas) {
        canvas.clear(layout.header, &blank);
        header::draw(show, style, &mut cache.header, layout.class, layout.header, canvas.buffer_mut());
    }
}

/// Draws one pane.
pub(super) fn draw_pane(pane: Pane, show: &Show, style: Style, cache: &mut Cache, place: Rect, buf: &mut Buffer) {
    match pane {
        Pane::Landscape => landscape::draw(&Seen::of(show), style, &mut cache.landscape, place, buf),
        Pane::Ellipses => ellipse::draw(show, &style, cache, place, buf),
        Pane::Traces | Pane::Density | Pane::Racers => draw_figure(show, pane, style, cache, place, buf),
        Pane::Numbers => numbers::draw(show, style, place, buf),
    }
}

/// Draws a pane that is made of marks.
fn draw_figure(show: &Show, pane: Pane, style: Style, cache: &mut Cache, place: Rect, buf: &mut Buffer) {
    let room = cells::room(place.intersection(buf.area), style);
    if let Some(figure) = figure::pane(show, pane, room, &mut cache.figures) {
        let drawn = cache.drawn.entry(pane).or_default();
        cells::draw(&figure, drawn, style, show.focus_now() == pane, place, buf);
    }
}

/// Draws one scenario with header and footer, for a picture without interaction.
pub fn draw_show(show: &Show, style: Style, notice: Option<&str>, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    paint_ground(style, area, buf);
    if area.area() > 1 {
        draw_panes(show, style, notice, cache, area, buf);
    }
}

/// Blanks every cell of an area.
pub(super) fn paint_ground(style: Style, area: Rect, buf: &mut Buffer) {
    let (blank, whole) = (blank(style), buf.area);
    let left = usize::from(area.x - whole.x);
    let rows = buf.content.chunks_exact_mut(usize::from(whole.width).max(1)).skip(usize::from(area.y - whole.y));
    for row in rows.take(usize::from(area.height)) {
        row[left..left + usize::from(area.width)].fill(blank.clone());
    }
}

/// A cell before anything is drawn.
fn blank(style: Style) -> Cell {
    let mut blank = Cell::EMPTY;
    blank.set_style(style.theme.ground());
    blank
}

fn draw_panes(show: &Show, style: Style, notice: Option<&str>, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    if let Some(charts) = &show.charts {
        return draw_charts(show, charts, style, notice, cache, area, buf);
    }
    cache.charts.clear();
    let focus = show.focus_now();
    let layout = layout::compute(area, show.world.scenario.racers.len(), focus, show.filled);
    for (pane, place) in &layout.panes {
        draw_pane(*pane, show, style, cache, *place, buf);
    }
    header::draw(show, style, &mut cache.header, layout.class, layout.header, buf);
    if layout.class == Class::Tiny {
        let number = Pane::ALL.iter().position(|pane| *pane == focus).unwrap_or(0) + 1;
        footer::draw_tiny(number, Pane::ALL.len(), style, layout.footer, buf);
        return;
    }
    let caption = match (notice, show.cue()) {
        (Some(words), _) => Caption::Notice(words),
        (None, Some(cue)) if !cue.say.is_empty() => Caption::Cue(&cue.say),
        _ if show.filled => Caption::Hint("Esc: all panes"),
        _ => Caption::Silent,
    };
    footer::draw(show, caption, style, layout.footer, buf);
}

/// Where the charts side by side stand.
#[must_use]
pub fn layout_charts(show: &Show, charts: &Charts, area: Rect) -> layout::Charts {
    let focus = charts.order.iter().position(|chart| *chart == show.chart).unwrap_or(0);
    let lines = |count: usize| u16::try_from(count.min(1000)).unwrap_or(1000);
    let rows = (lines(charts.gaps.kins.len()), lines(show.world.scenario.racers.len()));
    layout::charts(layout::frame(area).body, charts.order.len(), focus, rows)
}

/// Draws one race in all charts at once, as many as fit.
fn draw_charts(
    show: &Show,
    charts: &Charts,
    style: Style,
    notice: Option<&str>,
    cache: &mut Cache,
    area: Rect,
    buf: &mut Buffer,
) {
    let (frame, layout) = (layout::frame(area), layout_charts(show, charts, area));
    for (place, cell) in &layout.cells {
        let Some(&chart) = charts.order.get(*place) else { continue };
        let kept = cache.charts.entry(chart).or_default();
        landscape::draw(&Seen::beside(show, chart, place + 1), style, kept, *cell, buf);
    }
    cache.charts.retain(|chart, _| layout.cells.iter().any(|(place, _)| charts.order.get(*place) == Some(chart)));
    let curve = figure::gap::curves(show, charts, cells::room(layout.curve, style));
    cells::draw(&curve, &mut cells::Memo::default(), style, false, layout.curve, buf);
    let table = figure::gap::table(show, charts, cells::room(layout.table, style));
    cells::draw(&table, &mut cells::Memo::default(), style, false, layout.table, buf);
    draw_figure(show, Pane::Racers, style, cache, layout.racers, buf);
    header::draw(show, style, &mut cache.header, frame.class, frame.header, buf);
    let (shown, all) = (layout.cells.len(), charts.order.len());
    let hint = if shown < all {
        format!("One race in {shown} of {all} charts: the same points. Tab: the next")
    } else {
        format!("One race in {all} charts: the paths are the same points.")
    };
    let caption = notice.map_or(Caption::Hint(&hint), Caption::Notice);
    footer::draw(show, caption, style, frame.footer, buf);
}
