//! Which key does what, by context. Built from the table of actions.
//!
//! The keys are in `table`; what an action does is in `update`.

use std::collections::HashMap;

use super::action::{ACTIONS, Action, Context};
use super::key::Key;

/// Actions by context and key.
#[derive(Debug, Clone)]
pub struct Keymap(HashMap<(Context, Key), Action>);

impl Default for Keymap {
    fn default() -> Self {
        let rows = ACTIONS.iter().flat_map(|info| info.keys.iter().map(|key| ((info.context, *key), info.action)));
        Self(rows.collect())
    }
}

impl Keymap {
    /// The action of a key in the first of these contexts that has one.
    #[must_use]
    pub fn find(&self, key: Key, contexts: &[Context]) -> Option<Action> {
        let key = key.normal();
        contexts.iter().find_map(|context| self.0.get(&(*context, key)).copied())
    }
}
