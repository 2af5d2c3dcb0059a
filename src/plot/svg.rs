//! Marks as SVG: a pane as a figure for a paper or a slide, in millimetres, with true curves and text as text.
//!
//! No rasters, no script, no external font. Sizes and looks are those of print: a caption is the document's business,
//! so the pane's title is only the description that screen readers get.

mod curve;
mod shapes;
mod signs;

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::mark::Point;
use super::pane::{Labels, PaneFigure, Plot, Room, Table, Words};
use super::text::width;
use super::theme::{Role, Theme};
use shapes::Shapes;

/// The size of a figure in one column of a paper, in millimetres.
pub const SIZE: [f64; 2] = [84.0, 60.0];
/// The height of text, of contour labels, and of a line of a table.
const TEXT: f64 = 2.5;
const SMALL: f64 = 2.1;
const LINE: f64 = 3.6;
/// The least height of a picture within a figure.
const INSET: f64 = 20.0;
/// The average width of a character.
const WIDE: f64 = 0.56 * TEXT;
/// How many times finer than a character fields are: curves have no cells to hide in.
const FINER: usize = 3;
/// How far ticks reach outward.
const TICK: f64 = 1.0;
/// Fonts, most like one another first.
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// The rectangle of a picture in a figure, in millimetres, and the axes over it.
#[derive(Debug, Clone, Copy)]
struct Map<'a> {
    plot: &'a Plot,
    left: f64,
    top: f64,
    size: [f64; 2],
}

impl Map<'_> {
    /// The place of a point in millimetres.
    fn at(&self, [x, y]: Point) -> Point {
        let share = |value: f64, [low, high]: [f64; 2]| (value - low) / (high - low);
        let x = share(self.plot.x.linear(x), self.plot.x.span());
        let y = share(self.plot.y.linear(y), self.plot.y.span()).clamp(-2.0, 3.0);
        [self.left + x * self.size[0], self.top + (1.0 - y) * self.size[1]]
    }

    /// Whether a place is in the picture.
    fn holds(&self, [x, y]: Point) -> bool {
        let close = 1e-9;
        let inside = |value: f64, low: f64, size: f64| value >= low - close && value <= low + size + close;
        inside(x, self.left, self.size[0]) && inside(y, self.top, self.size[1])
    }
}

/// The size of a figure of a width in millimetres that has the shape of so many columns and rows.
#[must_use]
pub fn shaped(width: f64, (columns, rows): (u16, u16)) -> [f64; 2] {
    // A cell is twice as high as it is wide.
    [width, width * 2.0 * f64::from(rows) / f64::from(columns.max(1))]
}

/// How much room a figure of a size in millimetres has inside its frame.
#[must_use]
pub fn room(size: [f64; 2], theme: Theme) -> Room {
    let [columns, rows] = [size[0] / WIDE, size[1] / LINE].map(|count| (count - 2.0).max(0.0) as u16);
    Room { columns, rows, bands: theme.bands(), finer: FINER, fills: true }
}

/// A pane as an SVG document of a size in millimetres: its marks, axes and, beside the picture or in its place, its
/// text.
///
/// Ids begin with a hash of the content, so that several figures can be inlined into one page.
///
/// ```
/// use geodescent::plot::look::{Depth, Ground, Theme};
/// use geodescent::plot::{PaneFigure, svg};
///
/// let figure = PaneFigure { name: "Trace".to_owned(), ..PaneFigure::default() };
/// let theme = Theme { ground: Ground::Light, depth: Depth::True };
/// assert!(svg::write(&figure, svg::SIZE, theme).starts_with("<svg "));
/// ```
#[must_use]
pub fn write(figure: &PaneFigure, size: [f64; 2], theme: Theme) -> String {
    let mut body = String::new();
    let beside = figure.table.as_ref().map_or(0.0, |(columns, _)| {
        if figure.plot.is_some() { (f64::from(*columns + 2) * WIDE).min(0.5 * size[0]) } else { size[0] }
    });
    let below = if figure.table.is_none() { figure.below.rows.len() as f64 * LINE } else { 0.0 };
    if let Some(plot) = &figure.plot {
        picture(&mut body, figure, plot, [size[0] - beside, size[1] - below], theme);
    }
    if below > 0.0 {
        text(&mut body, &figure.below, None, [0.0, size[1] - below], theme);
    }
    if let Some((_, table)) = &figure.table {
        let title = if figure.plot.is_some() { None } else { Some(figure.name.as_str()) };
        text(&mut body, table, title, [size[0] - beside, 1.5], theme);
        inset(&mut body, figure, [size[0] - beside, 1.5 + LINE * table.rows.len() as f64], size, theme);
    }
    let mut hasher = DefaultHasher::new();
    (&body, &figure.name).hash(&mut hasher);
    let id = format!("g{:08x}", hasher.finish() & 0xffff_ffff);
    let body = body.replace(shapes::ID, &id);
    let [w, h] = size.map(number);
    let about = [figure.name.as_str(), &figure.detail].join(" ");
    let page = theme.css(None);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}mm\" height=\"{h}mm\" viewBox=\"0 0 {w} {h}\" \
         role=\"img\" aria-labelledby=\"{id}t\" font-family=\"{FONTS}\" font-size=\"{TEXT}\">\n\
         <title id=\"{id}t\">{}</title>\n<rect width=\"{w}\" height=\"{h}\" fill=\"{page}\"/>\n{body}</svg>\n",
        escaped(about.trim())
    )
}

/// A number with at most three decimals.
fn number(x: f64) -> String {
    let text = format!("{x:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text for a place between tags; what XML has no place for becomes U+FFFD.
#[must_use]
pub fn escaped(text: &str) -> String {
    let text = crate::text::clean(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The picture of the pane within a pane, from a corner to the figure's, if there is one and it has room.
fn inset(body: &mut String, figure: &PaneFigure, [left, top]: [f64; 2], size: [f64; 2], theme: Theme) {
    let own = [size[0] - left, size[1] - top];
    let Some((inset, plot)) = figure.inset.as_ref().and_then(|inset| Some((inset, inset.plot.as_ref()?))) else {
        return;
    };
    if figure.plot.is_none() || own[1] < INSET {
        return;
    }
    let mut inside = String::new();
    picture(&mut inside, inset, plot, own, theme);
    // Names within have to differ from those of the picture beside.
    let inside = inside.replace(shapes::ID, &format!("{}i", shapes::ID));
    let _ = write!(body, "<g transform=\"translate({} {})\">\n{inside}</g>\n", number(left), number(top));
}

/// The picture with its axes.
fn picture(body: &mut String, figure: &PaneFigure, plot: &Plot, size: [f64; 2], theme: Theme) {
    let longest = plot.y.ticks.iter().map(|tick| width(&tick.label)).max().unwrap_or(0);
    let named = if plot.y.name.is_empty() { 0.0 } else { TEXT + 1.2 };
    let labelled = plot.labels != Labels::None || !plot.y.ticks.is_empty();
    let left = 1.5 + if labelled { TICK + 0.8 + f64::from(longest) * WIDE + named } else { 0.0 };
    let below = 1.5
        + if plot.x.ticks.is_empty() { 0.0 } else { TICK + TEXT + 1.0 }
        + if plot.x.name.is_empty() { 0.0 } else { TEXT + 1.0 };
    let top = 1.5 + TEXT + 1.2;
    let mut inside = [(size[0] - left - 2.5).max(1.0), (size[1] - top - below).max(1.0)];
    if plot.equal {
        let [x, y] = [plot.x.span(), plot.y.span()].map(|[low, high]| high - low);
        let scale = (inside[0] / x).min(inside[1] / y);
        inside = [x * scale, y * scale];
    }
    let map = Map { plot, left, top, size: inside };
    let mut shapes = Shapes::new(map, theme);
    plot.all().for_each(|layer| shapes.layer(layer));
    shapes.finish(body, &figure.names);
    title(body, figure, map, theme);
    axes(body, map, theme);
}

/// The name and what is shown, above the frame; what does not fit is left out.
fn title(body: &mut String, figure: &PaneFigure, map: Map<'_>, theme: Theme) {
    let y = number(map.top - 1.2);
    let (name, detail) = (escaped(&figure.name), &figure.detail);
    let used = (f64::from(width(&figure.name)) + 1.0) * WIDE * 1.1;
    let fits = used + f64::from(width(detail)) * WIDE <= map.size[0];
    let detail = if fits { escaped(detail) } else { String::new() };
    let _ = writeln!(
        body,
        "<text x=\"{}\" y=\"{y}\" fill=\"{}\"><tspan font-weight=\"bold\">{name}</tspan> <tspan fill=\"{}\">{detail}</tspan></text>",
        number(map.left),
        theme.css(Some(Role::Text)),
        theme.css(Some(Role::Dim)),
    );
}

fn axes(body: &mut String, map: Map<'_>, theme: Theme) {
    let [left, top, right, bottom] = [map.left, map.top, map.left + map.size[0], map.top + map.size[1]];
    let (ink, dim) = (theme.css(Some(Role::Text)), theme.css(Some(Role::Dim)));
    let _ = writeln!(
        body,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{dim}\" stroke-width=\"0.25\"/>",
        number(left),
        number(top),
        number(map.size[0]),
        number(map.size[1]),
    );
    let [x_low, y_low] = [map.plot.x.range[0], map.plot.y.range[0]];
    let mut ticks = String::new();
    let mut labels = String::new();
    for tick in &map.plot.x.ticks {
        let [x, _] = map.at([tick.at, y_low]);
        if map.holds([x, bottom]) {
            let _ = write!(ticks, "M{} {}v{TICK}", number(x), number(bottom));
            let y = number(bottom + TICK + TEXT);
            let label = escaped(&tick.label);
            let _ = writeln!(labels, "<text x=\"{}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>", number(x));
        }
    }
    for tick in &map.plot.y.ticks {
        let [_, y] = map.at([x_low, tick.at]);
        if map.holds([left, y]) {
            let _ = write!(ticks, "M{} {}h-{TICK}", number(left), number(y));
            let [x, y] = [left - TICK - 0.6, y + 0.35 * TEXT].map(number);
            let label = escaped(&tick.label);
            let _ = writeln!(labels, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{label}</text>");
        }
    }
    let _ = writeln!(body, "<path d=\"{ticks}\" stroke=\"{dim}\" stroke-width=\"0.25\" fill=\"none\"/>");
    let _ = write!(body, "<g fill=\"{dim}\">\n{labels}</g>\n");
    if !map.plot.x.name.is_empty() {
        let (x, y) = (number(right), number(bottom + TICK + 2.0 * TEXT + 0.8));
        let name = escaped(&map.plot.x.name);
        let _ = writeln!(body, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" fill=\"{ink}\">{name}</text>");
    }
    if !map.plot.y.name.is_empty() {
        let [x, y] = [1.0 + TEXT, 0.5 * (top + bottom)].map(number);
        let name = escaped(&map.plot.y.name);
        let _ = writeln!(
            body,
            "<text transform=\"translate({x} {y}) rotate(-90)\" text-anchor=\"middle\" fill=\"{ink}\">{name}</text>"
        );
    }
}

/// The dots of a character from its upper left corner on.
fn dots(body: &mut String, [left, top]: [f64; 2], mask: u8, ink: &str) {
    const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
    for (x, column) in BITS.iter().enumerate() {
        for (y, _) in column.iter().enumerate().filter(|(_, bit)| mask & **bit != 0) {
            let [cx, cy] = [left + (0.25 + 0.5 * x as f64) * WIDE, top + (0.125 + 0.25 * y as f64) * LINE].map(number);
            let _ = writeln!(body, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"0.22\" fill=\"{ink}\"/>");
        }
    }
}

/// Rows of text from a left edge on.
fn text(body: &mut String, table: &Table, title: Option<&str>, [left, top]: [f64; 2], theme: Theme) {
    let top = top + TEXT + if title.is_some() { LINE } else { 0.0 };
    if let Some(title) = title {
        let ink = theme.css(Some(Role::Text));
        let (x, y) = (number(left + 1.5), number(1.5 + TEXT));
        let _ =
            writeln!(body, "<text x=\"{x}\" y=\"{y}\" fill=\"{ink}\" font-weight=\"bold\">{}</text>", escaped(title));
    }
    for (i, row) in table.rows.iter().enumerate() {
        let y = top + i as f64 * LINE;
        for span in row {
            let x = left + 1.5 + f64::from(span.column) * WIDE;
            let (ink, weight) = (theme.ink(span.ink), if span.bold { " font-weight=\"bold\"" } else { "" });
            let anchor = if span.right { " text-anchor=\"end\"" } else { "" };
            match &span.text {
                Words::Text(words) => {
                    let words = escaped(&super::text::clip(words, span.most));
                    let [x, y] = [x, y].map(number);
                    let _ = writeln!(body, "<text x=\"{x}\" y=\"{y}\" fill=\"{ink}\"{anchor}{weight}>{words}</text>");
                }
                Words::Sign(sign) => signs::sign(body, [x + 0.5 * WIDE, y - 0.35 * TEXT], *sign, theme),
                Words::Fill([band, bands]) => {
                    let fill = theme.band(*band, *bands);
                    let [x, y, wide] = [x, y - TEXT - 0.3, f64::from(span.most) * WIDE].map(number);
                    let tall = number(LINE);
                    let _ = writeln!(
                        body,
                        "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{tall}\" fill=\"{fill}\"/>"
                    );
                }
                Words::Bar(share) => {
                    let wide = number(f64::from(span.most) * WIDE * share.clamp(0.0, 1.0));
                    let [x, y] = [x, y - TEXT + 0.1].map(number);
                    let _ =
                        writeln!(body, "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{TEXT}\" fill=\"{ink}\"/>");
                }
                Words::Dots(mask) => dots(body, [x, y - 0.85 * TEXT], *mask, &ink),
                // A cell without a number is empty on paper.
                Words::Hatch => {}
                Words::Chosen => {
                    let [x, y] = [x, y - TEXT + 0.3].map(number);
                    let _ =
                        writeln!(body, "<rect x=\"{x}\" y=\"{y}\" width=\"0.5\" height=\"{TEXT}\" fill=\"{ink}\"/>");
                }
            }
        }
    }
}
