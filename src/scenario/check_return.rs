//! What the fields of a return say together, and what goes with which process.

use super::Goal;
use super::check_nested::distribution;
use super::reader::Section;
use crate::objective::BATCH;
use crate::objective::returns::{
    AVERAGE, BASELINE, BETA, CRITERION, DISCOUNT, DISCOUNTED, EPISODES, HORIZON, REFERENCE, REGULARISER,
};
use crate::problem::policy::{Agent, Return, Samples};
use crate::problem::process::{Finite, Process};
use crate::registry::{Field, Settings};

/// A linear solve of n unknowns takes as long as n³ over so many densities.
const SOLVE: usize = 40;

/// The return of a scenario.
pub(super) fn goal(agent: &Agent, goal: &Goal) -> Return {
    Return::of(&goal.settings, agent.process.finite().is_some_and(|process| process.bandit))
}

/// What a step costs, in densities.
pub(super) fn densities(agent: &Agent, objective: &Goal) -> usize {
    let draws = match goal(agent, objective).samples {
        Some(Samples::Batch(batch)) => batch,
        Some(Samples::Episodes(episodes, horizon)) => episodes.saturating_mul(horizon),
        None => 0,
    };
    let solve = agent.process.finite().map_or(1, |process| process.states.len().pow(3) / SOLVE + process.pairs());
    draws.saturating_add(solve)
}

/// Whether the settings of a return fit together and the process; what does not is reported.
pub(super) fn holds(section: &Section<'_>, settings: &Settings, agent: &Agent) -> bool {
    let (bandit, finite) = match &*agent.process {
        Process::Finite(process) => (process.bandit, Some(process)),
        Process::LinearQuadratic(_) => (false, None),
    };
    let checks = [
        criterion(section, settings, bandit, finite),
        reference(section, settings, finite.filter(|_| bandit)),
        samples(section, settings, bandit),
    ];
    checks.iter().all(|held| *held)
}

/// Reports a key that has no business here. Returns whether there was none.
fn absent(section: &Section<'_>, field: &Field, why: &str, help: &str) -> bool {
    let entry = section.get(field.name);
    if let Some(entry) = &entry {
        entry.report(format!("`{}` {why}", field.name), Some(format!("help: {help}")));
    }
    entry.is_none()
}

fn criterion(section: &Section<'_>, settings: &Settings, bandit: bool, finite: Option<&Finite>) -> bool {
    let remove = "remove it";
    if bandit {
        let none =
            |field: &Field| absent(section, field, "has no meaning for a bandit: there is one time only", remove);
        return none(&CRITERION) & none(&DISCOUNT);
    }
    let Some(entry) =
        section.need(CRITERION.name, "write criterion = \"average\", or criterion = \"discounted\" with a discount")
    else {
        return false;
    };
    if settings.choice(&CRITERION) == DISCOUNTED {
        if finite.is_none() {
            let help = format!("help: write criterion = \"{AVERAGE}\"");
            entry.report(format!("this process takes the criterion {AVERAGE} only"), Some(help));
            return false;
        }
        let wanted = "write the weight of a reward one step later: discount = 0.95";
        return section.need(DISCOUNT.name, wanted).is_some();
    }
    let several = finite.is_some_and(|process| process.recurrent().is_none());
    if several {
        let message = "the process has several classes of states that it never leaves, so that its stationary distribution is not unique";
        entry.report(message, Some(format!("help: write criterion = \"{DISCOUNTED}\", or connect them")));
    }
    let only = format!("applies only to the criterion {DISCOUNTED}");
    let single = absent(section, &DISCOUNT, &only, remove);
    single && !several
}

fn reference(section: &Section<'_>, settings: &Settings, bandit: Option<&Finite>) -> bool {
    let Some(entry) = section.get(REFERENCE.name) else {
        let none = |field: &Field| {
            absent(section, field, &format!("applies only with `{}`", REFERENCE.name), "give a reference, or remove it")
        };
        return none(&BETA) & none(&REGULARISER);
    };
    let Some(process) = bandit else {
        return absent(section, &REFERENCE, "is for bandits", "remove it");
    };
    let beta = section.need(BETA.name, "write the price of leaving the reference: beta = 0.1");
    let rows = !entry.is_table() || settings.numbers(&REFERENCE).len() == process.actions.len();
    let right = if rows { distribution(&entry, process.actions.len()).is_some() } else { false };
    right && beta.is_some()
}

fn samples(section: &Section<'_>, settings: &Settings, bandit: bool) -> bool {
    let (batch, episodes) = (section.get(BATCH.name), section.get(EPISODES.name));
    if let (Some(_), Some(episodes)) = (&batch, &episodes) {
        let message = format!("`{}` and `{}` exclude each other", BATCH.name, EPISODES.name);
        episodes.report(message, Some("help: keep one of them".to_owned()));
        return false;
    }
    let mut held = true;
    if let Some(episodes) = &episodes {
        if bandit || settings.choice(&CRITERION) == AVERAGE {
            let help = if bandit {
                format!("help: write `{}`", BATCH.name)
            } else {
                format!("help: write criterion = \"{DISCOUNTED}\", or `{}`", BATCH.name)
            };
            episodes.report(format!("`{}` needs the criterion {DISCOUNTED}", EPISODES.name), Some(help));
            held = false;
        }
        if section.get(HORIZON.name).is_none() && !section.misspelt(HORIZON.name) {
            let help = "help: write the moves of an episode: horizon = 20".to_owned();
            episodes.report(format!("`{}` needs a `{}`", EPISODES.name, HORIZON.name), Some(help));
            held = false;
        }
    } else {
        let only = format!("applies only with `{}`", EPISODES.name);
        held &= absent(section, &HORIZON, &only, "remove it");
    }
    if batch.is_none() && episodes.is_none() {
        let only = "is subtracted from sampled returns, and here they are exact";
        held &= absent(section, &BASELINE, only, "remove it, or give a `batch` or `episodes`");
    }
    held
}
