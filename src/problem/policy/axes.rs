//! The charts of policies of two parameters, as they are drawn.

use std::sync::Arc;

use super::{Agent, Form};
use crate::family::{Family, Scale, categorical};
use crate::problem::drawn::{Axes, Map};
use crate::registry::{Settings, intern};

impl Agent {
    /// The charts in which a policy of two parameters is drawn, one for each of [`Agent::charts`]; `None` for other ones.
    #[must_use]
    pub fn axes(&self) -> Option<Vec<Axes>> {
        let names = self.parameters();
        let [first, second] = names.as_slice() else { return None };
        let own = [intern(first), intern(second)];
        // What stands between the brackets of p(..).
        let inner =
            |name: &str| name.strip_prefix("p(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(name).to_owned();
        let log = |what: &str| own.map(|name| intern(&format!("{what} {}", inner(name))));
        let bandit = self.process.finite().is_some_and(|process| process.bandit);
        let each = self.charts().iter().enumerate().map(|(place, chart)| {
            let (axes, map) = match (&self.form, place) {
                (Form::LinearGaussian, 0) => (own, Map::Scales([Scale::Real, Scale::Positive])),
                (Form::LinearGaussian, _) => {
                    ([own[0], intern(&format!("log {}", own[1]))], Map::Scales([Scale::Real, Scale::Log]))
                }
                (Form::Features(..), _) => (own, Map::Scales([Scale::Real; 2])),
                // Logits have a coordinate more, of which the odds are the part that matters.
                (Form::Softmax, 0) if bandit => (own, Map::Simplex(0)),
                (Form::Softmax, _) if bandit => (log("log odds"), Map::Simplex(1)),
                (Form::Softmax, 0) => (own, Map::Coins(0)),
                (Form::Softmax, _) => (log("log odds"), Map::Coins(1)),
            };
            Axes { name: chart.name, axes, doc: chart.doc, map }
        });
        Some(each.collect())
    }

    /// The family of which every point is one, of a bandit with three arms: distributions on three outcomes.
    #[must_use]
    pub fn distribution(&self) -> Option<Arc<dyn Family>> {
        let process = self.process.finite().filter(|process| process.bandit && process.actions.len() == 3)?;
        let tabular = matches!(self.form, Form::Softmax) && process.bandit;
        tabular.then(|| (categorical::INFO.build)(&Settings::default()))
    }
}
