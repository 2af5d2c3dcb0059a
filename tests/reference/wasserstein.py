#!/usr/bin/env python3
"""Writes wasserstein.json: the Wasserstein metric, W2 and points of Wasserstein balls, by definition.

    pip install mpmath numpy && python3 wasserstein.py > wasserstein.json

A family is written down as its density and its distribution function P, with 40 digits. G_ij is the integral of
dP_i dP_j / p, by differences of P; W2^2 that of (x - T(x))^2 p, where T(x) solves Q(T) = P(x) by bisection and Newton's method;
both over panels of a coordinate that suits the support. The end of a ball's ray solves W2 = sqrt(2 delta) by the secant method.
"""
import json
import sys
from mpmath import mp, mpf, sqrt, log, exp, pi, erfc, gamma, gammainc, betainc, beta, sinh, cosh, asinh, tanh, loggamma, sin, cos
import numpy as np

mp.dps = 40
NODES = [(mpf(float(x)), mpf(float(w))) for x, w in zip(*np.polynomial.legendre.leggauss(30))]
# Half the digits of a double node are enough to start Newton's method, which makes it exact.
def polish(n):
    from mpmath import legendre
    out = []
    for x, _ in NODES:
        for _ in range(3):
            f, g = legendre(n, x), n * (x * legendre(n, x) - legendre(n - 1, x)) / (x * x - 1)
            x -= f / g
        g = n * (x * legendre(n, x) - legendre(n - 1, x)) / (x * x - 1)
        out.append((x, 2 / ((1 - x * x) * g * g)))
    return out
NODES = polish(30)

phi = lambda z: exp(-z * z / 2) / sqrt(2 * pi)
Phi = lambda z: erfc(-z / sqrt(mpf(2))) / 2


def of_standard(g, G):
    return lambda f: (lambda x, p: g((x - p[0]) / p[1], f) / p[1], lambda x, p: G((x - p[0]) / p[1], f))


def t_cdf(z, f):
    nu = f['df']
    tail = betainc(nu / 2, mpf(1) / 2, 0, nu / (nu + z * z), regularized=True) / 2
    return tail if z < 0 else 1 - tail


def t_pdf(z, f):
    nu = f['df']
    return gamma((nu + 1) / 2) / (sqrt(nu * pi) * gamma(nu / 2)) * (1 + z * z / nu) ** (-(nu + 1) / 2)


FAMILIES = {
    'gaussian': ('real', of_standard(lambda z, f: phi(z), lambda z, f: Phi(z))),
    'laplace': ('real', of_standard(lambda z, f: exp(-abs(z)) / 2, lambda z, f: exp(z) / 2 if z < 0 else 1 - exp(-z) / 2)),
    'logistic': ('real', of_standard(lambda z, f: 1 / (4 * cosh(z / 2) ** 2), lambda z, f: 1 / (1 + exp(-z)))),
    'gumbel': ('real', of_standard(lambda z, f: exp(-z - exp(-z)) if z > -9 else mpf(0), lambda z, f: exp(-exp(-z)) if z > -9 else mpf(0))),
    'student-t': ('real', of_standard(t_pdf, t_cdf)),
    'gaussian-mixture': ('real', lambda f: (
        lambda x, p: (f['weight'] * phi((x - p[0]) / f['sd']) + (1 - f['weight']) * phi((x - p[1]) / f['sd'])) / f['sd'],
        lambda x, p: f['weight'] * Phi((x - p[0]) / f['sd']) + (1 - f['weight']) * Phi((x - p[1]) / f['sd']))),
    'gamma': ('positive', lambda f: (
        lambda x, p: exp(p[0] * log(p[1]) + (p[0] - 1) * log(x) - p[1] * x - loggamma(p[0])),
        lambda x, p: gammainc(p[0], 0, p[1] * x, regularized=True))),
    'inverse-gaussian': ('positive', lambda f: (
        lambda x, p: sqrt(p[1] / (2 * pi * x ** 3)) * exp(-p[1] * (x - p[0]) ** 2 / (2 * p[0] ** 2 * x)),
        lambda x, p: Phi(sqrt(p[1] / x) * (x / p[0] - 1)) + exp(2 * p[1] / p[0]) * Phi(-sqrt(p[1] / x) * (x / p[0] + 1)))),
    'log-normal': ('positive', lambda f: (
        lambda x, p: phi((log(x) - p[0]) / p[1]) / (x * p[1]), lambda x, p: Phi((log(x) - p[0]) / p[1]))),
    'weibull': ('positive', lambda f: (
        lambda x, p: p[0] / x * (x / p[1]) ** p[0] * exp(-(x / p[1]) ** p[0]), lambda x, p: -mp.expm1(-(x / p[1]) ** p[0]))),
    'beta': ('unit', lambda f: (
        lambda x, p: x ** (p[0] - 1) * (1 - x) ** (p[1] - 1) / beta(p[0], p[1]),
        lambda x, p: betainc(p[0], p[1], 0, x, regularized=True))),
}

MAPS = {
    'real': (lambda t: sinh(t), lambda t: cosh(t)),
    'positive': (lambda t: exp(t), lambda t: exp(t)),
    'unit': (lambda t: 1 / (1 + exp(-t)), lambda t: 1 / (4 * cosh(t / 2) ** 2)),
}


def panels(kind, pdf, p, share):
    """Panels of t outside of which p dx/dt times the square of a change of x is below 1e-26 of its largest value; next to a
    boundary what is carried from there (share) may be moved as far as anything."""
    x, dx = MAPS[kind]
    weight = lambda t: pdf(x(t), p) * dx(t) * (1 + x(t) ** 2 if share or kind == 'real' else dx(t) ** 2)
    ts = [mpf(k) / 4 for k in range(-360, 361)]
    ts = [t for t in ts if 0 < x(t) < 1 - mpf(10) ** -30] if kind == 'unit' else ts
    ws = [weight(t) for t in ts]
    top = max(ws)
    inside = [t for t, w in zip(ts, ws) if w > top * mpf(10) ** -26]
    low, high = inside[0] - mpf(1) / 4, inside[-1] + mpf(1) / 4
    n = max(24, int((high - low) * 2))
    edges = [low + (high - low) * k / n for k in range(n + 1)]
    return edges


def integral(edges, f):
    total = None
    for a, b in zip(edges, edges[1:]):
        for node, w in NODES:
            v = f((a + b) / 2 + (b - a) / 2 * node)
            v = [w * (b - a) / 2 * u for u in v]
            total = v if total is None else [s + u for s, u in zip(total, v)]
    return total


def edges_of(kind, pdf, p, name, share):
    edges = panels(kind, pdf, p, share)
    if name == 'laplace':
        edges = sorted(edges + [asinh(p[0])])
    return edges


def metric(name, f, p):
    kind, make = FAMILIES[name]
    pdf, cdf = make(f)
    x, dx = MAPS[kind]
    h = [mpf(10) ** -13 * max(abs(v), mpf(1) / 10) for v in p]
    def slope(y, i):
        up, down = list(p), list(p)
        up[i] += h[i]
        down[i] -= h[i]
        return (cdf(y, up) - cdf(y, down)) / (2 * h[i])
    def parts(t):
        y = x(t)
        a, b = slope(y, 0), slope(y, 1)
        w = dx(t) / pdf(y, p)
        return [a * a * w, a * b * w, b * b * w]
    return integral(edges_of(kind, pdf, p, name, False), parts)


def distance(name, f, p, q):
    # Mass that is torn apart across a gap is nearly a step in x; seen from where it comes to lie nothing is steep.
    if name == 'gaussian-mixture' and abs(q[1] - q[0]) > abs(p[1] - p[0]):
        p, q = q, p
    kind, make = FAMILIES[name]
    pdf, cdf = make(f)
    x, dx = MAPS[kind]
    state = {'t': None}
    def carried(u, t):
        """t of the quantile u of q: Newton's method from the last one within a bracket."""
        low, high = mpf(-100), mpf(100)
        at = state['t'] if state['t'] is not None else t
        for _ in range(400):
            value = cdf(x(at), q) - u
            if value < 0:
                low = at
            else:
                high = at
            slope = pdf(x(at), q) * dx(at)
            guess = at - value / slope if slope > 0 else None
            if guess is None or not low < guess < high:
                guess = (low + high) / 2
            if abs(guess - at) < mpf(10) ** -22:
                at = guess
                break
            at = guess
        state['t'] = at
        return at
    def cost(t):
        y = x(t)
        to = x(carried(cdf(y, p), t))
        return [(y - to) ** 2 * pdf(y, p) * dx(t)]
    edges = edges_of(kind, pdf, p, name, True)
    return sqrt(integral(edges, cost)[0])


def ray(name, f, p, G, angle, delta):
    """The end of the ray from p in the direction L^-T (cos, sin), G = L L^T."""
    a = sqrt(G[0])
    b = G[1] / a
    c = sqrt(G[2] - b * b)
    y = sin(angle) / c
    v = [(cos(angle) - b * y) / a, y]
    r = sqrt(2 * delta)
    at = lambda s: [p[0] + s * v[0], p[1] + s * v[1]]
    f0, s0 = -r, mpf(0)
    s1 = r
    for _ in range(12):
        f1 = distance(name, f, p, at(s1)) - r
        if abs(f1) < mpf(10) ** -13 * r:
            break
        s0, f0, s1 = s1, f1, s1 - f1 * (s1 - s0) / (f1 - f0)
    return at(s1)


# Family, what it has fixed, two points, and the radius of a ball around the first if there is to be one.
CASES = [
    ('gaussian', {}, '0 1', '2 0.5', '0.1'), ('gaussian', {}, '0.5 1.5', '-3 4', None),
    ('laplace', {}, '0 1', '1 2', '0.1'), ('logistic', {}, '0 1', '1 2', '0.1'), ('gumbel', {}, '0.5 1.2', '-1 3', '0.1'),
    ('student-t', {'df': '3'}, '0 1', '1 2', '0.1'), ('student-t', {'df': '5.5'}, '-1 2', '0 0.3', None),
    ('log-normal', {}, '0 0.5', '1 0.8', '0.05'), ('log-normal', {}, '0.3 0.4', '0.30001 0.40002', None),
    ('weibull', {}, '1.5 2', '0.8 1', '0.1'), ('weibull', {}, '4 1', '4.0001 1.0003', None),
    ('gamma', {}, '2 1', '3.5 2', '0.1'), ('gamma', {}, '0.3 0.5', '0.8 4', '0.1'), ('gamma', {}, '40 3', '60 5', None),
    ('gamma', {}, '2 1', '2.001 1.002', None),
    ('inverse-gaussian', {}, '1 2', '2 0.5', '0.05'), ('inverse-gaussian', {}, '3 0.7', '0.5 9', None),
    ('beta', {}, '2 3', '4 2.5', '0.002'), ('beta', {}, '0.5 0.7', '3 0.4', '0.01'), ('beta', {}, '30 80', '20 15', None),
    ('gaussian-mixture', {'weight': '0.3', 'sd': '1'}, '-0.5 1.5', '2 -1', '0.1'),
    ('gaussian-mixture', {'weight': '0.5', 'sd': '0.5'}, '0 3', '0.2 0.4', None),
    ('gaussian-mixture', {'weight': '0.7', 'sd': '1'}, '0 0.01', '-2 7', None),
]


def main():
    number = lambda v: float(mp.nstr(v, 17))
    rows = []
    for name, fixed, p, q, delta in CASES:
        f = {k: mpf(v) for k, v in fixed.items()}
        a, b = [[mpf(v) for v in point.split()] for point in (p, q)]
        # A power of x falls so slowly that 1 - P needs more digits.
        mp.dps = 130 if name == 'student-t' else 40
        G = metric(name, f, a)
        row = {'family': name, 'model': {k: float(v) for k, v in fixed.items()}, 'at': p.split(), 'to': q.split(),
               'metric': [number(v) for v in G], 'distance': number(distance(name, f, a, b))}
        if delta:
            row['ball'] = {'delta': float(delta), 'angle': 1.0, 'end': [number(v) for v in ray(name, f, a, G, mpf(1), mpf(delta))]}
        rows.append(json.dumps(row, separators=(',', ':')))
        print(name, p, q, rows[-1], file=sys.stderr, flush=True)
    print('{"about":"Wasserstein metric, W2 and ends of rays of W2 balls, by definition with 40 digits: wasserstein.py","points":[\n'
          + ',\n'.join(rows) + '\n]}')


main()
