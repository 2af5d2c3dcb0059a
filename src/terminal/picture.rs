//! The view with its cache, as the event loop sees it, and the focused pane as a file.
//!
//! Layout and drawing are not its business (`screen`); it owns what is cached from frame to frame.

use std::path::PathBuf;

use ratatui::layout::Rect;

use crate::app::App;
use crate::export::{self, file};
use crate::plot::cells::Page;
use crate::plot::svg;
use crate::screen::{self, Cache, Laid};

/// The view and what it has cached.
#[derive(Debug, Default)]
pub struct Picture {
    cache: Cache,
}

impl Picture {
    /// Updates the picture.
    pub fn update(&mut self, app: &App, area: Rect) -> &Page {
        screen::redraw(app, &mut self.cache, area)
    }

    /// What stands where in the frame drawn last.
    pub const fn laid(&self) -> &Laid {
        self.cache.laid()
    }

    /// Whether the frame drawn last could be finer.
    pub fn unfinished(&mut self) -> bool {
        !self.cache.complete()
    }

    /// Saves the focused pane, as it is on a screen of a size, in new files beside the scenario. Returns a message for
    /// the user; `None` if there is no show.
    pub fn save(&mut self, app: &App, area: Rect) -> Option<String> {
        let (part, cells) = screen::focused(app, &mut self.cache, area)?;
        let show = app.current()?;
        let palette = app.style.theme.palette();
        let size = svg::shaped(svg::SIZE[0], (cells.area.width, cells.area.height));
        let figure = screen::figure(show, part, &mut Cache::default(), size, app.style.theme);
        let svg = figure.unwrap_or_else(|| export::screen::svg(&cells, palette, &show.world.scenario.title, None));
        let Some(png) = export::screen::png(&cells, palette) else {
            return Some("there is no room for a picture".to_owned());
        };
        let ending = format!("-{}-{}.svg", part.name(), show.timeline.step());
        let path = match show.document() {
            Some(document) => document.sibling(&ending),
            None => PathBuf::from(&ending[1..]),
        };
        let files: [(&str, &[u8]); 2] = [("svg", svg.as_bytes()), ("png", &png)];
        Some(file::write_numbered_together(&path, &files).unwrap_or_else(|told| told).into_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Action, Show};
    use crate::scenario::Document;
    use crate::screen::{Depth, Glyphs, Ground, Marker, Style, Theme};

    #[test]
    fn the_focused_pane_is_saved_beside_its_scenario_and_never_over_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = Document::builtin("three-sgds").expect("a scenario").text().to_owned();
        let document = Document::from_text("race.toml", folder.path(), &text);
        let theme = Theme { ground: Ground::Light, depth: Depth::Ansi16 };
        let style = Style { theme, marker: Marker::Half, bold: false, glyphs: Glyphs::Any };
        let mut app = App::show(Show::open(document).unwrap_or_else(|report| panic!("{report}")), style);
        // Past its first question, which hides the answers to the measures.
        app.update(Action::NextCue);
        while app.work(1 << 16) {}
        let mut picture = Picture::default();
        let mut save = |app: &App| picture.save(app, Rect::new(0, 0, 80, 24)).unwrap_or_default();
        assert_eq!(save(&app), "written to race-landscape-0.svg and .png");
        assert_eq!(save(&app), "written to race-landscape-0-2.svg and .png");
        // All charts side by side, then the answers: what has the focus is what is saved.
        for (action, told) in [(Action::Charts, "race-landscape-0-3.svg"), (Action::Measures, "race-measures-0.svg")] {
            app.update(action);
            assert_eq!(save(&app), format!("written to {told} and .png"));
        }
        for entry in std::fs::read_dir(folder.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("a file");
            let svg = path.extension().is_some_and(|extension| extension == "svg");
            assert!(bytes.starts_with(if svg { b"<svg " } else { b"\x89PNG\r" }), "{path:?}");
        }
    }

    #[test]
    fn where_there_is_no_room_nothing_is_saved() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = Document::builtin("three-sgds").expect("a scenario").text().to_owned();
        let document = Document::from_text("race.toml", folder.path(), &text);
        let theme = Theme { ground: Ground::Dark, depth: Depth::True };
        let style = Style { theme, marker: Marker::Braille, bold: false, glyphs: Glyphs::Any };
        let app = App::show(Show::open(document).unwrap_or_else(|report| panic!("{report}")), style);
        let told = Picture::default().save(&app, Rect::new(0, 0, 0, 0));
        assert_eq!(told.as_deref(), Some("there is no room for a picture"));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
