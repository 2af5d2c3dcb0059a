//! Every number of a recorded step, once: its name, its column, where it is offered, and how it is read.
//!
//! Formats, measures and panes choose from the table by its properties and know no quantity by name. What is recorded is
//! the race's business.

/// A step as it was recorded.
///
/// Numbers that a step does not have are NaN.
pub trait Recorded {
    /// The full loss.
    fn loss(&self) -> f64;
    /// |g| of the full gradient in the optimizer's chart.
    fn grad_norm(&self) -> f64;
    /// √(gᵀF⁻¹g).
    fn natural_norm(&self) -> f64;
    /// |Δx|.
    fn euclid_step(&self) -> f64;
    /// √(Δxᵀ F Δx).
    fn fisher_step(&self) -> f64;
    /// KL(old ‖ new), nats.
    fn kl_step(&self) -> f64;
    /// The loss at the optimum.
    fn least(&self) -> f64;
    /// KL(optimum ‖ p), nats.
    fn kl_from_optimum(&self) -> f64;
    /// KL(p ‖ optimum), nats.
    fn kl_to_optimum(&self) -> f64;
    /// The Fisher-Rao distance to the optimum.
    fn distance(&self) -> f64;
    /// 1 for a policy that has settled on a wrong action, 0 for any other.
    fn wrong(&self) -> f64;
}

/// A row of [`QUANTITIES`].
#[derive(Debug)]
pub struct QuantityInfo {
    /// The name in scenario files.
    pub name: &'static str,
    /// The column in traces; `None` if it is computed from a row and not written.
    pub column: Option<&'static str>,
    /// What panes call it.
    pub label: &'static str,
    /// Over a column of a table, at most seven characters.
    pub heading: &'static str,
    /// The unit; `None` for a plain number.
    pub unit: Option<&'static str>,
    /// One line of documentation.
    pub doc: &'static str,
    /// Whether measures may ask for it.
    pub measured: bool,
    /// Whether the trace pane offers it.
    pub drawn: Drawn,
    /// Whether a value may need a search for a geodesic.
    pub searched: bool,
    /// Its value at a step; NaN if it has none.
    pub of: fn(&dyn Recorded) -> f64,
}

/// Whether and how the trace pane offers a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Not at all.
    No,
    /// As it is.
    Plain,
    /// Above its least value where that is known, else as it is.
    AboveLeast,
    /// As it is, if distances between points have a closed form.
    WithDistances,
    /// As it is, if they have none.
    WithoutDistances,
}

impl PartialEq for QuantityInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

const fn recorded(
    names: [&'static str; 4],
    unit: Option<&'static str>,
    doc: &'static str,
    drawn: Drawn,
    of: fn(&dyn Recorded) -> f64,
) -> QuantityInfo {
    let [name, column, label, heading] = names;
    QuantityInfo { name, column: Some(column), label, heading, unit, doc, measured: true, drawn, searched: false, of }
}

/// Every quantity; those with a column first and in the order of the columns.
pub const QUANTITIES: [QuantityInfo; 11] = [
    recorded(["loss", "loss", "loss", "loss"], None, "the full objective", Drawn::AboveLeast, |step| step.loss()),
    recorded(
        ["grad-norm", "grad_norm", "gradient", "|∇L|"],
        None,
        "|g| of the full gradient in the optimizer's chart",
        Drawn::Plain,
        |step| step.grad_norm(),
    ),
    recorded(
        ["natural-norm", "natural_norm", "natural norm", "natural"],
        None,
        "√(gᵀF⁻¹g), the same in every chart",
        Drawn::No,
        |step| step.natural_norm(),
    ),
    recorded(
        ["euclid-step", "euclid_step", "step", "|Δx|"],
        None,
        "|Δx| of the step in the optimizer's chart",
        Drawn::No,
        |step| step.euclid_step(),
    ),
    recorded(
        ["fisher-step", "fisher_step", "Fisher step", "Fisher"],
        None,
        "√(Δxᵀ F Δx) of the step, F at the old point",
        Drawn::Plain,
        |step| step.fisher_step(),
    ),
    recorded(
        ["kl-step", "kl_step", "KL step", "KL step"],
        Some("nats"),
        "KL(old ‖ new) of the step",
        Drawn::Plain,
        |step| step.kl_step(),
    ),
    QuantityInfo {
        name: "excess",
        column: None,
        label: "loss above the optimum",
        heading: "excess",
        unit: None,
        doc: "the loss less that of the optimum",
        measured: true,
        drawn: Drawn::No,
        searched: false,
        of: |step| step.loss() - step.least(),
    },
    QuantityInfo {
        name: "kl",
        column: None,
        label: "KL",
        heading: "KL",
        unit: Some("nats"),
        doc: "KL(optimum ‖ p)",
        measured: true,
        drawn: Drawn::No,
        searched: false,
        of: |step| step.kl_from_optimum(),
    },
    QuantityInfo {
        name: "distance",
        column: None,
        label: "Fisher-Rao distance to the optimum",
        heading: "to opt.",
        unit: None,
        doc: "the Fisher-Rao distance to the optimum",
        measured: true,
        drawn: Drawn::WithDistances,
        searched: true,
        of: |step| step.distance(),
    },
    QuantityInfo {
        name: "root-kl",
        column: None,
        label: "√(2 KL) to the optimum",
        heading: "√(2 KL)",
        unit: None,
        doc: "√(2 KL(p ‖ optimum)), close to the distance nearby",
        measured: false,
        drawn: Drawn::WithoutDistances,
        searched: false,
        of: |step| {
            let square = 2.0 * step.kl_to_optimum();
            if square < 0.0 { 0.0 } else { square.sqrt() }
        },
    },
    QuantityInfo {
        name: "wrong",
        column: None,
        label: "settled on a wrong action",
        heading: "wrong",
        unit: None,
        doc: "1 for a policy one of whose states gives more than 0.99 to an action that is not optimal there, else 0",
        measured: true,
        drawn: Drawn::No,
        searched: false,
        of: |step| step.wrong(),
    },
];

/// The loss.
pub const LOSS: &QuantityInfo = &QUANTITIES[0];
/// The loss less that of the optimum.
pub const EXCESS: &QuantityInfo = &QUANTITIES[6];
/// KL(optimum ‖ p).
pub const KL: &QuantityInfo = &QUANTITIES[7];
/// √(gᵀF⁻¹g).
pub const NATURAL_NORM: &QuantityInfo = &QUANTITIES[2];
/// |g|.
pub const GRAD_NORM: &QuantityInfo = &QUANTITIES[1];
/// The Fisher length of a step.
pub const FISHER_STEP: &QuantityInfo = &QUANTITIES[4];
/// The KL of a step.
pub const KL_STEP: &QuantityInfo = &QUANTITIES[5];

/// How far a point is from the optimum, in a number that a picture can ask for at every step.
#[must_use]
pub fn to_optimum(distances: bool) -> &'static QuantityInfo {
    let wanted = if distances { Drawn::WithDistances } else { Drawn::WithoutDistances };
    QUANTITIES.iter().find(|info| info.drawn == wanted).unwrap_or(LOSS)
}

/// The row of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static QuantityInfo> {
    QUANTITIES.iter().find(|info| info.name == name || info.column == Some(name))
}

/// The names of the quantities that measures may ask for.
pub const MEASURED: &[&str] = &measured();

const fn measured() -> [&'static str; 10] {
    let (mut names, mut from, mut to) = ([""; 10], 0, 0);
    while from < QUANTITIES.len() {
        if QUANTITIES[from].measured {
            names[to] = QUANTITIES[from].name;
            to += 1;
        }
        from += 1;
    }
    names
}

/// The quantities with a column in traces, in the order of the columns.
pub fn columns() -> impl Iterator<Item = (&'static str, &'static QuantityInfo)> {
    QUANTITIES.iter().filter_map(|info| Some((info.column?, info)))
}

/// The quantities that the trace pane offers for a problem, in order.
pub fn drawn(distances: bool) -> impl Iterator<Item = &'static QuantityInfo> {
    QUANTITIES.iter().filter(move |info| match info.drawn {
        Drawn::No => false,
        Drawn::Plain | Drawn::AboveLeast => true,
        Drawn::WithDistances => distances,
        Drawn::WithoutDistances => !distances,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_names_of_their_own_and_columns_come_first() {
        for (i, info) in QUANTITIES.iter().enumerate() {
            assert!(QUANTITIES.iter().skip(i + 1).all(|other| other.name != info.name), "{} twice", info.name);
            assert!(!info.doc.is_empty() && !info.label.is_empty(), "{}", info.name);
        }
        let written: Vec<&str> = columns().map(|(column, _)| column).collect();
        // The columns of `run --format csv` between status and parameters.
        assert_eq!(written, ["loss", "grad_norm", "natural_norm", "euclid_step", "fisher_step", "kl_step"]);
        let first = QUANTITIES.iter().take_while(|info| info.column.is_some()).count();
        assert_eq!(first, written.len());
        assert!(MEASURED.iter().all(|name| find(name).is_some_and(|info| info.measured)), "{MEASURED:?}");
        for distances in [true, false] {
            assert_eq!(drawn(distances).count(), 5);
        }
    }
}
