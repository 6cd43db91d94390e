"""Bytes to text: which encoding a file is in, and what of it was damaged.

Chinese press text comes in UTF-8, UTF-16, GB18030 (GBK and GB2312 are parts of it) and Big5 (with Hong Kong's signs).
Most bytes that are valid in one of the last two are valid in the other too, so an encoding is chosen by what the text
would then say: running Chinese of any period is a third to a half of a few hundred frequent characters, while text read
in the wrong encoding is rare characters, symbols and unassigned codes.

Why not charset-normalizer: for some short passages, and for a damaged file, it gives no answer. A score is needed for
those anyway, and serves for all; tests/unit/test_decoding.py tries it on short and long texts in every encoding.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# In order of preference where scores are equal.
CANDIDATES = ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")
# Python's own big5 lacks characters that are common in Taiwan and Hong Kong (裏, 恒, 着).
CODECS = {"big5": "big5hkscs", "utf-8-sig": "utf-8"}

# Of the file, this many bytes from the first one beyond ASCII are scored: a choice between encodings needs no more.
SAMPLE_BYTES = 1 << 18

# Above these shares of the characters a file is not text: control characters, and those together with damage.
MOST_CONTROLS, MOST_NOISE = 0.10, 0.35

MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive, or a DOCX, XLSX or EPUB file",
    b"\xd0\xcf\x11\xe0": "an old Office file (DOC, XLS)",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
}

# Frequent characters of Chinese prose and press, Simplified, then the Traditional forms that differ, then punctuation.
FREQUENT = frozenset(
    "的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者"
    "多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从四五六七八九百千万第月号各等令及由被但或因最新高长民党府政部省市"
    "区县委员议报务工建设社济业农产企全体制度改革展理管教育文化科技术研究战争关系问题况情实现加强力量通本合开动机重电外名世界美英东西南北京"
    "海山水路安平义思想领导书记干群众组织运代表决规条例今明已正特别应该必须向内间数次位件项目计划提供保护环境责任场金融投资服信息交流活老师"
    "病医院女儿童先手头口气光色意知话很再让使给把打相总讯版期价值真身常物回走听吃认识"
    "這爲為來箇個們說説國於時會後對裏裡過發軍無麼經當與學進種將還見沒從萬號長黨區縣員議報務設濟業農產體術戰爭關係問題況實現強開動機電東義領"
    "導書記幹羣眾衆組織運決規條別應該須內間數項計劃護環責場資師醫兒頭氣話讓給總訊價聽認識著"
    "，。、；：？！（）《》“”「」『』…—　"
)


class NotText(ValueError):
    """Bytes that are no text; its sentence says what they look like."""


@dataclass(frozen=True)
class Decoded:
    r"""`text` has no BOM and only \n as line end; `damaged` counts the U+FFFD put in place of bytes that `encoding`
    cannot read, and `first_damage` is the offset in bytes of the first of them."""

    text: str
    encoding: str
    damaged: int = 0
    first_damage: int | None = None


def decode(data: bytes) -> Decoded:
    """The text of `data`, in whichever encoding makes the most plausible Chinese of it.

    Raises NotText if `data` looks binary; any other bytes are decoded, with damage counted.
    """
    for magic, kind in MAGIC.items():
        if data.startswith(magic):
            raise NotText(f"it looks binary: it begins as {kind} does")
    encoding, bom = _encoding(data)
    codec, body = _codec(encoding), data[bom:]
    text, damaged, first = _decode(body, codec)
    _require_text(text, damaged)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, encoding, damaged, None if first is None else first + bom)


_BEYOND_ASCII = re.compile(rb"[\x80-\xff\0]")


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding of `data`, and the length of its BOM in bytes."""
    for bom, encoding in BOMS.items():
        if data.startswith(bom):
            return encoding, len(bom)
    # UTF-8 proves itself. With NUL bytes it may be UTF-16: those are ASCII's other halves.
    if b"\0" not in data and _is_strict(data, "utf-8"):
        return "utf-8", 0
    beyond_ascii = _BEYOND_ASCII.search(data)
    # An even start keeps the pairs of UTF-16 together.
    start = beyond_ascii.start() & ~1 if beyond_ascii else 0
    sample = data[start : start + SAMPLE_BYTES]
    return max(CANDIDATES, key=lambda encoding: plausibility(_decode(sample, _codec(encoding))[0])), 0


def _codec(encoding: str) -> str:
    """The name of Python's codec for one of the encodings."""
    return CODECS.get(encoding, encoding)


def _is_strict(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _decode(data: bytes, codec: str) -> tuple[str, int, int | None]:
    """(text, number of replacements, offset of the first in bytes or None)."""
    try:
        return data.decode(codec), 0, None
    except UnicodeDecodeError as error:
        text = data.decode(codec, errors="replace")
        # The file may hold U+FFFD of its own: only those put in here are damage.
        own = data.decode(codec, errors="ignore").count("\ufffd")
        return text, text.count("\ufffd") - own, error.start


def plausibility(text: str) -> float:
    """How much `text` looks like Chinese prose, from -1 (noise) to 1 (frequent characters and punctuation alone): the
    mean of its characters' weights, where printable ASCII, which tells nothing, does not count. 0 if nothing counts."""
    counts = Counter(text)
    telling = {c: n for c, n in counts.items() if not ("\x20" <= c <= "\x7e" or c in "\n\r\t\f")}
    return sum(_weight(c) * n for c, n in telling.items()) / max(1, sum(telling.values()))


@lru_cache(maxsize=1 << 16)
def _weight(char: str) -> float:
    if char in FREQUENT:
        return 1.0
    if char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs"):
        return -1.0
    if "\u4e00" <= char <= "\u9fff":
        return 0.0 if _is_common(char) else -0.5
    # Full-width digits, letters and marks stand in all press text; kana, Cyrillic, boxes and Hangul mostly are noise.
    return 0.0 if "\uff01" <= char <= "\uff5e" or "\u3000" <= char <= "\u301f" else -0.5


def _is_common(char: str) -> bool:
    """Whether GB 2312 or the first level of Big5 has `char`."""
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return b"\xa4" <= char.encode("big5", errors="replace")[:1] <= b"\xc6"


def _require_text(text: str, damaged: int) -> None:
    if not text:
        return
    controls = sum(map(text.count, map(chr, [*range(9), 11, *range(14, 32), 127])))
    if controls > MOST_CONTROLS * len(text):
        raise NotText(f"it looks binary: {controls:,} of its {len(text):,} characters are control characters")
    if controls + damaged > MOST_NOISE * len(text):
        raise NotText(f"it looks binary: {damaged:,} of its {len(text):,} characters are in no encoding known here")
