//! `geodescent inspect`: the geometry of a family at a point, and between two points.
//!
//! Reads names and points and lays out the answer; every number comes from `family` and `geometry`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use nalgebra::DMatrix;
use serde::Serialize;

use super::inspect_other::{Other, dash, missing};
use super::inspect_problem::{self, Asked};
use super::{Failure, out, split};
use crate::export::json::{self, Named};
use crate::family::{ChartId, FAMILIES, Family, FamilyInfo};
use crate::format;
use crate::geometry::connection::Connection;
use crate::geometry::{Place, wasserstein};
use crate::math::{Mat2, Vec2};
use crate::race::World;
use crate::registry::{Known, Settings, nearest, number};
use crate::scenario::Document;
use crate::scenario::diagnostic::quote;
use crate::selfcheck::{Finding, self_check};

/// Show the geometry at a point, and between two points
#[derive(Debug, Args)]
pub struct Inspect {
    /// The family; or a scenario, whose loss, gradient and Fisher matrix are shown in any number of coordinates
    family: String,
    /// The point, in canonical parameters: mean=0,sd=1; of a scenario those that differ from its start
    #[arg(long, value_name = "K=V,...", allow_hyphen_values = true)]
    at: Option<String>,
    /// The chart; by default the canonical one
    #[arg(long)]
    chart: Option<String>,
    /// A second point, for divergences, distance and geodesic
    #[arg(long, value_name = "K=V,...", allow_hyphen_values = true)]
    to: Option<String>,
    /// Of a scenario: the racer in whose chart it is shown, by its label; by default the first
    #[arg(long, value_name = "LABEL")]
    racer: Option<String>,
    /// Of a scenario: the step at which that racer stands; by default the start
    #[arg(long, conflicts_with = "at")]
    step: Option<usize>,
    /// The output format
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// A fixed field of the family: --set model.df=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For reading
    Table,
    /// For programs
    Json,
}

/// The geometry at a point, and between two points.
struct Geometry {
    info: &'static FamilyInfo,
    chart: ChartId,
    place: Place,
    fisher: Mat2,
    inverse: Option<Mat2>,
    connection: Option<Connection>,
    curvature: f64,
    entropy: f64,
    /// The Wasserstein metric in the chart.
    wasserstein: Option<Mat2>,
    to: Option<Other>,
    /// The quantities that do not exist or were not found, by their names in the report, each with the reason.
    absent: BTreeMap<&'static str, &'static str>,
    /// The finding of the self-check that is closest to its tolerance.
    check: Option<Finding>,
    /// What cannot be checked here.
    unchecked: Vec<&'static str>,
}

fn wrong(message: &str) -> Failure {
    Failure::Wrong(format!("error: {message}"))
}

/// The error for an unknown name, with the nearest known one and all of them.
fn unknown(what: &str, name: &str, known: &[Known<'static>]) -> Failure {
    let hint = nearest(name, known.iter().copied()).map_or(String::new(), |near| format!("; did you mean `{near}`"));
    let names: Vec<&str> = known.iter().map(|known| known.name).collect();
    wrong(&format!("unknown {what} {}{hint}. Known: {}", quote(name), names.join(", ")))
}

impl Inspect {
    /// Writes the geometry to standard output.
    ///
    /// # Errors
    /// If a name is unknown, a point is outside the family, or standard output fails.
    pub fn run(&self) -> Result<(), Failure> {
        if let Some(document) = self.scenario()? {
            let asked = Asked {
                chart: self.chart.as_deref(),
                at: self.at.as_deref(),
                to: self.to.as_deref(),
                racer: self.racer.as_deref(),
                step: self.step,
            };
            return inspect_problem::run(&World::open(&document)?, asked, matches!(self.format, Format::Json));
        }
        if self.racer.is_some() || self.step.is_some() {
            return Err(wrong("--racer and --step are for scenarios: a family has no race"));
        }
        let geometry = self.geometry()?;
        match self.format {
            Format::Table => {
                let mut out = out();
                out.write_all(geometry.table().as_bytes())?;
                out.flush()?;
            }
            Format::Json => json::line(&geometry.report(), &mut out())?,
        }
        Ok(())
    }

    /// The scenario of that name, if it is no family's.
    fn scenario(&self) -> Result<Option<Document>, Failure> {
        if crate::family::find(&self.family).is_some() {
            return Ok(None);
        }
        let Ok(mut document) = Document::find(OsStr::new(&self.family)) else { return Ok(None) };
        for edit in &self.set {
            let (path, value) = split(edit)?;
            document = document.edit(path, value)?;
        }
        Ok(Some(document))
    }

    fn geometry(&self) -> Result<Geometry, Failure> {
        let names: Vec<Known<'static>> = FAMILIES.iter().copied().map(Known::from).collect();
        let info = crate::family::find(&self.family).ok_or_else(|| unknown("family", &self.family, &names))?;
        let family = (info.build)(&self.fixed(info)?);
        let charts: Vec<Known<'static>> = info.charts.iter().map(|chart| info.known(chart.name)).collect();
        let index = match &self.chart {
            Some(name) => info.chart(name).ok_or_else(|| unknown(&format!("chart of {}", info.name), name, &charts))?,
            None => ChartId::CANONICAL,
        };
        let chart = family.chart(index);
        let at = self.at.as_ref().ok_or_else(|| {
            wrong(&format!("which point? Write --at {}=NUMBER,{}=NUMBER", info.parameters[0], info.parameters[1]))
        })?;
        let place = Place::of(chart, point(&family, at)?);
        let (fisher, inverse) = place.fisher(&*family, chart);
        let to = match &self.to {
            Some(text) => Some(Other::new(&*family, chart, place.p, point(&family, text)?)),
            None => None,
        };
        let found = self_check(&*family, chart, place.p);
        let connection = Connection::levi_civita(&*family, chart, &place);
        let (curvature, entropy) = (family.curvature(place.p), family.entropy(place.p));
        let transport = wasserstein::metric_at(&*family, &place);
        let here = [
            ("fisher_inverse", inverse.is_none()),
            ("christoffel", connection.is_none()),
            ("gaussian_curvature", !curvature.is_finite()),
            ("entropy", !entropy.is_finite()),
        ];
        let why = missing(&DMatrix::from_fn(2, 2, |i, j| fisher[(i, j)]));
        let mut absent: BTreeMap<_, _> =
            here.into_iter().filter(|(_, absent)| *absent).map(|(name, _)| (name, why)).collect();
        absent.extend(transport.err().map(|why| ("wasserstein", why)));
        absent.extend(to.iter().flat_map(|to: &Other| to.absent(&*family, place.p)));
        Ok(Geometry {
            info,
            chart: index,
            place,
            fisher,
            inverse,
            connection,
            curvature,
            entropy,
            wasserstein: transport.ok(),
            absent,
            check: found.worst().copied(),
            unchecked: found.findings.iter().filter(|one| !one.conclusive).map(|one| one.quantity.about().0).collect(),
            to,
        })
    }

    /// The family's fixed fields, from `--set model.NAME=VALUE`.
    fn fixed(&self, info: &'static FamilyInfo) -> Result<Settings, Failure> {
        let mut settings = Settings::defaults(info.fixed);
        let names: Vec<Known<'static>> = info.fixed.iter().map(Known::from).collect();
        for edit in &self.set {
            let (path, text) = split(edit)?;
            let name = path.strip_prefix("model.").unwrap_or(path);
            let field = info.fixed.iter().find(|field| field.name == name);
            let field = field.ok_or_else(|| unknown(&format!("setting of {}", info.name), name, &names))?;
            settings.set(field, field.read(text).map_err(|why| wrong(&format!("--set {path}={text}: {why}")))?);
        }
        match info.fixed.iter().find(|field| settings.get(field).is_none()) {
            Some(field) => {
                Err(wrong(&format!("{} needs {}: write --set model.{}=VALUE", info.name, field.name, field.name)))
            }
            None => Ok(settings),
        }
    }
}

/// Reads `mean=0,sd=1`: every parameter once, a point of the family.
fn point(family: &Arc<dyn Family>, text: &str) -> Result<Vec2, Failure> {
    let info = family.info();
    let names = info.parameters;
    let mut values = [None; 2];
    for part in text.split(',') {
        let (name, value) = part.split_once('=').ok_or_else(|| {
            wrong(&format!("{} is not a parameter: write {}=NUMBER,{}=NUMBER", quote(part), names[0], names[1]))
        })?;
        let name = name.trim();
        let i = names.iter().position(|known| *known == name);
        let i = i.ok_or_else(|| {
            unknown(&format!("parameter of {}", info.name), name, &info.parameters.map(|name| info.known(name)))
        })?;
        let number =
            number(value).ok_or_else(|| wrong(&format!("{name} = {} is not a finite number", quote(value))))?;
        if values[i].replace(number).is_some() {
            return Err(wrong(&format!("{name} is given twice")));
        }
    }
    let [Some(first), Some(second)] = values else {
        let missing = if values[0].is_none() { names[0] } else { names[1] };
        return Err(wrong(&format!("{missing} is missing from {}", quote(text))));
    };
    let p = Vec2::new(first, second);
    match family.violation(p) {
        Some(violation) => Err(wrong(&format!(
            "{} is outside the {} family: {} must be {}",
            quote(text),
            family.info().name,
            violation.quantity,
            violation.wanted
        ))),
        None => Ok(family.canonical().to_parameters(p)),
    }
}

/// The answer as JSON.
#[derive(Serialize)]
struct Report<'a> {
    family: &'a str,
    chart: &'a str,
    parameters: Named<'a, &'a str>,
    coordinates: [f64; 2],
    fisher: [[f64; 2]; 2],
    fisher_inverse: Option<[[f64; 2]; 2]>,
    christoffel: Option<[[[f64; 2]; 2]; 2]>,
    gaussian_curvature: f64,
    entropy: f64,
    wasserstein: Option<[[f64; 2]; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<To<'a>>,
    /// Why a number is null, by its name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    absent: &'a BTreeMap<&'static str, &'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    self_check: Option<Checked<'a>>,
}

#[derive(Serialize)]
struct To<'a> {
    parameters: Named<'a, &'a str>,
    coordinates: [f64; 2],
    kl: f64,
    reverse_kl: f64,
    fisher_rao_distance: Option<f64>,
    wasserstein_distance: Option<f64>,
    geodesic: Option<[[f64; 2]; 11]>,
}

#[derive(Serialize)]
struct Checked<'a> {
    worst: f64,
    quantity: &'a str,
}

fn rows(m: &Mat2) -> [[f64; 2]; 2] {
    [[m[(0, 0)], m[(0, 1)]], [m[(1, 0)], m[(1, 1)]]]
}

/// A number to six digits; JSON has them all.
fn shown(x: f64) -> String {
    format::rounded(x, 6)
}

impl Geometry {
    fn report(&self) -> Report<'_> {
        let names = &self.info.parameters;
        Report {
            family: self.info.name,
            chart: self.info.chart_info(self.chart).name,
            parameters: Named(names, self.place.p.as_slice()),
            coordinates: self.place.x.into(),
            fisher: rows(&self.fisher),
            fisher_inverse: self.inverse.as_ref().map(rows),
            christoffel: self.connection.as_ref().map(|connection| connection.symbols().each_ref().map(rows)),
            gaussian_curvature: self.curvature,
            entropy: self.entropy,
            wasserstein: self.wasserstein.as_ref().map(rows),
            to: self.to.as_ref().map(|to| To {
                parameters: Named(names, to.place.p.as_slice()),
                coordinates: to.place.x.into(),
                kl: to.kl,
                reverse_kl: to.reverse_kl,
                fisher_rao_distance: to.distance,
                wasserstein_distance: to.transport.ok(),
                geodesic: to.way.map(|points| points.map(Into::into)),
            }),
            absent: &self.absent,
            self_check: self
                .check
                .as_ref()
                .map(|finding| Checked { worst: finding.error, quantity: finding.quantity.about().0 }),
        }
    }

    /// A dash with the reason.
    fn dash(&self, name: &str) -> String {
        dash(&self.absent, name)
    }

    fn table(&self) -> String {
        let axes = self.info.chart_info(self.chart).axes;
        let pairs =
            |names: [&str; 2], v: Vec2| format!("{} = {}, {} = {}", names[0], shown(v[0]), names[1], shown(v[1]));
        let rows = |m: &Mat2| {
            let entry = |i, j| shown(m[(i, j)]);
            format!("[{}, {}] [{}, {}]", entry(0, 0), entry(0, 1), entry(1, 0), entry(1, 1))
        };
        let mut text = format!("{} in {}\n", self.info.name, self.info.chart_info(self.chart).name);
        let _ = writeln!(text, "  parameters      {}", pairs(self.info.parameters, self.place.p));
        let _ = writeln!(text, "  coordinates     {}", pairs(axes, self.place.x));
        let _ = writeln!(text, "  Fisher matrix   {}", rows(&self.fisher));
        let _ = writeln!(
            text,
            "  its inverse     {}",
            self.inverse.as_ref().map_or_else(|| self.dash("fisher_inverse"), rows)
        );
        if let Some(connection) = &self.connection {
            for (axis, symbols) in axes.iter().zip(connection.symbols()) {
                let _ = writeln!(text, "  {:<15} {}", format!("Γ of {axis}"), rows(symbols));
            }
        }
        let curvature =
            if self.curvature.is_finite() { shown(self.curvature) } else { self.dash("gaussian_curvature") };
        let _ = writeln!(text, "  curvature       {curvature}");
        let _ = writeln!(text, "  entropy         {} nats", shown(self.entropy));
        let carried = self.wasserstein.as_ref().map_or_else(|| self.dash("wasserstein"), rows);
        let _ = writeln!(text, "  Wasserstein     {carried}");
        if let Some(finding) = &self.check {
            let verdict = if finding.holds() { "" } else { ": DOES NOT HOLD" };
            let _ = writeln!(
                text,
                "  self-check      worst {:.0e} ({}){verdict}",
                finding.error,
                finding.quantity.about().0
            );
        }
        if !self.unchecked.is_empty() {
            let _ = writeln!(text, "  cannot check    {}", self.unchecked.join(", "));
        }
        if let Some(to) = &self.to {
            let _ = writeln!(text, "to {}", pairs(self.info.parameters, to.place.p));
            let _ = writeln!(text, "  KL(at ‖ to)     {} nats", shown(to.kl));
            let _ = writeln!(text, "  KL(to ‖ at)     {} nats", shown(to.reverse_kl));
            let distance = to.distance.map_or_else(|| self.dash("fisher_rao_distance"), shown);
            let middle = to.way.map_or_else(|| self.dash("geodesic"), |points| pairs(self.info.parameters, points[5]));
            let _ = writeln!(text, "  distance        {distance}");
            let _ = writeln!(text, "  midpoint        {middle}");
            let _ = writeln!(
                text,
                "  W₂              {}",
                to.transport.map_or_else(|_| self.dash("wasserstein_distance"), shown)
            );
        }
        text
    }
}
