"""Which articles count: a text that a source prints again is a repeat, and counts once."""

import numpy as np
import pandas as pd


def originals(articles: pd.DataFrame) -> np.ndarray:
    """Whether each article counts, boolean, shape (A,): those that repeat another one of their source (duplicate_of) do not."""
    return (articles["duplicate_of"].fillna("") == "").to_numpy()
