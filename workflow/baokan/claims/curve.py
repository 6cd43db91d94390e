"""The specification curve in words: what a specification changes, and where a contrast holds and where not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baokan.catalogue import N_, Translator

# The plain words of `baokan.robustness.choices.word_choices`, which stand in tables as they are.
WORD_CHOICES = (
    N_("the run's own"),
    N_("without stopword lists"),
    N_("with the first stopword list only"),
    N_("with all parts of speech"),
    N_("with content words only"),
    N_("with nouns only"),
    N_("without terms found in the corpus"),
    N_("without any terms"),
    N_("cut by jieba"),
    N_("cut by rjieba"),
)


def choice(t: Translator, changed: Mapping[str, Any]) -> str:
    """What a specification changes, in words that can follow "not": "with nouns only by gensim". changed: of
    `baokan.robustness.choices.changed`."""
    parts = [t.gettext(changed["words"])] if "words" in changed else []
    if "chunk_tokens" in changed:
        parts.append(t.gettext("in windows of {n} tokens", n=changed["chunk_tokens"]))
    if "k" in changed:
        parts.append(t.gettext("with {k} topics", k=changed["k"]))
    if "engine" in changed:
        parts.append(t.gettext("by {engine}", engine=changed["engine"]))
    if parts:
        return t.modifiers(parts)
    return t.gettext("with another seed") if "seed" in changed else t.gettext("as the run does it")


def robustness(t: Translator, values: Mapping[str, Any]) -> str:
    """Where a contrast holds and where not. values: of `baokan.robustness.specifications`: tested, n of total, and either not_in,
    the specifications in which it breaks, or least, the choices with which it holds least: (choice, n, total)."""
    shown = {"robust": values["n"]}
    if values["tested"]:
        start = t.ngettext(
            "holds in {robust} of {n} specification",
            "holds in {robust} of {n} specifications",
            values["total"],
            **shown,
        )
    else:
        start = t.ngettext(
            "has the same sign in {robust} of {n} specification",
            "has the same sign in {robust} of {n} specifications",
            values["total"], **shown,
        )  # fmt: skip
    if values.get("not_in"):
        broken = t.neither(choice(t, changed) for changed in values["not_in"])
        return t.gettext("{start}; not {choices}", start=start, choices=broken)
    if values.get("least"):
        least = [
            t.gettext("{choice} ({n} of {total})", choice=choice(t, changed), n=n, total=total)
            for changed, n, total in values["least"]
        ]
        return t.gettext("{start}; least {choices}", start=start, choices=t.series(least))
    return start
