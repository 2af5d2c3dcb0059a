//! Lines as few curves: thinned by Douglas & Peucker (1973), then Catmull-Rom splines written as Béziers.

use std::fmt::Write as _;

use super::number;
use crate::plot::mark::Point;

/// How far a thinned line may be from the line, in millimetres.
const OFF: f64 = 0.012;
/// The cosine of the angle from which on a corner is a corner and no curve.
const SHARP: f64 = 0.5;

/// The path data of a line through points in millimetres, in pieces where a point is not finite. `round` makes curves
/// of them; a line that ends where it begins is closed.
#[must_use]
pub fn path(points: &[Point], round: bool) -> String {
    let mut data = String::new();
    for piece in points.split(|point| !point.iter().all(|v| v.is_finite())) {
        let piece = thinned(piece);
        if piece.len() > 1 {
            one(&mut data, &piece, round);
        }
    }
    data
}

fn one(data: &mut String, points: &[Point], round: bool) {
    let pair = |[x, y]: Point| format!("{} {}", number(x), number(y));
    let last = points.len() - 1;
    let closed = points.len() > 3 && points[0] == points[last];
    let _ = write!(data, "M{}", pair(points[0]));
    let at = |i: isize| -> Point {
        let n = last as isize;
        let i = if closed { i.rem_euclid(n) } else { i.clamp(0, n) };
        points[i as usize]
    };
    for i in 0..last {
        let k = i as isize;
        let [before, from, to, after] = [k - 1, k, k + 1, k + 2].map(at);
        if !round || points.len() < 3 {
            let _ = write!(data, "L{}", pair(to));
            continue;
        }
        let reach = from_to(from, to);
        let out = toward(before, from, to, reach);
        let back = toward(after, to, from, reach);
        let first = [from[0] + out[0], from[1] + out[1]];
        let second = [to[0] + back[0], to[1] + back[1]];
        let _ = write!(data, "C{} {} {}", pair(first), pair(second), pair(to));
    }
    if closed {
        data.push('Z');
    }
}

fn from_to(a: Point, b: Point) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// The first control point of a curve from `at` to `next`, seen from `at`: a third of the way along the tangent that
/// points there, none at a corner.
fn toward(before: Point, at: Point, next: Point, reach: f64) -> Point {
    let (a, b) = ([at[0] - before[0], at[1] - before[1]], [next[0] - at[0], next[1] - at[1]]);
    let (la, lb) = (a[0].hypot(a[1]), b[0].hypot(b[1]));
    let plain = [b[0] / 3.0, b[1] / 3.0];
    if la == 0.0 || lb == 0.0 || (a[0] * b[0] + a[1] * b[1]) / (la * lb) < SHARP {
        return plain;
    }
    // The tangent of a centripetal spline: the longer side counts less.
    let t = [0, 1].map(|i| a[i] / la * lb + b[i] / lb * la);
    let size = t[0].hypot(t[1]);
    if size > 0.0 { t.map(|v| v / size * reach / 3.0) } else { plain }
}

/// The points that a line needs to stay within [`OFF`] of what it was.
fn thinned(points: &[Point]) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut keep = vec![false; points.len()];
    (keep[0], keep[points.len() - 1]) = (true, true);
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let off = |i: &usize| distance(points[*i], points[first], points[last]);
        let far = (first + 1..last).map(|i| (i, off(&i))).max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, far)) = far.filter(|(_, far)| *far > OFF) {
            debug_assert!(far.is_finite());
            keep[i] = true;
            spans.extend([(first, i), (i, last)]);
        }
    }
    points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

/// How far a point is from a segment.
fn distance(p: Point, a: Point, b: Point) -> f64 {
    let (ab, ap) = ([b[0] - a[0], b[1] - a[1]], [p[0] - a[0], p[1] - a[1]]);
    let size = ab[0] * ab[0] + ab[1] * ab[1];
    let t = if size > 0.0 { ((ap[0] * ab[0] + ap[1] * ab[1]) / size).clamp(0.0, 1.0) } else { 0.0 };
    (ap[0] - t * ab[0]).hypot(ap[1] - t * ab[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_line_is_as_near_as_it_has_to_be() {
        let wave: Vec<Point> = (0..2000).map(|i| [f64::from(i) * 0.02, (f64::from(i) * 0.02).sin()]).collect();
        let few = thinned(&wave);
        assert!(few.len() < 200, "{}", few.len());
        for p in &wave {
            let near = few.windows(2).map(|pair| distance(*p, pair[0], pair[1])).fold(f64::INFINITY, f64::min);
            assert!(near <= OFF + 1e-12, "{near}");
        }
    }

    #[test]
    fn gaps_stay_and_corners_stay() {
        let data = path(&[[0.0, 0.0], [1.0, 0.0], [f64::NAN, 0.0], [2.0, 0.0], [3.0, 0.0]], true);
        assert_eq!(data.matches('M').count(), 2);
        let square = path(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]], true);
        assert!(square.ends_with('Z') && !square.contains('-'), "no control point swings out: {square}");
    }
}
