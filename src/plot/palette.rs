//! The colours of a terminal as numbers: xterm's sixteen, its cube and its greys, and the two that have no name.

use ratatui::style::Color;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// The colour halfway to another.
    #[must_use]
    pub fn between(self, other: Self) -> Self {
        self.blend(other, 128)
    }

    /// This colour mixed with another: `share` of 255 parts are the other's.
    #[must_use]
    pub fn blend(self, other: Self, share: u8) -> Self {
        let mix = |a: u8, b: u8| {
            let (a, b, share) = (u32::from(a), u32::from(b), u32::from(share));
            ((a * (255 - share) + b * share + 127) / 255) as u8
        };
        Self([0, 1, 2].map(|i| mix(self.0[i], other.0[i])))
    }

    /// The grey of the same luminance (Rec. 709, in linear light).
    #[must_use]
    pub fn grey(self) -> Self {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.0.map(linear);
        let y = 0.212_6 * r + 0.715_2 * g + 0.072_2 * b;
        let part = if y <= 0.003_130_8 { 12.92 * y } else { 1.055 * y.powf(1.0 / 2.4) - 0.055 };
        Self([(255.0 * part).round() as u8; 3])
    }

    /// `#rrggbb`.
    #[must_use]
    pub fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

/// What a terminal shows for a cell without colours of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// The colour of text.
    pub ink: Rgb,
    /// The colour behind it.
    pub page: Rgb,
    /// Whether every colour is the grey of its luminance.
    pub grey: bool,
}

impl Palette {
    /// Light on dark.
    pub const DARK: Self = Self { ink: Rgb([0xda, 0xda, 0xda]), page: Rgb([0x12, 0x12, 0x12]), grey: false };
    /// Dark on white.
    pub const LIGHT: Self = Self { ink: Rgb([0x1c, 0x1c, 0x1c]), page: Rgb([0xff, 0xff, 0xff]), grey: false };

    /// The sixteen named colours, as xterm has them.
    #[must_use]
    pub fn sixteen(self) -> [Rgb; 16] {
        std::array::from_fn(|i| indexed(i as u8))
    }

    /// The colour of a foreground.
    #[must_use]
    pub fn ink(self, color: Color) -> Rgb {
        self.shade(named(color).unwrap_or(self.ink))
    }

    /// The colour of a background.
    #[must_use]
    pub fn page(self, color: Color) -> Rgb {
        self.shade(named(color).unwrap_or(self.page))
    }

    fn shade(self, color: Rgb) -> Rgb {
        if self.grey { color.grey() } else { color }
    }

    /// An SVG document with its colours as this palette has them: attributes of the form `"#rrggbb"`, which no text can
    /// have, since a quote in a text is `&quot;`.
    #[must_use]
    pub fn paint(self, svg: &str) -> String {
        let mut out = String::with_capacity(svg.len());
        let mut rest = svg;
        while let Some(at) = rest.find("\"#") {
            let (before, color) = rest.split_at(at + 2);
            out.push_str(before.trim_end_matches('#'));
            let parts = color.get(..6).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
            match parts.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
                Some(number) => {
                    let [_, r, g, b] = number.to_be_bytes();
                    out.push_str(&self.shade(Rgb([r, g, b])).hex());
                    rest = &color[6..];
                }
                None => {
                    out.push('#');
                    rest = color;
                }
            }
        }
        out + rest
    }
}

/// The numbers of a colour; `None` for the terminal's own.
fn named(color: Color) -> Option<Rgb> {
    Some(match color {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => Rgb([r, g, b]),
        Color::Indexed(n) => indexed(n),
        Color::Black => indexed(0),
        Color::Red => indexed(1),
        Color::Green => indexed(2),
        Color::Yellow => indexed(3),
        Color::Blue => indexed(4),
        Color::Magenta => indexed(5),
        Color::Cyan => indexed(6),
        Color::Gray => indexed(7),
        Color::DarkGray => indexed(8),
        Color::LightRed => indexed(9),
        Color::LightGreen => indexed(10),
        Color::LightYellow => indexed(11),
        Color::LightBlue => indexed(12),
        Color::LightMagenta => indexed(13),
        Color::LightCyan => indexed(14),
        Color::White => indexed(15),
    })
}

/// An entry of xterm's 256 colours.
fn indexed(n: u8) -> Rgb {
    const SIXTEEN: [[u8; 3]; 16] = [
        [0x00, 0x00, 0x00],
        [0xcd, 0x00, 0x00],
        [0x00, 0xcd, 0x00],
        [0xcd, 0xcd, 0x00],
        [0x00, 0x00, 0xee],
        [0xcd, 0x00, 0xcd],
        [0x00, 0xcd, 0xcd],
        [0xe5, 0xe5, 0xe5],
        [0x7f, 0x7f, 0x7f],
        [0xff, 0x00, 0x00],
        [0x00, 0xff, 0x00],
        [0xff, 0xff, 0x00],
        [0x5c, 0x5c, 0xff],
        [0xff, 0x00, 0xff],
        [0x00, 0xff, 0xff],
        [0xff, 0xff, 0xff],
    ];
    let level = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
    Rgb(match n {
        0..16 => SIXTEEN[usize::from(n)],
        16..232 => [(n - 16) / 36, (n - 16) / 6 % 6, (n - 16) % 6].map(level),
        232.. => [8 + 10 * (n - 232); 3],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corners of the cube and both ends of the greys, from xterm's 256colres.h.
    #[test]
    fn the_256_colours_are_xterms() {
        for (n, hex) in
            [(1, "#cd0000"), (16, "#000000"), (59, "#5f5f5f"), (153, "#afd7ff"), (231, "#ffffff"), (232, "#080808")]
        {
            assert_eq!(indexed(n).hex(), hex, "{n}");
        }
        assert_eq!(indexed(255).hex(), "#eeeeee");
        assert_eq!(Palette::DARK.page(Color::Reset), Palette::DARK.page);
    }

    #[test]
    fn a_grey_picture_has_no_colour_left() {
        let grey = Palette { grey: true, ..Palette::LIGHT };
        let svg = "<text fill=\"#ff0000\">#00ff00 &quot;#00ff00&quot;</text><use href=\"#a\"/><g stroke=\"#808080\"/>";
        // The grey of red: its luminance is 0.2126.
        let wanted = svg.replace("ff0000", "7f7f7f");
        assert_eq!((grey.paint(svg), Palette::LIGHT.paint(svg)), (wanted, svg.to_owned()));
        let Rgb([r, g, b]) = grey.ink(Color::Indexed(208));
        assert!(r == g && g == b);
        assert_eq!([grey.page(Color::Reset), grey.ink(Color::Rgb(0, 0, 0))], [Rgb([255; 3]), Rgb([0; 3])]);
    }

    #[test]
    fn a_blend_begins_and_ends_at_its_colours() {
        let (a, b) = (Rgb([0, 10, 255]), Rgb([255, 20, 0]));
        assert_eq!((a.blend(b, 0), a.blend(b, 255)), (a, b));
        assert_eq!(a.between(b), Rgb([128, 15, 127]));
    }
}
