//! The racers' policies: bars of every action (`bars`), arrows on a map (`map`), or lines of a Gaussian action (`line`).
//!
//! What a policy meets in its process (`Portrait`) is a linear solve, so that of the chosen racer is kept from frame to
//! frame.

mod bars;
mod line;
mod map;

pub use bars::Bars;
pub use map::full;

use crate::app::Show;
use crate::figure::standing::subject;
use crate::plot::{PaneFigure, Room};
use crate::problem::Portrait;
use crate::problem::process::Process;
use crate::scenario::Model;

/// What the pane has computed.
#[derive(Debug, Default)]
pub struct Memo {
    met: Option<((u64, usize, usize), Met)>,
}

/// A racer's policy and what it meets.
#[derive(Debug, Clone)]
struct Met {
    /// π(a|s) by pairs.
    policy: Vec<f64>,
    portrait: Portrait,
}

impl Memo {
    /// What the policy of the racer of whom the pane tells meets now, or met when it ended.
    fn of_one(&mut self, show: &Show) -> Option<&Met> {
        let racer = subject(show);
        let step = standing(show, racer);
        let key = (show.race.revision(), racer, step);
        if self.met.as_ref().is_none_or(|(own, _)| *own != key) {
            let site = show.race.runner(racer).site(step)?;
            self.met = Some((key, Met { policy: site.policy()?, portrait: site.portrait()? }));
        }
        self.met.as_ref().map(|(_, met)| met)
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
            let mapped = process.grid.as_ref().and_then(|grid| Some((grid, map::tile(grid, room)?)));
            match mapped {
                Some((grid, tile)) => map::pane(show, (process, grid, tile), room, memo, blank),
                None => bars::pane(show, process, room, memo, blank),
            }
        }
    }
}
