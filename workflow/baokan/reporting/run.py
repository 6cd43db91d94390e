"""What all sections of the report know of the run, and how they speak."""

from __future__ import annotations

from dataclasses import dataclass, field
from gettext import NullTranslations
from pathlib import Path

import pandas as pd

from baokan.reporting.looks import GRADE_COLOURS, source_colour


@dataclass(frozen=True)
class Run:
    """The run that is reported.

    config: the merged configuration. name: of the corpus. sources: their names, sorted. labels: of the topics, by number.
    figures: what stands in src, by name. places: of words, below contexts/. up: the way from the report to the folder of the
    results. chosen, provenance: topics/chosen.json, provenance.json.
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
    translations: NullTranslations = field(default_factory=NullTranslations)

    @classmethod
    def of(cls, tables: dict[str, pd.DataFrame], provenance: dict, **more) -> Run:
        """From articles and topics, what provenance.json holds, and the other fields as they are."""
        config, topics = provenance["config"], tables["topics"]
        return cls(
            config,
            config["name"] or Path(config["corpus"]).name,
            tuple(sorted(tables["articles"]["source"].unique())),
            dict(zip(topics["topic_id"], topics["label"], strict=True)),
            provenance=provenance,
            **more,
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
    def grade_colours(self) -> dict[str, str]:
        """The colour of each grade."""
        return GRADE_COLOURS

    def colour(self, source: str) -> str:
        """The colour of a source."""
        return source_colour(list(self.sources), source)

    def gettext(self, message: str) -> str:
        """A message of the catalogue in the language of the report, its {placeholders} still in it."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, n: float) -> str:
        """The same for a number of things."""
        return self.translations.ngettext(one, many, n if n == 1 else 2)

    def period(self, dates: pd.Series) -> str:
        """The first and the last of `dates`, "" being none."""
        known = sorted(date for date in dates if date)
        if not known:
            return self.gettext("no dates")
        if known[0] == known[-1]:
            return known[0]
        return self.gettext("{first} to {last}").format(first=known[0], last=known[-1])
