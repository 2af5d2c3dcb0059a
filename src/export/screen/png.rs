//! Cells as PNG: two pixels per unit, so that a picture of 120 columns is 2400 pixels wide, and its size on paper.
//!
//! The filter and the compression are fixed: the same cells are the same bytes. Source of the format: ISO/IEC 15948.

use std::collections::HashMap;

use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params};
use ratatui::buffer::Buffer;

use super::shapes::{Shape, shapes};
use super::{CELL, font, row};
use crate::plot::palette::{Palette, Rgb};

/// Pixels per unit.
const SCALE: usize = 2;
/// The width and height of a cell in pixels.
const PIXELS: (usize, usize) = (CELL.0 as usize * SCALE, CELL.1 as usize * SCALE);
/// Pixels per metre: a unit is a CSS pixel, of which an inch has 96.
const PER_METRE: u32 = (96.0 * SCALE as f64 / 0.0254) as u32;
/// A pixel is looked at in this many places squared.
const SAMPLES: usize = 4;
/// The level of compression.
const LEVEL: i32 = 6;

/// The bytes of a PNG file that shows cells; `None` if there are none, since a PNG has at least one pixel.
#[must_use]
pub fn png(cells: &Buffer, palette: Palette) -> Option<Vec<u8>> {
    let (columns, rows) = (usize::from(cells.area.width), usize::from(cells.area.height));
    let width = columns * PIXELS.0;
    let side = |pixels: usize| u32::try_from(pixels).ok().filter(|side| *side > 0).map(u32::to_be_bytes);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    // Eight bits of red, green and blue; deflate; no interlacing.
    let header = [&side(width)?[..], &side(rows * PIXELS.1)?, &[8, 2, 0, 0, 0]].concat();
    chunk(&mut bytes, *b"IHDR", &header);
    let density = PER_METRE.to_be_bytes();
    chunk(&mut bytes, *b"pHYs", &[&density[..], &density, &[1]].concat());
    chunk(&mut bytes, *b"IDAT", &pixels(cells, palette, width));
    chunk(&mut bytes, *b"IEND", &[]);
    Some(bytes)
}

/// A chunk: length, name, data, checksum.
fn chunk(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend_from_slice(data);
    let checked = crc(&out[start..]);
    out.extend(checked.to_be_bytes());
}

/// The checksum of a chunk (CRC-32).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// The pixels, compressed. A row of cells at a time: a large picture takes no more memory than it has bytes.
fn pixels(cells: &Buffer, palette: Palette, width: usize) -> Vec<u8> {
    let mut deflate = CompressorOxide::new(create_comp_flags_from_zip_params(LEVEL, 15, 0));
    let mut out = Vec::new();
    let mut brush = Brush::default();
    // Each line begins with the number of its filter: none.
    let mut strip = vec![0; (1 + 3 * width) * PIXELS.1];
    for y in 0..cells.area.height {
        brush.paint(cells, y, palette, &mut strip, 1 + 3 * width);
        let flush = if y + 1 == cells.area.height { TDEFLFlush::Finish } else { TDEFLFlush::None };
        compress_to_output(&mut deflate, &strip, flush, |part| {
            out.extend_from_slice(part);
            true
        });
    }
    out
}

/// The coverage of characters that have been drawn once.
#[derive(Default)]
struct Brush {
    masks: HashMap<(String, bool, u16), Vec<u8>>,
}

impl Brush {
    /// Paints a row of cells into lines of so many bytes.
    fn paint(&mut self, cells: &Buffer, y: u16, palette: Palette, strip: &mut [u8], line: usize) {
        for glyph in row(cells, y, palette) {
            let across = PIXELS.0 * usize::from(glyph.width);
            let left = 1 + 3 * PIXELS.0 * usize::from(glyph.column);
            let key = (glyph.text.to_owned(), glyph.bold, glyph.width);
            let mask = self.masks.entry(key).or_insert_with(|| mask(glyph.text, glyph.bold, (across, PIXELS.1)));
            for (bytes, parts) in strip.chunks_mut(line).zip(mask.chunks(across)) {
                for (pixel, part) in bytes[left..].chunks_mut(3).zip(parts) {
                    let Rgb(color) = glyph.page.blend(glyph.color, *part);
                    pixel.copy_from_slice(&color);
                }
            }
        }
    }
}

/// How much of each pixel a character covers, row by row.
fn mask(text: &str, bold: bool, size: (usize, usize)) -> Vec<u8> {
    let mut mask = vec![0; size.0 * size.1];
    for c in text.chars() {
        match shapes(c) {
            Some(shapes) => draw(&shapes, size.0, &mut mask),
            None => font::cover(c, bold, PIXELS.0, size, &mut mask),
        }
    }
    mask
}

fn draw(shapes: &[Shape], width: usize, mask: &mut [u8]) {
    let place = |pixel: usize, sample: usize| (pixel as f64 + (sample as f64 + 0.5) / SAMPLES as f64) / SCALE as f64;
    for (i, part) in mask.iter_mut().enumerate() {
        let (x, y) = (i % width, i / width);
        let inside = |sample: &usize| {
            let (x, y) = (place(x, sample % SAMPLES), place(y, sample / SAMPLES));
            shapes.iter().any(|shape| shape.contains(x, y))
        };
        let hits = (0..SAMPLES * SAMPLES).filter(inside).count();
        *part = (hits * 255 / (SAMPLES * SAMPLES)) as u8;
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;

    #[test]
    fn a_decoder_finds_the_size_on_paper_and_the_colours() {
        let mut cells = Buffer::empty(Rect::new(3, 1, 7, 2));
        cells.set_string(3, 1, "█ ─", Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Rgb(250, 240, 230)));
        let bytes = png(&cells, Palette::DARK).expect("a picture");
        assert_eq!(Some(&bytes), png(&cells, Palette::DARK).as_ref());
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a header");
        let info = reader.info();
        assert_eq!((info.width, info.height), (140, 80));
        assert!(info.pixel_dims.is_some_and(|dims| dims.xppu == 7559 && dims.unit == ::png::Unit::Meter));
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut pixels).expect("pixels");
        let at = |x: usize, y: usize| &pixels[3 * (140 * y + x)..3 * (140 * y + x) + 3];
        assert_eq!((at(0, 0), at(19, 39), at(20, 0)), (&[1, 2, 3][..], &[1, 2, 3][..], &[250, 240, 230][..]));
        assert_eq!((at(41, 19), at(41, 20), at(41, 17)), (&[1, 2, 3][..], &[1, 2, 3][..], &[250, 240, 230][..]));
        assert_eq!(at(139, 79), &Palette::DARK.page.0);
    }

    #[test]
    fn without_cells_there_is_no_picture() {
        assert!(png(&Buffer::empty(Rect::new(0, 0, 0, 4)), Palette::DARK).is_none());
        assert!(png(&Buffer::empty(Rect::new(0, 0, 4, 0)), Palette::DARK).is_none());
    }
}
