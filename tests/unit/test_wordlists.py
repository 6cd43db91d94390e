"""Word lists of the user."""

import pytest
from baokan.words.wordlists import WordListError, read_words

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
