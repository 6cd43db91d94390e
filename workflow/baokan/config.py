"""The configuration: defaults filled in from the schema, and errors that name the key and the allowed values."""

import copy
import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import yaml

from baokan.errors import UserError

if TYPE_CHECKING:
    import jsonschema

_NOT_IN_A_PATH = re.compile(r"[^\w.\-]")
SCHEMA_PATH = Path(__file__).parent.parent / "schemas" / "config.schema.yaml"


class ConfigError(UserError):
    """A configuration that cannot be used; its text is one line for each problem."""


def load_schema() -> dict:
    """The schema of the configuration, which also holds its defaults."""
    return yaml.safe_load(SCHEMA_PATH.read_text(encoding="utf-8"))


def validated(config: dict) -> dict:
    """`config` with every absent key filled with its default.

    Raises ConfigError with a line for each problem: the path of the key, what was found and what is allowed.
    """
    import jsonschema  # here, not above: jobs that only want names of word files do without it

    schema = load_schema()
    # `--config name=2023` arrives as a number, and so does a source that is named by a year; names are meant.
    words = config.get("words")
    if isinstance(words, dict) and isinstance(words.get("source_stopwords"), dict):
        named = {str(k): v for k, v in words["source_stopwords"].items()}
        config = config | {"words": words | {"source_stopwords": named}}
    config = config | {k: str(config[k]) for k in ("corpus", "name") if type(config.get(k)) is int}
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(validator.iter_errors(config), key=lambda e: (list(map(str, e.absolute_path)), e.message))
    if errors:
        raise ConfigError("The configuration cannot be used:\n" + "\n".join(f"  - {_explain(e)}" for e in errors))
    return _filled(schema, config)


def _filled(schema: dict, value):
    if schema.get("type") == "integer":
        return int(value)  # 4.0 is a whole number too, but not one that Python counts with
    if schema.get("type") == "array":
        return [_filled(schema["items"], item) for item in value]
    if schema.get("type") != "object" or "properties" not in schema:
        return copy.deepcopy(value)
    return {
        key: _filled(sub, value[key] if key in value else copy.deepcopy(sub["default"]))
        for key, sub in schema["properties"].items()
    }


def _explain(error: "jsonschema.ValidationError") -> str:
    path = ".".join(map(str, error.absolute_path)) or "the top level"
    # An error that no validator made has neither a rule nor a schema: there are none of these here.
    rule, schema = str(error.validator), cast(dict, error.schema)
    if rule == "additionalProperties":
        known = sorted(schema["properties"])
        unknown = sorted(map(str, set(cast(dict, error.instance)) - set(known)))
        hints = [f"{u} (did you mean {m[0]}?)" if (m := difflib.get_close_matches(u, known, 1)) else u for u in unknown]
        return f"{path}: unknown key {', '.join(hints)}. Allowed keys: {', '.join(known)}"
    allowed = {
        "enum": lambda v: "one of " + ", ".join(map(str, v)),
        "type": lambda v: f"a value of type {v}",
        "minimum": lambda v: f"a number of at least {v}",
        "maximum": lambda v: f"a number of at most {v}",
        "exclusiveMinimum": lambda v: f"a number above {v}",
        "exclusiveMaximum": lambda v: f"a number below {v}",
        "minLength": lambda v: f"a text of at least {v} character",
        "minItems": lambda v: f"a list of at least {v} value",
        "uniqueItems": lambda v: "a list without repeated values",
        "pattern": lambda v: "a name without slashes",
        "anyOf": lambda v: " or ".join(map(_alternative, v)),
    }.get(rule, lambda v: f"{rule} {v}")(error.validator_value)
    meaning = schema.get("description", "")
    return f"{path}: found {error.instance!r}, allowed is {allowed}. {meaning}".rstrip()


def _alternative(schema: dict) -> str:
    """One of several forms that a value may have, in words."""
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if schema["type"] == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    return "a list of values from " + ", ".join(map(str, schema["items"]["enum"]))


def word_files(entries: Iterable[str]) -> list[str]:
    """Those entries of words.keep or of words.source_stopwords that are files of words."""
    return [entry for entry in entries if entry.endswith(".txt")]


def configured_files(words: dict) -> list[str]:
    """All files that words.keep and words.source_stopwords name, sorted. words: that part of the configuration."""
    return sorted({f for entries in [words["keep"], *words["source_stopwords"].values()] for f in word_files(entries)})


def results_name(config: dict) -> str:
    """The folder below results/: `name`, or the name of the corpus folder, with what a path cannot bear as "_"."""
    name = config["name"] or Path(config["corpus"]).resolve().name
    return _NOT_IN_A_PATH.sub("_", name).lstrip(".") or "corpus"
