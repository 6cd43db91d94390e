"""Columns of text in every language: `reason` in English, `reason_zh` in Chinese, and so on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

from baokan.catalogue import ENGLISH, Translator, languages, translator

Row = Mapping[str, Any]
Telling = Callable[[Translator, Row], str]


def in_words(table: pd.DataFrame, texts: Mapping[str, Telling], without: Collection[str] = ()) -> pd.DataFrame:
    """`table` with a text for each row and language in the columns `texts`, each told by its function of the row: in the place
    of a column of that name, else at the end. Columns `without` are for the functions only and left out."""
    rows = table.to_dict("records")
    columns: dict[str, pd.Series] = {}
    for name in [*table.columns, *(name for name in texts if name not in table.columns)]:
        if name in texts:
            for language in languages():
                told, t = name if language == ENGLISH else f"{name}_{language}", translator(language)
                columns[told] = pd.Series([texts[name](t, row) for row in rows], index=table.index, dtype=str)
        elif name not in without:
            columns[name] = table[name]
    return pd.DataFrame(columns)
