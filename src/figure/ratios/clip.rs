//! Which ratios PPO's clip lets alone.

use crate::app::Show;
use crate::figure::standing::shown;
use crate::format;
use crate::optimizer::{Bounds, ppo};
use crate::scenario::Racer;

/// The clips in a race.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clips {
    /// The clip: as far below one as above.
    pub clip: f64,
    /// How far above one, of the first racer for whom that is something else.
    pub high: Option<f64>,
}

impl Clips {
    /// Those of a show: of the chosen racer if it clips, else of the first that does, else what PPO has by default.
    #[must_use]
    pub fn of(show: &Show) -> Self {
        let racers = &show.world.scenario.racers;
        let order = std::iter::once(show.chosen).chain(shown(show)).filter_map(|racer| racers.get(racer));
        let clips: Vec<[f64; 2]> = order.filter_map(own).collect();
        let clip = clips.first().map_or(ppo::DEFAULT_CLIP, |[clip, _]| *clip);
        Self { clip, high: clips.iter().map(|[_, high]| *high).find(|high| *high != clip) }
    }

    /// The least and the largest ratio of the box.
    #[must_use]
    pub fn ends(self) -> [f64; 2] {
        [1.0 - self.clip, 1.0 + self.clip]
    }

    /// The same with the higher upper end.
    #[must_use]
    pub fn higher(self) -> Option<[f64; 2]> {
        self.high.map(|high| [1.0 - self.clip, 1.0 + high])
    }

    /// What the box is called, in a table.
    #[must_use]
    pub fn name(self) -> String {
        format!("clip {}", format::label(self.clip))
    }
}

/// How far below and above one the ratios of a racer go before its clip lets go.
fn own(racer: &Racer) -> Option<[f64; 2]> {
    match racer.kind.bounds? {
        Bounds::Ratios { clips, .. } => clips(&racer.settings),
        Bounds::Divergence => None,
    }
}
