//! The forms of policies, as scenarios name them, and how a scenario's settings become one.

use std::sync::Arc;

use super::{Agent, Coordinates, Form};
use crate::problem::process::{Fault, Finite, LinearQuadratic, Process};
use crate::registry::{Field, File, Kind, Known, Nested, Preset, Setting, Settings, Spot};

/// A row of [`POLICIES`].
#[derive(Debug)]
pub struct PolicyInfo {
    /// The name in scenario files.
    pub name: &'static str,
    /// Its names in other programs.
    pub synonyms: &'static [&'static str],
    /// One line of documentation.
    pub doc: &'static str,
    /// The policy as a formula.
    pub formula: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// The form of the policy in a process, or what is wrong with the settings; a fault in no field is named "".
    pub build: fn(&Settings, &Process) -> Result<Form, Fault>,
    /// One of each form, with the field that makes it one ("" for none), from which the row's charts are read.
    pub examples: fn() -> Vec<(&'static str, Agent)>,
}

impl PolicyInfo {
    /// Every chart that the row's policies may have, each with the field that it needs ("" for none).
    #[must_use]
    pub fn charts(&self) -> Vec<(&'static str, &'static Coordinates)> {
        let each = (self.examples)().into_iter();
        each.flat_map(|(field, agent)| agent.charts().iter().map(move |chart| (field, chart))).collect()
    }
}

/// Rows are compared by name, which is unique.
impl PartialEq for PolicyInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl From<&'static PolicyInfo> for Known<'static> {
    fn from(info: &'static PolicyInfo) -> Self {
        Self::with(info.name, info.synonyms)
    }
}

/// Features of pairs.
pub const FEATURES: Field = Field::new(
    "features",
    Kind::Nested(2, File::Rows),
    Preset::Unset,
    "a row for every pair, state by state, in it action by action: the logit of a pair is features · weights",
)
.or(&["phi", "basis"]);

/// The most numbers in a row of features: Fisher matrices of more would be too large.
pub const WIDTH: usize = 1000;

/// Every form of policy, in the order of lists.
pub const POLICIES: &[&PolicyInfo] = &[&SOFTMAX, &LINEAR_GAUSSIAN];

/// Probabilities of finitely many actions.
pub const SOFTMAX: PolicyInfo = PolicyInfo {
    name: "softmax",
    synonyms: &["tabular", "boltzmann", "gibbs", "categorical"],
    doc: "a probability for every action in every state, or logits linear in `features`",
    formula: "π(a|s) = exp(logit(s,a))/Σ exp(logit(s,·))",
    fields: &[FEATURES],
    build: softmax,
    examples: || {
        let agent = |form| Agent { form, process: Arc::new(Process::Finite(Finite::arms(2))) };
        vec![("", agent(Form::Softmax)), (FEATURES.name, agent(Form::Features(1, [0.0, 1.0].into())))]
    },
};

/// Gaussian actions, linear in the state.
pub const LINEAR_GAUSSIAN: PolicyInfo = PolicyInfo {
    name: "linear-gaussian",
    synonyms: &["gaussian", "linear", "lqr"],
    doc: "Gaussian actions whose mean is linear in the state; in the process `linear-quadratic`",
    formula: "u ∼ N(−gain·x, sd²)",
    fields: &[],
    build: linear_gaussian,
    examples: || {
        let system = LinearQuadratic { a: 0.7, b: 1.0, q: 1.0, r: 0.0, noise: 1.0 };
        vec![("", Agent { form: Form::LinearGaussian, process: Arc::new(Process::LinearQuadratic(system)) })]
    },
};

fn softmax(settings: &Settings, process: &Process) -> Result<Form, Fault> {
    let Process::Finite(process) = process else {
        let message = "softmax chooses among finitely many actions, and those of this process are numbers: linear-quadratic takes linear-gaussian";
        return Err(Fault::of("", message, "help: write policy = \"linear-gaussian\""));
    };
    if process.actions.len() < 2 {
        let message = "a policy chooses among actions, and this process has one";
        return Err(Fault::of("", message, "help: give the process a second action, or write value = \"linear\""));
    }
    let rows = (process.pairs(), "pair of a state and an action");
    let features = matrix(settings, &FEATURES, rows)?;
    Ok(features.map_or(Form::Softmax, |(width, features)| Form::Features(width, features)))
}

fn linear_gaussian(_: &Settings, process: &Process) -> Result<Form, Fault> {
    match process {
        Process::LinearQuadratic(_) => Ok(Form::LinearGaussian),
        Process::Finite(_) => {
            let message =
                "linear-gaussian acts in the process linear-quadratic, and the actions of this one are finitely many";
            Err(Fault::of("", message, "help: write policy = \"softmax\", or [process] kind = \"linear-quadratic\""))
        }
    }
}

/// The width and the entries of a matrix with so many rows, row by row; `None` if it is left out.
///
/// # Errors
/// If it has another number of rows, rows of different lengths, or too many columns.
#[expect(clippy::type_complexity, reason = "a width and entries")]
pub fn matrix(
    settings: &Settings,
    field: &Field,
    (rows, noun): (usize, &str),
) -> Result<Option<(usize, Arc<[f64]>)>, Fault> {
    let Some(Setting::Nested(lists)) = settings.get(field) else { return Ok(None) };
    let name = field.name;
    let lists = lists.list().unwrap_or_default();
    if lists.len() != rows {
        let message = format!("`{name}` has {} rows, not {rows}: one for each {noun}", lists.len());
        return Err(Fault::of(name, message, format!("help: write {rows} rows")));
    }
    let width = lists.first().and_then(Nested::list).map_or(0, <[Nested]>::len);
    if !(1..=WIDTH).contains(&width) {
        let message = format!("the rows of `{name}` have {width} numbers: 1 to {WIDTH} are allowed");
        return Err(Fault::of(name, message, "help: write a number for each feature"));
    }
    let mut entries = Vec::with_capacity(rows * width);
    for (row, list) in lists.iter().enumerate() {
        let numbers = list.numbers().unwrap_or_default();
        if numbers.len() != width {
            let message = format!("row {} of `{name}` has {} numbers, the first has {width}", row + 1, numbers.len());
            return Err(Fault::of(name, message, "help: make all rows equally long").at(Spot::Item(vec![row])));
        }
        entries.extend(numbers);
    }
    Ok(Some((width, entries.into())))
}
