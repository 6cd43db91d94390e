"""More pages, each with something that those of made_pages have not: what a layout engine must not trip over."""

from made_pages import Prose, Sheet, font
from reportlab.pdfbase import pdfmetrics


def _framed(x: float, y: float, width: float, height: float, n: int, gutter: float) -> list[tuple]:
    """n columns side by side, the first one at (x, y)."""
    return [(x + i * (width + gutter), y, width, height) for i in range(n)]


def headline_over_two() -> Sheet:
    """Three columns; one headline stands over the left two, another one over the third."""
    sheet, prose = Sheet(), Prose(3)
    a, b, c = _framed(40, 90, 162, 600, 3, 16)
    sheet.headline("渡口小店卖什么", 40, 50, 26, 340)
    sheet.flow(prose, [a, b], 9, 14)
    sheet.headline("夜校开课", c[0], 56, 18, 162)
    sheet.flow(prose, [c], 9, 14)
    return sheet


def picture_in_a_column() -> Sheet:
    """Two columns; the text of each leaves room for a picture without a caption, at different heights."""
    sheet, prose = Sheet(), Prose(8)
    (x, y, width, _), (u, _, _, _) = _framed(60, 70, 230, 700, 2, 16)
    sheet.pictures += [(x, 260, width, 120), (u, 460, width, 120)]
    frames = [(x, y, width, 187), (x, 392, width, 340), (u, y, width, 374), (u, 596, width, 136)]
    sheet.flow(prose, frames, 10, 17)
    return sheet


def vertical_under_a_horizontal_headline() -> Sheet:
    """Two tiers of vertical lines under a headline that runs across, with a dateline across at the head of the page."""
    sheet, prose = Sheet(), Prose(62, traditional=True)
    for text, y, size in (("大公報　第三版", 30, 11), ("省議會開會議決修築公路", 56, 30)):
        sheet.line(text, 120, y, size)
        sheet.truth.append(("heading", text))
    sheet.flow(prose, [(50, 110, 490, 300), (50, 430, 490, 300)], 10, 16, vertical=True)
    return sheet


def one_page_with_head_and_folio() -> Sheet:
    """One page only, so that nothing tells that its head and its number come again: they are read first and last."""
    sheet, prose = Sheet(), Prose(21)
    sheet.line("山乡月刊", 60, 30, 8)
    sheet.line("二〇二三年第五期", 440, 30, 8)
    sheet.truth.append(("text", "山乡月刊二〇二三年第五期"))
    sheet.flow(prose, _framed(60, 70, 230, 680, 2, 16), 10, 17)
    sheet.line("— 11 —", 280, 806, 9)
    sheet.truth.append(("text", "—11—"))
    return sheet


def table_between_columns() -> Sheet:
    """Two columns, a table as wide as both between rules, two columns again."""
    sheet, prose = Sheet(), Prose(33)
    sheet.flow(prose, _framed(60, 70, 230, 255, 2, 16), 10, 17)
    rows = [
        ("年份", "播种面积", "总产量", "人均收入"),
        ("2021", "3120", "1450", "8200"),
        ("2022", "3340", "1610", "8900"),
    ]
    rows += [("2023", "3405", "1702", "9350"), ("2024", "3398", "1755", "9800")]
    sheet.rules += [(60, 340, 536, 340), (60, 432, 536, 432)]
    for i, cells in enumerate(rows):
        for x, cell in zip((70, 200, 330, 450), cells, strict=True):
            sheet.line(cell, x, 348 + 16 * i, 10)
    sheet.truth.append(("text", "".join("".join(cells) for cells in rows)))
    sheet.flow(prose, _framed(60, 450, 230, 255, 2, 16), 10, 17)
    return sheet


def numerals_in_smaller_type() -> Sheet:
    """Two columns in which numerals are set in type a quarter smaller, on the line of the others."""
    sheet, prose = Sheet(), Prose(45)
    sheet.flow(prose, _framed(60, 70, 230, 680, 2, 16), 10, 17)
    sheet.glyphs = [
        (c, x + 1.25, y, 7.5) if c in "一二三四五六七八九十" else (c, x, y, z) for c, x, y, z in sheet.glyphs
    ]
    return sheet


_ENGLISH = (
    "The ferry had stopped for the winter, and the men who used to work it sat in the tea house by the bridge. They said "
    "that the water was lower than in any year they could remember. An engineer from the county came on Monday with a "
    "measuring rod, wrote down what he saw, and went away again without a word. In the evening the lamps were lit along "
    "the old street for the first time since October. Nobody knew who had paid for the oil. The schoolmaster thought it "
    "was the co-operative; the co-operative thought it was the schoolmaster. So everyone thanked everyone, and the matter "
    "was left at that until the accounts were read out in spring, when it turned out that the shopkeeper had entered "
    "forty-two pounds of oil under the heading of bridges and roads."
)


def english() -> Sheet:
    """Two columns of English, justified, in one size; words are broken with a hyphen now and then."""
    sheet = Sheet()
    sheet.headline("The lamps of the old street", 60, 60, 22)
    size, width = 10, 225
    words = (_ENGLISH + " " + _ENGLISH).split()
    lines, line = [], []
    while words:
        text = " ".join([*line, words[0]])
        if pdfmetrics.stringWidth(text, font(), size) <= width:
            line.append(words.pop(0))
            continue
        if len(words[0]) > 7 and words[0].isalpha() and len(lines) % 5 == 2:
            head = words[0][:3] + "-"
            if pdfmetrics.stringWidth(" ".join([*line, head]), font(), size) <= width:
                line.append(head)
                words[0] = words[0][3:]
        lines.append(line)
        line = []
    lines.append(line)
    half = (len(lines) + 1) // 2
    for i, line in enumerate(lines):
        bare = sum(pdfmetrics.stringWidth(word, font(), size) for word in line)
        blank = (width - bare) / max(1, len(line) - 1) if i < len(lines) - 1 else 0.25 * size
        x, y = (60 if i < half else 305), 100 + 14 * (i % half)
        sheet.starts.append(len(sheet.glyphs))
        for word in line:
            for c in word:
                sheet.glyphs.append((c, x, y + 0.88 * size, size))
                x += pdfmetrics.stringWidth(c, font(), size)
            x += blank
    sheet.truth.append(("text", "".join(word for line in lines for word in line)))
    return sheet


def narrow_gutters() -> Sheet:
    """Four columns with gutters hardly wider than a character."""
    sheet, prose = Sheet(), Prose(70)
    sheet.headline("春耕前的一次长会", 40, 50, 28, 500)
    sheet.flow(prose, _framed(40, 100, 117, 640, 4, 10), 9, 13.5)
    return sheet


def unequal_leading() -> Sheet:
    """Two articles side by side whose lines are set at different distances."""
    sheet, prose = Sheet(), Prose(80)
    sheet.headline("夜校开课", 60, 50, 20, 230)
    sheet.flow(prose, [(60, 90, 230, 660)], 10, 17)
    sheet.headline("借来的雨衣", 306, 50, 20, 230)
    sheet.flow(prose, [(306, 90, 230, 660)], 10, 15.5)
    return sheet


def misaligned() -> Sheet:
    """Three columns whose lines stand a quarter and a half of a character lower from one to the next."""
    sheet, prose = Sheet(), Prose(90)
    (x, y, width, height), b, c = _framed(40, 80, 162, 660, 3, 16)
    sheet.flow(prose, [(x, y, width, height), (b[0], y + 2.4, width, height), (c[0], y + 4.6, width, height)], 9, 14)
    return sheet


def quoted_letter() -> Sheet:
    """Two columns; in the first a letter is set in by four characters on the left."""
    sheet, prose = Sheet(), Prose(100)
    sheet.flow(prose, [(60, 70, 230, 255)], 10, 17)
    sheet.flow(prose, [(100, 342, 190, 153)], 10, 17)
    sheet.flow(prose, [(60, 512, 230, 238), (306, 70, 230, 680)], 10, 17)
    return sheet


def poem() -> Sheet:
    """A column of prose beside one with a poem of short lines, each set in by three characters, under its title."""
    sheet, prose = Sheet(), Prose(110)
    sheet.flow(prose, [(60, 70, 230, 408)], 10, 17)
    sheet.headline("渡口", 306, 70, 16, 230)
    verses = [
        "船停在岸边",
        "水比去年浅了三尺",
        "撑船的人坐在桥头",
        "卖茶，一碗两块钱",
        "他记得每一个过河的人",
        "也记得",
        "每一场大水",
    ]
    for i, verse in enumerate(verses):
        sheet.line(verse, 336, 104 + 17 * i, 10)
    sheet.truth.append(("text", "".join(verses)))
    return sheet


def set_apart() -> Sheet:
    """Two columns whose characters stand a quarter of a square apart, under a headline set apart by a whole one."""
    sheet, prose = Sheet(), Prose(120)
    sheet.line("春耕纪事", 150, 50, 24, 48)
    sheet.truth.append(("heading", "春耕纪事"))
    texts, lines = prose.fill(76, 18)
    for i, line in enumerate(lines):
        x = 60 if i < 38 else 306
        inset = (len(line) - len(line.lstrip("\u3000"))) * 12.5
        sheet.line(line.lstrip("\u3000"), x + inset, 100 + 17 * (i % 38), 10, 12.5)
    sheet.truth += [("text", text) for text in texts]
    return sheet


def footnotes() -> Sheet:
    """Two columns with raised numbers in the text, and notes in small type at the foot of each."""
    sheet, prose = Sheet(), Prose(130)
    for column, x in enumerate((60, 306)):
        _, lines = prose.fill(36, 23)
        for i, line in enumerate(lines):
            inset = (len(line) - len(line.lstrip("\u3000"))) * 10
            stripped = line.lstrip("\u3000")
            sheet.line(stripped, x + inset, 70 + 17 * i, 10)
            if i in (5, 20) and len(line) <= 22:
                sheet.glyphs.append((f"{2 * column + 1 + (i > 5)}", x + inset + 10 * len(stripped), 70 + 17 * i + 5, 6))
        notes = [f"{2 * column + 1}见县志卷四，第二百页。", f"{2 * column + 2}据渠首管理所的记录，数字略有出入。"]
        for i, note in enumerate(notes):
            sheet.line(note, x, 700 + 12 * i, 7.5)
        body = "".join(
            line.lstrip("\u3000") + (f"{2 * column + 1 + (i > 5)}" if i in (5, 20) and len(line) <= 22 else "")
            for i, line in enumerate(lines)
        )
        sheet.truth += [("text", body), *(("text", note) for note in notes)]
    return sheet


def shadowed() -> Sheet:
    """A headline that is drawn twice, a little lower the second time, over two columns with bold words drawn twice."""
    sheet, prose = Sheet(), Prose(140)
    sheet.headline("山前修渠三十里", 60, 50, 30, 476)
    sheet.glyphs += [(c, x + 1.2, y + 1.2, size) for c, x, y, size in sheet.glyphs]
    sheet.flow(prose, _framed(60, 110, 230, 640, 2, 16), 10, 17)
    bold = [glyph for i, glyph in enumerate(sheet.glyphs) if 100 <= i < 110 or 400 <= i < 440]
    sheet.glyphs += [(c, x + 0.3, y, size) for c, x, y, size in bold]
    return sheet


def upright_headline() -> Sheet:
    """A headline that runs down at the left of the two columns of its article, under it an article as usual."""
    sheet, prose = Sheet(), Prose(150)
    sheet.column("一口井的官司", 60, 80, 28)
    sheet.truth.append(("heading", "一口井的官司"))
    sheet.flow(prose, _framed(110, 80, 200, 280, 2, 16), 10, 17)
    sheet.rules.append((60, 380, 536, 380))
    sheet.headline("夜校开课", 60, 396, 20, 476)
    sheet.flow(prose, _framed(60, 430, 230, 320, 2, 16), 10, 17)
    return sheet


def figures_in_vertical_lines() -> Sheet:
    """Vertical lines; numbers of two figures stand side by side in one square."""
    sheet, prose = Sheet(), Prose(66, traditional=True)
    sheet.flow(prose, [(50, 60, 490, 300), (50, 390, 490, 300)], 10, 16, vertical=True)
    glyphs, starts = [], []
    for i, (c, x, y, size) in enumerate(sheet.glyphs):
        if i in sheet.starts:
            starts.append(len(glyphs))
        if c == "十":
            glyphs += [("1", x, y, size * 0.85), ("0", x + 0.48 * size, y, size * 0.85)]
        else:
            glyphs.append((c, x, y, size))
    sheet.glyphs, sheet.starts = glyphs, starts
    sheet.truth = [(kind, text.replace("十", "10")) for kind, text in sheet.truth]
    return sheet


def many_short_articles() -> Sheet:
    """Five columns of notices of three to five lines, one under another, without rules; each has a headline. No two
    columns are level, or they would be read band by band."""
    sheet, prose = Sheet(), Prose(160)
    titles = ["集市价目", "夜校开课", "借来的雨衣", "渡口小店", "一口井", "水渠", "路灯"]
    for i in range(5):
        y = 60 + 11 * i
        for j in range(7):
            n = 3 + (2 * i + j) % 3
            sheet.headline(titles[(i + j) % 7], 40 + 105 * i, y, 13, 90)
            sheet.flow(prose, [(40 + 105 * i, y + 22, 90, 14 * n)], 9, 14)
            y += 36 + 14 * n
    return sheet


def half_lines() -> Sheet:
    """Two columns; the second ends in a poem of half lines with a blank of one square between them."""
    sheet, prose = Sheet(), Prose(12)
    sheet.flow(prose, [(60, 70, 230, 680), (306, 70, 230, 408)], 10, 17)
    verses = [
        "船停岸边久，水浅不知年。",
        "桥头卖茶客，说是旧时船。",
        "灯亮街不老，人来茶未寒。",
        "一年三百日，日日看山川。",
    ]
    for i, verse in enumerate(verses):
        sheet.line(verse[:6] + "\u3000" + verse[6:], 346, 520 + 17 * i, 10)
    sheet.truth.append(("text", "".join(verses)))
    return sheet


def ruled_columns() -> Sheet:
    """Four columns with a rule in each of the gutters, which are as wide as a character."""
    sheet, prose = Sheet(), Prose(22)
    sheet.headline("一口井的官司", 40, 50, 30, 500)
    sheet.rules += [(40 + 126 * i - 4.5, 100, 40 + 126 * i - 4.5, 740) for i in (1, 2, 3)]
    sheet.flow(prose, _framed(40, 100, 117, 640, 4, 9), 9, 13.5)
    return sheet


def close_vertical_lines() -> Sheet:
    """Three tiers of vertical lines that stand a third of a character apart, captions across under a picture."""
    sheet, prose = Sheet(), Prose(64, traditional=True)
    sheet.column("河工近訊", 515, 60, 20)
    sheet.truth.append(("heading", "河工近訊"))
    sheet.flow(prose, [(50, 60, 450, 220)], 10, 13.3, vertical=True)
    sheet.flow(prose, [(50, 300, 488, 220)], 10, 13.3, vertical=True)
    sheet.pictures.append((50, 550, 200, 150))
    sheet.line("圖爲新開之渠首閘門", 60, 706, 8)
    sheet.truth.append(("caption", "圖爲新開之渠首閘門"))
    sheet.flow(prose, [(280, 540, 258, 220)], 10, 13.3, vertical=True)
    return sheet


def headline_of_two_rows() -> Sheet:
    """Two columns under a headline of two rows and a byline at the right, all set apart."""
    sheet, prose = Sheet(), Prose(32)
    for i, row in enumerate(("各村出工出料", "水到田头")):
        sheet.line(row, 120 + 60 * i, 50 + 44 * i, 30, 45)
    sheet.truth.append(("heading", "各村出工出料水到田头"))
    sheet.line("本报记者　林禾", 440, 144, 9)
    sheet.truth.append(("text", "本报记者林禾"))
    sheet.flow(prose, _framed(60, 170, 230, 580, 2, 16), 10, 17)
    return sheet


def vertical_box() -> Sheet:
    """A page of two columns, in the second of which an article in a box is set vertically."""
    sheet, prose = Sheet(), Prose(42)
    sheet.flow(prose, [(60, 70, 230, 680), (306, 70, 230, 340)], 10, 17)
    sheet.rules += [(306, 430, 536, 430), (306, 740, 536, 740), (306, 430, 306, 740), (536, 430, 536, 740)]
    sheet.column("借来的雨衣", 500, 450, 20)
    sheet.truth.append(("heading", "借来的雨衣"))
    sheet.flow(prose, [(320, 450, 170, 280)], 10, 17, vertical=True)
    return sheet


def price_list() -> Sheet:
    """A column of prose beside one of prices, with leaders of dots."""
    sheet, prose = Sheet(), Prose(52)
    sheet.flow(prose, [(60, 70, 230, 408)], 10, 17)
    sheet.headline("集市价目", 306, 70, 16, 230)
    goods = [
        ("白菜", "1.20"),
        ("土豆", "1.85"),
        ("猪肉", "13.60"),
        ("鸡蛋", "4.90"),
        ("大米", "2.75"),
        ("菜油", "9.40"),
    ]
    for i, (name, price) in enumerate(goods):
        sheet.line(name + "………………" + price + "元", 306, 104 + 17 * i, 10)
    sheet.truth.append(("text", "".join(name + "………………" + price + "元" for name, price in goods)))
    return sheet


def justified() -> Sheet:
    """Three columns without hanging marks: lines are stretched to one length, which ends in no whole square."""
    sheet, prose = Sheet(), Prose(57)
    texts, lines = prose.fill(135, 17)
    for i, line in enumerate(lines):
        x, y = 40 + 178 * (i // 45), 70 + 15 * (i % 45)
        inset = len(line) - len(line.lstrip("\u3000"))
        last = i + 1 == len(lines) or lines[i + 1].startswith("\u3000")
        pitch = 9 if last else (164 - inset * 9 - 9) / max(1, len(line) - inset - 1)
        sheet.line(line.lstrip("\u3000"), x + inset * 9, y, 9, min(pitch, 9.9))
    sheet.truth += [("text", text) for text in texts]
    return sheet


def headlines_close_together() -> Sheet:
    """Four columns; two headlines of one size stand level, each over two of them, with hardly a square between."""
    sheet, prose = Sheet(), Prose(67)
    columns = _framed(40, 100, 117, 600, 4, 14)
    sheet.line("春耕前的一次长会", 42, 56, 30)
    sheet.truth.append(("heading", "春耕前的一次长会"))
    sheet.flow(prose, columns[:2], 9, 13.5)
    sheet.line("借来的雨衣和井", columns[2][0], 56, 30)
    sheet.truth.append(("heading", "借来的雨衣和井"))
    sheet.flow(prose, columns[2:], 9, 13.5)
    return sheet


def inset_article() -> Sheet:
    """Three columns, with a box of another article over the feet of the second and the third."""
    sheet, prose = Sheet(), Prose(77)
    a, b, c = _framed(40, 110, 162, 630, 3, 16)
    sheet.headline("山前修渠三十里", 40, 50, 32, 518)
    sheet.flow(prose, [a, (b[0], 110, 162, 350), (c[0], 110, 162, 350)], 9, 14)
    sheet.rules += [(b[0] - 4, 480, 562, 480), (b[0] - 4, 748, 562, 748), (b[0] - 8, 480, b[0] - 8, 748)]
    sheet.headline("夜校开课", b[0], 492, 20, 340)
    sheet.flow(prose, [(b[0], 526, 162, 210), (c[0], 526, 162, 210)], 9, 14)
    return sheet


def mixed_scripts() -> Sheet:
    """Two columns of Chinese with English words and figures in half squares."""
    sheet, prose = Sheet(), Prose(87)
    _, lines = prose.fill(80, 22)
    names = ["WTO", "GDP", "5G", "MBA", "CCTV"]
    changed = []
    for i, line in enumerate(lines):
        if i % 3 == 1 and len(line) > 12 and not line.startswith("\u3000"):
            line = line[:6] + names[i % 5] + line[6 + len(names[i % 5]) :]
        changed.append(line)
        inset = len(line) - len(line.lstrip("\u3000"))
        x, y = 60 if i < 40 else 306, 70 + 17 * (i % 40)
        sheet.line(line.lstrip("\u3000"), x + 10 * inset, y, 10)
    sheet.truth.append(("text", "".join(line.lstrip("\u3000") for line in changed)))
    return sheet


def eight_columns() -> Sheet:
    """A broadsheet of eight columns and three bands, with articles of one to four columns."""
    sheet, prose = Sheet(1100, 1500), Prose(97)
    columns = [40 + 129 * i for i in range(8)]
    titles = iter(
        ["山前修渠三十里", "夜校开课", "集市价目", "渡口小店卖什么", "春耕前的一次长会", "一口井", "借来的雨衣", "路灯"]
    )
    for top, spans in ((60, (4, 3, 1)), (530, (2, 2, 4)), (1000, (3, 5))):
        first = 0
        if top > 60:
            sheet.rules.append((40, top - 12, 1060, top - 12))
        for n in spans:
            title = next(titles)
            size = {1: 20, 2: 28, 3: 36, 4: 44, 5: 44}[n]
            sheet.headline(title, columns[first], top, size, n * 129 - 12)
            frames = [(columns[i], top + 62, 117, 380) for i in range(first, first + n)]
            sheet.flow(prose, frames, 9, 13.5)
            first += n
    return sheet


VARIANTS = {
    "a headline over two of three columns": headline_over_two,
    "pictures in columns": picture_in_a_column,
    "vertical, headline across": vertical_under_a_horizontal_headline,
    "running head of one page": one_page_with_head_and_folio,
    "a table between columns": table_between_columns,
    "smaller characters": numerals_in_smaller_type,
    "English": english,
    "narrow gutters": narrow_gutters,
    "unequal leading": unequal_leading,
    "misaligned columns": misaligned,
    "a letter set in": quoted_letter,
    "a poem": poem,
    "set apart": set_apart,
    "footnotes": footnotes,
    "drawn twice": shadowed,
    "a headline downwards": upright_headline,
    "figures in vertical lines": figures_in_vertical_lines,
    "many short articles": many_short_articles,
    "verse in half lines": half_lines,
    "rules in gutters": ruled_columns,
    "vertical, lines close together": close_vertical_lines,
    "a headline of two rows": headline_of_two_rows,
    "a list of prices": price_list,
    "justified": justified,
    "headlines close together": headlines_close_together,
    "a box over two columns": inset_article,
    "mixed scripts": mixed_scripts,
    "eight columns": eight_columns,
    "a vertical box": vertical_box,
}
