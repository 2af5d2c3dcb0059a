//! The names that scenario files give to panes and overlays.
//!
//! Drawing them is the view's business; this is the table that files, keys, help and lists read.

/// A pane of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The loss over two coordinates, with the paths.
    Landscape,
    /// Fisher ellipse, exact KL ball and next steps at one point.
    Ellipses,
    /// A quantity by step.
    Traces,
    /// The densities.
    Density,
    /// The table of racers.
    Racers,
    /// The chosen racer's next step with its numbers.
    Numbers,
}

impl Pane {
    /// Every pane, in the order of Tab.
    pub const ALL: [Self; 6] =
        [Self::Landscape, Self::Ellipses, Self::Traces, Self::Density, Self::Racers, Self::Numbers];

    /// The name in scenario files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Landscape => "landscape",
            Self::Ellipses => "ellipses",
            Self::Traces => "traces",
            Self::Density => "density",
            Self::Racers => "racers",
            Self::Numbers => "numbers",
        }
    }
}

/// Something drawn over the landscape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Overlay {
    /// The fill by loss.
    Heat,
    /// Contour lines of the decades, with their values.
    Contours,
    /// The racers' paths.
    Paths,
    /// A mark every ten steps.
    StepMarks,
    /// Fisher ellipses along one racer's path.
    FisherEllipses,
    /// The exact KL ball around the chosen racer.
    KlBall,
}

/// A row of [`OVERLAYS`].
#[derive(Debug)]
pub struct OverlayInfo {
    /// The overlay.
    pub overlay: Overlay,
    /// The name in scenario files.
    pub name: &'static str,
    /// One line.
    pub doc: &'static str,
    /// Whether it is on where a scenario is silent.
    pub shown: bool,
}

const fn row(overlay: Overlay, name: &'static str, doc: &'static str, shown: bool) -> OverlayInfo {
    OverlayInfo { overlay, name, doc, shown }
}

/// Every overlay, in drawing order.
pub const OVERLAYS: &[OverlayInfo] = &[
    row(Overlay::Heat, "heat", "the loss as a fill: the lower, the closer to the page", true),
    row(Overlay::Contours, "contours", "contour lines of the decades above the optimum", true),
    row(Overlay::FisherEllipses, "fisher-ellipses", "Fisher ellipses of one KL radius along a path", true),
    row(Overlay::KlBall, "kl-ball", "the exact KL ball around the chosen racer", false),
    row(Overlay::Paths, "paths", "the paths of the racers", true),
    row(Overlay::StepMarks, "step-marks", "a dot every ten steps: spacing is speed", true),
];
