//! The densities: the target as a fill, each racer's p as a line with its glyph on the peak; the reward, where the loss
//! is an expected one.
//!
//! While it plays, a line is left where it is until it has moved by more than an eye would follow; at rest every line
//! is exact. Densities come from `family`, the range from `reach`; observations in pairs and outcomes are drawn by
//! `pair` and `bars`.

use std::sync::Arc;

use super::reach::{self, across, range};
use super::reward::Reward;
use super::source::{Source, density};
use super::standing::shown;
use super::words::{dim, titled};
use super::{bars, pair};
use crate::app::Show;
use crate::family::{Family, Support};
use crate::math::Vec2;
use crate::objective::Data;
use crate::plot::mark::{Bar, Ink, Label, Layer, Line, Mark, Place, Point, Role, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot, Table};
use crate::plot::{PaneFigure, Room};
use crate::race::Trace;
use crate::scenario::{Model, Overlay};

/// The height of the pane over the highest peak of the target.
const HEADROOM: f64 = 1.08;
/// How many times higher than the target a racer may make the pane, and in which parts of the target it grows.
const OVERSHOOT: f64 = 2.5;
const GROWTH: f64 = 0.25;
/// Below this many dots a line would be a coloured base.
const LEAST: f64 = 0.8;
/// How many steps a line may stay behind while it plays, as powers of two, and dots by which it must not have moved for
/// that: half a row for eight steps or two, two rows for four. Most lines then move in the same frames, every fourth.
const STILL: [(u32, f64); 3] = [(3, 2.0), (2, 8.0), (1, 2.0)];
/// A density whose bulk is narrower than this many dots is a spike on one of them or between two.
const NARROW: f64 = 4.0;
/// That is not so where at least this share of it is seen at the dots, and at most this at one of them.
const SEEN: f64 = 0.5;
const CROWDED: f64 = 0.25;
/// The spacing, in dots, at which a line is sampled for that.
const LOOK: usize = 5;

/// What is known of the pane from frame to frame.
#[derive(Debug, Default)]
pub struct Memo {
    revision: u64,
    reach: reach::Memo,
    filled: Option<Filled>,
    reward: Option<Reward>,
    curves: Vec<Curve>,
    layers: Option<(Key, Vec<Arc<Layer>>)>,
}

/// What layers depend on beside fill and curves: the top, the range, the room, whether data are shown.
type Key = (f64, [f64; 2], Room, bool);

/// What is filled over a range, and its height in each column.
#[derive(Debug)]
struct Filled {
    range: [f64; 2],
    heights: Vec<f64>,
    layer: Arc<Layer>,
}

/// A racer's curve over a range, two points a column.
#[derive(Debug, Default)]
struct Curve {
    racer: usize,
    range: [f64; 2],
    p: Vec2,
    heights: Vec<f64>,
    /// Where it is too narrow for dots: in which half column, and how high. Its heights are chance then.
    spike: Option<(usize, f64)>,
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    let revision = show.race.revision();
    if memo.revision != revision {
        *memo = Memo { revision, ..Memo::default() };
    }
    if !show.world.has_density() {
        // There is no one axis for a curve.
        let (detail, why) = match show.world.scenario.model {
            Model::Family(_) => ("p(y = 1 | x)", "several covariates: no curve over one axis"),
            Model::Policy(..) => ("π(a | s)", "a distribution for every state: no curve over one axis"),
            Model::Value(..) => ("", "a value function has no density"),
        };
        let (name, table) = ("Density".to_owned(), Some((room.columns, Table { rows: vec![vec![dim(0, why)]] })));
        return PaneFigure { name, detail: detail.to_owned(), table, ..PaneFigure::default() };
    }
    let source = Source::of(&show.world);
    if show.world.family.width() == 2 {
        return pair::pane(show, source, room);
    }
    let detail = titled("Density", room.columns, [format!("p(x){}", source.told()), "p(x)".to_owned()]);
    let mut figure = PaneFigure { name: "Density".to_owned(), detail, ..PaneFigure::default() };
    if room.columns == 0 || room.rows == 0 {
        return figure;
    }
    figure.plot = if let Support::Outcomes(n) = show.world.family.support() {
        let outcomes = (1..=n).map(|outcome| (outcome.to_string(), vec![f64::from(outcome)])).collect();
        bars::plot(show, source, outcomes, room)
    } else {
        range(show, &mut memo.reach).and_then(|range| memo.plot(show, source, range, room))
    };
    figure.detail += &memo.reward.as_ref().map_or(String::new(), Reward::told);
    figure
}

impl Memo {
    fn plot(&mut self, show: &Show, source: Source<'_>, range: [f64; 2], room: Room) -> Option<Plot> {
        let moved = self.follow(show, source, range, room);
        let top = self.top()?;
        let key = (top, range, room, show.overlay_now(Overlay::Data));
        let layers = match self.layers.take().filter(|(own, _)| *own == key && !moved) {
            Some((_, layers)) => layers,
            None => self.draw(show, source, key)?,
        };
        self.layers = Some((key, layers.clone()));
        let angle = show.world.family.support() == Support::Circle;
        Some(Plot {
            x: across(if angle { "x (rad)" } else { "x" }, range, room.columns).into(),
            y: Axis { range: [0.0, top], log: false, name: String::new(), ticks: Vec::new() }.into(),
            labels: Labels::None,
            grid: false,
            equal: false,
            settled: Settled::default(),
            layers,
        })
    }

    fn draw(&self, show: &Show, source: Source<'_>, (top, range, room, rug): Key) -> Option<Vec<Arc<Layer>>> {
        let dots = 4.0 * f64::from(room.rows) / top;
        let filled = self.filled.as_ref()?;
        let reward = self.reward.as_ref().map(|reward| reward.marks(top));
        let [reward, named] = reward.map_or([None, None], |marks| marks.map(Some));
        let curves = self.curves.iter().map(|own| Mark::Line(own.line(dots)));
        let lines = reward.into_iter().chain(curves).collect();
        let mut signs: Vec<Mark> = self.curves.iter().filter_map(|own| own.head(dots, top)).collect();
        signs.extend(filled.name(source, top, room.rows));
        signs.extend(named);
        let mut layers =
            vec![Arc::clone(&filled.layer), Layer::new(Tier::Lines, lines), Layer::new(Tier::Signs, signs)];
        if let Some(data) = show.world.objective.data().map(Data::values) {
            layers.push(Layer::new(Tier::Signs, beyond(data, range, top / f64::from(room.rows))));
            if rug {
                layers.insert(1, Layer::new(Tier::Ground, vec![Mark::Rug(data.to_vec())]));
            }
        }
        Some(layers)
    }

    fn heights(&self) -> &[f64] {
        self.filled.as_ref().map_or(&[], |filled| &filled.heights)
    }

    /// Updates fill and curves; returns whether a curve has moved.
    fn follow(&mut self, show: &Show, source: Source<'_>, range: [f64; 2], room: Room) -> bool {
        let columns = usize::from(room.columns);
        let family = &*show.world.family;
        if !self.filled.as_ref().is_some_and(|own| own.range == range && own.heights.len() == columns) {
            self.filled = Some(Filled::new(source, family, range, columns));
            self.reward = Reward::of(&*show.world.objective, range, 2 * u32::from(room.columns));
        }
        let aim = peak(self.heights().iter().copied());
        let dots = Dots { family, range, count: 2 * columns };
        let racers: Vec<usize> = shown(show).collect();
        let mut moved = self.curves.len() != racers.len();
        self.curves.resize_with(racers.len(), Curve::default);
        for (racer, own) in racers.into_iter().zip(&mut self.curves) {
            let trace = show.race.trace(racer);
            let now = show.now();
            let fresh = (own.racer, own.range, own.heights.len()) != (racer, range, dots.count);
            let p = if show.timeline.playing() && aim > 0.0 {
                let scale = 4.0 * f64::from(room.rows) / (HEADROOM * aim);
                dots.still(trace, now, scale, Some(&*own).filter(|_| !fresh))
            } else {
                trace.at(now).p()
            };
            if fresh || own.p != p {
                moved = true;
                (own.racer, own.range, own.p) = (racer, range, p);
                own.heights.clear();
                own.heights.extend((0..dots.count).map(|dot| dots.height(p, dot)));
                own.spike = dots.spike(p, &own.heights);
            }
        }
        moved
    }

    /// The top of the pane, which rarely moves. `None` if every density is zero.
    fn top(&self) -> Option<f64> {
        let aim = peak(self.heights().iter().copied());
        // A spike runs off the top rather than squeeze the rest.
        let lines =
            peak(self.curves.iter().filter(|own| own.spike.is_none()).map(|own| peak(own.heights.iter().copied())));
        let highest = if lines > 0.0 { lines } else { peak(self.curves.iter().filter_map(|own| Some(own.spike?.1))) };
        let unit = if aim > 0.0 { GROWTH * aim } else { 0.5 * 10_f64.powf(highest.log10().floor()) };
        let most = if aim > 0.0 { highest.clamp(aim, OVERSHOOT * aim) } else { highest };
        // Half of the headroom may be used.
        let top = HEADROOM * unit * (most / (1.0 + 0.5 * (HEADROOM - 1.0)) / unit).ceil();
        (top > 0.0 && top.is_finite()).then_some(top)
    }
}

impl Filled {
    fn new(source: Source<'_>, family: &dyn Family, range: [f64; 2], columns: usize) -> Self {
        let mark = source.fill(family, range, columns);
        let middle = |column: usize| range[0] + (range[1] - range[0]) * (column as f64 + 0.5) / columns as f64;
        let heights = match &mark {
            Some(Mark::Under(points)) => points.iter().map(|point| point[1]).collect(),
            Some(Mark::Bars(bars)) => (0..columns).map(|column| Bar::at(bars, middle(column))).collect(),
            _ => vec![0.0; columns],
        };
        Self { range, heights, layer: Layer::new(Tier::Ground, mark.into_iter().collect()) }
    }

    /// The name of the fill, right of it at about half the height.
    fn name(&self, source: Source<'_>, top: f64, rows: u16) -> Option<Mark> {
        let columns = self.heights.len() as f64;
        let half = rows / 2;
        let rows_tried = (0..3).flat_map(|i| [half + i, half.saturating_sub(i + 1)]).filter(|row| *row < rows);
        let anchors: Vec<Point> = rows_tried
            .filter_map(|row| {
                let level = |row: f64| top * (f64::from(rows) - row) / f64::from(rows);
                let edge = self.heights.iter().rposition(|height| *height > level(f64::from(row) + 1.0))?;
                let x = self.range[0] + (self.range[1] - self.range[0]) * (edge as f64 + 0.5) / columns;
                Some([x, level(f64::from(row) + 0.5)])
            })
            .collect();
        let text = source.name().to_owned();
        let label = Label { text, anchors, place: Place::Right, ink: Ink::Role(Role::Dim) };
        (!label.text.is_empty()).then_some(Mark::Label(label))
    }
}

impl Curve {
    /// The middle of a half column.
    fn x(&self, dot: usize) -> f64 {
        self.range[0] + (self.range[1] - self.range[0]) * (dot as f64 + 0.5) / self.heights.len() as f64
    }

    /// The line, where it is higher than a coloured base; `dots` by which a density of 1 is high.
    fn line(&self, dots: f64) -> Line {
        let height = |(dot, p): (usize, &f64)| [self.x(dot), if p * dots > LEAST { *p } else { f64::NAN }];
        let points = match self.spike {
            Some((dot, peak)) => [LEAST / dots, peak].map(|p| [self.x(dot), p]).to_vec(),
            None => self.heights.iter().enumerate().map(height).collect(),
        };
        Line::thin(points, Ink::Racer(self.racer))
    }

    /// The glyph on the peak.
    fn head(&self, dots: f64, top: f64) -> Option<Mark> {
        // The first of equals, so that a plateau has its glyph at its left end in every frame.
        let higher = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
        let highest = || self.heights.iter().copied().enumerate().fold((0, 0.0), higher);
        let (dot, peak) = self.spike.unwrap_or_else(highest);
        let at = [self.x(dot), peak.min(top * (1.0 - 1e-9))];
        (peak * dots > LEAST).then_some(Mark::Sign(at, Sign::Racer(self.racer)))
    }
}

/// How many data lie beyond either side, at the lower edge; `row` is the height of a row.
fn beyond(data: &[f64], range: [f64; 2], row: f64) -> Vec<Mark> {
    let counts = [data.iter().filter(|x| **x < range[0]).count(), data.iter().filter(|x| **x > range[1]).count()];
    let sides = range.into_iter().zip(counts).zip(['◂', '▸']).filter(|((_, count), _)| *count > 0);
    let inside = 1e-9 * (range[1] - range[0]);
    let label = |((x, count), arrow): ((f64, usize), char)| {
        Mark::Label(Label {
            text: format!("{count} {arrow}"),
            anchors: vec![[x.clamp(range[0] + inside, range[1] - inside), 0.5 * row]],
            place: Place::Edge,
            ink: Ink::Role(Role::Text),
        })
    };
    sides.map(label).collect()
}

/// The middles of half columns over a range.
struct Dots<'a> {
    family: &'a dyn Family,
    range: [f64; 2],
    count: usize,
}

impl Dots<'_> {
    fn height(&self, p: Vec2, dot: usize) -> f64 {
        let x = self.range[0] + (self.range[1] - self.range[0]) * (dot as f64 + 0.5) / self.count as f64;
        density(self.family, p, &[x])
    }

    /// The spike of a density too narrow to be sampled at the dots; `None` if it is wide enough.
    fn spike(&self, p: Vec2, heights: &[f64]) -> Option<(usize, f64)> {
        let width = (self.range[1] - self.range[0]) / self.count as f64;
        // A bulk may be expensive.
        if heights.iter().sum::<f64>() * width > SEEN && peak(heights.iter().copied()) * width < CROWDED {
            return None;
        }
        let (low, high) = self.family.bulk(p);
        let dot = (0.5 * (low + high) - self.range[0]) / width;
        if !(high - low < NARROW * width && dot >= 0.0 && dot < self.count as f64) {
            return None;
        }
        let inside = (0..=8).map(|k| low + (high - low) * f64::from(k) / 8.0);
        Some((dot as usize, peak(inside.map(|x| density(self.family, p, &[x])))))
    }

    /// The parameters whose curve is drawn at a step while it plays: those of the step furthest back, at a multiple of
    /// a power of two, from which the line has not moved by as many dots as [`STILL`] says. A function of the step, not
    /// of what was drawn before; `known` is a curve that needs not be computed again.
    fn still(&self, trace: &Trace, now: usize, scale: f64, known: Option<&Curve>) -> Vec2 {
        let here = trace.at(now).p();
        let places = || (0..self.count).step_by(LOOK);
        let heights: Vec<f64> = places().map(|dot| scale * self.height(here, dot)).collect();
        let close = |p: Vec2, most: f64| {
            let known = known.filter(|curve| curve.p == p);
            let other = |dot: usize| known.map_or_else(|| self.height(p, dot), |curve| curve.heights[dot]);
            // Dots are square: what counts is the way across the line.
            places().zip(&heights).enumerate().all(|(i, (dot, height))| {
                let left = heights[i.saturating_sub(1)];
                let right = heights[(i + 1).min(heights.len() - 1)];
                let slope = (right - left) / (2.0 * LOOK as f64);
                (scale * other(dot) - height).abs() <= most * (1.0 + slope * slope).sqrt()
            })
        };
        let mut candidates = STILL.into_iter().map(|(k, most)| (trace.at(now >> k << k).p(), most));
        candidates.find(|(p, most)| *p == here || close(*p, *most)).map_or(here, |(p, _)| p)
    }
}

fn peak(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn a_density_too_narrow_for_dots_is_a_spike_wherever_it_is() {
        let world = World::open(&Document::builtin("three-charts").expect("built in")).expect("valid");
        let dots = Dots { family: &*world.family, range: [0.0, 10.0], count: 100 };
        let spike = |mean: f64, sd: f64| {
            let p = Vec2::new(mean, sd);
            let heights: Vec<f64> = (0..dots.count).map(|dot| dots.height(p, dot)).collect();
            dots.spike(p, &heights)
        };
        let (dot, peak) = spike(3.0, 1e-3).expect("far narrower than a dot");
        // 1/(sd √(2π)), beside the middle of dot 30.
        assert_eq!(dot, 30);
        assert!((peak / 398.942_280_401_432_7 - 1.0).abs() < 1e-12, "{peak}");
        // A tenth is a dot: so it is wherever it stands between dots, and whatever they hit of it.
        for (k, sd) in (0..20).flat_map(|k| [1e-4, 0.01, 0.02, 0.03, 0.05, 0.06].map(|sd| (k, sd))) {
            let found = spike(3.0 + 0.005 * f64::from(k), sd).expect("narrower than a dot");
            assert!((found.1 * sd * 2.506_628_274_631_000_5 - 1.0).abs() < 1e-9, "{k} {sd}");
        }
        assert_eq!([spike(3.0, 1.0), spike(3.03, 0.07), spike(3.0, 0.1), spike(30.0, 1e-3)], [None; 4]);
    }
}
