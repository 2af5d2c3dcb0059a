//! How marks become characters.

use super::theme::Theme;

/// The characters that dots are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// 2×4 dots a cell: works in nearly every font.
    Braille,
    /// 2×4 blocks a cell: Unicode 16 fonts.
    Octant,
    /// 2×2 blocks a cell: works everywhere but is coarse.
    Half,
    /// Nothing but ASCII.
    Ascii,
}

impl Marker {
    /// Every marker, in the order in which a key goes through them.
    pub const ALL: [Self; 4] = [Self::Braille, Self::Octant, Self::Half, Self::Ascii];
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
}
