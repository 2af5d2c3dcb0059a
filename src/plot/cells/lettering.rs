//! What the axes of a picture are lettered with, by the rows and columns of its cells.

use std::sync::Arc;

use crate::plot::Frame;
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::style::Style;

/// What it depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The horizontal and the vertical axis.
    axes: [Arc<Axis>; 2],
    labels: Labels,
    grid: bool,
    frame: Frame,
    /// The column of the pane in which the picture begins.
    left: u16,
    style: Style,
}

/// Labels and names as they are written.
#[derive(Debug, PartialEq, Eq)]
pub struct Lettering {
    /// Where those of the vertical axis stand.
    pub labels: Labels,
    /// The labels of the vertical axis, by their rows.
    pub rows: Vec<(usize, String)>,
    /// What stands on the picture, by its rows.
    pub inside: Vec<(usize, String)>,
    /// The rows along which dots run.
    pub grid: Vec<usize>,
    /// The name of the horizontal axis.
    pub name: String,
    /// The labels of the horizontal axis, by their columns in the pane.
    pub columns: Vec<(u16, String)>,
}

impl Key {
    /// What the lettering of a plot depends on over a frame that begins in a column of the pane.
    pub fn of(plot: &Plot, frame: Frame, left: u16, style: Style) -> Self {
        let axes = [&plot.x, &plot.y].map(Arc::clone);
        Self { axes, labels: plot.labels, grid: plot.grid, frame, left, style }
    }

    /// The lettering.
    pub fn lettering(&self) -> Lettering {
        let Self { axes: [x, _], labels, grid, frame, left, style } = self;
        let rows = self.rows();
        let at = |at: f64| Some(left + frame.column(x.linear(at))? as u16);
        Lettering {
            labels: *labels,
            inside: if *labels == Labels::Inside { self.inside(&rows) } else { Vec::new() },
            grid: rows.iter().filter(|_| *grid).map(|(row, _)| *row).collect(),
            name: style.plain(&x.name).into_owned(),
            columns: x.ticks.iter().filter_map(|tick| Some((at(tick.at)?, tick.label.clone()))).collect(),
            rows,
        }
    }

    /// The rows of the vertical axis' labels.
    fn rows(&self) -> Vec<(usize, String)> {
        let Self { axes: [_, y], labels, frame, style, .. } = self;
        let row = |at: f64| frame.row(y.linear(at)).filter(|row| *row > 0 || *labels != Labels::Inside);
        y.ticks.iter().filter_map(|tick| Some((row(tick.at)?, style.plain(&tick.label).into_owned()))).collect()
    }

    /// The labels on the picture: those of the ticks, behind a blank where one has a sign, and the axis' name on top.
    fn inside(&self, ticks: &[(usize, String)]) -> Vec<(usize, String)> {
        let Self { axes: [_, y], style, .. } = self;
        let signed = ticks.iter().any(|(_, label)| label.starts_with(['−', '-']));
        let blank = if signed { " " } else { "" };
        let labels = ticks.iter().map(|(row, label)| (*row, format!("{blank}{label}")));
        let name = Some((0, style.plain(&y.name).into_owned())).filter(|(_, name)| !name.is_empty());
        labels.chain(name).collect()
    }
}
