//! A bandit: one state, arms that pay.

use super::finite::names_fault;
use super::{ARMS, Fault, Finite, Process, ProcessInfo};
use crate::registry::{Field, Kind, Preset, Range, Settings, intern};

const REWARDS: Field = Field::new(
    "rewards",
    Kind::Numbers,
    Preset::Required,
    "what each arm pays on average, 2 to 64 numbers: rewards = [1.0, 0.9, 0.1]",
)
.or(&["arms", "means", "payoffs"]);
const NOISE: Field =
    Field::number("noise", 0.0, Range::NON_NEGATIVE, "standard deviation of what is paid, seen by samples only")
        .or(&["sd", "sigma"]);
const ACTIONS: Field =
    Field::new("actions", Kind::Texts(2, ARMS), Preset::Unset, "the names of the arms; default: arm 1, arm 2, …")
        .or(&["names", "labels"]);

/// The registry row.
pub const INFO: ProcessInfo = ProcessInfo {
    name: "bandit",
    synonyms: &["multi-armed-bandit", "k-armed-bandit", "arms"],
    doc: "one state, and arms that pay",
    fields: &[REWARDS, NOISE, ACTIONS],
    build,
};

fn build(settings: &Settings) -> Result<Process, Fault> {
    let rewards = settings.numbers(&REWARDS);
    let arms = rewards.len();
    if !(2..=ARMS).contains(&arms) {
        let message = format!("`rewards` has {arms} numbers: a bandit has 2 to {ARMS} arms");
        return Err(Fault::of(REWARDS.name, message, "help: write a number for each arm"));
    }
    let actions = match settings.get(&ACTIONS) {
        None => (1..=arms).map(|arm| intern(&format!("arm {arm}"))).collect(),
        Some(_) => settings.texts(&ACTIONS).to_vec(),
    };
    names_fault(ACTIONS.name, "actions", &actions)?;
    if actions.len() != arms {
        let message = format!("`actions` names {} arms, `rewards` has {arms}", actions.len());
        return Err(Fault::of(ACTIONS.name, message, "help: name each arm once"));
    }
    Ok(Process::Finite(Finite {
        states: vec![""],
        actions,
        transitions: vec![Vec::new(); arms],
        rewards: rewards.to_vec(),
        start: vec![1.0],
        noise: settings.number(&NOISE),
        bandit: true,
        grid: None,
    }))
}
