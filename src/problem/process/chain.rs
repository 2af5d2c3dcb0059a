//! The chain of states under a policy: how often it is where, and what a state is worth.

use std::sync::Arc;

use super::Finite;
use super::elimination::{Eliminated, Plan};

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

    /// What each state pays in the mean.
    fn pay(&self) -> Vec<f64> {
        let k = self.process.actions.len();
        let rows = self.policy.chunks_exact(k).zip(self.process.rewards.chunks_exact(k));
        rows.map(|(p, r)| p.iter().zip(r).map(|(p, r)| p * r).sum()).collect()
    }

    /// In the long run, where the one closed class is `recurrent`: J is the mean of what is paid.
    #[must_use]
    pub fn average(&self, recurrent: &[bool]) -> Solved {
        let first = self.course.plan.last(recurrent).unwrap_or(0);
        let (mut chain, mut visits) = self.around(first);
        // Values relative to a state that is hardly ever visited are sums over very long times, whose differences lose digits.
        let most = (0..visits.len()).max_by(|a, b| visits[*a].total_cmp(&visits[*b])).unwrap_or(0);
        if most != first {
            (chain, visits) = self.around(most);
        }
        let total: f64 = visits.iter().sum();
        visits.iter_mut().for_each(|d| *d /= total);
        // What that state pays is the level from which differences are taken.
        let pay = self.pay();
        let beyond: f64 = visits.iter().zip(&pay).map(|(d, r)| d * (r - pay[most])).sum();
        let mut excess: Vec<f64> = pay.iter().map(|r| (r - pay[most]) - beyond).collect();
        excess[most] = 0.0;
        let mut values = chain.values(&excess);
        let mean: f64 = visits.iter().zip(&values).map(|(d, v)| d * v).sum();
        values.iter_mut().for_each(|v| *v -= mean);
        let response = Response { chain, visits: visits.clone(), ending: Ending::At(most) };
        Solved { gain: pay[most] + beyond, visits, values, response }
    }

    /// With discount γ from the start: J is the sum of γᵗ r.
    #[must_use]
    pub fn discounted(&self, discount: f64) -> Solved {
        let chain = self.ending(discount);
        let values = chain.values(&self.pay());
        let start: Vec<f64> = self.process.start.iter().map(|p| (1.0 - discount) * p).collect();
        let visits = chain.visits(&start);
        let gain = self.process.start.iter().zip(&values).map(|(p, v)| p * v).sum();
        let response = Response { chain, visits: visits.clone(), ending: Ending::Discounted(discount) };
        Solved { gain, visits, values, response }
    }
}
