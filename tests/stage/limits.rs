//! Every time limit of the stage, in one place: a script says `@quit`, the number stands here.
//!
//! The numbers are what is promised for a release build on a machine with nothing else to do. A debug build is given
//! [`DEBUG`] times as long, and a busy machine what `--slack` says; both are printed with the table. Bytes and memory have
//! no slack.

/// A name in scripts and what it stands for.
pub const LIMITS: &[(&str, &str)] = &[
    // A key or a signal that ends the program, whatever else is going on.
    ("@quit", "500ms"),
    // The same after 20,000 keys in one write, from the last byte.
    ("@flood", "250ms"),
    // A terminal that is gone.
    ("@gone", "1s"),
    // Processor time of a program whose terminal is gone, and of one that is paused for two seconds.
    ("@idle", "50ms"),
    // Processor time in two seconds of a race that plays on a terminal that has lost an answer.
    ("@lost", "200ms"),
    // From the last of many sizes to the picture that is right.
    ("@resize", "60ms"),
    // From a file that is no scenario to the message.
    ("@refuse", "500ms"),
    // Memory that a stalled terminal may cost.
    ("@stall-memory", "2MB"),
    // Memory on a screen of any size.
    ("@memory", "150MB"),
    // Full repaints for 40 sizes.
    ("@repaints", "3"),
];

/// How much longer a debug build may take: it computes four to eight times as long.
pub const DEBUG: f64 = 8.0;

/// The slack of this build.
pub const fn slack() -> f64 {
    if cfg!(debug_assertions) { DEBUG } else { 1.0 }
}
