"""Who answers questions: each provider has a body in which it wants them and a translation of what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from upstream.providers import agent, agent_events, sonar, sonar_chunks
from upstream.providers.translating import Translating
from upstream.requests import AskRequest


class MakeBody(Protocol):
    """Makes the body of a request. Raises InvalidRequest where there is nothing that could be asked."""

    def __call__(self, request: AskRequest, *, stream: bool) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Provider:
    """How one kind of service is spoken to. One that `works_alone` takes work that nobody holds a connection for."""

    body: MakeBody
    translation: Callable[..., Translating]
    works_alone: bool = False


PROVIDERS: Mapping[str, Provider] = {
    "sonar": Provider(body=sonar.body, translation=sonar_chunks.Translation, works_alone=True),
    "agent": Provider(body=agent.body, translation=agent_events.Translation),
}
