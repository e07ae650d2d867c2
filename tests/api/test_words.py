"""What a stream says of an answer that grows, is told again, or is told anew."""

from api.openai.words import Words
from chat.answers.transcript import Entry


def heard(*entries: tuple[str, str]) -> tuple[list[str], Words]:
    words = Words()
    said = [words.take([Entry(seq, kind, data)])[0] for seq, (kind, data) in enumerate(entries, start=1)]
    return said, words


def test_words_are_said_as_they_come() -> None:
    said, words = heard(("text", "Two "), ("reasoning", "Hm."), ("text", "lights."), ("end", ""))
    assert said == ["Two ", "", "lights.", ""]
    assert words.ended
    assert not words.text.is_another


def test_what_is_told_again_is_not_said_twice() -> None:
    said, words = heard(
        ("text", "Two lights"), ("text_replaced", "Two"), ("text", " lights"), ("text", " stand."), ("text", " Still.")
    )
    assert said == ["Two lights", "", "", " stand.", " Still."]
    assert not words.text.is_another


def test_another_text_is_known_as_such() -> None:
    said, words = heard(("text", "Two lights"), ("text_replaced", "Three lights"), ("text", " stand."))
    assert said == ["Two lights", "", ""]
    assert words.text.is_another
