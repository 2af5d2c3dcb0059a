//! Flags that say how a screen is drawn: of the live view, where the terminal decides what they do not, and of
//! pictures, where they decide alone.

use clap::{Args, ValueEnum};

use crate::app::look::{Depth, Glyphs, Ground, Marker, Style, Theme};
use crate::plot::palette::Palette;
use crate::terminal::{self, Environment, LARGEST, Options};

/// The size in cells of a picture if none is given.
pub const PAGE: (u16, u16) = (120, 36);

/// How the live view is drawn.
#[derive(Debug, Args)]
pub struct Look {
    /// Colour depth; by default what the terminal promises
    #[arg(long, value_enum)]
    color: Option<Color>,
    /// Colours for a dark or a light background; by default the terminal's own
    #[arg(long, value_enum, default_value_t = Tone::Auto)]
    theme: Tone,
    /// Characters that draw curves; try `half` or `ascii` if dots look like boxes
    #[arg(long, value_enum)]
    marker: Option<Dots>,
    /// Heavy lines, for projectors
    #[arg(long)]
    bold: bool,
    /// Draw at this size instead of the terminal's
    #[arg(long, value_name = "COLUMNSxROWS", value_parser = size)]
    size: Option<(u16, u16)>,
    /// Upper limit on frames per second
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=120))]
    fps: u16,
    /// For slow links: at most 256 colours and 8 frames per second, contours without a fill, 4 kB per second during
    /// playback
    #[arg(long)]
    low_bandwidth: bool,
}

/// How a picture is drawn, whatever the terminal.
#[derive(Debug, Args)]
pub struct Drawn {
    /// The size in cells, by default 120x36; of a figure, its shape
    #[arg(long, value_name = "COLUMNSxROWS", value_parser = page, allow_hyphen_values = true)]
    pub size: Option<(u16, u16)>,
    /// Colours for a dark or a light background
    #[arg(long, value_enum, default_value_t = Page::Dark)]
    theme: Page,
    /// Colour depth
    #[arg(long, value_enum, default_value_t = Color::True)]
    color: Color,
    /// Characters that draw curves
    #[arg(long, value_enum, default_value_t = Dots::Braille)]
    marker: Dots,
    /// Heavy lines
    #[arg(long)]
    bold: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    /// 16 million
    #[value(alias = "truecolor")]
    True,
    /// The 256-colour palette
    #[value(name = "256")]
    Ansi256,
    /// The terminal's own sixteen
    #[value(name = "16")]
    Ansi16,
    /// Only bold, plain and dim
    None,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Tone {
    /// Like the terminal's own background if it reports one, else dark
    Auto,
    /// Nearly black
    Dark,
    /// White
    Light,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Page {
    /// Nearly black
    Dark,
    /// White
    Light,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dots {
    /// 2×4 dots per cell; in nearly every font
    Braille,
    /// 2×4 blocks per cell; needs a font with Unicode 16
    Octant,
    /// 2×2 blocks per cell; works everywhere but is coarse
    Half,
    /// ASCII only
    Ascii,
}

impl From<Color> for Depth {
    fn from(color: Color) -> Self {
        match color {
            Color::True => Self::True,
            Color::Ansi256 => Self::Ansi256,
            Color::Ansi16 => Self::Ansi16,
            Color::None => Self::None,
        }
    }
}

impl From<Dots> for Marker {
    fn from(dots: Dots) -> Self {
        match dots {
            Dots::Braille => Self::Braille,
            Dots::Octant => Self::Octant,
            Dots::Half => Self::Half,
            Dots::Ascii => Self::Ascii,
        }
    }
}

impl From<Page> for Ground {
    fn from(page: Page) -> Self {
        match page {
            Page::Dark => Self::Dark,
            Page::Light => Self::Light,
        }
    }
}

impl Look {
    /// The options of the terminal.
    pub fn options(&self) -> Options {
        let ground = match self.theme {
            Tone::Auto => None,
            Tone::Dark => Some(Ground::Dark),
            Tone::Light => Some(Ground::Light),
        };
        Options {
            depth: self.color.map(Depth::from),
            ground,
            marker: self.marker.map(Marker::from),
            bold: self.bold,
            size: self.size,
            fps: self.fps,
            low_bandwidth: self.low_bandwidth,
        }
    }

    /// The style before anything is known of the terminal.
    pub fn style(&self) -> Style {
        let options = self.options();
        // The live view determines the depth later.
        let theme = Theme { ground: options.ground.unwrap_or(Ground::Dark), depth: Depth::None };
        let (marker, glyphs) = terminal::characters(options.marker, &Environment::here());
        Style { theme, marker, bold: self.bold, glyphs }
    }
}

impl Drawn {
    /// The style.
    pub fn style(&self) -> Style {
        let theme = Theme { ground: self.theme.into(), depth: self.color.into() };
        Style { theme, marker: self.marker.into(), bold: self.bold, glyphs: Glyphs::Any }
    }

    /// The size in cells.
    pub fn page(&self) -> (u16, u16) {
        self.size.unwrap_or(PAGE)
    }

    /// The colours of the page, and of text that has none of its own.
    pub fn palette(&self) -> Palette {
        self.style().theme.palette()
    }
}

/// `120x36` as columns and rows.
pub fn size(text: &str) -> Result<(u16, u16), String> {
    let sides = text.split_once(['x', '×']).and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    sides.ok_or_else(|| "write COLUMNSxROWS, such as 120x36".to_owned())
}

/// The same for a picture, which has at least one cell and not more than can be seen.
fn page(text: &str) -> Result<(u16, u16), String> {
    let (width, height) = size(text)?;
    if width == 0 || height == 0 || width > LARGEST.0 || height > LARGEST.1 {
        return Err(format!("write a size from 1x1 to {}x{}, such as 120x36", LARGEST.0, LARGEST.1));
    }
    Ok((width, height))
}
