"""Fits the polynomials of shaders/functions/error_function.wgsl and shaders/functions/exponential_less_one.wgsl. Prints
their coefficients, lowest power first, and their error when evaluated in float32.
Run with Python 3, NumPy and SciPy: python3 scripts/generate/fitErf.py
"""

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from scipy.special import erf, erfc


def fit(f, low, high, degree, power=1):
    """@param power to which the result is raised; Lawson's weights minimize the greatest error of that power"""
    t = np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)
    x = low + (high - low) * (t + 1) / 2
    series = Chebyshev.fit(x, f(x), degree, domain=[low, high])
    least, weight, gain = np.inf, np.ones_like(x), power * f(x) ** (power - 1)
    for _ in range(200 if power > 1 else 0):
        tried = Chebyshev.fit(x, f(x), degree, domain=[low, high], w=np.sqrt(weight) * gain)
        error = np.abs(tried(x) - f(x)) * gain
        if error.max() < least:
            least, series = error.max(), tried
        weight *= error + 1e-3 * error.max()
        weight /= weight.mean()
    coefficients = series.convert(kind=Polynomial).coef.astype(np.float32)
    v = x.astype(np.float32)
    y = np.zeros_like(v)
    for coefficient in coefficients[::-1]:
        y = (y * v + coefficient).astype(np.float32)
    print(f"  relative error {np.max(np.abs(y / f(x) - 1)):.2g}, absolute {np.max(np.abs(y - f(x))):.2g}")
    print(" ", [float(c) for c in coefficients])


print("erf(x) / x in x^2, |x| < 1:")
fit(lambda z: erf(np.sqrt(z)) / np.sqrt(z), 1e-9, 1.0, 6)
print("(1 - erf(x))^(1/4) in x - 2.5, 1 <= x < 4:")
fit(lambda v: erfc(v + 2.5) ** 0.25, -1.5, 1.5, 8, power=4)
print("(e^x - 1) / x, |x| < 1/2:")
fit(lambda x: np.expm1(x) / x, -0.5, 0.5, 6)
