//! What the picture is made of.

use super::clip::Clips;
use super::plane::Shapes;
use super::tries::{Old, Try};
use crate::plot::Frame;

/// Everything that is drawn.
pub struct Scene<'a> {
    /// The policy in the middle.
    pub old: &'a Old,
    /// Ball and ellipse.
    pub shapes: &'a Shapes,
    /// Their radius.
    pub delta: f64,
    /// The box.
    pub clips: Clips,
    /// The steps that are shown.
    pub tries: &'a [Try],
    /// The racers' labels.
    pub labels: &'a [String],
    /// What is in view.
    pub frame: Frame,
}
