"""Series of issues in which what follows resembles what went before, or in which a step is planted."""

import numpy as np


def series(rng, n, rho, topics):
    """Stationary AR(1), shape (n, topics)."""
    noise = rng.standard_normal((n, topics))
    x = noise.copy()
    for i in range(1, n):
        x[i] = rho * x[i - 1] + np.sqrt(1 - rho**2) * noise[i]
    return x


def mixtures(n, k, seed=0, steps=(), shape=8.0):
    """(n, k) shares around 1 / k; steps: (topic, from, to, factor) of what is planted."""
    x = np.random.default_rng(seed).gamma(shape, size=(n, k))
    for topic, start, end, factor in steps:
        x[start:end, topic] *= factor
    return x / x.sum(axis=1, keepdims=True)


def shares_alike(n, k, rho, rng):
    """(n, k) shares whose consecutive rows correlate by about rho."""
    noise = rng.standard_normal((n + 30, k))
    for t in range(1, n + 30):
        noise[t] = rho * noise[t - 1] + np.sqrt(1 - rho**2) * noise[t]
    x = np.exp(0.7 * noise[30:])
    return x / x.sum(axis=1, keepdims=True)
