//! The state of the program: what is shown, of which race, at which step; and how keys change it.
//!
//! Independent of terminal, clock and colours. `update` takes an action and returns an effect; only `terminal` carries
//! effects out.

pub mod action;
mod asking;
mod cell;
pub mod charts;
pub mod click;
pub mod cloud;
mod course;
mod edit;
mod feedback;
pub mod film;
pub mod gallery;
mod history;
pub mod key;
pub mod keymap;
pub mod layer;
mod leave;
pub mod lecture;
pub mod lens;
mod member;
mod numbers;
mod picking;
pub mod seen;
pub mod show;
mod stage;
mod staged;
mod table;
pub mod timeline;
mod traffic;
mod turn;
pub mod update;
pub mod window;

use std::time::Duration;

pub use crate::plot::look;
use crate::plot::look::Style;
use crate::scenario::Overlay;
use crate::text::Safe;
use layer::Hold;

pub use action::{ACTIONS, Action, ActionInfo, Context, Group, Line};
pub use charts::Charts;
pub use click::Click;
pub use gallery::{Entry, Gallery};
pub use key::{Code, Key};
pub use keymap::Keymap;
pub use layer::{Layer, Layers};
pub use lecture::{Autoplay, Captions};
pub use lens::Lens;
pub use seen::Seen;
pub use show::{Point, Show};
pub use timeline::Timeline;
pub use traffic::Traffic;
pub use turn::{Scroll, Turn};
pub use update::Effect;
pub use window::Window;

/// What is on screen.
#[derive(Debug)]
pub enum Screen {
    /// The list of scenarios.
    Gallery(Gallery),
    /// One scenario.
    Show(Box<Show>),
}

/// The whole state.
#[derive(Debug)]
pub struct App {
    /// What is on screen.
    pub screen: Screen,
    /// What lies over it.
    pub layers: Layers,
    /// How it is drawn.
    pub style: Style,
    /// A line for the user, in place of the caption, until the next key.
    pub notice: Option<String>,
    /// The traffic on the link, while it is shown.
    pub traffic: Option<Traffic>,
    /// Which key does what.
    pub keymap: Keymap,
    /// How large captions are.
    pub captions: Captions,
    /// How large they are when they are not at their largest.
    plain_captions: Captions,
    /// How the show plays by itself, if it does.
    autoplay: Option<Autoplay>,
    /// The gallery that Esc goes back to, and from which entry the show came.
    pub(crate) gallery: Option<Box<Gallery>>,
    /// The scenarios of the gallery to return to from a show that was not opened from one.
    shelf: Option<fn() -> Vec<Entry>>,
    /// Overlays that are off in every scenario.
    without: Vec<Overlay>,
}

impl App {
    /// One scenario on screen.
    #[must_use]
    pub fn show(show: Show, style: Style) -> Self {
        let remarks = show.world.scenario.remarks.join("; ");
        let notice = (!remarks.is_empty()).then(|| Safe::line(&remarks).into_string());
        Self { notice, ..Self::new(Screen::Show(Box::new(show)), style) }
    }

    /// The list of scenarios on screen.
    #[must_use]
    pub fn gallery(entries: Vec<Entry>, style: Style) -> Self {
        Self::new(Screen::Gallery(Gallery::new(entries)), style)
    }

    /// Sets the scenarios of the gallery to return to from a show that was opened by name.
    #[must_use]
    pub fn with_shelf(mut self, shelf: fn() -> Vec<Entry>) -> Self {
        self.shelf = Some(shelf);
        self
    }

    fn new(screen: Screen, style: Style) -> Self {
        let keymap = Keymap::default();
        Self {
            screen,
            layers: Layers::default(),
            style,
            notice: None,
            traffic: None,
            keymap,
            captions: Captions::default(),
            plain_captions: Captions::default(),
            autoplay: None,
            gallery: None,
            shelf: None,
            without: Vec::new(),
        }
    }

    /// The active context: [`Context::Gallery`] or [`Context::Show`].
    #[must_use]
    pub const fn context(&self) -> Context {
        match self.screen {
            Screen::Gallery(_) => Context::Gallery,
            Screen::Show(_) => Context::Show,
        }
    }

    /// The visible scenario: the one on screen, or the preview of the gallery's chosen one.
    #[must_use]
    pub fn current(&self) -> Option<&Show> {
        match &self.screen {
            Screen::Show(show) => Some(show),
            Screen::Gallery(gallery) => gallery.preview(),
        }
    }

    /// The scenario on screen.
    pub fn shown(&mut self) -> Option<&mut Show> {
        match &mut self.screen {
            Screen::Show(show) => Some(show),
            Screen::Gallery(_) => None,
        }
    }

    /// Turns an overlay off in every scenario; keys and cues can turn it on again.
    pub fn leave_out(&mut self, overlay: Overlay) {
        self.without.push(overlay);
        match &mut self.screen {
            Screen::Show(show) => show.leave_out(overlay),
            Screen::Gallery(gallery) => gallery.leave_out(overlay),
        }
    }

    /// Whether time moves the picture.
    #[must_use]
    pub fn playing(&self) -> bool {
        match &self.screen {
            Screen::Show(show) => show.timeline.playing() || self.waits().is_some(),
            // A hidden show does not play.
            Screen::Gallery(gallery) => gallery.playing() && !self.layers.hold(Hold::Clicks),
        }
    }

    /// The time until the picture next changes by itself.
    #[must_use]
    pub fn until_next_step(&self) -> Duration {
        match &self.screen {
            Screen::Show(show) => self.waits().unwrap_or_else(|| show.timeline.until_next_step()),
            Screen::Gallery(_) => Duration::ZERO,
        }
    }

    /// Lets time pass. Returns whether the picture changed.
    pub fn advance(&mut self, elapsed: Duration) -> bool {
        let changed = self.wait(elapsed) || self.pass(elapsed);
        self.follow_stage();
        changed
    }

    fn pass(&mut self, elapsed: Duration) -> bool {
        match &mut self.screen {
            Screen::Show(show) => {
                let before = show.cue_place();
                let changed = show.advance(elapsed);
                // A message gives way to the next caption.
                if show.cue_place() != before {
                    self.notice = None;
                }
                changed
            }
            Screen::Gallery(gallery) => gallery.advance(elapsed),
        }
    }

    /// Whether the visible race has not been run to its end yet.
    #[must_use]
    pub fn unfinished(&self) -> bool {
        match &self.screen {
            Screen::Show(show) => show.unfinished(),
            Screen::Gallery(gallery) => gallery.unfinished(),
        }
    }

    /// What is computed beside the race of the scenario on screen, and how far it is.
    #[must_use]
    pub fn progress(&self) -> Option<(&'static str, usize, usize)> {
        match &self.screen {
            Screen::Show(show) => show.progress(),
            Screen::Gallery(_) => None,
        }
    }

    /// Whether all that is left to compute is computed by jobs.
    #[must_use]
    pub fn resting(&self) -> bool {
        match &self.screen {
            Screen::Show(show) => show.resting(),
            Screen::Gallery(gallery) => gallery.resting(),
        }
    }

    /// Whether the playhead waits for the race.
    #[must_use]
    pub fn waiting(&self) -> bool {
        matches!(&self.screen, Screen::Show(show) if show.wanted().is_some())
    }

    /// Makes up to `budget` steps of races that are not run to their end yet. Returns whether there is more to do.
    pub fn work(&mut self, budget: usize) -> bool {
        self.follow_stage();
        match &mut self.screen {
            Screen::Show(show) => {
                let more = show.work(budget);
                match show.news() {
                    Some(Ok(found)) => {
                        self.notice = None;
                        self.layers.open(Layer::Rates(found));
                    }
                    Some(Err(reason)) => drop(self.tell(reason)),
                    None => {}
                }
                more
            }
            Screen::Gallery(gallery) => gallery.work(budget),
        }
    }
}
