"""Fits the polynomials of shaders/functions/hyperbolic_tangent.wgsl and of e^x in
src/device/cpu/wasm/lanes/missingBuiltins.ts. Prints their coefficients, lowest power first, and their error in units in the
last place when evaluated in float32. Run with Python 3 and NumPy: python3 scripts/generate/fitTanhExp.py
"""

import numpy as np


def horner(coefficients, x):
    y = np.zeros_like(x)
    for c in coefficients[::-1]:
        y = (y * x + np.float32(c)).astype(np.float32)
    return y


def ulps(y, exact):
    return np.max(np.abs(y.astype(np.float64) - exact) / np.spacing(np.abs(exact).astype(np.float32)))


def fit_rational(f, high, top, bottom, rounds=60):
    """Returns P(z) / Q(z) with Q(0) = 1 and minimal greatest relative error on [0, high], by the iteration of Sanathanan
    and Koerner with Lawson's weights."""
    z = high * (1 - np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)) / 2
    t = z / high
    want = f(z)
    weight, q = np.ones_like(t), np.ones_like(t)
    best = None
    for _ in range(rounds):
        scale = np.sqrt(weight) / (want * q)
        columns = [t**k for k in range(top + 1)] + [-want * t**k for k in range(1, bottom + 1)]
        solved, *_ = np.linalg.lstsq(np.stack(columns, 1) * scale[:, None], want * scale, rcond=None)
        p, q_rest = solved[: top + 1], solved[top + 1 :]
        q = 1 + sum(c * t ** (k + 1) for k, c in enumerate(q_rest))
        error = np.abs(sum(c * t**k for k, c in enumerate(p)) / q / want - 1)
        if best is None or error.max() < best[0]:
            best = error.max(), p / high ** np.arange(top + 1), np.r_[1, q_rest / high ** np.arange(1, bottom + 1)]
        weight *= error + 1e-3 * error.max()
        weight /= weight.mean()
    return best


print("tanh(x) / x = P(x^2) / Q(x^2), |x| <= 9:")
error, p, q = fit_rational(lambda z: np.tanh(np.sqrt(z)) / np.sqrt(z), 81.0, 6, 3)
x = np.linspace(-9.2, 9.2, 4_000_001).astype(np.float32)
held = np.clip(x, np.float32(-9), np.float32(9))
z = held * held
y = np.clip(held * horner(p, z) / horner(q, z), np.float32(-1), np.float32(1))
keep = x != 0
print(f"  relative error {error:.2g}, {ulps(y[keep], np.tanh(x[keep].astype(np.float64))):.2f} ulp in float32")
print("  P", [float(np.float32(c)) for c in p])
print("  Q", [float(np.float32(c)) for c in q])

print("(e^r - 1 - r) / r^2, |r| <= ln(2) / 2:")
r = np.log(2) / 2 * np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)
r = r[np.abs(r) > 1e-4]
wanted = (np.expm1(r) - r) / r**2
basis = np.stack([r**k for k in range(5)], 1)
c, *_ = np.linalg.lstsq(basis * (r**2)[:, None], wanted * r**2, rcond=None)
s = r.astype(np.float32)
y = 1 + (s + s * s * horner(c, s))
print(f"  {ulps(y, np.exp(s.astype(np.float64))):.2f} ulp in float32")
print(" ", [float(np.float32(one)) for one in c])
