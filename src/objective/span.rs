//! Pieces of the real line, integrals over them, and limits of sums over octaves.
//!
//! Knows neither rewards nor densities.

/// The number of partial sums that enter an extrapolation.
const LAST: usize = 17;

/// A piece of the line: anchor + sign·δ for δ from `low` to `high`.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The origin of δ, exact.
    pub anchor: f64,
    /// 1 or −1.
    pub sign: f64,
    /// The smallest δ.
    pub low: f64,
    /// The largest δ.
    pub high: f64,
}

/// An end of the line, towards which spans continue octave by octave.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// Towards infinity: δ doubles.
    Far {
        /// The origin of δ.
        anchor: f64,
        /// 1 or −1.
        sign: f64,
        /// The initial δ.
        from: f64,
    },
    /// Towards the anchor: δ halves.
    Near {
        /// The origin of δ.
        anchor: f64,
        /// 1 or −1.
        sign: f64,
        /// The initial δ.
        from: f64,
    },
}

impl End {
    pub(super) fn octave(self, k: i32) -> Span {
        match self {
            Self::Far { anchor, sign, from } => {
                let low = from * 2.0_f64.powi(k);
                Span { anchor, sign, low, high: 2.0 * low }
            }
            Self::Near { anchor, sign, from } => {
                let high = from * 2.0_f64.powi(-k);
                Span { anchor, sign, low: 0.5 * high, high }
            }
        }
    }

    /// The union of all octaves from k on.
    pub(super) fn rest(self, k: i32) -> Span {
        let span = self.octave(k);
        match self {
            Self::Far { .. } => Span { high: f64::MAX, ..span },
            Self::Near { .. } => Span { low: 0.0, ..span },
        }
    }

    /// Whether doubles resolve octave k.
    pub(super) fn reaches(self, k: i32) -> bool {
        let Span { anchor, low, high, .. } = self.octave(k);
        match self {
            Self::Far { .. } => high < 1e300,
            // At 1 a mirrored density takes δ itself.
            Self::Near { .. } if anchor == 0.0 => low > 1e-300,
            Self::Near { .. } => low > 2.0_f64.powi(-27) * anchor.abs(),
        }
    }
}

/// An observation, with its distance from 1 if that is more accurate.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// The observation.
    pub x: f64,
    /// 1 − x if it is more accurate than x, otherwise `None`.
    pub below_one: Option<f64>,
}

impl Span {
    pub(super) fn spot(&self, delta: f64) -> Spot {
        let below_one = (self.anchor == 1.0 && self.sign < 0.0).then_some(delta);
        Spot { x: self.anchor + self.sign * delta, below_one }
    }

    pub(super) fn range(&self) -> [f64; 2] {
        let ends = [self.spot(self.low).x, self.spot(self.high).x];
        if self.sign < 0.0 { [ends[1], ends[0]] } else { ends }
    }

    /// The octave of δ that ends at `high`.
    pub(super) fn octave_below(anchor: f64, sign: f64, high: f64) -> Self {
        Self { anchor, sign, low: 0.5 * high, high }
    }

    pub(super) fn halves(&self) -> Vec<Self> {
        let middle = 0.5 * (self.low + self.high);
        vec![Self { high: middle, ..*self }, Self { low: middle, ..*self }]
    }

    /// Whether doubles resolve its halves.
    pub(super) fn splits(&self) -> bool {
        let [low, high] = self.range();
        self.high - self.low > 1e-14 * self.high && high - low > 4.0 * f64::EPSILON * low.abs().max(high.abs())
    }
}

/// The integrals ∫ (r − base) hᵢ p over a piece of the line, and related ones.
#[derive(Debug, Clone, Copy)]
pub struct Piece<const N: usize> {
    /// ∫ (r − base) h p.
    pub value: [f64; N],
    /// The error bound of `value`.
    pub error: [f64; N],
    /// ∫ |r − base| |h| p.
    pub size: [f64; N],
    /// ∫ |h| p.
    pub bare: [f64; N],
    /// ∫ p.
    pub mass: f64,
}

impl<const N: usize> Piece<N> {
    /// Zero.
    pub const NONE: Self = Self { value: [0.0; N], error: [0.0; N], size: [0.0; N], bare: [0.0; N], mass: 0.0 };

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: [f64; N], b: [f64; N]| std::array::from_fn(|i| a[i] + b[i]);
        Self {
            value: sum(self.value, other.value),
            error: sum(self.error, other.error),
            size: sum(self.size, other.size),
            bare: sum(self.bare, other.bare),
            mass: self.mass + other.mass,
        }
    }

    pub(super) fn infinite(&self) -> bool {
        self.size.contains(&f64::INFINITY)
    }
}

/// Divides an interval into spans, each of which has one of `corners` as its anchor and no other in it.
pub(super) fn parts(low: f64, high: f64, corners: &[f64]) -> Vec<Span> {
    let mut spans = Vec::with_capacity(2 * corners.len());
    for (i, corner) in corners.iter().enumerate() {
        let before = i.checked_sub(1).map_or(low, |i| 0.5 * (corners[i] + corner));
        let after = corners.get(i + 1).map_or(high, |next| 0.5 * (corner + next));
        spans.push(Span { anchor: *corner, sign: -1.0, low: 0.0, high: corner - before });
        spans.push(Span { anchor: *corner, sign: 1.0, low: 0.0, high: after - corner });
    }
    spans
}

/// Whether sizes of terms fall in such a manner that the sum of their octaves has a limit that can be
/// extrapolated: fast, or in a ratio that stays. Terms like 1/k or 1/k² in octave k, from logarithms in the integrand, are
/// neither, and an extrapolation of their sum looks better than it is.
pub fn regular(sizes: &[f64]) -> bool {
    let Some(end) = sizes.iter().rposition(|size| *size > 0.0) else { return true };
    // From a size that counts to zero at once, a double overflows within the reward.
    if end + 1 < sizes.len() {
        return sizes[end] <= 1e-6 * sizes.iter().sum::<f64>();
    }
    let [.., earlier, before, last] = *sizes else { return false };
    let (ratio, ratio_before) = (last / before, before / earlier);
    ratio < 0.8 || ratio < 1.0 && (ratio - ratio_before).abs() < 5e-4 * (1.0 - ratio)
}

/// The limit of a sequence by Wynn's epsilon algorithm, and how far its last estimates differ.
#[must_use]
pub fn limit(sums: &[f64]) -> [f64; 2] {
    let estimate = |sums: &[f64]| -> f64 {
        let (mut before, mut row) = (vec![0.0; sums.len() + 1], sums.to_vec());
        let mut best = row[row.len() - 1];
        let mut odd = true;
        while row.len() > 1 {
            let next: Vec<f64> = (0..row.len() - 1).map(|k| before[k + 1] + 1.0 / (row[k + 1] - row[k])).collect();
            if !next.iter().all(|x| x.is_finite()) {
                break;
            }
            (before, row) = (row, next);
            odd = !odd;
            if odd {
                best = row[row.len() - 1];
            }
        }
        best
    };
    let n = sums.len();
    if n < 5 {
        return [sums.last().copied().unwrap_or(0.0), f64::INFINITY];
    }
    let [last, shorter, earlier] = [estimate(sums), estimate(&sums[2..]), estimate(&sums[..n - 1])];
    [last, 2.0 * (last - shorter).abs().max((last - earlier).abs())]
}

/// The extrapolated remainder of a sum of octaves with its error, and the error of its mass.
pub(super) fn unknown<const N: usize>(terms: &[Piece<N>], partial: &[[f64; N]]) -> (Piece<N>, f64) {
    let from = terms.len().saturating_sub(LAST);
    let mut rest = Piece::<N>::NONE;
    for i in 0..N {
        let sums: Vec<f64> = partial[from..].iter().map(|sums| sums[i]).collect();
        let [value, error] = limit(&sums);
        rest.value[i] = value - sums.last().copied().unwrap_or(0.0);
        // A sum whose terms do not fall has no limit, whatever its extrapolation says.
        rest.error[i] =
            if regular(&terms.iter().map(|term| term.size[i]).collect::<Vec<_>>()) { error } else { f64::INFINITY };
        rest.size[i] = rest.value[i].abs();
    }
    let mut mass = 0.0;
    let masses: Vec<f64> = terms
        .iter()
        .map(|term| {
            mass += term.mass;
            mass
        })
        .collect();
    let [value, error] = limit(&masses[from..]);
    rest.mass = if error < 2e-6 { value - mass } else { 0.0 };
    (rest, error)
}

/// Whether the size of an octave is smaller than that of the one before it.
pub(super) fn falls(last: f64, before: f64) -> bool {
    last == 0.0 || last < (1.0 - 1e-5) * before
}
