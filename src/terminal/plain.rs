//! A frame as lines of plain text, for files, pipes and dumb terminals.
//!
//! Without escape sequences or colours.

use ratatui::buffer::Buffer;

use super::picture::Picture;
use super::{clamp, empty};
use crate::app::App;

/// The app's picture without a single escape sequence, trailing spaces trimmed.
#[must_use]
pub fn plain(app: &App, size: (u16, u16)) -> String {
    let mut buffer = empty(clamp(size));
    let area = buffer.area;
    let mut picture = Picture::default();
    picture.draw(app, area, &mut buffer);
    picture.finish();
    buffer.reset();
    picture.draw(app, area, &mut buffer);
    lines(&buffer)
}

fn lines(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width).max(1)) {
        let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
