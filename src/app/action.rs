//! Everything that a key can do: the one table from which keys, help and footer come.
//!
//! Does nothing itself: `update` carries actions out, `keymap` finds them by key.

use super::key::{Code, Key};

/// What a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Plays or pauses.
    PlayPause,
    /// One step on.
    StepForward,
    /// One step back.
    StepBack,
    /// Ten steps on.
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
    /// As the document was opened, at the start, with nothing given away.
    Restart,
    /// A racer on or off, by its place.
    ToggleRacer(u8),
    /// Chooses the racer above.
    PreviousRacer,
    /// Chooses the racer below.
    NextRacer,
    /// Lowers the chosen racer's learning rate (or radius).
    LowerRate,
    /// Raises it.
    RaiseRate,
    /// Starts the race at the chosen racer's current point.
    StartHere,
    /// The ellipse pane stands at the start or at the chosen racer.
    EllipseAt,
    /// Focuses the next pane.
    NextPane,
    /// Focuses the previous pane.
    PreviousPane,
    /// Fills the screen with the focused pane.
    Fill,
    /// Out of whatever was opened last.
    Back,
    /// Moves the landscape's window to the left.
    PanLeft,
    /// Down.
    PanDown,
    /// Up.
    PanUp,
    /// To the right.
    PanRight,
    /// Closer.
    ZoomIn,
    /// Further away.
    ZoomOut,
    /// Everything in view.
    Fit,
    /// Draws the landscape in the next chart.
    NextChart,
    /// All charts side by side, or the panes again.
    Charts,
    /// In what order the gaps between charts shrink with the step.
    GapOrder,
    /// Opens or closes the menu of overlays.
    Overlays,
    /// An overlay on or off, by its place in the table.
    ToggleOverlay(u8),
    /// Opens or closes the answers to the scenario's measures.
    Measures,
    /// Finds each racer's best rate.
    Tune,
    /// Smaller ellipses and balls.
    LowerDelta,
    /// Larger ones.
    RaiseDelta,
    /// Lowers the α of the adjustable geodesic.
    LowerAlpha,
    /// Raises it.
    RaiseAlpha,
    /// Draws the lines of the next chart.
    NextGrid,
    /// Moves the geodesics' end along a coordinate of the drawn chart: which one, and whether upward.
    MoveEnd(u8, bool),
    /// Puts the geodesics' end back to the optimum.
    ResetEnd,
    /// The trace's axis logarithmic or linear.
    LogAxis,
    /// What the trace shows.
    NextQuantity,
    /// Dark or light.
    Theme,
    /// The next marker and line weight.
    Marker,
    /// Blanks the screen.
    Blank,
    /// Shows the chosen racer's step with its numbers, or leaves them.
    Numbers,
    /// Writes these numbers as LaTeX to a new file.
    WriteNumbers,
    /// Shows or hides what goes over the link.
    Traffic,
    /// Writes the document as edited to a new file.
    Write,
    /// Opens or closes the help.
    Help,
    /// Ends the program.
    Quit,
    /// Stops the program as Ctrl-Z does.
    Suspend,
    /// Draws the whole screen anew, over whatever another program has written there.
    Repaint,
    /// The scenario above in the gallery.
    PreviousEntry,
    /// The scenario below in the gallery.
    NextEntry,
    /// Opens the chosen scenario.
    Open,
    /// Starts typing a filter.
    Filter,
}

/// Under which heading help lists an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
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
    pub const ALL: [Self; 4] = [Self::Time, Self::Racers, Self::View, Self::Document];

    /// The heading.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "Time",
            Self::Racers => "Racers",
            Self::View => "View",
            Self::Document => "Document",
        }
    }
}

/// Where an action's keys count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// On every screen.
    Everywhere,
    /// With a scenario on screen.
    Show,
    /// With a scenario on screen and the menu of overlays open; goes before [`Context::Show`].
    Menu,
    /// In the gallery.
    Gallery,
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
    /// Where its keys count.
    pub context: Context,
    /// Its keys; help shows the first.
    pub keys: &'static [Key],
    /// Its line in the help. Neighbours with the same text share one line; an empty one is told by a neighbour.
    pub help: &'static str,
    /// Its word in the footer, shared by neighbours as in the help.
    pub footer: Option<&'static str>,
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
}

/// The help of a group on a screen (`Show` or `Gallery`), line by line; an empty group is left out by the view.
#[must_use]
pub fn help_lines(group: Group, screen: Context) -> Vec<Line> {
    join(screen, |info| (info.group == group && !info.help.is_empty()).then_some(info.help))
}

/// The words of the footer on a screen (`Show` or `Gallery`), in the order of the table.
#[must_use]
pub fn footer_lines(screen: Context) -> Vec<Line> {
    join(screen, |info| info.footer)
}

fn join(screen: Context, text: impl Fn(&ActionInfo) -> Option<&'static str>) -> Vec<Line> {
    let mut lines: Vec<(Line, Vec<Key>)> = Vec::new();
    for info in ACTIONS.iter().filter(|info| info.context == screen || info.context == Context::Everywhere) {
        let (Some(text), Some(&key)) = (text(info), info.keys.first()) else { continue };
        match lines.last_mut() {
            Some((line, keys)) if line.text == text => keys.push(key),
            _ => lines.push((Line { action: info.action, keys: String::new(), text }, vec![key])),
        }
    }
    lines.into_iter().map(|(line, keys)| Line { keys: shown(&keys), ..line }).collect()
}

/// Keys side by side; a long run by its ends.
fn shown(keys: &[Key]) -> String {
    match keys {
        [first, .., last] if keys.len() > 4 => format!("{first}-{last}"),
        _ => keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" "),
    }
}

const fn row(
    action: Action,
    id: &'static str,
    (group, context): (Group, Context),
    keys: &'static [Key],
    help: &'static str,
    footer: Option<&'static str>,
) -> ActionInfo {
    ActionInfo { action, id, group, context, keys, help, footer }
}

const TIME: (Group, Context) = (Group::Time, Context::Show);
const RACERS: (Group, Context) = (Group::Racers, Context::Show);
const VIEW: (Group, Context) = (Group::View, Context::Show);
const SHOW: (Group, Context) = (Group::Document, Context::Show);
const MENU: (Group, Context) = (Group::View, Context::Menu);
const GALLERY: (Group, Context) = (Group::Document, Context::Gallery);
const LOOK: (Group, Context) = (Group::View, Context::Everywhere);
const PROGRAM: (Group, Context) = (Group::Document, Context::Everywhere);

const STEP: &str = "one step (Shift: 10)";
const ENDS: &str = "first, last step";
const SPEED: &str = "slower, faster";
const CUES: &str = "next, previous cue";
const ON_OFF: &str = "racer on or off";
const CHOOSE: &str = "choose a racer";
const RATE: &str = "its learning rate";
const NUMBERS: &str = "this step's numbers, as LaTeX";
const PANES: &str = "fill, leave";
const PAN: &str = "pan";
const ZOOM: &str = "zoom, fit";
const DELTA: &str = "δ of ellipses and balls";
const LENS: &str = "overlays: α, grid, end";
const ENTRIES: &str = "choose a scenario";

/// Every action, in the order of help and footer. The only place where a key is named.
#[rustfmt::skip]
pub const ACTIONS: &[ActionInfo] = &[
    row(Action::PlayPause, "play-pause", TIME, &[Key::char(' ')], "play, pause", Some("play")),
    row(Action::StepForward, "step-forward", TIME, &[Key::plain(Code::Right)], STEP, Some("step")),
    row(Action::StepBack, "step-back", TIME, &[Key::plain(Code::Left)], STEP, Some("step")),
    row(Action::LeapForward, "leap-forward", TIME, &[Key::shift(Code::Right)], "", None),
    row(Action::LeapBack, "leap-back", TIME, &[Key::shift(Code::Left)], "", None),
    row(Action::First, "first", TIME, &[Key::plain(Code::Home)], ENDS, None),
    row(Action::Last, "last", TIME, &[Key::plain(Code::End)], ENDS, None),
    row(Action::Slower, "slower", TIME, &[Key::char('<'), Key::char(',')], SPEED, None),
    row(Action::Faster, "faster", TIME, &[Key::char('>'), Key::char('.')], SPEED, None),
    row(Action::NextCue, "next-cue", TIME, &[Key::char('n'), Key::plain(Code::PageDown)], CUES, Some("cue")),
    row(Action::PreviousCue, "previous-cue", TIME, &[Key::char('p'), Key::plain(Code::PageUp)], CUES, None),
    row(Action::Restart, "restart", TIME, &[Key::char('r')], "restart", None),
    row(Action::ToggleRacer(0), "racer-1", RACERS, &[Key::char('1')], ON_OFF, None),
    row(Action::ToggleRacer(1), "racer-2", RACERS, &[Key::char('2')], ON_OFF, None),
    row(Action::ToggleRacer(2), "racer-3", RACERS, &[Key::char('3')], ON_OFF, None),
    row(Action::ToggleRacer(3), "racer-4", RACERS, &[Key::char('4')], ON_OFF, None),
    row(Action::ToggleRacer(4), "racer-5", RACERS, &[Key::char('5')], ON_OFF, None),
    row(Action::ToggleRacer(5), "racer-6", RACERS, &[Key::char('6')], ON_OFF, None),
    row(Action::ToggleRacer(6), "racer-7", RACERS, &[Key::char('7')], ON_OFF, None),
    row(Action::ToggleRacer(7), "racer-8", RACERS, &[Key::char('8')], ON_OFF, None),
    row(Action::ToggleRacer(8), "racer-9", RACERS, &[Key::char('9')], ON_OFF, None),
    row(Action::PreviousRacer, "previous-racer", RACERS, &[Key::plain(Code::Up)], CHOOSE, None),
    row(Action::NextRacer, "next-racer", RACERS, &[Key::plain(Code::Down)], CHOOSE, None),
    row(Action::LowerRate, "lower-rate", RACERS, &[Key::char('[')], RATE, Some("rate")),
    row(Action::RaiseRate, "raise-rate", RACERS, &[Key::char(']')], RATE, Some("rate")),
    row(Action::StartHere, "start-here", RACERS, &[Key::char('s')], "start here (or click)", Some("start")),
    row(Action::EllipseAt, "ellipse-at", RACERS, &[Key::char('e')], "ellipse at start or racer", None),
    row(Action::Numbers, "numbers", RACERS, &[Key::char('x')], NUMBERS, None),
    row(Action::WriteNumbers, "write-numbers", RACERS, &[Key::char('X')], NUMBERS, None),
    row(Action::NextPane, "next-pane", VIEW, &[Key::plain(Code::Tab)], "next pane", Some("pane")),
    row(Action::PreviousPane, "previous-pane", VIEW, &[Key::shift(Code::Tab)], "", None),
    row(Action::Fill, "fill", VIEW, &[Key::plain(Code::Enter)], PANES, None),
    row(Action::Back, "back", VIEW, &[Key::plain(Code::Esc)], PANES, None),
    row(Action::PanLeft, "pan-left", VIEW, &[Key::char('h')], PAN, None),
    row(Action::PanDown, "pan-down", VIEW, &[Key::char('j')], PAN, None),
    row(Action::PanUp, "pan-up", VIEW, &[Key::char('k')], PAN, None),
    row(Action::PanRight, "pan-right", VIEW, &[Key::char('l')], PAN, None),
    row(Action::ZoomIn, "zoom-in", VIEW, &[Key::char('+'), Key::char('=')], ZOOM, None),
    row(Action::ZoomOut, "zoom-out", VIEW, &[Key::char('-'), Key::char('_')], ZOOM, None),
    row(Action::Fit, "fit", VIEW, &[Key::char('0')], ZOOM, None),
    row(Action::NextChart, "next-chart", VIEW, &[Key::char('c')], "next chart", Some("chart")),
    row(Action::Charts, "charts", VIEW, &[Key::char('C')], "all charts side by side", None),
    row(Action::GapOrder, "gap-order", VIEW, &[Key::char('O')], "their gap at half the rate", None),
    row(Action::Overlays, "overlays", VIEW, &[Key::char('o')], "overlays", Some("overlays")),
    row(Action::ToggleOverlay(0), "overlay-1", MENU, &[Key::char('1')], "overlay on or off", None),
    row(Action::ToggleOverlay(1), "overlay-2", MENU, &[Key::char('2')], "overlay on or off", None),
    row(Action::ToggleOverlay(2), "overlay-3", MENU, &[Key::char('3')], "overlay on or off", None),
    row(Action::ToggleOverlay(3), "overlay-4", MENU, &[Key::char('4')], "overlay on or off", None),
    row(Action::ToggleOverlay(4), "overlay-5", MENU, &[Key::char('5')], "overlay on or off", None),
    row(Action::ToggleOverlay(5), "overlay-6", MENU, &[Key::char('6')], "overlay on or off", None),
    row(Action::ToggleOverlay(6), "overlay-7", MENU, &[Key::char('7')], "overlay on or off", None),
    row(Action::ToggleOverlay(7), "overlay-8", MENU, &[Key::char('8')], "overlay on or off", None),
    row(Action::ToggleOverlay(8), "overlay-9", MENU, &[Key::char('9')], "overlay on or off", None),
    row(Action::Measures, "measures", VIEW, &[Key::char('M')], "measures and verdicts", None),
    row(Action::ToggleOverlay(9), "overlay-10", MENU, &[Key::char('a')], "overlay on or off", None),
    row(Action::ToggleOverlay(10), "overlay-11", MENU, &[Key::char('b')], "overlay on or off", None),
    row(Action::ToggleOverlay(11), "overlay-12", MENU, &[Key::char('c')], "overlay on or off", None),
    row(Action::ToggleOverlay(12), "overlay-13", MENU, &[Key::char('d')], "overlay on or off", None),
    row(Action::ToggleOverlay(13), "overlay-14", MENU, &[Key::char('e')], "overlay on or off", None),
    row(Action::ToggleOverlay(14), "overlay-15", MENU, &[Key::char('f')], "overlay on or off", None),
    row(Action::ToggleOverlay(15), "overlay-16", MENU, &[Key::char('g')], "overlay on or off", None),
    row(Action::ToggleOverlay(16), "overlay-17", MENU, &[Key::char('h')], "overlay on or off", None),
    row(Action::ToggleOverlay(17), "overlay-18", MENU, &[Key::char('i')], "overlay on or off", None),
    row(Action::ToggleOverlay(18), "overlay-19", MENU, &[Key::char('j')], "overlay on or off", None),
    row(Action::ToggleOverlay(19), "overlay-20", MENU, &[Key::char('k')], "overlay on or off", None),
    row(Action::ToggleOverlay(20), "overlay-21", MENU, &[Key::char('l')], "overlay on or off", None),
    row(Action::LowerDelta, "lower-delta", VIEW, &[Key::char('{')], DELTA, None),
    row(Action::RaiseDelta, "raise-delta", VIEW, &[Key::char('}')], DELTA, None),
    row(Action::LowerAlpha, "lower-alpha", VIEW, &[Key::char('A')], LENS, None),
    row(Action::RaiseAlpha, "raise-alpha", VIEW, &[Key::char('a')], LENS, None),
    row(Action::NextGrid, "next-grid", VIEW, &[Key::char('g')], LENS, None),
    row(Action::ResetEnd, "reset-end", VIEW, &[Key::char('d')], LENS, None),
    row(Action::MoveEnd(0, false), "end-left", VIEW, &[Key::char('H')], "", None),
    row(Action::MoveEnd(1, false), "end-down", VIEW, &[Key::char('J')], "", None),
    row(Action::MoveEnd(1, true), "end-up", VIEW, &[Key::char('K')], "", None),
    row(Action::MoveEnd(0, true), "end-right", VIEW, &[Key::char('L')], "", None),
    row(Action::LogAxis, "log-axis", VIEW, &[Key::char('y')], "log axis", None),
    row(Action::NextQuantity, "next-quantity", VIEW, &[Key::char('v')], "what the trace shows", None),
    row(Action::PreviousEntry, "previous-entry", GALLERY, &[Key::plain(Code::Up), Key::char('k')], ENTRIES, Some("choose")),
    row(Action::NextEntry, "next-entry", GALLERY, &[Key::plain(Code::Down), Key::char('j')], ENTRIES, Some("choose")),
    row(Action::Back, "leave", GALLERY, &[Key::plain(Code::Esc)], "", None),
    row(Action::Open, "open", GALLERY, &[Key::plain(Code::Enter)], "open it; Esc comes back", Some("open")),
    row(Action::Filter, "filter", GALLERY, &[Key::char('/')], "filter by words", Some("filter")),
    row(Action::Theme, "theme", LOOK, &[Key::char('t')], "theme", Some("theme")),
    row(Action::Marker, "marker", LOOK, &[Key::char('m')], "dots: weight, characters", None),
    row(Action::Blank, "blank", LOOK, &[Key::char('b')], "blank the screen", None),
    row(Action::Traffic, "traffic", LOOK, &[Key::char('i')], "bytes and frames a second", None),
    row(Action::Tune, "tune", SHOW, &[Key::char('f')], "find each racer's best rate", None),
    row(Action::Write, "write", SHOW, &[Key::char('w')], "write the scenario", None),
    row(Action::Help, "help", PROGRAM, &[Key::char('?'), Key::plain(Code::F(1))], "this help", Some("help")),
    row(Action::Quit, "quit", PROGRAM, &[Key::char('q'), Key::ctrl('c')], "quit", Some("quit")),
    row(Action::Suspend, "suspend", PROGRAM, &[Key::ctrl('z')], "", None),
    row(Action::Repaint, "repaint", PROGRAM, &[Key::ctrl('l')], "repaint the screen", None),
];
