//! A picture over layers that were kept equals the picture drawn from nothing, whatever was drawn before.
#![allow(clippy::unwrap_used, reason = "tests may fail by panicking")]

use std::time::Duration;

use geodescent::app::gallery::Entry;
use geodescent::app::{ACTIONS, Action, App, Screen, Show};
use geodescent::scenario::Document;
use geodescent::scenario::names::OVERLAYS;
use geodescent::screen::{self, Cache, Depth, Glyphs, Ground, Marker, Style, Theme};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const NAMES: [&str; 5] = ["three-charts", "newcomb-student-t", "softmax", "leaves-the-family", "ozone-gamma"];
const SIZES: [(u16, u16); 6] = [(200, 60), (120, 36), (80, 24), (45, 14), (30, 8), (131, 33)];

/// A scenario on screen, with the overlays that it asks for or with all there are.
fn app(name: &str, style: Style, overlaid: bool) -> App {
    let document = Document::builtin(name).unwrap();
    let mut show = Show::open(document).unwrap();
    if overlaid {
        OVERLAYS.iter().for_each(|row| show.set_overlay(row.overlay, true));
    }
    let mut app = App::show(show, style);
    app.work(10_000);
    app
}

/// The gallery, with the preview of one scenario.
fn gallery(chosen: usize, style: Style) -> App {
    let entry = |name: &str| {
        let show = Show::open(Document::builtin(name).unwrap()).unwrap();
        let (title, notes) = (show.world.scenario.title.clone(), show.world.scenario.notes.clone());
        Entry { name: name.to_owned(), title, notes, show: Some(show), ..Entry::default() }
    };
    let mut app = App::gallery(NAMES.map(entry).into(), style);
    if let Screen::Gallery(gallery) = &mut app.screen {
        gallery.chosen = chosen;
    }
    app
}

/// What may happen between two frames; time most of all.
#[derive(Debug, Clone)]
enum Event {
    Action(usize),
    Forward(usize),
    Seek(usize),
    Elapse(u64),
    Refine,
    Work(usize),
    Size(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => (0..ACTIONS.len()).prop_map(Event::Action),
        8 => (1..40_usize).prop_map(Event::Forward),
        1 => (0..200_usize).prop_map(Event::Seek),
        3 => (0..400_u64).prop_map(Event::Elapse),
        1 => Just(Event::Refine),
        1 => (1..2000_usize).prop_map(Event::Work),
        1 => (0..SIZES.len()).prop_map(Event::Size),
    ]
}

fn happen(event: &Event, app: &mut App, cache: &mut Cache, size: &mut (u16, u16)) {
    match (event, &mut app.screen) {
        (Event::Action(i), _) if ACTIONS[*i].action != Action::Quit => drop(app.update(ACTIONS[*i].action)),
        (Event::Forward(by), Screen::Show(show)) => show.seek(show.timeline.step() + by),
        (Event::Seek(step), Screen::Show(show)) => show.seek(*step),
        (Event::Elapse(millis), _) => drop(app.advance(Duration::from_millis(*millis))),
        (Event::Refine, _) => cache.finish(),
        (Event::Work(steps), _) => drop(app.work(*steps)),
        (Event::Size(i), _) => *size = SIZES[*i],
        _ => {}
    }
    app.settle();
}

/// The picture of an app drawn from nothing, as fine as it gets.
fn drawn(app: &App, size: (u16, u16)) -> Buffer {
    let area = Rect::new(0, 0, size.0, size.1);
    let (mut cache, mut buffer) = (Cache::default(), Buffer::empty(area));
    screen::draw(app, &mut cache, area, &mut buffer);
    cache.finish();
    buffer.reset();
    screen::draw(app, &mut cache, area, &mut buffer);
    buffer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn a_layer_that_was_kept_is_the_layer_that_would_be_drawn(
        name in 0..NAMES.len(),
        size in 0..SIZES.len(),
        look in (0..4_usize, 0..4_usize, any::<bool>(), any::<bool>()),
        overlaid in any::<bool>(),
        listed in any::<bool>(),
        events in prop::collection::vec(event(), 1..20),
    ) {
        let depth = [Depth::True, Depth::Ansi256, Depth::Ansi16, Depth::None][look.0];
        let ground = if look.2 { Ground::Dark } else { Ground::Light };
        let glyphs = [Glyphs::Any, Glyphs::Console, Glyphs::Narrow][name % 3];
        let style = Style { theme: Theme { ground, depth }, marker: Marker::ALL[look.1], bold: look.3, glyphs };
        let mut app = if listed { gallery(name, style) } else { app(NAMES[name], style, overlaid) };
        let mut size = SIZES[size];
        let mut cache = Cache::default();
        let (mut shown, mut revision) = (Buffer::default(), 0);
        for event in &events {
            happen(event, &mut app, &mut cache, &mut size);
            let page = screen::redraw(&app, &mut cache, Rect::new(0, 0, size.0, size.1));
            match page.changed_since(revision) {
                Some(changed) => changed.iter().for_each(|i| shown.content[*i] = page.cells().content[*i].clone()),
                None => shown = page.cells().clone(),
            }
            revision = page.revision();
            prop_assert_eq!(&shown, page.cells(), "what has changed after {:?}", event);
            let fresh = drawn(&app, size);
            // How far a job is may have changed between the two pictures; it is running until the app is told of its end.
            if cache.complete() && app.progress().is_none() {
                prop_assert_eq!(&shown, &fresh, "after {:?}", event);
            }
        }
    }
}
