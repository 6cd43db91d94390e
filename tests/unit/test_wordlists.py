"""Word lists of the user."""

import time

import pytest
from baokan.words.wordlists import LONGEST_TERM, WordListError, read_stopwords, read_terms, read_words

LIST = """# 水利
水库除险加固
  抗旱井\t

灌溉渠系 # 旧称水渠
水库除险加固
塘坝\tn\t12
　小流域治理　
#抽水站
"""
WORDS = ["水库除险加固", "抗旱井", "灌溉渠系", "塘坝", "小流域治理"]


def written(path, data):
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_words_in_any_encoding_without_comments_blanks_and_repeats(tmp_path, encoding, newline):
    path = written(tmp_path / "words.txt", LIST.replace("\n", newline).encode(encoding))
    assert read_words([path]) == WORDS


def test_a_list_of_two_words_in_gb18030(tmp_path):
    assert read_words([written(tmp_path / "w", "合作社\n生产队\n".encode("gb18030"))]) == ["合作社", "生产队"]


def test_traditional_words_in_big5(tmp_path):
    words = ["農會選舉", "縣議會", "鐵路運輸", "國民學校"]
    assert read_words([written(tmp_path / "w", "\n".join(words).encode("big5"))]) == words


def test_several_files_in_order_and_a_word_of_both_once(tmp_path):
    first = written(tmp_path / "a.txt", "春耕\n夏收\n".encode())
    second = written(tmp_path / "b.txt", "秋种\n春耕".encode())
    assert read_words([first, str(second)]) == ["春耕", "夏收", "秋种"]


@pytest.mark.parametrize("data", [b"", b"\n\n", "# 只有注释\n".encode(), b"\xef\xbb\xbf"])
def test_a_list_without_words_and_no_list(tmp_path, data):
    assert read_words([written(tmp_path / "w", data)]) == []
    assert read_words([]) == []


def test_a_missing_list_is_named_with_what_to_do(tmp_path):
    with pytest.raises(WordListError, match=r"mine\.txt cannot be read \(No such file.*relative to the project's root"):
        read_words([tmp_path / "mine.txt"])
    with pytest.raises(WordListError, match="cannot be read"):
        read_words([tmp_path])


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + bytes(50), b"PK\x03\x04abc", b"\x1f\x8b\x08\x00", b"\x01\x02\x03" * 99]
)
def test_a_binary_file_is_named(tmp_path, data):
    with pytest.raises(WordListError, match=r"words\.xlsx is no text file"):
        read_words([written(tmp_path / "words.xlsx", data)])


def terms_read(path, text, encoding="utf-8"):
    table = read_terms([written(path / "mine.txt", text.encode(encoding))])
    assert list(table.columns) == ["term", "file", "line", "used", "note"]
    return table


def test_terms_with_their_file_line_and_how_often_they_are_repeated(tmp_path):
    first = written(tmp_path / "a.txt", "# 水利\n塘坝\n\n抗旱井 # 井\n塘坝\n".encode())
    second = written(tmp_path / "b.txt", "塘坝\n合作社\n".encode())
    assert read_terms([first, second]).values.tolist() == [
        ["塘坝", str(first), 2, True, "listed 3 times"],
        ["抗旱井", str(first), 4, True, ""],
        ["合作社", str(second), 2, True, ""],
    ]


@pytest.mark.parametrize(
    ("written_as", "term"),
    [
        ("对口 支援", "对口支援"),
        ("对　口\u00a0支 援", "对口支援"),
        ("对口\u200b支援", "对口支援"),
        ("New York", "New York"),
        ("New York 时报", "New York 时报"),
        ("５Ｇ网络", "5G网络"),
        ("ＣＯＶＩＤ－１９", "COVID－19"),
        ("《求是》", "《求是》"),
        ("卡尔·马克思", "卡尔·马克思"),
    ],
)
def test_terms_are_written_as_cleaned_text_has_them(tmp_path, written_as, term):
    row = terms_read(tmp_path, f"{written_as}\n").iloc[0]
    assert row["used"]
    assert row["term"] == term
    assert row["note"] == ("" if term == written_as else f"written {written_as!r} in the list")


def test_two_spellings_of_a_term_are_one(tmp_path):
    table = terms_read(tmp_path, "对口支援\n对口 支援\n５Ｇ网络\n5G网络\n")
    assert table["term"].tolist() == ["对口支援", "5G网络"]
    assert table["note"].tolist() == ["listed 2 times", "written '５Ｇ网络' in the list; listed 2 times"]


def test_what_is_no_term_is_not_used_and_says_why(tmp_path):
    table = terms_read(tmp_path, f"水\n{'水' * LONGEST_TERM}\n{'渠' * (LONGEST_TERM + 1)}\n水库\n水\n")
    assert table["used"].tolist() == [False, True, False, True]
    assert table["note"].tolist() == [
        "a single character is no term; listed 2 times", "", f"longer than {LONGEST_TERM} characters", "",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_terms_in_any_encoding(tmp_path, encoding):
    table = terms_read(tmp_path, LIST, encoding)
    assert table["term"].tolist() == WORDS
    assert table["used"].all()


def test_terms_in_big5(tmp_path):
    words = ["農會選舉", "縣議會", "鐵路運輸", "國民學校"]
    assert terms_read(tmp_path, "\n".join(words), "big5")["term"].tolist() == words


@pytest.mark.parametrize("read", [read_terms, read_stopwords])
def test_a_binary_or_a_missing_list_of_terms_or_stopwords_is_named(tmp_path, read):
    with pytest.raises(WordListError, match=r"terms\.docx is no text file"):
        read([written(tmp_path / "terms.docx", b"PK\x03\x04" + bytes(range(256)))])
    with pytest.raises(WordListError, match=r"gone\.txt cannot be read"):
        read([tmp_path / "gone.txt"])


@pytest.mark.parametrize("data", [b"", "# 只有注释\n".encode()])
def test_lists_without_words_are_empty_tables(tmp_path, data):
    paths = [written(tmp_path / "w", data)]
    for table in (read_terms(paths), read_terms([])):
        assert list(table.columns) == ["term", "file", "line", "used", "note"]
        assert len(table) == 0
        assert table["used"].dtype == bool
    for table in (read_stopwords(paths), read_stopwords([])):
        assert list(table.columns) == ["word", "lists"]
        assert len(table) == 0


def test_200_000_lines_take_seconds(tmp_path):
    lines = [f"{chr(0x4E00 + i // 500)}{chr(0x4E00 + i % 500)}水库" for i in range(200_000)]
    path = written(tmp_path / "many.txt", "\n".join(lines).encode())
    began = time.process_time()
    table = read_terms([path])
    assert time.process_time() - began < 20
    assert table["term"].tolist() == lines


def test_a_stopword_is_listed_with_all_lists_that_have_it(tmp_path):
    first = written(tmp_path / "a.txt", "的\n了\n的\n".encode())
    second = written(tmp_path / "b.txt", "本报\n的\n".encode())
    table = read_stopwords([first, second])
    assert table.values.tolist() == [["的", "a.txt, b.txt"], ["了", "a.txt"], ["本报", "b.txt"]]
