"""The reported model as one file, and what follows from its parts."""

import zipfile
from dataclasses import fields

import numpy as np
import pytest
from baokan.errors import UserError
from baokan.topics.reported import ReportedModel, merged
from planted import reported

PHI = np.array([[0.6, 0.3, 0.1], [0.1, 0.1, 0.8], [0.2, 0.6, 0.2]])
THETA = np.array([[0.7, 0.3], [np.nan, np.nan], [0.25, 0.75]])


def ruled(**changed):
    """Three fitted topics of sizes 3, 1 and 1, of which the first and the last are one; its number is 1, the other's 2."""
    about = {"weights": np.array([3.0, 1.0, 1.0]), "excluded": np.array([False, True])}
    return reported(PHI, THETA, parts=[0, 1, 0], **about | changed)


def test_sums_and_means_of_merged_topics():
    values = np.array([[0.1, 0.2, 0.7], [0.5, 0.5, 0.0]])
    np.testing.assert_allclose(merged(values, [[0, 2], [1]]), [[0.8, 0.2], [0.5, 0.5]])
    np.testing.assert_allclose(merged(values, [[0, 2], [1]], np.array([3.0, 1.0, 1.0])), [[0.25, 0.2], [0.375, 0.5]])


def test_a_merged_topic_is_the_mean_of_its_parts_by_their_size_and_has_the_shares_of_both():
    model = ruled()
    assert (model.k, model.members) == (3, [[0, 2], [1]])
    np.testing.assert_allclose(model.phi, [[0.5, 0.375, 0.125], [0.1, 0.1, 0.8]])
    np.testing.assert_allclose(model.shares(np.array([0.5, 0.2, 0.3])), [0.8, 0.2])


def test_what_is_compared_is_what_the_user_did_not_exclude():
    model = ruled(labels=["渔民、水库", "学校"], ruling=["style", ""])
    assert model.kept.tolist() == [True, False]
    assert model.topics.to_dict("list") == {
        "topic_id": [1, 2], "label": ["渔民、水库", "学校"], "excluded": [False, True], "ruling": ["style", ""],
    }  # fmt: skip


def test_a_model_comes_back_as_it_was_and_nothing_in_it_is_pickled(tmp_path):
    hostile = ["=1+1", "甲\n乙", "𠮷字" * 25]
    model = ruled(terms=hostile, labels=["渔民、水库", "名：“校”"], topic_ids=np.array([1, 3]), number=17)
    model.save(tmp_path / "new/m.npz")
    model.save(tmp_path / "again.npz")
    assert (tmp_path / "new/m.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    back = ReportedModel.load(tmp_path / "new/m.npz")
    for field in fields(ReportedModel):
        np.testing.assert_array_equal(getattr(back, field.name), getattr(model, field.name), err_msg=field.name)
    assert type(back.terms[0]) is str and back.fitted.dtype == back.theta.dtype == float
    with np.load(tmp_path / "again.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file)


def test_what_is_no_model_is_refused_in_words(tmp_path):
    with pytest.raises(UserError, match=r"There is no model .*model\.npz: run the workflow"):
        ReportedModel.load(tmp_path / "model.npz")
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 no archive")
    np.savez(tmp_path / "b.npz", fitted=np.ones((1, 1)))
    np.savez(tmp_path / "c.npz", number=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "d.npz", "w") as file:
        file.writestr("number.npy", "no array")
    for name in "abcd":
        with pytest.raises(UserError, match="no model that a run"):
            ReportedModel.load(tmp_path / f"{name}.npz")
