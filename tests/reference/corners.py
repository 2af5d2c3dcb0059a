#!/usr/bin/env python3
"""Writes corners.json: policies of small processes next to certainty, by definition, with 900 digits.

    pip install mpmath && python3 corners.py > corners.json

A point is one of log odds against the last action. State distribution, values and both Fisher matrices are solutions of dense
linear systems; the natural gradients are F^-1 times the gradient of -J. Numbers are rounded to 17 digits at the end.
"""
import json
from mpmath import mp, mpf, matrix, exp, lu_solve, eye, nstr

mp.dps = 900

# Transitions and rewards by state and action; every number is exact in binary.
KAKADE = {
    "states": 2, "actions": 2,
    "transitions": [[[1, 0], [0, 1]], [[0, 1], [1, 0]]],
    "rewards": [[1, 0], [2, 0]],
    "start": [1, 0],
}
TABLE = {
    "states": 3, "actions": 3,
    "transitions": [
        [[0.75, 0.25, 0], [0, 0.5, 0.5], [1, 0, 0]],
        [[0.125, 0.875, 0], [0.5, 0, 0.5], [0, 0, 1]],
        [[0, 0.25, 0.75], [0.25, 0.25, 0.5], [0, 0, 1]],
    ],
    "rewards": [[1, -0.5, 0.25], [2, 0, 0.75], [-1, 0.5, 0.125]],
    "start": [0.5, 0.25, 0.25],
}
BANDIT = {
    "states": 1, "actions": 4, "bandit": True,
    "transitions": [[[1], [1], [1], [1]]],
    "rewards": [[1, -0.5, 0.25, 0.75]],
    "start": [1],
}


def grid(side):
    """A map without walls on which a move slips to either side with probability 1/8; from the last cell it goes on at the first."""
    moves, pays = [], []
    for s in range(side * side):
        moves.append([])
        pays.append([])
        for a in range(4):
            row = [0] * (side * side)
            if s == side * side - 1:
                row[0] = 1
            for turn, p in [(0, 0.75), (1, 0.125), (3, 0.125)] if s < side * side - 1 else []:
                down, right = [(-1, 0), (0, 1), (1, 0), (0, -1)][(a + turn) % 4]
                r, c = s // side + down, s % side + right
                row[r * side + c if 0 <= r < side and 0 <= c < side else s] += p
            moves[-1].append(row)
            pays[-1].append(row[-1] - 0.0625)
    start = [1] + [0] * (side * side - 1)
    return {"states": side * side, "actions": 4, "transitions": moves, "rewards": pays, "start": start}


# The last action is one of several, likeliest, rare, and all but impossible. No two actions of a state are worth so nearly the
# same that their difference, an entry of the natural gradient, would have few digits.
SPREAD = [[level + scale * ((7 * i * i + 3 * i + 5) % 11 - 5) for i in range(12)] for level, scale in
          [(0, 0.25), (-30, 2), (35, 1.5), (80, 5), (0, 20)]]
TABLES = [
    [0.5, -0.25, 1, 0, -0.75, 0.125], [30, -12, 45, 20, -60, 8], [-70, 90, 40, -100, 120, 3], [200, 150, -5, -250, 0.5, 75],
    [45, 44.5, 50, 51, 60, 59.75], [-45, -44.5, 50, 51, -60, -59.75], [310, 0.25, 0.5, 290, 180, 0.125]]
CASES = [
    ("kakade", KAKADE, None, [
        [1.386294361119890, -2.197224577336219], [7.086294361142243, 10.013705638902579], [20, 60], [150.5, 301],
        [-90, 120], [-30, -45], [300, 12], [-148.17311981165238, 640]]),
    ("kakade", KAKADE, 0.875, [[1.5, -2.25], [20, 60], [150.5, 301], [-90, 120], [-30, -45], [300, 12]]),
    ("table", TABLE, None, TABLES),
    ("table", TABLE, 0.875, TABLES),
    ("bandit", BANDIT, 0, [
        [0.5, -0.25, 1], [30, -12, 45], [-70, 90, 40], [40, 40.5, -3], [-35, -36.5, -40], [310, 309.5, 305], [600, -20, 598]]),
    ("map", grid(2), None, SPREAD),
    ("map", grid(2), 0.875, SPREAD),
]


def policy(x, k):
    rows = [list(map(mpf, x[i:i + k - 1])) + [mpf(0)] for i in range(0, len(x), k - 1)]
    return [[exp(l) / sum(map(exp, row)) for l in row] for row in rows]


def evaluate(process, discount, x):
    n, k = process["states"], process["actions"]
    pi, move = policy(x, k), process["transitions"]
    weight = mpf(1) if discount is None else mpf(discount)
    chain = matrix(n, n)
    for s in range(n):
        for t in range(n):
            chain[s, t] = sum(pi[s][a] * mpf(move[s][a][t]) for a in range(k))
    pay = [sum(pi[s][a] * mpf(process["rewards"][s][a]) for a in range(k)) for s in range(n)]
    start = matrix([mpf(p) for p in process["start"]])
    if discount is None:
        system, right = (eye(n) - chain).T, matrix(n, 1)
        for t in range(n):
            system[n - 1, t] = 1
        right[n - 1] = 1
        d = lu_solve(system, right)
        gain = sum(d[s] * pay[s] for s in range(n))
        inverse = (eye(n) - chain + matrix([[d[t] for t in range(n)]] * n)) ** -1
        values = inverse * matrix([r - gain for r in pay])
        scale = mpf(1)
    else:
        inverse = (eye(n) - weight * chain) ** -1
        values = inverse * matrix(pay)
        d = ((1 - weight) * start.T * inverse).T
        gain = sum(start[s] * values[s] for s in range(n))
        scale = 1 / (1 - weight)
    level = gain if discount is None else 0
    q = [[mpf(process["rewards"][s][a]) - level + weight * sum(mpf(move[s][a][t]) * values[t] for t in range(n))
          for a in range(k)] for s in range(n)]
    m = n * (k - 1)
    fisher, gradient, slopes = matrix(m, m), matrix(m, 1), matrix(n, m)
    for s in range(n):
        mean = sum(pi[s][a] * q[s][a] for a in range(k))
        moved = [[weight * sum(mpf(move[s][a][u]) * inverse[u, t] for u in range(n)) for t in range(n)] for a in range(k)]
        for i in range(k - 1):
            gradient[s * (k - 1) + i] = -scale * d[s] * pi[s][i] * (q[s][i] - mean)
            for t in range(n):
                middle = sum(pi[s][a] * moved[a][t] for a in range(k))
                slopes[t, s * (k - 1) + i] = d[s] * pi[s][i] * (moved[i][t] - middle)
            for j in range(k - 1):
                fisher[s * (k - 1) + i, s * (k - 1) + j] = d[s] * pi[s][i] * ((1 if i == j else 0) - pi[s][j])
    pairs = fisher.copy()
    for t in range(n):
        pairs += slopes[t, :].T * slopes[t, :] / d[t]
    out = lambda v: [float(nstr(z, 20)) for z in v]
    return {
        "x": x, "gain": float(nstr(gain, 20)), "visits": out(d), "values": out(values),
        "gradient": out(gradient), "diagonal": out([fisher[i, i] for i in range(m)]),
        "natural": out(lu_solve(fisher, gradient)), "state_action": out(lu_solve(pairs, gradient)),
    }


cases = [{"name": name, "process": process, "discount": discount, "points": [evaluate(process, discount, x) for x in points]}
         for name, process, discount, points in CASES]
print(json.dumps(cases, indent=1))
