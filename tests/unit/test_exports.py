"""The reported model for other tools."""

import numpy as np
import pandas as pd
import pytest
from baokan.tables import read_parquet, write_csv, write_parquet
from baokan.topics.exports import export_tables, phi_table, theta_table, topic_terms_table
from planted import reported
from scipy import sparse

PHI = np.array([[0.5, 0.3, 0.15, 0.05], [0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.4, 0.1]])
THETA = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]])
TERMS = ["春耕", "水库", "学校", "渔船"]
COUNTS = sparse.csr_matrix([[20, 12, 6, 2], [2, 4, 6, 8], [5, 5, 8, 2], [0, 0, 0, 0]])
IDS = ["@甲", "乙", "丙", "空"]


@pytest.fixture
def tables():
    theta = np.vstack([THETA, np.full(3, np.nan)])
    return export_tables(reported(PHI, theta, terms=["=1+1", *TERMS[1:]]), COUNTS, IDS)


def test_the_terms_of_a_topic_are_ranked_and_ties_stand_in_the_order_of_the_terms():
    table = topic_terms_table(PHI, [1, 4, 7], TERMS, n=3)
    assert table["topic_id"].tolist() == [1, 1, 1, 4, 4, 4, 7, 7, 7]
    assert table["rank"].tolist() == [1, 2, 3] * 3
    assert table["term"].tolist() == ["春耕", "水库", "学校", "渔船", "学校", "水库", "学校", "春耕", "水库"]
    assert table["phi"].tolist() == [0.5, 0.3, 0.15, 0.4, 0.3, 0.2, 0.4, 0.25, 0.25]


def test_more_terms_than_there_are_is_all_of_them():
    assert len(topic_terms_table(PHI, [1, 2, 3], TERMS, n=50)) == 12


def test_wide_tables_have_a_column_for_each_topic_under_its_own_number():
    table = phi_table(PHI, [1, 4, 7], TERMS)
    assert list(table.columns) == ["term", "topic_1", "topic_4", "topic_7"]
    assert table.set_index("term").loc["渔船"].tolist() == [0.05, 0.4, 0.1]
    theta = theta_table(np.vstack([THETA, np.full(3, np.nan)]), [1, 4, 7], ["甲", "乙", "丙", "空"])
    assert theta.set_index("article_id").loc["乙"].tolist() == [0.1, 0.8, 0.1]
    assert theta.iloc[3, 1:].isna().all()


def test_terms_and_articles_have_how_often_and_how_long_they_are(tables):
    assert tables["vocabulary"].to_dict("list") == {"term": ["=1+1", *TERMS[1:]], "n": [27, 21, 20, 12]}
    assert tables["documents"].to_dict("list") == {"article_id": IDS, "n": [40, 20, 20, 0]}


def test_rows_of_the_tables_are_of_the_same_terms_and_articles(tables):
    assert tables["phi"]["term"].tolist() == tables["vocabulary"]["term"].tolist()
    assert tables["theta"]["article_id"].tolist() == tables["documents"]["article_id"].tolist()


def test_exports_are_disarmed_for_spreadsheets_and_as_they_are_for_programs(tables, tmp_path):
    for name, table in tables.items():
        write_csv(table, tmp_path / f"{name}.csv")
        write_parquet(table, tmp_path / f"{name}.parquet")
    read = {name: pd.read_csv(tmp_path / f"{name}.csv", encoding="utf-8-sig") for name in tables}
    for name in ("top_terms", "phi", "vocabulary"):
        assert "'=1+1" in set(read[name]["term"]) and "=1+1" in set(read_parquet(tmp_path / f"{name}.parquet")["term"])
    assert read["theta"]["article_id"][0] == "'@甲" and read["theta"].iloc[3, 1:].isna().all()
