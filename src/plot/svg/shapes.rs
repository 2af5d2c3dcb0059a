//! Every kind of mark as SVG elements, clipped to the picture; signs and names are placed as in cells, in millimetres.

use std::fmt::Write as _;

use super::curve::path;
use super::signs::{self, SIGN, dashes};
use super::{Map, SMALL, TEXT, WIDE, escaped, number};
use crate::plot::Frame;
use crate::plot::cells::field_dot;
use crate::plot::contour::{Grid, lines};
use crate::plot::mark::{Bands, Ink, Label, Layer, Line, Mark, Place, Point, Role, Sign, Weight};
use crate::plot::text::width;
use crate::plot::theme::Theme;

/// Stands for the figure's own id until its content is known.
pub const ID: &str = "\u{1}";
/// How near racers stand in one place, and the space between their signs then.
const NEAR: f64 = 0.9;
const BESIDE: f64 = 2.0;
/// How far beads of one path are apart at least.
const APART: f64 = 1.6;

/// The elements of a picture: fills, lines, signs and names, in this order.
pub struct Shapes<'a> {
    map: Map<'a>,
    theme: Theme,
    out: String,
    signs: String,
    names: String,
    /// Rectangles that are taken: x, y, width, height.
    taken: Vec<[f64; 4]>,
    heads: Vec<(Point, Sign)>,
    /// The beads that are drawn.
    beads: Vec<(usize, Point)>,
    labels: Vec<&'a Label>,
}

impl<'a> Shapes<'a> {
    pub fn new(map: Map<'a>, theme: Theme) -> Self {
        let (out, signs, names) = (String::new(), String::new(), String::new());
        Self {
            map,
            theme,
            out,
            signs,
            names,
            taken: Vec::new(),
            heads: Vec::new(),
            beads: Vec::new(),
            labels: Vec::new(),
        }
    }

    pub fn layer(&mut self, layer: &'a Layer) {
        for mark in &layer.marks {
            match mark {
                Mark::Bands(bands) => self.bands(bands),
                Mark::Bars(bars) => {
                    let foot = self.map.plot.y.range[0];
                    for bar in bars.iter().filter(|bar| bar.height > foot) {
                        let [a, b] = bar.x;
                        self.fill(&[[a, foot], [a, bar.height], [b, bar.height], [b, foot]]);
                    }
                }
                Mark::Under(points) => {
                    let (foot, [left, right]) = (self.map.plot.y.range[0], self.map.plot.x.range);
                    let ends = [points.first().map_or(0.0, |p| p[1]), points.last().map_or(0.0, |p| p[1])];
                    let around = [[left, foot], [left, ends[0]]].into_iter().chain(points.iter().copied());
                    self.fill(&around.chain([[right, ends[1]], [right, foot]]).collect::<Vec<_>>());
                }
                Mark::Area(points) => self.fill(points),
                Mark::Band(band) => {
                    let color = self.theme.band_between(band.racer, band.spread);
                    self.filled(&band.outline().collect::<Vec<_>>(), &color);
                }
                Mark::Dots(points, ink) => {
                    let at = |point: &Point| self.map.at(*point).map(number);
                    let mut dots = String::new();
                    for [x, y] in points.iter().map(at) {
                        let _ = write!(dots, "M{x} {y}h0");
                    }
                    let ink = self.theme.ink(*ink);
                    let _ = writeln!(
                        self.out,
                        "<path d=\"{dots}\" stroke=\"{ink}\" stroke-width=\"0.5\" stroke-linecap=\"round\" fill=\"none\"/>"
                    );
                }
                Mark::Line(line) => self.line(line),
                Mark::Sign(at, sign) => self.sign(*at, *sign),
                Mark::Label(label) => self.labels.push(label),
                Mark::Rule(x) => {
                    let [low, high] = self.map.plot.y.range;
                    self.line(&Line::thin(vec![[*x, low], [*x, high]], Ink::Role(Role::Faint)));
                }
                Mark::Rug(values) => {
                    let foot = self.map.top + self.map.size[1];
                    let at = |x: &f64| self.map.at([*x, self.map.plot.y.range[0]])[0];
                    let mut ticks = String::new();
                    for x in values.iter().map(at).filter(|x| self.map.holds([*x, foot])) {
                        let _ = write!(ticks, "M{} {}v-1.2", number(x), number(foot));
                    }
                    let ink = self.theme.css(Some(Role::Text));
                    let _ = writeln!(
                        self.out,
                        "<path d=\"{ticks}\" stroke=\"{ink}\" stroke-width=\"0.15\" fill=\"none\"/>"
                    );
                }
            }
        }
    }

    /// A soft fill.
    fn fill(&mut self, points: &[Point]) {
        self.filled(points, &self.theme.css(Some(Role::Soft)));
    }

    fn filled(&mut self, points: &[Point], color: &str) {
        let mut at: Vec<Point> = points.iter().map(|point| self.map.at(*point)).collect();
        at.extend(at.first().copied());
        let _ = writeln!(self.out, "<path d=\"{}\" fill=\"{color}\"/>", path(&at, false));
    }

    /// Every band over the one below it, as the region where the value is at least its lower edge.
    fn bands(&mut self, Bands { field, base, levels, .. }: &Bands) {
        let grid = field.grid();
        let (columns, frame) = (grid.columns, *field.frame());
        let bands = levels.bands();
        // The lowest band is wherever there is a value.
        let known: Vec<f64> = grid.values.iter().map(|value| if value.is_nan() { LOW } else { 1.0 }).collect();
        self.region((&known, columns), 0.0, &frame, &self.theme.band(0, bands));
        let above: Vec<f64> = grid.values.iter().map(|value| if value.is_nan() { LOW } else { value - base }).collect();
        for (band, level) in levels.values.iter().enumerate() {
            self.region((&above, columns), *level, &frame, &self.theme.band(band + 1, bands));
        }
    }

    /// Where the values of a grid are at least a level.
    fn region(&mut self, (values, columns): (&[f64], usize), level: f64, frame: &Frame, color: &str) {
        // A border of low values closes every line.
        let rows = values.len() / columns.max(1);
        let wide = columns + 2;
        let mut padded = vec![LOW; wide * (rows + 2)];
        for row in 0..rows {
            padded[(row + 1) * wide + 1..][..columns].copy_from_slice(&values[row * columns..(row + 1) * columns]);
        }
        let mut data = String::new();
        for line in lines(Grid { columns: wide, values: &padded }, level) {
            let at = |[i, j]: [f64; 2]| {
                let [x, y] = frame.data_of(field_dot([i - 1.0, j - 1.0]));
                self.map.at([self.map.plot.x.inverse(x), self.map.plot.y.inverse(y)])
            };
            data += &path(&line.into_iter().map(at).collect::<Vec<_>>(), false);
        }
        let _ = writeln!(self.out, "<path d=\"{data}\" fill=\"{color}\" fill-rule=\"evenodd\"/>");
    }

    fn line(&mut self, line: &Line) {
        let points: Vec<Point> = line.points.iter().map(|point| self.map.at(*point)).collect();
        let data = path(&points, true);
        if data.is_empty() {
            return;
        }
        let racer = match line.ink {
            Ink::Racer(racer) | Ink::Past(racer) | Ink::Ahead(racer) => Some(racer),
            Ink::Ring(_) | Ink::Role(_) => None,
        };
        let wide = match (line.weight, racer) {
            (Weight::Path, _) => 0.4,
            (Weight::Thin, Some(_)) => 0.3,
            _ if line.ink == Ink::Role(Role::Contour) => 0.18,
            _ => 0.25,
        };
        let dash = dashes(line.dash, racer);
        let ink = self.theme.ink(line.ink);
        let _ = writeln!(self.out, "<path d=\"{data}\" stroke=\"{ink}\" stroke-width=\"{wide}\"{dash} fill=\"none\"/>");
    }

    fn sign(&mut self, at: Point, sign: Sign) {
        let at = self.map.at(at);
        if !self.map.holds(at) {
            return;
        }
        match sign {
            Sign::Head(_) | Sign::Dead(_) | Sign::Racer(_) | Sign::Below(_) => self.heads.push((at, sign)),
            Sign::Bead(racer) => {
                // Where a racer is slow, beads would hide its path.
                let near = |(own, [x, y]): &(usize, Point)| *own == racer && (x - at[0]).hypot(y - at[1]) < APART;
                if !self.beads.iter().rev().any(near) {
                    self.beads.push((racer, at));
                    signs::sign(&mut self.signs, at, sign, self.theme);
                }
            }
            Sign::Start | Sign::Optimum | Sign::Lowest | Sign::Char(..) => {
                if !matches!(sign, Sign::Char(..)) {
                    self.take(at);
                }
                signs::sign(&mut self.signs, at, sign, self.theme);
            }
        }
    }

    fn take(&mut self, [x, y]: Point) {
        self.taken.push([x - SIGN, y - SIGN, 2.0 * SIGN, 2.0 * SIGN]);
    }

    /// Heads in one place stand side by side. Returns where each racer stands.
    fn heads(&mut self) -> Vec<(Point, usize)> {
        let mut placed: Vec<(Point, usize)> = Vec::new();
        for (mut at, sign) in std::mem::take(&mut self.heads) {
            let (Sign::Head(racer) | Sign::Dead(racer) | Sign::Racer(racer) | Sign::Below(racer)) = sign else {
                continue;
            };
            let meets = |at: Point, other: Point| (other[0] - at[0]).abs() < NEAR && (other[1] - at[1]).abs() < NEAR;
            let (first, right) = (at[0], self.map.left + self.map.size[0] - SIGN);
            while placed.iter().any(|(other, _)| meets(at, *other)) {
                at[0] += BESIDE;
                // A row that would leave the picture goes on below its beginning.
                if at[0] > right {
                    at = [first, at[1] + BESIDE];
                }
            }
            placed.push((at, racer));
            self.take(at);
            signs::sign(&mut self.signs, at, sign, self.theme);
        }
        placed
    }

    /// Places a name where nothing else is.
    fn label(&mut self, label: &Label) {
        let map = self.map;
        let anchors: Vec<Point> = label.anchors.iter().map(|at| map.at(*at)).filter(|at| map.holds(*at)).collect();
        self.name(&label.text, &anchors, label.place, label.ink);
    }

    /// Places a text about one of some places.
    fn name(&mut self, text: &str, anchors: &[Point], place: Place, ink: Ink) {
        let small = ink == Ink::Role(Role::ContourLabel);
        let size = if small { SMALL } else { TEXT };
        let (wide, tall) = (f64::from(width(text)) * WIDE * size / TEXT, size);
        // The lower left corner of the text, seen from its anchor.
        let (dx, dy) = (1.3, 0.35 * tall);
        let around = [
            [dx, dy],
            [-wide - dx, dy],
            [0.6, -1.1],
            [0.6, tall + 0.9],
            [-wide, -1.1],
            [-wide, tall + 0.9],
            [-0.5 * wide, -1.4],
            [-0.5 * wide, tall + 1.2],
            [dx, -2.6],
            [dx, tall + 2.4],
        ];
        let places: Vec<Point> = match place {
            Place::On => vec![[-0.5 * wide, dy]],
            Place::Right => around[..1].to_vec(),
            Place::Edge => vec![[0.6, -0.6], [-wide - 0.6, -0.6]],
            Place::Beside => around[..2].to_vec(),
            Place::Around => around.to_vec(),
            Place::Toward([x, y]) => {
                let out = [x * (0.5 * wide + 1.0) - 0.5 * wide, y * 2.0 + dy];
                [out].into_iter().chain(around).collect()
            }
        };
        let [left, top, w, h] = [self.map.left, self.map.top, self.map.size[0], self.map.size[1]];
        let free = |[x, y]: &Point| {
            let inside = *x > left && x + wide < left + w && y - tall > top && *y < top + h;
            let apart = |other: &[f64; 4]| {
                *x > other[0] + other[2] || x + wide < other[0] || y - tall > other[1] + other[3] || *y < other[1]
            };
            inside && self.taken.iter().all(apart)
        };
        let found =
            anchors.iter().flat_map(|at| places.iter().map(move |by| [at[0] + by[0], at[1] + by[1]])).find(free);
        let Some([x, y]) = found else { return };
        self.taken.push([x, y - tall, wide, tall]);
        let (words, ink, page) = (escaped(text), self.theme.ink(ink), self.theme.css(None));
        let [x, y, size] = [x, y, size].map(number);
        let _ = writeln!(
            self.names,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" stroke=\"{page}\" stroke-width=\"0.6\" stroke-linejoin=\"round\" fill=\"none\" aria-hidden=\"true\">{words}</text>\n\
             <text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{ink}\">{words}</text>"
        );
    }

    /// Writes everything.
    pub fn finish(mut self, body: &mut String, names: &[String]) {
        let heads = self.heads();
        for label in std::mem::take(&mut self.labels) {
            self.label(label);
        }
        for (at, racer) in heads {
            if let Some(name) = names.get(racer) {
                self.name(name, &[at], Place::Around, Ink::Racer(racer));
            }
        }
        let [x, y, w, h] = [self.map.left, self.map.top, self.map.size[0], self.map.size[1]].map(number);
        let _ = write!(
            body,
            "<clipPath id=\"{ID}c\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath>\n\
             <g clip-path=\"url(#{ID}c)\">\n{}</g>\n{}{}",
            self.out, self.signs, self.names
        );
    }
}

/// Below every value.
const LOW: f64 = -1e300;
