//! The KL divergence from or to a fixed target distribution of the family.
//!
//! The divergence and its derivatives are the family's; this module makes them a loss with an optimum.

use std::sync::Arc;

use super::{Objective, ObjectiveInfo, Of};
use crate::family::Family;
use crate::math::{Mat2, Vec2};
use crate::registry::{Field, Kind, Preset, Settings};

const TARGET: Field = Field {
    name: "target",
    kind: Kind::Point,
    default: Preset::Required,
    doc: "the target distribution: target = { … }",
    synonyms: &["goal", "to"],
};

/// KL(target ‖ p), which maximum likelihood minimises up to a constant.
pub const FORWARD: ObjectiveInfo = ObjectiveInfo {
    name: "forward-kl",
    synonyms: &["kl", "kl-divergence", "kullback-leibler", "inclusive-kl", "relative-entropy"],
    doc: "the divergence of p from a target, averaged over the target",
    formula: "KL(target ‖ p)",
    unit: Some("nats"),
    fields: &[TARGET],
    unrewarded: |_| Some("forward-kl"),
    conflict: |_| None,
    of: Of::Family {
        densities: |_, _| 0,
        build: |settings, family, _| Divergence::of(settings, family, Direction::Forward),
    },
};

/// KL(p ‖ target), which variational inference minimises.
pub const REVERSE: ObjectiveInfo = ObjectiveInfo {
    name: "reverse-kl",
    synonyms: &["exclusive-kl", "backward-kl"],
    doc: "the divergence of p from a target, averaged over p",
    formula: "KL(p ‖ target)",
    unit: Some("nats"),
    fields: &[TARGET],
    unrewarded: |_| Some("reverse-kl"),
    conflict: |_| None,
    of: Of::Family {
        densities: |_, _| 0,
        build: |settings, family, _| Divergence::of(settings, family, Direction::Reverse),
    },
};

/// Which argument of KL the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// KL(target ‖ p).
    Forward,
    /// KL(p ‖ target).
    Reverse,
}

/// The divergence between p and a target, as a loss in nats.
#[derive(Debug)]
pub struct Divergence {
    family: Arc<dyn Family>,
    target: Vec2,
    direction: Direction,
}

impl Divergence {
    /// The divergence from or to `target`, a point of `family` in canonical parameters.
    #[must_use]
    pub fn new(family: Arc<dyn Family>, target: Vec2, direction: Direction) -> Self {
        Self { family, target, direction }
    }

    fn of(settings: &Settings, family: &Arc<dyn Family>, direction: Direction) -> Arc<dyn Objective> {
        Arc::new(Self::new(Arc::clone(family), settings.point(&TARGET).into(), direction))
    }
}

impl Objective for Divergence {
    fn info(&self) -> &'static ObjectiveInfo {
        match self.direction {
            Direction::Forward => &FORWARD,
            Direction::Reverse => &REVERSE,
        }
    }

    fn value(&self, p: Vec2) -> f64 {
        match self.direction {
            Direction::Forward => self.family.kl(self.target, p),
            Direction::Reverse => self.family.kl(p, self.target),
        }
    }

    fn values(&self, points: &[Vec2], out: &mut [f64]) {
        match self.direction {
            Direction::Forward => self.family.kl_from(self.target, points, out),
            Direction::Reverse => self.family.kl_to(points, self.target, out),
        }
    }

    fn cheap(&self) -> bool {
        self.family.cheap()
    }

    fn gradient(&self, p: Vec2) -> Vec2 {
        match self.direction {
            Direction::Forward => self.family.kl_gradient_second(self.target, p),
            Direction::Reverse => self.family.kl_gradient_first(p, self.target),
        }
    }

    fn hessian(&self, p: Vec2) -> Mat2 {
        match self.direction {
            Direction::Forward => self.family.kl_hessian_second(self.target, p),
            Direction::Reverse => self.family.kl_hessian_first(p, self.target),
        }
    }

    fn optimum(&self) -> Option<Vec2> {
        Some(self.target)
    }

    fn target(&self) -> Option<Vec2> {
        Some(self.target)
    }
}
