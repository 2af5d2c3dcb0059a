//! Cells as SVG: text as text, fills, dots and frames as paths, one for each colour.
//!
//! Nothing in it has a name, so that two pictures in one page cannot take each other's.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::style::Color;

use super::shapes::{DOT, LINE, RADIUS, Shape, shapes};
use super::{CELL, Glyph, row};
use crate::plot::palette::{Palette, Rgb};
use crate::plot::svg::escaped;

/// Every viewer has one of these; the last is a class of fonts, not a name.
const FONTS: &str = "'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',monospace";
/// The size at which letters of the first font are as wide as a cell, and where their base line is.
const FONT_SIZE: &str = "16.6";
const BASE: f64 = 15.5;

/// The text of an SVG file that shows cells, so many millimetres wide if that is given.
#[must_use]
pub fn svg(cells: &Buffer, palette: Palette, title: &str, wide: Option<f64>) -> String {
    let (width, height) = (cells.area.width * CELL.0, cells.area.height * CELL.1);
    let size = match wide {
        None => [width, height].map(|pixels| pixels.to_string()),
        Some(wide) => [wide, wide * f64::from(height) / f64::from(width.max(1))].map(|mm| format!("{mm:.2}mm")),
    };
    let page = palette.page(Color::Reset);
    let mut picture = Picture::default();
    for y in 0..cells.area.height {
        let glyphs: Vec<Glyph<'_>> = row(cells, y, palette).collect();
        picture.fill(&glyphs, page);
        picture.draw(&glyphs);
        picture.write(&glyphs);
    }
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n<path fill=\"{}\" d=\"M0 0h{width}v{height}H0z\"/>\n",
        size[0],
        size[1],
        escaped(title),
        page.hex()
    );
    picture.finish(&mut out);
    out + "</svg>\n"
}

/// Paths by colour, and the texts.
#[derive(Default)]
struct Picture {
    fills: BTreeMap<Rgb, String>,
    boxes: BTreeMap<Rgb, String>,
    dots: BTreeMap<Rgb, String>,
    arcs: BTreeMap<Rgb, String>,
    texts: String,
}

impl Picture {
    /// What lies behind a row, where it is not the page.
    fn fill(&mut self, glyphs: &[Glyph<'_>], page: Rgb) {
        for run in glyphs.chunk_by(|a, b| a.page == b.page).filter(|run| run[0].page != page) {
            let columns: u16 = run.iter().map(|glyph| glyph.width).sum();
            let (x, y) = corner(&run[0]);
            let width = columns * CELL.0;
            push(&mut self.fills, run[0].page, format_args!("M{x} {y}h{width}v{}h-{width}z", CELL.1));
        }
    }

    /// The drawn characters of a row.
    fn draw(&mut self, glyphs: &[Glyph<'_>]) {
        for glyph in glyphs {
            let (x, y) = corner(glyph);
            let (x, y) = (f64::from(x), f64::from(y));
            for shape in drawn(glyph).into_iter().flatten() {
                match shape {
                    Shape::Box([left, top, right, bottom]) => {
                        let (w, h) = (right - left, bottom - top);
                        let (x, y) = (x + left, y + top);
                        push(&mut self.boxes, glyph.color, format_args!("M{x} {y}h{w}v{h}h-{w}z"));
                    }
                    Shape::Disc([cx, cy, _]) => {
                        push(&mut self.dots, glyph.color, format_args!("M{} {}h0", x + cx, y + cy));
                    }
                    Shape::Corner { down, right } => {
                        let (to_x, to_y) = (if right { RADIUS } else { -RADIUS }, if down { RADIUS } else { -RADIUS });
                        let (x, y) = (x + 5.0, y + 10.0 + to_y);
                        let turn = u8::from(down == right);
                        let arc = format_args!("M{x} {y}a{RADIUS} {RADIUS} 0 0 {turn} {to_x} {}", -to_y);
                        push(&mut self.arcs, glyph.color, arc);
                    }
                }
            }
        }
    }

    /// The letters of a row: neighbours of one colour and weight are one text, as wide as their cells.
    fn write(&mut self, glyphs: &[Glyph<'_>]) {
        for words in words(glyphs) {
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let (x, y) = corner(first);
            let width = (last.column + last.width - first.column) * CELL.0;
            let text: String = words.iter().map(|glyph| glyph.text).collect();
            let bold = if first.bold { " font-weight=\"bold\"" } else { "" };
            let _ = writeln!(
                self.texts,
                "<text x=\"{x}\" y=\"{}\" fill=\"{}\"{bold} textLength=\"{width}\">{}</text>",
                f64::from(y) + BASE,
                first.color.hex(),
                escaped(&text)
            );
        }
    }

    fn finish(&self, out: &mut String) {
        let filled = |out: &mut String, paths: &BTreeMap<Rgb, String>| {
            for (color, path) in paths {
                let _ = writeln!(out, "<path fill=\"{}\" d=\"{path}\"/>", color.hex());
            }
        };
        let stroked = |out: &mut String, paths: &BTreeMap<Rgb, String>| {
            for (color, path) in paths {
                let _ = writeln!(out, "<path stroke=\"{}\" d=\"{path}\"/>", color.hex());
            }
        };
        out.push_str("<g shape-rendering=\"crispEdges\">\n");
        filled(out, &self.fills);
        filled(out, &self.boxes);
        let _ = writeln!(out, "</g>\n<g fill=\"none\" stroke-linecap=\"round\" stroke-width=\"{}\">", 2.0 * DOT);
        stroked(out, &self.dots);
        let _ = writeln!(out, "</g>\n<g fill=\"none\" stroke-width=\"{LINE}\">");
        stroked(out, &self.arcs);
        let _ = writeln!(out, "</g>\n<g font-family=\"{FONTS}\" font-size=\"{FONT_SIZE}\">\n{}</g>", self.texts);
    }
}

fn push(paths: &mut BTreeMap<Rgb, String>, color: Rgb, path: std::fmt::Arguments<'_>) {
    let _ = paths.entry(color).or_default().write_fmt(path);
}

/// The upper left corner of a cell.
const fn corner(glyph: &Glyph<'_>) -> (u16, u16) {
    (glyph.column * CELL.0, glyph.row * CELL.1)
}

/// The shapes of a cell whose character is drawn.
fn drawn(glyph: &Glyph<'_>) -> Option<Vec<Shape>> {
    let mut characters = glyph.text.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) => shapes(c),
        _ => None,
    }
}

/// The texts of a row: letters of one colour and weight, with at most one blank between them.
fn words<'a, 'b>(glyphs: &'a [Glyph<'b>]) -> Vec<&'a [Glyph<'b>]> {
    let letter = |glyph: &Glyph<'_>| glyph.text.trim() != "" && drawn(glyph).is_none();
    let mut words = Vec::new();
    let mut start = 0;
    while start < glyphs.len() {
        let first = &glyphs[start];
        let mut end = start + 1;
        if letter(first) {
            let alike = |next: Option<&Glyph<'_>>| {
                next.is_some_and(|next| letter(next) && (next.color, next.bold) == (first.color, first.bold))
            };
            loop {
                let blank = glyphs.get(end).is_some_and(|glyph| glyph.text == " ");
                if alike(glyphs.get(end)) {
                    end += 1;
                } else if blank && alike(glyphs.get(end + 1)) {
                    end += 2;
                } else {
                    break;
                }
            }
            words.push(&glyphs[start..end]);
        }
        start = end;
    }
    words
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Modifier, Style};

    use super::*;

    fn cells(lines: &[(&str, Style)]) -> Buffer {
        let mut cells = Buffer::empty(Rect::new(0, 0, 20, lines.len() as u16));
        for (y, (line, style)) in lines.iter().enumerate() {
            cells.set_string(0, y as u16, line, *style);
        }
        cells
    }

    #[test]
    fn text_is_text_and_nothing_in_it_is_markup() {
        let red = Style::new().fg(Color::Indexed(196));
        let svg = svg(
            &cells(&[("a <b> & \"c\"   d漢", red), ("x", red.add_modifier(Modifier::BOLD))]),
            Palette::DARK,
            "<&>",
            None,
        );
        assert!(svg.contains("<title>&lt;&amp;&gt;</title>"), "{svg}");
        assert!(svg.contains("fill=\"#ff0000\" textLength=\"110\">a &lt;b&gt; &amp; &quot;c&quot;</text>"), "{svg}");
        assert!(svg.contains("<text x=\"140\" y=\"15.5\" fill=\"#ff0000\" textLength=\"30\">d漢</text>"), "{svg}");
        assert!(svg.contains("<text x=\"0\" y=\"35.5\" fill=\"#ff0000\" font-weight=\"bold\""), "{svg}");
        assert!(
            svg.starts_with("<svg ") && svg.contains("width=\"200\" height=\"40\" viewBox=\"0 0 200 40\""),
            "{svg}"
        );
        assert!(!svg.contains(" id="), "{svg}");
    }

    #[test]
    fn dots_blocks_and_frames_are_paths_of_their_colour() {
        let svg = svg(&cells(&[("\u{2801}█╭", Style::new().fg(Color::Rgb(1, 2, 3)))]), Palette::LIGHT, "", Some(84.0));
        assert!(svg.contains("<path fill=\"#010203\" d=\"M10 0h10v20h-10z"), "{svg}");
        assert!(svg.contains("<path stroke=\"#010203\" d=\"M2.5 2.5h0\"/>"), "{svg}");
        assert!(svg.contains("<path stroke=\"#010203\" d=\"M25 15a5 5 0 0 1 5 -5\"/>"), "{svg}");
        assert!(!svg.contains("<text"), "{svg}");
        assert!(svg.contains("width=\"84.00mm\" height=\"8.40mm\" viewBox=\"0 0 200 20\""), "{svg}");
    }
}
