//! The table that stands in the place of the landscape where there are too many paths: its cells are chosen and opened.
//!
//! What stands where is `scenario::grid`'s, what it looks like `figure::steps`'.

use super::{App, Effect, Show};
use crate::scenario::grid::{self, Grid};

impl Show {
    /// Whether the table stands in the place of the landscape.
    #[must_use]
    pub fn tabled(&self) -> bool {
        self.opened.is_none() && grid::wanted(&self.world.scenario)
    }

    /// Whether the race of one of its cells is open.
    pub(super) const fn cell_open(&self) -> bool {
        self.opened.is_some()
    }

    /// Shows the race of the chosen cell alone.
    pub fn open_cell(&mut self) {
        self.opened = Some(self.on.clone());
        self.follow_cell();
    }

    /// Shows the table again, and the racers that were drawn beside it.
    pub fn close_cell(&mut self) {
        self.on = self.opened.take().unwrap_or(std::mem::take(&mut self.on));
    }

    /// Keeps the open race that of the chosen racer.
    pub(super) fn follow_cell(&mut self) {
        if self.opened.is_some() {
            let chosen = self.chosen;
            self.on.iter_mut().enumerate().for_each(|(racer, on)| *on = racer == chosen);
        }
    }

    /// Chooses the next cell so many rows down and columns to the right; `false` at the border.
    fn move_cell(&mut self, down: isize, right: isize) -> bool {
        let found = Grid::of(&self.world.scenario.racers).beside(self.chosen, down, right);
        self.chosen = found.unwrap_or(self.chosen);
        found.is_some()
    }
}

impl App {
    /// Moves through the table, if it is what is seen of the landscape.
    pub(super) fn go_to_cell(&mut self, down: isize, right: isize) -> Option<Effect> {
        self.shown().filter(|show| show.tabled())?;
        let effect = self.attempt(|show| show.move_cell(down, right));
        Some(self.or_tell(effect, "the table goes no further"))
    }

    /// Opens the race of a racer's cell.
    pub(super) fn open_racer(&mut self, racer: usize) -> Effect {
        self.with(|show| {
            show.chosen = racer;
            show.open_cell();
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn an_open_cell_is_one_race_and_closing_it_brings_the_others_back() {
        let mut show = Show::new(World::open(&Document::builtin("every-optimizer").expect("built in")).expect("valid"));
        show.toggle_racer(3);
        let before = show.on.clone();
        assert!(show.tabled() && show.move_cell(1, 0) && show.move_cell(0, 1));
        assert_eq!(show.world.scenario.racers[show.chosen].label, "AdaGrad, log sd");
        show.open_cell();
        let shown = |show: &Show| (0..show.on.len()).filter(|racer| show.on[*racer]).collect::<Vec<_>>();
        assert_eq!((show.tabled(), shown(&show)), (false, vec![show.chosen]));
        show.choose(1);
        assert_eq!(shown(&show), [show.chosen]);
        show.choose_racer(0);
        assert_eq!(shown(&show), [0]);
        show.close_cell();
        assert_eq!((show.tabled(), show.on), (true, before));
    }
}
