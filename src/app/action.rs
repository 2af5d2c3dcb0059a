//! Everything that a key can do, and what help and footer say about it.
//!
//! `update` carries actions out, `keymap` finds them by key, `table` assigns the keys.

use super::key::Key;
pub use super::table::ACTIONS;
use super::{App, Turn};

/// What a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Plays or pauses.
    PlayPause,
    /// One step forward.
    StepForward,
    /// One step back.
    StepBack,
    /// Ten steps forward.
    LeapForward,
    /// Ten steps back.
    LeapBack,
    /// To the start.
    First,
    /// To the last step.
    Last,
    /// Slower.
    Slower,
    /// Faster.
    Faster,
    /// To the next cue.
    NextCue,
    /// To the previous cue.
    PreviousCue,
    /// Starts typing the number of a step.
    GoTo,
    /// Goes to the step that was typed.
    Arrive,
    /// Restores the document as opened, at the start, with nothing revealed.
    Restart,
    /// Takes back the last edit of the document.
    Undo,
    /// Makes the edit again that was taken back.
    Redo,
    /// A racer on or off, by its index.
    ToggleRacer(u8),
    /// Chooses the racer above.
    PreviousRacer,
    /// Chooses the racer below.
    NextRacer,
    /// Shows the race of the seed before.
    PreviousMember,
    /// Shows that of the next seed.
    NextMember,
    /// Starts typing what to pick or to change.
    Command,
    /// Does what was typed.
    Submit,
    /// Lowers the chosen racer's learning rate (or radius).
    LowerRate,
    /// Raises it.
    RaiseRate,
    /// Starts the race at the chosen racer's current point.
    StartHere,
    /// Moves the ellipse pane between the start and the chosen racer.
    EllipseAt,
    /// Focuses the next pane.
    NextPane,
    /// Focuses the previous pane.
    PreviousPane,
    /// Fills the screen with the focused pane.
    Fill,
    /// Closes whatever was opened last.
    Back,
    /// Moves the landscape's window to the left.
    PanLeft,
    /// Down.
    PanDown,
    /// Up.
    PanUp,
    /// To the right.
    PanRight,
    /// Zooms in.
    ZoomIn,
    /// Zooms out.
    ZoomOut,
    /// Shows everything.
    Fit,
    /// Draws the landscape in the next chart.
    NextChart,
    /// All charts side by side, or the panes again.
    Charts,
    /// Shows the order in which the gaps between charts shrink with the step.
    GapOrder,
    /// Opens or closes the menu of overlays.
    Overlays,
    /// An overlay on or off, by its index in the table.
    ToggleOverlay(u8),
    /// Opens or closes the answers to the scenario's measures.
    Measures,
    /// Finds each racer's best rate, and asks whether to race with them.
    Tune,
    /// Accepts the offer.
    Accept,
    /// Declines it.
    Decline,
    /// Scrolls the text of a box over the screen.
    Scroll(Turn),
    /// Smaller ellipses and balls.
    LowerDelta,
    /// Larger ones.
    RaiseDelta,
    /// Lowers the α of the adjustable geodesic.
    LowerAlpha,
    /// Raises it.
    RaiseAlpha,
    /// Draws the grid lines of the next chart.
    NextGrid,
    /// Moves the geodesics' end along a coordinate of the drawn chart: which one, and whether upward.
    MoveEnd(u8, bool),
    /// Moves the geodesics' end back to the optimum.
    ResetEnd,
    /// Switches the trace's axis between logarithmic and linear.
    LogAxis,
    /// Shows the next quantity in the trace.
    NextQuantity,
    /// Switches between dark and light.
    Theme,
    /// The next marker and line weight.
    Marker,
    /// Large captions.
    Captions,
    /// Blanks the screen.
    Blank,
    /// Shows or hides the numbers of the chosen racer's step.
    Numbers,
    /// Writes these numbers as LaTeX to a new file.
    WriteNumbers,
    /// Shows or hides the traffic on the link.
    Traffic,
    /// Writes the document as edited to a new file.
    Write,
    /// Saves the focused pane as SVG and PNG to new files.
    Picture,
    /// Opens or closes the help.
    Help,
    /// Ends the program.
    Quit,
    /// Stops the program as Ctrl-Z does.
    Suspend,
    /// Repaints the whole screen, over whatever another program has written there.
    Repaint,
    /// The scenario above in the gallery.
    PreviousEntry,
    /// The scenario below in the gallery.
    NextEntry,
    /// Scrolls through the gallery's list.
    Entries(Turn),
    /// To the next or the previous chapter of the gallery.
    TurnChapter(Turn),
    /// To a chapter of the gallery, by its index.
    Chapter(u8),
    /// Opens the chosen scenario.
    Open,
    /// Starts typing a filter.
    Filter,
    /// Deletes the last letter that was typed.
    Erase,
    /// Keeps the filter as it was typed.
    KeepFilter,
}

/// The heading under which the help lists an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The ways out.
    Out,
    /// The playhead.
    Time,
    /// The racers.
    Racers,
    /// What is seen.
    View,
    /// The scenario and the program.
    Document,
}

impl Group {
    /// Every group, in the order of the help.
    pub const ALL: [Self; 5] = [Self::Out, Self::Time, Self::Racers, Self::View, Self::Document];

    /// The heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Out => "Out",
            Self::Time => "Time",
            Self::Racers => "Racers",
            Self::View => "View",
            Self::Document => "Document",
        }
    }
}

/// The context in which an action's keys are active: a screen, or a layer over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// On every screen.
    Everywhere,
    /// With a scenario on screen.
    Show,
    /// In the gallery.
    Gallery,
    /// While a question waits for its answer.
    Offer,
    /// With a text over the screen that may be longer than its box.
    Box,
    /// In the menu of overlays.
    Menu,
    /// While the filter of the gallery is typed.
    Filter,
    /// While the number of a step is typed.
    Number,
    /// While a line that changes the document is typed.
    Command,
    /// In every layer that is closed without an answer.
    Over,
}

/// A row of [`ACTIONS`].
#[derive(Debug)]
pub struct ActionInfo {
    /// The action.
    pub action: Action,
    /// Its name in configuration files.
    pub id: &'static str,
    /// Its heading in the help.
    pub group: Group,
    /// The context of its keys.
    pub context: Context,
    /// Its keys; help shows the first.
    pub keys: &'static [Key],
    /// Its line in the help. Neighbours with the same text share one line; an empty text is covered by a neighbour.
    pub help: &'static str,
    /// Its word in the footer, shared by neighbours as in the help.
    pub footer: Option<&'static str>,
}

impl Action {
    /// The key that help shows for it; empty if it has none.
    #[must_use]
    pub fn key(self) -> String {
        let row = ACTIONS.iter().find(|info| info.action == self);
        row.and_then(|info| info.keys.first()).map_or(String::new(), Key::to_string)
    }
}

/// One line of help or one word of the footer, for one or more actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The first of its actions.
    pub action: Action,
    /// The keys, as shown: `→ ←`, `1-9`.
    pub keys: String,
    /// What they do.
    pub text: &'static str,
    /// Where they do it.
    pub context: Context,
}

impl Context {
    /// Whether it is that of a layer over the screen.
    #[must_use]
    pub const fn layer(self) -> bool {
        !matches!(self, Self::Everywhere | Self::Show | Self::Gallery)
    }
}

/// The help of a group in these contexts, line by line; an empty group is left out by the view.
#[must_use]
pub fn help_lines(group: Group, contexts: &[Context]) -> Vec<Line> {
    let listed = |info: &ActionInfo| contexts.contains(&info.context) && info.group == group && !info.help.is_empty();
    join(|info| Some((info.help, *info.keys.first().filter(|_| listed(info))?)))
}

impl App {
    /// What the words of the key bar depend on, since nothing changes the keymap: the contexts, and whether letters are
    /// typed.
    #[must_use]
    pub fn reach(&self) -> (Vec<Context>, bool) {
        (self.contexts(), self.layers.typed())
    }

    /// The words of the key bar, in the order of the table: of the topmost layer, and of what lies below it as far as
    /// its keys get there.
    #[must_use]
    pub fn bar(&self) -> Vec<Line> {
        let (contexts, typed) = self.reach();
        let reaches = |key: &Key, info: &ActionInfo| {
            let taken = typed && key.typed().is_some();
            !taken && contexts.contains(&info.context) && self.keymap.find(*key, &contexts) == Some(info.action)
        };
        join(|info| Some((info.footer?, *info.keys.iter().find(|key| reaches(key, info))?)))
    }
}

/// One line for neighbours with the same text, with the key that each is shown by.
fn join(shown_by: impl Fn(&ActionInfo) -> Option<(&'static str, Key)>) -> Vec<Line> {
    let mut lines: Vec<(Line, Vec<Key>)> = Vec::new();
    for info in ACTIONS {
        let Some((text, key)) = shown_by(info) else { continue };
        match lines.last_mut() {
            Some((line, keys)) if line.text == text => keys.push(key),
            _ => {
                lines.push((Line { action: info.action, keys: String::new(), text, context: info.context }, vec![key]));
            }
        }
    }
    lines.into_iter().map(|(line, keys)| Line { keys: shown(&keys), ..line }).collect()
}

/// Keys side by side; of a long run only the ends.
fn shown(keys: &[Key]) -> String {
    match keys {
        [first, .., last] if keys.len() > 4 => format!("{first}-{last}"),
        _ => keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" "),
    }
}
