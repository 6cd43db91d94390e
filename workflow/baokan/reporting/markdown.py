"""The report as Markdown, made of its HTML: what is shown there in colour, in boxes or folded away stands in plain text here."""

import re

from bs4 import BeautifulSoup
from bs4.element import Tag
from markdownify import ATX, MarkdownConverter

# What Markdown or HTML would take as a sign, wherever it stands; the signs of lists and headings only where a line begins.
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]#|~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"})
_BLANKS = re.compile(r"\s+")
_LIST_SIGN = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))(?=\s|$)")


def markdown_of(html: str) -> str:
    """The body of a page as Markdown, without its navigation and its style. Text that stands in it is text there too, whatever
    signs it has; tables stay tables, figures become links to their files."""
    soup = BeautifulSoup(html, "html.parser")
    body = soup.body or soup
    for gone in body.find_all(["nav", "script", "style"]):
        gone.decompose()
    text = _Converter(heading_style=ATX, bullets="-", autolinks=False).convert_soup(body)
    # Lines that are blank but for an escape would part nothing; more than one blank line says no more than one.
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip() + "\n"


class _Converter(MarkdownConverter):
    """markdownify's rules, and those of the report's own elements."""

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Text on one line, with no sign left in it."""
        plain = _BLANKS.sub(" ", text).translate(_SIGNS)
        return _LIST_SIGN.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", plain)

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A link to a file; one within the page, of which Markdown has no anchors, or of a word is its text. What says no more
        than that there are passages is left out."""
        target = str(el.get("href", ""))
        if target.startswith("#topic-") and not text.strip().isdigit():
            return ""
        return text if target.startswith("#") or el.get("lang") else super().convert_a(el, text, parent_tags)

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The line that is seen of what is folded away stands above it."""
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Nothing is folded away."""
        return f"\n\n{text.strip()}\n\n"

    def convert_figure(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """The figure, then its caption."""
        return f"\n\n{text.strip()}\n\n"

    def convert_footer(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Where a passage stands, on a line of its own."""
        return f"\n\n{text.strip()}\n"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A new line; in a table a blank."""
        return " " if "_inline" in parent_tags else "\\\n"

    def convert_span(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A grade is set apart."""
        return f"*{text.strip()}*" if "grade" in _classes(el) and text.strip() else text

    def convert_div(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Tiles and bars stand in one line, findings below each other in a list."""
        classes = _classes(el)
        if "tile" in classes:
            return f"{' '.join(part.get_text(' ', strip=True) for part in el.find_all(['b', 'span'], recursive=False))}, "
        if "tiles" in classes:
            return f"\n\n{text.strip().rstrip(',')}\n\n"
        if "bars" in classes:
            parts = [span.get_text() for span in el.find_all("span", recursive=False) if "bar" not in _classes(span)]
            pairs = zip(parts[::2], parts[1::2], strict=True)
            return "\n\n" + ", ".join(f"{self.escape(a, parent_tags)} {self.escape(b, parent_tags)}" for a, b in pairs) + "\n\n"
        if "zh" in classes:
            return f"\\\n{text.strip()}"
        if "finding" in classes:
            lines = text.strip().split("\n")
            return "\n" + "\n".join(f"{'  ' if i else '- '}{line.strip()}" for i, line in enumerate(lines) if line.strip()) + "\n"
        return super().convert_div(el, text, parent_tags)


def _classes(el: Tag) -> list[str]:
    found = el.get("class") or []
    return found.split() if isinstance(found, str) else list(found)
