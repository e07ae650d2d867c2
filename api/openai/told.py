"""What programs are told of an answer: its words, sources and figures, or why there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from api.errors import ApiError
from api.openai.catalog import id_of_answer
from chat.models import Answer, Source
from chat.rendering.mark_forms import MARK, SourceNumber, parts_of
from core.web.wording import said_problem

_REASONS = frozenset({"stop", "length", "content_filter"})
_STATUSES = {
    "invalid": (400, "invalid_request_error"),
    "too_large": (400, "invalid_request_error"),
    "too_many_requests": (429, "rate_limit_error"),
    "down": (503, "server_error"),
    "withdrawn": (503, "server_error"),
}
_GAPS = 20  # numbers that no source has, up to which the list of addresses is filled up
_MOST_CITED = 1_000  # places in a text


@dataclass(frozen=True, slots=True)
class Cited:
    """A place in the text, counted in characters, and the source that is named there."""

    start: int
    end: int
    source: Source

    @property
    def as_json(self) -> dict[str, Any]:
        """As OpenAI's APIs have it."""
        return {
            "start_index": self.start,
            "end_index": self.end,
            "url": self.source.url,
            "title": self.source.title or self.source.url,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that has ended, with its sources in their order."""

    answer: Answer
    sources: Sequence[Source]

    @property
    def created(self) -> int:
        """Seconds since 1970."""
        return int(self.answer.created_at.timestamp())

    @property
    def finish_reason(self) -> str:
        """In OpenAI's words."""
        return self.answer.finish if self.answer.finish in _REASONS else "stop"

    @property
    def citations(self) -> list[str]:
        """The addresses of the sources: the mark [3] in the text means the third one."""
        numbers = {source.number: source.url for source in self.sources}
        last = max(numbers, default=0)
        if last > len(numbers) + _GAPS:
            return list(numbers.values())
        return [numbers.get(number, "") for number in range(1, last + 1)]

    @property
    def search_results(self) -> list[Mapping[str, Any]]:
        """The sources as Perplexity has them; `id` is the number by which the text cites one."""
        return [
            {
                "id": source.number,
                "title": source.title,
                "url": source.url,
                "date": source.date or None,
                "last_updated": source.last_updated or None,
                "snippet": source.snippet,
                "source": source.origin or "web",
            }
            for source in self.sources
        ]

    @property
    def cited(self) -> list[Cited]:
        """Where the text cites which source, in the order of the text."""
        sources: dict[SourceNumber, Source] = {source.number: source for source in self.sources}
        found: list[Cited] = []
        for mark in MARK.finditer(self.answer.text):
            numbers = [number for part in parts_of(mark.group()) for number in part.numbers]
            found += [Cited(*mark.span(), sources[number]) for number in dict.fromkeys(numbers) if number in sources]
            if len(found) >= _MOST_CITED:
                break
        return found[:_MOST_CITED]

    @property
    def cited_by_number(self) -> list[Cited]:
        """The same in the order of the sources' numbers, for programs that number what they are told as it comes. A
        source that the text passes over on its way to a higher number stands at the end of the text, with no words."""
        cited = self.cited
        last = max((one.source.number for one in cited), default=0)
        named = {one.source.number for one in cited}
        end = len(self.answer.text)
        passed = [Cited(end, end, one) for one in self.sources if one.number < last and one.number not in named]
        return sorted([*cited, *passed], key=lambda one: (one.source.number, one.start))

    @property
    def usage(self) -> dict[str, Any]:
        """Tokens and cost as the service has counted them, and what the answer costs by Parley's own record."""
        counted = self.answer.usage
        asked, written = _count(counted.get("prompt_tokens")), _count(counted.get("completion_tokens"))
        found: dict[str, Any] = {
            "prompt_tokens": asked,
            "completion_tokens": written,
            "total_tokens": _count(counted.get("total_tokens")) or asked + written,
        }
        for name in ("search_context_size", "citation_tokens", "num_search_queries", "reasoning_tokens"):
            if counted.get(name) is not None:
                found[name] = counted[name]
        if self.answer.cost is not None:
            kept = counted.get("cost")
            found["cost"] = {**(kept if isinstance(kept, Mapping) else {}), "total_cost": float(self.answer.cost)}
        return found

    @property
    def place(self) -> dict[str, str]:
        """Where people find the answer."""
        return place_of(self.answer)

    def problem(self) -> ApiError | None:
        """Why there is no whole answer; None where there is."""
        answer = self.answer
        if answer.state in (Answer.State.FINISHED, Answer.State.STOPPED):
            return None
        kind = str(answer.error.get("kind") or "")
        status, type_ = _STATUSES.get(kind, (502, "server_error"))
        message = said_problem(answer.error) if answer.error else ""
        wait = answer.error.get("wait")
        return ApiError(
            status,
            message or "The answer broke off.",
            type=type_,
            code=kind or str(answer.state),
            retry_after=float(wait) if isinstance(wait, int | float) else None,
        )


def tell(answer_id: UUID) -> Told:
    """The answer as it is stored, by two queries. Raises Answer.DoesNotExist."""
    answer = Answer.objects.select_related("question__conversation").get(pk=answer_id)
    return Told(answer, list(Source.objects.filter(answer=answer).order_by("number")))


def place_of(answer: Answer) -> dict[str, str]:
    """The address of the conversation, and the ids of both; for the fields named `parley`."""
    conversation = answer.question.conversation_id
    path = reverse("chat:conversation", args=[conversation])
    return {
        "conversation_id": str(conversation),
        "answer_id": str(answer.pk),
        "url": f"{settings.SITE_ORIGIN}{path}#answer-{answer.pk}",
        "model": id_of_answer(answer),
    }


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
