"""Looks at what answers and draws: whether it is there, and what the key is good for."""

from collections.abc import Iterator, Mapping

from chat.catalog import providers
from config.doctor.findings import Finding, State
from upstream.errors import (
    BadKey,
    KeyRefused,
    NoAccess,
    NoCredits,
    ServiceEnded,
    UpstreamDown,
    WrongKindOfKey,
)
from upstream.probe import KeyTrial
from upstream.registry import Services

KEY = "key"
_NAMES = {"agent": "Agent API", "sonar": "Sonar"}
_DEMO = (
    "Nothing is connected, so the demo answers. Connect Perplexity in the interface, or set PERPLEXITY_API_KEY, to get "
    "answers from there."
)
_KEYS: Mapping[type[KeyRefused], str] = {
    BadKey: "Perplexity doesn’t recognize this key. Copy it again from the account’s settings.",
    NoCredits: "The key is valid, but its account has no credits left. Add credits at Perplexity.",
    WrongKindOfKey: (
        "The key is valid, but it isn’t allowed to ask questions: it seems to be an organization key. Create a "
        "key in a project and use that one."
    ),
    NoAccess: "The key is valid, but its account’s plan doesn’t include asking questions.",
}
_KNOWN_YET_REFUSED = (
    "Perplexity recognizes this key but refuses questions. The account may have no credits left, or the key may "
    "not be allowed to ask."
)
_REFUSED = "The key was rejected: it is wrong, no longer active, or out of credits."


async def look_at_services(services: Services) -> list[Finding]:
    """What is connected and what it says to requests that cost nothing. Takes seconds. Never raises."""
    if providers.is_demo():
        return [Finding("answers", "note", _DEMO)]
    found: list[Finding] = []
    if services.client:
        found += about_key(await services.client.try_key(providers.perplexity_providers()))
    if services.gateway:
        if await services.gateway_reachable():
            found.append(Finding("gateway", "ok", "It answers."))
        else:
            found.append(Finding("gateway", "problem", "It can’t be reached. Check GATEWAY_BASE_URL."))
    return found


def about_key(trial: KeyTrial) -> list[Finding]:
    """The trial in words: the key first, then each service."""
    return [*_about_models(trial), *(_about_provider(name, trial) for name in trial.refused)]


def _about_models(trial: KeyTrial) -> Iterator[Finding]:
    if trial.models is not None:
        yield Finding(KEY, "ok", f"The model list can be read; it has {trial.models}.")
    elif isinstance(trial.models_refused, KeyRefused):
        yield Finding(KEY, "problem", _KEYS.get(type(trial.models_refused), _REFUSED))
    else:
        # Servers that only speak like Perplexity need not list anything.
        yield Finding("models", "note", "The model list can’t be read, so the built-in one is used.")


def _about_provider(name: str, trial: KeyTrial) -> Finding:
    part, error = _NAMES.get(name, name), trial.refused[name]
    match error:
        case None:
            return Finding(part, "ok", "It accepts questions.")
        case ServiceEnded():
            others = any(refused is None for other, refused in trial.refused.items() if other != name)
            state: State = "note" if others else "problem"
            return Finding(
                part,
                state,
                "It has been discontinued. Its models are marked so, and other models take their questions.",
            )
        case KeyRefused():
            return Finding(part, "problem", _about_refused_key(error, trial))
        case UpstreamDown():
            return Finding(part, "problem", "It can’t be reached or is having problems right now.")
    return Finding(part, "problem", f"It doesn’t accept questions at this address. {error.message}")


def _about_refused_key(error: KeyRefused, trial: KeyTrial) -> str:
    """A key that the list of models took is a good one, whatever is said about it here."""
    if type(error) in _KEYS and not (isinstance(error, BadKey) and trial.models is not None):
        return _KEYS[type(error)]
    return _KNOWN_YET_REFUSED if trial.models is not None else _REFUSED
