//! Panes and overlays by name: the tables that scenario files, keys, help and lists read.
//!
//! They are drawn by `figure`.

use crate::registry::Known;

/// A pane of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    /// The loss over two coordinates, with the paths.
    Landscape,
    /// Fisher ellipse, exact KL ball and next steps at one point.
    Ellipses,
    /// Quantities by step.
    Traces,
    /// The densities.
    Density,
    /// The table of racers.
    Racers,
    /// The chosen racer's next step in numbers.
    Numbers,
    /// The racers' policies: the probability of every action.
    Policy,
    /// What the members of an ensemble have settled on.
    Outcomes,
    /// The share of an ensemble's members on a wrong action, by step.
    Collapsed,
    /// The regions that clipping and trust regions allow, in ratios of probabilities.
    Box,
}

impl Pane {
    /// Every pane, in the order Tab visits them.
    pub const ALL: [Self; 10] = [
        Self::Landscape,
        Self::Ellipses,
        Self::Traces,
        Self::Density,
        Self::Racers,
        Self::Numbers,
        Self::Policy,
        Self::Outcomes,
        Self::Collapsed,
        Self::Box,
    ];

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
            Self::Policy => "policy",
            Self::Outcomes => "outcomes",
            Self::Collapsed => "collapsed",
            Self::Box => "box",
        }
    }
}

impl Pane {
    /// What a race must have for this pane, in words; `None` for any.
    #[must_use]
    pub const fn wants(self) -> Option<&'static str> {
        match self {
            Self::Landscape | Self::Traces | Self::Racers | Self::Ellipses | Self::Numbers => None,
            Self::Density => Some("distributions on observations"),
            Self::Policy => Some("a policy"),
            Self::Outcomes | Self::Collapsed => {
                Some("a policy of finitely many actions and several seeds ([run] seeds = 100)")
            }
            Self::Box => Some("a policy of finitely many actions, with ppo or a trust region in the race"),
        }
    }
}

/// What is written for no pane and no box.
pub const NONE: &str = "none";

/// What a cue opens beside the panes, or closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Open {
    /// The numbers of the chosen racer's step.
    Numbers,
    /// The answers to the measures.
    Measures,
    /// Neither of them.
    Nothing,
}

impl Open {
    /// Everything that a cue may name.
    pub const ALL: [Self; 3] = [Self::Numbers, Self::Measures, Self::Nothing];

    /// The name in scenario files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Measures => "measures",
            Self::Nothing => NONE,
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
    /// The volume element √det F as a fill.
    Jeffreys,
    /// The Gaussian curvature as a fill.
    Curvature,
    /// Coordinate lines of another chart.
    ChartGrid,
    /// Fisher ellipses on a grid.
    EllipseGrid,
    /// Arrows of −∇L in the drawn chart.
    Gradient,
    /// Arrows of −F⁻¹∇L.
    NaturalGradient,
    /// The ball of the quadratic model around the chosen racer.
    QuadraticBall,
    /// The exact ball of the reverse KL.
    ReverseKlBall,
    /// The Fisher-Rao ball.
    FisherBall,
    /// The ball of the Wasserstein metric's quadratic model.
    WassersteinEllipse,
    /// The ball in W₂.
    WassersteinBall,
    /// The anatomy of the chosen racer's next TRPO step.
    TrustRegion,
    /// F beside F + λI.
    Damping,
    /// Matrices used in place of F.
    OtherFishers,
    /// Geodesics from the start.
    Geodesics,
    /// A frame carried along one of them.
    TransportedFrame,
    /// A frame carried around a square at the start.
    Holonomy,
    /// The data and their maximum-likelihood point.
    Data,
}

/// A set of overlays: a bit for each.
///
/// # Examples
/// ```
/// use geodescent::scenario::{Overlay, OverlaySet};
///
/// let mut on: OverlaySet = [Overlay::Paths, Overlay::Data].into_iter().collect();
/// on.set(Overlay::Data, false);
/// assert!(on.has(Overlay::Paths) && !on.has(Overlay::Data) && !on.has(Overlay::Heat));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OverlaySet(u32);

const _: () = assert!(OVERLAYS.len() <= u32::BITS as usize, "an overlay without a bit");

impl OverlaySet {
    /// Whether an overlay is one of them.
    #[must_use]
    pub const fn has(self, overlay: Overlay) -> bool {
        self.0 & 1 << overlay as u32 != 0
    }

    /// Adds an overlay or takes it away.
    pub const fn set(&mut self, overlay: Overlay, on: bool) {
        self.0 = self.0 & !(1 << overlay as u32) | (on as u32) << overlay as u32;
    }
}

impl FromIterator<Overlay> for OverlaySet {
    fn from_iter<I: IntoIterator<Item = Overlay>>(overlays: I) -> Self {
        overlays.into_iter().fold(Self::default(), |mut all, overlay| {
            all.set(overlay, true);
            all
        })
    }
}

/// A row of [`OVERLAYS`].
#[derive(Debug)]
pub struct OverlayInfo {
    /// The overlay.
    pub overlay: Overlay,
    /// The name in scenario files.
    pub name: &'static str,
    /// What it is called elsewhere.
    pub synonyms: &'static [&'static str],
    /// One line of documentation.
    pub doc: &'static str,
    /// Whether it is on by default.
    pub shown: bool,
}

impl OverlayInfo {
    const fn or(self, synonyms: &'static [&'static str]) -> Self {
        Self { synonyms, ..self }
    }
}

impl From<&'static OverlayInfo> for Known<'static> {
    fn from(info: &'static OverlayInfo) -> Self {
        Self::with(info.name, info.synonyms)
    }
}

const fn row(overlay: Overlay, name: &'static str, doc: &'static str, shown: bool) -> OverlayInfo {
    OverlayInfo { overlay, name, synonyms: &[], doc, shown }
}

/// Every overlay: first what nearly every scenario shows, then fields over the whole landscape, then what surrounds a
/// racer.
pub const OVERLAYS: &[OverlayInfo] = &[
    row(Overlay::Heat, "heat", "the loss as a fill; lower is closer to the background", true).or(&[
        "heatmap",
        "fill",
        "landscape",
    ]),
    row(Overlay::Contours, "contours", "contour lines of the decades above the optimum", true).or(&[
        "contour-lines",
        "isolines",
        "level-sets",
    ]),
    row(Overlay::FisherEllipses, "fisher-ellipses", "Fisher ellipses of one KL radius along a path", true)
        .or(&["ellipses", "metric"]),
    row(Overlay::KlBall, "kl-ball", "the exact KL ball around the chosen racer", false).or(&["ball"]),
    row(Overlay::Paths, "paths", "the paths of the racers", true).or(&["trajectories", "traces"]),
    row(Overlay::StepMarks, "step-marks", "a dot every ten steps: spacing is speed", true).or(&["dots", "marks"]),
    row(Overlay::Jeffreys, "jeffreys", "√det F in the drawn chart as the fill, in place of the loss", false)
        .or(&["volume", "prior"]),
    row(Overlay::Curvature, "curvature", "the Gaussian curvature as the fill, in place of the loss", false),
    row(Overlay::ChartGrid, "chart-grid", "coordinate lines of another chart", false).or(&["grid", "coordinates"]),
    row(Overlay::EllipseGrid, "ellipse-grid", "Fisher ellipses of one KL radius on a grid", false),
    row(Overlay::Gradient, "gradient", "arrows of −∇L in the drawn chart", false).or(&["gradient-field", "arrows"]),
    row(Overlay::NaturalGradient, "natural-gradient", "arrows of −F⁻¹∇L, dotted", false),
    row(Overlay::QuadraticBall, "quadratic-ball", "½ΔᵀFΔ ≤ δ around the chosen racer", false)
        .or(&["fisher-ellipse", "ellipse"]),
    row(Overlay::ReverseKlBall, "reverse-kl-ball", "the exact ball of the reverse KL, from q to p", false),
    row(Overlay::FisherBall, "fisher-ball", "Fisher-Rao distance ≤ √(2δ) from the chosen racer", false)
        .or(&["fisher-rao-ball", "geodesic-ball"]),
    row(Overlay::TrustRegion, "trust-region", "the chosen racer's next TRPO step, candidate by candidate", false)
        .or(&["trpo"]),
    row(Overlay::Damping, "damping", "F + λI beside F at the chosen racer", false),
    row(Overlay::OtherFishers, "other-fishers", "diagonal, empirical, sampled and √v matrices beside F", false),
    row(Overlay::Geodesics, "geodesics", "Fisher-Rao, e-, m- and α-geodesics from the start to the optimum", false),
    row(Overlay::TransportedFrame, "transported-frame", "a frame carried along the Fisher-Rao geodesic", false)
        .or(&["parallel-transport", "frame"]),
    row(
        Overlay::Holonomy,
        "holonomy",
        "a square at the start and a frame carried once around it, which comes back turned",
        false,
    )
    .or(&["loop", "square"]),
    row(Overlay::Data, "data", "the maximum-likelihood point, and every observation in the density", false)
        .or(&["observations", "samples"]),
    row(
        Overlay::WassersteinEllipse,
        "wasserstein-ellipse",
        "½ΔᵀGΔ ≤ δ around the chosen racer, G the Wasserstein metric",
        false,
    )
    .or(&["bures-ellipse"]),
    row(Overlay::WassersteinBall, "wasserstein-ball", "Wasserstein distance W₂ ≤ √(2δ) from the chosen racer", false)
        .or(&["w2-ball", "transport-ball"]),
];
