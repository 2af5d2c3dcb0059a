//! Adaptive quadrature for integrands of which little is known: panels are halved until a tolerance is met or a bound
//! on the work is reached.
//!
//! The Gauss-Kronrod pair with 7 and 15 nodes and the error estimate of QUADPACK (Piessens et al. 1983, §2.2.4.1),
//! applied to several functions on the same nodes at once. For smooth integrands the fixed rules of `quadrature` are
//! cheaper.

/// The non-negative nodes of the 15-point Kronrod rule on [−1, 1], each with its Kronrod weight and its weight in the
/// 7-point Gauss rule (0 if it is not a node of that).
pub const NODES: [[f64; 3]; 8] = [
    [0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0],
    [0.949_107_912_342_758_5, 0.063_092_092_629_978_56, 0.129_484_966_168_869_7],
    [0.864_864_423_359_769_1, 0.104_790_010_322_250_18, 0.0],
    [0.741_531_185_599_394_4, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64],
    [0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0],
    [0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9],
    [0.207_784_955_007_898_47, 0.204_432_940_075_298_9, 0.0],
    [0.0, 0.209_482_141_084_727_82, 0.417_959_183_673_469_4],
];

/// No panel is halved once there are this many.
const PANELS: usize = 600;

/// The integrals over one panel, with their error estimates.
#[derive(Debug, Clone, Copy)]
struct Panel<const N: usize> {
    low: f64,
    high: f64,
    value: [f64; N],
    /// ∫ |f|.
    size: [f64; N],
    error: [f64; N],
}

impl<const N: usize> Panel<N> {
    fn new(low: f64, high: f64, f: &mut impl FnMut(f64) -> [f64; N]) -> Self {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let [mut value, mut gauss, mut size] = [[0.0; N]; 3];
        for [node, kronrod, share] in NODES {
            let sides: &[f64] = if node == 0.0 { &[0.0] } else { &[-1.0, 1.0] };
            for side in sides {
                let found = f(middle + half * node * side);
                for i in 0..N {
                    value[i] += kronrod * half * found[i];
                    gauss[i] += share * half * found[i];
                    size[i] += kronrod * half * found[i].abs();
                }
            }
        }
        let error = std::array::from_fn(|i| {
            let difference = (value[i] - gauss[i]).abs();
            let share = (200.0 * difference / size[i]).powf(1.5);
            if share < 1.0 { (size[i] * share).min(difference) } else { difference }
        });
        Self { low, high, value, size, error }
    }
}

/// The result of an adaptive integration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Integral<const N: usize> {
    /// ∫ fᵢ.
    pub value: [f64; N],
    /// ∫ |fᵢ|.
    pub size: [f64; N],
}

/// Returns ∫ f from the first to the last of `breaks`, which are in ascending order and include the known kinks of f.
///
/// Every component has an estimated error of at most `tolerance · ∫ |fᵢ|`, unless the limit of 600 panels is reached
/// first. The result is not finite if f is not finite at a node.
pub fn integrate<const N: usize>(breaks: &[f64], tolerance: f64, mut f: impl FnMut(f64) -> [f64; N]) -> Integral<N> {
    let mut panels: Vec<Panel<N>> =
        breaks.windows(2).filter(|ends| ends[1] > ends[0]).map(|ends| Panel::new(ends[0], ends[1], &mut f)).collect();
    let sum = |panels: &[Panel<N>], of: fn(&Panel<N>) -> [f64; N]| -> [f64; N] {
        panels.iter().map(of).fold([0.0; N], |sum, term| std::array::from_fn(|i| sum[i] + term[i]))
    };
    while panels.len() < PANELS {
        let (size, error) = (sum(&panels, |panel| panel.size), sum(&panels, |panel| panel.error));
        // A NaN ends the refinement: no panel would remove it.
        if !(0..N).any(|i| error[i] > tolerance * size[i]) {
            break;
        }
        // Every panel with more than its share of the error in some component is halved.
        let share = |panel: &Panel<N>| {
            (0..N).map(|i| if size[i] > 0.0 { panel.error[i] / (tolerance * size[i]) } else { 0.0 }).fold(0.0, f64::max)
        };
        let limit = 0.5 / panels.len() as f64;
        let splits = panels.iter().filter(|panel| share(panel) > limit && panel.splits()).count();
        if splits == 0 {
            break;
        }
        let mut next = Vec::with_capacity(panels.len() + splits);
        for panel in panels {
            if share(&panel) > limit && panel.splits() {
                let middle = 0.5 * (panel.low + panel.high);
                next.extend([Panel::new(panel.low, middle, &mut f), Panel::new(middle, panel.high, &mut f)]);
            } else {
                next.push(panel);
            }
        }
        panels = next;
    }
    Integral { value: sum(&panels, |panel| panel.value), size: sum(&panels, |panel| panel.size) }
}

impl<const N: usize> Panel<N> {
    /// Whether the panel is wide enough to be halved.
    fn splits(&self) -> bool {
        self.high - self.low > 1e-14 * self.low.abs().max(self.high.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smooth_kinked_and_narrow_integrands_meet_the_tolerance() {
        let one = |breaks: &[f64], f: fn(f64) -> f64| integrate(breaks, 1e-13, |x| [f(x)]).value[0];
        assert!((one(&[0.0, 1.0], |x| x.powi(21)) - 1.0 / 22.0).abs() < 1e-16);
        assert!((one(&[-1.0, 2.0], |x| (x - 0.3).abs()) - 0.5 * (1.3_f64.powi(2) + 1.7_f64.powi(2))).abs() < 1e-12);
        let narrow = one(&[-1.0, 0.0, 1.0], |x| (-(x * 1e3).powi(2)).exp());
        assert!((narrow / (std::f64::consts::PI.sqrt() * 1e-3) - 1.0).abs() < 1e-12, "{narrow}");
        assert!(one(&[0.0, 1.0], |_| f64::NAN).is_nan());
    }
}
