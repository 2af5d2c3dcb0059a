//! A whole screen: background, panes, boxes over them. Every cell of the area is written, none outside it.
//!
//! The same state gives the same cells, with or without a cache. No I/O and no clock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::footer::{Bar, Caption, Footer};
use super::layout::{self, Class};
use super::{Cache, Drawing, Style, caption, footer, gallery, header, landscape, layers, readout};
use crate::app::layer::Hold;
use crate::app::{App, Captions, Charts, Click, Screen, Seen, Show};
use crate::figure;
use crate::plot::cells::{self, Page, Row};
use crate::plot::style::inner;
use crate::scenario::Pane;

/// Draws the screen with the layers over it into a buffer.
pub fn draw(app: &App, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    redraw(app, cache, area.intersection(buf.area)).write_to(buf);
}

/// Draws the screen over the one before, which the cache keeps.
pub fn redraw<'a>(app: &App, cache: &'a mut Cache, area: Rect) -> &'a Page {
    let mut screen = std::mem::take(&mut cache.screen);
    screen.turn(area);
    if app.layers.hold(Hold::Sight) || area.area() <= 1 {
        screen.page.renew(app.style);
    } else {
        draw_screen(app, cache, &mut screen);
    }
    if area.area() > 1 {
        layers::draw(app, &mut screen);
    }
    app.style.restrict(area, screen.page.buffer());
    cache.screen = screen;
    &cache.screen.page
}

/// Draws what lies under the layers.
pub(super) fn draw_screen(app: &App, cache: &mut Cache, on: &mut Drawing) {
    let notice = readout::notice(app);
    let bar = Bar { notice: notice.as_deref(), keys: cache.bar.of(app.reach(), |_| app.bar().into()).clone() };
    match &app.screen {
        Screen::Gallery(gallery) => {
            on.page.renew(app.style);
            let area = on.page.area();
            gallery::draw(app, gallery, &bar, cache, &mut on.laid, area, on.page.buffer());
        }
        Screen::Show(show) => draw_panes(show, (app.style, app.captions), bar, cache, on),
    }
}

/// Draws one pane, and notes where.
pub(super) fn draw_pane(pane: Pane, show: &Show, style: Style, cache: &mut Cache, place: Rect, on: &mut Drawing) {
    let Drawing { page, laid } = on;
    laid.click(place, Click::Pane(pane));
    if pane == Pane::Racers {
        let (inside, (headed, racers)) = (inner(place), figure::racers::listed(show, inner(place).height));
        for (racer, y) in racers.zip(inside.y + u16::from(headed)..inside.bottom()) {
            laid.click(Rect { y, height: 1, ..inside }, Click::Racer(racer));
        }
    }
    let tabled = pane == Pane::Landscape && show.tabled();
    if pane == Pane::Landscape && !tabled {
        return page.paste(landscape::draw(&Seen::of(show), style, &mut cache.landscape, laid, place, page.area()));
    }
    let room = cells::room(place.intersection(page.area()), style);
    if tabled {
        let inside = inner(place);
        for ([x, y, width, height], racer) in figure::steps::cells(show, room) {
            laid.click(Rect { x: inside.x + x, y: inside.y + y, width, height }, Click::Cell(racer));
        }
    }
    if pane == Pane::Policy {
        let inside = inner(place);
        for ([x, y, width, height], state) in figure::policy::places(show, room) {
            laid.click(Rect { x: inside.x + x, y: inside.y + y, width, height }, Click::State(state));
        }
    }
    let figure = figure::pane(show, pane, room, &mut cache.figures);
    let drawn = cache.drawn.entry(pane).or_default();
    page.paste(drawn.draw(figure, style, show.focus_now() == pane, place, page.area()));
}

fn draw_panes(show: &Show, (style, captions): (Style, Captions), bar: Bar<'_>, cache: &mut Cache, on: &mut Drawing) {
    if let Some(charts) = &show.charts {
        return draw_charts(show, charts, (style, captions), bar, cache, on);
    }
    cache.charts.clear();
    let focus = show.focus_now();
    let area = on.page.area();
    let layout = layout::compute(area, &layout::Shape::of(show), cache.caption.rows(show, captions, area));
    let tiny = layout.class == Class::Tiny;
    let rows =
        if tiny { [layout.header, Rect::ZERO, Rect::ZERO] } else { [layout.header, layout.caption, layout.footer] };
    on.page.arrange(style, layout.panes.iter().map(|(_, place)| *place).chain(rows));
    for (pane, place) in &layout.panes {
        draw_pane(*pane, show, style, cache, *place, on);
    }
    draw_header(show, style, (layout.class, layout.header), &mut cache.header, on);
    let page = &mut on.page;
    if tiny {
        page.clear(style, layout.footer);
        let panes = show.world.scenario.panes();
        let number = panes.iter().position(|pane| *pane == focus).unwrap_or(0) + 1;
        footer::draw_tiny(&bar.keys, number, panes.len(), style, layout.footer, page.buffer());
        return;
    }
    if !layout.caption.is_empty() {
        page.paste(cache.caption.draw(show, captions, style, layout.caption));
    }
    let said = layout.caption.is_empty();
    let place = caption::place(show).filter(|_| !said && captions == Captions::Line);
    let caption = match (bar.notice, show.question().and_then(|cue| cue.ask.as_deref()), show.cue()) {
        (Some(words), ..) => Caption::Notice(words),
        (None, Some(question), _) if said => Caption::Question(question),
        (None, None, Some(cue)) if said && !cue.say.is_empty() => Caption::Cue(&cue.say),
        _ if show.filled => Caption::Hint("Esc: all panes"),
        _ => place.as_deref().map_or(Caption::Silent, Caption::Hint),
    };
    page.paste(cache.footer.draw(Footer::new(show, caption, bar.keys, style, layout.footer)));
}

fn draw_header(show: &Show, style: Style, (class, area): (Class, Rect), own: &mut Row, on: &mut Drawing) {
    let (line, time) = header::line(show, style, class, area.width);
    on.page.paste(own.draw(line, style, area));
    let time = time.map(|time| Rect { x: area.x + time.start, width: time.len() as u16, ..area });
    on.laid.time(time.unwrap_or_default());
}

/// Draws one race in all charts at once, as many as fit.
fn draw_charts(
    show: &Show,
    charts: &Charts,
    (style, captions): (Style, Captions),
    bar: Bar<'_>,
    cache: &mut Cache,
    on: &mut Drawing,
) {
    let area = on.page.area();
    let frame = layout::frame(area, cache.caption.rows(show, captions, area));
    let layout = layout::Charts::of(show, charts, frame.body);
    let below = [layout.curve, layout.table, layout.racers, frame.header, frame.caption, frame.footer];
    on.page.arrange(style, layout.cells.iter().map(|(_, cell)| *cell).chain(below));
    let Drawing { page, laid } = on;
    for (place, cell) in &layout.cells {
        let Some(&chart) = charts.order.get(*place) else { continue };
        let kept = cache.charts.entry(chart).or_default();
        page.paste(landscape::draw(&Seen::beside(show, chart, place + 1), style, kept, laid, *cell, area));
    }
    cache.charts.retain(|chart, _| layout.cells.iter().any(|(place, _)| charts.order.get(*place) == Some(chart)));
    let [curves, table] = &mut cache.gap;
    let figure = figure::gap::curves(show, charts, cells::room(layout.curve, style));
    page.paste(curves.draw(figure, style, false, layout.curve, area));
    let figure = figure::gap::table(show, charts, cells::room(layout.table, style));
    page.paste(table.draw(figure, style, false, layout.table, area));
    draw_pane(Pane::Racers, show, style, cache, layout.racers, on);
    draw_header(show, style, (frame.class, frame.header), &mut cache.header, on);
    let page = &mut on.page;
    if !frame.caption.is_empty() {
        page.paste(cache.caption.draw(show, captions, style, frame.caption));
    }
    let (shown, all) = (layout.cells.len(), charts.order.len());
    let hint = if shown < all {
        format!("One race in {shown} of {all} charts: the same points. Tab: the next")
    } else {
        format!("One race in {all} charts: the paths are the same points.")
    };
    let said = frame.caption.is_empty();
    let caption = match (bar.notice, show.question().and_then(|cue| cue.ask.as_deref()), show.cue()) {
        (Some(words), ..) => Caption::Notice(words),
        (None, Some(question), _) if said => Caption::Question(question),
        // A cue that opens the charts has something to say of them.
        (None, None, Some(cue)) if said && cue.charts == Some(true) && !cue.say.is_empty() => Caption::Cue(&cue.say),
        _ => Caption::Hint(&hint),
    };
    page.paste(cache.footer.draw(Footer::new(show, caption, bar.keys, style, frame.footer)));
}
