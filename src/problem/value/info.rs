//! The forms of value functions, as scenarios name them, and how a scenario's settings become one.

use std::sync::Arc;

use nalgebra::DMatrix;

use super::LinearValue;
use crate::math::linear::eliminate;
use crate::problem::Capability;
use crate::problem::policy::Coordinates;
use crate::problem::policy::info::{FEATURES as OF_PAIRS, matrix};
use crate::problem::process::{Fault, Finite, Process};
use crate::registry::{Field, File, Kind, Known, Preset, Settings, Spot};

/// A row of [`VALUES`].
#[derive(Debug)]
pub struct ValueInfo {
    /// The name in scenario files.
    pub name: &'static str,
    /// Its names in other programs.
    pub synonyms: &'static [&'static str],
    /// One line of documentation.
    pub doc: &'static str,
    /// The value as a formula.
    pub formula: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// The value function in a process, or what is wrong with the settings; a fault in no field is named "".
    pub build: fn(&Settings, &Process) -> Result<LinearValue, Fault>,
    /// One of each form, with the field that makes it one ("" for none), from which the row's charts are read.
    pub examples: fn() -> Vec<(&'static str, LinearValue)>,
}

impl ValueInfo {
    /// Every chart that the row's value functions may have, each with the field that it needs ("" for none), each once.
    #[must_use]
    pub fn charts(&self) -> Vec<(&'static str, &'static Coordinates)> {
        let mut all: Vec<(&'static str, &'static Coordinates)> = Vec::new();
        for (field, value) in (self.examples)() {
            for chart in value.charts() {
                if !all.iter().any(|(_, known)| known.name == chart.name) {
                    all.push((field, chart));
                }
            }
        }
        all
    }
}

/// Rows are compared by name, which is unique.
impl PartialEq for ValueInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl From<&'static ValueInfo> for Known<'static> {
    fn from(info: &'static ValueInfo) -> Self {
        Self::with(info.name, info.synonyms)
    }
}

const FEATURES: Field = Field {
    kind: Kind::Nested(2, File::Rows),
    default: Preset::Required,
    doc: "a row for every state: its value is features · weights",
    ..OF_PAIRS
};
const MIXING: Field = Field::new(
    "mixing",
    Kind::Nested(2, File::No),
    Preset::Unset,
    "a regular square matrix M: weights = M · v, and v are the coordinates of the chart `mixed`",
);

/// Every form of value function, in the order of lists.
pub const VALUES: &[&ValueInfo] = &[&LINEAR];

/// Values linear in features of the state.
pub const LINEAR: ValueInfo = ValueInfo {
    name: "linear",
    synonyms: &["linear-value", "lstd"],
    doc: "values linear in `features` of the state; in a table process of one action",
    formula: "V(s) = features(s) · weights",
    fields: &[FEATURES, MIXING],
    build,
    examples: || {
        let value = |mixing| LinearValue {
            width: 1,
            features: [1.0].into(),
            mixing,
            process: Arc::new(Finite { bandit: false, ..Finite::arms(1) }),
        };
        vec![("", value(None)), (MIXING.name, value(Some([1.0].into())))]
    },
};

fn build(settings: &Settings, process: &Process) -> Result<LinearValue, Fault> {
    let process = match process.finite() {
        Some(process) if !process.bandit && process.actions.len() == 1 => process,
        Some(process) => {
            let message = format!(
                "a value function is that of one action in every state, and this process has {} actions",
                process.actions.len()
            );
            return Err(Fault::of("", message, "help: write [process] kind = \"table\" with one action, or a policy"));
        }
        None => {
            let message = "a value function needs finitely many states and one action";
            return Err(Fault::of("", message, "help: write [process] kind = \"table\" with one action"));
        }
    };
    let rows = (process.states.len(), "state");
    let (width, features) = matrix(settings, &FEATURES, rows)?.unwrap_or_default();
    let mixing = matrix(settings, &MIXING, (width, "feature"))?;
    if let Some((columns, entries)) = &mixing {
        let name = MIXING.name;
        if *columns != width {
            let message = format!("the rows of `{name}` have {columns} numbers, not {width}: it must be square");
            return Err(Fault::of(name, message, "help: write as many rows and columns as there are features")
                .at(Spot::Item(vec![0])));
        }
        let square = DMatrix::from_row_slice(width, width, entries);
        let (ones, mut x) = (vec![1.0; width], vec![0.0; width]);
        if eliminate(square, 0.0, &ones, &mut x).is_err() {
            let message = format!("`{name}` is singular: it has no inverse");
            return Err(Fault::of(name, message, "help: make its rows linearly independent"));
        }
    }
    Ok(LinearValue { width, features, mixing: mixing.map(|(_, entries)| entries), process: Arc::new(process.clone()) })
}

impl LinearValue {
    /// What lacks a capability, by name; `None` if the residual of this value function has it.
    #[must_use]
    pub const fn lacks(capability: Capability) -> Option<&'static str> {
        match capability {
            Capability::Hessians => None,
            Capability::Dual
            | Capability::Data
            | Capability::Geodesics
            | Capability::Transport
            | Capability::Rewards
            | Capability::Critic
            | Capability::Process
            | Capability::Scores
            | Capability::Canonical => Some("a value function"),
        }
    }
}
