"""The report in a real browser, offline: it loads, shows Chinese from its own font, and fits the window."""

import re
from pathlib import Path

import pytest
from browsing import AS_TEXT, browse, needs_browser

pytestmark = needs_browser


def with_probe(report: Path, target: Path, script: str) -> Path:
    """A copy of the report that writes what `script` finds into its own page; its policy, which forbids scripts, is taken
    out of the copy."""
    html = report.read_text(encoding="utf-8")
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    probe = f"<script>document.fonts.ready.then(async () => {{ {script} }})</script>"
    target.write_text(html.replace("</body>", probe + "</body>"), encoding="utf-8")
    return target


def probe(report: Path, tmp_path: Path, expression: str, *flags: str) -> str:
    page = with_probe(
        report, tmp_path / "probe.html", f"document.body.dataset.found = String(await (async () => {expression})())"
    )
    dom = browse(page, tmp_path, *AS_TEXT, *flags)
    return re.search(r'data-found="([^"]*)"', dom)[1]


@pytest.fixture(scope="module")
def report(sample) -> Path:
    return sample.root / "results/sample/report.html"


def test_a_screenshot_is_drawn(report, tmp_path):
    picture = tmp_path / "report.png"
    browse(report, tmp_path, "--window-size=1100,1600", f"--screenshot={picture}")
    assert picture.stat().st_size > 100_000


def test_the_embedded_font_loads_and_covers_the_chinese_of_the_page(report, tmp_path):
    expression = """{
        const font = [...document.fonts].find(f => f.family.includes("Baokan Han"));
        await font.load();
        return font.status; }"""
    assert probe(report, tmp_path, expression) == "loaded"
    import base64
    import io

    from fontTools.ttLib import TTFont

    html = report.read_text(encoding="utf-8")
    font = TTFont(io.BytesIO(base64.b64decode(re.search(r"font/woff;base64,([^)]+)\)", html)[1])))
    covered = set(font.getBestCmap())
    shown = {c for c in re.sub(r"base64,[^\"')]+", "", html) if "\u3400" <= c <= "\u9fff"}
    assert len(shown) > 300
    assert {c for c in shown if ord(c) not in covered} == set()


@pytest.mark.parametrize("width", [390, 1100])
def test_the_page_is_no_wider_than_the_window(report, tmp_path, width):
    found = probe(
        report,
        tmp_path,
        "document.documentElement.scrollWidth - window.innerWidth",
        f"--window-size={max(width, 500)},900",
    )
    assert int(found) <= 0


def test_every_figure_is_drawn(report, tmp_path):
    expression = """{
        const images = [...document.images];
        await Promise.all(images.map(i => i.decode()));
        return images.length + " " + images.filter(i => i.naturalWidth > 100).length; }"""
    assert probe(report, tmp_path, expression) == "12 12"


def test_links_lead_to_places_on_the_page(report):
    html = report.read_text(encoding="utf-8")
    places = set(re.findall(r'id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= places


@pytest.fixture(params=["data/index.html", "before and after", "contexts/index.html", "contexts/1.html"])
def data_page(request, sample) -> Path:
    folder = sample.root / "results/sample"
    return folder / request.param if "/" in request.param else next(iter(sorted((folder / "data").glob("*/1.html"))))


@pytest.mark.parametrize("width", [500, 1400])
def test_data_pages_are_no_wider_than_the_window(data_page, tmp_path, width):
    copy = with_probe(
        data_page,
        data_page.with_name(f"probe-{tmp_path.name}.html"),
        "document.body.dataset.found = String(document.documentElement.scrollWidth - window.innerWidth)",
    )
    try:
        dom = browse(copy, tmp_path, *AS_TEXT, f"--window-size={width},900")
    finally:
        copy.unlink()
    assert int(re.search(r'data-found="([^"]*)"', dom)[1]) <= 0


def test_data_pages_show_chinese_from_their_own_font(data_page, tmp_path):
    script = """{ const font = [...document.fonts].find(f => f.family.includes("Baokan Han"));
        await font.load(); document.body.dataset.found = font.status; }"""
    copy = with_probe(data_page, data_page.with_name(f"probe-{tmp_path.name}.html"), script)
    try:
        dom = browse(copy, tmp_path, *AS_TEXT)
    finally:
        copy.unlink()
    assert 'data-found="loaded"' in dom


def test_links_from_the_data_page_lead_to_documents(sample):
    folder = sample.root / "results/sample/data"
    html = (folder / "index.html").read_text(encoding="utf-8")
    links = [link for link in re.findall(r'href="([^"]+)"', html) if not link.startswith("#")]
    assert len(links) > 36
    for link in links:
        page, _, anchor = link.partition("#")
        assert (folder / page).exists()
        assert not anchor or f'id="{anchor}"' in (folder / page).read_text(encoding="utf-8")
