"""Markdown, HTML, DOCX, EPUB and ZIP to text: real files, and files that are broken or hostile."""

import hashlib
import io
import random
import struct
import time
import tracemalloc
import zipfile
from itertools import pairwise

import made_files as made
import made_pages
import pytest
from baokan.corpus.inventory import Inventory
from baokan.corpus.listing import CorpusFile, list_files
from baokan.corpus.names import describe
from baokan.corpus.overrides import read_overrides, unmatched_overrides
from baokan.reading.formats import Extracted, Refused, Settings, Unreadable, extract
from baokan.reading.formats.markdown import read_markdown
from baokan.reading.shard import read_shard
from fuzzing import FILES
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from made_files import STORY, zip_of

SECONDS = 8  # of the processor, for what takes one or less


def text_of(kind: str, source: str | bytes, **options) -> Extracted:
    return extract(kind, source.encode() if isinstance(source, str) else source, Settings(**options))


def marks_of(extracted: Extracted) -> list[tuple[str, str]]:
    marks = extracted.marks
    assert all(a.end <= b.start for a, b in pairwise(marks))
    return [(extracted.text[m.start : m.end], m.kind) for m in marks]


def page(body: str) -> Extracted:
    return text_of("html", f"<html><body>{body}</body></html>")


def rows_of(root, files: dict[str, bytes | str], **options):
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)
    frame = read_shard(root, list_files(root), read_overrides(root), Settings(**options))
    assert frame["document_id"].is_unique
    return frame.set_index("document_id")


# --- what depends on OCR


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize("wanted", ["auto", "never", "always"])
def test_a_text_depends_on_ocr_only_where_a_page_is_or_would_be_read_by_it(tmp_path, monkeypatch, wanted, installed):
    monkeypatch.setattr("baokan.reading.ocr.engine.missing", lambda: "" if installed else "it needs OCR")
    # What OCR itself finds matters nothing here.
    monkeypatch.setattr("baokan.reading.pages.read._by_ocr", lambda *page: None)
    sheet = made_pages.Sheet()
    sheet.flow(made_pages.Prose(30), [(40, 40, 300, 120)], 11, 18)
    layer = made_pages.pdf(sheet)
    scan = made_pages.as_file(made_pages.rendered(layer), "png")
    scans = made_pages.as_file(made_pages.rendered(layer), "pdf")
    files = {
        "a/layer.pdf": layer, "a/scan.png": scan, "a/scan.pdf": scans, "a/scan.txt": scan,
        "a/plain.txt": STORY, "a/many.zip": zip_of({"scan.png": scan, "plain.txt": STORY}),
    }  # fmt: skip
    rows = rows_of(tmp_path, files, ocr=wanted)
    scanned = {"a/scan.png", "a/scan.pdf", "a/scan.txt", "a/many.zip/scan.png"}
    expected = {"auto": scanned, "never": set(), "always": scanned | {"a/layer.pdf"}}
    assert set(rows.index[rows["for_ocr"]]) == expected[wanted]


# --- HTML


def test_a_page_is_its_paragraphs_with_headings_and_furniture():
    found = text_of("html", made.HTML_PAGE)
    assert found.text == f"桥 - 某报\n\n首页\n\n桥修好了\n\n{STORY}\n\n第二段\n换行\n\n版权"
    assert marks_of(found) == [
        ("桥 - 某报", "furniture"),
        ("首页", "furniture"),
        ("桥修好了", "heading1"),
        ("版权", "furniture"),
    ]
    assert (found.encoding, found.damage, found.notes) == ("utf-8", "", ("left out: scripts (1), style sheets (1)",))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>甲\n乙</p>", "甲乙"),
        ("<p>one\n  two</p>", "one two"),
        ("<p>甲 \t 乙</p>", "甲 乙"),
        ("<p>　　甲&nbsp;乙&amp;&#20057;&hellip;</p>", "　　甲\xa0乙&乙…"),
        ("甲<br>乙<br/>丙", "甲\n乙\n丙"),
        ("甲<br><br>乙", "甲\n\n乙"),
        ("<p>甲<p>乙", "甲\n\n乙"),
        ("<div>甲</div><div>乙</div>丙", "甲\n\n乙\n\n丙"),
        ("<p>甲</p><p>&nbsp;</p><p>乙</p>", "甲\n\n\n乙"),
        ("<p>甲</p><p></p><p>乙</p>", "甲\n\n乙"),
        ("甲<b>乙</b><i>丙</i>", "甲乙丙"),
        ("<ul><li>甲<li>乙<ul><li>丙</ul></ul>丁", "甲\n乙\n丙\n\n丁"),
        ("<dl><dt>甲<dd>乙</dl>", "甲\n乙"),
        ("<table><tr><td>1<td>2<tr><th>3</th><td><p>4</p></table>后", "1\t2\n3\t4\n\n后"),
        ("<table><tr><td><p>甲</p><p>乙</p></td><td>丙</td></tr></table>", "甲\n\n乙\n\n丙"),
        ("<table><tr><td><table><tr><td>甲<td>乙</table></td></tr></table>", "甲\t乙"),
        ("<tr><td>甲<td>乙", "甲\n乙"),
        ("<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字", "汉字"),
        ("<pre>\n甲\n　乙\n</pre>丙", "甲\n　乙\n\n丙"),
        ("甲<!-- 乙 -->丙<![CDATA[<丁>]]>", "甲丙<丁>"),
        ("1 < 2 <本报讯> <3", "1 < 2 <本报讯> <3"),
        ("<p title='a>b'>甲</p>", "甲"),
        ('<a href="x>甲</a> <a href=y>乙</a>', "甲 乙"),
        ("<p/>甲<p/>乙", "甲\n\n乙"),
        ("甲</p>乙</div>丙", "甲\n\n乙丙"),
        ("<ruby>汉<rt>hàn<rt>x</ruby>字<rt>不失", "汉字不失"),
        ("<title>甲<body>乙", "甲\n\n乙"),
        ("<h1>甲</h2>乙", "甲\n\n乙"),
        ("<P CLASS=x>甲</P>", "甲"),
        ("<o:p>甲</o:p>", "甲"),
        ("&#0;&#xD800;&#99999999999;" + "&#" + "9" * 5000 + ";", "\ufffd" * 4),
    ],
)
def test_what_a_reader_of_a_page_sees(body, text):
    assert page(body).text == text


@pytest.mark.parametrize(
    ("body", "marks"),
    [
        ("<h1>甲</h1><h6>乙</h6>", [("甲", "heading1"), ("乙", "heading6")]),
        ("<figure><figcaption>甲</figcaption></figure>乙", [("甲", "caption")]),
        ("<table><caption>甲</caption><tr><td>乙</table>", [("甲", "caption")]),
        ("<table><caption>甲<tr><td>乙</table>", [("甲", "caption")]),
        ("<nav><div>甲</nav>乙", [("甲", "furniture")]),
        ("<div class='x nav'>甲</div><div class=navy>乙</div>", [("甲", "furniture")]),
        ("<div role=navigation>甲</div>乙", [("甲", "furniture")]),
        ("<header><h1>甲</h1></header>乙", [("甲", "heading1")]),
        ("<header><h1>甲</h1></header><main><h1>乙</h1></main>", [("甲", "furniture"), ("乙", "heading1")]),
        ("<article><header><h2>甲</h2></header>乙<footer>丙</footer></article>", [("甲", "heading2")]),
        ("<aside>甲</aside><footer>乙</footer>", [("甲", "furniture"), ("乙", "furniture")]),
        ("<table><tr><td><h2>甲</h2></table>", [("甲", "heading2")]),
        ("<select><option>甲</option></select>乙", [("甲", "furniture")]),
    ],
)
def test_what_a_page_says_of_its_text(body, marks):
    assert marks_of(page(body)) == marks


def test_what_is_not_shown_is_left_out_and_counted():
    found = page(
        "甲<p hidden>乙丙</p><p style='display: none'>丁</p><img alt='桥'><script>x</script><ruby>戊<rt>y</ruby>"
    )
    assert found.text == "甲\n\n戊"
    assert found.notes == (
        "left out: descriptions of images (1), hidden characters (3), hidden elements (2), ruby readings (1), scripts (1)",
    )


PROSE = f"<p>{STORY}</p><p>报纸的读者说，国家的建设和人民的生活都在发展。</p>"


@pytest.mark.parametrize(
    ("declared", "codec", "encoding", "note"),
    [
        ("gb2312", "gb18030", "gb18030", ""),
        ("", "gb18030", "gb18030", ""),
        ("", "utf-8", "utf-8", ""),
        ("big5", "big5hkscs", "big5", ""),
        ("gb2312", "utf-8", "utf-8", "it says that it is in gb2312, but was read as utf-8"),
        ("utf-8", "gb18030", "gb18030", "it says that it is in utf-8, but was read as gb18030"),
        ("iso-8859-1", "gb18030", "gb18030", "it says that it is in iso-8859-1, but was read as gb18030"),
        ("gb2312", "utf-8-sig", "utf-8-sig", ""),
        ("hz-gb-2312", "hz", "hz", ""),
        ("utf-16", "utf-16", "utf-16-le", ""),
        ("unicode_escape", "utf-8", "utf-8", ""),
    ],
)
def test_a_page_is_read_in_the_encoding_that_makes_sense(declared, codec, encoding, note):
    body = (
        PROSE
        if codec != "big5hkscs"
        else "<p>村口的橋修好了，送貨的車不用再繞山路。老人說，這是他等了三十年的一天。</p>"
    )
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    found = text_of("html", f"<html><head>{meta}</head><body>{body}</body></html>".encode(codec))
    assert found.text == body.replace("</p><p>", "\n\n").replace("<p>", "").replace("</p>", "")
    assert (found.encoding, found.damage, "; ".join(found.notes)) == (encoding, "", note)


def test_the_damage_of_a_page_is_located():
    data = f"<meta charset=utf-8><p>{STORY}".encode() + b"\xff" + f"{STORY}</p>".encode()
    found = text_of("html", data)
    assert found.text == STORY + "\ufffd" + STORY
    assert f"the first is at byte {20 + 3 + len(STORY.encode()):,}" in found.damage


@pytest.mark.parametrize(
    ("end", "damage", "text"),
    [
        ("<script>var", "a script has no end", "甲"),
        ("<!-- 乙", "a comment has no end", "甲 乙"),
        ("<a href='", "it ends within a tag", "甲"),
    ],
)
def test_a_page_cut_short_says_so(end, damage, text):
    found = text_of("html", f"<p>甲{end}")
    assert damage in found.damage
    assert found.text == text


def test_plain_text_under_the_name_of_html_keeps_its_lines():
    found = text_of("html", "第一行\n第二行\n")
    assert found.text == "第一行\n第二行\n"
    assert found.notes == ("it has no HTML tags, and was read as plain text",)


# --- Markdown


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("# 甲\n乙", "甲\n乙", [("甲", "heading1")]),
        ("###### 甲 ##", "甲", [("甲", "heading6")]),
        ("#甲\n#话题#", "#甲\n#话题#", []),
        ("标题\n====\n\n正文", "标题\n\n正文", [("标题", "heading1")]),
        ("标题\n----\n\n正文", "标题\n\n正文", [("标题", "heading2")]),
        ("第一版\n--------------\n\n正文", "第一版\n--------------\n\n正文", []),
        ("他说完了。\n====\n", "他说完了。\n====\n", []),
        ("正文的上一行\n标题\n====\n", "正文的上一行\n标题\n====\n", []),
        ("甲\n\n----------\n\n***\n~~~~~~\n乙", "甲\n\n----------\n\n***\n~~~~~~\n乙", []),
        ("　　甲的第一行，\n第二行。\n    乙\n\n\n\n丙", "　　甲的第一行，\n第二行。\n    乙\n\n\n\n丙", []),
        ("1、甲\n2. 乙\n\n1986. 年", "1、甲\n2. 乙\n\n1986. 年", []),
        ("- 甲\n* 乙\n  + 丙\n\n- 12 -\n\n> 丁\n> 戊", "甲\n乙\n丙\n\n- 12 -\n\n丁\n戊", []),
        ("**甲**乙*丙*`丁`~~戊~~", "甲乙丙丁~~戊~~", []),
        ("张**、李**说 2 * 3 * 4 snake_case_x", "张**、李**说 2 * 3 * 4 snake_case_x", []),
        ('[甲](http://a "b")乙<http://c>', "甲乙http://c", []),
        ("![图：桥](a.jpg)\n\n甲![乙](b.jpg)", "图：桥\n\n甲乙", [("图：桥", "caption")]),
        ("[1]: 见第三版\n[甲][1]", "[1]: 见第三版\n[甲][1]", []),
        ("甲 &lt; 乙 \\* 丙 <br> <b>丁</b>", "甲 < 乙 * 丙  丁", []),
        ("<div>\n甲\n</div>", "\n甲\n", []),
        ("| a | b |\n|---|---|\n| **1** | 2 |\n\n甲 | 乙", "a\tb\n1\t2\n\n甲 | 乙", []),
        ("```python\na **b**\n\n    c\n```\n```\n# 甲", "a **b**\n\n    c\n```\n甲", [("甲", "heading1")]),
        (
            "---\ntitle: 甲\ntags:\n  - x\n---\n乙",
            "title: 甲\ntags:\n  - x\n乙",
            [("title: 甲", "furniture"), ("tags:", "furniture"), ("  - x", "furniture")],
        ),
        ("---\n甲说，乙也说。\n---\n丙", "---\n甲说，乙也说。\n---\n丙", []),
    ],
)
def test_markdown(source, text, marks):
    found = text_of("md", source)
    assert found.text == text
    assert marks_of(found) == marks


def test_a_line_of_full_width_blanks_before_a_paragraph_repeats_nothing():
    assert text_of("md", "\u3000\u3000\n桥修好了。\n人来了。\n").text.split() == ["桥修好了。", "人来了。"]


def test_a_long_file_is_read_in_pieces_with_headings_in_each():
    part = "# 题\n\n" + f"{STORY}\n" * 15_000 + "\n"
    found = text_of("md", part * 3)
    assert found.text == part.replace("# ", "") * 3
    assert marks_of(found) == [("题", "heading1")] * 3


def test_addresses_and_tags_are_counted():
    assert text_of("md", "[甲](http://a) ![乙](b) <b>丙</b>").notes == (
        "left out: HTML tags (2), addresses of images (1), addresses of links (1)",
    )


@example("\u3000\n、")
@given(st.text(st.sampled_from("甲乙，。　 \n-=#1.、>*_~`|[]()：\t"), max_size=80))
def test_markdown_loses_no_word_of_press_text(source):
    text, _, _ = read_markdown(source)
    assert (
        [c for c in text if c in "甲乙，。、："] == [c for c in source if c in "甲乙，。、："]
        or "](" in source
        or "`" in source
    )


# --- DOCX


def test_a_word_document():
    found = text_of("docx", made.made_docx())
    assert found.text.split("\n\n") == [
        "某报", "总标题", "桥修好了", STORY, "甲\t乙\n换行", "\n社论", "图：桥", "一\t二\n三\t四", "框外再外", "框内",
        "原增文", "链接之后", "三级", "第 1 页",
    ]  # fmt: skip
    assert marks_of(found) == [
        ("某报", "furniture"),
        ("总标题", "heading1"),
        ("桥修好了", "heading1"),
        ("社论", "heading2"),
        ("图：桥", "caption"),
        ("三级", "heading3"),
        ("第 1 页", "furniture"),
    ]
    assert (found.damage, found.notes) == ("", ("left out: deleted passages (1)",))


def test_headers_of_several_sections_stand_once():
    document = made.docx.Document()
    document.add_paragraph(STORY)
    for text in ("某报", "某报", "晚报"):
        section = document.add_section()
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0].text = text
    assert text_of("docx", made.docx_bytes(document)).text == f"某报\n\n晚报\n\n{STORY}"


@pytest.mark.parametrize(
    ("name", "kind"), [("标题 2", "heading2"), ("题注", "caption"), ("目录 1", "furniture"), ("正文", "")]
)
def test_chinese_names_of_styles(name, kind):
    document = made.docx.Document()
    document.styles.add_style(name, made.WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("甲", style=name)
    assert marks_of(text_of("docx", made.docx_bytes(document))) == ([("甲", kind)] if kind else [])


def test_footnotes_stand_at_the_end_and_comments_are_left_out():
    document = made.docx.Document()
    document.add_paragraph("正文")
    document.add_comment(document.paragraphs[0].runs, "批注", author="a")
    data = made.docx_bytes(document)
    w = made.nsdecls("w")
    notes = (
        f'<w:footnotes {w}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>线</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="1"><w:p><w:r><w:t>注一</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rels = archive.read("word/_rels/document.xml.rels").decode()
    relation = '<Relationship Id="n" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/>'  # fmt: skip  # noqa: E501
    data = made.with_part(data, "word/footnotes.xml", notes)
    data = made.with_part(
        data, "word/_rels/document.xml.rels", rels.replace("</Relationships>", relation + "</Relationships>")
    )
    found = text_of("docx", data)
    assert found.text == "正文\n\n注一"
    assert found.notes == ("1 paragraphs of notes stand at its end", "left out: comments of reviewers (1)")


def test_hidden_text_ruby_and_numbers_of_word_are_counted():
    document = made.docx.Document()
    made.add_xml(
        document, made.paragraph_xml("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:t>显</w:t></w:r>")
    )
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>hàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>汉</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    made.add_xml(document, made.paragraph_xml(ruby))
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>条文</w:t></w:r>'
    made.add_xml(document, made.paragraph_xml(numbered))
    found = text_of("docx", made.docx_bytes(document))
    assert found.text == "显\n\n汉\n\n条文"
    assert found.notes == (
        "left out: hidden characters (1), numbers set by Word before paragraphs (1), ruby readings (1)",
    )


def test_a_document_whose_xml_is_cut_short_is_read_as_far_as_it_goes():
    xml = f"<w:document {made.nsdecls('w')}><w:body><w:p><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>乙"
    found = text_of("docx", made.with_part(made.made_docx(), "word/document.xml", xml))
    assert "甲\n\n乙" in found.text
    assert "word/document.xml is not well-formed" in found.damage


@pytest.mark.parametrize(
    ("data", "error", "sentence"),
    [
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            Refused,
            "it has a password; save it without one",
        ),
        (b"\xd0\xcf\x11\xe0" + bytes(100), Unreadable, "save it as .docx"),
        (b"nothing", Unreadable, "the archive is broken or cut short"),
        (zip_of({"a": "b"}), Unreadable, "is it a Word document"),
    ],
)
def test_what_is_no_word_document_says_so(data, error, sentence):
    with pytest.raises(error, match=sentence):
        text_of("docx", data)


BOMB = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">'


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entities_are_neither_expanded_nor_fetched(declared, codec):
    w = made.nsdecls("w")
    xml = f"{declared}]><w:document {w}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
    with pytest.raises(Refused, match="declares XML entities"):
        text_of("docx", made.with_part(made.made_docx(), "word/document.xml", xml.encode(codec)))
    with pytest.raises(Refused, match="declares XML entities"):
        text_of(
            "epub",
            made.with_part(made.made_epub(), "OEBPS/content.opf", f"{declared}]><package>&i;</package>".encode(codec)),
        )
    chapter = f"{declared}]><html><body><p>甲&i;</p></body></html>"
    assert "甲&i;" in text_of("epub", made.with_part(made.made_epub(), "OEBPS/1.xhtml", chapter.encode(codec))).text


# --- EPUB


def test_a_book_in_the_order_of_its_spine():
    found = text_of("epub", made.made_epub())
    assert found.text == f"目录一\n\n\n第一章\n\n{STORY}\n\n\n第二节\n\n甲\xa0乙"
    assert marks_of(found) == [("目录一", "furniture"), ("第一章", "heading1"), ("第二节", "heading2")]
    assert (found.encoding, found.damage, found.notes) == ("utf-8", "", ())


def test_chapters_outside_the_reading_order_come_last():
    spine = '<itemref idref="c0" linear="no"/><itemref idref="c1"/><itemref idref="c1"/>'
    assert (
        text_of("epub", made.epub_of({"a.xhtml": "<p>甲</p>", "b.xhtml": "<p>乙</p>"}, spine=spine)).text
        == "乙\n\n\n甲"
    )


def test_a_chapter_that_is_missing_is_damage():
    found = text_of("epub", made.epub_of({"a.xhtml": "<p>甲</p>", "b.xhtml": None}))
    assert found.text == "甲"
    assert found.damage == "chapter OEBPS/b.xhtml is missing"


def encrypted(algorithm: str) -> dict[str, str]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{algorithm}"/></e:EncryptedData></encryption>'
    }


def test_a_locked_book_is_refused_and_one_with_disguised_fonts_is_not():
    chapters = {"a.xhtml": "<p>甲</p>"}
    with pytest.raises(Refused, match="DRM"):
        text_of("epub", made.epub_of(chapters, encrypted("http://www.w3.org/2001/04/xmlenc#aes128-cbc")))
    assert text_of("epub", made.epub_of(chapters, encrypted("http://www.idpf.org/2008/embedding"))).text == "甲"


# --- archives


def test_members_are_documents_as_if_they_lay_in_a_folder(tmp_path):
    rows = rows_of(tmp_path, {"paper/2021-07-04.zip": made.made_zip()})
    assert list(rows.index) == [
        "paper/2021-07-04.zip/01/a.txt", "paper/2021-07-04.zip/01/b.html", "paper/2021-07-04.zip/02/c.jsonl#x",
    ]  # fmt: skip
    assert rows["path"].iloc[2] == "paper/2021-07-04.zip/02/c.jsonl"
    assert rows["format"].tolist() == ["txt", "html", "jsonl"]
    assert set(rows["source"]) == {"paper"} and set(rows["date"]) == {"2021-07-04"}
    assert rows["sha256"].iloc[0] == hashlib.sha256(STORY.encode()).hexdigest()
    assert rows["text"].iloc[0] == rows["text"].iloc[2] == STORY
    assert set(rows["status"]) == {"ok"}


@pytest.mark.parametrize(
    ("path", "source", "date"),
    [
        ("paper/2021.zip/01/2021-02-03.txt", "paper", "2021-02-03"),
        ("all.zip/paper/2021-02-03/a.txt", "paper", "2021-02-03"),
        ("paper.zip/a.txt", "paper", ""),
        ("paper 2021.2.3.zip/a.txt", "paper 2021.2.3", "2021-02-03"),
        ("all.zip/paper.zip/a.txt", "paper", ""),
    ],
)
def test_source_and_date_of_a_member(path, source, date):
    about = describe(path, {})
    assert (about["source"], about["date"]) == (source, date)


def test_documents_tsv_names_members(tmp_path):
    table = "path\tsource\tissue\nn.zip/01/a.txt\tx\t第1期\nn.zip/01/zz.txt\ty\t1\nm.zip/a.txt\tz\t1\n"
    files = {"n.zip": made.made_zip(), "documents.tsv": table}
    rows = rows_of(tmp_path, files)
    assert rows.loc["n.zip/01/a.txt", ["source", "issue"]].tolist() == ["x", "第1期"]
    assert rows.loc["n.zip/01/b.html", "source"] == "01"
    missing = rows.loc["n.zip/01/zz.txt"]
    assert missing["status"] == "failed"
    assert "documents.tsv names it, but there is no such file in the archive" in missing["problem"]
    assert unmatched_overrides(read_overrides(tmp_path), list_files(tmp_path)) == ["m.zip/a.txt"]


def test_what_documents_tsv_says_of_an_archive_holds_for_its_members(tmp_path):
    table = "path\tsource\tissue\ttitle\nn.zip\tx\t第1期\t全集\nn.zip/01/b.html\ty\t\t桥\n"
    rows = rows_of(tmp_path, {"n.zip": made.made_zip(), "documents.tsv": table})
    assert rows[["source", "issue", "title"]].to_numpy().tolist() == [
        ["x", "第1期", ""],
        ["y", "第1期", "桥"],
        ["x", "第1期", ""],
    ]


def test_what_is_said_of_a_member_rereads_its_archive(tmp_path):
    rows_of(tmp_path, {"n.zip": made.made_zip(), "documents.tsv": "path\tsource\nn.zip/01/a.txt\tx\n"})
    before = Inventory.of(tmp_path, 1).fingerprint(0)
    (tmp_path / "documents.tsv").write_text("path\tsource\nn.zip/01/a.txt\ty\n")
    assert Inventory.of(tmp_path, 1).fingerprint(0) != before


def test_names_of_windows_in_china_and_taiwan(tmp_path):
    gbk = {"人民报/二版.txt".encode("gbk"): STORY.encode(), "人民报/报.txt".encode("gbk"): STORY.encode()}
    big5 = {"國語日報/頭版要聞.txt".encode("big5"): STORY.encode()}
    files = {"a.zip": made.zip_with_names(gbk), "b.zip": made.zip_with_names(big5)}
    files["c.zip"] = made.zip_with_names({"新报/一.txt".encode(): STORY.encode()})
    files["d.zip"] = zip_of({"新报/一.txt": STORY})
    rows = rows_of(tmp_path, files)
    assert list(rows.index) == [
        "a.zip/人民报/二版.txt", "a.zip/人民报/报.txt", "b.zip/國語日報/頭版要聞.txt", "c.zip/新报/一.txt", "d.zip/新报/一.txt",
    ]  # fmt: skip
    assert set(rows["status"]) == {"ok"}


def test_hidden_members_are_left_out_and_others_have_their_reason(tmp_path):
    files = {
        "a/b.txt": STORY, "__MACOSX/a/._b.txt": "x", "a/.DS_Store": "x", "a/Thumbs.db": "x", "a/c.doc": "x", "a/d/": "",
        "a/e.txt": "", "documents.tsv": "x",
    }  # fmt: skip
    rows = rows_of(tmp_path, {"n.zip": zip_of(files)})
    assert {name: (row["status"], row["problem"].split(";")[0]) for name, row in rows.iterrows()} == {
        "n.zip/a/b.txt": ("ok", "it belongs to no issue, so nothing is inferred from it: fill the column issue or date of documents.tsv"),  # noqa: E501
        "n.zip/a/c.doc": ("skipped", "format .doc is not read"),
        "n.zip/a/e.txt": ("skipped", "the file is empty"),
        "n.zip/documents.tsv": ("skipped", "documents.tsv is not used in an archive: put it beside the archive, with paths such as archive.zip/name.txt"),  # noqa: E501
    }  # fmt: skip


def test_names_that_lead_out_are_only_names(tmp_path):
    names = ["../x.txt", "/etc/x.txt", "C:\\x.txt", "a\\b.txt", "../../corpus/y.txt", "a\nb.txt"]
    rows = rows_of(tmp_path / "corpus", {"n.zip": zip_of(dict.fromkeys(names, STORY))})
    assert sorted(rows.index) == [
        "n.zip/a b.txt", "n.zip/a/b.txt", "n.zip/corpus/y.txt", "n.zip/etc/x.txt", "n.zip/x.txt", "n.zip/x~2.txt",
    ]  # fmt: skip
    assert "the archive calls it '../x.txt'" in rows.loc["n.zip/x.txt", "problem"]
    assert "the archive has x.txt more than once" in rows.loc["n.zip/x~2.txt", "problem"]
    assert "the archive calls it" not in rows.loc["n.zip/a/b.txt", "problem"]
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["n.zip"]


def test_a_member_without_a_name_is_called_unnamed(tmp_path):
    rows = rows_of(tmp_path, {"s/n.zip": made.zip_with_names({b"\0": STORY.encode(), b"b.txt": STORY.encode()})})
    assert rows["text"].to_dict() == {"s/n.zip/b.txt": STORY, "s/n.zip/unnamed": STORY}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in (("a/b.txt", "甲"), ("a/b~2.txt", "乙"), ("a/b.txt", "丙"), ("a/b.txt", "丁")):
            archive.writestr(name, text)
    rows = rows_of(tmp_path, {"n.zip": buffer.getvalue()})
    assert rows["text"].to_dict() == {
        "n.zip/a/b.txt": "甲",
        "n.zip/a/b~2.txt": "乙",
        "n.zip/a/b~3.txt": "丙",
        "n.zip/a/b~4.txt": "丁",
    }


def with_wrong_checksum() -> bytes:
    data = bytearray(zip_of({"b.txt": STORY}, zipfile.ZIP_STORED))
    data[data.index(STORY.encode())] ^= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "status", "problem"),
    [
        (made.with_flag(zip_of({"b.txt": STORY}), 1), "skipped", "the archive has a password"),
        (zip_of({"b.txt": STORY}, zipfile.ZIP_BZIP2), "skipped", "it is packed with bzip2, which is not read"),
        (zip_of({"b.txt": STORY}, zipfile.ZIP_LZMA), "skipped", "it is packed with LZMA, which is not read"),
        (with_wrong_checksum(), "failed", "its checksum is not that of its bytes"),
    ],
)
def test_a_member_that_cannot_be_unpacked(tmp_path, data, status, problem):
    rows = rows_of(tmp_path, {"n.zip": data, "p/1.txt": STORY})
    assert rows.loc["n.zip/b.txt", "status"] == status
    assert problem in rows.loc["n.zip/b.txt", "problem"]
    assert rows.loc["p/1.txt", "status"] == "ok"


def test_an_archive_in_an_archive_is_read_and_no_deeper(tmp_path):
    deepest = zip_of({"c.txt": STORY})
    data = zip_of({"in.zip": zip_of({"a.txt": STORY, "deep.zip": deepest})})
    rows = rows_of(tmp_path, {"s/n.zip": data})
    assert rows["status"].to_dict() == {"s/n.zip/in.zip/a.txt": "ok", "s/n.zip/in.zip/deep.zip": "skipped"}
    assert "archive in an archive in an archive" in rows["problem"].iloc[1]


def test_a_member_is_read_as_what_it_is(tmp_path):
    rows = rows_of(tmp_path, {"n.zip": zip_of({"a/b.txt": made.made_docx(), "a/c.docx": STORY})})
    assert rows.loc["n.zip/a/b.txt", ["format", "status"]].tolist() == ["docx", "ok"]
    assert "its name says txt, but it is docx" in rows.loc["n.zip/a/b.txt", "problem"]
    assert rows.loc["n.zip/a/c.docx", "status"] == "failed"


@pytest.mark.parametrize(("data", "status"), [(b"PK\x03\x04 cut", "failed"), (zip_of({}), "skipped"), (b"x", "failed")])
def test_an_archive_that_is_none_is_a_row(tmp_path, data, status):
    row = rows_of(tmp_path, {"paper.zip": data, "p/1.txt": STORY}).loc["paper.zip"]
    assert (row["status"], row["source"]) == (status, "paper")
    assert row["problem"]


# --- bombs


def test_limits_name_the_sizes(tmp_path):
    zeros = zip_of({f"{i}.txt": bytes(60_000) for i in range(5)})
    cases = {
        "unpacked": ({"max_unpacked": 100_000}, "it unpacks to 300,000 bytes, more than 100,000"),
        "members": ({"max_members": 3}, "it has 5 members, more than 3"),
    }
    for name, (limits, problem) in cases.items():
        row = rows_of(tmp_path / name, {"n.zip": zeros}, **limits).loc["n.zip"]
        assert (row["status"], row["problem"]) == ("skipped", problem)
    rows = rows_of(tmp_path / "member", {"n.zip": zeros}, max_bytes=50_000)
    assert rows["problem"].tolist() == ["it unpacks to 60,000 bytes, more than 50,000"] * 5


def test_archives_in_archives_share_the_limits(tmp_path):
    inner = zip_of({"a.txt": bytes(60_000)})
    rows = rows_of(tmp_path, {"n.zip": zip_of({f"{i}.zip": inner for i in range(3)})}, max_unpacked=100_000)
    assert sum("more than" in p for p in rows["problem"]) == 2


def test_a_size_that_is_declared_too_small_unpacks_no_more_than_that(tmp_path):
    data = bytearray(zip_of({"a.txt": STORY.encode() * 10_000}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    row = rows_of(tmp_path, {"n.zip": bytes(data)}).loc["n.zip/a.txt"]
    assert (row["status"], row["n_chars"]) == ("failed", 0)


def test_members_that_share_their_bytes_count_each(tmp_path):
    """Overlapping entries: one kernel, named by many entries of the directory."""
    data = zip_of({"a.txt": bytes(1_000_000)})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry, count = data[start:end], 2000
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, start, 0)
    row = rows_of(tmp_path, {"n.zip": data[:start] + entry * count + tail}).iloc[0]
    assert row["status"] == "skipped"
    assert row["problem"] == "it unpacks to 2,000,000,000 bytes, more than 1,073,741,824"


@pytest.mark.parametrize("kind", ["docx", "epub"])
def test_a_document_of_a_gigabyte_of_zeros_is_refused(kind):
    part = {"docx": "word/document.xml", "epub": "OEBPS/1.xhtml"}[kind]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with zipfile.ZipFile(io.BytesIO(made.MADE[f".{kind}"]())) as real:
            for name in real.namelist():
                if name != part:
                    archive.writestr(name, real.read(name))
        with archive.open(part, "w", force_zip64=True) as stream:
            for _ in range(1000):
                stream.write(bytes(1 << 20))
    began = time.process_time()
    with pytest.raises(Refused, match=r"unpacks to 1,048,576,000 bytes, more than 209,715,200"):
        text_of(kind, buffer.getvalue())
    assert time.process_time() - began < SECONDS


def test_a_directory_of_millions_is_not_listed():
    entry = zip_of({"a": ""})
    start, end = entry.index(b"PK\x01\x02"), entry.index(b"PK\x05\x06")
    data = entry[:start] + entry[start:end] * 1_000_000 + entry[end:]
    tracemalloc.start()
    try:
        for kind in ("docx", "epub"):
            with pytest.raises(Refused, match="1,000,000 members, more than 100,000"):
                text_of(kind, data)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE html [ >",
        "<!DOCTYPE html [>",
        "<!DOCTYPE x [<!ENTITY a \"]>\"> <!ENTITY b '<i>'>]>",
        "<!DOCTYPE x [ ]  >",
    ],
)
def test_a_declaration_ends_before_the_text_whatever_brackets_follow(declaration):
    page = f"{declaration}<p>甲段[注一]</p><p>乙段]</p> <p>丙段</p>"
    assert text_of("html", page).text.split() == ["甲段[注一]", "乙段]", "丙段"]


# --- shapes that cost time by their square, or a recursion for each level


HOSTILE_HTML = {
    "nested": "<div>" * 100_000 + "末" + "</div>" * 100_000,
    "nested, unclosed": "<div>" * 100_000 + "末",
    "nested tables": "<table><tr><td>" * 20_000 + "末",
    "nested lists": "<ul><li>甲" * 50_000 + "末",
    "unclosed inline": "<font>甲" * 100_000 + "末",
    "crossed": "<b><p><i><div>" * 30_000 + "</b></p>" * 30_000 + "末",
    "ends of nothing": "<td>" + "<b>" * 50_000 + "</div></p></li></tr></h1>" * 30_000 + "末",
    "less than": "<" * 1_000_000 + "末",
    "comments": "<!--" * 250_000 + "末",
    "declarations": "<!DOCTYPE[>" * 100_000 + "末",
    "instructions": "<?" * 500_000 + "末",
    "ampersands": "&" * 1_000_000 + "末",
    "attributes": "<p " + " ".join(f"a{i}=1" for i in range(200_000)) + ">末",
    "empty attributes": "<p " + "= " * 500_000 + ">末",
    "a long attribute": '<p title="' + "x" * 5_000_000 + '">末',
    "quotes": "<a x='" * 100_000 + "'>末",
    "mixed quotes": "<a x=\">\" '<b y='>' \"" * 50_000 + "'>末",
    "scripts": "<script>x</script>" * 50_000 + "末",
    "classes": "<p class='" + "x " * 500_000 + "'>末",
    "cells": "<table>" + "<tr>" + "<td>" * 100_000 + "末",
    "breaks": "<br>" * 300_000 + "末",
    "spaces": "\n \n" * 500_000 + "末" + "\n \n" * 500_000,
}


@pytest.mark.parametrize("shape", HOSTILE_HTML)
def test_hostile_html_is_read_to_its_end_in_seconds(shape):
    began = time.process_time()
    found = text_of("html", f"<p>{HOSTILE_HTML[shape]}")
    assert time.process_time() - began < SECONDS
    assert "末" in found.text or found.damage


HOSTILE_MARKDOWN = {c: c * 1_000_000 for c in "[*`<_!>#-=|\\&~"} | {
    "](": "](" * 300_000,
    "[a](": "[a](" * 200_000,
    "![": "![" * 300_000,
    "**a ": "**a " * 200_000,
    "*a_b": "*a_b" * 200_000,
    "`` ` ": "`` ` " * 100_000,
    "<a ": "<a " * 200_000,
    "lists": "".join(" " * i + "- a\n" for i in range(1500)),
    "quotes": "> " * 100_000 + "甲",
    "bullets": "- " * 100_000 + "甲",
    "fences": "```\n甲\n~~~\n" * 20_000 + "```a\n",
    "tables": "|a|b\n|-|-\n" + "|甲\n" * 20_000,
    "definitions": "[a]: b\n" * 25_000,
    "one paragraph": "甲*乙*[丙](丁)\n" * 20_000,
    "front matter": "---\n" + "a:\n" * 200_000,
    "rules": "甲\n----\n" * 40_000,
}


@pytest.mark.parametrize("shape", HOSTILE_MARKDOWN)
def test_hostile_markdown_is_read_in_seconds(shape):
    began = time.process_time()
    found = text_of("md", "开始\n\n" + HOSTILE_MARKDOWN[shape] + "\n\n末")
    assert time.process_time() - began < SECONDS
    assert found.text.startswith("开始") and found.text.endswith("末")


def word_body(inner: str) -> bytes:
    xml = f"<w:document {made.nsdecls('w')}><w:body>{inner}</w:body></w:document>"
    return made.with_part(made.made_docx(), "word/document.xml", xml)


@pytest.mark.parametrize(
    "inner",
    [
        "<w:p>" * 100_000,
        "<w:tbl><w:tr><w:tc>" * 30_000,
        "<w:p><w:r><w:txbxContent>" * 30_000,
        "<w:p><w:r><w:t>" + "甲" * 6_000_000 + "</w:t></w:r></w:p>",
        "<w:p " + " ".join(f"a{i}='1'" for i in range(100_000)) + "/>",
        "</w:p>" * 200_000,
        "&x;" * 200_000,
    ],
)
def test_hostile_xml_is_read_in_seconds(inner):
    began = time.process_time()
    found = text_of("docx", word_body(inner))
    assert time.process_time() - began < SECONDS
    assert found.damage or found.text


# --- any bytes at all

SUFFIXES = tuple(made.MADE)
_REAL: dict[str, bytes] = {}


def real(suffix: str) -> bytes:
    if suffix not in _REAL:
        _REAL[suffix] = made.MADE[suffix]()
    return _REAL[suffix]


def damaged(data: bytes, kind: str, seed: int) -> bytes:
    """`data` with damage of the kind, where `seed` says."""
    chance = random.Random(seed)
    at, end = sorted(chance.sample(range(len(data) + 1), 2))
    if kind == "cut":
        return data[:at]
    if kind == "deleted":
        return data[:at] + data[min(end, at + chance.randint(1, 200)) :]
    if kind == "swapped":
        size = chance.randint(1, max(1, len(data) // 4))
        a, b = sorted(chance.sample(range(len(data) // size + 1), 2)) if len(data) // size else (0, 0)
        blocks = [data[i : i + size] for i in range(0, len(data), size)]
        if b < len(blocks):
            blocks[a], blocks[b] = blocks[b], blocks[a]
        return b"".join(blocks)
    changed = bytearray(data)
    for _ in range(chance.choice([1, 3, 30, 300])):
        changed[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(changed)


def damaged_inside(data: bytes, kind: str, seed: int) -> bytes:
    """A ZIP whose members, rather than its own bytes, are damaged: what reaches the parsers of XML and HTML."""
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = [
        n for n in sorted(parts) if n.endswith(("xml", "rels", "opf", "txt", "html", "jsonl")) and len(parts[n]) > 1
    ]
    for name in chance.sample(text, chance.randint(1, min(3, len(text)))):
        parts[name] = damaged(parts[name], kind, seed)
    return zip_of(parts)


def assert_rows(root, suffix: str, data: bytes) -> None:
    path = f"a/1{suffix}"
    (root / "a").mkdir(exist_ok=True)
    (root / path).write_bytes(data)
    frame = read_shard(
        root, [CorpusFile(path, len(data), 0)], {}, Settings(max_bytes=2_000_000, max_unpacked=4_000_000)
    )
    assert len(frame) >= 1
    assert set(frame["status"]) <= {"ok", "damaged", "skipped", "failed"}
    assert (frame["problem"].ne("") | frame["status"].eq("ok")).all()
    for marks, size in zip(frame["marks"], frame["n_chars"], strict=True):
        assert all(0 <= m["start"] < m["end"] <= size for m in marks)
    assert sorted(p.name for p in root.rglob("*") if p.is_file()) == [f"1{suffix}"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", ["cut", "deleted", "swapped", "flipped"])
def test_a_damaged_file_of_each_format_is_a_row(tmp_path, suffix, kind):
    """FILES files of each format and kind of damage, and as many whose members are damaged where it is a ZIP."""
    for seed in range(FILES):
        assert_rows(tmp_path, suffix, damaged(real(suffix), kind, seed))
        if suffix in (".docx", ".epub", ".zip"):
            assert_rows(tmp_path, suffix, damaged_inside(real(suffix), kind, seed))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_any_bytes_are_a_row(tmp_path_factory, suffix):
    root = tmp_path_factory.mktemp("corpus")
    signs = st.text(st.sampled_from("<>/!-=\"'&;#[]()*`_|~ \n甲pdtr"), max_size=120).map(str.encode)

    @settings(max_examples=FILES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda b: b"PK\x03\x04" + b) | signs)
    def run(data):
        assert_rows(root, suffix, data)

    run()
