//! Not there yet.
/// Not there yet.
#[derive(Debug, Default)]
pub struct Cache;
