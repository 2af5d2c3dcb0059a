//! Panes as values: a show in its state becomes marks in data coordinates, one file a pane.
//!
//! Nothing here knows a colour, a cell or a terminal: `plot` draws the marks. What a pane has to compute for its marks
//! (fields, next steps, balls) lies beside it; a [`Memo`] keeps it, and dropping the memo changes no mark.

pub mod collapsed;
pub mod density;
pub mod ellipse;
pub mod gap;
pub mod landscape;
pub mod numbers;
pub mod outcomes;
pub mod policy;
pub mod racers;
pub mod ratios;
pub mod steps;
pub mod trace;

mod arrivals;
mod bands;
mod bars;
mod columns;
mod computed;
mod largest;
mod pair;
mod reach;
mod reading;
mod reward;
mod source;
mod standing;
mod surface;
mod upright;
mod values;
mod veil;
pub(crate) mod words;

pub(crate) use computed::Pending;

use std::sync::Arc;

use crate::app::{Seen, Show};
use crate::plot::{PaneFigure, Recall, Room};
use crate::scenario::Pane;

/// What panes have computed, and the layers that have not changed since.
#[derive(Debug, Default)]
pub struct Memo {
    /// Of the landscape.
    pub landscape: landscape::Memo,
    /// Of the steps of one size.
    pub ellipse: ellipse::Memo,
    /// Of the trace.
    pub trace: trace::Memo,
    /// Of that of an ensemble.
    pub bands: bands::Memo,
    /// Of the members on a wrong action.
    pub collapsed: collapsed::Memo,
    /// Of the densities.
    pub density: density::Memo,
    /// Of the numbers.
    pub numbers: numbers::Memo,
    /// Of the policies.
    pub policy: policy::Memo,
    /// Of the box or ellipsoid.
    pub ratios: ratios::Memo,
    /// Of the table of racers.
    pub racers: racers::Memo,
    /// The racers' names.
    names: Recall<u64, Arc<[String]>>,
}

impl Memo {
    /// Waits for everything that was asked for in the last figure: the next one has it in full.
    pub fn finish(&mut self) {
        self.parts().for_each(Pending::finish);
    }

    /// Everything that is computed.
    pub(crate) fn parts(&mut self) -> impl Iterator<Item = &mut dyn Pending> {
        let own = self.landscape.parts().chain(self.ellipse.parts()).chain(self.numbers.parts());
        own.chain(self.ratios.parts())
    }
}

/// A pane of a show.
#[must_use]
pub fn pane(show: &Show, pane: Pane, room: Room, memo: &mut Memo) -> PaneFigure {
    let named = |_: &u64| show.world.scenario.racers.iter().map(|racer| racer.label.clone()).collect();
    let names = memo.names.of(show.world.revision(), named).clone();
    let veiled = veil::over(show, pane, room);
    let figure = veiled.unwrap_or_else(|| match pane {
        Pane::Traces => {
            let bands = bands::pane(show, room, &mut memo.bands);
            bands.unwrap_or_else(|| trace::pane(show, room, &mut memo.trace))
        }
        Pane::Landscape if show.tabled() => steps::pane(show, room, &mut memo.racers.read.arrivals),
        Pane::Landscape => landscape::pane(&Seen::of(show).drawn(), room, &mut memo.landscape),
        Pane::Density => density::pane(show, room, &mut memo.density),
        Pane::Racers => racers::pane(show, room, &mut memo.racers),
        Pane::Ellipses => ellipse::pane(show, room, &mut memo.ellipse),
        Pane::Numbers => numbers::pane(show, room, &mut memo.numbers),
        Pane::Policy => policy::pane(show, room, &mut memo.policy),
        Pane::Outcomes => outcomes::pane(show, room),
        Pane::Collapsed => collapsed::pane(show, room, &mut memo.collapsed),
        Pane::Box => ratios::pane(show, room, &mut memo.ratios),
    });
    PaneFigure { names, ..figure }
}
