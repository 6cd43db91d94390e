"""baokan: what Chinese newspapers, magazines and gazettes dwell on, how they differ, and how sure one can be."""

__version__ = "0.1.0"
