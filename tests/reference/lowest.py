"""The least forward KL within a circle, a Fisher ellipse and an exact KL ball: writes lowest.json.

By other means than the program's: the Lagrange conditions in 40 digits (mpmath), with derivatives by finite differences,
from a start that SLSQP finds in doubles. The Fisher matrix is the Hessian of KL.
"""
import json
import pathlib

import mpmath as mp
import numpy as np
from scipy.optimize import minimize

mp.mp.dps = 40


def gaussian(p, q):
    return mp.log(q[1] / p[1]) + (p[1] ** 2 + (p[0] - q[0]) ** 2) / (2 * q[1] ** 2) - mp.mpf(1) / 2


def gamma(p, q):
    (a, b), (c, d) = p, q
    return (a - c) * mp.digamma(a) - mp.loggamma(a) + mp.loggamma(c) + c * (mp.log(b) - mp.log(d)) + a * (d - b) / b


def categorical(p, q):
    p, q = [*p, 1 - p[0] - p[1]], [*q, 1 - q[0] - q[1]]
    return mp.fsum(a * mp.log(a / b) for a, b in zip(p, q))


def cauchy(p, q):
    return mp.log(((p[1] + q[1]) ** 2 + (p[0] - q[0]) ** 2) / (4 * p[1] * q[1]))


def softmax(x):
    e = [mp.exp(x[0]), mp.exp(x[1]), mp.mpf(1)]
    return [e[0] / mp.fsum(e), e[1] / mp.fsum(e)]


SAME = (lambda x: x, lambda p: p)
CHARTS = {
    ("gaussian", "mean-sd"): SAME,
    ("gaussian", "mean-log-sd"): (lambda x: [x[0], mp.exp(x[1])], lambda p: [p[0], mp.log(p[1])]),
    ("gaussian", "mean-variance"): (lambda x: [x[0], mp.sqrt(x[1])], lambda p: [p[0], p[1] ** 2]),
    ("gaussian", "natural"): (
        lambda x: [-x[0] / (2 * x[1]), mp.sqrt(-1 / (2 * x[1]))],
        lambda p: [p[0] / p[1] ** 2, -1 / (2 * p[1] ** 2)],
    ),
    ("gamma", "shape-rate"): SAME,
    ("gamma", "mean-shape"): (lambda x: [x[1], x[1] / x[0]], lambda p: [p[0] / p[1], p[0]]),
    ("categorical", "p1-p2"): SAME,
    ("categorical", "softmax"): (
        softmax,
        lambda p: [mp.log(p[0] / (1 - p[0] - p[1])), mp.log(p[1] / (1 - p[0] - p[1]))],
    ),
    ("cauchy", "location-scale"): SAME,
}
KL = {"gaussian": gaussian, "gamma": gamma, "categorical": categorical, "cauchy": cauchy}
CASES = [
    *(("gaussian", "mean-sd", [0, 1], [2, 0.5], delta) for delta in [0.001, 0.01, 0.1, 0.5]),
    *(("gaussian", chart, [0, 1], [2, 0.5], 0.1) for chart in ["mean-log-sd", "mean-variance", "natural"]),
    *(("gamma", chart, [2, 1], [6, 1.5], delta) for chart in ["shape-rate", "mean-shape"] for delta in [0.001, 0.05]),
    *(("categorical", chart, [0.5, 0.3], [0.02, 0.1], delta) for chart in ["p1-p2", "softmax"] for delta in [0.001, 0.1]),
    *(("cauchy", "location-scale", [0, 1], [2, 0.5], delta) for delta in [0.001, 0.1]),
]


def slope(f, x):
    h = mp.mpf(10) ** -13
    unit = [[h, 0], [0, h]]
    at = lambda d, s: f([x[0] + s * d[0], x[1] + s * d[1]])
    return [(at(d, 1) - at(d, -1)) / (2 * h) for d in unit]


def real(f, x):
    """A value in doubles; far above all others outside of the domain, where logarithms and roots turn complex."""
    try:
        value = f([mp.mpf(float(v)) for v in x])
    except (ValueError, ZeroDivisionError):
        return 1e3
    return float(value) if isinstance(value, mp.mpf) else 1e3


def least(loss, size, delta, x0, radius):
    best = None
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False):
        start = np.array([float(x0[0]), float(x0[1])]) + 0.5 * radius * np.array([np.cos(angle), np.sin(angle)])
        guard = lambda f: lambda x: real(f, x)
        within = {"type": "ineq", "fun": lambda x: (float(delta) - guard(size)(x)) / float(delta)}
        found = minimize(guard(loss), start, method="SLSQP", tol=1e-14, constraints=within)
        if real(size, found.x) < 1.01 * float(delta) and (best is None or found.fun < best.fun):
            best = found
    x = [mp.mpf(float(v)) for v in best.x]
    g, c = slope(loss, x), slope(size, x)
    multiplier = -(g[0] * c[0] + g[1] * c[1]) / (c[0] ** 2 + c[1] ** 2)

    def conditions(a, b, m):
        g, c = slope(loss, [a, b]), slope(size, [a, b])
        return [g[0] + m * c[0], g[1] + m * c[1], (size([a, b]) - delta) / delta]

    root = mp.findroot(conditions, (x[0], x[1], multiplier), tol=1e-20, maxsteps=40)
    assert mp.re(root[2]) > 0 and mp.im(root[2]) == 0 and mp.hypot(root[0] - x[0], root[1] - x[1]) < 1e-3 * radius
    return [root[0], root[1]]


def case(family, chart, p, target, delta):
    to, back = CHARTS[family, chart]
    p, target, size = [mp.mpf(v) for v in p], [mp.mpf(v) for v in target], mp.mpf(str(delta))
    x0 = back(p)
    kl = lambda x: KL[family](p, to(x))
    loss = lambda x: KL[family](target, to(x))
    h = mp.mpf(10) ** -10
    # Along a direction, KL is half its square to second order; the mean of both sides removes the third.
    along = lambda a, b: (kl([x0[0] + a * h, x0[1] + b * h]) + kl([x0[0] - a * h, x0[1] - b * h])) / h**2
    f = [along(1, 0), (along(1, 1) - along(1, -1)) / 4, along(0, 1)]
    step = lambda x: [x[0] - x0[0], x[1] - x0[1]]
    circle = lambda x: (step(x)[0] ** 2 + step(x)[1] ** 2) / 2
    ellipse = lambda x: (f[0] * step(x)[0] ** 2 + 2 * f[1] * step(x)[0] * step(x)[1] + f[2] * step(x)[1] ** 2) / 2
    wide = float(mp.sqrt(2 * size))
    small = wide / float(mp.sqrt(max(f[0], f[2])))
    found = []
    for shape, radius in [(circle, wide), (ellipse, small), (kl, small)]:
        x = least(loss, shape, size, x0, radius)
        found.append({"x": [mp.nstr(v, 17) for v in x], "loss": mp.nstr(loss(x), 17)})
    point = lambda v: [float(v[0]), float(v[1])]
    row = {"family": family, "chart": chart, "start": point(p), "target": point(target), "delta": delta}
    return {**row, "within": [{"x": [float(v) for v in at["x"]], "loss": float(at["loss"])} for at in found]}


rows = [case(*row) for row in CASES]
text = "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"
pathlib.Path(__file__).with_name("lowest.json").write_text(text)
