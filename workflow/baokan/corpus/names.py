"""What the names of files and folders say: source, issue and date."""

import datetime
import re

from baokan.corpus.listing import is_archive, suffix_of

# A hash or a serial number holds such digits by chance: no ASCII letter or digit may stand at either side.
_LEFT, _RIGHT = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_DATES = [
    re.compile(_LEFT + r"([0-9]{4})([-_.])([0-9]{1,2})\2([0-9]{1,2})" + _RIGHT),
    re.compile(_LEFT + r"([0-9]{4})()([0-9]{2})([0-9]{2})" + _RIGHT),
    re.compile(_LEFT + r"([0-9]{4})(年)([0-9]{1,2})月([0-9]{1,2})[日号]"),
]
_NUMBER = r"[0-9一二三四五六七八九十百千零〇]{1,9}"
_ISSUES = [
    re.compile(_LEFT + rf"[12][0-9]{{3}}(?:年第?|[-_.]第?|第){_NUMBER}(?:[-~—至]{_NUMBER})?期"),
    re.compile(rf"总第?{_NUMBER}期"),
]
_MONTHS = [
    re.compile(_LEFT + r"([0-9]{4})([-_.])([0-9]{2})(?!\2[0-9])" + _RIGHT),
    re.compile(_LEFT + r"([0-9]{4})(年)([0-9]{1,2})月(?![0-9])"),
]


def date_in_name(name: str) -> str | None:
    """The first whole valid date in a file's or folder's name, as YYYY-MM-DD, or None."""
    found = [(m.start(), date) for p in _DATES for m in p.finditer(name) if (date := _iso(m[1], m[3], m[4]))]
    return min(found)[1] if found else None


def issue_in_name(name: str) -> str | None:
    """The issue that a name states: a number of a year (2023年第7期) or a running one (总第151期) as it is written, or
    a year and month as YYYY-MM; else None.

    第7期 alone is not taken: next year's 第7期 would be the same issue.
    """
    for pattern in _ISSUES:
        if match := pattern.search(name):
            return match[0]
    if date_in_name(name):
        return None
    found = [(m.start(), date[:7]) for p in _MONTHS for m in p.finditer(name) if (date := _iso(m[1], m[3], "1"))]
    return min(found)[1] if found else None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return date.isoformat() if 1800 <= date.year <= 2100 else None


_WHOLE_DATE = re.compile(r"^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def is_date(value: str) -> bool:
    """Whether `value` is a valid YYYY, YYYY-MM or YYYY-MM-DD between 1800 and 2100."""
    match = _WHOLE_DATE.fullmatch(value)
    return match is not None and _iso(match[1], match[2] or "1", match[3] or "1") is not None


def describe(path: str, override: dict[str, str]) -> dict[str, str]:
    """Source, publication, issue and date of the file at `path`, "" where unknown.

    What `override` says comes first, then the file's name, then the names of its folders, the nearest first. The source
    is the first folder; the date stands in for an issue. An archive is a folder of its name without the ending; one
    at the root of the corpus is no source if there are folders in it.
    """
    *folders, name = path.split("/")
    archive = bool(folders) and is_archive(folders[0])
    folders = [folder[:-4] if is_archive(folder) else folder for folder in folders]
    stem = name[: len(name) - len(suffix_of(name))]
    above = folders[::-1]
    date = override.get("date") or _first(date_in_name, [stem, *above])
    issue = override.get("issue") or issue_in_name(stem) or date or _first(issue_in_name, above)
    source = override.get("source") or (folders[archive and len(folders) > 1] if folders else "")
    return {"source": source, "publication": override.get("publication", ""), "issue": issue, "date": date}


def _first(find, names: list[str]) -> str:
    return next(filter(None, map(find, names)), "")
