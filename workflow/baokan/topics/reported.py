"""The model that is reported, as one object and one file: a fit of the chosen K, its topics by size and as the user ruled."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from baokan.errors import UserError
from baokan.tables import write_arrays

MODEL = Path("topics") / "model.npz"  # below results/<name>/
_FLOATS = ("fitted", "theta")  # computed with as float64, whatever they are kept as


def merged(values: np.ndarray, members: list[list[int]], weights: np.ndarray | None = None) -> np.ndarray:
    """`values`, shape (..., K), with the columns of each topic of `members` added up, or with `weights`, shape (K,),
    averaged by them: shape (..., K')."""
    if weights is None:
        return np.stack([values[..., own].sum(axis=-1) for own in members], axis=-1)
    # A topic by itself stays as it is, to the last bit.
    parts = [
        values[..., own[0]] if len(own) == 1 else np.average(values[..., own], axis=-1, weights=weights[own])
        for own in members
    ]
    return np.stack(parts, axis=-1)


@dataclass(frozen=True, eq=False)
class ReportedModel:
    """The reported fit: its K topics, from the largest to the smallest, and the K' of them that are reported once the user
    has merged some.

    number: of the fit among those of its K, from which its seed comes. alpha: weight of each fitted topic in the symmetric
    prior of theta. fitted: phi of the K topics, shape (K, V), rows sum to 1. weights: tokens of the corpus in each,
    shape (K,). parts: of which reported topic each is a part, a place among these, shape (K,). theta: the articles' shares of
    the reported topics, shape (A, K'), NaN for an article without a counted word. terms: the V columns. Of the K' reported
    topics: topic_ids, rising; labels; excluded, from the comparison; ruling: theme, style or "".
    """

    number: int
    alpha: float
    fitted: np.ndarray
    weights: np.ndarray
    parts: np.ndarray
    theta: np.ndarray
    terms: list[str]
    topic_ids: np.ndarray
    labels: list[str]
    excluded: np.ndarray
    ruling: list[str]

    @property
    def k(self) -> int:
        """K, the number of topics that were fitted."""
        return len(self.fitted)

    @cached_property
    def members(self) -> list[list[int]]:
        """For each reported topic, the rows of `fitted` that it is made of."""
        return [np.flatnonzero(self.parts == place).tolist() for place in range(len(self.topic_ids))]

    @cached_property
    def phi(self) -> np.ndarray:
        """The reported topics, shape (K', V), rows sum to 1: a merged one is the mean of its parts by their size."""
        return merged(self.fitted.T, self.members, self.weights).T

    @property
    def kept(self) -> np.ndarray:
        """Which reported topics are compared, boolean, shape (K',)."""
        return ~self.excluded

    @property
    def topics(self) -> pd.DataFrame:
        """What the comparisons ask of the reported topics, a row each: topic_id, label, excluded, ruling."""
        return pd.DataFrame(
            {"topic_id": self.topic_ids, "label": self.labels, "excluded": self.excluded, "ruling": self.ruling}
        )

    def shares(self, theta: np.ndarray) -> np.ndarray:
        """Shares of fitted topics, shape (..., K), added up for those that are reported, shape (..., K')."""
        return merged(theta, self.members)

    def save(self, path: str | Path) -> None:
        """Write the model as one .npz of plain arrays, nothing pickled; the same model gives the same bytes."""
        write_arrays(path, **{field.name: np.asarray(getattr(self, field.name)) for field in fields(self)})

    @classmethod
    def load(cls, path: str | Path) -> ReportedModel:
        """The model of a file of `save`. Raises UserError if there is none, or another file."""
        try:
            with np.load(path, allow_pickle=False) as file:
                found = {field.name: file[field.name] for field in fields(cls)}
                found |= {name: found[name].astype(float) for name in _FLOATS}
                found |= {name: found[name].tolist() for name in ("terms", "labels", "ruling")}
                return cls(**found | {"number": int(found["number"]), "alpha": float(found["alpha"])})
        except FileNotFoundError as error:
            raise UserError(f"There is no model {path}: run the workflow to its end first.") from error
        except (OSError, KeyError, TypeError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
            raise UserError(f"{path} is no model that a run of this program has saved.") from error
