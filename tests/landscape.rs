//! The landscape and ellipse panes as functions of the state: no size panics, no cache changes a cell, clicks hit.

mod common;

use common::stage::STYLE;
use common::three_charts;
use geodescent::app::{Click, Point, Seen, Show};
use geodescent::family::ChartId;
use geodescent::figure;
use geodescent::math::Vec2;
use geodescent::plot::Frame;
use geodescent::plot::cells;
use geodescent::registry::Setting;
use geodescent::scenario::{Overlay, Pane};
use geodescent::screen::{Cache, Depth, Ground, Laid, Marker, Style, Theme, landscape};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn show() -> Show {
    let mut show = Show::new(three_charts());
    show.race.extend(60);
    show.timeline.seek(30);
    show
}

fn ellipse(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let room = cells::room(area.intersection(buf.area), style);
    let figure = figure::pane(show, Pane::Ellipses, room, &mut figure::Memo::default());
    cells::draw(&figure, &mut cells::Memo::default(), style, false, area, buf);
}

fn picture(show: &Show, style: Style, cache: &mut Cache, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let (left, right) =
        (Rect { width: width * 3 / 5, ..area }, Rect { x: width * 3 / 5, width: width * 2 / 5, ..area });
    let mut buf = Buffer::empty(area);
    let laid = &mut Laid::default();
    landscape::draw(&Seen::of(show), style, &mut cache.landscape, laid, left, area).write_to(&mut buf);
    ellipse(show, style, right, &mut buf);
    buf
}

#[test]
fn no_size_is_too_small() {
    let mut show = show();
    show.set_overlay(Overlay::KlBall, true);
    let mut cache = Cache::default();
    for (width, height) in (0..40).flat_map(|w| (0..20).map(move |h| (w, h))) {
        picture(&show, STYLE, &mut cache, width, height);
        // A pane that is not inside of the buffer.
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        let laid = &mut Laid::default();
        let beyond = Rect::new(5, 5, 30, 30);
        landscape::draw(&Seen::of(&show), STYLE, &mut cache.landscape, laid, beyond, buf.area).write_to(&mut buf);
        ellipse(&show, STYLE, Rect::new(5, 5, 30, 30), &mut buf);
    }
}

#[test]
fn a_cache_changes_no_cell() {
    let mut show = show();
    let mut warm = Cache::default();
    let charts: Vec<ChartId> = show.world.family.info().chart_ids().collect();
    for chart in [0, 1, 2, 5, 6, 0].map(|i| charts[i]) {
        for (step, on, point) in [(0, true, Point::Start), (25, false, Point::Racer), (60, true, Point::Racer)] {
            show.chart = chart;
            show.timeline.seek(step);
            show.on[4] = on;
            show.point = point;
            for marker in Marker::ALL {
                let style = Style { marker, ..STYLE };
                let first = picture(&show, style, &mut warm, 120, 30);
                assert!(warm.complete());
                assert_eq!(first, picture(&show, style, &mut warm, 120, 30));
                assert_eq!(first, picture(&show, style, &mut Cache::default(), 120, 30));
            }
        }
    }
}

#[test]
fn another_race_is_noticed() {
    let mut show = show();
    let mut warm = Cache::default();
    picture(&show, STYLE, &mut warm, 100, 30);
    let field = &show.world.scenario.racers[0].kind.fields[0];
    show.world.scenario.racers[0].settings.set(field, Setting::Number(0.05));
    show.race = geodescent::race::Race::new(&show.world);
    show.race.extend(60);
    let cold = picture(&show, STYLE, &mut Cache::default(), 100, 30);
    assert_eq!(picture(&show, STYLE, &mut warm, 100, 30), cold);
}

/// Where things stand in a landscape, and the data that it shows.
fn laid(show: &Show, area: Rect) -> (Laid, Frame) {
    let mut laid = Laid::default();
    landscape::draw(&Seen::of(show), STYLE, &mut Cache::default().landscape, &mut laid, area, area);
    let frame = laid.maps().next().expect("room for a frame").1.frame;
    (laid, frame)
}

fn point(laid: &Laid, at: (u16, u16)) -> Option<Vec2> {
    if let Click::Point(point) = laid.hit(at)? { Some(point) } else { None }
}

#[test]
fn clicks_find_the_place_under_them() {
    let show = show();
    let area = Rect::new(3, 2, 90, 30);
    let (laid, frame) = laid(&show, area);
    let (column, row) = frame.cell(0.0, 1.0).expect("the start is in view");
    let found = point(&laid, (4 + column as u16, 3 + row as u16)).expect("inside");
    assert!((found - Vec2::new(0.0, 1.0)).norm() < 0.1, "{found}");
    assert!(laid.hit((3, 2)).is_none());
    assert!(frame.cell(2.0, 0.5).is_some() && frame.y[0] > 0.0);
}

#[test]
fn a_path_that_runs_away_does_not_squeeze_the_rest() {
    let mut world = three_charts();
    let field = &world.scenario.racers[0].kind.fields[0];
    world.scenario.racers[0].settings.set(field, Setting::Number(50.0));
    let mut show = Show::new(world);
    show.race.extend(60);
    show.timeline.seek(60);
    let (_, frame) = laid(&show, Rect::new(0, 0, 90, 30));
    assert!(frame.x[1] - frame.x[0] < 15.0 && frame.y[1] - frame.y[0] < 8.0, "{frame:?}");
    picture(&show, STYLE, &mut Cache::default(), 120, 36);
}

#[test]
fn windows_of_any_kind_are_harmless() {
    let mut show = show();
    for zoom in [1e-9, 0.2, 3.0, 1e6, 1e300, f64::INFINITY, f64::NAN, 0.0] {
        for shift in [0.0, 0.4, -3.0, 1e9, f64::NAN] {
            show.window.zoom = zoom;
            show.window.shift = Vec2::new(shift, -shift);
            picture(&show, STYLE, &mut Cache::default(), 60, 20);
        }
    }
}

#[test]
fn without_colours_nothing_is_filled() {
    let show = show();
    let style = Style { theme: Theme { ground: Ground::Dark, depth: Depth::None }, ..STYLE };
    let buf = picture(&show, style, &mut Cache::default(), 120, 30);
    assert!(buf.content.iter().all(|cell| cell.bg == ratatui::style::Color::Reset));
}

#[test]
fn one_point_stands_in_every_chart_side_by_side() {
    let mut show = show();
    let area = Rect::new(0, 0, 60, 20);
    let drawn_in = |show: &Show, chart: ChartId, area: Rect| {
        let (mut laid, mut buf) = (Laid::default(), Buffer::empty(area));
        let (seen, mut kept) = (Seen::beside(show, chart, chart.index() + 1), Cache::default());
        landscape::draw(&seen, STYLE, &mut kept.landscape, &mut laid, area, area).write_to(&mut buf);
        (laid, buf)
    };
    let drawn = |show: &Show, chart: ChartId| drawn_in(show, chart, area);
    let title_of = |buf: &Buffer| (0..buf.area.width).map(|x| buf[(x, 0)].symbol()).collect::<String>();
    let at = |buf: &Buffer, symbol: &str| {
        let cells = (1..area.height).flat_map(|y| (0..area.width).map(move |x| (x, y)));
        cells.into_iter().find(|cell| buf[*cell].symbol() == symbol)
    };
    assert_eq!(at(&drawn(&show, ChartId::CANONICAL).1, "◇"), None, "nobody has put it anywhere");
    let p = Vec2::new(1.5, 0.8);
    show.lens.end = Some(p);
    // Mean and sd; mean and log sd; mean and variance.
    let titles = ["◇ 1.5000, 0.8000", "◇ 1.5000, −0.2231", "◇ 1.5000, 0.6400"];
    let charts = show.world.family.info().chart_ids();
    for (chart, title) in charts.zip(titles) {
        let (laid, buf) = drawn(&show, chart);
        let wide = title_of(&buf);
        assert!(wide.contains(title) && wide.contains(" mean × "), "{wide}");
        let narrow = title_of(&drawn_in(&show, chart, Rect { width: 38, ..area }).1);
        assert!(narrow.contains(title) && !narrow.contains(" mean × "), "{narrow}");
        let (x, y) = at(&buf, "◇").expect("it is in view");
        assert!(laid.grabs((x, y)) && laid.grabs((x + 1, y - 1)) && !laid.grabs((x + 2, y)));
        let found = point(&laid, (x, y)).expect("a point");
        // As near as a cell is wide.
        assert!((found - p).amax() < 0.15, "{found}");
    }
}
