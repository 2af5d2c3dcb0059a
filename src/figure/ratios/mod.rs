//! Box or ellipsoid: what clipping and a trust region allow, in ratios of probabilities, and the steps within.
//!
//! Its parts are files: `plane` (two ratios, KL and surrogate over them), `regions` (the largest KL in each), `tries` (the racers'
//! steps), `clip`, `view` (what is in view), `scene`, `picture` and `names` (the marks), `table` (the numbers),
//! `epochs` (KL epoch by epoch).
//!
//! All steps start from one policy, that of the chosen racer at the playhead: from policies of their own they could not be
//! compared.

mod clip;
mod epochs;
mod names;
mod picture;
mod plane;
mod regions;
mod scene;
mod table;
mod tries;
mod view;

use super::computed::{Computed, Key, Pending};
use super::reach::across;
use super::words::dim;
use crate::app::{Seen, Show};
use crate::format;
use crate::optimizer::Bounds;
use crate::plot::mark::Settled;
use crate::plot::pane::{Axis, Labels, Plot, Table};
use crate::plot::text::width;
use crate::plot::ticks::readable;
use crate::plot::{PaneFigure, Room};
use clip::Clips;
use scene::Scene;
use table::Numbers;
use tries::{Old, Try, tries};
use view::view;

/// From these widths on numbers stand beside the picture, in so many columns.
const BESIDE: [(u16, u16); 3] = [(140, 58), (112, 54), (100, 50)];
/// The rows of a pane from which on numbers stand below it, and the share of them that they get.
const BELOW: u16 = 16;
const PART: u16 = 3;
/// The most probabilities in the title.
const TOLD: usize = 4;
/// Rows between two labels of the vertical axis.
const SPACING: f64 = 5.0;

/// What the pane has computed.
#[derive(Debug, Default)]
pub struct Memo {
    old: Option<(Place, Option<Old>)>,
    tries: Computed<Try>,
    drawn: Option<(Drawn, PaneFigure)>,
}

/// What the policy depends on: the world, the chosen racer, the playhead and the step at which that racer stands.
type Place = (u64, usize, [usize; 2]);
/// What the pane depends on besides: which racers are on, δ, whether a question waits, the age of the steps, and the room.
type Drawn = (Place, Vec<bool>, u64, bool, u64, Room);

impl Memo {
    /// Everything that is computed.
    pub(crate) fn parts(&mut self) -> impl Iterator<Item = &mut dyn Pending> {
        std::iter::once(&mut self.tries as &mut dyn Pending)
    }

    /// Brings the policy and the steps from it up to date.
    fn stand(&mut self, show: &Show) -> Place {
        let place = (show.world.revision(), show.chosen, [show.now(), tries::stands(show)]);
        if self.old.as_ref().is_none_or(|(own, _)| *own != place) {
            self.old = Some((place, Old::of(show)));
        }
        let Some((_, Some(old))) = &self.old else {
            self.tries.clear();
            return place;
        };
        let key = Key::of(&Seen::of(show), &[place.0 as f64, place.1 as f64, place.2[0] as f64, place.2[1] as f64]);
        let cost: u64 = old.policy.p.len() as u64 * show.world.scenario.racers.len() as u64;
        self.tries.follow(key, cost <= QUICK && show.world.scenario.racers.iter().all(few), || {
            let all = tries(show, old);
            move |out| all.into_iter().try_for_each(|work| out.send(work()))
        });
        place
    }
}

/// The probabilities of all racers for whose steps a frame has time, and the epochs of one.
const QUICK: u64 = 60;
const EPOCHS: u64 = 50;

/// Whether a racer's step is short.
fn few(racer: &crate::scenario::Racer) -> bool {
    match racer.kind.bounds {
        Some(Bounds::Ratios { epochs, .. }) => epochs(&racer.settings) <= EPOCHS,
        Some(Bounds::Divergence) | None => true,
    }
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    let place = memo.stand(show);
    let veiled = show.question().is_some();
    let key = (place, show.on.clone(), show.delta().to_bits(), veiled, memo.tries.age(), room);
    if let Some((own, figure)) = &memo.drawn
        && *own == key
    {
        return figure.clone();
    }
    let tries: Vec<Try> = memo.tries.values().iter().filter(|found| show.on[found.racer] && !veiled).cloned().collect();
    let old = memo.old.as_ref().and_then(|(_, old)| old.as_ref());
    let figure = old.map_or_else(|| nothing(room), |old| figure(show, old, &tries, room));
    memo.drawn = Some((key, figure.clone()));
    figure
}

const NAME: &str = "Box or ellipsoid";

/// The pane of a policy without two ratios that can be chosen.
fn nothing(room: Room) -> PaneFigure {
    let why = "needs three actions, or two states";
    let mut rows = vec![Vec::new(); usize::from(room.rows / 2)];
    rows.push(vec![dim((room.columns / 2).saturating_sub(width(why) / 2), why)]);
    PaneFigure { name: NAME.to_owned(), table: Some((room.columns, Table { rows })), ..PaneFigure::default() }
}

fn figure(show: &Show, old: &Old, tries: &[Try], room: Room) -> PaneFigure {
    let beside = BESIDE.into_iter().find(|(from, _)| room.columns >= *from).map(|(_, columns)| columns);
    let clips = Clips::of(show);
    let numbers = Numbers { show, old, tries, clips, columns: beside.unwrap_or(room.columns) };
    let (mut table, mut below, mut inset) = (None, Table::default(), None);
    if let Some(columns) = beside {
        let pane = epochs::pane(show, tries, columns);
        // A blank line between.
        let least = if pane.is_some() { epochs::ROWS + 1 } else { 0 };
        let mut rows = numbers.both(room.rows, least);
        if pane.is_some() && rows.len() < usize::from(room.rows) {
            rows.push(Vec::new());
        }
        inset = pane.and_then(|pane| pane(room.rows.saturating_sub(rows.len() as u16))).map(Box::new);
        table = Some((columns, Table { rows }));
    } else if room.rows >= BELOW {
        below.rows = numbers.candidates(usize::from(room.rows / PART));
    }
    // Text below has a line above it.
    let lines = if below.rows.is_empty() { 0 } else { below.rows.len() as u16 + 1 };
    let picture = Room { columns: room.columns - beside.unwrap_or(0), rows: room.rows - lines, ..room };
    let detail = detail(show, room);
    let right = right(show, old, room, &detail);
    let mut figure = PaneFigure { name: NAME.to_owned(), detail, right, table, below, inset, ..PaneFigure::default() };
    let shapes = old.plane.shapes(show.delta());
    let Some(frame) = view(&shapes, (clips, tries), picture) else { return figure };
    let labels: Vec<String> = show.world.scenario.racers.iter().map(|racer| racer.label.clone()).collect();
    let scene = Scene { old, shapes: &shapes, delta: show.delta(), clips, tries, labels: &labels, frame };
    let [x, y] = old.plane.pairs.map(|pair| format!("ρ({})", action(show, old, pair)));
    figure.plot = Some(Plot {
        x: across(&x, frame.x, picture.columns).into(),
        y: Axis { range: frame.y, log: false, ticks: readable(frame.y, picture.rows, SPACING, ""), name: y }.into(),
        labels: Labels::Inside,
        grid: false,
        equal: false,
        settled: Settled::default(),
        layers: scene.layers(),
    });
    figure
}

/// What an action is called, with its state where there are several.
fn action(show: &Show, old: &Old, pair: usize) -> String {
    let Some(process) = show.world.scenario.process() else { return String::new() };
    let name = process.actions[pair % old.policy.actions];
    if process.bandit { name.to_owned() } else { format!("{name}|{}", process.states[pair / old.policy.actions]) }
}

/// Whose policy the steps start from: shorter where it has to be.
fn detail(show: &Show, room: Room) -> String {
    let racers = &show.world.scenario.racers;
    let label = racers.get(show.chosen).map_or("", |racer| racer.label.as_str());
    let step = tries::stands(show);
    let from = if step == 0 { "the start".to_owned() } else { format!("{label} at step {step}") };
    let all = [
        format!("ratios ρ = π/π_old of one policy: {from}"),
        format!("ρ = π/π_old from {from}"),
        format!("from {from}"),
    ];
    let most = room.columns.saturating_sub(width(NAME) + 8) / 3 * 2;
    all.into_iter().find(|text| width(text) <= most).unwrap_or_default()
}

/// What the old policy gives, and δ: as far as the title has room.
fn right(show: &Show, old: &Old, room: Room, detail: &str) -> String {
    let delta = format!("δ {}", format::label(show.delta()));
    let k = old.policy.actions;
    let state = old.plane.pairs[0] / k;
    let p = &old.policy.p[state * k..(state + 1) * k];
    let free = room.columns.saturating_sub(width(NAME) + width(detail) + 12);
    let given: Vec<String> = p.iter().map(|p| format::rounded(*p, 2)).collect();
    let told = old.policy.visits.len() == 1 && p.len() <= TOLD;
    let all = [format!("π_old ({}), {delta}", given.join(", ")), delta];
    all.into_iter().skip(usize::from(!told)).find(|text| width(text) <= free).unwrap_or_default()
}

#[cfg(test)]
mod tests;
