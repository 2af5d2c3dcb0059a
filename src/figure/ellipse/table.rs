//! The numbers beside the picture: the least loss within each shape and how far it lies off a ray; every racer's next
//! step.

use super::steps::Around;
use super::touch::off;
use crate::app::Show;
use crate::figure::racers::{radius, share};
use crate::figure::words::{Line, bold, dim, label, text};
use crate::format;
use crate::geometry::lowest::{Lowest, Shape};
use crate::plot::Room;
use crate::plot::mark::{Ink, Sign};
use crate::plot::pane::Table;
use crate::plot::text::width;

/// The width of the numbers, and the width of a pane from which on they are shown.
const WIDE: u16 = 38;
const FROM: u16 = 84;
/// The rows of the shapes with their heading.
const SHAPES: usize = 4;
/// Where columns end: of the shapes loss, angle and glyph, of the racers KL, its share of δ and the angle.
const LOSS: u16 = 26;
const OFF: [u16; 2] = [32, 34];
const HEAD: u16 = 35;
const STEP: [u16; 3] = [16, 23, 31];

/// How many columns the numbers take; `None` if there is no room for them.
#[must_use]
pub fn columns(show: &Show, room: Room) -> Option<u16> {
    let needed = SHAPES + 1 + show.on.iter().filter(|on| **on).count();
    (room.columns >= FROM && usize::from(room.rows) >= needed).then_some(WIDE)
}

/// The numbers, and as far as there is room what they are.
#[must_use]
pub fn table(show: &Show, around: &Around, lowest: &[Option<Lowest>], room: Room) -> Table {
    let shapes = shapes(around, lowest);
    let racers = racers(show, around);
    let notes = notes(around, racers.len() > 1 && owned(show));
    let height = usize::from(room.rows);
    let spare = height.saturating_sub(shapes.len() + racers.len());
    let mut rows = shapes;
    rows.extend((spare > 0).then(Line::new));
    rows.extend(racers);
    if spare >= notes.len() + 2 {
        rows.push(Line::new());
        rows.extend(notes);
    }
    Table { rows }
}

fn degrees(angle: f64) -> String {
    let angle = angle.to_degrees().round();
    if angle.is_finite() { format!("{angle}°") } else { "–".to_owned() }
}

/// What the least loss is searched within.
const fn name(shape: Shape) -> &'static str {
    match shape {
        Shape::Circle => "Euclidean step",
        Shape::Ellipse => "KL (Fisher)",
        Shape::Ball => "KL (exact)",
    }
}

fn shapes(around: &Around, lowest: &[Option<Lowest>]) -> Vec<Line> {
    let head = vec![bold(1, "lowest loss within"), dim(LOSS, "loss").right(), dim(HEAD, "off ray").right()];
    let row = |(i, shape): (usize, Shape)| {
        let found = lowest.get(i).copied().flatten();
        let loss = found.map_or(f64::NAN, |found| found.value);
        let angle = found.map_or(f64::NAN, |found| off(around, shape, &found));
        let mut row = vec![
            bold(1, "×"),
            text(3, name(shape)),
            text(LOSS, format::value(loss)).right(),
            bold(OFF[0], degrees(angle)).right(),
        ];
        row.extend(around.racer(around.ray(shape)).map(|racer| label(OFF[1], Sign::Racer(racer), racer)));
        row
    };
    std::iter::once(head).chain(Shape::ALL.into_iter().enumerate().map(row)).collect()
}

/// Whether a racer has a radius of its own.
fn owned(show: &Show) -> bool {
    show.world.scenario.racers.iter().any(|racer| radius(racer).is_some())
}

fn racers(show: &Show, around: &Around) -> Vec<Line> {
    let racers = &show.world.scenario.racers;
    let owned = owned(show);
    let mut head = vec![dim(1, "racer"), dim(STEP[0], "KL step").right(), dim(STEP[2], "angle").right()];
    head.extend(owned.then(|| dim(STEP[1], "KL/δ").right()));
    let row = |racer: usize| {
        let step = around.steps.get(racer).copied().flatten();
        let kl = step.map_or(f64::NAN, |step| step.kl);
        let number = (racer + 1).to_string();
        let sign = label(2 + width(&number), Sign::Racer(racer), racer);
        let angle = degrees(step.map_or(f64::NAN, |step| step.angle));
        let mut row = vec![
            bold(1, &number).ink(Ink::Racer(racer)),
            sign,
            text(STEP[0], format::value(kl)).right(),
            text(STEP[2], &angle).right(),
        ];
        row.extend(owned.then(|| text(STEP[1], share(kl, radius(&racers[racer]))).right()));
        row
    };
    let on = (0..show.on.len()).filter(|&racer| show.on[racer]);
    std::iter::once(head).chain(on.map(row)).collect()
}

/// What the numbers are.
fn notes(around: &Around, owned: bool) -> Vec<Line> {
    // Where no racer takes a ray, nothing else says which one it is.
    let taken = Shape::ALL.into_iter().all(|shape| around.racer(around.ray(shape)).is_some());
    let rays = ["off ray: in this chart", if taken { "" } else { "  Euclidean off −∇L, KL off −F⁻¹∇L" }];
    let kl = if owned { "KL/δ: of the racer's own δ" } else { "" };
    let all = [rays[0], rays[1], kl, "angle: Fisher, to natural gradient"];
    all.into_iter().filter(|note| !note.is_empty()).map(|note| vec![dim(1, note)]).collect()
}
