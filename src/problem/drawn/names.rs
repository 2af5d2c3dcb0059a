//! The names and the charts of what is drawn: rows of a table that are made while the program runs, each different one once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::family::{
    Chart, ChartId, ChartInfo, FamilyInfo, Renamed, Scale, Scaled, Violation, bernoulli_pair, categorical, gaussian,
};
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};
use crate::registry::Settings;

/// A chart of what is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Axes {
    /// The name in scenario files.
    pub name: &'static str,
    /// The names of the coordinates.
    pub axes: [&'static str; 2],
    /// The coordinates in words.
    pub doc: &'static str,
    /// What they are.
    pub map: Map,
}

/// What two coordinates are of two parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Map {
    /// A function of each parameter.
    Scales([Scale; 2]),
    /// Those of a chart of three outcomes, by its row.
    Simplex(usize),
    /// Those of a chart of two coins, by its row.
    Coins(usize),
    /// parameters = matrix · coordinates.
    Linear(Mat2),
}

impl Axes {
    /// Coordinates on a plane.
    #[must_use]
    pub const fn plane(axes: [&'static str; 2]) -> Self {
        Self { name: "plane", axes, doc: "coordinates on the plane", map: Map::Scales([Scale::Real; 2]) }
    }

    /// The chart with these names.
    #[must_use]
    pub fn chart(&self, info: &'static ChartInfo) -> Box<dyn Chart> {
        let of = |family: &FamilyInfo, row: usize| {
            Box::new(Renamed::new((family.build)(&Settings::default()), ChartId::of_row(row), info))
        };
        match self.map {
            Map::Scales(scales) => Box::new(Scaled::new(info, scales)),
            Map::Simplex(row) => of(&categorical::INFO, row),
            Map::Coins(row) => of(&bernoulli_pair::INFO, row),
            Map::Linear(matrix) => Box::new(Mixed { info, matrix, inverse: inverse2(&matrix).unwrap_or(matrix) }),
        }
    }
}

/// parameters = matrix · coordinates.
#[derive(Debug)]
struct Mixed {
    info: &'static ChartInfo,
    matrix: Mat2,
    inverse: Mat2,
}

impl Chart for Mixed {
    fn info(&self) -> &'static ChartInfo {
        self.info
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        (0..2).find(|i| !x[*i].is_finite()).map(|i| Violation::not_finite(self.info.axes[i]))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        self.matrix * x
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        self.inverse * p
    }

    fn jacobian(&self, _: Vec2, _: Vec2) -> Mat2 {
        self.matrix
    }

    fn coordinate_hessians(&self, _: Vec2) -> [Mat2; 2] {
        [Mat2::zeros(); 2]
    }
}

/// What two rows differ in.
type Key = (&'static str, [&'static str; 2], Vec<(&'static str, [&'static str; 2])>);

/// The row of a model with these parameters and charts, kept for the lifetime of the program: each different one once.
#[must_use]
pub fn family_info(name: &'static str, parameters: [&'static str; 2], axes: &[Axes]) -> &'static FamilyInfo {
    static ROWS: Mutex<BTreeMap<Key, &FamilyInfo>> = Mutex::new(BTreeMap::new());
    let key = (name, parameters, axes.iter().map(|axes| (axes.name, axes.axes)).collect());
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    rows.entry(key).or_insert_with(|| {
        let chart = |axes: &Axes| ChartInfo { name: axes.name, axes: axes.axes, doc: axes.doc };
        Box::leak(Box::new(FamilyInfo {
            name,
            doc: "a model of two parameters",
            density: "",
            parameters,
            fixed: &[],
            charts: Vec::leak(axes.iter().map(chart).collect()),
            synonyms: &[],
            example: [0.0, 0.0],
            // No scenario names this row: it is made from a problem, never from settings.
            build: |_| Arc::new(gaussian::Gaussian::new()),
        }))
    })
}
