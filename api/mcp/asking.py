"""The tool that asks: by the same way as the page, into the same history, with news while words come."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

from api.addresses import answer_address
from api.auth import Caller
from api.mcp.reading import source_in_short, sources_as_text
from api.mcp.results import LONGEST_RESULT, UNTRUSTED, ToolRefused, ToolResult, marked, shortened
from api.tokens.finding import still_good
from chat import access, worker
from chat.access import Place
from chat.answers.transcript import Transcript
from chat.catalog import offers
from chat.live.follower import AnswerGone
from chat.models import Answer
from chat.presets.defaults import start_in
from chat.questions import service as questions
from chat.questions.service import Wish
from core.errors import ActionRefused
from core.text import can_be_seen, visible_text
from core.web.wording import said_problem

T = TypeVar("T")

TELL_EVERY = 0.5  # seconds between two pieces of news
LOOK_EVERY = 7.0  # seconds between two looks whether the token is still good
PATIENCE = 2.0  # seconds without a word
LONGEST_NEWS = 500  # characters of words in one piece of news
MOST_SOURCES = 60

Tell = Callable[[float, str], Awaitable[None]]
"""Hears how many characters there are, and the words that came last."""


class Run(Protocol):
    """Runs work that needs the database in a thread."""

    async def __call__(self, work: Callable[[], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Asking:
    """How a question is asked: in whose name, how work is run in a thread, and who hears the news. With
    `stops_when_cancelled`, the answer is stopped when nobody waits for it any more; otherwise it goes on, and is in the
    history."""

    caller: Caller
    run: Run
    tell: Tell
    stops_when_cancelled: bool

    async def ask(self, arguments: Mapping[str, Any]) -> ToolResult:
        """Ask, and wait for the end of the answer. Raises ToolRefused."""
        writing = worker.current_answer_worker()
        if writing is None or writing.draining:
            raise ToolRefused("Parley is restarting. Try again in a moment.")
        answer = await self.run(partial(_begin, self.caller, arguments))
        try:
            with writing.broadcast.listen(answer.pk) as listening:
                await self._follow(answer.pk, listening)
        except AnswerGone:
            raise ToolRefused("The answer can’t be followed any more. Look for it in the conversation.") from None
        except asyncio.CancelledError:
            if self.stops_when_cancelled:
                await asyncio.shield(self.run(partial(worker.stop_answer, answer)))
            raise
        return await self.run(partial(_result, self.caller, answer.pk))

    async def _follow(self, answer_id: UUID, listening: Any) -> None:
        """Tell of the words as they come, until the answer has ended."""
        transcript, told, told_at, looked_at = Transcript(), 0, 0.0, time.monotonic()
        while not transcript.ended:
            for entry in await listening.next_entries(patience=PATIENCE):
                transcript.apply(entry)
            now = time.monotonic()
            if now - looked_at > LOOK_EVERY:
                looked_at = now
                if not await self.run(partial(still_good, {self.caller.token.pk})):
                    raise ToolRefused("This access token is not valid any more.")
            if now - told_at > TELL_EVERY and not transcript.ended:
                told_at = now
                words = transcript.text[told:] if len(transcript.text) >= told else transcript.text
                told = len(transcript.text)
                await self.tell(now, words[-LONGEST_NEWS:] or _stage(transcript))


def _stage(transcript: Transcript) -> str:
    if transcript.text:
        return "Writing…"
    count = len(transcript.sources)
    return f"Reading {count} sources…" if count else "Searching…" if transcript.steps else "Waiting…"


def _begin(caller: Caller, arguments: Mapping[str, Any]) -> Answer:
    """Store the question and have its answer written. Raises ToolRefused."""
    text = visible_text(str(arguments["question"])).strip()
    if not can_be_seen(text):
        raise ToolRefused("Say what to ask.")
    place = _place(caller, str(arguments.get("space", "")))
    start = start_in(caller.membership, place.space)
    offer, options = start.offer, start.options
    if name := str(arguments.get("model", "")).strip():
        offer = _offer(caller, name)
        options = options if offer.id == start.offer.id else {}
    if not worker.can_write_answers():
        raise ToolRefused("Parley can’t write an answer right now. Try again in a moment.")
    wish = Wish(
        model=offer.model,
        provider=offer.provider,
        key=uuid4(),
        text=text,
        options=options,
        place=place,
        by_program=True,
    )
    handover = worker.begin_handover()
    try:
        answer = questions.ask_in_new_conversation(wish, team=caller.token.team, by=caller.user, handover=handover)
    except ActionRefused as refused:
        raise ToolRefused(str(refused)) from None
    worker.start_answer(answer, handover)
    return answer


def _place(caller: Caller, said: str) -> Place:
    """The space that is named, else that of the token, else for the person alone. Raises ToolRefused."""
    space_id = said or (str(caller.token.space_id) if caller.token.space_id else "")
    if not space_id:
        return access.ALONE
    place = access.usable_place(caller.membership, space_id)
    if place is None or place.space is None:
        raise ToolRefused("There is no such space in which you can ask.")
    return access.usual_place_in(place.space)


def _offer(caller: Caller, name: str) -> offers.Offer:
    """The model of that name that the team may ask. Raises ToolRefused, with the names that there are."""
    there = [offer for offer in offers.offers(caller.token.team) if not offer.retired]
    for offer in there:
        if name in (offer.id, offer.id.replace(":", "/", 1), f"{offer.provider}/{offer.model}"):
            return offer
    named = [offer for offer in there if offer.model == name]
    if named:
        return named[0]
    raise ToolRefused(f"There is no such model. Choose one of: {', '.join(offer.id for offer in there[:40])}.")


def _result(caller: Caller, answer_id: UUID) -> ToolResult:
    """The answer at its end. One that came to nothing, or not to its end, is an error with what there is of it."""
    readable = access.readable_conversations(caller.membership)
    answer = Answer.objects.filter(pk=answer_id, question__conversation__in=readable).select_related("question").first()
    if answer is None:
        raise ToolRefused("The answer is not there any more.")
    question = answer.question
    found = list(answer.sources.order_by("-cited", "number")[:MOST_SOURCES])
    sources = [source_in_short(one) for one in sorted(found, key=lambda one: one.number)]
    text = shortened(answer.text, LONGEST_RESULT)
    data = {
        "note": UNTRUSTED,
        "answer": str(answer.pk),
        "state": answer.state,
        "text": text,
        "model": answer.model,
        "conversation": str(question.conversation_id),
        "url": answer_address(answer, question),
        "sources": sources,
    }
    cited = [one for one in sources if one["cited"]]
    about = f"{answer.get_state_display()}. In Parley: {data['url']}"
    if problem := said_problem(answer.error):
        about = f"{problem}\n{about}"
    said = f"{text}\n\nSources:\n{sources_as_text(cited)}" if cited else text
    is_whole = answer.state == Answer.State.FINISHED
    return ToolResult(marked(said, about=about) if said else about, data, is_error=not is_whole)
