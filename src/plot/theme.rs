//! Colours by role: dark and light, for four colour depths. The only place where a colour is named.
//!
//! Every colour except the fills is an entry of the 256 palette, so that truecolor and 256 look alike and an index is
//! sent in both. With 16 colours and with none, secondary things are dim on the default ground and nothing is filled.

use ratatui::style::{Color, Modifier, Style};

pub use super::look::{Depth, Ground, Theme};
pub use super::mark::Role;
use super::mark::{Ink, Spread};
use super::palette::Palette;

/// Racer colours: dark now, dark past, light now, light past, as entries of the 256 palette. No two of a column are closer
/// than 12 in Oklab × 100 where they are now, for eyes without blue, green or red cones 5 (`tests/palettes.rs`); where they
/// are past, 6.
const RACERS: [[u8; 4]; 12] = [
    [153, 68, 27, 68],
    [214, 136, 166, 173],
    [170, 133, 163, 133],
    [43, 36, 29, 72],
    [227, 143, 58, 100],
    [203, 131, 88, 95],
    [34, 28, 54, 91],
    [99, 62, 24, 67],
    [122, 151, 19, 141],
    [130, 94, 125, 168],
    [111, 60, 98, 139],
    [31, 30, 92, 206],
];
/// The same with 16 colours: dark, light, as entries of the terminal's palette. That palette is unknown, so these are
/// the entries whose contrast with the background is at least 3 in the palettes that terminals ship with
/// (`tests/palettes.rs`): no green, yellow or cyan can be seen on white. `None` is the terminal's own foreground, bold. There
/// are no more than six: the next six racers have them again, with other dashes (`style`).
const RACERS_16: [[Option<u8>; 2]; 6] = [
    [Some(12), Some(4)],
    [Some(3), Some(1)],
    [Some(13), Some(5)],
    [Some(2), None],
    [Some(6), Some(8)],
    [Some(9), Some(9)],
];
/// Racer glyphs; from the thirteenth racer on they repeat with other colours.
const GLYPHS: [char; 12] = ['●', '◆', '▲', '■', '✚', '★', '▼', '◇', '△', '□', '▽', '☆'];

/// How much of a racer's past colour is in a band of quantiles, the outer and the inner one: dark, light.
const SPREAD: [[f64; 2]; 2] = [[0.22, 0.42], [0.16, 0.34]];
/// The same as greys of the 256 palette.
const SPREAD_256: [[u8; 2]; 2] = [[235, 238], [254, 251]];

/// The fill's stops, lowest loss first.
const RAMP_DARK: [[u8; 3]; 4] = [[0x12, 0x13, 0x1c], [0x1a, 0x27, 0x40], [0x27, 0x44, 0x57], [0x3f, 0x5f, 0x6b]];
const RAMP_LIGHT: [[u8; 3]; 2] = [[0xff, 0xff, 0xff], [0xb3, 0xc3, 0xd6]];
const RAMP_256_DARK: [u8; 8] = [233, 234, 235, 236, 237, 238, 239, 240];
const RAMP_256_LIGHT: [u8; 8] = [231, 255, 254, 253, 252, 251, 250, 249];

/// The glyph of a racer by its index in the file.
#[must_use]
pub const fn glyph(racer: usize) -> char {
    GLYPHS[racer % GLYPHS.len()]
}

impl Theme {
    /// Whether areas can be filled at all.
    #[must_use]
    pub fn fills(self) -> bool {
        self.depth >= Depth::Ansi256
    }

    /// The most bands of loss that the fill can tell apart.
    #[must_use]
    pub fn bands(self) -> usize {
        if self.depth == Depth::True { 12 } else { 8 }
    }

    fn dark(self) -> bool {
        self.ground == Ground::Dark
    }

    fn pick(self, dark: u8, light: u8) -> Color {
        Color::Indexed(if self.dark() { dark } else { light })
    }

    /// The style of every cell before anything is drawn.
    #[must_use]
    pub fn ground(self) -> Style {
        if self.fills() {
            Style::new().fg(self.color(Role::Text)).bg(self.pick(233, 231))
        } else {
            Style::new().fg(Color::Reset).bg(Color::Reset)
        }
    }

    /// A role's colour where there are 256 or more; the terminal's default elsewhere, but for the accent.
    #[must_use]
    pub fn color(self, role: Role) -> Color {
        match (self.depth, role) {
            (Depth::Ansi16, Role::Accent) => self.pick(3, 1),
            (Depth::None | Depth::Ansi16, _) => Color::Reset,
            (_, Role::Text | Role::Focus) => self.pick(253, 234),
            (_, Role::Dim) => self.pick(245, 241),
            (_, Role::Faint) => self.pick(59, 247),
            (_, Role::Border) => self.pick(238, 250),
            (_, Role::Accent) => self.pick(221, 130),
            // On a grey fill a greenish line would be lost.
            (Depth::Ansi256, Role::Contour) => self.pick(247, 244),
            (_, Role::Contour) => self.pick(109, 244),
            (_, Role::ContourLabel) => self.pick(251, 238),
            (_, Role::Mark) => self.pick(231, 16),
            (_, Role::Bar) => self.pick(237, 254),
            (Depth::Ansi256, Role::Soft) => self.pick(238, 252),
            (_, Role::Soft) => Color::Rgb(
                if self.dark() { 0x3a } else { 0xc3 },
                if self.dark() { 0x46 } else { 0xd0 },
                if self.dark() { 0x56 } else { 0xde },
            ),
        }
    }

    /// A role's style: its colour, and dim lines where there is no colour to say "secondary". Text is never dim there:
    /// some palettes have little contrast to spare, and some terminals paint dim text in a grey of their own.
    #[must_use]
    pub fn style(self, role: Role) -> Style {
        let style = Style::new().fg(self.color(role));
        let secondary = matches!(role, Role::Faint | Role::Border | Role::Contour | Role::Soft);
        if secondary && !self.fills() { style.add_modifier(Modifier::DIM) } else { style }
    }

    /// The style of a racer's marks: `past` for what lies behind the last steps or ahead of the playhead.
    #[must_use]
    pub fn racer(self, racer: usize, past: bool) -> Style {
        let row = (racer + racer / GLYPHS.len()) % RACERS.len();
        let past_column = usize::from(past);
        match self.depth {
            Depth::None if past => Style::new(),
            Depth::None => Style::new().add_modifier(Modifier::BOLD),
            Depth::Ansi16 => match RACERS_16[row % RACERS_16.len()][usize::from(!self.dark())] {
                Some(color) => Style::new().fg(Color::Indexed(color)),
                None if past => Style::new().fg(Color::Reset),
                None => Style::new().fg(Color::Reset).add_modifier(Modifier::BOLD),
            },
            _ => Style::new().fg(Color::Indexed(RACERS[row][past_column + if self.dark() { 0 } else { 2 }])),
        }
    }

    /// The fill of a band of quantiles of a racer: its past colour mixed over the ground.
    #[must_use]
    pub fn spread(self, racer: usize, spread: Spread) -> Color {
        let (ground, place) = (usize::from(!self.dark()), usize::from(spread == Spread::Inner));
        match self.depth {
            Depth::None | Depth::Ansi16 => Color::Reset,
            Depth::Ansi256 => Color::Indexed(SPREAD_256[ground][place]),
            Depth::True => {
                let of = |color: Option<Color>| self.palette().ink(color.unwrap_or_default()).0;
                mixed([of(self.ground().bg), of(self.racer(racer, true).fg)], SPREAD[ground][place])
            }
        }
    }

    /// The fill of band `band` of `bands` (0 = lowest loss).
    #[must_use]
    pub fn fill(self, band: usize, bands: usize) -> Color {
        let share = if bands < 2 { 0.0 } else { band.min(bands - 1) as f64 / (bands - 1) as f64 };
        match self.depth {
            Depth::True if self.dark() => oklab_ramp(&RAMP_DARK, share),
            Depth::True => oklab_ramp(&RAMP_LIGHT, share),
            Depth::Ansi256 => {
                let ramp = if self.dark() { RAMP_256_DARK } else { RAMP_256_LIGHT };
                Color::Indexed(ramp[(share * 7.0).round() as usize])
            }
            _ => Color::Reset,
        }
    }
}

impl Theme {
    /// What a picture has in place of a terminal's own colours.
    #[must_use]
    pub fn palette(self) -> Palette {
        if self.dark() { Palette::DARK } else { Palette::LIGHT }
    }

    fn hex(self, color: Color) -> String {
        self.palette().ink(color).hex()
    }

    fn full(self) -> Self {
        Self { depth: Depth::True, ..self }
    }

    /// A role's colour as `#rrggbb`, with as many colours as there are; the ground's without a role.
    #[must_use]
    pub fn css(self, role: Option<Role>) -> String {
        let full = self.full();
        // Paper is white; a terminal is not quite black.
        self.hex(role.map_or(full.ground().bg.unwrap_or_default(), |role| full.color(role)))
    }

    /// A mark's colour as `#rrggbb`.
    #[must_use]
    pub fn ink(self, ink: Ink) -> String {
        let full = self.full();
        match ink {
            Ink::Role(role) => self.css(Some(role)),
            Ink::Racer(racer) | Ink::Ring(racer) => self.hex(full.racer(racer, false).fg.unwrap_or_default()),
            Ink::Past(racer) | Ink::Ahead(racer) => self.hex(full.racer(racer, true).fg.unwrap_or_default()),
        }
    }

    /// The fill of a band of quantiles as `#rrggbb`.
    #[must_use]
    pub fn band_between(self, racer: usize, spread: Spread) -> String {
        self.hex(self.full().spread(racer, spread))
    }

    /// The fill of a band as `#rrggbb`.
    #[must_use]
    pub fn band(self, band: usize, bands: usize) -> String {
        self.hex(self.full().fill(band, bands))
    }
}

/// A colour between stops, interpolated in Oklab (Ottosson 2020) so that equal shares look equally far apart.
fn oklab_ramp(stops: &[[u8; 3]], share: f64) -> Color {
    let at = share * (stops.len() - 1) as f64;
    let low = (at.floor() as usize).min(stops.len() - 2);
    mixed([stops[low], stops[low + 1]], at - low as f64)
}

/// Two colours mixed in Oklab: `t` of the second.
fn mixed(colors: [[u8; 3]; 2], t: f64) -> Color {
    let [a, b] = colors.map(to_oklab);
    let [r, g, b] = from_oklab([0, 1, 2].map(|i| a[i] + t * (b[i] - a[i])));
    Color::Rgb(r, g, b)
}

fn to_oklab(rgb: [u8; 3]) -> [f64; 3] {
    let [r, g, b] = rgb.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn from_oklab([l, a, b]: [f64; 3]) -> [u8; 3] {
    let cube = |x: f64| x * x * x;
    let (l, m, s) = (
        cube(l + 0.396_337_777_4 * a + 0.215_803_757_3 * b),
        cube(l - 0.105_561_345_8 * a - 0.063_854_172_8 * b),
        cube(l - 0.089_484_177_5 * a - 1.291_485_548_0 * b),
    );
    let linear = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ];
    linear.map(|c| {
        let c = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (255.0 * c).round().clamp(0.0, 255.0) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(ground: Ground, depth: Depth) -> Theme {
        Theme { ground, depth }
    }

    #[test]
    fn bands_of_quantiles_are_past_colours_mixed_over_the_ground() {
        // Computed by a program of its own: 0.22 and 0.42 of #af5faf over #121212 in Oklab.
        let dark = [Spread::Outer, Spread::Inner].map(|spread| theme(Ground::Dark, Depth::True).spread(2, spread));
        assert_eq!(dark, [Color::Rgb(0x30, 0x22, 0x30), Color::Rgb(0x4e, 0x31, 0x4e)]);
        for (ground, greys) in [(Ground::Dark, [235, 238]), (Ground::Light, [254, 251])] {
            let found = [Spread::Outer, Spread::Inner].map(|spread| theme(ground, Depth::Ansi256).spread(0, spread));
            assert_eq!(found, greys.map(Color::Indexed));
        }
        assert_eq!(theme(Ground::Dark, Depth::None).spread(0, Spread::Outer), Color::Reset);
    }
}
