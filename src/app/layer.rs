//! What lies over the panes of a race or over the gallery: a stack of layers. A key is looked up from the topmost layer
//! down; what key bar and help say comes from there, too.
//!
//! What a layer looks like is the business of `screen::layers`.

use std::mem::discriminant;

use super::{Context, Scroll};
use crate::measure::Tuned;

/// A layer.
#[derive(Debug, Clone)]
pub enum Layer {
    /// The filter of the gallery's list, while it is typed.
    Filter,
    /// The number of a step to go to, while it is typed.
    GoTo(String),
    /// A line that picks a number of the document or changes a key, while it is typed.
    Command(String),
    /// The menu of overlays.
    Menu,
    /// The answers to the scenario's measures.
    Measures,
    /// The rates that a search has found, and whether to race with them.
    Rates(Vec<Tuned>),
    /// The help.
    Help,
    /// A blank screen; always on top.
    Blank,
}

/// What a layer keeps from what lies below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// Nothing but its own keys.
    Keys,
    /// Clicks as well.
    Clicks,
    /// Clicks and all keys of the screen: a question waits for its answer.
    All,
    /// Nothing below is drawn.
    Sight,
}

/// How a layer behaves.
#[derive(Debug)]
struct Manner {
    title: &'static str,
    keys: &'static [Context],
    hold: Hold,
}

impl Layer {
    const fn manner(&self) -> Manner {
        let (title, keys, hold): (_, &[Context], _) = match self {
            Self::Filter => ("Filter", &[Context::Filter], Hold::Keys),
            Self::GoTo(_) => ("Step", &[Context::Number], Hold::Keys),
            Self::Command(_) => ("Change", &[Context::Command], Hold::Keys),
            Self::Menu => ("Overlays", &[Context::Menu, Context::Over], Hold::Clicks),
            Self::Measures => ("Measures", &[Context::Box, Context::Over], Hold::Clicks),
            Self::Rates(_) => ("Best rates", &[Context::Offer, Context::Box], Hold::All),
            Self::Help => ("Help", &[Context::Box, Context::Over], Hold::Clicks),
            Self::Blank => ("", &[], Hold::Sight),
        };
        Manner { title, keys, hold }
    }

    /// Its title.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.manner().title
    }

    fn is(&self, other: &Self) -> bool {
        discriminant(self) == discriminant(other)
    }
}

/// An open layer.
#[derive(Debug)]
pub struct Open {
    /// The layer.
    pub layer: Layer,
    /// How far its text has been scrolled.
    pub scroll: Scroll,
}

/// The open layers.
#[derive(Debug, Default)]
pub struct Layers(Vec<Open>);

impl Layers {
    /// The topmost layer.
    #[must_use]
    pub fn top(&self) -> Option<&Open> {
        self.0.last()
    }

    /// The topmost layer, to be scrolled.
    pub fn top_mut(&mut self) -> Option<&mut Open> {
        self.0.last_mut()
    }

    /// The open layers, lowest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Open> {
        self.0.iter()
    }

    /// Whether a layer of this kind is open.
    #[must_use]
    pub fn has(&self, layer: &Layer) -> bool {
        self.0.iter().any(|open| open.layer.is(layer))
    }

    /// Whether letters are typed into the topmost.
    #[must_use]
    pub fn typed(&self) -> bool {
        self.top().is_some_and(|top| matches!(top.layer, Layer::Filter | Layer::GoTo(_) | Layer::Command(_)))
    }

    /// The number that is typed into the topmost.
    pub fn number(&mut self) -> Option<&mut String> {
        match &mut self.0.last_mut()?.layer {
            Layer::GoTo(typed) => Some(typed),
            _ => None,
        }
    }

    /// The line that is typed into the topmost.
    pub fn command(&mut self) -> Option<&mut String> {
        match &mut self.0.last_mut()?.layer {
            Layer::Command(typed) => Some(typed),
            _ => None,
        }
    }

    /// Opens a layer on top of all others but the blank screen.
    pub fn open(&mut self, layer: Layer) {
        self.close(&layer);
        let above = self.0.iter().filter(|open| open.layer.manner().hold == Hold::Sight).count();
        self.0.insert(self.0.len() - above, Open { layer, scroll: Scroll::default() });
    }

    /// Closes a layer of this kind; `false` if none is open.
    pub fn close(&mut self, layer: &Layer) -> bool {
        let before = self.0.len();
        self.0.retain(|open| !open.layer.is(layer));
        self.0.len() < before
    }

    /// Opens a layer, or closes it if it is open.
    pub fn toggle(&mut self, layer: Layer) {
        if !self.close(&layer) {
            self.open(layer);
        }
    }

    /// Closes the topmost layer.
    pub fn pop(&mut self) -> Option<Layer> {
        self.0.pop().map(|open| open.layer)
    }

    /// Closes all: another screen is shown.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether any of them keeps at least this much from the screen.
    #[must_use]
    pub fn hold(&self, hold: Hold) -> bool {
        self.0.iter().any(|open| open.layer.manner().hold >= hold)
    }

    /// Where keys are looked up, first to last, over a screen of this context.
    #[must_use]
    pub fn contexts(&self, screen: Context) -> Vec<Context> {
        let mut contexts = Vec::new();
        for open in self.0.iter().rev() {
            let Manner { keys, hold, .. } = open.layer.manner();
            contexts.extend(keys);
            if hold == Hold::All {
                contexts.push(Context::Everywhere);
                return contexts;
            }
        }
        contexts.extend([screen, Context::Everywhere]);
        contexts
    }

    /// The same without the help, which tells of what lies below it.
    #[must_use]
    pub fn explained(&self, screen: Context) -> Vec<Context> {
        let below = self.0.iter().filter(|open| !open.layer.is(&Layer::Help));
        let own = below.rev().flat_map(|open| open.layer.manner().keys.iter().copied());
        own.chain([screen, Context::Everywhere]).collect()
    }
}
