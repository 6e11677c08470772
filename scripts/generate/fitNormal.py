"""Fits the polynomials of shaders/functions/normal_quantile.wgsl (with src/tensor/define/normalQuantile.ts) and of
shaders/functions/logarithm.wgsl. Prints their coefficients, lowest power first, and their error when evaluated in
float32. Run with Python 3, NumPy and SciPy: python3 scripts/generate/fitNormal.py
"""

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from scipy.special import ndtri


def nodes(low, high, count=4000):
    t = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    return low + (high - low) * (t + 1) / 2


def fit(f, low, high, shift, degree):
    x = nodes(low, high)
    series = Chebyshev.fit(x - shift, f(x), degree, domain=[low - shift, high - shift])
    coefficients = series.convert(kind=Polynomial).coef.astype(np.float32)
    v = (x - shift).astype(np.float32)
    y = np.zeros_like(v)
    for coefficient in coefficients[::-1]:
        y = (y * v + coefficient).astype(np.float32)
    print(f"  relative error {np.max(np.abs(y / f(x) - 1)):.2g}")
    print(" ", [float(c) for c in coefficients])


def ratio(w):
    """z / x at w = -log(4u (1 - u)), where x = 2u - 1; for u < 1/2, x = -sqrt(1 - e^-w)."""
    e = np.exp(-w)
    root = np.sqrt(-np.expm1(-w))
    return ndtri(e / (1 + root) / 2) / -root


def tail_of_logarithm(z):
    """(log((1 + s) / (1 - s)) - 2s) / s^3 at z = s^2."""
    return sum(2 / (2 * k + 1) * z ** (k - 1) for k in range(1, 30))


print("normal quantile, w < 5, in w - 2.5:")
fit(ratio, 1e-7, 5.0, 2.5, 8)
print("normal quantile, w >= 5, in sqrt(w) - 3 (u is at least 2^-24, so w is at most 15.3):")
fit(lambda root: ratio(root * root), np.sqrt(5.0), np.sqrt(16.7), 3.0, 8)
print("logarithm, in s^2 for m from sqrt(1/2) to sqrt(2):")
fit(tail_of_logarithm, 0.0, ((np.sqrt(2) - 1) / (np.sqrt(2) + 1)) ** 2, 0.0, 3)
