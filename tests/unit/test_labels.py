"""Labels of topics that read as phrases, and lift."""

import numpy as np
import pytest
from baokan.topics.labels import LONGEST_LABEL, NOTHING, labels, scores
from baokan.topics.phrases import LEAST_ARTICLES, LEAST_PLACES, LESS, Phrases, pair_counts
from baokan.topics.term_ranking import DAMPING, lift
from baokan.words.tokens import tokenized
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import sparse

# "/" parts words, as in the tests of tokens. Two subjects, each with a phrase of its own, and words that both have.
FLOOD = "河堤/的/水位/上涨/，/乡里/组织/防汛/抢险/。/民工/在/河堤/守夜/\n/防汛/抢险/进展/顺利/，/水位/回落/。"
GRASS = "牧民/修补/草场/围栏/。/铁丝/运到/牧场/，/草场/围栏/由/牧民/看管/。/铁丝/要/省/着/用/。"
FLOOD_TERMS, GRASS_TERMS = ["防汛", "抢险", "河堤", "水位"], ["草场", "围栏", "牧民", "铁丝"]
TERMS = FLOOD_TERMS + GRASS_TERMS


def made(*articles):
    return tokenized([f"a{i}" for i in range(len(articles))], articles, lambda text: text.split("/"))


def index(terms):
    return {term: i for i, term in enumerate(terms)}


def found(*articles, terms=TERMS, taken=None):
    """(places by phrase, the phrases)."""
    phrases = pair_counts(made(*articles), index(terms), taken)
    total = np.asarray(phrases.places.sum(axis=0)).ravel()
    return dict(zip(phrases.texts, total.tolist(), strict=True)), phrases


def two_topics():
    """phi and theta of four articles: two of FLOOD, two of GRASS."""
    phi = np.array([[0.3, 0.26, 0.24, 0.2, 0, 0, 0, 0], [0, 0, 0, 0, 0.3, 0.26, 0.24, 0.2]])
    return phi + 1e-4, np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.2, 0.8]])


def planted_phrases():
    return pair_counts(made(FLOOD, FLOOD, GRASS, GRASS), index(TERMS))


NAMES = ["a0", "a1", "a2", "a3"]


def test_lift_is_the_probability_over_that_in_the_corpus():
    counts = sparse.csr_matrix([[4, 1, 0], [0, 0, 5]])
    phi = np.array([[0.8, 0.2, 0.0], [0.1, 0.0, 0.9]])
    np.testing.assert_allclose(lift(phi, counts, 0), [[2, 2, 0], [0.25, 0, 1.8]])  # 0.8 / 0.4, 0.2 / 0.1 ...
    np.testing.assert_allclose(lift(phi, counts, 1), [[1.6, 1, 0], [0.2, 0, 1.5]])  # 0.8 / 0.5, 0.2 / 0.2 ...


def test_a_word_seen_once_does_not_head_the_list():
    n = np.array([1, int(DAMPING), 400, 594])
    phi = np.array([[*n[:3], 0], [0, 0, 0, n[3]]]) / np.array([[n[:3].sum()], [n[3]]])  # each term wholly of one topic
    once, few, often, _ = lift(phi, sparse.csr_matrix(n))[0]
    bound = n.sum() / n[:3].sum()
    assert once == pytest.approx(bound / (1 + DAMPING))
    assert few == pytest.approx(bound / 2)
    assert 0.98 * bound < often < bound


def test_phrases_stand_together_and_often_enough():
    counts, phrases = found(FLOOD, FLOOD, GRASS, GRASS)
    assert counts == {"草场围栏": 4, "防汛抢险": 4}  # 水位回落, 牧民看管 ... do not stand together three times
    assert phrases.texts == ["草场围栏", "防汛抢险"]
    assert phrases.places.toarray().tolist() == [[0, 2], [0, 2], [2, 0], [2, 0]]
    assert phrases.columns.tolist() == [[4, 5, -2], [0, 1, -2]]


@pytest.mark.parametrize("between", ["，", "\n", " ", "的", "、"])
def test_nothing_stands_between_the_words(between):
    assert found(*[f"防汛/{between}/抢险/。"] * 4)[0] == {}
    assert found(*["防汛/抢险/。"] * 4)[0] == {"防汛抢险": 4}


def test_no_phrase_runs_from_one_article_into_the_next():
    assert found(*["抢险/。/防汛", "抢险/。/防汛", "抢险/。/防汛", "抢险/。/防汛"])[0] == {}


def test_a_phrase_of_one_article_is_that_of_its_author():
    assert found("防汛/抢险/。/" * 6 + "完")[0] == {}
    assert found("防汛/抢险/。/" * 5 + "完", "防汛/抢险")[0] == {"防汛抢险": 6}


def test_repeats_are_not_looked_at():
    assert found(FLOOD, FLOOD, FLOOD, taken=np.array([True, True, False]))[0] == {"防汛抢险": 4}
    assert found(FLOOD, FLOOD, FLOOD, taken=np.array([True, False, False]))[0] == {}


def test_a_piece_of_a_longer_phrase_is_left_out():
    text = "基层/医疗/卫生/要/改善/。"
    counts = found(text, text, text, terms=["基层", "医疗", "卫生"])[0]
    assert counts == {"基层医疗卫生": 3}
    counts = found(text, text, text, "医疗/卫生/，", "医疗/卫生/，", terms=["基层", "医疗", "卫生"])[0]
    assert counts == {"医疗卫生": 5, "基层医疗卫生": 3}  # it stands alone in two of five places


def test_a_common_word_completes_a_phrase_but_does_not_make_one():
    """发展 and 产业 are nouns that may be too common to be counted."""
    articles = ["产业/发展/，"] * 3
    assert found(*articles, terms=["产业"])[0] == {"产业发展": 3}
    assert found(*articles, terms=[])[0] == {}
    assert found(*["产业/发展/规划/，"] * 3, terms=["产业"])[0] == {}
    assert found(*["产业/发展/规划/，"] * 3, terms=["产业", "规划"])[0] == {"产业发展规划": 3}


@pytest.mark.parametrize("text", ["水位/已经", "没有/水位", "水位/是", "三个/水位", "水位/下", "迅速/转移"])
def test_half_a_sentence_is_no_phrase(text):
    assert found(*[f"{text}/。"] * 4, terms=["水位", "转移"])[0] == {}


def test_what_the_vocabulary_has_whole_is_no_phrase_of_two_words():
    _, phrases = found(*["乡村/振兴/。/乡村振兴/，"] * 3, terms=["乡村", "振兴", "乡村振兴"])
    assert phrases.texts == ["乡村振兴"]
    assert phrases.columns.tolist() == [[2, -2, -2]]


def test_what_follows_a_preposition_or_repeats_itself_is_no_name():
    assert found(*["在/防汛/抢险/。"] * 4)[0] == {}
    assert found(*["的/防汛/抢险/。"] * 4)[0] == {"防汛抢险": 4}
    assert found(*["防汛/防汛/。"] * 4)[0] == {}


def test_a_long_term_is_a_phrase_by_itself_but_an_office_is_not():
    counts, phrases = found(*["乡村振兴/，/水位/，/县水利局"] * 3, terms=["乡村振兴", "水位", "县水利局"])
    assert counts == {"乡村振兴": 3}
    assert phrases.columns.tolist() == [[0, -2, -2]]


def test_verbs_and_offices_make_less_of_a_name():
    text = "捕捞/许可证/。/草场/围栏/。/防汛/抢险/。/渔政/支队/。/渔政/干部/。"
    phrases = found(text, text, text, terms=["捕捞", "草场", "围栏", "渔政", "抢险"])[1]
    form = dict(zip(phrases.texts, phrases.form, strict=True))
    assert form == {"捕捞许可证": LESS, "草场围栏": 1, "防汛抢险": LESS, "渔政支队": LESS, "渔政干部": 1}


def test_association_is_normalised_and_grows_with_company():
    """12 tokens; both words twice, always together: log(12 / 2) / log(12 / 2)."""
    _, phrases = found(*["防汛/抢险/。/。"] * 3)
    assert phrases.association == pytest.approx([1.0])
    # 18 tokens: together 3 times, 防汛 6, 抢险 3: log(3 * 18 / (6 * 3)) / log(18 / 3)
    _, phrases = found(*["防汛/抢险/。/防汛/。/。"] * 3)
    assert phrases.association == pytest.approx([np.log(3) / np.log(6)])
    # Three words that never stand apart hold together as firmly as two.
    _, phrases = found(*["基层/医疗/卫生/。/。"] * 3, terms=["基层", "医疗", "卫生"])
    assert phrases.association == pytest.approx([1.0])


def one_phrase(places, form=0.5):
    count = sparse.csr_matrix(np.array(places)[:, None])
    return Phrases(NAMES, ["河堤水位"], np.array([[0, 1, -2]]), count, np.array([0.5]), np.array([form]))


def test_the_score_of_a_phrase_by_hand():
    phi = np.array([[0.6, 0.4, 0.0], [0.2, 0.8, 0.0]])
    theta = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    n = (1 + np.log(2)) + 1  # twice in a0, once in a1; none in an article of the other topic
    topicality = (1 * 0.6 / 0.8 + np.sqrt(0.4 / 0.6) * 0.4 / 1.2) / 2
    expected = np.sqrt(n) * np.log(1 / 0.5) * topicality * 0.5 * 0.5
    assert expected == pytest.approx(0.1453, abs=1e-4)
    np.testing.assert_allclose(scores(phi, theta, NAMES, one_phrase([2, 1, 0, 0])), [[expected, 0]])


def test_the_words_of_a_phrase_are_of_one_topic():
    """In a mixed article the topic that has the words gets the places: 0.5 * 0.3 * 0.4 against 0.5 * 0.1 * 0.1."""
    phi = np.array([[0.3, 0.4, 0.3], [0.1, 0.1, 0.8]])
    theta = np.full((4, 2), 0.5)
    assert scores(phi, theta, NAMES, one_phrase([4, 4, 4, 4]))[0, 0] > 0
    own = 0.12 / 0.13
    n = own * 4 * (1 + np.log(4))
    topicality = (np.sqrt(0.3 / 0.4) * 0.75 + 0.8) / 2
    value = np.sqrt(n) * np.log(own / 0.5) * topicality * 0.25
    np.testing.assert_allclose(scores(phi, theta, NAMES, one_phrase([4, 4, 4, 4])), [[value, 0]])


def test_a_phrase_of_all_topics_names_none():
    phi = np.array([[0.5, 0.5], [0.5, 0.5]])
    theta = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert not scores(phi, theta, NAMES, one_phrase([2, 2, 2, 2])).any()


def test_a_phrase_of_words_that_the_topic_hardly_has_does_not_name_it():
    phi = np.array([[0.01, 0.01, 0.98], [0.01, 0.01, 0.98]])
    theta = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert not scores(phi, theta, NAMES, one_phrase([9, 9, 0, 0])).any()


def test_nor_does_a_phrase_whose_words_are_those_of_another_topic():
    phi = np.array([[0.01, 0.01, 0.98], [0.5, 0.5, 0.0]])
    theta = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert not scores(phi, theta, NAMES, one_phrase([9, 9, 0, 0])).any()


def test_a_phrase_must_have_most_of_its_places_in_the_topic():
    """The first topic has 2.1 of 5.5 places, more than its quarter of the text, but less than half."""
    phi = np.array([[0.5, 0.5, 0.0], [0.05, 0.05, 0.9], [0.05, 0.05, 0.9]])
    theta = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [0, 0.5, 0.5]])
    assert not scores(phi, theta, NAMES, one_phrase([3, 2, 2, 0])).any()
    assert scores(phi, theta, NAMES, one_phrase([3, 1, 0, 0]))[:, 0] > 0


def test_planted_phrases_are_found_and_a_term_added():
    phi, theta = two_topics()
    assert labels(phi, theta, NAMES, TERMS, planted_phrases()) == ["防汛抢险、河堤、水位", "草场围栏、牧民、铁丝"]


def test_theta_may_be_in_another_order_and_have_gaps():
    phi, theta = two_topics()
    expected = labels(phi, theta, NAMES, TERMS, planted_phrases())
    assert labels(phi, theta[::-1], NAMES[::-1], TERMS, planted_phrases()) == expected
    more = np.vstack([[np.nan, np.nan], theta])
    assert labels(phi, more, ["empty", *NAMES], TERMS, planted_phrases()) == expected


def test_without_its_articles_a_phrase_is_no_name():
    phi, theta = two_topics()
    theta[2:] = np.nan
    expected = ["防汛抢险、河堤、水位", "草场、围栏、牧民"]
    assert labels(phi, theta, NAMES, TERMS, planted_phrases()) == expected
    assert labels(phi, theta[:2], NAMES[:2], TERMS, planted_phrases()) == expected


def test_one_topic_has_the_phrases_of_all():
    phi = np.full((1, len(TERMS)), 1 / len(TERMS))
    assert labels(phi, np.ones((4, 1)), NAMES, TERMS, planted_phrases()) == ["草场围栏、防汛抢险、河堤"]


def test_without_phrases_the_terms_remain_and_verbs_and_offices_come_last():
    terms = ["使用", "全县", "县农牧局", "青稞", "种子", "水磨"]
    phi = np.array(
        [[0.3, 0.2, 0.15, 0.14, 0.11, 0.1]]
    )  # of one topic all are as exclusive, so that FREX is their order
    nothing = pair_counts(made("青稞/熟/了"), index(terms))
    assert labels(phi, np.ones((1, 1)), ["a0"], terms, nothing) == ["青稞、种子、水磨"]
    assert labels(phi[:, :4], np.ones((1, 1)), ["a0"], terms[:4], nothing) == ["青稞、使用、全县"]


def test_parts_of_a_label_do_not_repeat_each_other():
    terms = ["村卫生站", "卫生站", "村医", "卫生", "病人", "药柜"]
    phi = np.array([[0.3, 0.25, 0.2, 0.1, 0.1, 0.05]])
    nothing = pair_counts(made("药柜"), index(terms))
    assert labels(phi, np.ones((1, 1)), ["a0"], terms, nothing) == ["卫生站、村医、病人"]
    # Rather a word twice than a label of one word.
    terms = ["乡村振兴", "振兴乡村", "振兴"]
    phi = np.array([[0.4, 0.35, 0.25]])
    assert labels(phi, np.ones((1, 1)), ["a0"], terms, pair_counts(made("乡村"), index(terms))) == [
        "乡村振兴、振兴乡村"
    ]


def test_topics_that_are_the_same_have_labels_that_differ():
    phi, _ = two_topics()
    named = labels(phi[[0, 0, 0]], np.full((4, 3), 1 / 3), NAMES, TERMS, planted_phrases())
    assert named[0] == "防汛、河堤、水位"
    assert all(label.startswith("防汛、河堤、水位、") for label in named[1:])
    assert len(set(named)) == 3
    phrases = pair_counts(made(FLOOD, FLOOD), index(["水位"]))
    assert labels(np.ones((3, 1)), np.full((2, 3), 1 / 3), NAMES[:2], ["水位"], phrases) == [
        "水位",
        "水位（2）",
        "水位（3）",
    ]


def test_a_topic_without_a_term_says_so():
    nothing = pair_counts(made("", ""), {})
    assert labels(np.zeros((2, 0)), np.full((2, 2), np.nan), ["a0", "a1"], [], nothing) == [NOTHING, NOTHING + "（2）"]
    assert labels(np.zeros((1, 1)), np.ones((1, 1)), ["a0"], ["水位"], nothing) == [NOTHING]


def test_without_articles_the_terms_remain():
    phi, _ = two_topics()
    nothing = pair_counts(tokenized([], [], list), index(TERMS))
    assert labels(phi, np.empty((0, 2)), [], TERMS, nothing) == ["防汛、河堤、水位", "草场、围栏、牧民"]


WORDS = [
    "防汛",
    "抢险",
    "草场",
    "围栏",
    "乡村振兴",
    "使用",
    "全县",
    "发展",
    "的",
    "，",
    "\n",
    "水",
    "abc",
    "三个",
    "县水利局",
]


@st.composite
def cases(draw):
    articles = draw(st.lists(st.lists(st.sampled_from(WORDS), max_size=40).map("/".join), max_size=6))
    terms = draw(st.lists(st.sampled_from([w for w in WORDS if w not in "，\n"]), unique=True, max_size=10))
    k = draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    phi = rng.dirichlet(np.full(len(terms), 0.3), k) if terms else np.zeros((k, 0))
    if draw(st.booleans()):
        phi[:] = phi[0]
    theta = rng.dirichlet(np.full(k, 0.3), len(articles))
    theta[rng.random(len(articles)) < 0.3] = np.nan
    return articles, terms, phi, theta


@given(cases())
@example((["防汛/抢险/，/防汛/抢险"] * 3, ["防汛", "抢险"], np.full((2, 2), 0.5), np.full((3, 2), 0.5)))
@pytest.mark.filterwarnings("error")
def test_labels_of_any_corpus(case):
    articles, terms, phi, theta = case
    names = [f"a{i}" for i in range(len(articles))]
    named = labels(phi, theta, names, terms, pair_counts(made(*articles), index(terms)))
    assert named == labels(phi, theta, names, terms, pair_counts(made(*articles), index(terms)))
    assert len(named) == len(set(named)) == len(phi)
    assert all(0 < len(label) <= LONGEST_LABEL + len("（5）") for label in named)
    if terms and (phi > 0).any(axis=1).all():
        assert not any(label.startswith(NOTHING) for label in named)
        nouns = [t for t in terms if t != "使用"]
        assert not (
            any(label == "使用" for label in named) and nouns and (phi[:, [terms.index(t) for t in nouns]] > 0).all()
        )


@given(cases())
def test_places_are_those_of_the_text(case):
    articles, terms, _, _ = case
    phrases = pair_counts(made(*articles), index(terms))
    for number, text in enumerate(articles):
        for phrase, count in zip(phrases.texts, phrases.places[number].toarray()[0], strict=True):
            assert text.replace("/", "").count(phrase) >= count  # a word may stand in another, never less often
    assert (np.asarray(phrases.places.sum(axis=0)) >= LEAST_PLACES).all()
    assert (np.asarray((phrases.places > 0).sum(axis=0)) >= LEAST_ARTICLES).all()
    assert len(phrases.texts) == phrases.places.shape[1] == len(phrases.columns) == len(phrases.form)
