#!/usr/bin/env python3
"""Writes extremes.json: geometry and divergences at extreme parameters, by definition, with 160 digits.

    pip install mpmath && python3 extremes.py > extremes.json

A family is written down as the Fisher matrix in its parameters, its charts as maps of the parameters, its entropy and its
divergence. Inverses, Christoffel symbols and the curvature follow from these by differences of 1e-35 natural lengths, none of
which a double would survive. Numbers are rounded to 17 digits at the end.
"""
import json
import sys
from mpmath import mp, mpf, matrix, sqrt, log, exp, psi, loggamma, pi, cos, sin, besseli, euler, gamma, quad, expint, cosh, tanh, sinh, inf, log1p, e as E

mp.dps = 160
H = mpf(10) ** -35


def grid(f, p, h):
    """Value, first and second derivatives of a list-valued function of two numbers."""
    at = lambda i, j: f((p[0] + i * h[0], p[1] + j * h[1]))
    c = at(0, 0)
    v = {(i, j): at(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)}
    v[0, 0] = c
    n = range(len(c))
    d = [[(v[1, 0][k] - v[-1, 0][k]) / (2 * h[0]) for k in n], [(v[0, 1][k] - v[0, -1][k]) / (2 * h[1]) for k in n]]
    dd = [[(v[1, 0][k] - 2 * c[k] + v[-1, 0][k]) / h[0] ** 2 for k in n],
          [(v[1, 1][k] - v[1, -1][k] - v[-1, 1][k] + v[-1, -1][k]) / (4 * h[0] * h[1]) for k in n],
          [(v[0, 1][k] - 2 * c[k] + v[0, -1][k]) / h[1] ** 2 for k in n]]
    return c, d, dd


def inv(m):
    (a, b), (c, d) = m
    det = a * d - b * c
    return [[d / det, -b / det], [-c / det, a / det]]


def mul(a, b):
    return [[sum(a[i][k] * b[k][j] for k in (0, 1)) for j in (0, 1)] for i in (0, 1)]


def tr(a):
    return [[a[j][i] for j in (0, 1)] for i in (0, 1)]


def det3(m):
    (a, b, c), (d, e_, f), (g, h, i) = m
    return a * (e_ * i - f * h) - b * (d * i - f * g) + c * (d * h - e_ * g)


def geometry(fisher, chart, p, step=H):
    f0 = fisher(p)
    h = [step / sqrt(f0[0]), step / sqrt(f0[2])]
    (f11, f12, f22), d, dd = grid(fisher, p, h)
    x, dx, ddx = grid(chart, p, h)
    F = [[f11, f12], [f12, f22]]
    G = inv(F)
    sym = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}
    low = lambda k, i, j: (d[i][sym[j, k]] + d[j][sym[i, k]] - d[k][sym[i, j]]) / 2
    C = [[[sum(G[k][l] * low(l, i, j) for l in (0, 1)) for j in (0, 1)] for i in (0, 1)] for k in (0, 1)]
    A = [[dx[0][0], dx[1][0]], [dx[0][1], dx[1][1]]]       # dx^k/dp_c
    J = inv(A)
    B = lambda k, a, b: ddx[a + b][k]
    M = [[[sum(A[k][c] * C[c][a][b] for c in (0, 1)) - B(k, a, b) for b in (0, 1)] for a in (0, 1)] for k in (0, 1)]
    sg = [mul(tr(J), mul(M[k], J)) for k in (0, 1)]
    # Brioschi.
    Ev, Fv, Gv = f11, f12, f22
    e1, e2, g1, g2 = d[0][0], d[1][0], d[0][2], d[1][2]
    u1, u2 = d[0][1], d[1][1]
    top = [[-dd[2][0] / 2 + dd[1][1] - dd[0][2] / 2, e1 / 2, u1 - e2 / 2], [u2 - g1 / 2, Ev, Fv], [g2 / 2, Fv, Gv]]
    bot = [[0, e2 / 2, g1 / 2], [e2 / 2, Ev, Fv], [g1 / 2, Fv, Gv]]
    det = Ev * Gv - Fv * Fv
    K = (det3(top) - det3(bot)) / det ** 2
    return x, mul(tr(J), mul(F, J)), mul(A, mul(G, tr(A))), sg, K


logq = lambda r: r - 1 - log(r)
scaled = {
    'c': lambda p: p, 'log2': lambda p: (p[0], log(p[1])), 'log': lambda p: (log(p[0]), log(p[1])),
    'sq': lambda p: (p[0], p[1] ** 2),
}


def gauss_charts(names):
    table = [scaled['c'], scaled['log2'], scaled['sq'], lambda p: (p[0], 2 * log(p[1])), lambda p: (p[0], 1 / p[1] ** 2),
             lambda p: (p[0] / p[1] ** 2, -1 / (2 * p[1] ** 2)), lambda p: (p[0], p[0] ** 2 + p[1] ** 2)]
    return {n: table[i] for i, n in names.items()}


def gauss_kl(p, q):
    return (logq((p[1] / q[1]) ** 2) + ((p[0] - q[0]) / q[1]) ** 2) / 2


def ratio(k):
    return besseli(1, k) / besseli(0, k)


def vm_slope(k):
    a = ratio(k)
    return 1 - a / k - a * a


def standard_family(fisher, entropy, kl):
    return dict(
        fisher=lambda p: tuple(c / p[1] ** 2 for c in fisher), entropy=lambda p: entropy + log(p[1]), kl=kl,
        charts={'location-scale': scaled['c'], 'location-log-scale': scaled['log2'], 'location-scale-squared': scaled['sq']})


def logistic_kl(p, q):
    d, r = (p[0] - q[0]) / q[1], p[1] / q[1]
    with mp.workdps(45):
        g = lambda z: 1 / (4 * cosh(z / 2) ** 2)
        lg = lambda z: -abs(z) - 2 * log1p(exp(-abs(z)))
        f = lambda z: g(z) * (lg(z) - lg(d + r * z))
        cut = -d / r
        pts = sorted({mpf(-240), mpf(-40), mpf(-10), mpf(0), mpf(10), mpf(40), mpf(240)} | {x for w in (0, 1, 8, 60) for x in (cut - w / r, cut + w / r) if abs(x) < 240})
        return quad(f, pts, maxdegree=9) - log(r)


def student_family(df):
    df = mpf(df)
    ln_peak = loggamma((df + 1) / 2) - loggamma(df / 2) - log(df * pi) / 2
    lg = lambda z: -(df + 1) / 2 * log1p(z * z / df)

    def kl(p, q):
        d, r = (p[0] - q[0]) / q[1], p[1] / q[1]
        with mp.workdps(40):
            # z = sqrt(df) sinh t.
            g = lambda t: sqrt(df) * exp(ln_peak) * cosh(t) ** -df
            f = lambda t: g(t) * (lg(sqrt(df) * sinh(t)) - lg(d + r * sqrt(df) * sinh(t)))
            reach = 95 / df + 3 if df < 40 else sqrt(190 / df) + mpf(1) / 10
            centre = mp.asinh(-d / r / sqrt(df))
            marks = [mp.asinh((-d + s * sqrt(df) * w) / r / sqrt(df)) for s in (-1, 1) for w in (1, mpf(1) / 10, 10)]
            near = [centre + s * mpf(w) for s in (-1, 1) for w in ('1e-1', '1', '4')]
            pts = [-reach, reach, mpf(0), centre] + [s * reach * mpf(k) / 8 for s in (-1, 1) for k in range(1, 8)] + marks + near + [mpf(s) for s in (-1, 1, -4, 4)]
            pts = sorted({x for x in pts if abs(x) <= reach})
            return quad(f, pts, maxdegree=8) - log(r)
    entropy = (df + 1) / 2 * (psi(0, (df + 1) / 2) - psi(0, df / 2)) - ln_peak
    return standard_family([(df + 1) / (df + 3), mpf(0), 2 * df / (df + 3)], entropy, kl)


def weibull_kl(p, q):
    (k, l), (m, n) = p, q
    return log(k / l ** k) - log(m / n ** m) + (k - m) * (log(l) - euler / k) + (l / n) ** m * gamma(m / k + 1) - 1


def gumbel_kl(p, q):
    d, r = (p[0] - q[0]) / q[1], p[1] / q[1]
    return -euler - 1 + d + euler * r + exp(-d) * gamma(1 + r) - log(r)


def regression(design):
    design = [mpf(x) for x in design]
    n = len(design)
    s = lambda t: 1 / (1 + exp(-t))
    sp = lambda t: log1p(exp(t)) if t < 0 else t + log1p(exp(-t))

    def fisher(p):
        w = [s(p[0] + p[1] * x) * s(-p[0] - p[1] * x) / n for x in design]
        return tuple(sum(v * x ** k for v, x in zip(w, design)) for k in (0, 1, 2))

    def entropy(p):
        t = [p[0] + p[1] * x for x in design]
        return sum(s(v) * sp(-v) + s(-v) * sp(v) for v in t) / n

    def kl(p, q):
        t = [(p[0] + p[1] * x, q[0] + q[1] * x) for x in design]
        return sum(s(a) * (sp(-b) - sp(-a)) + s(-a) * (sp(b) - sp(a)) for a, b in t) / n
    mean = sum(design) / n
    sd = sqrt(sum((x - mean) ** 2 for x in design) / n)
    return dict(fisher=fisher, entropy=entropy, kl=kl, charts={
        'intercept-slope': scaled['c'], 'standardised': lambda p: (p[0] + p[1] * mean, p[1] * sd)})


def poisson_entropy(t):
    with mp.workdps(60):
        if t > 3e5:
            u = 1 / t
            return log(2 * pi * E * t) / 2 - u / 12 - u ** 2 / 24 - 19 * u ** 3 / 360 - 9 * u ** 4 / 80 - 863 * u ** 5 / 2520
        low, high = max(0, int(t - 20 * sqrt(t) - 60)), int(t + 20 * sqrt(t) + 80)
        term = exp(low * log(t) - t - loggamma(low + 1))
        lf, total = loggamma(low + 1), mpf(0)
        for k in range(low, high):
            total += term * lf
            term *= t / (k + 1)
            lf += log(mpf(k + 1))
        return t * (1 - log(t)) + total


def bivariate(cov):
    S = [[mpf(x) for x in row] for row in cov]
    P = inv(S)
    det = S[0][0] * S[1][1] - S[0][1] ** 2

    def kl(p, q):
        d = [p[0] - q[0], p[1] - q[1]]
        return (P[0][0] * d[0] ** 2 + 2 * P[0][1] * d[0] * d[1] + P[1][1] * d[1] ** 2) / 2
    return dict(fisher=lambda p: (P[0][0], P[0][1], P[1][1]), entropy=lambda p: 1 + log(2 * pi) + log(det) / 2, kl=kl, charts={
        'mean1-mean2': scaled['c'], 'natural': lambda p: (P[0][0] * p[0] + P[0][1] * p[1], P[1][0] * p[0] + P[1][1] * p[1])})


def beta_kl(p, q):
    lb = lambda a, b: loggamma(a) + loggamma(b) - loggamma(a + b)
    (a, b), (c, d) = p, q
    s = a + b
    return lb(c, d) - lb(a, b) + (a - c) * (psi(0, a) - psi(0, s)) + (b - d) * (psi(0, b) - psi(0, s))


def bern(p):
    return -(p * log(p) + (1 - p) * log(1 - p))


G = 1 - euler
FAMILIES = {
    'gaussian': dict(fisher=lambda p: (1 / p[1] ** 2, mpf(0), 2 / p[1] ** 2), entropy=lambda p: log(2 * pi * E) / 2 + log(p[1]), kl=gauss_kl,
                     charts=gauss_charts(dict(enumerate(['mean-sd', 'mean-log-sd', 'mean-variance', 'mean-log-variance', 'mean-precision', 'natural', 'expectation'])))),
    'log-normal': dict(fisher=lambda p: (1 / p[1] ** 2, mpf(0), 2 / p[1] ** 2), entropy=lambda p: log(2 * pi * E) / 2 + log(p[1]) + p[0], kl=gauss_kl,
                       charts=gauss_charts({0: 'mu-sigma', 1: 'mu-log-sigma', 5: 'natural', 6: 'expectation'})),
    'gamma': dict(fisher=lambda p: (psi(1, p[0]), -1 / p[1], p[0] / p[1] ** 2),
                  entropy=lambda p: p[0] - log(p[1]) + loggamma(p[0]) + (1 - p[0]) * psi(0, p[0]),
                  kl=lambda p, q: (p[0] - q[0]) * psi(0, p[0]) - loggamma(p[0]) + loggamma(q[0]) + q[0] * log(p[1] / q[1]) + p[0] * (q[1] - p[1]) / p[1],
                  charts={'shape-rate': scaled['c'], 'log-shape-log-rate': scaled['log'], 'mean-shape': lambda p: (p[0] / p[1], p[0]),
                          'natural': lambda p: (p[0] - 1, -p[1]), 'expectation': lambda p: (psi(0, p[0]) - log(p[1]), p[0] / p[1])}),
    'beta': dict(fisher=lambda p: (psi(1, p[0]) - psi(1, p[0] + p[1]), -psi(1, p[0] + p[1]), psi(1, p[1]) - psi(1, p[0] + p[1])),
                 entropy=lambda p: loggamma(p[0]) + loggamma(p[1]) - loggamma(p[0] + p[1]) - (p[0] - 1) * psi(0, p[0]) - (p[1] - 1) * psi(0, p[1]) + (p[0] + p[1] - 2) * psi(0, p[0] + p[1]),
                 kl=beta_kl,
                 charts={'alpha-beta': scaled['c'], 'log-alpha-log-beta': scaled['log'], 'mean-concentration': lambda p: (p[0] / (p[0] + p[1]), p[0] + p[1]),
                         'natural': lambda p: (p[0] - 1, p[1] - 1), 'expectation': lambda p: (psi(0, p[0]) - psi(0, p[0] + p[1]), psi(0, p[1]) - psi(0, p[0] + p[1]))}),
    'von-mises': dict(fisher=lambda p: (p[1] * ratio(p[1]), mpf(0), vm_slope(p[1])), entropy=lambda p: log(2 * pi * besseli(0, p[1])) - p[1] * ratio(p[1]),
                      kl=lambda p, q: log(besseli(0, q[1]) / besseli(0, p[1])) + ratio(p[1]) * (p[1] - q[1] * cos(p[0] - q[0])),
                      charts={'mean-concentration': scaled['c'], 'mean-log-concentration': scaled['log2'], 'natural': lambda p: (p[1] * cos(p[0]), p[1] * sin(p[0])),
                              'expectation': lambda p: (ratio(p[1]) * cos(p[0]), ratio(p[1]) * sin(p[0]))}),
    'inverse-gaussian': dict(fisher=lambda p: (p[1] / p[0] ** 3, mpf(0), 1 / (2 * p[1] ** 2)),
                             entropy=lambda p: (log(2 * pi / p[1]) + 1) / 2 + mpf(3) / 2 * (log(p[0]) - exp(2 * p[1] / p[0]) * expint(1, 2 * p[1] / p[0])),
                             kl=lambda p, q: (logq(q[1] / p[1]) + q[1] * (p[0] - q[0]) ** 2 / (q[0] ** 2 * p[0])) / 2,
                             charts={'mean-shape': scaled['c'], 'log-mean-log-shape': scaled['log'], 'natural': lambda p: (-p[1] / (2 * p[0] ** 2), -p[1] / 2),
                                     'expectation': lambda p: (p[0], 1 / p[0] + 1 / p[1])}),
    'weibull': dict(fisher=lambda p: ((G ** 2 + pi ** 2 / 6) / p[0] ** 2, -G / p[1], (p[0] / p[1]) ** 2), entropy=lambda p: euler * (1 - 1 / p[0]) + log(p[1] / p[0]) + 1, kl=weibull_kl,
                    charts={'shape-scale': scaled['c'], 'log-shape-log-scale': scaled['log']}),
    'laplace': standard_family([mpf(1), mpf(0), mpf(1)], 1 + log(mpf(2)),
                               lambda p, q: (lambda d, r: logq(r) + r * (exp(-d / r) - 1 + d / r))(abs(p[0] - q[0]) / q[1], p[1] / q[1])),
    'logistic': standard_family([mpf(1) / 3, mpf(0), (3 + pi ** 2) / 9], mpf(2), logistic_kl),
    'cauchy': standard_family([mpf(1) / 2, mpf(0), mpf(1) / 2], log(4 * pi), lambda p, q: log(((p[1] + q[1]) ** 2 + (p[0] - q[0]) ** 2) / (4 * p[1] * q[1]))),
    'gumbel': standard_family([mpf(1), -G, G ** 2 + pi ** 2 / 6], 1 + euler, gumbel_kl),
    'categorical': dict(fisher=lambda p: (lambda r: (1 / p[0] + r, r, 1 / p[1] + r))(1 / (1 - p[0] - p[1])),
                        entropy=lambda p: -sum(x * log(x) for x in (p[0], p[1], 1 - p[0] - p[1])),
                        kl=lambda p, q: sum(x * log(x / y) for x, y in zip((p[0], p[1], 1 - p[0] - p[1]), (q[0], q[1], 1 - q[0] - q[1]))),
                        charts={'p1-p2': scaled['c'], 'softmax': lambda p: (log(p[0] / (1 - p[0] - p[1])), log(p[1] / (1 - p[0] - p[1]))), 'square-root': lambda p: (2 * sqrt(p[0]), 2 * sqrt(p[1]))}),
    'poisson-pair': dict(fisher=lambda p: (1 / p[0], mpf(0), 1 / p[1]), entropy=lambda p: poisson_entropy(p[0]) + poisson_entropy(p[1]),
                         kl=lambda p, q: sum(a * log(a / b) - a + b for a, b in zip(p, q)), charts={'rate1-rate2': scaled['c'], 'log-rate1-log-rate2': scaled['log']}),
    'bernoulli-pair': dict(fisher=lambda p: (1 / (p[0] * (1 - p[0])), mpf(0), 1 / (p[1] * (1 - p[1]))), entropy=lambda p: bern(p[0]) + bern(p[1]),
                           kl=lambda p, q: sum(a * log(a / b) + (1 - a) * log((1 - a) / (1 - b)) for a, b in zip(p, q)),
                           charts={'p1-p2': scaled['c'], 'logit-p1-logit-p2': lambda p: (log(p[0] / (1 - p[0])), log(p[1] / (1 - p[1])))}),
}
SET = {  # variants: name -> (family, model settings)
    'student-t 0.1': ('student-t', {'df': 0.1}, student_family(0.1)), 'student-t 1': ('student-t', {'df': 1.0}, student_family(1)),
    'student-t 3': ('student-t', {'df': 3.0}, student_family(3)), 'student-t 1e6': ('student-t', {'df': 1e6}, student_family(1e6)),
    'bivariate': ('bivariate-gaussian', {'covariance': [[1.0, 0.999999], [0.999999, 1.0]]}, bivariate([[1.0, 0.999999], [0.999999, 1.0]])),
    'bivariate 2': ('bivariate-gaussian', {'covariance': [[1e8, 1.0], [1.0, 1e-7]]}, bivariate([[1e8, 1.0], [1.0, 1e-7]])),
    'regression': ('logistic-regression', {'design': [0.5, 1.5, 2.5]}, regression([0.5, 1.5, 2.5])),
    'regression 2': ('logistic-regression', {'design': [-200.0, 1.0, 1000.0, 1000.5]}, regression([-200.0, 1.0, 1000.0, 1000.5])),
}
near = 1 + 1e-7
POINTS = {
    'gaussian': [(0.5, 1.5), (1e6, 1e-3), (1e8, 1e-8), (-3e-8, 1e8), (1e-8, 1e-8), (1e8, 1e8)],
    'log-normal': [(0.5, 0.8), (30.0, 1e-8), (-4.0, 1e4), (1e-8, 1e-8)],
    'gamma': [(a, b) for a in (1e-8, 1e-3, 0.5, 3.0, 7.99, 8.01, 40.0, 1e4, 1e8, 1e10, 1e13) for b in (1.0,)] + [(1e8, 1e8), (1e-8, 1e8), (20.0, 1e-8), (1e10, 1.0)],
    'beta': [(1e-8, 1e-8), (1e-8, 1e8), (1e8, 1e-8), (1e-8, 1e-2), (1e-8, 2.0), (1e8, 1e8), (1e10, 1e10), (0.1, 0.1), (1e-3, 20.0), (1e-3, 7.0), (30.0, 1e6), (7.0, 9.0), (2.5, 1e5), (3.0, 4.0), (2e8, 3e4), (1e4, 1e-8), (12.0, 0.5), (100.0, 300.0), (1e13, 2e12)],
    'von-mises': [(m, k) for k in (1e-8, 1e-4, 0.3, 2.0, 39.99, 40.01, 1e4, 1e8, 1e12) for m in (0.5,)] + [(3.1, 1e-4), (-2.0, 1e8), (1e-9, 5.0), (1.5707963, 1e6)],
    'inverse-gaussian': [(1.5, 2.0), (1e-6, 1e6), (1e6, 1e-6), (1e8, 1e8), (1e-8, 1e-8), (1e-8, 1e8), (1e8, 1e-8), (3.0, 1e4), (1.49, 1.0), (1.0, 0.75)],
    'weibull': [(1.5, 2.0), (1e-8, 1e8), (1e8, 1e-8), (1e8, 1e8), (0.01, 3.0)],
    'laplace': [(0.5, 1.2), (1e8, 1e-8), (1e-8, 1e8)], 'logistic': [(0.5, 1.2), (1e8, 1e-8), (1e-8, 1e8)], 'cauchy': [(0.5, 1.2), (1e8, 1e-8), (1e-8, 1e8)],
    'gumbel': [(0.5, 1.2), (1e8, 1e-8), (1e-8, 1e8)],
    'student-t 0.1': [(0.5, 1.2), (1e8, 1e-8)], 'student-t 1': [(0.5, 1.2)], 'student-t 3': [(0.5, 1.2), (1e8, 1e-8)], 'student-t 1e6': [(0.5, 1.2)],
    'categorical': [(0.5, 0.3), (1e-8, 0.5), (1e-12, 1e-12), (0.3, 0.7 - 1e-10), (1 - 2e-9, 1e-9), (1e-8, 1 - 1e-7), (0.1, 0.9 - 3e-13)],
    'poisson-pair': [(2.0, 5.0), (1e-8, 1e8), (500.0, 999.0), (1001.0, 1e-3), (0.1, 60.0), (5e4, 10.0), (30.0, 7.0), (40.0, 100.0), (200.0, 250.0)],
    'bernoulli-pair': [(0.3, 0.6), (1e-12, 1 - 1e-12), (1e-8, 0.5), (0.9999, 1e-4)],
    'bivariate': [(0.5, 1.5), (1e8, -1e-8)], 'bivariate 2': [(0.5, 1.5), (1e8, -1e-8)],
    'regression': [(0.5, 1.5), (15.0, 0.0), (30.0, 0.0), (-30.0, 0.0), (40.0, 0.0), (40.0, -10.0), (20.0, 1e-8)], 'regression 2': [(0.1, 0.02), (1e-8, 1e-8)],
}
PAIRS = {  # further q for each family
    'gaussian': [((0.5, 1e-8), (1.0, 1e8)), ((0.0, 1e8), (1.0, 1e-8))],
    'gamma': [((1e-8, 1.0), (1e8, 1.0)), ((1e8, 1.0), (1e-8, 1.0)), ((1e8, 1.0), (1.1e8, 1.1)), ((1e10, 1.0), (1.1e10, 1.1)), ((2.0, 1e-8), (3.0, 1e8)), ((7.9, 1.0), (8.1, 1.0)), ((5.0, 1.0), (9.0, 2.0)), ((4.0, 1.0), (6.0, 1.5)), ((1e4, 1.0), (5001.0, .5)), ((1e-8, 1.0), (2e-8, 2.0)), ((0.1, 1.0), (0.16, 1.0))],
    'beta': [((1e-8, 1e-8), (1e8, 1e8)), ((1e8, 1e8), (1e-8, 1e-8)), ((1e8, 1e8), (1.1e8, 1.1e8)), ((2.0, 1e8), (3.0, 1e8)), ((1e8, 2.0), (1.5e8, 3.0)), ((1e-8, 2.0), (1e-7, 2.0)), ((1e-8, 1e8), (1.0, 1.0)), ((1e-8, 1e8), (2e-8, 1.1e8)), ((3.0, 4.0), (4.6, 5.9)), ((1e10, 1e10), (1e10, 1.00001e10)), ((100.0, 100.0), (151.0, 151.0)), ((1e6, 3e6), (2e6, 6e6))],
    'von-mises': [((0.5, 1e-8), (0.5, 1e8)), ((0.5, 1e8), (3.0, 1e-8)), ((0.5, 39.0), (0.6, 41.0)), ((0.5, 1e8), (0.5, 1.6e8)), ((0.1, 0.1), (0.1, 0.7)), ((3.1, 1e12), (-3.1, 1e12)), ((0.0, 1e8), (3e-9, 1e8)), ((0.0, 30.0), (0.0, 60.0)), ((0.0, 1e-8), (0.0, 3.0))],
    'inverse-gaussian': [((1e-8, 1e8), (1e8, 1e-8)), ((1.0, 1e8), (1.0 + 1e-9, 1e8)), ((1e8, 1e8), (1e-8, 1e8))],
    'weibull': [((1.5, 2.0), (1e-8, 1e8)), ((1e-8, 1.0), (1.1e-8, 2.0)), ((1e8, 1.0), (1.1e8, 1.0 + 1e-9)), ((3.0, 1.0), (1.0, 5.0)), ((1.0, 2.0), (4.0, 2.5))],
    'laplace': [((0.0, 1e-8), (1.0, 1e8)), ((0.0, 1e8), (1.0, 1e-8)), ((0.0, 1.0), (1e8, 1.0)), ((0.0, 1.0), (0.11, 1.0))],
    'logistic': [((0.0, 1e-8), (1.0, 1e8)), ((0.0, 1e8), (1.0, 1e-8)), ((0.0, 1.0), (1e8, 1.0)), ((0.0, 1.0), (0.26, 1.0)), ((0.0, 1.0), (0.24, 0.8)), ((0.0, 1.0), (30.0, 1.3))],
    'cauchy': [((0.0, 1e-8), (1.0, 1e8)), ((5.0, 1e-6), (5.0, 1e6)), ((0.0, 1.0), (1e8, 1.0))],
    'gumbel': [((0.0, 1e-8), (1.0, 1e8)), ((0.0, 1.0), (1.0, 0.01)), ((0.0, 1.0), (8.0, 1.0)), ((0.0, 1.0), (0.0, 0.6)), ((0.0, 1.0), (0.0, 1.6)), ((0.0, 1.0), (-20.0, 1.0))],
    'student-t 1': [((5.0, 1e-6), (5.0, 1e6)), ((5.0, 1e6), (5.0, 1e-6)), ((0.0, 1.0), (1e8, 1.0)), ((0.0, 1e-4), (30.0, 1e3)), ((0.0, 1.0), (1e8, 1e-8)), ((0.0, 1e-8), (1e8, 1.0))],
    'student-t 0.1': [((5.0, 1e-6), (5.0, 1e6)), ((5.0, 1e6), (5.0, 1e-6)), ((0.0, 1.0), (1e8, 1.0)), ((0.0, 1.0), (3.0, 2.0))],
    'student-t 3': [((5.0, 1e-6), (5.0, 1e6)), ((5.0, 1e6), (5.0, 1e-6)), ((0.0, 1.0), (1e8, 1.0)), ((0.0, 1.0), (3.0, 2.0)), ((0.0, 1e-4), (30.0, 1e3))],
    'student-t 1e6': [((0.0, 1.0), (3.0, 2.0)), ((5.0, 1e-6), (5.0, 1e6)), ((0.0, 1.0), (1e4, 1.0)), ((0.0, 1.0), (1e8, 1.0)), ((5.0, 1e3), (5.0, 1e-3))],
    'categorical': [((1e-12, 1e-12), (0.5, 0.3)), ((0.3, 0.7 - 1e-10), (0.3, 0.7 - 1.001e-10)), ((1e-8, 0.5), (1.2e-8, 0.4))],
    'poisson-pair': [((1e-8, 1e8), (1e8, 1e-8)), ((1e8, 1e8), (1e8 + 1, 1e8 - 1))],
    'bernoulli-pair': [((1e-12, 1 - 1e-12), (1e-11, 1 - 1e-11)), ((0.5, 1e-8), (1e-12, 0.5)), ((1 - 1e-9, .5), (1 - 1.3e-9, .5))],
    'regression': [((a, 0.0), (b, 0.0)) for a, b in ((20, 21), (30, 31), (-30, -31), (40, 41), (15, 15.5), (36, 38), (50, 40), (-40, 40), (700, 701), (800, 801))] + [((40.0, -20.0), (41.0, -20.0))],
}


def number(x):
    return float(mp.nstr(x, 25)) if abs(x) < mpf(10) ** 308 else None


def flat(m):
    # What is zero is the rounding of its differences.
    small = lambda i, j: abs(m[i][j]) < mpf(10) ** -40 * sqrt(abs(m[i][i] * m[j][j]))
    return [0.0 if small(i, j) else number(m[i][j]) for i in (0, 1) for j in (0, 1)]


def symbols(C, G):
    unit = lambda k, i, j: sqrt(G[k][k] / G[i][i] / G[j][j])
    at = [(k, i, j) for k in (0, 1) for i, j in ((0, 0), (0, 1), (1, 1))]
    return [0.0 if abs(C[k][i][j]) < mpf(10) ** -40 * unit(k, i, j) else number(C[k][i][j]) for k, i, j in at]


def main():
    only = sys.argv[1:]
    points, pairs = [], []
    table = [(name, name, {}, family) for name, family in FAMILIES.items()] + [(key, *value) for key, value in SET.items()]
    for key, name, settings, family in table:
        if only and key not in only:
            continue
        for p in POINTS[key]:
            q = tuple(mpf(x) for x in p)
            for chart, forward in family['charts'].items():
                x, F, Gi, C, K = geometry(family['fisher'], forward, q)
                row = {'family': name, 'model': settings, 'chart': chart, 'at': [repr(v) for v in p], 'x': [number(v) for v in x], 'fisher': flat(F), 'inverse': flat(Gi),
                       'gamma': symbols(C, Gi)}
                if chart == next(iter(family['charts'])):
                    row['curvature'] = number(K)
                    row['entropy'] = number(family['entropy'](q))
                points.append(row)
        near_pairs = [(p, (p[0] * near, p[1] * near) if name not in ('categorical', 'bernoulli-pair') else (p[0] * near, p[1] * (1 - 1e-9))) for p in POINTS[key]]
        if name == 'bernoulli-pair':
            near_pairs = [(p, (p[0] * (1 - 1e-9), p[1] * (1 - 1e-9))) for p in POINTS[key]]
        if name in ('gaussian', 'log-normal') or 'scale' in next(iter(family['charts'])):
            near_pairs = [(p, (p[0] + 1e-7 * p[1], p[1] * near)) for p in POINTS[key]] if name != 'weibull' else near_pairs
        if name == 'categorical':
            near_pairs = [(p, q) for p, q in near_pairs if q[0] + q[1] < 1]
        for p, q in near_pairs + PAIRS.get(key, []):
            a, b = tuple(mpf(x) for x in p), tuple(mpf(x) for x in q)
            kl, rkl = family['kl'](a, b), family['kl'](b, a)
            pairs.append({'family': name, 'model': settings, 'at': [repr(v) for v in p], 'to': [repr(v) for v in q], 'kl': number(kl), 'reverse': number(rkl)})
        print(key, len(points), len(pairs), file=sys.stderr)
    lines = lambda rows: ',\n'.join(json.dumps(row, separators=(',', ':')) for row in rows)
    about = 'Geometry and divergences at extreme parameters, by mpmath with 160 digits: extremes.py'
    print('{"about":"%s",\n"points":[\n%s\n],"pairs":[\n%s\n]}' % (about, lines(points), lines(pairs)))


main()
