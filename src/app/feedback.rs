//! Actions whose effect is out of sight, or that have none here, are answered in the last row.

use super::layer::Open;
use super::look::{Glyphs, Marker, Style};
use super::update::after;
use super::{Action, App, Effect, Gallery, Layer, Screen, Show, Turn};
use crate::format::label;
use crate::scenario::Overlay;
use crate::scenario::names::OVERLAYS;

impl App {
    /// Slower (−1) or faster (+1).
    pub(super) fn change_speed(&mut self, by: isize) -> Effect {
        let Some(show) = self.shown() else { return Effect::None };
        let before = show.timeline.speed();
        show.change_speed(by);
        let (speed, rate) = (show.timeline.speed(), label(show.timeline.rate()));
        let steps = if rate == "1" { "step" } else { "steps" };
        self.turned("speed", [before, speed], "×", &format!(": {rate} {steps} per second"))
    }

    /// Thin, then heavy, then thin in the next marker. ASCII has one weight.
    pub(super) fn next_marker(&mut self) -> Effect {
        let look = |style: Style| format!("{} {}", style.marker.name(), if style.bold { "heavy" } else { "thin" });
        let before = look(self.style);
        let heavy = !self.style.bold && self.style.marker != Marker::Ascii && self.style.glyphs == Glyphs::Any;
        self.style.bold = heavy;
        if !heavy {
            self.style.marker = after(self.style.glyphs.markers(), self.style.marker);
        }
        self.tell(format!("lines {before} → {}", look(self.style)))
    }

    /// Tells what a number was and is, or that it stays at its limit.
    fn turned(&mut self, name: &str, [from, to]: [f64; 2], unit: &str, more: &str) -> Effect {
        let [before, now] = [from, to].map(label);
        if from == to {
            return self.tell(format!("{name} stays at {now}{unit}: it goes no further"));
        }
        self.tell(format!("{name} {before}{unit} → {now}{unit}{more}"))
    }

    /// Tells why nothing has changed, if nothing has.
    pub(super) fn or_tell(&mut self, effect: Effect, reason: &str) -> Effect {
        if effect == Effect::None { self.tell(reason) } else { effect }
    }

    /// Tells that an overlay is off which an action is about.
    fn unless_off(&self, overlay: Overlay) -> String {
        let off = self.current().is_some_and(|show| !show.overlay_now(overlay));
        let row = OVERLAYS.iter().find(|row| off && row.overlay == overlay);
        row.map(|row| format!(" · the overlay {} is off", row.name)).unwrap_or_default()
    }

    /// Smaller or larger ellipses and balls.
    pub(super) fn change_delta(&mut self, up: bool) -> Effect {
        let Some(show) = self.shown() else { return Effect::None };
        let before = show.delta();
        show.change_delta(up);
        let now = show.delta();
        self.turned("δ", [before, now], "", "")
    }

    /// A smaller or larger α of the adjustable geodesic.
    pub(super) fn change_alpha(&mut self, up: bool) -> Effect {
        let Some(show) = self.shown() else { return Effect::None };
        let before = show.lens.alpha;
        show.lens.turn(up);
        let now = show.lens.alpha;
        let off = self.unless_off(Overlay::Geodesics);
        self.turned("α", [before, now], "", &off)
    }

    /// The grid lines of the next chart.
    pub(super) fn next_grid(&mut self) -> Effect {
        let off = self.unless_off(Overlay::ChartGrid);
        let effect = self.with(|show| show.lens.grid = show.lens.grid.wrapping_add(1));
        if off.is_empty() { effect } else { self.tell(format!("the next grid{off}")) }
    }

    /// Moves the end of geodesics.
    pub(super) fn move_end(&mut self, axis: usize, up: bool) -> Effect {
        let effect = self.attempt(|show| show.move_end(axis, up));
        self.or_tell(effect, "the end of geodesics cannot be moved there")
    }

    /// Chooses the racer above (−1) or below (+1).
    pub(super) fn choose(&mut self, by: isize) -> Effect {
        let effect = self.attempt(|show| {
            let before = show.chosen;
            show.choose(by);
            show.chosen != before
        });
        self.or_tell(effect, if by < 0 { "this is the first racer" } else { "this is the last racer" })
    }

    /// Chooses another scenario or chapter of the gallery.
    pub(super) fn choose_entry(&mut self, change: impl FnOnce(&mut Gallery)) -> Effect {
        let Screen::Gallery(gallery) = &mut self.screen else { return Effect::None };
        let before = gallery.chosen;
        change(gallery);
        if gallery.chosen == before { self.tell("the list goes no further") } else { Effect::Redraw }
    }

    /// Shows or hides a racer.
    pub(super) fn toggle_racer(&mut self, racer: usize) -> Effect {
        match self.shown().map(|show| (show.toggle_racer(racer), show.world.scenario.racers.len())) {
            Some((false, 1)) => self.tell(format!("there is no racer {}: this race has one", racer + 1)),
            Some((false, count)) => self.tell(format!("there is no racer {}: this race has {count}", racer + 1)),
            Some((true, _)) => Effect::Redraw,
            None => Effect::None,
        }
    }

    /// The order in which the gaps between charts shrink, if charts are side by side.
    pub(super) fn toggle_order(&mut self) -> Effect {
        match self.shown().map(Show::toggle_order) {
            Some(true) => Effect::Redraw,
            Some(false) => self.tell(format!(
                "{} compares charts side by side: press {} first",
                Action::GapOrder.key(),
                Action::Charts.key()
            )),
            None => Effect::None,
        }
    }

    /// The first page of the help, the next one, or none.
    pub(super) fn toggle_help(&mut self) -> Effect {
        match self.layers.top_mut() {
            Some(Open { layer: Layer::Help, scroll }) if scroll.at < scroll.limit() => scroll.at += 1,
            Some(Open { layer: Layer::Help, .. }) => drop(self.layers.pop()),
            _ => self.layers.open(Layer::Help),
        }
        Effect::Redraw
    }

    /// Scrolls the text of the topmost layer.
    pub(super) fn turn(&mut self, turn: Turn) -> Effect {
        let Some(Open { layer, scroll }) = self.layers.top_mut() else { return Effect::None };
        // The help scrolls by pages.
        let turn = match (turn, layer) {
            (Turn::PageBack, Layer::Help) => Turn::Back,
            (Turn::PageOn, Layer::Help) => Turn::On,
            // A clicker has no other keys: from the end of the answers it goes on.
            (Turn::PageOn, Layer::Measures) if scroll.at >= scroll.limit() => return self.update(Action::NextCue),
            (Turn::PageBack, Layer::Measures) if scroll.at == 0 => return self.update(Action::PreviousCue),
            _ => turn,
        };
        scroll.at = turn.go(scroll.at, scroll.limit(), 1);
        Effect::Redraw
    }
}
