//! The racers' policies: bars of every action (`bars`), arrows on a map (`map`), or lines of a Gaussian action (`line`).
//!
//! What a policy meets in its process (`Portrait`) is a linear solve, so it is kept from frame to frame. Details of
//! states beside a map are in `cells`, one tile of it is in `tile`.

mod bars;
mod cells;
mod line;
mod map;
mod tile;

pub use bars::Bars;
pub use map::{Map, places};

use std::collections::BTreeMap;

use crate::app::Show;
use crate::figure::standing::subject;
use crate::plot::{PaneFigure, Room};
use crate::problem::Portrait;
use crate::problem::process::Process;
use crate::scenario::Model;

/// What the pane has computed, by racer, with the race and the step it was computed for.
#[derive(Debug, Default)]
pub struct Memo {
    met: BTreeMap<usize, ((u64, usize), Met)>,
}

/// A racer's policy and what it meets.
#[derive(Debug, Clone)]
struct Met {
    /// π(a|s) by pairs.
    policy: Vec<f64>,
    portrait: Portrait,
}

impl Met {
    /// d(s) of every state.
    fn visits(&self) -> Vec<f64> {
        let none = || vec![0.0; self.portrait.value.as_ref().map_or(1, Vec::len)];
        self.portrait.state_distribution.clone().unwrap_or_else(none)
    }
}

impl Memo {
    /// What the policy of a racer meets now, or met when it ended.
    fn of(&mut self, show: &Show, racer: usize) -> Option<&Met> {
        let step = standing(show, racer);
        let key = (show.race.revision(), step);
        if self.met.get(&racer).is_none_or(|(own, _)| *own != key) {
            let site = show.race.runner(racer).site(step)?;
            self.met.insert(racer, (key, Met { policy: site.policy()?, portrait: site.portrait()? }));
        }
        self.met.get(&racer).map(|(_, met)| met)
    }
}

/// The step at which a racer is drawn: the playhead's, or its last with numbers.
fn standing(show: &Show, racer: usize) -> usize {
    show.now().min(show.race.trace(racer).last_alive())
}

/// π(a|s) of a racer by pairs.
fn policy(show: &Show, racer: usize) -> Option<Vec<f64>> {
    show.race.runner(racer).site(standing(show, racer))?.policy()
}

/// Whose policy the pane shows: the racer, and whether it is the policy with which it ended.
fn whose(show: &Show) -> String {
    let racer = subject(show);
    let label = &show.world.scenario.racers[racer].label;
    let ended = show.race.trace(racer).ended_by(show.now());
    ended.map_or_else(|| label.clone(), |_| format!("{label}, its last: step {}", standing(show, racer)))
}

/// As many of some racers as there is room for, with the chosen one among them.
fn around(racers: &[usize], chosen: usize, room: usize) -> impl Iterator<Item = usize> + '_ {
    let at = racers.iter().position(|racer| *racer == chosen).unwrap_or(0);
    racers.iter().copied().skip((at + 1).saturating_sub(room)).take(room)
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    let blank = PaneFigure { name: "Policy".to_owned(), ..PaneFigure::default() };
    let Model::Policy(_, agent) = &show.world.scenario.model else { return blank };
    if room.columns == 0 || room.rows == 0 {
        return blank;
    }
    match &*agent.process {
        Process::LinearQuadratic(_) => line::pane(show, room, blank),
        Process::Finite(process) => {
            let grid = process.grid.as_ref();
            let mapped = grid.and_then(|grid| map::pane(show, (process, grid), room, memo, &blank));
            mapped.unwrap_or_else(|| bars::pane(show, process, room, memo, blank))
        }
    }
}
