//! A path from elsewhere: the points that somebody else's optimizer has left in a file, one a step.
//!
//! Computes nothing: each step leads to the next recorded point.

use std::sync::Arc;

use super::{Motion, Optimizer, OptimizerInfo, no_conflict, no_needs};
use crate::problem::{Failure, Local};
use crate::registry::{Field, Kind, Preset};

const TRACE: Field = Field {
    name: "trace",
    kind: Kind::Path,
    default: Preset::Required,
    doc: "the points, { csv = .. } with a column for every canonical parameter and a row a step",
    synonyms: &["path", "points", "file", "csv"],
};

/// The registry row.
pub const INFO: OptimizerInfo = OptimizerInfo {
    name: "recorded",
    synonyms: &["replay", "trace", "csv", "external"],
    doc: "a path from elsewhere, point by point, whatever `[start]` and `[run] steps` say",
    equation: "x ← the next recorded point",
    source: "a CSV file",
    fields: &[TRACE],
    rate: None,
    damping: None,
    bounds: None,
    capped: false,
    natural: |_| false,
    flows: |_| false,
    path: Some(&TRACE),
    conflict: no_conflict,
    needs: no_needs,
    build: |settings, _| {
        let (names, points) = settings.table(&TRACE);
        Box::new(Recorded { width: names.len().max(1), points, step: 0 })
    },
};

#[derive(Debug, Clone)]
struct Recorded {
    /// Points by their canonical parameters, one after the other.
    points: Arc<[f64]>,
    width: usize,
    step: usize,
}

impl Optimizer for Recorded {
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure> {
        self.step += 1;
        let Some(point) = self.points.chunks_exact(self.width).nth(self.step) else { return Ok(Motion::Finished) };
        next.copy_from_slice(&here.site.problem().locate(point)?);
        Ok(Motion::Placed)
    }

    fn fork(&self) -> Box<dyn Optimizer> {
        Box::new(self.clone())
    }
}
