"""Writes docs/parameters.md from the capability data: `.venv/bin/python -m scripts.parameters`, or `make docs`.

The same rows drive the options form and the check before sending, so the page says what the product does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from upstream.agent.tools import tool_fields
from upstream.catalog.agent_names import NameKind
from upstream.catalog.agent_parameters import AGENT_PARAMETERS
from upstream.catalog.agent_tools import SearchMode
from upstream.catalog.gateway_parameters import GATEWAY_PARAMETERS
from upstream.catalog.gateway_parameters import OWN as GATEWAYS_OWN
from upstream.catalog.models import models_of
from upstream.catalog.parameters import PARAMETERS, Parameter, ParameterGroup
from upstream.catalog.rules import formats_of

PAGE = Path(__file__).parent.parent / "docs" / "parameters.md"
PROVIDERS = {"sonar": ("Sonar", PARAMETERS), "agent": ("Agent API", AGENT_PARAMETERS)}
YES, NO = "✓", "–"
KINDS = {NameKind.MODEL: "models", NameKind.PRESET: "presets", NameKind.FAST: "`fast`"}
OF_KIND = {NameKind.MODEL: "maker/name", NameKind.PRESET: "low", NameKind.FAST: "fast"}  # a name of each
FLAGS = {
    SearchMode.ALWAYS: "",
    SearchMode.NEEDED: "enable_search_classifier",
    SearchMode.NEVER: "disable_search",
}
WHO = {
    NameKind.MODEL: "every model, named `maker/name`",
    NameKind.PRESET: "`low`, `medium`, `high`, `xhigh`, `wide-research` and older presets",
    NameKind.FAST: "`fast`",
}
WITHOUT_A_WORD = {
    (NameKind.MODEL, SearchMode.NEVER): "no tool is named",
    (NameKind.PRESET, SearchMode.ALWAYS): "as the preset decides",
    (NameKind.FAST, SearchMode.ALWAYS): "always, once",
}

BEGINNING = """\
# What can be set for a question

<!-- Written by scripts/parameters.py from the data in upstream/catalog/. Change it there and run `make docs`. -->

Options keep the names of Sonar's API, whichever service answers, so you don't need to know what the other service
calls them. ✓ means supported. – means not supported: the composer doesn't offer the option, and a question that has it
anyway isn't sent. The reasons are below each table.

At the Agent API, the kind of name counts: *models* are all names of the form maker/name, listed here or not,
*presets* are `low`, `medium`, `high`, `xhigh` and older ones, and `fast` is a preset of its own kind. A version after a
name, such as `fast@2026-10-16.0`, makes no difference here.
"""


@dataclass(frozen=True)
class Column:
    """One column of the tables: names of one provider that take the same options, and one of them."""

    provider: str
    heading: str
    name: str

    def mark(self, row: Mapping[str, Parameter]) -> str:
        """Whether they take the option."""
        return _mark(self.provider in row and row[self.provider].is_taken_by(self.name))


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page as Markdown."""
    parts = [BEGINNING, *_models(), *_search_modes()]
    for group in ParameterGroup:
        parts += _options(group)
    parts += _gateway()
    return "\n".join(parts)


def _models() -> Iterator[str]:
    yield "## Models\n"
    yield "| model | service | purpose | images | files | formats | context | price |"
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


def _search_modes() -> Iterator[str]:
    """How each way to search is asked for, or why it cannot be."""
    yield "## When the Agent API searches\n"
    yield "The composer offers this as one choice. If nobody chooses, questions are searched for wherever possible.\n"
    yield _row("who answers", "always", "only when needed", "never")
    yield _row("---", "---", "---", "---")
    for kind, label in WHO.items():
        yield _row(label, *(_search_mode(kind, mode) for mode in SearchMode))
    yield ""


def _search_mode(kind: NameKind, mode: SearchMode) -> str:
    name, flag = OF_KIND[kind], FLAGS[mode]
    parameter = _rows()[flag]["agent"] if flag else None
    if parameter and not parameter.is_taken_by(name):
        return f"{NO} {parameter.reason_against(name)}"
    sent = tool_fields(name, {flag: True} if flag else {}, question="")
    sent.pop("tools", None)
    if not sent:
        return WITHOUT_A_WORD[kind, mode]
    return ", ".join(f"`{field}: {json.dumps(value)}`" for field, value in sent.items())


def _options(group: ParameterGroup) -> Iterator[str]:
    rows = [row for row in _rows().values() if next(iter(row.values())).group == group]
    columns = _columns()
    yield f"## {group.value}\n"
    yield _row("option", "what it does", "values", *(column.heading for column in columns))
    yield _row("---", "---", "---", *(":-:" for _column in columns))
    for row in rows:
        name, label = next((one.name, one.label) for one in row.values())
        yield _row(f"`{name}`", f"**{label}.** {_help(row)}", _values_of(row), *(one.mark(row) for one in columns))
    yield ""
    notes = list(_notes(rows, columns))
    if notes:
        yield from notes
        yield ""


def _gateway() -> Iterator[str]:
    yield "## Gateway\n"
    shared = ", ".join(f"`{one.name}`" for one in GATEWAY_PARAMETERS if one not in GATEWAYS_OWN and one.models)
    yield "The gateway, described in [docs/gateway.md](gateway.md), supports these options in all of its modes, and"
    yield f"only {shared} of those above. No other service supports them. Only its search models accept images, and"
    yield "none of its models accepts documents or answer formats.\n"
    yield _row("option", "what it does", "values")
    yield _row("---", "---", "---")
    for parameter in GATEWAYS_OWN:
        values = ", ".join(f"`{choice}`" for choice in parameter.choices) or _values(parameter)
        yield _row(f"`{parameter.name}`", f"**{parameter.label}.** {parameter.help}", values)
    yield ""


def _rows() -> dict[str, dict[str, Parameter]]:
    """Each option of Sonar or the Agent API as it is at each of them, by its name."""
    rows: dict[str, dict[str, Parameter]] = {}
    for provider, (_label, parameters) in PROVIDERS.items():
        for parameter in parameters:
            rows.setdefault(parameter.name, {})[provider] = parameter
    return rows


def _columns() -> list[Column]:
    """Sonar's models, those that take the same options together, and each kind of name at the Agent API."""
    alike: dict[tuple[bool, ...], list[str]] = {}
    for name in models_of("sonar"):
        alike.setdefault(tuple(parameter.is_taken_by(name) for parameter in PARAMETERS), []).append(name)
    sonar = [Column("sonar", ", ".join(f"`{name}`" for name in names), names[0]) for names in alike.values()]
    return [*sonar, *(Column("agent", f"Agent API: {label}", OF_KIND[kind]) for kind, label in KINDS.items())]


def _help(row: Mapping[str, Parameter]) -> str:
    ours, agents = row.get("sonar"), row.get("agent")
    if ours is None or agents is None:
        return next(iter(row.values())).help
    return f"{ours.help} Agent API: {agents.help}" if agents.kinds and agents.help != ours.help else ours.help


def _values_of(row: Mapping[str, Parameter]) -> str:
    ours, agents = row.get("sonar"), row.get("agent")
    if ours is None or agents is None:
        return _values(next(iter(row.values())))
    told, theirs = _values(ours), _values(agents)
    return f"{told}; Agent API: {theirs}" if agents.kinds and theirs != told else told


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


def _notes(rows: Iterable[Mapping[str, Parameter]], columns: Iterable[Column]) -> Iterator[str]:
    """Why options are not taken, those with the same reason together."""
    reasons: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        for column in columns:
            own, other = row.get(column.provider), next(iter(row.values()))
            if own is None or not own.is_taken_by(column.name):
                why = own.reason_against(column.name) if own else other.why_not
                reasons.setdefault((PROVIDERS[column.provider][0], why), {})[f"`{other.name}`"] = None
    for (label, why), names in reasons.items():
        yield f"- {', '.join(names)} ({label}): {why}"


def _mark(is_taken: bool) -> str:
    return YES if is_taken else NO


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    main()
