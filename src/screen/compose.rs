//! A whole screen: background, panes, boxes over them. Every cell of the area is written, none outside it.
//!
//! The same state gives the same cells, with or without a cache. No I/O and no clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::footer::{Bar, Caption};
use super::layout::{self, Class};
use super::{Cache, Laid, Style, footer, gallery, header, landscape, layers, readout};
use crate::app::layer::Hold;
use crate::app::{App, Charts, Click, Layer, Screen, Seen, Show};
use crate::figure;
use crate::plot::cells::{self, Page};
use crate::scenario::Pane;

<<<<<<< ours
/// Draws the screen into a buffer.
pub fn draw(app: &App, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    redraw(app, cache, area.intersection(buf.area)).write_to(buf);
}

/// Draws the screen over the one before, which the cache keeps.
pub fn redraw<'a>(app: &App, cache: &'a mut Cache, area: Rect) -> &'a Page {
    let mut page = std::mem::take(&mut cache.screen);
    page.turn(area);
    compose(app, cache, &mut page);
    cache.screen = page;
    &cache.screen
}

fn compose(app: &App, cache: &mut Cache, page: &mut Page) {
    let (style, area) = (app.style, page.area());
    if app.blank || area.area() <= 1 {
        return page.renew(style);
=======
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
>>>>>>> theirs
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
<<<<<<< ours
            page.renew(style);
            gallery::draw(gallery, style, notice, cache, area, page.buffer());
        }
        Screen::Show(show) => {
            draw_panes(show, style, notice, cache, page);
            let reading = Reading::of(show, style);
            // What lies under a box is not known afterwards.
            if app.menu || reading.is_some() {
                page.forget();
            }
            if app.menu {
                help::draw_menu(show, style, area, page.buffer());
            }
            if let Some(reading) = reading {
                reading.draw(app.scroll, style, area, page.buffer());
            }
=======
            let typing = app.layers.has(&Layer::Filter);
            gallery::draw(gallery, typing, app.style, bar, cache, &mut laid, area, buf);
>>>>>>> theirs
        }
        Screen::Show(show) => draw_panes(show, app.style, bar, cache, &mut laid, area, buf),
    }
<<<<<<< ours
    if app.help {
        page.forget();
        help::draw(app.context(), app.scroll, style, area, page.buffer());
    }
    style.restrict(area, page.buffer());
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

/// Draws one pane.
pub(super) fn draw_pane(pane: Pane, show: &Show, style: Style, cache: &mut Cache, place: Rect, page: &mut Page) {
    if pane == Pane::Landscape {
        return page.paste(landscape::draw(&Seen::of(show), style, &mut cache.landscape, place, page.area()));
=======
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
>>>>>>> theirs
    }
    let room = cells::room(place.intersection(page.area()), style);
    let figure = figure::pane(show, pane, room, &mut cache.figures);
    let drawn = cache.drawn.entry(pane).or_default();
    page.paste(drawn.draw(&figure, style, show.focus_now() == pane, place, page.area()));
}

<<<<<<< ours
/// Draws one scenario with header and footer, for a picture without interaction.
#[must_use]
pub fn draw_show(show: &Show, style: Style, cache: &mut Cache, area: Rect) -> Page {
    let mut page = Page::default();
    page.turn(area);
    if area.area() > 1 {
        draw_panes(show, style, None, cache, &mut page);
    } else {
        page.renew(style);
=======
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
>>>>>>> theirs
    }
    page
}

<<<<<<< ours
fn draw_panes(show: &Show, style: Style, notice: Option<&str>, cache: &mut Cache, page: &mut Page) {
    if let Some(charts) = &show.charts {
        return draw_charts(show, charts, style, notice, cache, page);
=======
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
        return draw_charts(show, charts, style, bar, cache, laid, area, buf);
>>>>>>> theirs
    }
    cache.charts.clear();
    let focus = show.focus_now();
    let layout = layout::compute(page.area(), show.world.scenario.racers.len(), focus, show.filled);
    page.arrange(style, layout.panes.iter().map(|(_, place)| *place));
    for (pane, place) in &layout.panes {
<<<<<<< ours
        draw_pane(*pane, show, style, cache, *place, page);
=======
        draw_pane(*pane, show, style, cache, laid, *place, buf);
>>>>>>> theirs
    }
    page.clear(style, layout.header);
    header::draw(show, style, layout.class, layout.header, page.buffer());
    page.clear(style, layout.footer);
    if layout.class == Class::Tiny {
        let number = Pane::ALL.iter().position(|pane| *pane == focus).unwrap_or(0) + 1;
<<<<<<< ours
        footer::draw_tiny(number, Pane::ALL.len(), style, layout.footer, page.buffer());
=======
        footer::draw_tiny(bar.keys, number, Pane::ALL.len(), style, layout.footer, buf);
>>>>>>> theirs
        return;
    }
    let caption = match (bar.notice, show.cue()) {
        (Some(words), _) => Caption::Notice(words),
        (None, Some(cue)) if !cue.say.is_empty() => Caption::Cue(&cue.say),
        _ if show.filled => Caption::Hint("Esc: all panes"),
        _ => Caption::Silent,
    };
<<<<<<< ours
    footer::draw(show, caption, style, layout.footer, page.buffer());
=======
    footer::draw(show, caption, bar.keys, style, layout.footer, buf);
>>>>>>> theirs
}

/// Where the charts side by side stand.
fn layout_charts(show: &Show, charts: &Charts, area: Rect) -> layout::Charts {
    let focus = charts.order.iter().position(|chart| *chart == show.chart).unwrap_or(0);
    let lines = |count: usize| u16::try_from(count.min(1000)).unwrap_or(1000);
    let rows = (lines(charts.gaps.kins.len()), lines(show.world.scenario.racers.len()));
    layout::charts(layout::frame(area).body, charts.order.len(), focus, rows)
}

/// Draws one race in all charts at once, as many as fit.
<<<<<<< ours
fn draw_charts(show: &Show, charts: &Charts, style: Style, notice: Option<&str>, cache: &mut Cache, page: &mut Page) {
    let area = page.area();
=======
fn draw_charts(
    show: &Show,
    charts: &Charts,
    style: Style,
    bar: Bar<'_>,
    cache: &mut Cache,
    laid: &mut Laid,
    area: Rect,
    buf: &mut Buffer,
) {
>>>>>>> theirs
    let (frame, layout) = (layout::frame(area), layout_charts(show, charts, area));
    let below = [layout.curve, layout.table, layout.racers];
    page.arrange(style, layout.cells.iter().map(|(_, cell)| *cell).chain(below));
    for (place, cell) in &layout.cells {
        let Some(&chart) = charts.order.get(*place) else { continue };
        let kept = cache.charts.entry(chart).or_default();
<<<<<<< ours
        page.paste(landscape::draw(&Seen::beside(show, chart, place + 1), style, kept, *cell, area));
    }
    cache.charts.retain(|chart, _| layout.cells.iter().any(|(place, _)| charts.order.get(*place) == Some(chart)));
    let [curves, table] = &mut cache.gap;
    let figure = figure::gap::curves(show, charts, cells::room(layout.curve, style));
    page.paste(curves.draw(&figure, style, false, layout.curve, area));
    let figure = figure::gap::table(show, charts, cells::room(layout.table, style));
    page.paste(table.draw(&figure, style, false, layout.table, area));
    draw_pane(Pane::Racers, show, style, cache, layout.racers, page);
    page.clear(style, frame.header);
    header::draw(show, style, frame.class, frame.header, page.buffer());
=======
        landscape::draw(&Seen::beside(show, chart, place + 1), style, kept, laid, *cell, buf);
    }
    cache.charts.retain(|chart, _| layout.cells.iter().any(|(place, _)| charts.order.get(*place) == Some(chart)));
    let curve = figure::gap::curves(show, charts, cells::room(layout.curve, style));
    cells::draw(&curve, &mut cells::Memo::default(), style, false, layout.curve, buf);
    let table = figure::gap::table(show, charts, cells::room(layout.table, style));
    cells::draw(&table, &mut cells::Memo::default(), style, false, layout.table, buf);
    draw_pane(Pane::Racers, show, style, cache, laid, layout.racers, buf);
    header::draw(show, style, frame.class, frame.header, buf);
>>>>>>> theirs
    let (shown, all) = (layout.cells.len(), charts.order.len());
    let hint = if shown < all {
        format!("One race in {shown} of {all} charts: the same points. Tab: the next")
    } else {
        format!("One race in {all} charts: the paths are the same points.")
    };
<<<<<<< ours
    let caption = notice.map_or(Caption::Hint(&hint), Caption::Notice);
    page.clear(style, frame.footer);
    footer::draw(show, caption, style, frame.footer, page.buffer());
=======
    let caption = bar.notice.map_or(Caption::Hint(&hint), Caption::Notice);
    footer::draw(show, caption, bar.keys, style, frame.footer, buf);
>>>>>>> theirs
}
