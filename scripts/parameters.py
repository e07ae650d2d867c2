"""Writes docs/parameters.md from the capability data: `.venv/bin/python -m scripts.parameters`, or `make docs`.

The same rows drive the options form and the check before sending, so the page says what the product does.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from upstream.catalog.agent_parameters import AGENT_PARAMETERS
from upstream.catalog.gateway_parameters import GATEWAY_PARAMETERS
from upstream.catalog.gateway_parameters import OWN as GATEWAYS_OWN
from upstream.catalog.models import Model, models_of
from upstream.catalog.parameters import PARAMETERS, Parameter, ParameterGroup
from upstream.catalog.rules import formats_of

PAGE = Path(__file__).parent.parent / "docs" / "parameters.md"
PROVIDERS = {"sonar": ("Sonar", PARAMETERS), "agent": ("Agent API", AGENT_PARAMETERS)}
YES, NO = "✓", "–"

BEGINNING = """\
# What can be set for a question

<!-- Written by scripts/parameters.py from upstream/parameters.py, upstream/parameters_agent.py,
     upstream/parameters_gateway.py and upstream/models.py. Change it there and run `make docs`. -->

Options keep the names of Sonar's API, whichever service answers; what the other service calls them is none of the
asker's concern. ✓ is taken, – is not: the composer does not offer it, and a question that has it all the same is not
sent. Why not is told below each table.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page as Markdown."""
    parts = [BEGINNING, *_models()]
    for group in ParameterGroup:
        parts += _options(group)
    parts += _gateway()
    return "\n".join(parts)


def _models() -> Iterator[str]:
    yield "## Models\n"
    yield "| model | service | what for | images | files | forms | context | price |"
    yield "|---|---|---|:-:|:-:|---|--:|---|"
    for provider, (label, _parameters) in PROVIDERS.items():
        for model in models_of(provider).values():
            forms = ", ".join(f"`{kind}`" for kind in formats_of(model.name, provider=provider)) or NO
            context = f"{model.context_window:,}" if model.context_window else ""
            purpose = f"Retired on {model.retired_on}." if model.retired_on else model.purpose
            yield _row(
                f"`{model.name}`",
                label,
                purpose,
                _mark(model.takes_images),
                _mark(model.takes_files),
                forms,
                context,
                model.price_line,
            )
    yield ""


def _options(group: ParameterGroup) -> Iterator[str]:
    pairs = [pair for pair in zip(PARAMETERS, AGENT_PARAMETERS, strict=True) if pair[0].group == group]
    columns = [column for provider in PROVIDERS for column in _columns(provider)]
    yield f"## {group.value}\n"
    yield _row("option", "what it does", "values", *(_heading(column) for column in columns))
    yield _row("---", "---", "---", *(":-:" for _column in columns))
    for pair in pairs:
        marks = [_mark(pair[_place(column)].is_taken_by(column[0].name)) for column in columns]
        yield _row(f"`{pair[0].name}`", f"**{pair[0].label}.** {_help(pair)}", _values_of(pair), *marks)
    yield ""
    notes = list(dict.fromkeys(note for pair in pairs for note in _notes(pair, columns)))
    if notes:
        yield from notes
        yield ""


def _gateway() -> Iterator[str]:
    yield "## Gateway\n"
    shared = ", ".join(f"`{one.name}`" for one in GATEWAY_PARAMETERS if one not in GATEWAYS_OWN and one.models)
    yield "The gateway, which [docs/gateway.md](gateway.md) describes, takes these in all of its modes, and of what"
    yield f"stands above {shared} alone. Nobody else takes them. Images go along with its search models only, documents"
    yield "and forms with none.\n"
    yield _row("option", "what it does", "values")
    yield _row("---", "---", "---")
    for parameter in GATEWAYS_OWN:
        values = ", ".join(f"`{choice}`" for choice in parameter.choices) or _values(parameter)
        yield _row(f"`{parameter.name}`", f"**{parameter.label}.** {parameter.help}", values)
    yield ""


def _columns(provider: str) -> list[list[Model]]:
    """The provider's models, those that take the same options together."""
    found: dict[tuple[bool, ...], list[Model]] = {}
    for model in models_of(provider).values():
        taken = tuple(parameter.is_taken_by(model.name) for parameter in PROVIDERS[provider][1])
        found.setdefault(taken, []).append(model)
    return list(found.values())


def _heading(column: Sequence[Model]) -> str:
    names = ", ".join(f"`{model.name}`" for model in column)
    return f"Agent API: {names}" if column[0].provider == "agent" else names


def _place(column: Sequence[Model]) -> int:
    return list(PROVIDERS).index(column[0].provider)


def _help(pair: Sequence[Parameter]) -> str:
    ours, agents = pair
    takes = any(agents.is_taken_by(name) for name in models_of("agent"))
    return f"{ours.help} Agent API: {agents.help}" if takes and agents.help != ours.help else ours.help


def _values_of(pair: Sequence[Parameter]) -> str:
    ours, agents = (_values(parameter) for parameter in pair)
    takes = any(pair[1].is_taken_by(name) for name in models_of("agent"))
    return f"{ours}; Agent API: {agents}" if takes and agents != ours else ours


def _values(parameter: Parameter) -> str:
    match parameter.kind:
        case "choice":
            return ", ".join(f"`{choice}`" for choice in parameter.choices)
        case "flag":
            return "on, off"
        case "integer" | "number":
            number = "whole number" if parameter.kind == "integer" else "number"
            return " ".join((number, *_bounds(parameter)))
        case "date":
            return "month/day/year"
        case "sites" | "words":
            return f"list of at most {parameter.items}" if parameter.items else "list"
        case "format":
            return "JSON schema, regular expression"
        case "text":
            return f"text of at most {parameter.longest} characters" if parameter.longest else "text"


def _bounds(parameter: Parameter) -> Iterator[str]:
    if parameter.least is not None:
        yield f"from {parameter.least:g}"
    if parameter.most is not None:
        yield f"to {parameter.most:.10g}"


def _notes(pair: Sequence[Parameter], columns: Sequence[Sequence[Model]]) -> Iterator[str]:
    for parameter, (provider, (label, _parameters)) in zip(pair, PROVIDERS.items(), strict=True):
        own = [column for column in columns if column[0].provider == provider]
        if parameter.why_not and not all(parameter.is_taken_by(column[0].name) for column in own):
            yield f"- `{parameter.name}` ({label}): {parameter.why_not}"


def _mark(is_taken: bool) -> str:
    return YES if is_taken else NO


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    main()
