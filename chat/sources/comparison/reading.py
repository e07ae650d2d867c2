"""Takes from an answer what is compared."""

from functools import lru_cache

from chat.models import Answer
from chat.sources.claims.finding import facts_of
from chat.sources.claims.sentences import sentences_of
from chat.sources.comparison.views import AnswerView, Sentence, SourceView
from chat.sources.copies.addresses import address_key

LONGEST = 100_000
"""Characters of an answer that are compared; what follows is not."""


def view_of(answer: Answer) -> AnswerView:
    """The answer as it is compared, once it has ended. Its web sources are read, two queries at most; passages of
    documents are not, for they are not for everybody who reads the answer."""
    sources = [
        SourceView(key=address_key(source.url), title=source.title, url=source.url, cited=source.cited)
        for source in answer.sources.all()
    ]
    took = (answer.ended_at - answer.created_at).total_seconds() if answer.ended_at else None
    return AnswerView(
        sentences=_sentences(answer.text[:LONGEST]),
        is_cut=len(answer.text) > LONGEST,
        sources=sources,
        model=answer.model,
        asked_at=answer.created_at,
        cost=answer.cost if answer.cost_source else None,
        seconds=took,
    )


@lru_cache(maxsize=32)
def _sentences(text: str) -> tuple[Sentence, ...]:
    """Finding the facts takes longer than comparing them, and the same answer is compared with one after another."""
    return tuple(Sentence(one.text, tuple(facts_of(one.text))) for one in sentences_of(text))
