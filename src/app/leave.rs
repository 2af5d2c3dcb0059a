//! Closing what was opened last, and moving between the gallery and a scenario.

use super::{Action, App, Effect, Entry, Gallery, Layer, Screen};

impl App {
    /// Closes the topmost layer, or else what was opened last below: a filled pane, the show (to its gallery), the
    /// filter.
    pub(super) fn back(&mut self) -> Effect {
        match self.layers.pop() {
            Some(Layer::Filter) => self.in_gallery(Gallery::clear),
            Some(_) => Effect::Redraw,
            None => self.leave(),
        }
    }

    fn leave(&mut self) -> Effect {
        match &mut self.screen {
            Screen::Show(show) if show.tuning() => {
                show.cancel();
                return self.tell("the search for rates is cancelled");
            }
            Screen::Show(show) if show.opening() => {
                show.stay_at_start();
                return self.tell(format!("the race is cancelled · {} runs it", Action::PlayPause.key()));
            }
            Screen::Show(show) if show.charts.is_some() => show.set_charts(false),
            Screen::Show(show) if show.filled => show.set_filled(false),
            Screen::Show(show) if show.cell_open() => show.close_cell(),
            Screen::Show(_) => return self.return_to_gallery(),
            Screen::Gallery(gallery) if gallery.filter.is_empty() => {
                return self.tell(format!("{} quits", Action::Quit.key()));
            }
            Screen::Gallery(gallery) => gallery.clear(),
        }
        Effect::Redraw
    }

    fn return_to_gallery(&mut self) -> Effect {
        let Some(gallery) = self.gallery.take().or_else(|| self.new_gallery()) else {
            return self.tell(format!("{} quits", Action::Quit.key()));
        };
        self.layers.clear();
        let left = std::mem::replace(&mut self.screen, Screen::Gallery(*gallery));
        if let (Screen::Show(mut show), Screen::Gallery(gallery)) = (left, &mut self.screen)
            && let Some(entry) = gallery.entries.get_mut(gallery.chosen)
        {
            show.timeline.pause();
            entry.show = Some(*show);
        }
        Effect::Redraw
    }

    /// A gallery for a show that was not opened from one. A scenario missing from it is listed first.
    fn new_gallery(&self) -> Option<Box<Gallery>> {
        let (mut entries, show) = (self.shelf?(), self.current()?);
        let document = show.document();
        let name = document.map_or_else(String::new, |document| document.name().into_string());
        let builtin = document.is_some_and(|document| document.folder().is_none());
        let listed = entries.iter().position(|entry| builtin && entry.name == name);
        let chosen = listed.unwrap_or_else(|| {
            let (title, notes) = (show.world.scenario.title.clone(), show.world.scenario.notes.clone());
            entries.insert(0, Entry { name, title, notes, chapter: "Opened".to_owned(), ..Entry::default() });
            0
        });
        // The show itself stands in for what would be read.
        entries[chosen].document = None;
        let mut gallery = Gallery::new(Vec::new());
        gallery.entries = entries;
        self.without.iter().for_each(|overlay| gallery.leave_out(*overlay));
        gallery.pick(chosen);
        Some(Box::new(gallery))
    }

    /// The chosen scenario goes to the screen as it was left; the gallery waits behind it.
    pub(super) fn open(&mut self) -> Effect {
        let Screen::Gallery(gallery) = &mut self.screen else { return Effect::None };
        let listed = gallery.entry().is_some();
        let entry = gallery.entries.get_mut(gallery.chosen).filter(|_| listed);
        let Some(show) = entry.and_then(|entry| entry.show.take()) else {
            return Effect::None;
        };
        self.layers.clear();
        if let Screen::Gallery(gallery) = std::mem::replace(&mut self.screen, Screen::Show(Box::new(show))) {
            self.gallery = Some(Box::new(gallery));
        }
        Effect::Redraw
    }
}
