//! The landscape: the loss over two coordinates with everything that runs across it.
//!
//! Its parts are files: `bounds` (what is in view), `track` (paths in the chart), `ground` (fill
//! and contours), `rings` (ellipses along a path), `overlay` (the rest of the geometry), `marks` (signs and ticks), `title` (the plane).

mod bounds;
mod cloud;
mod ground;
mod marks;
mod overlay;
mod rings;
mod stability;
mod title;
mod track;
mod triangle;

use std::sync::Arc;

use crate::app::{Seen, Window};
use crate::family::ChartId;
use crate::format;
use crate::plot::mark::{Ink, Layer, Line, Mark, Settled, Tier, Weight};
use crate::plot::pane::{Axis, Labels, Plot, Table};
use crate::plot::text::width;
use crate::plot::{Field, Frame, PaneFigure, Recall, Room};
use crate::scenario::{Model, Overlay};

use crate::figure::computed::{Pending, Raster};
use crate::figure::surface;
use crate::figure::words::dim;
use bounds::Bounds;
use ground::Ground;
use rings::Beads;
use track::Tracks;

/// Steps of a path that are drawn bright.
const RECENT: usize = 12;
/// How many steps of a path are a layer of their own.
const PIECE: usize = 16;
/// A least loss nearer to 0 than this is 0.
const ROUNDING: f64 = 1e-12;

/// What is known of the landscape from frame to frame.
#[derive(Debug, Default)]
pub struct Memo {
    tracks: Tracks,
    view: View,
    surface: Raster,
    overlays: overlay::Kept,
    /// What contours are above; `None` until there are any.
    best: Option<Best>,
    /// What the title may call them.
    contours: Recall<(u64, Option<Best>), Vec<String>>,
    ground: Option<(GroundKey, Vec<Arc<Layer>>)>,
    axes: Recall<(Drawn, Frame), [Arc<Axis>; 2]>,
    paths: Paths,
}

/// A world, by its revision, in a chart.
type Drawn = (u64, ChartId);

/// What is in view, which takes a search for the family's borders.
#[derive(Debug, Default)]
struct View {
    core: Recall<Drawn, Option<Bounds>>,
    seen: Recall<(Drawn, Bounds, Window), Option<Bounds>>,
}

impl View {
    /// The part of the chart in view, with the paths brought up to date.
    fn of(&mut self, show: &Seen<'_>, tracks: &mut Tracks) -> Option<Bounds> {
        let drawn = (show.world.revision(), show.chart);
        let core = (*self.core.of(drawn, |_| bounds::core(show)))?;
        tracks.update(show, Some(bounds::limit(&core)));
        let key = (drawn, inside(show, &core, tracks), show.window);
        *self.seen.of(key, |(_, inside, _)| bounds::view(show, inside))
    }
}

/// The box around the core and the paths as far as they count.
fn inside(show: &Seen<'_>, core: &Bounds, tracks: &Tracks) -> Bounds {
    let mut inside = *core;
    for racer in (0..show.on.len()).filter(|&racer| show.on[racer]) {
        if let Some(path) = tracks.bounds(racer) {
            inside = Bounds { low: inside.low.inf(&path.low), high: inside.high.sup(&path.high) };
        }
    }
    inside
}

/// The loss above which contours are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Best {
    loss: f64,
    /// Whether it is the least there is, or only that in view.
    known: bool,
}

impl Best {
    fn of(show: &Seen<'_>, field: &Field) -> Self {
        let objective = &show.world.objective;
        let known = objective.optimum().map(|p| objective.value(p)).filter(|v| v.is_finite());
        let bound = || show.race.runners().first().and_then(|runner| runner.problem().bound());
        let loss = known.or_else(bound);
        Self { loss: loss.or_else(|| field.least()).unwrap_or(0.0), known: loss.is_some() }
    }
}

/// What the ground depends on.
#[derive(Debug, Clone, PartialEq)]
struct GroundKey {
    age: u64,
    /// The age of the static overlays, and of what is on.
    overlays: u64,
    bands: usize,
}

/// The parts of paths, the marks of steps and the beads that time will not move any more.
#[derive(Debug, Default)]
struct Paths {
    key: Option<PathsKey>,
    now: usize,
    beads: Beads,
    /// How many steps of each racer's path lie in finished layers.
    laid: Vec<usize>,
    /// The last step that has its marks.
    marked: usize,
    settled: Settled,
}

/// What they depend on beside time.
#[derive(Debug, Clone, PartialEq)]
struct PathsKey {
    age: u64,
    on: Vec<bool>,
    paths: bool,
    marked: bool,
    beads: Option<(usize, f64)>,
}

impl Memo {
    /// Everything that is computed.
    pub(crate) fn parts(&mut self) -> impl Iterator<Item = &mut dyn Pending> {
        std::iter::once(&mut self.surface as &mut dyn Pending).chain(self.overlays.parts())
    }

    /// Brings the ground up to date.
    fn ground(&mut self, show: &Seen<'_>, frame: &Frame, room: Room, delta: Option<f64>) -> Vec<Arc<Layer>> {
        let (bands, fine) = (room.bands, frame.finer(room.finer));
        self.overlays.stand(show, frame, delta);
        surface::follow(&mut self.surface, show, &fine);
        let key = GroundKey { age: self.surface.age(), overlays: self.overlays.age(), bands };
        if let Some((_, layers)) = self.ground.as_ref().filter(|(own, _)| *own == key) {
            return layers.clone();
        }
        self.best = self.surface.field().map(|field| Best::of(show, field));
        let ground = self.surface.field().zip(self.best).map(|(field, best)| {
            let best = best.loss;
            let cell = |mark: Mark| if let Mark::Sign([x, y], _) = mark { frame.cell(x, y) } else { None };
            let spots = marks::fixed(show).into_iter().filter_map(cell).collect();
            Ground { field, frame: *frame, best, levels: ground::levels(field, best, bands), marks: spots }
        });
        let fill = match self.overlays.sheet() {
            Some(sheet) => sheet.bands(bands),
            None => ground.as_ref().filter(|_| show.overlay_now(Overlay::Heat)).map(Ground::fill),
        };
        let mut layers: Vec<_> =
            fill.map(|fill| Layer::new(Tier::Ground, vec![Mark::Bands(fill)])).into_iter().collect();
        if let Some(ground) = ground.filter(|_| show.overlay_now(Overlay::Contours)) {
            layers.extend(ground.contours(triangle::bandit(show).is_some()));
        }
        layers.push(Layer::new(Tier::Ground, triangle::bandit(show).map(|_| triangle::edges()).into_iter().collect()));
        if hatched(show) {
            let hatch = self.surface.field().map(|field| stability::hatch(field, frame, room.finer.max(1)));
            layers.push(Layer::new(Tier::Ground, hatch.unwrap_or_default()));
            layers.push(Layer::new(Tier::Ground, stability::borders(show, frame)));
            layers.push(Layer::new(Tier::Signs, stability::names(show, frame)));
        }
        layers.push(Layer::new(Tier::Ground, self.overlays.draw_still(show, frame)));
        self.ground = Some((key, layers.clone()));
        layers
    }
}

impl Paths {
    /// Brings the finished layers up to date: beads, marks of steps and pieces of paths in the order in which they are passed.
    fn settle(&mut self, show: &Seen<'_>, tracks: &Tracks, beads: Option<(usize, f64)>) {
        let now = show.now();
        let paths = show.overlay_now(Overlay::Paths);
        let marked = paths && show.overlay_now(Overlay::StepMarks);
        let key = PathsKey { age: tracks.age(), on: show.on.clone(), paths, marked, beads };
        if self.key.as_ref() != Some(&key) || now < self.now {
            *self = Self { key: Some(key), laid: vec![0; show.on.len()], ..Self::default() };
        }
        self.now = now;
        if let Some((racer, delta)) = beads {
            self.beads.grow(show, tracks, (racer, delta), &mut self.settled);
        }
        while marked && self.marked + marks::EVERY < now {
            self.marked += marks::EVERY;
            self.settled.push(Tier::Signs, marks::step_marks(show, tracks, self.marked));
        }
        for racer in racers(show) {
            let Some((path, turn, _)) = stretch(show, tracks, racer) else { continue };
            let laid = &mut self.laid[racer];
            while *laid + PIECE <= turn {
                let piece = path.points(*laid..=*laid + PIECE);
                self.settled.push(Tier::Lines, vec![path_mark(piece, Ink::Past(racer))]);
                *laid += PIECE;
            }
        }
    }

    /// The rest of the paths up to the playhead.
    fn moving(&self, show: &Seen<'_>, tracks: &Tracks, frame: &Frame) -> Vec<Mark> {
        let mut marks = Vec::with_capacity(2 * show.on.len());
        for racer in racers(show) {
            let Some((path, turn, last)) = stretch(show, tracks, racer) else { continue };
            marks.push(path_mark(path.points(self.laid[racer]..=turn), Ink::Past(racer)));
            if turn < last {
                marks.push(path_mark(path.points(turn..=last), Ink::Racer(racer)));
            }
            let out = marks::way_out(show, path, racer, frame);
            marks.extend(out.map(|way| path_mark(way.to_vec(), Ink::Racer(racer))));
        }
        marks
    }
}

fn path_mark(points: Vec<[f64; 2]>, ink: Ink) -> Mark {
    Mark::Line(Line { weight: Weight::Path, continues: true, ..Line::thin(points, ink) })
}

/// The racers whose paths are drawn.
fn racers(show: &Seen<'_>) -> Vec<usize> {
    let on = show.overlay_now(Overlay::Paths);
    (0..show.on.len()).filter(|&racer| on && show.on[racer]).collect()
}

/// A path, where its recent part begins, and its last step.
fn stretch<'a>(show: &'a Seen<'_>, tracks: &'a Tracks, racer: usize) -> Option<(track::Path<'a>, usize, usize)> {
    let path = tracks.path(&show.race, racer).filter(|path| path.len() > 0)?;
    let now = show.now();
    let last = now.min(path.len() - 1);
    // A racer that ended long ago keeps only its older colour.
    Some((path, now.saturating_sub(RECENT).min(last), last))
}

/// The part of the chart in view; `None` if there is nothing to show.
fn frame(show: &Seen<'_>, room: Room, view: &mut View, tracks: &mut Tracks) -> Option<Frame> {
    if room.columns == 0 || room.rows == 0 {
        return None;
    }
    let needed = view.of(show, tracks);
    let Bounds { low, high } = match triangle::bandit(show) {
        Some(_) => bounds::windowed(show, triangle::bounds(room.columns, room.rows))?,
        None => needed?,
    };
    let (columns, rows) = (usize::from(room.columns), usize::from(room.rows));
    Some(Frame { x: [low[0], high[0]], y: [low[1], high[1]], columns, rows })
}

/// The pane.
#[must_use]
pub fn pane(show: &Seen<'_>, room: Room, memo: &mut Memo) -> PaneFigure {
    let frame = frame(show, room, &mut memo.view, &mut memo.tracks);
    let axes = show.world.family.chart(show.chart).info().axes;
    let delta = frame.and_then(|frame| rings::radius(show, &frame));
    let ground = frame.map(|frame| memo.ground(show, &frame, room, delta)).unwrap_or_default();
    // Corners, blanks, the name and a stretch of line.
    let simplex = triangle::bandit(show).is_some();
    let names = title::plane(show, room.columns.saturating_sub(13)).unwrap_or_else(|| match (simplex, room.columns) {
        (true, 48..) => "simplex of three arms".to_owned(),
        (true, _) => "simplex".to_owned(),
        (false, _) => {
            let likely: Option<Vec<String>> = axes.iter().map(|name| marks::probability(show, name)).collect();
            likely.map_or_else(|| axes.join(" × "), |names| format!("{}, in log-odds", names.join(" × ")))
        }
    });
    // Corners, the title and its blanks, a stretch of line.
    let free = |detail: &str| room.columns.saturating_sub(16 + width(detail));
    // The axes carry names, too: if only one fits, coordinates are better.
    let detail = overlay::coordinates(show).filter(|place| width(place) > free(&names)).unwrap_or(names);
    let mut words = memo.overlays.words(show, delta);
    words.retain(|word| *word != detail);
    let contours = memo.contours.of((show.world.revision(), memo.best), |(_, best)| contours(show, *best));
    let contours = if show.overlay_now(Overlay::Contours) { contours.as_slice() } else { &[] };
    let right = info(show, delta, (&words, contours), free(&detail));
    let name = show.number.map_or("Landscape".to_owned(), |number| number.to_string());
    let plot = frame.map(|frame| memo.plot(show, &frame, delta, ground));
    if plot.is_none() && show.world.parameters().len() == 1 && room.rows > 0 {
        let words = "One parameter: there is no landscape over two.";
        let table = Table { rows: vec![vec![dim(1, words).most(room.columns.saturating_sub(2))]] };
        return PaneFigure { name, table: Some((room.columns, table)), ..PaneFigure::default() };
    }
    PaneFigure { name, detail, right, plot, ..PaneFigure::default() }
}

impl Memo {
    fn plot(&mut self, show: &Seen<'_>, frame: &Frame, delta: Option<f64>, mut layers: Vec<Arc<Layer>>) -> Plot {
        let ringed = rings::racer(show).zip(delta);
        let beads = ringed.filter(|_| rings::roomy(frame));
        self.paths.settle(show, &self.tracks, beads);
        let ring = ringed.filter(|_| beads.is_none());
        let head = ring.and_then(|(racer, delta)| rings::head(show, &self.tracks, racer, delta));
        layers.push(Layer::new(Tier::Lines, cloud::dots(show).into_iter().chain(head).collect()));
        let [lines, signs] = self.overlays.follow(show, frame, delta);
        layers.push(lines);
        layers.push(Layer::new(Tier::Lines, self.paths.moving(show, &self.tracks, frame)));
        let mut marks = marks::moving(show, &self.tracks, frame);
        marks.extend(marks::fixed(show));
        layers.push(Layer::new(Tier::Signs, marks));
        layers.push(signs);
        if let Some(process) = triangle::bandit(show) {
            layers.push(Layer::new(Tier::Signs, triangle::corners(show, process, frame)));
        }
        let drawn = (show.world.revision(), show.chart);
        let [x, y] = self.axes.of((drawn, *frame), |(_, frame)| marks::axes(show, frame).map(Arc::new)).clone();
        let settled = self.paths.settled.clone();
        Plot { x, y, labels: Labels::Inside, grid: false, equal: false, settled, layers }
    }
}

/// Whether what is no policy is hatched: wherever policies are drawn, but about a simplex, whose edges say it.
fn hatched(show: &Seen<'_>) -> bool {
    matches!(show.world.scenario.model, Model::Policy(..)) && triangle::bandit(show).is_none()
}

/// What the title says on the right: the longest that fits in `room` columns. Where overlays have words of their own, as
/// many of these as fit, the most important first.
fn info(show: &Seen<'_>, delta: Option<f64>, (words, lines): (&[String], &[String]), room: u16) -> String {
    let on = |overlay| show.overlay_now(overlay);
    let rings = match (on(Overlay::FisherEllipses), on(Overlay::KlBall)) {
        (true, true) => "ellipses and ball KL ",
        (true, false) => "ellipses KL ",
        (false, true) => "ball KL ",
        (false, false) => "",
    };
    let rings = delta.filter(|_| !rings.is_empty()).map(|delta| format!("{rings}{}", format::label(delta)));
    if !words.is_empty() {
        let mut all = String::new();
        for word in words.iter().chain(&rings).chain(lines.first()) {
            let comma = if all.is_empty() { "" } else { ", " };
            if width(&all) + comma.len() as u16 + width(word) <= room {
                all = all + comma + word;
            }
        }
        return all;
    }
    let beside = rings.iter().flat_map(|rings| lines.iter().map(move |lines| format!("{rings}, {lines}")));
    let mut all = beside.chain(rings.iter().cloned()).chain(lines.iter().cloned());
    all.find(|text| width(text) <= room).unwrap_or_default()
}

/// What contours are of, from the longest wording to the shortest: the loss, or how far it lies above the least.
fn contours(show: &Seen<'_>, best: Option<Best>) -> Vec<String> {
    let unit = show.world.objective.info().unit.map_or(String::new(), |unit| format!(" in {unit}"));
    let known = best.is_none_or(|best| best.known);
    let [long, short] = match show.world.shortfall() {
        Some(words) if known => [words.clone(), words],
        Some(_) => ["best in view − J", "best − J"].map(str::to_owned),
        // A divergence has rounding left at its optimum.
        None if best.is_none_or(|best| best.loss.abs() < ROUNDING) => ["loss"; 2].map(str::to_owned),
        None if known => ["loss above the least", "loss − least"].map(str::to_owned),
        None => ["loss above the least in view", "loss − least"].map(str::to_owned),
    };
    let mut all =
        vec![format!("contours {long}{unit}"), format!("contours {long}"), format!("contours {short}"), short];
    all.dedup();
    all
}
