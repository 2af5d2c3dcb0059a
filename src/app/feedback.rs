//! Actions whose effect is out of sight, or that have none here, are answered in the last row.

use super::layer::Open;
use super::look::{Glyphs, Marker};
use super::update::after;
use super::{Action, App, Effect, Layer, Show, Turn};
use crate::format::label;

impl App {
    /// Slower (−1) or faster (+1).
    pub(super) fn change_speed(&mut self, by: isize) -> Effect {
        let Some(show) = self.shown() else { return Effect::None };
        show.timeline.change_speed(by);
        let (speed, rate) = (label(show.timeline.speed()), label(show.timeline.rate()));
        self.tell(format!("speed {speed}×: {rate} {} per second", if rate == "1" { "step" } else { "steps" }))
    }

    /// Thin, then heavy, then thin in the next marker. ASCII has one weight.
    pub(super) fn next_marker(&mut self) -> Effect {
        let heavy = !self.style.bold && self.style.marker != Marker::Ascii && self.style.glyphs == Glyphs::Any;
        self.style.bold = heavy;
        if !heavy {
            self.style.marker = after(self.style.glyphs.markers(), self.style.marker);
        }
        self.tell(format!("marker {}, {} lines", self.style.marker.name(), if heavy { "heavy" } else { "thin" }))
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
            _ => turn,
        };
        scroll.at = turn.go(scroll.at, scroll.limit(), 1);
        Effect::Redraw
    }
}
