//! Whether an integral diverges towards infinity, an end of the support or a pole.
//!
//! With δ the distance from the anchor, ∫ |g| dδ diverges if δ |g(δ)| does not fall any more, octave after octave. That is
//! read off logarithms over hundreds of octaves, where e^x in the reward and e^(−x) in the density cancel. Integrals are
//! not this module's business.

use super::integral::Integrand;
use super::span::End;

/// Octaves between two samples, and the last octave that is sampled.
const STRIDE: i32 = 2;
const LAST: i32 = 300;
/// The fewest samples that a verdict is based on.
const FEW: usize = 8;
/// Places in an octave, from 1 to 2: irrational steps, so that an oscillation does not keep in step with them.
const PLACES: usize = 8;
const GOLDEN: f64 = 0.618_033_988_749_894_9;
/// Rounding of a logarithm above which a sample can only disprove.
const SURE: f64 = 1e-3;
/// The growth per octave that is believed of an integrand that oscillates.
const GROWTH: f64 = 0.05;

/// ln (δ |g|), averaged over an octave, with its rounding error.
#[derive(Clone, Copy)]
struct Sample {
    log: f64,
    noise: f64,
}

/// Whether ∫ |g| over all octaves of an end is infinite, for any component of the integrand. `false` if that is uncertain.
pub fn diverges<const N: usize>(of: &Integrand<'_, N>, end: End) -> bool {
    let octaves: Vec<[Sample; N]> = (0..=LAST / STRIDE)
        .map(|n| n * STRIDE)
        .take_while(|k| end.reaches(*k))
        .map(|k| samples(of, end, k))
        .take_while(|samples| samples.iter().all(|sample| !sample.log.is_nan()))
        .collect();
    (0..N).any(|i| stays(&octaves.iter().map(|samples| samples[i]).collect::<Vec<_>>()))
}

fn samples<const N: usize>(of: &Integrand<'_, N>, end: End, k: i32) -> [Sample; N] {
    let span = end.octave(k);
    let mut logs = [[f64::NEG_INFINITY; PLACES]; N];
    let mut noise = 0.0_f64;
    #[expect(clippy::needless_range_loop, reason = "the logarithms of all integrands have the same places")]
    for place in 0..PLACES {
        let share = (GOLDEN * (place + 1) as f64 + 0.37 * f64::from(k)).fract();
        let delta = span.low * share.exp2();
        let spot = span.spot(delta);
        let [reward, density] = of.logarithms(spot);
        let weights = (of.weights)(spot);
        for i in 0..N {
            logs[i][place] = delta.ln() + reward + density + weights[i].abs().ln();
        }
        let lost = reward.abs().max(density.abs()).max(1.0) + (span.anchor / delta).abs();
        noise = noise.max(8.0 * f64::EPSILON * lost);
    }
    logs.map(|logs| {
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let nan = logs.iter().any(|log| log.is_nan());
        let sum: f64 = logs.iter().map(|log| (log - most).exp()).sum();
        let log = if nan { f64::NAN } else { most + (sum / PLACES as f64).ln() };
        Sample { log, noise }
    })
}

/// Whether samples have stopped falling.
fn stays(samples: &[Sample]) -> bool {
    let sure = samples.iter().take_while(|sample| sample.noise < SURE).count();
    if sure < FEW {
        return false;
    }
    let (later, beyond) = (&samples[sure / 2..sure], &samples[sure..]);
    let (first, last) = (later[0], later[later.len() - 1]);
    let holds = |pair: &[Sample]| pair[1].log - pair[0].log >= -(pair[0].noise + pair[1].noise);
    let grows = || {
        let quarter = later.len() / 4 + 1;
        let low = later[later.len() - quarter..].iter().map(|sample| sample.log).fold(f64::INFINITY, f64::min);
        let high = later[..quarter].iter().map(|sample| sample.log).fold(f64::NEG_INFINITY, f64::max);
        last.log - first.log >= GROWTH * f64::from(STRIDE) * later.len() as f64 && low > high
    };
    (later.windows(2).all(holds) || grows()) && beyond.iter().all(|sample| sample.log >= last.log - 10.0 * sample.noise)
}
