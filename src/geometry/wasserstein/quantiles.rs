//! The quantile function of one distribution as series, so that it can be asked for again and again without a search.

use super::law::{Law, Tail, grid};
use super::ruler::Spot;
use crate::math::chebyshev::Series;

/// The most pieces.
const PIECES: usize = 600;
/// The tolerance of a piece, relative to its largest value; and that where a half is no better than the whole, because
/// what is left is the rounding of the law.
const CLOSE: f64 = 1e-14;
const ROUNDED: f64 = 1e-12;

/// t as a function of the log odds of P, which has the digits of both tails.
pub(super) struct Quantiles {
    pieces: Vec<Piece>,
}

struct Piece {
    low: f64,
    width: f64,
    t: Series,
}

impl Quantiles {
    /// The quantiles within the pieces of a law; `None` if they were not resolved.
    pub fn new(law: &Law<'_>) -> Option<Self> {
        let ends: Vec<f64> = law.breaks().into_iter().map(|t| Some(log_odds(law.at(t)?.2))).collect::<Option<_>>()?;
        let mut pieces = Vec::new();
        let mut open: Vec<[f64; 3]> = ends.windows(2).rev().map(|ends| [ends[0], ends[1], f64::INFINITY]).collect();
        while let Some([low, high, before]) = open.pop() {
            let width = high - low;
            let place = |node: &f64| law.place(tail(low + width * node)).filter(|t| t.is_finite());
            let values: Vec<f64> = grid().t.iter().map(place).collect::<Option<_>>()?;
            let t = grid().series(&values);
            let error = t.tail();
            if error <= CLOSE || error <= ROUNDED && before <= 8.0 * error {
                pieces.push(Piece { low, width, t });
                continue;
            }
            if pieces.len() + open.len() >= PIECES || error.is_nan() {
                return None;
            }
            let middle = low + 0.5 * width;
            // The left half is next.
            open.extend([[middle, high, error], [low, middle, error]]);
        }
        Some(Self { pieces })
    }

    /// The observation of the law with a given P.
    pub fn spot(&self, law: &Law<'_>, share: Tail) -> Option<Spot> {
        let odds = log_odds(share);
        let piece =
            self.pieces.partition_point(|piece| piece.low <= odds).checked_sub(1).map(|place| &self.pieces[place]);
        match piece.filter(|piece| odds <= piece.low + piece.width) {
            Some(piece) => Some(law.spot(piece.t.at((odds - piece.low) / piece.width))),
            // Beyond the pieces.
            None => law.quantile(share),
        }
    }
}

fn log_odds(share: Tail) -> f64 {
    match share {
        Tail::Below(below) => (below / (1.0 - below)).ln(),
        Tail::Above(above) => ((1.0 - above) / above).ln(),
    }
}

fn tail(log_odds: f64) -> Tail {
    let rarer = (1.0 + log_odds.abs().exp()).recip();
    if log_odds < 0.0 { Tail::Below(rarer) } else { Tail::Above(rarer) }
}
