"""What may begin and end a term, and what kind of term it is."""

import pytest
from baokan.words.edges import FORMULATION, NAME, PLACE, WORD, Edges, kind_of

EDGES = Edges(["的", "主任", "以来", "其他", "不断"])


@pytest.mark.parametrize(
    "pieces",
    [
        "两个|维护", "四个|自信", "四|讲|四|爱", "三|大|攻坚战", "两|山|理论", "不|忘|初|心", "无|正当理由", "东西部|协作",
        "农业|合作社", "内生|动力", "党|的|建设", "单位|和|个人", "抓好|落实", "县|人民政府", "谷|歌", "网|围栏", "除险|加固",
    ],
)  # fmt: skip
def test_what_may_be_a_term(pieces):
    assert EDGES.problem(pieces.split("|")) == ""


@pytest.mark.parametrize(
    ("pieces", "problem"),
    [
        ("三个|月", "it ends with 月"),
        ("一批|项目", "it begins with 一批"),
        ("一个|项目", "it begins with 一个"),
        ("三项|制度", "it begins with 三项"),
        ("四|个|单位", "it begins with 四"),
        ("四|单位", "it begins with 四"),
        ("第十四|个|规划", "it begins with 第十四"),
        ("本|条例", "it begins with 本"),
        ("我们|的|水库", "it begins with 我们"),
        ("在|农村", "it begins with 在"),
        ("和|农村", "it begins with 和"),
        ("已经|完成", "it begins with 已经"),
        ("以下|罚款", "it begins with 以下"),
        ("改革开放|以来", "it ends with 以来"),
        ("水库|了", "it ends with 了"),
        ("农民|和", "it ends with 和"),
        ("农民|已经", "it ends with 已经"),
        ("水库|里", "it ends with 里"),
        ("推行|了|责任制", "it holds 了"),
        ("保护|我们|家园", "it holds 我们"),
    ],
)
def test_what_may_not(pieces, problem):
    assert EDGES.problem(pieces.split("|")) == problem


@pytest.mark.parametrize(
    ("pieces", "problem"),
    [
        ("主任|会议", "it begins with 主任"),
        ("村|主任", "it ends with 主任"),
        ("村|主任|会议", ""),
        ("其他|项目", "it begins with 其他"),
        ("不断|提高", "it begins with 不断"),
    ],
)
def test_stopwords_stand_at_no_edge_but_may_stand_inside(pieces, problem):
    assert EDGES.problem(pieces.split("|")) == problem
    if problem.endswith("主任"):
        assert Edges([]).problem(pieces.split("|")) == ""


def test_a_negation_begins_a_term_though_it_is_a_stopword():
    assert Edges(["不", "无"]).problem(["不", "负", "人民"]) == ""
    assert Edges(["不", "无"]).problem(["不", "超过"]) == "it begins with 不"
    assert Edges(["不", "无"]).problem(["合理", "不"]) == "it ends with 不"


@pytest.mark.parametrize(
    ("pieces", "known", "kind"),
    [
        ("李|建|国", [], NAME),
        ("王|志强", [], NAME),
        ("张|伟", [], NAME),
        ("王|建设", [], WORD),  # 建设 is a verb
        ("高|压|线", [], WORD),
        ("李|建|国|会", [], WORD),  # no name is as long
        ("雍|措|湖", [], PLACE),
        ("黄南|州", [], PLACE),
        ("雍|措", ["雍措湖"], PLACE),
        ("雍|措", ["雍措村", "雍措"], PLACE),
        ("雍|措", [], WORD),
        ("雍|措", ["措湖", "雍措水库"], WORD),
        ("三|条|河", [], WORD),  # a number of them
        ("大|山", [], WORD),  # two characters, as any word
        ("谷|歌", [], WORD),
        ("网|围栏", [], WORD),
        ("走|深|走|实", [], WORD),
        ("水库|加固", [], FORMULATION),
        ("农业|合作社", [], FORMULATION),
        ("两个|维护", [], FORMULATION),
        ("水库|加固|村", [], FORMULATION),
        ("单位|和|个人", [], FORMULATION),
    ],
)
def test_kinds(pieces, known, kind):
    assert kind_of(pieces.split("|"), frozenset(known)) == kind
