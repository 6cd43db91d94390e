"""The specifications that another analyst could have chosen, as a list that follows from the configuration alone.

Standard library only: the Snakefile takes the names of the jobs from here whenever the workflow is read.

Not the full factorial, which has hundreds: the run's own choices, each choice changed alone, each changed together with each
neighbouring number of topics, and some pairs of changes (Simonsohn, Simmons & Nelson 2020 draw at random where there are too
many; Steegen et al. 2016 for the multiverse).
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

OWN = "own"
OWN_WORDS = "the run's own"
# What some analysts count and nothing else: what names things.
NOUNS = ("term", "noun", "abbreviation", "proper")
OTHER_SEGMENTER = {"rjieba": "jieba", "jieba": "rjieba"}
# NMF is none of them: its weights are no shares of text.
LDA_ENGINES = ("tomotopy", "gensim", "sklearn")
SEEDS = 2  # of the run itself and of each neighbouring K, whose fits are there already
PAIRS = 6


class Specification(NamedTuple):
    """One way to do the analysis. words: a name of `word_choices`; seed: the number of the fit."""

    words: str
    chunk_tokens: int
    engine: str
    k: int
    seed: int


def word_choices(words: Mapping) -> dict[str, str]:
    """Name of each choice of words, and the plain words for it; the run's own first. words: that part of the configuration.

    Each stands against the run's own settings: one that the run already makes is left out.
    """
    parts = words["parts_of_speech"]
    listed = bool(words["stopwords"]) or any(words["source_stopwords"].values())
    found = {
        OWN: OWN_WORDS,
        "no_stopwords": "without stopword lists" if listed else "",
        "first_stopwords": "with the first stopword list only" if len(words["stopwords"]) > 1 else "",
        "all_words": "with all parts of speech" if parts != "all" else "",
        "content_words": "with content words only" if parts != "content" else "",
        "nouns": "with nouns only" if parts == "content" or set(parts) != set(NOUNS) else "",
        "no_found_terms": "without terms found in the corpus" if words["discover"] == "use" else "",
        "no_terms": "without any terms" if words["terms"] else "",
        "other_segmenter": f"cut by {OTHER_SEGMENTER[words['engine']]}",
    }
    return {name: said for name, said in found.items() if said}


def specifications(words: Mapping, topics: Mapping, seed: int, k: int, number: int) -> list[Specification]:
    """All specifications, each once, the reported one first. The same list for the same arguments on every machine.

    words, topics: parts of the configuration; seed: of the run; k, number: the chosen K and the number of its reported fit.
    """
    own = Specification(OWN, topics["chunk_tokens"], topics["engine"], k, number)
    tried = sorted({*topics["k"], k})
    place = tried.index(k)
    around = [other for other in tried[max(0, place - 1) : place + 2] if other != k]
    changes: dict[str, list] = {
        "words": [name for name in word_choices(words) if name != OWN],
        "chunk_tokens": [n for n in (own.chunk_tokens // 2, 2 * own.chunk_tokens) if n > 0],
        "engine": [engine for engine in LDA_ENGINES if engine != own.engine],
    }
    alone = [{kind: value} for kind, values in changes.items() for value in values]
    found = [own, *(own._replace(seed=n) for n in range(SEEDS) if n != number)][:SEEDS]
    found += [own._replace(k=other, seed=n) for other in around for n in range(SEEDS)]
    found += [own._replace(**change, seed=0) for change in alone]
    # Engines take as long as all else together: theirs with another K are among the pairs.
    found += [own._replace(**c, k=other, seed=0) for c in alone if "engine" not in c for other in around]
    pairs = [a | b for i, a in enumerate(alone) for b in alone[i + 1 :] if not a.keys() & b.keys()]
    # By a hash and not by a generator, whose numbers may differ between versions of a library.
    pairs.sort(key=lambda pair: hashlib.sha256(f"{seed} {sorted(pair.items())}".encode()).digest())
    found += [own._replace(**pair, seed=0) for pair in pairs[:PAIRS]]
    return list(dict.fromkeys(found))


def changed(choice: Mapping, own: Mapping) -> dict:
    """What a specification changes, by what is chosen: words (plain ones), chunk_tokens, engine, k, or the seed alone; nothing for
    the run itself. choice, own: the same of it and of the run."""
    found = {name: choice[name] for name in ("words", "chunk_tokens", "k", "engine") if choice[name] != own[name]}
    return found or ({"seed": choice["seed"]} if choice["seed"] != own["seed"] else {})
