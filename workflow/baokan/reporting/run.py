"""What all sections of the report know of the run, and the language that they speak."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from baokan.catalogue import Translator, translator
from baokan.reporting.looks import GRADE_COLOURS, source_colour


@dataclass(frozen=True)
class Run:
    """The run that is reported.

    config: the merged configuration. name: of the corpus. sources: their names, sorted. labels: of the topics, by number.
    figures: what stands in src, by name. places: of words, below contexts/. up: the way from the report to the folder of the
    results. chosen, provenance: what topics/chosen.json and provenance.json hold.
    """

    config: dict
    name: str = ""
    sources: tuple[str, ...] = ()
    labels: dict[int, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    up: str = ""
    chosen: dict = field(default_factory=dict)
    provenance: dict = field(default_factory=dict)

    @classmethod
    def of(cls, tables: dict[str, pd.DataFrame], chosen: dict, provenance: dict, places: dict, up: str = "") -> Run:
        """From the tables articles and topics, and what stands in the files beside them."""
        config, topics = provenance["config"], tables["topics"]
        return cls(
            config=config,
            name=config["name"] or Path(config["corpus"]).name,
            sources=tuple(sorted(tables["articles"]["source"].unique())),
            labels=dict(zip(topics["topic_id"], topics["label"], strict=True)),
            places=places,
            up=up,
            chosen=chosen,
            provenance=provenance,
        )

    @property
    def weighting(self) -> str:
        """How articles and words are weighed in what the report tells: "article" or "token"."""
        return self.config["compare"]["weighting"]

    @property
    def language(self) -> str:
        """Of the report's own words: "en" or "zh"."""
        return self.config.get("report", {}).get("language", "en")

    @property
    def t(self) -> Translator:
        """The catalogue in that language."""
        return translator(self.language)

    @property
    def grade_colours(self) -> dict[str, str]:
        """The colour of each grade."""
        return GRADE_COLOURS

    def colour(self, source: str) -> str:
        """The colour of a source."""
        return source_colour(list(self.sources), source)

    def in_language(self, table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """`table` with `columns` in the language of the report where it has them (`reason_zh`), else as they stand."""
        known = {column: f"{column}_{self.language}" for column in columns}
        return table.assign(**{column: table[own] for column, own in known.items() if own in table})

    def period(self, dates: pd.Series) -> str:
        """The first and the last of `dates`, "" being none."""
        known = sorted(date for date in dates if date)
        if not known:
            return self.t.gettext("no dates")
        if known[0] == known[-1]:
            return known[0]
        return self.t.gettext("{first} to {last}", first=known[0], last=known[-1])
