//! A whole screen: background, panes, boxes over them. Every cell of the area is written, none outside it.
//!
//! The same state gives the same cells, with or without a cache. No I/O and no clock.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::footer::Caption;
use super::layout::{self, Class};
use super::reading::Reading;
use super::{Cache, Style, footer, gallery, header, help, landscape, readout};
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

/// Draws the screen into a buffer that the cache owns: the one before is drawn over, which spares its memory.
pub fn redraw<'a>(app: &App, cache: &'a mut Cache, area: Rect) -> &'a Buffer {
    let mut screen = std::mem::take(&mut cache.screen);
    screen.resize(area);
    draw(app, cache, area, &mut screen);
    cache.screen = screen;
    &cache.screen
}

/// Draws one pane.
pub(super) fn draw_pane(pane: Pane, show: &Show, style: Style, cache: &mut Cache, place: Rect, buf: &mut Buffer) {
    if pane == Pane::Landscape {
        return landscape::draw(&Seen::of(show), style, &mut cache.landscape, place, buf);
    }
    let room = cells::room(place.intersection(buf.area), style);
    let figure = figure::pane(show, pane, room, &mut cache.figures);
    cells::draw(&figure, cache.drawn.entry(pane).or_default(), style, show.focus_now() == pane, place, buf);
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
    header::draw(show, style, layout.class, layout.header, buf);
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
    draw_pane(Pane::Racers, show, style, cache, layout.racers, buf);
    header::draw(show, style, frame.class, frame.header, buf);
    let (shown, all) = (layout.cells.len(), charts.order.len());
    let hint = if shown < all {
        format!("One race in {shown} of {all} charts: the same points. Tab: the next")
    } else {
        format!("One race in {all} charts: the paths are the same points.")
    };
    let caption = notice.map_or(Caption::Hint(&hint), Caption::Notice);
    footer::draw(show, caption, style, frame.footer, buf);
}
