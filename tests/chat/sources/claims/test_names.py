"""Names and quotations: which are seen, and where they are found."""

import pytest

from chat.sources.claims.facts import FactKind
from chat.sources.claims.finding import facts_of
from chat.sources.claims.judgements import SourceText, State
from chat.sources.claims.judging import judge


def names_of(text: str, language: str = "en") -> list[str]:
    return [fact.text for fact in facts_of(text, language=language) if fact.kind == FactKind.NAME]


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("Marie Curie worked in Paris with Pierre.", "en", ["Marie Curie", "Paris", "Pierre"]),
        ("However, the Bank of England and NASA agreed.", "en", ["Bank of England", "NASA"]),
        ("President Macron met OpenAI on Monday in May.", "en", ["Macron", "OpenAI"]),
        ("The German economy grew.", "en", []),
        ("Die neue Regierung traf Wolodymyr Selenskyj in Österreich.", "de", ["Wolodymyr Selenskyj", "Österreich"]),
        ("Die Zahl der Unfälle auf den Straßen sank.", "de", []),
        ("L'ONU et la France ont signé à Genève.", "fr", ["ONU", "France", "Genève"]),
        ("会談はドイツで、マリー・キュリーも出た。", "ja", ["ドイツ", "マリー・キュリー"]),
        ("石井和子町長と山本健一氏が中村製作所で会った。", "ja", ["石井和子", "山本健一"]),
        ("What This Heading Says About Things", "en", []),
    ],
)
def test_a_name_is_what_has_capitals_or_is_known(text: str, language: str, names: list[str]) -> None:
    assert names_of(text, language) == names


@pytest.mark.parametrize(
    ("sentence", "source", "state"),
    [
        ("It was won by Marie Curie.", "The prize went to Curie, who was in Paris.", State.FOUND),
        ("It was won by Marie Curie.", "The prize went to Pierre Curie alone.", State.MISSING),
        ("決勝点は中村大輔が決めた。", "決勝点を決めたのは中村である。", State.FOUND),
        ("決勝点は中村大輔が決めた。", "決勝点を決めたのは中村大輔選手だ。", State.FOUND),
        ("決勝点は中村大輔が決めた。", "決勝点を決めたのは中村健太だ。", State.MISSING),
        ("Version 3.11.4 is out.", "Lanternfish 3.11.4 was released today.", State.FOUND),
        ("Version 3.11.4 is out.", "Lanternfish 3.11.3 and 3.11.45 were released.", State.MISSING),
        ("It was signed in Munich.", "Der Vertrag wurde in München geschlossen.", State.FOUND),
        ("It was signed in Germany.", "Der Vertrag wurde in Deutschland geschlossen.", State.FOUND),
        ("It was signed in Beijing.", "条約は北京で署名された。", State.FOUND),
        ("It was signed in Austria.", "It was signed in Australia that year.", State.MISSING),
        ("It was told by the IAEA.", "So the International Atomic Energy Agency said.", State.FOUND),
        ("It was played by Mikhail Gorbachev.", "Michail Gorbatschow spielte es.", State.FOUND),
        ("It was played by Müller.", "It was played by Muller again.", State.FOUND),
    ],
)
def test_a_name_is_found_in_its_other_forms(sentence: str, source: str, state: State) -> None:
    assert judge(sentence, [SourceText(source)], language="en").state == state


@pytest.mark.parametrize(
    ("sentence", "source", "state"),
    [
        ("He said “we will not pay it”.", 'He said: "We will not pay it!"', State.FOUND),
        ("He said „we will not pay it“.", "He said: «we will not pay it»", State.FOUND),
        ("He said “we will […] pay it”.", "We will, whatever comes, pay it, he said.", State.FOUND),
        ("He said “we will never pay it”.", "He said: “we will not pay it”.", State.MISSING),
        ("He called it “broadly unreliable”.", "He called it “broadly reliable”.", State.MISSING),
        ("He called it “broadly reliable”.", "They were “broadly reliable”, he said.", State.FOUND),
        ("He called it “the rest”.", "He gave it no name.", State.SHOWN),
        ("He said “[t]he sea is deep”.", "“The sea is deep” was all.", State.FOUND),
    ],
)
def test_a_quotation_is_found_word_for_word(sentence: str, source: str, state: State) -> None:
    assert judge(sentence, [SourceText(source)], language="en").state == state
