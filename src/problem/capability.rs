//! What some optimizers need and not every problem has, with the wording of the error if it is missing.

/// What only some problems have. The row of an optimizer says what its settings need, and the scenario checker rejects
/// an optimizer whose problem lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// [`Site::mirror`](super::Site::mirror): a pair of dual charts.
    Dual,
    /// [`Site::empirical_fisher`](super::Site::empirical_fisher): a loss that is a mean over data.
    Data,
    /// [`Site::exponential`](super::Site::exponential): geodesics of the Fisher metric.
    Geodesics,
    /// [`Site::wasserstein`](super::Site::wasserstein): optimal transport of one real variable.
    Transport,
    /// [`Site::experience`](super::Site::experience): rewards of actions drawn from the model.
    Rewards,
    /// [`Site::compatible`](super::Site::compatible): a policy in a process.
    Critic,
    /// [`Site::state_action_fisher`](super::Site::state_action_fisher): a policy in a process.
    Process,
    /// [`Site::hessian`](super::Site::hessian): second derivatives of the loss.
    Hessians,
    /// [`Site::sampled_fisher`](super::Site::sampled_fisher): scores of fresh draws.
    Scores,
    /// [`Site::euclidean`](super::Site::euclidean): canonical parameters whose Euclidean metric means something.
    Canonical,
}

impl Capability {
    /// What it is, as in "needs data".
    #[must_use]
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::Dual => "an expectation chart beside the natural one",
            Self::Data => "data",
            Self::Geodesics => "geodesics of the Fisher metric",
            Self::Transport => "a Wasserstein metric",
            Self::Rewards => "rewards of actions",
            Self::Critic | Self::Process => "a policy in a process",
            Self::Hessians => "second derivatives of the loss",
            Self::Scores => "draws from the model",
            Self::Canonical => "a metric of the canonical parameters",
        }
    }

    /// What to write instead.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Dual => "help: natural-gradient needs none",
            Self::Data => "help: write fisher = \"exact\", minimise nll, or give a return a `batch`",
            Self::Geodesics => "help: natural-gradient with correction = \"geodesic\" follows them to second order",
            Self::Transport => {
                "help: write metric = \"fisher\" or \"euclid\"; distributions of one real variable with a finite E x² have one"
            }
            Self::Rewards => "help: policies have them, and expected-reward without `entropy`",
            Self::Critic => "help: natural-gradient works on every problem",
            Self::Process => "help: write fisher = \"exact\"",
            Self::Hessians => "help: natural-gradient needs first derivatives only",
            Self::Scores => "help: write fisher = \"exact\", or give the return a `batch`",
            Self::Canonical => "help: write metric = \"fisher\"",
        }
    }
}
