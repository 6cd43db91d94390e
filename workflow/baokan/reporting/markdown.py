"""The report as Markdown, made of its HTML: what is shown there in colour, in boxes or folded away stands in plain text here."""

import re
from typing import Any

from markdownify import ATX, MarkdownConverter

# What Markdown or HTML would take as a sign, wherever it stands; the signs of lists and headings only where a line begins.
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]#|~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})
_BLANKS = re.compile(r"\s+")
_LIST_SIGN = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))(?=\s|$)")
_BLANK_LINES = re.compile(r"\n{3,}")


def markdown_of(html: str) -> str:
    """A page as Markdown, without its head, its navigation and its style. Text that stands in it is text there too, whatever
    signs it has; tables stay tables, figures become links to their files."""
    text = _Converter(heading_style=ATX, bullets="-").convert(html)
    lines = (line.rstrip(" ") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


class _Converter(MarkdownConverter):
    """markdownify's rules, and those of the report's own elements."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Text on one line, with no sign left in it. A "<" before a blank is none: "p < 0.001" can be quoted as it is."""
        plain = _BLANKS.sub(" ", text).translate(_SIGNS).replace("&lt; ", "< ")
        return _LIST_SIGN.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", plain)

    def convert_head(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Nothing of it is text."""
        return ""

    convert_nav = convert_head

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A link to a file; one within the page, of which Markdown has no anchors, or of a word is its text. What says no more
        than that there are passages is left out."""
        target = str(el.get("href", ""))
        if target.startswith("#topic-") and not text.strip().isdigit():
            return ""
        if not target or target.startswith("#") or el.get("lang") or not text.strip():
            return text
        return f"[{text.strip()}]({target})"

    def convert_summary(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """The line that is seen of what is folded away stands above it."""
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_details(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Nothing is folded away."""
        return f"\n\n{text.strip()}\n\n"

    def convert_figure(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """The figure, then its caption."""
        return f"\n\n{text.strip()}\n\n"

    def convert_footer(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Where a passage stands, on a line of its own."""
        return f"\n\n{text.strip()}\n"

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A new line; in a table a blank."""
        return " " if "_inline" in parent_tags else "\\\n"

    def convert_b(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Bold; after a mark of punctuation a blank lets Markdown see its end, which Chinese does not have there."""
        if not text.strip():
            return ""
        follows = str(el.next_sibling or " ")[:1]
        return f"**{text.strip()}**" + (" " if text.rstrip()[-1] in "。：；，）" and not follows.isspace() else "")

    def convert_span(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """A grade is set apart."""
        return f"*{text.strip()}*" if "grade" in _classes(el) and text.strip() else text

    def convert_div(self, el: Any, text: str, parent_tags: set[str]) -> str:
        """Tiles and bars stand in one line, findings below each other in a list."""
        classes = _classes(el)
        if "tile" in classes:
            return f"{' '.join(self._texts(el, parent_tags))}, "
        if "tiles" in classes:
            return f"\n\n{text.strip().rstrip(',')}\n\n"
        if "bars" in classes:
            texts = self._texts(el, parent_tags)
            pairs = [f"{name} {share}" for name, share in zip(texts[::2], texts[1::2], strict=True)]
            return f"\n\n{', '.join(pairs)}\n\n"
        if "zh" in classes:
            return f"\\\n{text.strip()}"
        if "finding" in classes:
            item = text.strip().replace(" \\\n", "\\\n").replace("\n", "\n  ")
            return f"\n- {item}\n"
        return f"\n\n{text.strip()}\n\n" if text.strip() else ""

    def _texts(self, el: Any, parent_tags: set[str]) -> list[str]:
        """What stands in the elements of a tile or of bars; a bar itself has no text."""
        found = [part.get_text(" ", strip=True) for part in el.find_all(["b", "span"], recursive=False)]
        return [self.escape(text, parent_tags) for text in found if text]


def _classes(el: Any) -> list[str]:
    return list(el.get("class") or [])
