//! Chains of states, by eliminating one state after the other: what is left is the chain as it is seen in the other states.
//!
//! Nothing is subtracted, so that probabilities next to 0 keep their digits (Grassmann, Taksar & Heyman 1985), and what
//! cannot happen costs nothing. What a chain is of, and what it pays, is not its business.

use std::sync::Arc;

use super::STATES;

/// A set of states.
#[derive(Clone, Copy)]
struct Set([u64; STATES.div_ceil(64)]);

impl Set {
    fn of(states: &[usize]) -> Self {
        let mut set = Self([0; STATES.div_ceil(64)]);
        states.iter().for_each(|state| set.0[state / 64] |= 1 << (state % 64));
        set
    }

    fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }

    fn remove(&mut self, state: usize) {
        self.0[state / 64] &= !(1 << (state % 64));
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn states(&self) -> Vec<usize> {
        (0..STATES).filter(|state| self.0[state / 64] >> (state % 64) & 1 == 1).collect()
    }
}

/// In which order to eliminate states, and where the moves that are possible meanwhile are kept.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The place of each state in the order.
    place: Vec<usize>,
    steps: Vec<Step>,
    /// The number of moves that are kept.
    moves: usize,
}

/// The elimination of a state.
#[derive(Debug, Clone, Default)]
struct Step {
    state: usize,
    /// The later places that it leads to, whose moves are kept one after the other from `first` on.
    to: Vec<usize>,
    first: usize,
    from: Vec<Source>,
}

/// A later place that leads to a state that is eliminated, and where the move is kept.
#[derive(Debug, Clone)]
struct Source {
    place: usize,
    slot: usize,
    /// Where its own moves to the places are kept that the state leads to.
    runs: Vec<Run>,
}

/// So many moves that are kept one after the other, and which of the state's moves is the first of them.
#[derive(Debug, Clone, Copy)]
struct Run {
    slot: usize,
    first: usize,
    length: usize,
}

impl Plan {
    /// For a chain in which each state may be followed by these: next comes the state whose elimination opens the fewest
    /// moves (Markowitz 1957).
    #[must_use]
    pub fn of(successors: &[Vec<usize>]) -> Self {
        let n = successors.len();
        let mut to: Vec<Set> = successors.iter().map(|next| Set::of(next)).collect();
        let before = |state: &usize| (0..n).filter(|s| successors[*s].contains(state)).collect::<Vec<_>>();
        let mut from: Vec<Set> = (0..n).map(|state| Set::of(&before(&state))).collect();
        (0..n).for_each(|state| to[state].remove(state));
        (0..n).for_each(|state| from[state].remove(state));
        let (mut left, mut order): (Vec<usize>, Vec<usize>) = ((0..n).collect(), Vec::new());
        while let Some(at) = (0..left.len()).min_by_key(|at| from[left[*at]].len() * to[left[*at]].len()) {
            let state = left.remove(at);
            let (sources, targets) = (from[state], to[state]);
            for i in sources.states() {
                to[i].join(&targets);
                to[i].remove(i);
                to[i].remove(state);
            }
            for j in targets.states() {
                from[j].join(&sources);
                from[j].remove(j);
                from[j].remove(state);
            }
            order.push(state);
        }
        Self::laid_out(&order, &from, &to)
    }

    /// Gives every move a slot: all that leave a state one after the other, in the order of the places they lead to.
    fn laid_out(order: &[usize], from: &[Set], to: &[Set]) -> Self {
        let n = order.len();
        let mut place = vec![0; n];
        order.iter().enumerate().for_each(|(at, state)| place[*state] = at);
        let places = |set: &Set| {
            let mut places: Vec<usize> = set.states().iter().map(|state| place[*state]).collect();
            places.sort_unstable();
            places
        };
        let to: Vec<Vec<usize>> = order.iter().map(|state| places(&to[*state])).collect();
        let from: Vec<Vec<usize>> = order.iter().map(|state| places(&from[*state])).collect();
        // The columns of each row, first those before it.
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); n];
        from.iter().enumerate().for_each(|(s, from)| from.iter().for_each(|i| rows[*i].push(s)));
        let before: Vec<usize> = rows.iter().map(Vec::len).collect();
        rows.iter_mut().zip(&to).for_each(|(row, to)| row.extend(to));
        let starts: Vec<usize> = rows.iter().scan(0, |at, row| Some(std::mem::replace(at, *at + row.len()))).collect();
        let mut slots = vec![None; n * n];
        for (i, row) in rows.iter().enumerate() {
            row.iter().enumerate().for_each(|(at, j)| slots[i * n + j] = Some(starts[i] + at));
        }
        let source = |i: usize, s: usize| {
            let onward = to[s].iter().map(|j| slots[i * n + j]);
            Some(Source { place: i, slot: slots[i * n + s]?, runs: runs(onward) })
        };
        let step = |s: usize| Step {
            state: order[s],
            first: starts[s] + before[s],
            from: from[s].iter().filter_map(|i| source(*i, s)).collect(),
            to: to[s].clone(),
        };
        Self { steps: (0..n).map(step).collect(), moves: rows.iter().map(Vec::len).sum(), place }
    }

    /// The multiplications that an elimination takes.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.steps.iter().map(|step| step.from.len() * step.to.len()).sum()
    }

    /// The last of the states of a set to be eliminated.
    #[must_use]
    pub fn last(&self, among: &[bool]) -> Option<usize> {
        self.steps.iter().rev().map(|step| step.state).find(|state| among[*state])
    }

    /// Where a move is kept; staying is not.
    #[must_use]
    pub fn slot(&self, from: usize, to: usize) -> Option<usize> {
        let (i, j) = (self.place[from], self.place[to]);
        if i < j {
            let step = &self.steps[i];
            return step.to.binary_search(&j).ok().map(|at| step.first + at);
        }
        let step = &self.steps[j];
        step.from.binary_search_by_key(&i, |source| source.place).ok().map(|at| step.from[at].slot)
    }

    /// A chain without moves.
    #[must_use]
    pub fn moves(self: &Arc<Self>) -> Moves {
        Moves { plan: Arc::clone(self), between: vec![0.0; self.moves], ends: vec![0.0; self.place.len()] }
    }
}

/// Slots as runs of such as follow each other.
fn runs(slots: impl Iterator<Item = Option<usize>>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (first, slot) in slots.enumerate() {
        let Some(slot) = slot else { continue };
        match runs.last_mut() {
            Some(run) if run.slot + run.length == slot && run.first + run.length == first => run.length += 1,
            _ => runs.push(Run { slot, first, length: 1 }),
        }
    }
    runs
}

/// The probabilities of moves from state to state, and those that the chain ends.
#[derive(Debug, Clone)]
pub struct Moves {
    plan: Arc<Plan>,
    /// By slots.
    pub between: Vec<f64>,
    /// By states.
    pub ends: Vec<f64>,
}

impl Moves {
    /// Eliminates all states; the chain must end in the long run, wherever it is.
    #[must_use]
    pub fn eliminate(self) -> Eliminated {
        let Self { plan, mut between, mut ends } = self;
        let (mut leaving, mut ending) = (vec![0.0; plan.steps.len()], vec![0.0; plan.steps.len()]);
        let mut chances = Vec::new();
        for (s, Step { state, to, first, from }) in plan.steps.iter().enumerate() {
            let row = &mut between[*first..first + to.len()];
            // The chance of leaving is a sum, not what staying leaves of 1.
            let out = ends[*state] + row.iter().sum::<f64>();
            row.iter_mut().for_each(|p| *p /= out);
            chances.clear();
            chances.extend_from_slice(row);
            let end = ends[*state] / out;
            for Source { place, slot, runs } in from {
                let share = between[*slot];
                ends[plan.steps[*place].state] += share * end;
                for Run { slot, first, length } in runs {
                    let chances = &chances[*first..first + length];
                    between[*slot..slot + length].iter_mut().zip(chances).for_each(|(p, chance)| *p += share * chance);
                }
            }
            (leaving[s], ending[s]) = (out, end);
        }
        Eliminated { plan, between, leaving, ending }
    }
}

/// A chain whose states have been eliminated: systems with its matrix are solved by substitution.
#[derive(Debug, Clone)]
pub struct Eliminated {
    plan: Arc<Plan>,
    /// By slots: to an earlier place the move, to a later one the chance when the place is left.
    between: Vec<f64>,
    /// The probabilities that a place is left for a later one or the end.
    leaving: Vec<f64>,
    /// The chances that the chain ends when a place is left.
    ending: Vec<f64>,
}

/// What a chain pays from each state on, and by how much any two states differ in that.
#[derive(Debug, Clone)]
pub struct Apart {
    /// By states.
    pub values: Vec<f64>,
    plan: Arc<Plan>,
    /// By two places.
    differences: Vec<f64>,
}

impl Apart {
    /// By how much more the chain pays from one state on than from another.
    #[must_use]
    pub fn difference(&self, state: usize, other: usize) -> f64 {
        let place = &self.plan.place;
        self.differences[place[state] * place.len() + place[other]]
    }
}

impl Eliminated {
    /// What the chain pays from each state on until it ends, if each visit to a state pays this.
    #[must_use]
    pub fn values(&self, pay: &[f64]) -> Vec<f64> {
        self.by_states(&self.onward(self.until_later(pay)))
    }

    /// The same with the differences between states, which keep their digits where both pay much, and about as much.
    ///
    /// A place differs from a later one by what it pays until it leads to a later one, and by what those differ from it.
    #[must_use]
    pub fn apart(&self, pay: &[f64]) -> Apart {
        let until = self.until_later(pay);
        let values = self.onward(until.clone());
        let n = values.len();
        let mut differences = vec![0.0; n * n];
        for (i, step) in self.plan.steps.iter().enumerate().rev() {
            let mut row: Vec<f64> = values[i + 1..].iter().map(|value| until[i] - self.ending[i] * value).collect();
            for (to, chance) in step.to.iter().zip(&self.between[step.first..]) {
                let onward = &differences[to * n + i + 1..(to + 1) * n];
                row.iter_mut().zip(onward).for_each(|(here, onward)| *here += chance * onward);
            }
            for (j, difference) in (i + 1..n).zip(&row) {
                differences[j * n + i] = -difference;
            }
            differences[i * n + i + 1..(i + 1) * n].copy_from_slice(&row);
        }
        Apart { values: self.by_states(&values), plan: Arc::clone(&self.plan), differences }
    }

    /// What the chain pays from each place on until it is at a later one or ends.
    fn until_later(&self, pay: &[f64]) -> Vec<f64> {
        let steps = &self.plan.steps;
        let mut until: Vec<f64> = steps.iter().map(|step| pay[step.state]).collect();
        for (s, step) in steps.iter().enumerate() {
            until[s] /= self.leaving[s];
            let value = until[s];
            step.from.iter().for_each(|source| until[source.place] += self.between[source.slot] * value);
        }
        until
    }

    /// What it pays from each place on, by what it pays until it is at a later one.
    fn onward(&self, mut values: Vec<f64>) -> Vec<f64> {
        for (s, step) in self.plan.steps.iter().enumerate().rev() {
            let chances = &self.between[step.first..];
            values[s] += step.to.iter().zip(chances).map(|(j, chance)| chance * values[*j]).sum::<f64>();
        }
        values
    }

    fn by_states(&self, by_places: &[f64]) -> Vec<f64> {
        self.plan.place.iter().map(|place| by_places[*place]).collect()
    }

    /// How often each state is visited in the mean until the chain ends, if it begins in each so often.
    #[must_use]
    pub fn visits(&self, start: &[f64]) -> Vec<f64> {
        let steps = &self.plan.steps;
        let mut visits: Vec<f64> = steps.iter().map(|step| start[step.state]).collect();
        for (s, step) in steps.iter().enumerate() {
            let mass = visits[s];
            step.to.iter().zip(&self.between[step.first..]).for_each(|(j, chance)| visits[*j] += mass * chance);
        }
        for (s, step) in steps.iter().enumerate().rev() {
            let back = step.from.iter().map(|source| visits[source.place] * self.between[source.slot]);
            visits[s] = (visits[s] + back.sum::<f64>()) / self.leaving[s];
        }
        self.by_states(&visits)
    }
}
