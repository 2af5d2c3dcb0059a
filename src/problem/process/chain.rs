//! The chain of states under a policy: how often it is where, and what a state is worth.

use std::sync::Arc;

use super::Finite;
use super::elimination::{Apart, Eliminated, Plan};

/// By how much a sum of probabilities that is meant to be 1 may miss it by rounding alone.
const ROUNDING: f64 = 1e-13;

/// A chain with what it pays, solved.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The return J.
    pub gain: f64,
    /// d(s), which sums to 1.
    pub visits: Vec<f64>,
    /// V(s): the sum of γᵗ r, or of r − J where there is no γ, then with Σ d V = 0.
    pub values: Vec<f64>,
    /// V(s) − V(s′).
    pub apart: Apart,
    /// How d changes with the moves.
    pub response: Response,
}

/// The matrix K = ∂d/∂(d P), P the chain's matrix: the change of d is the change of the row d P times K.
#[derive(Debug, Clone)]
pub struct Response {
    chain: Eliminated,
    visits: Vec<f64>,
    ending: Ending,
}

/// When a chain that was solved ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ending {
    /// At every move with probability 1 − γ.
    Discounted(f64),
    /// When it is back in this state.
    At(usize),
}

impl Response {
    /// A column of K, in the long run up to a constant: the changes of a row of P sum to 0.
    #[must_use]
    pub fn column(&self, state: usize) -> Vec<f64> {
        let at = |s: usize| f64::from(u8::from(s == state));
        let pay: Vec<f64> = match self.ending {
            Ending::Discounted(discount) => (0..self.visits.len()).map(|s| discount * at(s)).collect(),
            // A visit to the state, less the mean; the state where the chain ends counts as the level.
            Ending::At(home) => {
                let excess = |s: usize| if s == home { 0.0 } else { at(s) - self.visits[state] };
                (0..self.visits.len()).map(excess).collect()
            }
        };
        self.chain.values(&pay)
    }
}

/// A chain as far as its return is known.
struct Begun {
    chain: Eliminated,
    /// d(s).
    visits: Vec<f64>,
    /// The state that is visited most.
    most: usize,
    /// What is paid there by the likeliest action: the level from which differences are taken, since most that is paid may be
    /// the same everywhere.
    level: f64,
    /// What each state pays above the level.
    excess: Vec<f64>,
    /// By how much the return is above that of the level.
    beyond: f64,
}

/// What of a process all its chains have in common.
#[derive(Debug, Clone)]
pub struct Course {
    plan: Arc<Plan>,
    /// Where each move is kept, pair by pair; `None` for staying.
    slots: Vec<Option<usize>>,
    /// What the probabilities of a pair sum to.
    totals: Vec<f64>,
}

impl Course {
    /// Of a process.
    #[must_use]
    pub fn of(process: &Finite) -> Self {
        let (plan, k) = (Arc::new(Plan::of(&process.successors())), process.actions.len());
        let pairs = process.transitions.iter().enumerate();
        let slots = pairs.flat_map(|(pair, next)| next.iter().map(move |(to, _)| (pair / k, *to)));
        let slots = slots.map(|(from, to)| plan.slot(from, to)).collect();
        let total = |next: &Vec<(usize, f64)>| {
            let total: f64 = next.iter().map(|(_, p)| p).sum();
            if (total - 1.0).abs() <= ROUNDING { 1.0 } else { total }
        };
        Self { slots, totals: process.transitions.iter().map(total).collect(), plan }
    }

    /// What the probabilities of a pair sum to.
    #[must_use]
    pub fn total(&self, pair: usize) -> f64 {
        self.totals[pair]
    }

    /// The multiplications that solving a chain takes.
    #[must_use]
    pub fn cost(&self) -> usize {
        self.plan.cost()
    }
}

/// A finite process as it moves under a policy, π(a|s) by pairs.
#[derive(Debug, Clone, Copy)]
pub struct Under<'a> {
    /// The process.
    pub process: &'a Finite,
    /// What its chains have in common.
    pub course: &'a Course,
    /// The policy.
    pub policy: &'a [f64],
}

impl Under<'_> {
    /// Calls `f` with the state, the next one, the probability of this move and where it is kept.
    fn each(&self, mut f: impl FnMut(usize, usize, f64, Option<usize>)) {
        let mut slots = self.course.slots.iter();
        for (pair, (next, p)) in self.process.transitions.iter().zip(self.policy).enumerate() {
            let state = pair / self.process.actions.len();
            next.iter().zip(&mut slots).for_each(|((to, chance), slot)| f(state, *to, p * chance, *slot));
        }
    }

    /// The chain that ends with probability 1 − γ at every move.
    fn ending(&self, discount: f64) -> Eliminated {
        let mut moves = self.course.plan.moves();
        self.each(|_, _, p, slot| slot.into_iter().for_each(|slot| moves.between[slot] += discount * p));
        for (pair, (p, total)) in self.policy.iter().zip(&self.course.totals).enumerate() {
            moves.ends[pair / self.process.actions.len()] += p * (1.0 - discount * total);
        }
        moves.eliminate()
    }

    /// The chain from one visit to a state to the next, and how often it is in each state meanwhile.
    fn around(&self, home: usize) -> (Eliminated, Vec<f64>) {
        let mut moves = self.course.plan.moves();
        let mut start = vec![0.0; self.process.states.len()];
        self.each(|from, to, p, slot| match (from == home, to == home) {
            (true, _) => start[to] += p,
            (false, true) => moves.ends[from] += p,
            (false, false) => slot.into_iter().for_each(|slot| moves.between[slot] += p),
        });
        (moves.ends[home], start[home]) = (1.0, 1.0);
        let chain = moves.eliminate();
        let visits = chain.visits(&start);
        (chain, visits)
    }

    /// What the likeliest action of a state pays.
    fn level(&self, state: usize) -> f64 {
        let k = self.process.actions.len();
        let likeliest = (state * k..(state + 1) * k).max_by(|a, b| self.policy[*a].total_cmp(&self.policy[*b]));
        likeliest.map_or(0.0, |pair| self.process.rewards[pair])
    }

    /// What each state pays in the mean above a level, which goes on after the end: `beyond` is what it then adds up to.
    fn excess(&self, level: f64, beyond: f64) -> Vec<f64> {
        let k = self.process.actions.len();
        let mut excess = vec![0.0; self.process.states.len()];
        for (pair, (p, reward)) in self.policy.iter().zip(&self.process.rewards).enumerate() {
            excess[pair / k] += p * (reward - level - beyond * (1.0 - self.course.totals[pair]));
        }
        excess
    }

    /// In the long run: from one visit to `home` to the next.
    fn long_run(&self, home: usize) -> Begun {
        let (chain, mut visits) = self.around(home);
        let total: f64 = visits.iter().sum();
        visits.iter_mut().for_each(|d| *d /= total);
        let most = most(&visits);
        let level = self.level(most);
        let excess = self.excess(level, 0.0);
        let beyond: f64 = visits.iter().zip(&excess).map(|(d, r)| d * r).sum();
        Begun { chain, visits, most, level, excess, beyond }
    }

    /// In the long run, where the one closed class is `recurrent`: J is the mean of what is paid.
    #[must_use]
    pub fn average_gain(&self, recurrent: &[bool]) -> f64 {
        let Begun { level, beyond, .. } = self.long_run(self.course.plan.last(recurrent).unwrap_or(0));
        level + beyond
    }

    /// The same with visits and values.
    #[must_use]
    pub fn average(&self, recurrent: &[bool]) -> Solved {
        let first = self.course.plan.last(recurrent).unwrap_or(0);
        let mut begun = self.long_run(first);
        let (home, gain) = (begun.most, begun.level + begun.beyond);
        // Values relative to a state that is hardly ever visited are sums over very long times, whose differences lose digits.
        if home != first {
            begun = self.long_run(home);
        }
        let Begun { chain, visits, mut excess, beyond, .. } = begun;
        excess.iter_mut().for_each(|r| *r -= beyond);
        excess[home] = 0.0;
        let apart = chain.apart(&excess);
        let mean: f64 = visits.iter().zip(&apart.values).map(|(d, v)| d * v).sum();
        let values = apart.values.iter().map(|v| v - mean).collect();
        let response = Response { chain, visits: visits.clone(), ending: Ending::At(home) };
        Solved { gain, visits, values, apart, response }
    }

    /// With discount γ from the start.
    fn ended(&self, discount: f64) -> Begun {
        let chain = self.ending(discount);
        let start: Vec<f64> = self.process.start.iter().map(|p| (1.0 - discount) * p).collect();
        let visits = chain.visits(&start);
        let most = most(&visits);
        let level = self.level(most);
        let always = level / (1.0 - discount);
        let excess = self.excess(level, discount * always);
        let above = chain.values(&excess);
        let beyond = self.process.start.iter().zip(&above).map(|(p, v)| p * v).sum();
        Begun { chain, visits, most, level, excess, beyond }
    }

    /// With discount γ from the start: J is the sum of γᵗ r.
    #[must_use]
    pub fn discounted_gain(&self, discount: f64) -> f64 {
        let Begun { level, beyond, .. } = self.ended(discount);
        level / (1.0 - discount) + beyond
    }

    /// The same with visits and values.
    #[must_use]
    pub fn discounted(&self, discount: f64) -> Solved {
        let Begun { chain, visits, level, excess, beyond, .. } = self.ended(discount);
        let (always, apart) = (level / (1.0 - discount), chain.apart(&excess));
        let (gain, values) = (always + beyond, apart.values.iter().map(|v| always + v).collect());
        let response = Response { chain, visits: visits.clone(), ending: Ending::Discounted(discount) };
        Solved { gain, visits, values, apart, response }
    }
}

/// The state that is visited most.
fn most(visits: &[f64]) -> usize {
    (0..visits.len()).max_by(|a, b| visits[*a].total_cmp(&visits[*b])).unwrap_or(0)
}
