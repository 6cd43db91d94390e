"""A corpus in every format that is read, bad files among them, and records of strangers who mean harm: what runs are tried on."""

import importlib.util
import io
import json
from pathlib import Path
from typing import NamedTuple

import docx
import made_files
import made_pages
from baokan.decoding import decode
from made_records import hostile
from project_copies import Project

OCR = importlib.util.find_spec("rapidocr") is not None
NAME = "mixed"


class Mixed(NamedTuple):
    """A project in which the corpus was run, and the texts that the files of the sample had there, by path."""

    project: Project
    texts: dict[str, str]

    @property
    def results(self) -> Path:
        return self.project.root / "results" / NAME


def mixed_corpus(project: Project) -> dict[str, str]:
    """Make the folder NAME in `project`; the texts that the files of the sample had there, by path."""
    corpus = project.root / project.small_corpus(NAME)
    texts = {p.relative_to(corpus).as_posix(): decode(p.read_bytes()).text for p in sorted(corpus.glob("*/*.txt"))}
    _in_other_formats(corpus, texts)
    _pages(corpus)
    _bad_files(corpus)
    record = {"id": "r1", "date": "2023-04-03", "title": "夜校开课", "text": texts["newspaper/2023-01-12.txt"][-300:]}
    (corpus / "newspaper/more.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    letters = "\n".join(json.dumps(record, ensure_ascii=False) for record in hostile(24))
    (corpus / "newspaper/letters.jsonl").write_text(letters + "\n", encoding="utf-8")
    project.write(f"{NAME}/documents.tsv", "path\tdate\nnewspaper/lost.txt\t2023-05-05\n")
    return texts


def _in_other_formats(corpus, texts):
    (corpus / "magazine/2023-01.txt").unlink()
    (corpus / "magazine/2023-01.docx").write_bytes(_word_file(texts["magazine/2023-01.txt"]))
    (corpus / "magazine/2023-02.txt").rename(corpus / "magazine/2023-02.md")
    page = "".join(f"<p>{line}</p>" if line.strip() else "<br>" for line in texts["gazette/2023-01.txt"].split("\n"))
    (corpus / "gazette/2023-01.txt").unlink()
    (corpus / "gazette/2023-01.html").write_text(f"<html><body>{page}</body></html>", encoding="gb18030")
    name = "2023-02.txt"
    (corpus / "gazette/archive.zip").write_bytes(made_files.zip_of({name: texts[f"gazette/{name}"]}))
    (corpus / "gazette/2023-02.txt").unlink()


def _word_file(text):
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _pages(corpus):
    (corpus / "newspaper/2023-04-01.pdf").write_bytes(made_pages.pdf(made_pages.newspaper()))
    small = made_pages.Sheet()
    small.headline("渡口小店卖什么", 40, 60, 26, 300)
    small.flow(made_pages.Prose(30), [(40, 110, 300, 160)], 11, 18)
    scan = made_pages.as_file(made_pages.rendered(made_pages.pdf(small)), "png")
    (corpus / "newspaper/2023-04-02.png").write_bytes(scan)


def _bad_files(corpus):
    (corpus / "newspaper/bomb.zip").write_bytes(made_files.zip_of({"a.txt": bytes(300 * 1024 * 1024)}))
    (corpus / "newspaper/cut.docx").write_bytes((corpus / "magazine/2023-01.docx").read_bytes()[:2000])
    (corpus / "newspaper/broken.txt").write_bytes(bytes(range(256)) * 40)
    (corpus / "newspaper/scan.pdf").write_bytes(b"%PDF-1.4 not really")
    (corpus / "gazette/empty.txt").write_bytes(b"")
    (corpus / "magazine/way-out.txt").symlink_to("/etc/passwd")
