"""Real files of the formats that are read, made by the programs' own libraries, for tests of the readers."""

import io
import struct
import zipfile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

STORY = "村口的桥修好了，送货的车不用再绕山路。老人说，这是他等了三十年的一天。"
HTML_PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>桥 - 某报</title><style>p {{}}</style><script>var a = "<p>无</p>";</script></head>
<body><nav><a href="/">首页</a></nav><main><h1>桥修好了</h1><p>{STORY}</p><p>第二段<br>换行</p></main>
<footer>版权</footer></body></html>
"""
MARKDOWN = f"""# 桥修好了

　　{STORY}
第二行**不**断。

1. 一
2. 二
"""
_W = nsdecls("w", "r")


def zip_of(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def zip_with_names(files: dict[bytes, bytes]) -> bytes:
    """An archive whose names are these bytes, without the UTF-8 flag, as Windows in China writes them."""
    placeholders = {f"{i:0{len(name)}d}".encode()[-len(name) :]: name for i, name in enumerate(files)}
    assert len(placeholders) == len(files)
    data = zip_of(dict(zip([p.decode() for p in placeholders], files.values(), strict=True)), zipfile.ZIP_STORED)
    for placeholder, name in placeholders.items():
        # In the local header the name's length is at 26 and the name at 30, in the directory at 28 and 46.
        for magic, size, length in ((b"PK\x03\x04", 26, 30), (b"PK\x01\x02", 28, 46)):
            at = -1
            while (at := data.find(magic, at + 1)) >= 0:
                same = struct.unpack_from("<H", data, at + size)[0] == len(name)
                if same and data[at + length : at + length + len(name)] == placeholder:
                    data = data[: at + length] + name + data[at + length + len(name) :]
    return data


def with_flag(data: bytes, bit: int) -> bytes:
    """`data`, an archive, with a bit of the flags of each member set: 1 is a password."""
    changed = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(magic, at + 1)) >= 0:
            changed[at + offset : at + offset + 2] = struct.pack(
                "<H", struct.unpack_from("<H", data, at + offset)[0] | bit
            )
    return bytes(changed)


# --- DOCX


def docx_bytes(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def add_xml(document, xml: str) -> None:
    """A block of WordprocessingML at the end of the body."""
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")


def paragraph_xml(inner: str) -> str:
    return f"<w:p {_W}>{inner}</w:p>"


TEXT_BOX = f"""<w:p {_W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml">
<w:r><w:t>框外</w:t></w:r><w:r><mc:AlternateContent>
<mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>
</wps:txbx></w:drawing></mc:Choice>
<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict>
</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>再外</w:t></w:r></w:p>"""
TRACKED = paragraph_xml(
    '<w:r><w:t>原</w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText>删</w:delText></w:r></w:del>'
    '<w:ins w:id="2" w:author="a"><w:r><w:t>增</w:t></w:r></w:ins><w:r><w:t>文</w:t></w:r>'
)
LINK = paragraph_xml('<w:hyperlink w:anchor="x"><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:t>之后</w:t></w:r>')


def made_docx() -> bytes:
    """A document with all that is read of one."""
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "某报"
    section.footer.paragraphs[0].text = "第 1 页"
    document.add_paragraph("总标题", style="Title")
    document.add_heading("桥修好了", level=1)
    document.add_paragraph(STORY)
    document.add_paragraph("甲\t乙\n换行")
    document.add_paragraph("")
    own = document.styles.add_style("社论标题", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["Heading 2"]
    document.add_paragraph("社论", style="社论标题")
    document.add_paragraph("图：桥", style="Caption")
    table = document.add_table(rows=2, cols=2)
    for i, text in enumerate("一二三四"):
        table.cell(i // 2, i % 2).text = text
    for xml in (TEXT_BOX, TRACKED, LINK):
        add_xml(document, xml)
    outline = paragraph_xml('<w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>三级</w:t></w:r>')
    add_xml(document, outline)
    return docx_bytes(document)


def with_part(data: bytes, name: str, content: bytes | str) -> bytes:
    """`data`, an archive, with the part `name` in place of another or besides."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    return zip_of(parts | {name: content})


# --- EPUB

_CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
        '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body>{body}</body></html>"
    )


def epub_of(chapters: dict[str, str | None], extra: dict[str, str] | None = None, spine: str = "") -> bytes:
    """An EPUB of `chapters`, name -> body; one that is None is in the spine but not in the archive."""
    items, references = [], []
    for number, name in enumerate(chapters):
        nav = ' properties="nav"' if name == "nav.xhtml" else ""
        items.append(f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"{nav}/>')
        references.append(f'<itemref idref="c{number}"/>')
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/>'
        f"<manifest>{''.join(items)}</manifest><spine>{spine or ''.join(references)}</spine></package>"
    )
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": _CONTAINER, "OEBPS/content.opf": package}
    files |= {f"OEBPS/{name}": chapter(body) for name, body in chapters.items() if body is not None}
    return zip_of(files | (extra or {}))


def made_epub() -> bytes:
    return epub_of(
        {
            "nav.xhtml": "<nav><ol><li><a href='1.xhtml'>目录一</a></li></ol></nav>",
            "1.xhtml": f"<h1>第一章</h1><p>{STORY}</p>",
            "2.xhtml": '<h2><a id="x"/>第二节</h2><p>甲&nbsp;乙</p>',
        }
    )


def made_zip() -> bytes:
    return zip_of({"01/a.txt": STORY, "01/b.html": HTML_PAGE, "02/c.jsonl": f'{{"id": "x", "text": "{STORY}"}}\n'})


MADE = {
    ".md": lambda: MARKDOWN.encode(),
    ".html": lambda: HTML_PAGE.encode(),
    ".docx": made_docx,
    ".epub": made_epub,
    ".zip": made_zip,
}
