//! Quantities of a row by name, and the steps at which they fall below a tolerance.
//!
//! The geometry of a whole path is handled by `path`.

use crate::geometry::distance;
use crate::math::Vec2;
use crate::race::World;
use crate::race::{Row, Trace};

/// A quantity of a scenario's rows.
#[derive(Debug)]
pub struct Quantity<'a> {
    world: &'a World,
    kind: Kind,
    optimum: Option<Vec2>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Loss,
    /// The loss above this value.
    Excess(f64),
    Kl,
    Distance,
    GradNorm,
    NaturalNorm,
    EuclidStep,
    FisherStep,
    KlStep,
    Parameter(usize),
}

impl<'a> Quantity<'a> {
    /// The quantity of that name: one of the measures' choices or a canonical parameter. `None` if it is neither.
    #[must_use]
    pub fn new(world: &'a World, name: &str) -> Option<Self> {
        let optimum = world.objective.optimum();
        let kind = match name {
            "loss" => Kind::Loss,
            "excess" => Kind::Excess(optimum.map_or(f64::NAN, |p| world.objective.value(p))),
            "kl" => Kind::Kl,
            "distance" => Kind::Distance,
            "grad-norm" => Kind::GradNorm,
            "natural-norm" => Kind::NaturalNorm,
            "euclid-step" => Kind::EuclidStep,
            "fisher-step" => Kind::FisherStep,
            "kl-step" => Kind::KlStep,
            _ => Kind::Parameter(world.family.info().parameters.iter().position(|known| *known == name)?),
        };
        Some(Self { world, kind, optimum })
    }

    /// Its value in a row; NaN if it has none.
    #[must_use]
    pub fn of(&self, row: &Row) -> f64 {
        let family = &*self.world.family;
        // A row that ended its optimizer has no point.
        let optimum = self.optimum.filter(|_| row.parameters[0].is_finite());
        match self.kind {
            Kind::Loss => row.loss,
            Kind::Excess(least) => row.loss - least,
            Kind::Kl => optimum.map_or(f64::NAN, |q| family.kl(q, row.p())),
            Kind::Distance => optimum.and_then(|q| distance(family, row.p(), q)).unwrap_or(f64::NAN),
            Kind::GradNorm => row.grad_norm,
            Kind::NaturalNorm => row.natural_norm,
            Kind::EuclidStep => row.euclid_step,
            Kind::FisherStep => row.fisher_step,
            Kind::KlStep => row.kl_step,
            Kind::Parameter(place) => row.parameters[place],
        }
    }

    /// The first step from which it stays below `tolerance` to the trace's end; `None` if it does not, or if the
    /// optimizer ended early.
    #[must_use]
    pub fn settles(&self, trace: &Trace, tolerance: f64) -> Option<usize> {
        // NaN does not count as below.
        let above = trace.rows.iter().rposition(|row| self.of(&row).is_nan() || self.of(&row) >= tolerance);
        above.map_or(Some(0), |step| (step + 1 < trace.rows.len()).then_some(step + 1))
    }

    /// The first step at which it is below `tolerance`; `None` if there is no such step.
    #[must_use]
    pub fn reaches(&self, trace: &Trace, tolerance: f64) -> Option<usize> {
        trace.rows.iter().position(|row| self.of(&row) < tolerance)
    }

    /// As [`Quantity::settles`], in fractions of a step: where its logarithm, interpolated linearly, crosses the
    /// tolerance.
    #[must_use]
    pub fn crosses(&self, trace: &Trace, tolerance: f64) -> Option<f64> {
        let step = self.settles(trace, tolerance)?;
        let Some(before) = step.checked_sub(1) else { return Some(0.0) };
        let [high, low] = [before, step].map(|step| self.of(&trace.rows.at(step)).max(f64::MIN_POSITIVE).ln());
        let share = (high - tolerance.ln()) / (high - low);
        Some(before as f64 + if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 })
    }
}
