"""Texts that are printed more than once: prose that repeats nothing, and its damaged and cut copies."""

import random

import pandas as pd

STEPS = (
    "渡口的石阶一共四十二级，最下面的六级常年在水里，长着青苔。去年入冬以后水退下去，文化馆请了五个石匠，"
    "一级一级撬起来重新垫平，碎了的换新石头，旧石头堆在柳树底下。"
)
FERRY = (
    "渡船从立夏这天起改为每半个钟头一班，末班船晚上九点从对岸开。船工卢三春说，原来一个钟头一班，赶集的日子站得满满的。"
)
# A few characters make up most of a text, as in Chinese.
CHARS = [chr(0x4E00 + 7 * i) for i in range(1500)]
WEIGHTS = [1 / (i + 10) for i in range(len(CHARS))]


def prose(n: int, seed: int) -> str:
    """`n` characters with commas between, which repeat nothing of another seed."""
    chars = random.Random(f"prose {seed}").choices(CHARS, WEIGHTS, k=n)
    return "".join(c + "，" * (i % 11 == 10) for i, c in enumerate(chars))


def damaged(text: str, rate: float, seed: int) -> str:
    """`text` with `rate` of its characters changed, lost or added, a third each."""
    rng, out = random.Random(f"damage {seed}"), []
    for char in text:
        other = rng.choice(CHARS)
        out.append(rng.choice([other, "", char + other]) if rng.random() < rate else char)
    return "".join(out)


def cut(text: str, share: float, where: str) -> str:
    size = round(len(text) * share)
    begin = {"beginning": 0, "middle": (len(text) - size) // 2, "end": len(text) - size}[where]
    return text[:begin] + text[begin + size :]


def articles_of(*rows):
    """A table of articles from (source, date, text); the documents are numbered."""
    return pd.DataFrame(
        [
            {"article_id": f"{source}/{i:04}.txt:1", "document_id": f"{source}/{i:04}.txt", "position": 1}
            | {"source": source, "date": date, "text": text}
            for i, (source, date, text) in enumerate(rows)
        ],
        columns=["article_id", "document_id", "position", "source", "date", "text"],
    )
