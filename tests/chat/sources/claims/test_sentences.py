"""Which sentences of an answer cite what."""

from chat.sources.claims.sentences import cited_sentences, sentences_of


def test_marks_belong_to_the_sentence_before_them() -> None:
    text = "It opened in 1936.[1][3] Mr. Smith saw it am 9. November 1989 [web:4]. Nothing here."
    first, second = cited_sentences(text)

    assert (first.text, first.numbers) == ("It opened in 1936.", (1, 3))
    assert (second.text, second.numbers) == ("Mr. Smith saw it am 9. November 1989.", (4,))
    assert text[first.start : first.end] == "It opened in 1936.[1][3]"
    assert text[second.start : second.end].endswith("[web:4].")


def test_items_rows_and_headings_are_sentences_of_their_own() -> None:
    text = "## 3.2 Head [9]\n\n- One *item* [1]\n- Another [2, 3]\n\n| a | b |\n|---|---|\n| Lake | 12 km [4] |\n"

    assert [(one.text, one.numbers) for one in cited_sentences(text)] == [
        ("Head", (9,)),
        ("One item", (1,)),
        ("Another", (2, 3)),
        ("Lake | 12 km", (4,)),
    ]


def test_marks_of_documents_are_told_apart() -> None:
    (one,) = cited_sentences("It is so [D1, p. 3][2].")

    assert one.document_numbers == (1,)
    assert one.numbers == (2,)


def test_code_cites_nothing() -> None:
    assert cited_sentences("```python\nx = a[1]\n```\n\nUse `b[2]` now.\n\n    c [3]\n") == []


def test_sentences_in_east_asia_need_no_blanks() -> None:
    found = sentences_of("人口は1億人です[1]。東京は大きい【2†source】。次の文。")

    assert [(one.text, one.numbers) for one in found] == [
        ("人口は1億人です。", (1,)),
        ("東京は大きい。", (2,)),
        ("次の文。", ()),
    ]


def test_links_are_told_with_their_addresses() -> None:
    (one,) = sentences_of("See [the page](https://a.example/x) and [1](https://b.example/).")

    assert one.text == "See the page and."
    assert set(one.addresses) == {"https://a.example/x", "https://b.example/"}
    assert one.numbers == ()
