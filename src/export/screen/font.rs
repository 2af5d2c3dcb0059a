//! The letters of pictures: a part of DejaVu Sans Mono in two weights, and how much of each pixel a letter covers.
//!
//! What the font lacks is an empty box. `assets/README.md` says how the two files were made.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, point};

static PLAIN: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| load(include_bytes!("../../../assets/mono.ttf")));
static BOLD: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| load(include_bytes!("../../../assets/mono-bold.ttf")));

fn load(bytes: &'static [u8]) -> Option<FontRef<'static>> {
    FontRef::try_from_slice(bytes).ok()
}

/// The font that has a character, in the weight that was asked for if possible.
fn find(c: char, bold: bool) -> Option<(&'static FontRef<'static>, GlyphId)> {
    let fonts = if bold { [BOLD.as_ref(), PLAIN.as_ref()] } else { [PLAIN.as_ref(), None] };
    fonts.into_iter().flatten().map(|font| (font, font.glyph_id(c))).find(|(_, id)| *id != GlyphId(0))
}

/// Adds the coverage of a character to a mask of `width` by `height` pixels, row by row, in which `advance` pixels are
/// one column.
pub fn cover(c: char, bold: bool, advance: usize, (width, height): (usize, usize), mask: &mut [u8]) {
    let Some((font, id)) = find(c, bold) else { return empty_box((width, height), mask) };
    // A column is as wide as the font's letters are, and a row is a little higher than its lines.
    let scale = advance as f32 / font.h_advance_unscaled(id) * font.height_unscaled();
    let per_unit = scale / font.height_unscaled();
    let top = ((height as f32 - scale) / 2.0 + font.ascent_unscaled() * per_unit).round();
    let glyph = Glyph { id, scale: PxScale::from(scale), position: point(0.0, top) };
    let Some(outline) = font.outline_glyph(glyph) else { return };
    let corner = outline.px_bounds().min;
    let (left, top) = (corner.x as i64, corner.y as i64);
    outline.draw(|x, y, part| {
        let (x, y) = (left + i64::from(x), top + i64::from(y));
        let inside = x >= 0 && y >= 0 && x < width as i64 && y < height as i64;
        if inside && let Some(pixel) = mask.get_mut(y as usize * width + x as usize) {
            *pixel = pixel.saturating_add((part.clamp(0.0, 1.0) * 255.0).round() as u8);
        }
    });
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
        assert!(PLAIN.is_some() && BOLD.is_some());
        assert!(sum(&mask('H', true)) > sum(&mask('H', false)));
        assert_eq!(sum(&mask(' ', false)), 0);
        // Of a character that only one weight has, that one.
        assert_eq!(mask('Ж', true), mask('Ж', false));
        assert_eq!(mask('漢', false), mask('字', true));
    }

    /// Every racer's mark and every character of the program's own texts can be set.
    #[test]
    fn the_font_has_what_the_screens_say() {
        let text = "●◆▲■✚★▼◇△□▽☆○◎✗✓▸▾◂•·–—−×°½²¹⁻√∂∇Σ∫‖≤≥→←↑↓αβγδθλμπρσφω₁₂ᵢⱼᵀ…";
        for c in text.chars().chain(' '..='~') {
            assert!(find(c, false).is_some() && find(c, true).is_some(), "{c}");
        }
    }
}
