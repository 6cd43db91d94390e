"""The intrusion sheet in a real browser, under its own policy: answers are kept and saved, and hostile texts stay texts."""

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from baokan.intrusion.__main__ import score_files
from baokan.intrusion.answers import read_key
from baokan.intrusion.sheet import sheet_of
from baokan.reporting.rendering import write_page
from baokan.tables import write_csv
from baokan.topics.reported import ReportedModel
from browsing import AS_TEXT, browse, needs_browser

pytestmark = needs_browser
REPORT = Path(__file__).parents[2] / "workflow" / "report"
K, EACH = 4, 5
HOSTILE = [
    "<script>document.body.dataset.run = 'title'</script>",
    "</script><script>document.body.dataset.run = 'end'</script>",
    '"><img src=x onerror="document.body.dataset.run=\'image\'">',
    "' onclick='document.body.dataset.run=1' 『引号』 &amp;",
]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """A folder of results with the sheet of a model with four topics, whose titles and words are hostile."""
    phi, theta = np.full((K, K * 20), 1e-6), np.full((K * EACH, K), 0.05)
    for k in range(K):
        phi[k, k * 20 : k * 20 + 20] = 0.8 ** np.arange(20)
        theta[k * EACH : (k + 1) * EACH, k] = 0.85
    terms = [f"{a}{b}" for a in "春夏秋冬" for b in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"]
    terms[0], terms[20] = "<script>document.body.dataset.run = 'word'</script>", "\"'><b>"
    n = K * EACH
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(n)], "issue_id": [f"i{i}" for i in range(n)]})
    articles["title"] = [f"{i} {HOSTILE[i % 4]}" for i in range(n)]
    articles["text"] = [
        f"{'春夏秋冬'[i // EACH]}天的第{i}件事：{HOSTILE[i % 4]}" + "街上的人都出来了。" * 20 for i in range(n)
    ]
    folder = tmp_path_factory.mktemp("results")
    model = ReportedModel(
        0, 0.1, phi, np.ones(K), np.arange(K), theta, terms, np.arange(1, K + 1), [""] * K, np.zeros(K, bool), [""] * K
    )
    made = sheet_of(model, articles.assign(duplicate_of=""), 7)
    write_page(
        REPORT / "intrusion.html.j2", folder / "validation" / "intrusion.html", REPORT / "report.css", **made.shown,
        name="小样",
    )  # fmt: skip
    write_csv(made.key, folder / "validation" / "key.csv")
    return folder


@pytest.fixture
def sheet(results) -> Path:
    return results / "validation" / "intrusion.html"


def with_probe(sheet: Path, target: Path, script: str, before: str = "") -> Path:
    """A copy of the sheet that runs `script` after its own and `before` ahead of it. Its policy stays in force, with these
    two let in."""
    page = sheet.read_text(encoding="utf-8")
    probe = f"(async () => {{ {script} }})().catch(e => {{ document.body.dataset.found = JSON.stringify(String(e)) }})"
    for text in (before, probe):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        page = page.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    page = page.replace("<body>", f"<body><script>{before}</script>", 1)
    target.write_text(page.replace("</body>", f"<script>{probe}</script></body>"), encoding="utf-8")
    return target


def found(dom: str):
    return json.loads(html.unescape(re.search(r'data-found="([^"]*)"', dom)[1]))


def probe(sheet: Path, tmp_path: Path, script: str, before: str = ""):
    """What `script`, the body of an async function, returns, run at the end of the sheet."""
    script = f"const f = await (async () => {{ {script} }})(); document.body.dataset.found = JSON.stringify(f)"
    return found(browse(with_probe(sheet, tmp_path / "probe.html", script, before), tmp_path, *AS_TEXT))


PICK = "const pick = (i, value) => items[i].querySelector(`input[value='${value}']`).click();"
PROGRESS = "document.getElementById('progress').textContent"


def test_the_sheet_runs_under_its_own_policy_as_it_is(sheet, tmp_path):
    dom = browse(sheet, tmp_path, *AS_TEXT)
    assert "0 of 8" in re.sub("<[^>]+>", "", dom) and "已答 0 / 8" in dom
    assert not re.search(r"<body[^>]*data-run", dom)


def test_the_policy_lets_no_other_script_in(sheet, tmp_path):
    intruder = "<script>document.body.dataset.run = 'in'</script><img src=x onerror=\"document.body.dataset.run='in'\">"
    page = tmp_path / "changed.html"
    page.write_text(sheet.read_text(encoding="utf-8").replace("<main>", "<main>" + intruder), encoding="utf-8")
    dom = browse(page, tmp_path, *AS_TEXT)
    assert "已答 0 / 8" in dom
    assert not re.search(r"<body[^>]*data-run", dom)


def test_hostile_texts_are_shown_as_they_stand(sheet, tmp_path):
    shown, run, tags = probe(
        sheet,
        tmp_path,
        """for (const label of form.querySelectorAll("label")) label.click();
        await new Promise(done => setTimeout(done, 200));
        return [[...form.querySelectorAll("bdi")].map(b => (b.querySelector("b") ?? b).textContent),
            document.body.dataset.run ?? "", form.querySelectorAll("script, img, bdi b b, [onclick], [onerror]").length]""",
    )
    assert run == "" and tags == 0
    titles = shown[-16:]
    assert all(re.sub(r"^\d+ ", "", t) in HOSTILE for t in titles)
    assert len({re.sub(r"^\d+ ", "", t) for t in titles}) == 4
    assert "<script>document.body.dataset.run = 'word'</script>" in shown and "\"'><b>" in shown


def test_progress_counts_items_and_cannot_tell_is_an_answer(sheet, tmp_path):
    steps = probe(
        sheet,
        tmp_path,
        f"""{PICK} const seen = [{PROGRESS}];
        for (const [i, v] of [[0, 3], [0, 2], [5, 0]]) {{ pick(i, v); seen.push({PROGRESS}); }}
        for (let i = 0; i < 8; i++) pick(i, 1);
        seen.push({PROGRESS}, String(document.getElementById("next").disabled));
        return seen""",
    )
    assert [s.split("已答")[0].strip() for s in steps[:5]] == ["0 of 8", "1 of 8", "1 of 8", "2 of 8", "8 of 8"]
    assert "已答 2 / 8" in steps[3]
    assert steps[5] == "true"


def test_the_button_leads_to_the_first_open_item(sheet, tmp_path):
    assert probe(
        sheet,
        tmp_path,
        f"""{PICK} pick(0, 1); pick(1, 0); document.getElementById("next").click();
        return [document.activeElement.name, items[2].dataset.item]""",
    ) == ["w03", "w03"]


SAVE = f"""{PICK}
    const made = [], names = [], leaves = () => {{
        const event = new Event("beforeunload", {{ cancelable: true }}); dispatchEvent(event); return event.defaultPrevented; }};
    URL.createObjectURL = (blob) => {{ made.push(blob); return "blob:made"; }};
    addEventListener("click", (e) => {{
        if (e.target.download) {{ names.push(e.target.download); e.preventDefault(); }} }}, true);
    const press = () => document.getElementById("save").click();
    const type = (text) => {{ who.value = text; who.dispatchEvent(new Event("input", {{ bubbles: true }})); }};
    const bytes = async (blob) => btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));"""


def test_saved_answers_can_be_scored(results, sheet, tmp_path):
    key = read_key(results / "validation" / "key.csv").set_index("item")["answer"]
    picks = [(i, key[item]) for i, item in enumerate(["w01", "w02", "w03", "w04", "a01"])] + [(5, 0)]
    clicks = "".join(f"pick({i}, {position});" for i, position in picks)
    data, text, name, kind, warned = probe(
        sheet,
        tmp_path,
        f"""{SAVE} const warned = [leaves()]; type("=HYPERLINK(\\"x\\"), 王"); {clicks} warned.push(leaves());
        press(); warned.push(leaves()); pick(7, 0); warned.push(leaves());
        return [await bytes(made[0]), answersCsv(), names[0], made[0].type, warned]""",
    )
    saved = base64.b64decode(data)
    assert saved.startswith(b"\xef\xbb\xbfannotator,item,position,fingerprint\r\n")
    assert (
        saved.decode("utf-8") + text.splitlines()[-1] + "\r\n" == text
    )  # the answer given afterwards is not in the file
    assert text.splitlines()[-1].split(",")[-3:-1] == ["a04", "0"]
    assert saved.decode("utf-8").splitlines()[1].startswith('"\'=HYPERLINK(""x""), 王",w01,')  # no formula, one cell
    assert re.fullmatch(r"answers_-HYPERLINK-x-王_[a-f][0-9a-f]{11}\.csv", name)
    assert kind == "text/csv;charset=utf-8"
    assert warned == [False, True, False, True]
    answers = tmp_path / "answers.csv"
    answers.write_bytes(saved)
    table = score_files(results, [answers]).set_index(["kind", "topic_id"])
    assert (table.at[("word", 0), "right"], table.at[("word", 0), "n_answers"]) == (4, 4)
    whole = table.loc[("article", 0)]
    assert (whole["right"], whole["n_answers"], whole["n_cannot_tell"]) == (1, 2, 1)
    assert (results / "validation" / "scores.csv").exists()


def test_nothing_is_saved_without_a_name(sheet, tmp_path):
    made, focus, message = probe(
        sheet,
        tmp_path,
        f"""{SAVE} type("  "); pick(0, 1); press();
        return [made.length, document.activeElement.id, document.getElementById("message").textContent]""",
    )
    assert (made, focus) == (0, "annotator")
    assert "name" in message and "姓名" in message


def test_a_reload_loses_nothing_and_the_warning_stays(sheet, tmp_path):
    script = f"""{SAVE}
        if (!sessionStorage.again) {{
            sessionStorage.again = 1; type("王 <b>"); pick(0, 4); pick(6, 0);
            location.reload(); return;
        }}
        const state = [who.value, items.map(i => chosen(i)?.value ?? "-").join(""), {PROGRESS}, leaves()];
        confirm = () => true; document.getElementById("clear").click();
        state.push(who.value, {PROGRESS}, String(localStorage.length));
        document.body.dataset.found = JSON.stringify(state)"""
    state = found(browse(with_probe(sheet, tmp_path / "probe.html", script), tmp_path, *AS_TEXT))
    assert state[:2] == ["王 <b>", "4-----0-"]
    assert state[2].startswith("2 of 8") and state[3] is True
    assert state[4] == "" and state[5].startswith("0 of 8") and state[6] == "0"  # cleared


@pytest.mark.parametrize(
    "before",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
        'Storage.prototype.getItem = () => \'{"answers": 7, "annotator": {}\'',
        'Storage.prototype.getItem = () => \'{"answers": {"w01": "99", "w77": "1"}}\'',
        "Storage.prototype.getItem = () => 'null'",
    ],
    ids=["forbidden", "full", "broken", "of another sheet", "null"],
)
def test_the_sheet_works_where_nothing_can_be_kept(sheet, tmp_path, before):
    progress, csv = probe(
        sheet, tmp_path, f'{SAVE} type("王"); pick(0, 4); press(); return [{PROGRESS}, await bytes(made[0])]', before
    )
    assert progress.startswith("1 of 8")
    assert base64.b64decode(csv).decode("utf-8-sig").splitlines()[1].startswith("王,w01,4,")


@pytest.mark.parametrize("width", [390, 1100])
def test_the_sheet_is_no_wider_than_the_window_and_all_can_be_reached(sheet, tmp_path, width):
    script = """await document.fonts.ready;
        const radios = [...form.querySelectorAll("input[type=radio]")];
        const seen = radios.filter(r => r.getBoundingClientRect().width > 10 && r.tabIndex === 0 && r.closest("label")).length;
        parent.postMessage([innerWidth, document.documentElement.scrollWidth - innerWidth, radios.length - seen], "*")"""
    page = with_probe(sheet, tmp_path / "probe.html", script)
    # Headless windows are at least 500 wide; a frame may be as narrow as a telephone.
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"""<body><script>onmessage = e => document.body.dataset.found = JSON.stringify(e.data)</script>
        <iframe src="{page.name}" style="border:0" width="{width}" height="800"></iframe></body>""",
        encoding="utf-8",
    )
    assert found(browse(frame, tmp_path, *AS_TEXT, "--window-size=1200,900")) == [width, 0, 0]


def test_chinese_is_shown_from_the_font_of_the_page(sheet, tmp_path):
    assert probe(
        sheet,
        tmp_path,
        """const font = [...document.fonts].find(f => f.family.includes("Baokan Han"));
        await font.load(); return [font.status, document.fonts.check("16px 'Baokan Han'", "看不出已答")]""",
    ) == ["loaded", True]
