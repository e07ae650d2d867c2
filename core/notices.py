"""How what stands above is heard by what lies below, without being imported from there.

A package offers places in which others may say something, such as the links below an answer. Whoever has something to
say gives, when its app is ready, a function that registers it (`when_asked`); the page asks everybody who registered.
A program that never asks, such as one that only migrates, does not load what others say.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, ParamSpec, TypeVar
from uuid import UUID

P = ParamSpec("P")
T = TypeVar("T")


_to_register: list[Callable[[], None]] = []
_registering = threading.RLock()


def when_asked(register: Callable[[], None]) -> None:
    """Have this function register providers before the first of any kind is asked for."""
    _to_register.append(register)


def register_all() -> None:
    """Load and register now what waits for the first question: who serves people does so before they come.

    Who asks meanwhile waits until all are there.
    """
    with _registering:
        while _to_register:
            _to_register[0]()
            del _to_register[0]


@dataclass(slots=True)
class Providers(Generic[P, T]):
    """Functions that each give something, or nothing, for the same question."""

    _registered: list[Callable[P, T | None]] = field(default_factory=list)

    def register(self, provider: Callable[P, T | None]) -> None:
        """Ask this one too, after those that are there. The same one twice counts once."""
        if provider not in self._registered:
            self._registered.append(provider)

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> list[T]:
        """What they give, in the order in which they registered."""
        if _to_register:
            register_all()
        return [found for provider in self._registered if (found := provider(*args, **kwargs)) is not None]


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a page: where it leads, what it says, and the name of its icon. One that `opens_dialog` brings a
    `<dialog data-opens>` when htmx asks for it, which opens over the page."""

    address: str
    label: str
    icon: str
    opens_dialog: bool = False


question_links: Providers[[object], Link] = Providers()
"""Links below an answer that take its question further; asked with the question's id."""

answer_links: Providers[[object], Link] = Providers()
"""Links below an answer that take the answer itself further; asked with its id."""

conversation_links: Providers[[object, bool], Link] = Providers()
"""Links in a conversation's menu; asked with the conversation, and whether the reader may manage it."""

account_cards: Providers[[object], str] = Providers()
"""Cards with choices of one's own for the account page, as HTML; asked with the request."""

team_links: Providers[[object], Link] = Providers()
"""Links on the team page to what else its owners look after; asked with the owner's membership."""


@dataclass(frozen=True, slots=True)
class PersonalNews:
    """What one person is told of on whatever page they have open: since when, what it is called among all news, what it
    says, of what, and where that is. `text` may be translated when it is told."""

    person: UUID
    at: datetime
    key: str
    text: object
    title: str
    address: str


personal_news: Providers[[datetime, Collection[UUID]], Sequence[PersonalNews]] = Providers()
"""News of other packages for these people that are younger than the moment; asked once a second while somebody is
there, so with one bounded query."""

question_fragments: Providers[[object, object], Mapping[object, str]] = Providers()
"""Pieces of the page below a question's answers, by their addresses; asked once for a conversation, with the reader and
the conversation's id. They give the questions that have such a piece, by their ids."""

tidying: Providers[[], int] = Providers()
"""Those who remove for good what was deleted long ago; asked now and then, they say how much that was."""
