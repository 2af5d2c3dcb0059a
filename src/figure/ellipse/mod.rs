//! The ellipse pane: all steps of one size δ from one place, for three meanings of size, over the contours of the true loss.
//! Where a shape touches a contour, the loss is least within it; the rays of the racers' next steps show who goes there.
//!
//! Its parts are files: `steps` (the place, the shapes, the next steps), `touch` (where the loss is least), `view` (what is in
//! view), `fan` (rays and glyphs), `contours`, `outside` (where there is no family), `names` (what stands on the shapes), `table` (the
//! numbers).
//! Rays reach beyond the shapes: directions are compared, lengths are numbers.

mod contours;
mod fan;
mod names;
mod outside;
mod steps;
mod table;
mod touch;
mod view;

use std::f64::consts::TAU;
use std::sync::Arc;

use super::computed::{Pending, Raster};
use super::surface;
use super::values::trace;
use crate::app::{Point as Pinned, Seen, Show};
use crate::format;
use crate::geometry::ellipse::ellipse;
use crate::geometry::lowest::{Lowest, Shape};
use crate::math::Vec2;
use crate::plot::mark::{Dash, Ink, Layer, Line, Mark, Point, Role, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::text::width;
use crate::plot::{Dots, Field, Frame, PaneFigure, Recall, Room};
use contours::{Contours, piece};
use fan::{Cell, Fan};
use names::{Busy, Drawn, names};
use outside::Outside;
use steps::Around;
use touch::Touches;
use view::{View, view};

/// Points of ellipse and circle.
const POINTS: usize = 96;
/// The share of the circle that must be in view for it to be named, and how many dots it must be across.
const SEEN: f64 = 0.25;
const ACROSS: f64 = 8.0;
/// The columns of a picture from which on the touching contours are drawn, and of a pane from which on its title has the axes.
const TANGENTS: usize = 71;

/// What is known of the pane from frame to frame.
#[derive(Debug, Default)]
pub struct Memo {
    around: Option<Around>,
    touches: Touches,
    surface: Raster,
    /// What is in view, and in which room.
    view: Recall<Room, Option<View>>,
    /// What does not depend on which racers are drawn.
    still: Option<(Still, Vec<Arc<Layer>>)>,
    /// The rays and the place, and what they depend on besides.
    rays: Option<(Pointing, [Arc<Layer>; 2])>,
}

/// The frame, and the ages of loss and touching points.
type Still = (Frame, u64, u64);
/// Which racers are on, and which racer's glyph stands at the place.
type Pointing = (Still, Vec<bool>, Option<usize>);

impl Memo {
    /// Everything that is computed.
    pub(crate) fn parts(&mut self) -> impl Iterator<Item = &mut dyn Pending> {
        [&mut self.surface as &mut dyn Pending, &mut self.touches].into_iter()
    }

    /// Brings place and steps up to date.
    fn stand(&mut self, show: &Show) {
        if !self.around.as_ref().is_some_and(|around| around.fits(show)) {
            self.around = Around::new(show);
            (self.view, self.still, self.rays) = (Recall::default(), None, None);
        }
        if let Some(around) = &self.around {
            touch::follow(&mut self.touches, show, around);
        }
    }

    /// What is in view in a room.
    fn view(&mut self, room: Room) -> Option<View> {
        let around = self.around.as_ref()?;
        *self.view.of(room, |room| view(around, *room))
    }

    /// The layers over a frame.
    fn layers(&mut self, show: &Show, frame: &Frame, room: Room) -> Vec<Arc<Layer>> {
        let Some(around) = &self.around else { return Vec::new() };
        surface::follow(&mut self.surface, &Seen::of(show), &frame.finer(room.finer));
        let still = (*frame, self.surface.age(), self.touches.age());
        let place = (show.point == Pinned::Racer).then_some(show.chosen);
        let pointing = (still, show.on.clone(), place);
        let lowest = self.touches.values();
        if self.still.as_ref().is_none_or(|(own, _)| *own != still) {
            let scene = Scene::new(around, frame, lowest);
            let outside = Outside::of(show, frame, room.finer > 1);
            self.still = Some((still, scene.still(self.surface.field(), &outside)));
        }
        if self.rays.as_ref().is_none_or(|(own, _)| *own != pointing) {
            let scene = Scene::new(around, frame, lowest);
            self.rays = Some((pointing, scene.rays(&show.on, place)));
        }
        let still = self.still.iter().flat_map(|(_, layers)| layers.iter().cloned());
        let mut layers: Vec<_> = still.collect();
        // Names and values come last, as they keep away from everything else.
        let words = layers.pop();
        layers.extend(self.rays.iter().flat_map(|(_, layers)| layers.clone()));
        layers.extend(words);
        layers
    }
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    memo.stand(show);
    let numbers = table::columns(show, room);
    let picture = Room { columns: room.columns - numbers.unwrap_or(0), ..room };
    let fitted = memo.view(picture);
    let stretch = fitted.map_or(1.0, |(_, stretch)| stretch);
    let detail = detail(show, room, stretch, numbers.is_some());
    let right = right(show, room, &detail);
    let mut figure = PaneFigure { name: "Ellipse".to_owned(), detail, right, ..PaneFigure::default() };
    let Some((frame, stretch)) = fitted else { return figure };
    let layers = memo.layers(show, &frame, picture);
    if let (Some(columns), Some(around)) = (numbers, &memo.around) {
        figure.table = Some((columns, table::table(show, around, memo.touches.values(), room)));
    }
    let axis = |range: [f64; 2]| Axis { range, log: false, name: String::new(), ticks: Vec::new() };
    figure.plot = Some(Plot {
        x: axis(frame.x).into(),
        y: axis(frame.y).into(),
        labels: Labels::None,
        grid: false,
        equal: stretch == 1.0,
        settled: Settled::default(),
        layers,
    });
    figure
}

fn point(x: Vec2) -> Point {
    [x[0], x[1]]
}

/// A place with its shapes over a frame.
struct Scene<'a> {
    around: &'a Around,
    frame: &'a Frame,
    /// Where the loss is least within each shape that can be seen, and how.
    lowest: Vec<(Shape, Lowest)>,
    fan: Fan,
}

impl<'a> Scene<'a> {
    fn new(around: &'a Around, frame: &'a Frame, lowest: &[Option<Lowest>]) -> Self {
        let found = Shape::ALL.into_iter().zip(lowest).filter_map(|(shape, lowest)| Some((shape, (*lowest)?)));
        let mut scene = Self { around, frame, lowest: found.collect(), fan: Fan::default() };
        if !scene.shows_circle() {
            scene.lowest.retain(|(shape, _)| *shape != Shape::Circle);
        }
        scene.fan = Fan::new(around, frame, &scene.crosses());
        scene
    }

    /// The cells of the crosses.
    fn crosses(&self) -> Vec<Cell> {
        self.lowest.iter().filter_map(|(_, at)| self.frame.cell(at.x[0], at.x[1])).collect()
    }

    /// The border of a shape, closed.
    fn border(&self, shape: Shape) -> Vec<Point> {
        let x = self.around.place.x;
        let mut border: Vec<Point> = match shape {
            Shape::Circle => {
                let angles = (0..POINTS).map(|i| TAU * i as f64 / POINTS as f64);
                let step = |angle: f64| Vec2::new(angle.cos(), angle.sin()) * self.around.radius();
                angles.map(|angle| point(x + step(angle))).collect()
            }
            Shape::Ellipse => {
                ellipse(&self.around.metric, self.around.delta, POINTS).map(|step| point(x + step)).collect()
            }
            Shape::Ball => self.around.outline.iter().map(|x| point(*x)).collect(),
        };
        border.extend(border.first().copied());
        border
    }

    /// Whether enough of the circle is in view, and it is more than a dot.
    fn shows_circle(&self) -> bool {
        let (frame, border) = (self.frame, self.border(Shape::Circle));
        let seen = border.iter().filter(|[x, y]| frame.cell(*x, *y).is_some()).count();
        let across = 4.0 * frame.columns as f64 * self.around.radius() / (frame.x[1] - frame.x[0]);
        seen as f64 >= SEEN * border.len() as f64 && across >= ACROSS
    }

    /// The layers that do not depend on which racers are drawn; names and values are the last.
    fn still(&self, field: Option<&Arc<Field>>, outside: &Outside) -> Vec<Arc<Layer>> {
        let contours = field.map(|field| Contours::of(field, self.frame));
        let circle = Line::thin(self.border(Shape::Circle), Ink::Role(Role::Dim)).dashed(Dash::Even);
        let shapes = self.drawn();
        let mut drawn = self.dots(&shapes);
        outside.border.iter().for_each(|line| trace(&mut drawn, self.frame, line));
        let mut lines = vec![Mark::Line(Line::thin(self.border(Shape::Ellipse), Ink::Role(Role::Mark)))];
        lines.extend(field.into_iter().flat_map(|field| self.tangents(field)));
        vec![
            Layer::new(Tier::Ground, vec![Mark::Area(self.border(Shape::Ball))]),
            Layer::new(Tier::Ground, vec![Mark::Line(Line { yields: true, ..circle })]),
            Layer::new(Tier::Ground, contours.iter().flat_map(Contours::lines).collect()),
            Layer::new(Tier::Ground, outside.marks(self.frame, &drawn)),
            Layer::new(Tier::Lines, lines),
            Layer::new(Tier::Signs, self.words(&shapes, &drawn, contours.as_ref(), &outside.cells)),
        ]
    }

    /// The pieces of contours that touch the shapes, each in the ink of its shape.
    fn tangents(&self, field: &Field) -> Vec<Mark> {
        if self.frame.columns < TANGENTS {
            return Vec::new();
        }
        let piece = |(shape, at): &(Shape, Lowest)| {
            let role = match shape {
                Shape::Circle => Role::Dim,
                Shape::Ellipse => Role::Mark,
                Shape::Ball => Role::Text,
            };
            let piece = piece(field, self.frame, point(at.x), at.value)?;
            Some(Mark::Line(Line::thin(piece, Ink::Role(role))))
        };
        self.lowest.iter().filter(|(_, at)| at.touches).filter_map(piece).collect()
    }

    /// The shapes that are seen, in dots.
    fn drawn(&self) -> Vec<Drawn> {
        let seen = Shape::ALL.into_iter().filter(|shape| *shape != Shape::Circle || self.shows_circle());
        let drawn = |shape: Shape| {
            let mut dots = Dots::new(self.frame.columns, self.frame.rows);
            trace(&mut dots, self.frame, &self.border(shape));
            Drawn { shape, dots }
        };
        seen.map(drawn).collect()
    }

    /// The lines of shapes and rays in dots.
    fn dots(&self, shapes: &[Drawn]) -> Dots {
        let frame = self.frame;
        let mut lines = Dots::new(frame.columns, frame.rows);
        shapes.iter().for_each(|shape| trace(&mut lines, frame, &self.border(shape.shape)));
        let from = point(self.around.place.x);
        self.fan.ends.iter().flatten().for_each(|end| trace(&mut lines, frame, &[from, frame.data_of(*end)]));
        lines
    }

    /// The names of the shapes and the values of the contours, away from every ray and every sign.
    fn words(&self, shapes: &[Drawn], lines: &Dots, contours: Option<&Contours>, outside: &[Cell]) -> Vec<Mark> {
        let (frame, [x, y]) = (self.frame, point(self.around.place.x));
        let Some(place) = frame.cell(x, y) else { return Vec::new() };
        let glyphs = self.fan.runs.iter().flat_map(fan::Run::cells);
        let signs: Vec<Cell> = glyphs.chain(self.crosses()).chain([place]).collect();
        let mut marks = names(shapes, frame, &Busy { lines, signs: &signs, place });
        marks.extend(outside::name(outside, frame));
        marks.extend(contours.into_iter().flat_map(|contours| contours.values(frame, lines, &signs)));
        marks
    }

    /// The rays with the racers' glyphs, the crosses, and the place itself.
    fn rays(&self, on: &[bool], place: Option<usize>) -> [Arc<Layer>; 2] {
        let from = point(self.around.place.x);
        let shown = |racer: usize| on.get(racer).copied().unwrap_or(false);
        let rays = self.fan.ends.iter().enumerate().filter_map(|(racer, end)| Some((racer, (*end)?)));
        let line = |(racer, end)| Mark::Line(Line::thin(vec![from, self.frame.data_of(end)], Ink::Racer(racer)));
        let lines = rays.filter(|(racer, _)| shown(*racer)).map(line).collect();
        let mut signs: Vec<Mark> = self.lowest.iter().map(|(_, at)| Mark::Sign(point(at.x), Sign::Lowest)).collect();
        for run in &self.fan.runs {
            // Signs in one cell stand in a row, in their order.
            let (column, row) = run.cell;
            let at = self.frame.data(column as f64 + 0.5, row as f64 + 0.5);
            signs.extend(
                run.racers.iter().filter(|racer| shown(**racer)).map(|&racer| Mark::Sign(at, Sign::Racer(racer))),
            );
        }
        signs.push(Mark::Sign(from, place.map_or(Sign::Start, Sign::Racer)));
        [Layer::new(Tier::Lines, lines), Layer::new(Tier::Signs, signs)]
    }
}

/// What the title says: from where, in which chart, with which δ, on which axes, what the crosses are unless a table says
/// that; shorter where it has to be.
fn detail(show: &Show, room: Room, stretch: f64, table: bool) -> String {
    let from = match show.point {
        Pinned::Start => "○ the start".to_owned(),
        Pinned::Racer => show.world.scenario.racers.get(show.chosen).map_or(String::new(), |racer| racer.label.clone()),
    };
    let short = if show.point == Pinned::Start { "○" } else { &from };
    let delta = format!("δ {}", format::label(show.delta()));
    let names = show.world.family.chart(show.chart).info().axes;
    let wide = show.filled || usize::from(room.columns) >= TANGENTS;
    let chart = if wide { format!(", {} × {}", names[0], names[1]) } else { String::new() };
    let axes = if stretch > 1.0 { format!(", axes ×{}", format::rounded(stretch, 2)) } else { String::new() };
    let cross = if table { "" } else { ", × lowest loss" };
    // Corners, blanks, the title and a stretch of line.
    let most = room.columns.saturating_sub(11);
    let least = if table { "" } else { ", × least" };
    let all: [&[&str]; 7] = [
        &["at ", &from, &chart, ", ", &delta, &axes, cross],
        &["at ", &from, ", ", &delta, &axes, cross],
        &["at ", short, ", ", &delta, &axes, cross],
        &["at ", short, ", ", &delta, &axes, least],
        // The place is marked, the crosses are not named.
        &[&delta, &axes, least],
        &[&delta, least],
        &[&delta, &axes],
    ];
    let fits = |words: &&[&str]| words.iter().map(|word| usize::from(width(word))).sum::<usize>() <= most.into();
    all.into_iter().find(fits).map_or_else(|| delta.clone(), <[&str]>::concat)
}

/// What the contours are, where the title has columns to spare.
fn right(show: &Show, room: Room, detail: &str) -> String {
    let unit = show.world.objective.info().unit.map_or(String::new(), |unit| format!(" in {unit}"));
    let words = format!("contours loss{unit}");
    // Corners, the title and its blanks, a stretch of line.
    if width(&words) <= room.columns.saturating_sub(16 + width(detail)) { words } else { String::new() }
}
