"""What can be set for a question to the gateway (docs/gateway.md, "Requests"), and why it takes nothing else."""

from dataclasses import replace

from upstream.catalog.models import GATEWAY_MODELS
from upstream.catalog.parameters import PARAMETERS, Parameter, ParameterGroup

SOURCES = ("web", "scholar", "social")
_EVERY = frozenset(GATEWAY_MODELS)
_ELSEWHERE = "Only the gateway has this option."
_NO_COUNTERPART = "The gateway doesn’t have this option."
_TAKEN = frozenset({"instructions"})

OWN: tuple[Parameter, ...] = (
    Parameter(
        "sources", "Sources", ParameterGroup.SEARCH, "words",
        "Any of web, scholar (papers) and social (forums and networks), separated by commas. The default is web.",
        choices=SOURCES, items=len(SOURCES), pattern="|".join(SOURCES), models=_EVERY, generic=True,
        why_not=_ELSEWHERE, provider="gateway",
    ),
    Parameter(
        "incognito", "Incognito", ParameterGroup.SEARCH, "flag",
        "Keeps the question out of the history of the account behind the gateway. On by default.",
        models=_EVERY, generic=True, why_not=_ELSEWHERE, provider="gateway",
    ),
    Parameter(
        "language", "Answer language", ParameterGroup.STYLE, "text",
        "Language and country, such as en-US or ko-KR. The default is en-US.",
        pattern="[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}", longest=35,
        models=_EVERY, generic=True, why_not=_ELSEWHERE, provider="gateway",
    ),
)  # fmt: skip
"""What only the gateway has."""


def _at_the_gateway(parameter: Parameter) -> Parameter:
    if parameter.name in _TAKEN:
        return replace(parameter, provider="gateway", models=_EVERY)
    return replace(parameter, provider="gateway", models=frozenset(), why_not=_NO_COUNTERPART, generic=False)


GATEWAY_PARAMETERS: tuple[Parameter, ...] = (*OWN, *map(_at_the_gateway, PARAMETERS))
