"""Texts are cut between letters as readers count them, never inside one."""

import pytest

from core import graphemes

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
GERMANY, FRANCE = "\U0001f1e9\U0001f1ea", "\U0001f1eb\U0001f1f7"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
CLUSTERS = [
    "a",
    "e\u0301",
    "o\u0302\u0323",
    FAMILY,
    GERMANY,
    SCOTLAND,
    "\U0001f44d\U0001f3fd",
    "\u2764\ufe0f\u200d\U0001f525",
    "1\ufe0f\u20e3",
    "\u0915\u094d\u0937",
    "\u0915\u093f",
    "\u0e01\u0e33",
    "\u0e01\u0e48",
    "\u1112\u1161\u11ab",
    "한",
    "\r\n",
]


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_cluster_is_kept_whole_or_left_out(cluster: str) -> None:
    text = f"x{cluster}y"
    for most in range(1, len(text) + 1):
        assert graphemes.cut(text, most) in ("x", f"x{cluster}", text)
    assert graphemes.cut(text, len(cluster) + 1) == f"x{cluster}"
    assert graphemes.first(f"{cluster}y") == cluster
    assert graphemes.first(cluster) == cluster


def test_flags_are_told_apart_by_twos() -> None:
    assert [graphemes.cut(GERMANY + FRANCE, most) for most in (2, 3, 4)] == [GERMANY, GERMANY, GERMANY + FRANCE]


def test_what_does_not_fit_at_all_is_cut_inside_rather_than_to_nothing() -> None:
    assert graphemes.cut(FAMILY, 3) == FAMILY[:3]
    assert graphemes.cut("a" + "\u0301" * 500, 100) == "a" + "\u0301" * 99


def test_a_shortened_text_has_an_ellipsis_and_fits() -> None:
    assert graphemes.shortened("short", 5) == "short"
    assert graphemes.shortened("a word more", 7) == "a word…"
    assert graphemes.shortened(f"ab{FAMILY}", 6) == "ab…"
    assert graphemes.first("") == ""
