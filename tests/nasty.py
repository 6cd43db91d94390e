"""Documents that take long to read or to cut if anything does: one thing again and again, as many characters as asked for."""

from collections.abc import Callable


def _row(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit))


def _lines(*lines: str) -> Callable[[int], str]:
    return _row("".join(line + "\n" for line in lines))


def _then(first: str, second: str, third: str = "") -> Callable[[int], str]:
    """A half of the one, a half of the other, and an end."""
    return lambda size: first * (size // 2 // len(first)) + second * (size // 2 // len(second)) + third


SIGNS = [
    "(", "（", "“", "《", "。", "，", "1", "#", "*", "**a", "_a", "`", "~", "|", "<", "<a ", "<!--", "<![CDATA[",
    "<div>", "<p>", "<table><tr><td>", "<li>", "<pre>\n", "<script>", "<a b=\"", "&", "&#1", "-", "=", "+", "[",
    "](", "![", "[a](", "\\", ">", "- ", "{", "[1", "\"", ",", "\t", "a", "a ", "国", "國", "😀", "\u3000", " ",
    "国\u3000", "国 ", "第", "年", "月", "转", "国and", "国 and ", "本报\u3000\u3000", "（记者", "（下转第2版）",
    "（上接第1版）", "http://a.b ", "\ufffd",
]  # fmt: skip
LINES = [
    "", "国", "\u3000", "第", "1", "12 国国国", "#", "# 国", "---", "===", "```", "~~~", "| a | b", "> 国", "- 国",
    "1. 国", "图为", "■ 国国", "目录", "责编：国", "国国国国：", "2020年1月2日", "国发〔2020〕1号", "本报讯 国",
    "\u3000\u3000国国。", "“国国国国国国国国国国国国国国国国国国国国", "国国国国国国国国国国国国国国国国国国国国",
    "（下转第2版）", "（上接第1版）国国", "（记者 国国）", "天气：", "国国日报", "《国国》", "——国国",
    "国 国 国 国 国",
]  # fmt: skip
PROSE = "国" * 30 + "。\n"

DOCUMENTS: dict[str, Callable[[int], str]] = {
    **{f"a row of {sign!r}": _row(sign) for sign in SIGNS},
    **{f"lines of {line!r}": _lines(line) for line in LINES},
    "control characters": _row("\x01" + "国" * 25),
    "one gap of blanks": lambda size: "国" + "\u3000" * size + "国",
    "a bracket that nothing closes": lambda size: "(" + "国" * size,
    "headline, byline, text": _lines("国家大事", "", "本报记者 国国", "国" * 40 + "。"),
    "paragraphs and gaps": _lines("国" * 15 + "。", "", "国" * 15),
    "entries of contents below headings of their own": _lines("目录", "国国国国……1"),
    "headings of contents with an entry each": _lines("要目：国国……1"),
    "articles that jump, and as many rests": _then("国家大事\n\n" + PROSE + "（下转第2版）\n", "（上接第1版）\n" + PROSE),
    "articles that jump, and as many rests with headlines": _then(
        "国家大事\n\n" + PROSE + "（下转第2版）\n", "国家大事\n（上接第1版）\n" + PROSE
    ),
    "page marks within an article that began before many": lambda size: (
        "国家大事\n\n" + PROSE + "（下转第2版）\n"
        + _then("本报讯 " + PROSE, "第2版\n", "（上接第1版）\n" + PROSE)(size)
    ),
    "headlines and a long text": _then("国家大事\n", "国" * 400 + "\n"),
    "sentences printed again": _lines("国家大事甲乙丙丁戊己庚辛。", "", "", "国" * 50 + "国家大事甲乙丙丁戊己庚辛。"),
    "English words": _lines("国 and 国 of 国, the 国。"),
}  # fmt: skip
