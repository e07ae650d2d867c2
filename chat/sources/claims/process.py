"""Holds a whole answer against what was read of its sources, in a process of its own (`files.isolation`): the texts of
pages are strangers', and the process that serves people has other things to do.

What comes in is one JSON value: `text`, the answer's Markdown, `addresses`, the numbers of sources by their addresses,
and `sources` and `documents`, which have by their numbers a list of texts, each `[text, pages, from_search]`. What is
written is one JSON value a line: `{"mark": …}` for each mark, in the order of the text, and at the end `{"facts": […]}`
of the whole text. A mark is a sentence and a source that it cites, however often it does.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

import orjson

from chat.rendering.links import comparable_url, normalized_url
from chat.rendering.mark_forms import document_label
from chat.sources.claims.facts import Fact, FactKind
from chat.sources.claims.finding import FoundFact, facts_of_sentence
from chat.sources.claims.folding import language_of
from chat.sources.claims.judgements import Judgement, SourceText, State
from chat.sources.claims.judging import judge
from chat.sources.claims.looking import hits_of
from chat.sources.claims.sentences import CitedSentence, sentences_of
from chat.sources.claims.source_index import index_of

MOST_MARKS = 2_000
MOST_FACTS = 1_000
LOOKED_THROUGH = 300_000  # characters
CPU_FOR_OTHERS = 10.0  # seconds of the process, after which figures are looked for in no further sources
LISTED = (FactKind.FIGURE, FactKind.DATE)
"""The kinds that are listed for the whole text."""


class Cited(NamedTuple):
    """What a mark names: a source by its number, or a document."""

    number: int
    of_document: bool = False


judge("In 2024 it cost 3 million.", [SourceText("It cost 3 million in 2024.")])  # tables are made once, before any work

Texts = Mapping[Cited, Sequence[SourceText]]


def check_answer(source: BinaryIO, out: BinaryIO, *, language: str = "") -> None:
    """Write what is said of each mark whose source is there, and of the figures and dates of the whole text."""
    told = orjson.loads(source.read())
    texts: Texts = {
        Cited(int(number), of_document): [SourceText(text, _pages(pages), found) for text, pages, found in some]
        for of_document, name in ((False, "sources"), (True, "documents"))
        for number, some in told[name].items()
    }
    # A whole answer tells its language better than one of its sentences.
    language = language or language_of(told["text"])
    judged = _Judged(texts, language)
    numbers = {comparable_url(normalized_url(url)): number for url, number in told["addresses"].items()}
    known = {document_label(cited.number) if cited.of_document else cited.number for cited in texts}
    sentences = [(one, _cited_in(one, texts, numbers)) for one in sentences_of(told["text"], known=known)]
    marks = [(sentence, one) for sentence, cited in sentences for one in cited][:MOST_MARKS]
    for position, (sentence, cited) in enumerate(marks, start=1):
        mark = _mark(sentence, cited, judged.of(sentence.text, cited), texts[cited])
        out.write(orjson.dumps({"mark": {"position": position, **mark}}) + b"\n")
    out.write(orjson.dumps({"facts": _facts(sentences, judged)}) + b"\n")


def _pages(told: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((number, start) for number, start in told)


def _cited_in(sentence: CitedSentence, texts: Texts, numbers: Mapping[str, int]) -> list[Cited]:
    """What the sentence cites, by marks and by links to sources, each once."""
    linked = (numbers.get(comparable_url(normalized_url(address))) for address in sentence.addresses)
    found = [
        *(Cited(number) for number in sentence.numbers),
        *(Cited(number) for number in linked if number),
        *(Cited(number, of_document=True) for number in sentence.document_numbers),
    ]
    return [cited for cited in dict.fromkeys(found) if cited in texts]


class _Judged:
    """What is said of sentences and sources, each pair looked at once."""

    def __init__(self, texts: Texts, language: str) -> None:
        self.texts = texts
        self.language = language
        self._known: dict[tuple[str, Cited], Judgement] = {}

    def of(self, sentence: str, cited: Cited) -> Judgement:
        """What is said of the sentence and the source."""
        known = self._known.get((sentence, cited))
        if known is None:
            known = judge(sentence, self.texts[cited], language=self.language)
            self._known[sentence, cited] = known
        return known


def _mark(sentence: CitedSentence, cited: Cited, said: Judgement, texts: Sequence[SourceText]) -> dict[str, Any]:
    """What is kept of a mark. Nothing of a document's words leaves the process."""
    mark: dict[str, Any] = {
        "sentence": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "number": cited.number,
        "of_document": cited.of_document,
        "state": said.state.value,
    }
    if cited.of_document:
        return mark
    return mark | {
        "passage": said.passage,
        "page": said.page,
        "highlights": said.highlights,
        "facts": [judged.to_json() for judged in said.facts],
        "from_search": bool(said.passage) and texts[said.source].from_search,
        "passage_start": said.passage_start,
    }


def _facts(sentences: Sequence[tuple[CitedSentence, list[Cited]]], judged: _Judged) -> list[dict[str, Any]]:
    """The figures and dates of the text, each once, and where each stands."""
    found: dict[tuple[str, Any], dict[str, Any]] = {}
    for sentence, own in sentences:
        for one in facts_of_sentence(sentence.text, language=judged.language):
            key = (one.fact.kind.value, one.fact.value)
            if one.fact.kind not in LISTED:
                continue
            if key in found:
                found[key]["times"] += 1
            elif len(found) < MOST_FACTS:
                found[key] = {**one.fact.to_json(), "sentence": [sentence.start, sentence.end], "times": 1}
                found[key] |= _whereabouts(one, sentence.text, own, judged)
    return list(found.values())


def _whereabouts(one: FoundFact, sentence: str, own: Sequence[Cited], judged: _Judged) -> dict[str, Any]:
    """In which of the sources that its sentence cites the fact stands (`cited`), and, where in none of these, in which
    others (`others`); and in which of all it stands without the sentence's other words (`apart`). Numbers of sources;
    those of documents have a D in front. `near` is what a source says instead. `looked_at_all` says that no source was
    left out because the answer has too many figures for that."""
    fact = one.fact
    places: dict[str, list[str]] = {"cited": [], "others": [], "apart": []}
    near, looked_at_all = "", True
    for cited in own:
        near = _look(fact, judged.of(sentence, cited), cited, places, "cited") or near
    if not places["cited"]:
        for cited in judged.texts:
            if time.process_time() > CPU_FOR_OTHERS:
                looked_at_all = False
                break
            if cited not in own and not cited.of_document and _may_stand_in(one, sentence, judged.texts[cited]):
                _look(fact, judged.of(sentence, cited), cited, places, "others")
    return {**places, "near": near, "looked_at_all": looked_at_all}


def _may_stand_in(one: FoundFact, sentence: str, texts: Sequence[SourceText]) -> bool:
    """Whether the fact stands anywhere in the texts, which is quicker to say than where. Long ones are not looked
    through for that."""
    for index in map(index_of, texts):
        if len(index.text) > LOOKED_THROUGH:
            return True
        figures, dates = index.facts_near(range(index.count))
        if any(hits_of(one.mention, sentence, index, figures, dates)):
            return True
    return False


def _look(fact: Fact, said: Judgement, cited: Cited, places: dict[str, list[str]], name: str) -> str:
    if said.state is State.UNREAD:
        return ""
    for one in said.facts:
        if one.fact.kind is fact.kind and one.fact.value == fact.value:
            label = f"D{cited.number}" if cited.of_document else str(cited.number)
            if one.found:
                places[name].append(label)
            elif one.elsewhere:
                places["apart"].append(label)
            else:
                return "" if cited.of_document else one.near
    return ""
