//! A process as tables: the probability of every state after every pair, and what every pair pays.

use super::finite::{distribution_fault, names_fault};
use super::{ACTIONS as MOST_ACTIONS, Fault, Finite, Process, ProcessInfo, STATES as MOST_STATES};
use crate::registry::{Field, File, Kind, Nested, Preset, Record, Setting, Settings, Spot};

const STATES: Field = Field::new(
    "states",
    Kind::Texts(1, MOST_STATES),
    Preset::Required,
    "the names of the states: states = [\"work\", \"rest\"]",
);
const ACTIONS: Field = Field::new(
    "actions",
    Kind::Texts(1, MOST_ACTIONS),
    Preset::Required,
    "the names of the actions, the same in every state: actions = [\"go\", \"wait\"]",
);
const TRANSITIONS: Field = Field::new(
    "transitions",
    Kind::Nested(3, File::Named(&["state", "action", "next", "p"])),
    Preset::Required,
    "for every state and in it for every action the probabilities of the next states; of a file what is left out is 0",
)
.or(&["p", "dynamics", "kernel"]);
const REWARDS: Field = Field::new(
    "rewards",
    Kind::Nested(2, File::Named(&["state", "action", "reward"])),
    Preset::Required,
    "for every state what every action pays; of a file what is left out is 0",
)
.or(&["r", "payoffs"]);
const START: Field = Field::new(
    "start",
    Kind::Numbers,
    Preset::Unset,
    "the probabilities of the first state; default: the first of `states`",
)
.or(&["initial", "mu", "rho"]);

/// The registry row.
pub const INFO: ProcessInfo = ProcessInfo {
    name: "table",
    synonyms: &["mdp", "tabular", "finite"],
    doc: "finitely many states and actions, with tables of transitions and rewards",
    fields: &[STATES, ACTIONS, TRANSITIONS, REWARDS, START],
    build,
};

/// Keys of `[start]` that no state may be called.
pub const RESERVED: [&str; 2] = ["probabilities", "weights"];

/// What tables are about.
struct Names {
    states: Vec<&'static str>,
    actions: Vec<&'static str>,
}

fn build(settings: &Settings) -> Result<Process, Fault> {
    let names = Names { states: settings.texts(&STATES).to_vec(), actions: settings.texts(&ACTIONS).to_vec() };
    names_fault(STATES.name, "states", &names.states)?;
    if let Some(place) = names.states.iter().position(|name| RESERVED.contains(name)) {
        let message = format!("no state may be called `{}`: that is a key of [start]", names.states[place]);
        return Err(Fault::of(STATES.name, message, "help: rename it").at(Spot::Item(vec![place])));
    }
    names_fault(ACTIONS.name, "actions", &names.actions)?;
    let transitions = match settings.get(&TRANSITIONS) {
        Some(Setting::Nested(lists)) => names.moves(&lists)?,
        Some(Setting::Records(rows)) => names.moves_of(&rows)?,
        _ => Vec::new(),
    };
    let rewards = match settings.get(&REWARDS) {
        Some(Setting::Nested(lists)) => names.pays(&lists)?,
        Some(Setting::Records(rows)) => names.pays_of(&rows)?,
        _ => Vec::new(),
    };
    let start = names.start(settings)?;
    let Names { states, actions } = names;
    Ok(Process::Finite(Finite { states, actions, transitions, rewards, start, noise: 0.0, bandit: false, grid: None }))
}

/// The items of a list, which must be so many.
fn items<'a>(
    list: &'a Nested,
    field: &'static str,
    at: &[usize],
    wanted: (usize, &str),
) -> Result<&'a [Nested], Fault> {
    let (count, each) = wanted;
    let found = list.list().unwrap_or_default();
    if found.len() == count {
        return Ok(found);
    }
    let message = format!("`{field}` has {} entries here, not {count}: one for each {each}", found.len());
    let spot = if at.is_empty() { Spot::Whole } else { Spot::Item(at.to_vec()) };
    Err(Fault::of(field, message, format!("help: write {count} entries")).at(spot))
}

impl Names {
    fn pair(&self, state: usize, action: usize) -> String {
        format!("{} in {}", self.actions[action], self.states[state])
    }

    /// Moves from `transitions[s][a][s']`.
    fn moves(&self, lists: &Nested) -> Result<Vec<Vec<(usize, f64)>>, Fault> {
        let field = TRANSITIONS.name;
        let (states, actions) = (self.states.len(), self.actions.len());
        let mut moves = Vec::with_capacity(states * actions);
        for (s, of_state) in items(lists, field, &[], (states, "state"))?.iter().enumerate() {
            for (a, row) in items(of_state, field, &[s], (actions, "action"))?.iter().enumerate() {
                items(row, field, &[s, a], (states, "next state"))?;
                let row = row.numbers().unwrap_or_default();
                if let Some((place, fault)) = distribution_fault(&row) {
                    let spot = Spot::Item([s, a].into_iter().chain(place).collect());
                    let message = format!("`{field}` of {}: {fault}", self.pair(s, a));
                    return Err(Fault::of(field, message, "help: write probabilities whose sum is 1").at(spot));
                }
                moves.push(row.into_iter().enumerate().filter(|(_, p)| *p > 0.0).collect());
            }
        }
        Ok(moves)
    }

    /// The index of a name in a row of a file.
    fn find(names: &[&'static str], word: &str, field: &'static str, row: usize, noun: &str) -> Result<usize, Fault> {
        names.iter().position(|name| *name == word).ok_or_else(|| {
            let help = match crate::registry::nearest(word, names.iter().copied()) {
                Some(near) => format!("help: did you mean `{near}`?"),
                None => format!("known: {}", names.iter().take(20).copied().collect::<Vec<_>>().join(", ")),
            };
            Fault::of(field, format!("`{field}`: unknown {noun} `{word}`"), help).at(Spot::Row(row))
        })
    }

    /// The pair of a row of a file.
    fn pair_of(&self, record: &Record, field: &'static str, row: usize) -> Result<[usize; 2], Fault> {
        let state = Self::find(&self.states, &record.words[0], field, row, "state")?;
        Ok([state, Self::find(&self.actions, &record.words[1], field, row, "action")?])
    }

    /// Moves from rows of state, action, next, p.
    fn moves_of(&self, rows: &[Record]) -> Result<Vec<Vec<(usize, f64)>>, Fault> {
        let field = TRANSITIONS.name;
        let (states, actions) = (self.states.len(), self.actions.len());
        let mut dense: Vec<Option<f64>> = vec![None; states * actions * states];
        for (row, record) in rows.iter().enumerate() {
            let [s, a] = self.pair_of(record, field, row)?;
            let next = Self::find(&self.states, &record.words[2], field, row, "state")?;
            let fault = |message: String, help: &str| Err(Fault::of(field, message, help).at(Spot::Row(row)));
            if !(0.0..=1.0 + 1e-9).contains(&record.value) {
                return fault(
                    format!("`{field}`: p = {} is no probability", record.value),
                    "expected a number from 0 to 1",
                );
            }
            let slot = &mut dense[(s * actions + a) * states + next];
            if slot.replace(record.value).is_some() {
                let message = format!("`{field}`: {} to {} stands twice", self.pair(s, a), self.states[next]);
                return fault(message, "help: keep one of the rows");
            }
        }
        let mut moves = Vec::with_capacity(states * actions);
        for (pair, row) in dense.chunks_exact(states).enumerate() {
            let row: Vec<f64> = row.iter().map(|p| p.unwrap_or(0.0)).collect();
            if let Some((_, fault)) = distribution_fault(&row) {
                let message = format!("`{field}` of {}: {fault}", self.pair(pair / actions, pair % actions));
                return Err(Fault::of(field, message, "help: give every pair rows whose p sum to 1"));
            }
            moves.push(row.into_iter().enumerate().filter(|(_, p)| *p > 0.0).collect());
        }
        Ok(moves)
    }

    /// Rewards from `rewards[s][a]`.
    fn pays(&self, lists: &Nested) -> Result<Vec<f64>, Fault> {
        let field = REWARDS.name;
        let mut pays = Vec::with_capacity(self.states.len() * self.actions.len());
        for (s, row) in items(lists, field, &[], (self.states.len(), "state"))?.iter().enumerate() {
            items(row, field, &[s], (self.actions.len(), "action"))?;
            pays.extend(row.numbers().unwrap_or_default());
        }
        Ok(pays)
    }

    /// Rewards from rows of state, action, reward.
    fn pays_of(&self, rows: &[Record]) -> Result<Vec<f64>, Fault> {
        let field = REWARDS.name;
        let mut pays: Vec<Option<f64>> = vec![None; self.states.len() * self.actions.len()];
        for (row, record) in rows.iter().enumerate() {
            let [s, a] = self.pair_of(record, field, row)?;
            if pays[s * self.actions.len() + a].replace(record.value).is_some() {
                let message = format!("`{field}`: {} stands twice", self.pair(s, a));
                return Err(Fault::of(field, message, "help: keep one of the rows").at(Spot::Row(row)));
            }
        }
        Ok(pays.into_iter().map(|pay| pay.unwrap_or(0.0)).collect())
    }

    fn start(&self, settings: &Settings) -> Result<Vec<f64>, Fault> {
        let n = self.states.len();
        if settings.get(&START).is_none() {
            return Ok((0..n).map(|s| if s == 0 { 1.0 } else { 0.0 }).collect());
        }
        let start = settings.numbers(&START);
        let fault =
            |message: String| Fault::of(START.name, message, "help: write a probability for each state, their sum 1");
        if start.len() != n {
            return Err(fault(format!("`{}` has {} numbers for {n} states", START.name, start.len())));
        }
        match distribution_fault(&start) {
            Some((place, why)) => {
                let spot = place.map_or(Spot::Whole, |at| Spot::Item(vec![at]));
                Err(fault(format!("`{}`: {why}", START.name)).at(spot))
            }
            None => Ok(start.to_vec()),
        }
    }
}
