//! What libraries take for an optimizer's defaults: `as = "spinning-up"`.
//!
//! Each row was read from the library's source. What it does that no field expresses stands in the row as a sentence: the
//! same name stands for different algorithms.

use std::sync::LazyLock;

use super::{OptimizerInfo, ppo, trpo};
use crate::registry::{Field, Kind, Preset, Settings};

/// A row of [`PRESETS`].
#[derive(Debug)]
pub struct Library {
    /// The name in scenario files.
    pub name: &'static str,
    /// The optimizer.
    pub kind: &'static OptimizerInfo,
    /// The fields with the library's values; all others keep their defaults.
    pub values: &'static [(&'static str, Preset)],
    /// The file of the library.
    pub source: &'static str,
    /// What it does that no field expresses.
    pub beyond: &'static str,
}

/// The key that names a preset.
const AS: &str = "as";
const AS_DOC: &str = "sets other defaults: those of a library (`list presets`); what is given by hand wins";
const AS_SYNONYMS: &[&str] = &["preset", "like", "library"];

const fn number(value: f64) -> Preset {
    Preset::Number(value)
}

const fn whole(value: u64) -> Preset {
    Preset::Integer(value)
}

const fn word(value: &'static str) -> Preset {
    Preset::Choice(value)
}

/// Every preset, in the order of lists.
pub const PRESETS: &[Library] = &[
    Library {
        name: "spinning-up",
        kind: &trpo::INFO,
        values: &[
            ("delta", number(0.01)),
            ("damping", number(0.1)),
            ("cg-iterations", whole(10)),
            ("cg-tolerance", number(0.0)),
            ("backtrack", number(0.8)),
            ("backtracks", whole(10)),
        ],
        source: "spinup/algos/tf1/trpo/trpo.py, core.py",
        beyond: "adds 1e-8 to both denominators, accepts a loss that is equal, divides A by its population sd, and takes KL(new ‖ old) of Gaussian policies",
    },
    Library {
        name: "sb3",
        kind: &trpo::INFO,
        values: &[
            ("delta", number(0.01)),
            ("damping", number(0.1)),
            ("cg-iterations", whole(15)),
            ("cg-tolerance", number(1e-5)),
            ("backtrack", number(0.8)),
            ("backtracks", whole(10)),
        ],
        source: "sb3_contrib/trpo/trpo.py, common/utils.py",
        beyond: "stops conjugate gradient at |r|² < 1e-10 whatever |g| is and starts it at a random point, divides A by its Bessel sd + 1e-8, and takes KL(new ‖ old)",
    },
    Library {
        name: "spinning-up",
        kind: &ppo::INFO,
        values: &[
            ("lr", number(3e-4)),
            ("clip", number(0.2)),
            ("epochs", whole(80)),
            ("target-kl", number(0.01)),
            ("normalise", word("population")),
            ("normalise-eps", number(1e-30)),
            ("eps", number(1e-8)),
        ],
        source: "spinup/algos/pytorch/ppo/ppo.py",
        beyond: "adds nothing to the sd, and estimates the KL of target-kl by the batch's mean of −ln ρ",
    },
    Library {
        name: "sb3",
        kind: &ppo::INFO,
        values: &[
            ("lr", number(3e-4)),
            ("clip", number(0.2)),
            ("epochs", whole(10)),
            ("normalise", word("bessel")),
            ("normalise-eps", number(1e-8)),
            ("eps", number(1e-5)),
        ],
        source: "stable_baselines3/ppo/ppo.py",
        beyond: "cuts each epoch into minibatches of 64 and normalises A in each, clips the gradient's norm at 0.5, and would estimate the KL of a target-kl by the mean of ρ − 1 − ln ρ",
    },
    Library {
        name: "cleanrl",
        kind: &ppo::INFO,
        values: &[
            ("lr", number(2.5e-4)),
            ("clip", number(0.2)),
            ("epochs", whole(4)),
            ("normalise", word("bessel")),
            ("normalise-eps", number(1e-8)),
            ("eps", number(1e-5)),
        ],
        source: "cleanrl/ppo.py",
        beyond: "anneals lr linearly to 0, cuts each epoch into 4 minibatches and normalises A in each, adds 0.01 of the entropy, clips the gradient's norm at 0.5, and would test a target-kl after the epoch, without the factor 1.5",
    },
    Library {
        name: "trl",
        kind: &ppo::INFO,
        values: &[
            ("lr", number(1e-6)),
            ("clip", number(0.2)),
            ("epochs", whole(1)),
            ("normalise", word("bessel")),
            ("normalise-eps", number(1e-4)),
            ("eps", number(1e-8)),
        ],
        source: "trl/trainer/grpo_config.py, grpo_trainer.py",
        beyond: "is GRPO: one state is a prompt, a batch its group of 8 answers; with one epoch ρ = 1 and no clip is ever active; anneals lr linearly, clips the gradient's norm at 1, and weights tokens, which a bandit does not have",
    },
];

impl OptimizerInfo {
    /// The presets of this optimizer.
    pub fn presets(&self) -> impl Iterator<Item = &'static Library> {
        PRESETS.iter().filter(move |row| row.kind == self)
    }

    /// The key that names one of them; `None` if it has none.
    #[must_use]
    pub fn preset_field(&self) -> Option<Field> {
        // The words of a choice live as long as the program: one list for every optimizer that has any.
        static WORDS: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
            let names = |info: &OptimizerInfo| info.presets().map(|row| row.name).collect();
            super::OPTIMIZERS.iter().map(|info| (info.name, names(info))).collect()
        });
        let words = &WORDS.iter().find(|(name, words)| *name == self.name && !words.is_empty())?.1;
        Some(Field::new(AS, Kind::Choice(words), Preset::Unset, AS_DOC).or(AS_SYNONYMS))
    }

    /// The defaults of its fields, in the manner of the preset of that name if it has one.
    #[must_use]
    pub fn defaults(&self, preset: &str) -> Settings {
        let mut settings = Settings::defaults(self.fields);
        for (name, value) in self.presets().filter(|row| row.name == preset).flat_map(|row| row.values) {
            if let (Some(field), Some(value)) = (self.fields.iter().find(|field| field.name == *name), value.setting())
            {
                settings.set(field, value);
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Setting;

    #[test]
    fn every_value_is_one_of_its_field_and_no_preset_contradicts_itself() {
        for row in PRESETS {
            for (name, value) in row.values {
                let field = row.kind.fields.iter().find(|field| field.name == *name);
                let field = field.unwrap_or_else(|| panic!("{} has no {name}", row.kind.name));
                let text = value.setting().expect("a value").to_string();
                assert_eq!(
                    field.read(&text).ok(),
                    value.setting(),
                    "{} of {}: {name} = {text}",
                    row.name,
                    row.kind.name
                );
            }
            assert_eq!((row.kind.conflict)(&row.kind.defaults(row.name)), None, "{}", row.name);
            assert_eq!(row.kind.presets().filter(|other| other.name == row.name).count(), 1, "{}", row.name);
        }
        assert_eq!(trpo::INFO.defaults("sb3").get(&trpo::INFO.fields[1]), Some(Setting::Number(0.1)));
        assert_eq!(trpo::INFO.defaults("trl"), Settings::defaults(trpo::INFO.fields));
    }
}
