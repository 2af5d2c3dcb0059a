//! The letters of pictures: outlines of DejaVu Sans Mono in two weights, and how much of each pixel a letter covers.
//!
//! What the font lacks is an empty box. `assets/outlines.py` writes the files and says what is in them.

use ab_glyph_rasterizer::{Point, Rasterizer, point};

const PLAIN: &[u8] = include_bytes!("../../../assets/plain.outlines");
const BOLD: &[u8] = include_bytes!("../../../assets/bold.outlines");

/// Units from descent to ascent, left of the origin, and from it to the next letter.
const HIGH: f32 = 255.0;
const LEFT: f32 = 40.0;
const ADVANCE: f32 = 1233.0 / 2384.0 * HIGH;

/// The outline of a character, in the weight that was asked for if there is one.
fn find(c: char, bold: bool) -> Option<&'static [u8]> {
    let fonts = if bold { [BOLD, PLAIN] } else { [PLAIN, BOLD] };
    fonts.into_iter().find_map(|font| outline(font, c))
}

fn outline(font: &'static [u8], c: char) -> Option<&'static [u8]> {
    let (count, rest) = font.split_first_chunk::<2>()?;
    let (rows, _) = rest.as_chunks::<8>();
    let rows = rows.get(..usize::from(u16::from_le_bytes(*count)))?;
    let code = |row: &[u8; 8]| u32::from_le_bytes([row[0], row[1], row[2], row[3]]);
    let row = rows.get(rows.binary_search_by_key(&u32::from(c), code).ok()?)?;
    font.get(u32::from_le_bytes([row[4], row[5], row[6], row[7]]) as usize..)
}

/// Adds the coverage of a character to a mask of `width` by `height` pixels, row by row, in which `advance` pixels are
/// one column.
pub fn cover(c: char, bold: bool, advance: usize, (width, height): (usize, usize), mask: &mut [u8]) {
    let Some(outline) = find(c, bold) else { return empty_box((width, height), mask) };
    let scale = advance as f32 / ADVANCE;
    // The canvas holds every point that an outline can have; the cell is a part of it.
    let left = (LEFT * scale).ceil() as usize;
    let top = ((height as f32 - HIGH * scale) / 2.0).round().max(0.0);
    let across = left + ((HIGH - LEFT) * scale).ceil() as usize + 1;
    let mut canvas = Rasterizer::new(across, height);
    let place = |x: u8, y: u8| {
        point((f32::from(x) - LEFT) * scale + left as f32, (top + (HIGH - f32::from(y)) * scale).min(height as f32))
    };
    draw(outline, place, &mut canvas);
    canvas.for_each_pixel_2d(|x, y, part| {
        let (Some(x), y) = ((x as usize).checked_sub(left), y as usize) else { return };
        if let Some(pixel) = mask.get_mut(y * width + x).filter(|_| x < width) {
            *pixel = pixel.saturating_add((part.clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    });
}

/// Draws the contours of an outline, of which the first byte is how many there are.
fn draw(outline: &[u8], place: impl Fn(u8, u8) -> Point, canvas: &mut Rasterizer) {
    let mut rest = outline;
    let mut take = |count: usize| rest.split_off(..count).unwrap_or_default();
    let contours = take(1).first().copied().unwrap_or(0);
    for _ in 0..contours {
        let count = usize::from(take(1).first().copied().unwrap_or(0));
        let bits = take(count.div_ceil(8));
        let (pairs, _) = take(2 * count).as_chunks::<2>();
        let points: Vec<(Point, bool)> =
            pairs.iter().enumerate().map(|(i, [x, y])| (place(*x, *y), bits[i / 8] >> (i % 8) & 1 == 1)).collect();
        contour(&points, canvas);
    }
}

/// A closed contour of lines and parabolas, as TrueType has them: between two control points lies a point of the curve.
fn contour(points: &[(Point, bool)], canvas: &mut Rasterizer) {
    let middle = |a: Point, b: Point| point(0.5 * (a.x + b.x), 0.5 * (a.y + b.y));
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let start = match (first, last) {
        ((first, true), _) => *first,
        (_, (last, true)) => *last,
        ((first, false), (last, false)) => middle(*first, *last),
    };
    let (mut at, mut control) = (start, None);
    for (next, on) in points.iter().copied().chain([(start, true)]) {
        let to = match (control, on) {
            (Some(control), false) => middle(control, next),
            _ => next,
        };
        match control {
            Some(control) => canvas.draw_quad(at, control, to),
            None if on => canvas.draw_line(at, to),
            None => {}
        }
        if control.is_some() || on {
            at = to;
        }
        control = (!on).then_some(next);
    }
}

/// Stands for a character that the font lacks.
fn empty_box((width, height): (usize, usize), mask: &mut [u8]) {
    let (x, y) = (width / 8, height / 5);
    let line = (height / 20).max(1);
    for (row, pixels) in mask.chunks_mut(width).enumerate().take(height - y).skip(y) {
        for (column, pixel) in pixels.iter_mut().enumerate().take(width - x).skip(x) {
            let inner = (x + line..width - x - line).contains(&column) && (y + line..height - y - line).contains(&row);
            *pixel = if inner { *pixel } else { 255 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(c: char, bold: bool) -> Vec<u8> {
        let mut mask = vec![0; 20 * 40];
        cover(c, bold, 20, (20, 40), &mut mask);
        mask
    }

    fn sum(mask: &[u8]) -> u32 {
        mask.iter().map(|part| u32::from(*part)).sum()
    }

    #[test]
    fn both_weights_are_there_and_differ() {
        assert!(sum(&mask('H', true)) > sum(&mask('H', false)));
        assert_eq!(sum(&mask(' ', false)), 0);
        assert_eq!(mask('漢', false), mask('字', true));
        assert!(find('漢', false).is_none());
    }

    /// A square that DejaVu draws from 0.5 to 8.6 of its ten pixels: its inside is full, its outside empty.
    #[test]
    fn a_filled_square_is_full() {
        let mask = mask('■', false);
        let at = |x: usize, y: usize| mask[20 * y + x];
        assert_eq!((at(10, 22), at(10, 2), at(10, 38)), (255, 0, 0));
    }

    /// Every racer's mark and every character of the program's own texts can be set.
    #[test]
    fn the_font_has_what_the_screens_say() {
        let text = "●◆▲■✚★▼◇△□▽☆○◎✗✓▸▾◂•·–—−×°½²¹⁻√∂∇Σ∫‖≤≥→←↑↓αβγδθλμπρσφω₁₂ᵢⱼᵀ…";
        for c in text.chars().chain(' '..='~') {
            assert!(find(c, false).is_some(), "{c}");
            assert!(c == ' ' || sum(&mask(c, false)) > 0 && sum(&mask(c, true)) > 0, "{c}");
        }
    }
}
