//! How pictures look: ground, colours, markers, weight. Choices only: `theme` and `style` map them to colours
//! and characters.

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: bold, plain and dim only.
    None,
    /// The sixteen of the terminal's own palette.
    Ansi16,
    /// The 256 palette.
    Ansi256,
    /// Any colour.
    True,
}

/// The background of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Nearly black.
    Dark,
    /// White.
    Light,
}

/// A picture's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Dark or light.
    pub ground: Ground,
    /// The number of colours.
    pub depth: Depth,
}

/// The characters that dots are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// 2×4 dots per cell: works in nearly every font.
    Braille,
    /// 2×4 blocks per cell: Unicode 16 fonts.
    Octant,
    /// 2×2 blocks per cell: works everywhere but is coarse.
    Half,
    /// ASCII only.
    Ascii,
}

/// The characters that the terminal can show one cell wide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Whatever is drawn.
    #[default]
    Any,
    /// ASCII and half blocks (`▀ ▄ █ ▌ ▐`): the fonts of consoles.
    Console,
    /// ASCII and braille: terminals that draw characters of ambiguous width two cells wide.
    Narrow,
}

impl Marker {
    /// Every marker.
    pub const ALL: [Self; 4] = [Self::Braille, Self::Octant, Self::Half, Self::Ascii];
}

impl Glyphs {
    /// The markers that can be shown, in the order in which a key cycles through them.
    #[must_use]
    pub const fn markers(self) -> &'static [Marker] {
        match self {
            Self::Any => &Marker::ALL,
            Self::Console => &[Marker::Half, Marker::Ascii],
            Self::Narrow => &[Marker::Braille, Marker::Ascii],
        }
    }
}

/// How a picture is drawn: colours, markers, weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// The colours.
    pub theme: Theme,
    /// The characters of dots.
    pub marker: Marker,
    /// Whether paths are drawn heavy, for projectors.
    pub bold: bool,
    /// The characters of everything else.
    pub glyphs: Glyphs,
}
