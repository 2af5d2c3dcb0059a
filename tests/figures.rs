//! Panes as values: what their marks say, in cells and in SVG.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

mod common;

use common::stage::STYLE;
use geodescent::app::{App, Show};
use geodescent::figure::{self, Memo};
use geodescent::plot::look::{Depth, Ground, Theme};
use geodescent::plot::mark::Mark;
use geodescent::plot::pane::Plot;
use geodescent::plot::{PaneFigure, Room, svg};
use geodescent::scenario::{Document, Pane};
use geodescent::screen::{self, Cache};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn show(name: &str, step: usize) -> Show {
    let mut show = Show::open(Document::builtin(name).unwrap()).unwrap();
    show.race.extend(step);
    show.timeline.seek(step);
    show
}

fn pane(show: &Show, pane: Pane, (columns, rows): (u16, u16)) -> PaneFigure {
    let mut memo = Memo::default();
    figure::pane(show, pane, Room { columns, rows, bands: 12, finer: 1, fills: true }, &mut memo)
}

fn rows(show: Show, width: u16, height: u16) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    screen::draw(&App::show(show, STYLE), &mut Cache::default(), area, &mut buf);
    (0..height).map(|y| (0..width).map(|x| buf[(x, y)].symbol()).collect()).collect()
}

fn marks(plot: &Plot) -> impl Iterator<Item = &Mark> {
    plot.all().flat_map(|layer| &layer.marks)
}

#[test]
fn data_that_are_fixed_have_a_histogram_that_is_fixed() {
    let bars = |step: usize, room: (u16, u16)| {
        let figure = pane(&show("newcomb-gaussian", step), Pane::Density, room);
        let found = marks(figure.plot.as_ref().unwrap()).find_map(|mark| match mark {
            Mark::Bars(bars) => Some(bars.clone()),
            _ => None,
        });
        found.unwrap()
    };
    assert_eq!(bars(0, (46, 12)), bars(150, (46, 12)));
    assert_eq!(bars(0, (46, 12)), bars(0, (90, 30)));
}

#[test]
fn racers_in_one_place_are_all_seen() {
    let rows = rows(show("three-charts-natural", 30), 200, 60);
    assert!(rows[1..40].iter().any(|row| row.contains("■✚★")), "{rows:#?}");
}

#[test]
fn the_winner_below_the_axis_tells_its_value() {
    let rows = rows(show("newcomb-gaussian", 150), 120, 36);
    assert!(rows.iter().any(|row| row.contains("▾ 1.1e−12")), "{rows:#?}");
}

#[test]
fn delta_is_the_documents_at_every_size() {
    for (width, height) in [(80, 24), (120, 36), (200, 60)] {
        let mut show = show("ellipse-meaning", 0);
        // Until its question is answered the ellipses are hidden.
        assert!(show.next_stop());
        let rows = rows(show, width, height);
        assert!(rows[1].contains("δ 0.5"), "{width}×{height}: {}", rows[1]);
    }
}

#[test]
fn a_narrow_axis_has_two_numbers() {
    let rows = rows(show("menarche", 0), 80, 24);
    let border = rows.iter().find(|row| row.starts_with('╰')).unwrap();
    let left: String = border.chars().take_while(|c| *c != '╯').collect();
    let numbers = left.split('─').filter(|part| part.trim().replace('−', "-").parse::<f64>().is_ok()).count();
    assert!(numbers >= 2, "{border}");
}

/// Every tag of a document is closed, in order.
fn well_formed(text: &str) -> bool {
    let mut open = Vec::new();
    for tag in text.split('<').skip(1) {
        let Some((tag, _)) = tag.split_once('>') else { return false };
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    open.is_empty()
}

#[test]
fn every_pane_is_a_figure() {
    let theme = Theme { ground: Ground::Light, depth: Depth::True };
    for name in ["three-charts", "softmax", "old-faithful", "air-conditioning", "trpo-race"] {
        let show = show(name, 20);
        let mut ids = Vec::new();
        for kind in Pane::ALL {
            let text = svg::write(&pane(&show, kind, (56, 16)), svg::SIZE, theme);
            assert!(well_formed(&text), "{name} {kind:?}: {text}");
            assert!(text.len() < 400_000, "{name} {kind:?} has {} bytes", text.len());
            assert!(!text.contains("<image") && !text.contains("NaN") && !text.contains("inf"), "{name} {kind:?}");
            ids.extend(text.split("id=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "ids of figures that are shown on one page collide");
    }
}

#[test]
fn a_figure_names_its_racers_and_keeps_what_is_a_circle_round() {
    let show = show("three-charts", 20);
    let theme = Theme { ground: Ground::Dark, depth: Depth::True };
    let landscape = svg::write(&pane(&show, Pane::Landscape, (56, 16)), svg::SIZE, theme);
    assert!(landscape.contains(">TRPO</text>"), "{landscape}");
    let ellipse = pane(&show, Pane::Ellipses, (50, 20));
    assert!(ellipse.plot.as_ref().is_some_and(|plot| plot.equal));
}
