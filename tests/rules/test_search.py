"""Search words: what people type finds what they mean, and nothing they type does harm."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.search import LONGEST_PREFIX, MOST_WORDS, folded, wanted, words


def found(text: str, *indexed: str) -> bool:
    """Whether a product that is indexed under the texts matches."""
    asked = wanted(text)
    return bool(asked) and set(asked) <= set(words(*indexed))


@pytest.mark.parametrize(
    ("text", "indexed"),
    [
        ("螺栓", "不锈钢外六角螺栓 M8×20"),
        ("螺", "不锈钢外六角螺栓"),
        ("不锈钢螺栓", "不锈钢螺栓"),
        ("螺栓 不锈钢", "不锈钢外六角螺栓"),
        ("M8螺栓", "螺栓M8"),
        ("ｍ８×２０", "螺栓 M8x20"),
        ("m8*20", "螺栓 M8×20"),
        ("M8 x 20", "螺栓 M8*20"),
        ("m8 × 20", "螺栓 M8X20"),
        ("ＡＢＣ－１２３", "abc-123"),
        ("hp-10", "HP-1020 打印机"),
        ("1020", "HP-1020"),
        ("hp", "HP_1020"),
        ("laser", "LaserJet"),
        ("cafe", "Café"),
        ("CAFÉ", "cafe\u0301"),
        ("straße", "STRASSE"),
        ("φ12", "钢管 Ø12"),
        ("㎡", "m2"),
        ("３／４", "3/4"),
        ("болт", "БОЛТ М8"),
        ("ボルト", "ステンレスボルト"),
        ("ﾎﾞﾙﾄ", "ステンレスボルト"),
        ("볼트", "육각볼트"),
        ("𠮷野", "𠮷野家"),
        ("「螺栓」，《不锈钢》！", "不锈钢螺栓"),
        ("得力、晨光", "晨光文具 得力集团"),
    ],
)
def test_what_people_type_finds_what_they_mean(text: str, indexed: str) -> None:
    assert found(text, indexed)


@pytest.mark.parametrize(
    ("text", "indexed"),
    [
        ("栓螺", "螺栓"),
        ("螺钉", "螺栓"),
        ("m8x20", "M8x2"),
        ("aser", "LaserJet"),
        ("螺栓 M10", "螺栓 M8"),
        ("ボルド", "ボルト"),
        ("8x20", "8 20"),
    ],
)
def test_it_finds_nothing_else(text: str, indexed: str) -> None:
    assert wanted(text)
    assert not found(text, indexed)


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "%%%", "'; --", "\\", '"', "*", "、。「」", "&|!():*<->", "\x00", "\u0301"]
)
def test_signs_alone_hold_nothing_to_search_for(text: str) -> None:
    assert wanted(text) == []


def test_signs_between_words_are_only_gaps() -> None:
    assert wanted("100%_'螺栓'") == wanted("100 螺栓")


def test_a_word_longer_than_what_is_stored_is_still_found() -> None:
    article = "XYZ-BOLT-A2-70-DIN933-M8X20-ZN"

    assert len(article) > LONGEST_PREFIX
    assert found(article, article)
    assert found(article.lower()[:27], "Bolt", article)


def test_what_is_cut_off_a_long_word_still_tells_two_articles_apart() -> None:
    assert not found("XYZ-BOLT-A2-70-DIN933-M8X20-ZN", "XYZ-BOLT-A2-70-DIN933-M8X30-ZN")


def test_no_word_is_longer_than_a_stored_one_and_no_search_asks_for_too_many() -> None:
    page = " ".join(f"{'w' * 500}{number} 不锈钢{chr(0x4E00 + number)}螺栓" for number in range(200))

    assert max(map(len, [*words(page), *wanted(page)])) <= LONGEST_PREFIX
    assert len(wanted(page)) == MOST_WORDS


@given(st.text())
def test_a_text_with_any_words_finds_itself(text: str) -> None:
    assert set(wanted(text)) <= set(words(text))
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_way_a_text_is_encoded_does_not_matter(text: str, form: str) -> None:
    assert wanted(unicodedata.normalize(form, text)) == wanted(text)  # type: ignore[arg-type]


@given(st.text(alphabet="abcXYZ019-./_ 螺栓不", min_size=1), st.integers(1, 10))
def test_any_beginning_of_a_word_finds_it(text: str, length: int) -> None:
    for word in text.split():
        beginning = word[:length]
        assert set(wanted(beginning)) <= set(words(text)), beginning
