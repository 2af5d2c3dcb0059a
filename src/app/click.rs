//! What a press of the mouse does; where it hits is known to the picture that was drawn.

use super::{App, Effect, Screen};
use crate::math::Vec2;
use crate::scenario::Pane;

/// Where the mouse was pressed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Click {
    /// On the landscape, at this point of the family.
    Point(Vec2),
    /// Released: the end of geodesics was dropped at this point of the family.
    End(Vec2),
    /// On a pane.
    Pane(Pane),
    /// On the timeline, in a cell of so many.
    Time(u16, u16),
    /// On a racer, by its index.
    Racer(usize),
    /// On a state of a map, by its index.
    State(usize),
    /// On the cell of a racer in the table of steps.
    Cell(usize),
    /// On a scenario in the gallery's list, by its index.
    Entry(usize),
    /// On a chapter there, by its index.
    Chapter(usize),
}

impl App {
    /// The mouse was pressed.
    pub fn click(&mut self, click: Click) -> Effect {
        self.notice = None;
        self.autoplay = None;
        self.settle();
        match click {
            Click::Point(point) => self.edit(|show| show.start_at(point)),
            Click::End(point) => self.with(|show| show.lens.end = Some(point)),
            Click::Pane(pane) => self.with(|show| show.set_focus(pane)),
            Click::Time(cell, of) => self.seek(|show| show.step_at(cell, of)),
            Click::Racer(racer) => self.with(|show| {
                show.set_focus(Pane::Racers);
                show.choose_racer(racer);
            }),
            Click::State(state) => self.with(|show| {
                show.set_focus(Pane::Policy);
                // A second click returns to the state where most is left to learn.
                show.lens.state = Some(state).filter(|state| show.lens.state != Some(*state));
            }),
            Click::Cell(racer) => self.open_racer(racer),
            Click::Chapter(chapter) => self.in_gallery(|gallery| gallery.choose_chapter(chapter)),
            Click::Entry(place) => {
                let again = matches!(&self.screen, Screen::Gallery(gallery) if gallery.chosen == place);
                if again { self.open() } else { self.in_gallery(|gallery| gallery.pick(place)) }
            }
        }
    }
}
