//! Actions change the state; whatever must happen outside it is returned as an effect.
//!
//! One arm per action, one small function per arm. Independent of the terminal; writes no files.

use std::path::PathBuf;

use super::layer::Hold;
use super::look::Ground;
use super::{Action, App, Context, Gallery, Key, Layer, Point, Screen, Show, Traffic, Turn, Window};
use crate::math::Vec2;
use crate::scenario::Pane;
use crate::scenario::names::OVERLAYS;
use crate::text::Safe;

/// What is to happen outside the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the picture is as it was.
    None,
    /// The picture may have changed.
    Redraw,
    /// The program ends.
    Quit,
    /// The program stops, as Ctrl-Z does.
    Suspend,
    /// Repaint the whole screen.
    Repaint,
    /// A new file is to be written.
    Write {
        /// Its path; an existing file must not be touched.
        path: PathBuf,
        /// Its content.
        text: String,
    },
    /// The focused pane is to be saved as pictures in new files.
    Picture,
}

/// How far one key pans, in widths of what is in view.
const PAN: f64 = 0.1;
/// How much one key zooms.
const ZOOM: f64 = 1.25;
/// The zoom limits.
const ZOOMS: (f64, f64) = (0.05, 1000.0);
/// How much one key changes a learning rate: two presses double it.
const RATE: f64 = std::f64::consts::SQRT_2;

impl App {
    /// A key was pressed.
    pub fn press(&mut self, key: Key) -> Effect {
        if let Some(letter) = key.typed().filter(|_| self.layers.typed()) {
            return self.type_letter(letter);
        }
        self.autoplay = None;
        match self.action(key) {
            Some(action) => self.update(action),
            None if self.layers.hold(Hold::Sight) => Effect::None,
            None if self.layers.hold(Hold::All) => {
                let [yes, no] = [Action::Accept, Action::Decline].map(Action::key);
                self.tell(format!("first an answer: {yes} or {no}"))
            }
            None => self.tell(format!("{key} is not bound · {} shows keys", Action::Help.key())),
        }
    }

    /// The wheel was turned: it scrolls a text, moves through the list or zooms, whichever is topmost.
    pub fn wheel(&mut self, up: bool) -> Effect {
        let turned = |context| match context {
            Context::Box => Some([Action::Scroll(Turn::On), Action::Scroll(Turn::Back)]),
            Context::Gallery => Some([Action::NextEntry, Action::PreviousEntry]),
            Context::Show => Some([Action::ZoomOut, Action::ZoomIn]),
            _ => None,
        };
        let actions = self.contexts().into_iter().find_map(turned);
        actions.map_or(Effect::None, |actions| self.update(actions[usize::from(up)]))
    }

    /// Where keys are looked up at the moment, first to last.
    #[must_use]
    pub fn contexts(&self) -> Vec<Context> {
        self.layers.contexts(self.context())
    }

    /// The action of a key at the moment.
    #[must_use]
    pub fn action(&self, key: Key) -> Option<Action> {
        self.keymap.find(key, &self.contexts())
    }

    /// Carries out an action.
    pub fn update(&mut self, action: Action) -> Effect {
        let told = self.notice.take().is_some();
        let dark = action != Action::Blank && self.layers.close(&Layer::Blank);
        let open = self.layers.has(&Layer::Measures);
        let effect = self.carry_out(action);
        self.follow_hand(open);
        let wanted = self.layers.has(&Layer::Measures);
        self.shown().into_iter().for_each(|show| show.want_answers(wanted));
        match effect {
            Effect::None if told || dark => Effect::Redraw,
            effect => effect,
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table: one arm for each action")]
    fn carry_out(&mut self, action: Action) -> Effect {
        // A held-down rate key only changes the pending rate; every other action reads the race.
        if !matches!(action, Action::LowerRate | Action::RaiseRate) {
            self.settle();
        }
        match action {
            Action::PlayPause => self.unless_waiting(|app| app.with(Show::toggle_playing)),
            Action::StepForward => self.step(1),
            Action::StepBack => self.step(-1),
            Action::LeapForward => self.step(10),
            Action::LeapBack => self.step(-10),
            Action::First => self.go_to_start(),
            Action::Last => self.seek(|show| show.timeline.last()),
            Action::Slower => self.change_speed(-1),
            Action::Faster => self.change_speed(1),
            Action::NextCue => self.unless_waiting(|app| app.seek(Show::next_cue)),
            Action::PreviousCue => match self.attempt(Show::previous_stop) {
                Effect::None => self.seek(Show::previous_cue),
                effect => effect,
            },
            Action::GoTo => self.toggle(Layer::GoTo(String::new())),
            Action::Arrive => self.go_to(),
            Action::Captions => self.turn_captions(),
            Action::Restart => self.edit(|show| Ok(show.restart())),
            Action::Undo => self.edit(Show::undo),
            Action::Redo => self.edit(Show::redo),
            Action::ToggleRacer(racer) => self.toggle_racer(usize::from(racer)),
            Action::PreviousRacer => self.choose(-1),
            Action::NextRacer => self.choose(1),
            Action::PreviousMember => self.edit(|show| show.pick_member(-1)),
            Action::NextMember => self.edit(|show| show.pick_member(1)),
            Action::Command => self.toggle(Layer::Command(String::new())),
            Action::Submit => self.submit(),
            Action::LowerRate => self.edit(|show| show.scale(1.0 / RATE)),
            Action::RaiseRate => self.edit(|show| show.scale(RATE)),
            Action::StartHere => self.edit(Show::start_here),
            Action::EllipseAt => self.with(switch_point),
            Action::NextPane => self.with(|show| turn_focus(show, 1)),
            Action::PreviousPane => self.with(|show| turn_focus(show, -1)),
            Action::Fill => self.with(fill),
            Action::Back => self.back(),
            Action::PanLeft => self.pan(-PAN, 0.0),
            Action::PanDown => self.pan(0.0, -PAN),
            Action::PanUp => self.pan(0.0, PAN),
            Action::PanRight => self.pan(PAN, 0.0),
            Action::ZoomIn => self.zoom(ZOOM),
            Action::ZoomOut => self.zoom(1.0 / ZOOM),
            Action::Fit => self.with(|show| show.set_window(Window::default())),
            Action::NextChart => self.with(|show| show.turn_chart(1)),
            Action::Charts => self.with(|show| show.set_charts(show.charts.is_none())),
            Action::GapOrder => self.toggle_order(),
            Action::Overlays => self.toggle(Layer::Menu),
            Action::ToggleOverlay(place) => self.attempt(|show| toggle_overlay(show, usize::from(place))),
            Action::Measures => self.toggle_measures(),
            Action::Tune => self.tune(),
            Action::Accept => self.accept(),
            Action::Decline => self.close(&Layer::Rates(Vec::new())),
            Action::Scroll(turn) => self.turn(turn),
            Action::LowerDelta => self.change_delta(false),
            Action::RaiseDelta => self.change_delta(true),
            Action::LowerAlpha => self.change_alpha(false),
            Action::RaiseAlpha => self.change_alpha(true),
            Action::NextGrid => self.next_grid(),
            Action::MoveEnd(axis, up) => self.move_end(usize::from(axis), up),
            Action::ResetEnd => self.reset_end(),
            Action::LogAxis => self.with(|show| show.log = !show.log),
            Action::NextQuantity => self.with(|show| show.quantity = after(&show.quantities(), show.quantity)),
            Action::Theme => self.switch_theme(),
            Action::Marker => self.next_marker(),
            Action::Blank => self.toggle(Layer::Blank),
            Action::Traffic => self.toggle_traffic(),
            Action::Help => self.toggle_help(),
            Action::Write => self.write(),
            Action::WriteNumbers => self.write_numbers(),
            Action::Picture => self.shown().map_or(Effect::None, |_| Effect::Picture),
            Action::Numbers => self.with(Show::toggle_numbers),
            Action::Quit => Effect::Quit,
            Action::Suspend => Effect::Suspend,
            Action::Repaint => Effect::Repaint,
            Action::Open => self.open(),
            Action::PreviousEntry => self.choose_entry(|gallery| gallery.choose(-1)),
            Action::NextEntry => self.choose_entry(|gallery| gallery.choose(1)),
            Action::Entries(turn) => self.choose_entry(|gallery| gallery.go(turn, 1)),
            Action::TurnChapter(turn) => self.choose_entry(|gallery| gallery.turn_chapter(turn)),
            Action::Chapter(chapter) => self.choose_entry(|gallery| gallery.choose_chapter(usize::from(chapter))),
            Action::Filter => self.toggle(Layer::Filter),
            Action::Erase => self.erase(),
            Action::KeepFilter => self.close(&Layer::Filter),
        }
    }

    /// Runs the race that edits have scheduled, as far as a key may wait for it. Call before drawing, so that any
    /// number of edits between two frames cost one race.
    pub fn settle(&mut self) {
        if let Some(Err(reason)) = self.shown().map(Show::settle) {
            self.tell(reason);
        }
    }

    /// Shows a message in the last row until the next key.
    pub fn tell(&mut self, notice: impl Into<String>) -> Effect {
        self.notice = Some(Safe::line(&notice.into()).into_string());
        Effect::Redraw
    }

    pub(super) fn with(&mut self, change: impl FnOnce(&mut Show)) -> Effect {
        self.attempt(|show| {
            change(show);
            true
        })
    }

    pub(super) fn attempt(&mut self, change: impl FnOnce(&mut Show) -> bool) -> Effect {
        if self.shown().is_some_and(change) { Effect::Redraw } else { Effect::None }
    }

    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Show) -> Result<Option<String>, String>) -> Effect {
        match self.shown().map(change) {
            Some(Ok(None)) => Effect::Redraw,
            Some(Ok(Some(told)) | Err(told)) => self.tell(told),
            None => Effect::None,
        }
    }

    pub(super) fn in_gallery(&mut self, change: impl FnOnce(&mut Gallery)) -> Effect {
        match &mut self.screen {
            Screen::Gallery(gallery) => change(gallery),
            Screen::Show(_) => return Effect::None,
        }
        Effect::Redraw
    }

    /// Manual moves of the playhead pause it.
    pub(super) fn seek(&mut self, to: impl FnOnce(&Show) -> usize) -> Effect {
        let effect = self.attempt(|show| {
            let before = (show.timeline.step(), show.timeline.playing());
            show.timeline.pause();
            show.seek(to(show));
            before != (show.timeline.step(), false) || show.wanted().is_some()
        });
        let first = self.current().is_some_and(|show| show.timeline.step() == 0);
        self.or_tell(effect, if first { "this is the start" } else { "this is the last step" })
    }

    fn go_to_start(&mut self) -> Effect {
        let effect = self.attempt(|show| {
            let before = (show.timeline.step(), show.timeline.playing(), show.cue_place(), show.question().is_some());
            show.go_to_start();
            before != (0, false, show.cue_place(), show.question().is_some())
        });
        self.or_tell(effect, "this is the start")
    }

    fn step(&mut self, by: isize) -> Effect {
        self.seek(|show| show.timeline.step().saturating_add_signed(by))
    }

    fn pan(&mut self, x: f64, y: f64) -> Effect {
        let [right, down] = [x, -y].map(|by| by.partial_cmp(&0.0).map_or(0, |way| way as isize));
        if let Some(effect) = self.go_to_cell(down, right) {
            return effect;
        }
        self.with(|show| {
            let shift = show.window.shift + Vec2::new(x, y) / show.window.zoom;
            show.set_window(Window { shift, ..show.window });
        })
    }

    fn zoom(&mut self, by: f64) -> Effect {
        let effect = self.attempt(|show| {
            let before = show.window.zoom;
            show.set_window(Window { zoom: (before * by).max(ZOOMS.0).min(ZOOMS.1), ..show.window });
            show.window.zoom != before
        });
        self.or_tell(effect, "the zoom goes no further")
    }

    fn reset_end(&mut self) -> Effect {
        let effect = self.attempt(|show| show.lens.end.take().is_some());
        self.or_tell(effect, "the end of geodesics has not been moved")
    }

    pub(super) fn toggle(&mut self, layer: Layer) -> Effect {
        self.layers.toggle(layer);
        Effect::Redraw
    }

    fn close(&mut self, layer: &Layer) -> Effect {
        if self.layers.close(layer) { Effect::Redraw } else { Effect::None }
    }

    /// Shows the answers, reveals withheld ones, or hides them.
    fn toggle_measures(&mut self) -> Effect {
        let open = self.layers.has(&Layer::Measures);
        if self.shown().is_some_and(|show| open && show.reveal()) {
            return Effect::Redraw;
        }
        self.toggle(Layer::Measures)
    }

    /// Races with the rates that are offered.
    fn accept(&mut self) -> Effect {
        let rates = |layer: &Layer| if let Layer::Rates(found) = layer { Some(found.clone()) } else { None };
        let Some(found) = self.layers.iter().find_map(|open| rates(&open.layer)) else { return Effect::None };
        self.layers.close(&Layer::Rates(Vec::new()));
        self.edit(|show| show.accept(&found))
    }

    fn tune(&mut self) -> Effect {
        match self.shown().map(Show::tune) {
            Some(Ok(())) => self.tell("looking for each racer's best rate ..."),
            Some(Err(reason)) => self.tell(reason),
            None => Effect::None,
        }
    }

    fn toggle_traffic(&mut self) -> Effect {
        self.traffic = if self.traffic.is_some() { None } else { Some(Traffic::default()) };
        Effect::Redraw
    }

    fn switch_theme(&mut self) -> Effect {
        let ground = &mut self.style.theme.ground;
        *ground = if *ground == Ground::Dark { Ground::Light } else { Ground::Dark };
        Effect::Redraw
    }

    fn write(&mut self) -> Effect {
        match self.shown().map(|show| show.written()) {
            Some(Some((path, text))) => Effect::Write { path, text },
            Some(None) => self.tell("this scenario has no text to write"),
            None => Effect::None,
        }
    }

    fn write_numbers(&mut self) -> Effect {
        self.shown().map(|show| show.numbers()).map_or(Effect::None, |(path, text)| Effect::Write { path, text })
    }
}

/// The element after `one`, cyclically.
pub(super) fn after<T: Copy + PartialEq>(all: &[T], one: T) -> T {
    let place = all.iter().position(|other| *other == one).map_or(0, |place| place + 1);
    all.get(place).or(all.first()).copied().unwrap_or(one)
}

fn switch_point(show: &mut Show) {
    show.point = if show.point == Point::Start { Point::Racer } else { Point::Start };
}

/// Focuses the next pane (1) or the one before (−1); of charts side by side, the next chart.
fn turn_focus(show: &mut Show, by: isize) {
    let round = |count: usize| usize::try_from(by.rem_euclid(count.max(1).cast_signed())).unwrap_or(0);
    if let Some(charts) = &show.charts {
        let by = round(charts.order.len());
        return show.turn_chart(by);
    }
    let panes = show.world.scenario.panes();
    let here = panes.iter().position(|pane| *pane == show.focus_now()).unwrap_or(0);
    show.set_focus(panes[(here + round(panes.len())) % panes.len()]);
}

/// Fills the screen with the focused pane; of charts side by side, goes to the focused one; of a table of races, opens
/// the chosen one.
fn fill(show: &mut Show) {
    if show.charts.is_some() {
        show.set_charts(false);
        show.set_focus(Pane::Landscape);
    } else if show.tabled() && show.focus_now() == Pane::Landscape {
        show.open_cell();
    } else {
        show.set_filled(!show.filled);
    }
}

fn toggle_overlay(show: &mut Show, index: usize) -> bool {
    OVERLAYS.get(index).map(|row| show.set_overlay(row.overlay, !show.overlay_now(row.overlay))).is_some()
}
