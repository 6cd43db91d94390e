import csv
import io
import time

import pandas as pd
import pytest
from baokan.corpus.corrections import read_corrections
from baokan.corpus.listing import CorpusError
from baokan.corpus.overrides import read_overrides
from baokan.corpus.rulings import read_rulings
from baokan.corpus.themes import read_themes
from baokan.delimited import SEPARATORS, rows
from baokan.reading.records import records_of
from hypothesis import given, settings
from hypothesis import strategies as st


def cells(text, kind="csv"):
    return [row.cells for row in rows(text, kind)]


def texts(text, kind="csv"):
    return [record.text for record in records_of(text, kind)]


# --- a quote without its partner


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_a_quote_that_nothing_closes_costs_no_record(kind):
    table = 'id,text\n1,甲文\n2,"乙文没有下引号\n3,丙文\n4,丁文\n'.replace(",", SEPARATORS[kind])
    assert texts(table, kind) == ["甲文", '"乙文没有下引号', "丙文", "丁文"]


def test_the_record_and_the_column_of_such_a_quote_are_named():
    problems = [record.problem for record in records_of('id,text\n1,甲\n2,"乙\n3,丙\n', "csv")]
    assert problems[0] == problems[2] == ""
    assert "no partner" in problems[1] and "(text)" in problems[1]


def test_two_stray_quotes_in_different_rows_are_no_pair():
    lines = [f"{n},第{n}条,报" for n in range(1, 60)]
    lines[2], lines[39] = '3,"第3条,报', '40,第40条",报'
    found = cells("\n".join(["id,text,source", *lines]))
    assert len(found) == 60
    assert found[3] == ["3", '"第3条', "报"] and found[40] == ["40", '第40条"', "报"]


def test_two_stray_quotes_about_a_row_with_too_few_cells_are_no_pair():
    lines = [f"{n},第{n}条,报" for n in range(1, 60)]
    lines[2], lines[20], lines[39] = '3,"第3条,报', "21,第21条", '40,第40条",报'
    assert len(cells("\n".join(["id,text,source", *lines]))) == 60


def test_quotes_of_a_table_written_without_quoting_are_read_as_they_stand():
    table = 'id\ttext\n1\t"甲"乙\n2\t他说"好"\n3\t"丙"和"丁"\n4\t"戊\n'
    assert texts(table, "tsv") == ['"甲"乙', '他说"好"', '"丙"和"丁"', '"戊']
    assert [r.problem != "" for r in records_of(table, "tsv")] == [False, False, False, True]


def test_a_quote_in_the_header_costs_no_record():
    assert texts('"id,text\n1,甲\n2,乙"\n3,丙\n') == ["甲", '乙"', "丙"]


def test_an_unclosed_quote_in_the_last_cell_is_read_as_it_stands():
    assert texts('id,text\n1,甲\n2,"乙') == ["甲", '"乙']


# --- quotes with partners


def test_a_quoted_cell_may_hold_separators_doubled_quotes_and_ends_of_lines():
    assert texts('id,text\n1,"甲,乙"\n2,"他说""好""。"\n3,"第一段\n\n第二段, 完"\n') == [
        "甲,乙",
        '他说"好"。',
        "第一段\n\n第二段, 完",
    ]


def test_a_long_text_of_many_lines_in_quotes_is_one_record():
    text = "\n".join(f"第{n}段，有逗号, 也有句号。" for n in range(2000))
    assert texts(f'id,date,text\n1,2021-01-02,"{text}"\n2,2021-01-03,短\n') == [text, "短"]


def test_what_follows_a_closing_quote_is_kept():
    assert cells('a,b\n"甲, 乙" ,丙\n"甲, 乙"丁,丙\n')[1:] == [["甲, 乙 ", "丙"], ["甲, 乙丁", "丙"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end):
    assert cells(end.join(["a,b", '1,"甲', '乙"', "", "2,丙", ""])) == [
        ["a", "b"],
        ["1", f"甲{end}乙"],
        [""],
        ["2", "丙"],
    ]


def test_cells_hold_nul_and_any_number_of_characters():
    assert cells("a,b\n\0,甲\0\n" + "乙" * 300_000 + ',"' + "丙," * 300_000 + '"\n')[1:] == [
        ["\0", "甲\0"],
        ["乙" * 300_000, "丙," * 300_000],
    ]


def test_two_quotes_that_may_be_a_pair_are_taken_for_one_and_named():
    records = list(records_of('id,text\n1,"甲\n2,乙"\n3,丙\n', "csv"))
    assert [r.text for r in records] == ["甲\n2,乙", "丙"]
    assert "look like records" in records[0].problem and records[1].problem == ""


# --- of all tables

PLAIN = st.text(st.sampled_from('甲乙a"“ ,;\t\0'), max_size=6)
OF_LINES = st.text(st.sampled_from('甲乙a"“ \n\0'), max_size=6)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(PLAIN | OF_LINES, min_size=width, max_size=width), min_size=1, max_size=6)
)


@settings(max_examples=300)
@given(table=TABLES, kind=st.sampled_from(["csv", "tsv"]), quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_what_a_program_wrote_is_read_as_it_was(table, kind, quoting):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=SEPARATORS[kind], quoting=quoting).writerows(table)
    assert cells(file.getvalue(), kind) == table


@settings(max_examples=50)
@given(table=TABLES, kind=st.sampled_from(["csv", "tsv"]))
def test_what_pandas_wrote_is_read_as_it_was(table, kind):
    written = pd.DataFrame(table, columns=[f"c{i}" for i in range(len(table[0]))])
    text = written.to_csv(index=False, sep=SEPARATORS[kind], lineterminator="\n")
    assert cells(text, kind)[1:] == table


# A closing quote is told from an opening one by what stands behind it: text, of which none begins with a separator.
PROSE = (PLAIN | OF_LINES).filter(lambda cell: not cell.startswith((",", "\t", "\n", '"', " ")))


@settings(max_examples=300)
@given(
    table=st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(PROSE, min_size=width, max_size=width), min_size=2, max_size=8)
    ),
    kind=st.sampled_from(["csv", "tsv"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    data=st.data(),
)
def test_one_quote_put_in_anywhere_loses_no_other_record(table, kind, quoting, data):
    table = [[f"r{n}", *row] for n, row in enumerate(table)]
    written = []
    for row in [["id", *(f"c{i}" for i in range(len(table[0]) - 1))], *table]:
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=SEPARATORS[kind], quoting=quoting, lineterminator="\n").writerow(row)
        written.append(file.getvalue())
    number = data.draw(st.integers(1, len(table)), label="row")
    place = data.draw(st.integers(0, len(written[number]) - 1), label="place")
    written[number] = f'{written[number][:place]}"{written[number][place:]}'
    found = cells("".join(written), kind)
    for other, row in enumerate(table, 1):
        assert other == number or row in found


# --- the tables that people write


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_quote_in_documents_tsv_hides_no_other_row(tmp_path):
    write(tmp_path, "documents.tsv", 'path\ttitle\n1.txt\t"甲"乙\n2.txt\t"丙\n3.txt\t丁\n')
    assert {path: said["title"] for path, said in read_overrides(tmp_path).items()} == {
        "1.txt": '"甲"乙',
        "2.txt": '"丙',
        "3.txt": "丁",
    }


def test_a_quote_in_themes_tsv_hides_no_other_term(tmp_path):
    write(tmp_path, "themes.tsv", 'theme\tterm\n教育\t"双减\n教育\t高考\n卫生\t医保"\n')
    assert [(row.theme, row.term, row.row) for row in read_themes(tmp_path)] == [
        ("教育", '"双减', 2),
        ("教育", "高考", 3),
        ("卫生", '医保"', 4),
    ]


def test_a_mistake_below_a_stray_quote_is_named_by_its_own_row(tmp_path):
    write(tmp_path, "documents.tsv", 'path\tdate\ttitle\n1.txt\t2021\t"甲\n2.txt\t昨天\t乙\n')
    with pytest.raises(CorpusError, match=r"row 3: the date '昨天'"):
        read_overrides(tmp_path)


# --- how long it takes

NASTY = {
    "a quote begins each line": '1,"甲\n',
    "a quote ends each line": '1,甲"\n',
    "empty cells in quotes": '"",""\n',
    "quotes alone": '"',
    "three quotes begin each line": '"""甲\n',
    "quotes and separators": '",',
    "quotes and lines": '"\n',
    "pairs that run over two lines": '1,"x\n2,y",z\n',
    "separators": ",",
    "lines": "\n",
}


@pytest.mark.parametrize("unit", NASTY.values(), ids=NASTY)
def test_the_time_for_a_table_grows_as_its_length(unit):
    def seconds(size):
        text, before = "a,b\n" + unit * (size // len(unit)), time.process_time()
        assert sum(1 for _ in rows(text, "csv"))
        return time.process_time() - before

    # Eight times the text takes eight times the time; by its square it would be 64 times.
    short, long = (min(seconds(size) for _ in range(3)) for size in (10_000, 80_000))
    assert long < 24 * short + 0.05


def test_a_quote_in_corrections_tsv_hides_no_other_correction(tmp_path):
    rows = 'document\taction\tvalue\n1.txt\ttitle\t"甲\n2.txt\ttitle\t乙\n3.txt\tdrop\t\n'
    write(tmp_path, "corrections.tsv", rows)
    found = [(c.document, c.action, c.value) for c in read_corrections(tmp_path)]
    assert found == [("1.txt", "title", '"甲'), ("2.txt", "title", "乙"), ("3.txt", "drop", "")]


def test_a_quote_in_topics_tsv_hides_no_other_ruling(tmp_path):
    write(tmp_path, "topics.tsv", 'topic\tname\n1\t"甲"乙\n2\t"丙\n3\t丁\n')
    assert [(r.topic, r.name) for r in read_rulings(tmp_path)] == [(1, '"甲"乙'), (2, '"丙'), (3, "丁")]
