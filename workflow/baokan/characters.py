"""Chinese characters and marks as ranges for patterns, to be put between square brackets."""

HAN = r"\u3400-\u9fff\uf900-\ufaff"
# With the marks that stand among them.
CJK = rf"{HAN}\u3000-\u303f\uff00-\uffef\u2018\u2019\u201c\u201d\u2014\u2026·"
