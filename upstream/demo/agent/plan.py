"""What a run is going to do: by which model, with which of its tools, and how its text will cite.

A tool that is offered is not always used. A preset decides for itself, and `fast` always searches; a bare model
searches where it is made to, or where the question looks like one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from upstream.demo.agent.models import Preset, preset_of
from upstream.demo.switches import Switches

LINK = "link"  # the form of a mark that is a Markdown link
_HOSTED = ("function", "mcp", "connector")  # tools that are run elsewhere
_UNLIMITED = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """How a checked request will be answered.

    `name` is what `model` says until the end, and `served` afterwards; `tools` are those of the request and of the
    preset by their type, `used` those that will be; `forced` the one that has to be; `calls` and `steps` are limits;
    `mark` is the form of a mark with `{}` for the source's id, or `LINK`, or empty where nothing is cited.
    """

    name: str
    served: str
    preset: Preset | None
    tools: Mapping[str, Mapping[str, Any]]
    used: frozenset[str]
    forced: str
    calls: int
    steps: int
    mark: str

    @property
    def is_fast(self) -> bool:
        """Whether it searches once, with the question as it is, whatever else is asked for."""
        return self.preset is not None and not self.preset.pages

    def echoed(self) -> list[Mapping[str, Any]]:
        """What the answer says of the tools."""
        return list(self.tools.values())


def plan_of(body: Mapping[str, Any], *, question: str, switches: Switches) -> Plan:
    """The plan for a checked request."""
    named = preset_of(body)
    name, preset = named or ("", None)
    models = [*(body.get("models") or ()), *filter(None, [body.get("model")])]
    given = {tool.get("name") or tool["type"]: tool for tool in body.get("tools") or ()}
    own = {kind: {"type": kind} for kind in (preset.tools if preset else ()) if kind not in given}
    tools = {**given, **own}
    steps = body.get("max_steps") or (_UNLIMITED if preset else 1)
    forced = _forced(body.get("tool_choice"), tools)
    calls = body.get("max_tool_calls")
    served = models[0] if models else preset.served if preset else "openai/gpt-6-luna"  # a profile is served by it
    plan = Plan(
        name=name or served,
        served=served,
        preset=preset,
        tools=tools,
        used=frozenset(),
        forced=forced,
        calls=_UNLIMITED if calls is None else calls,
        steps=steps,
        mark=_mark(body, preset, switches),
    )
    return replace(plan, used=_used(plan, body, question=question, switches=switches))


def _forced(choice: Any, tools: Mapping[str, Any]) -> str:
    """The name of the tool that has to be used, `required` for any, or nothing."""
    wanted = str(choice.get("name") or choice.get("type") if isinstance(choice, Mapping) else choice)
    return wanted if wanted == "required" or wanted in tools else ""


def _used(plan: Plan, body: Mapping[str, Any], *, question: str, switches: Switches) -> frozenset[str]:
    native = {kind for kind, tool in plan.tools.items() if tool["type"] not in _HOSTED}
    if not plan.calls or (body.get("tool_choice") == "none" and not plan.preset):
        return frozenset()
    if "sandbox" in native:
        native = {"sandbox"}  # the others are dropped
    elif body.get("skills"):
        native.add("sandbox")
    if "finance" in switches:
        native.add("finance_search")
    if plan.is_fast:
        return frozenset(native)
    wants_to = "no_search" not in switches and (plan.preset is not None or "?" in question)
    if not wants_to and plan.forced not in ("web_search", "required"):
        native -= {"web_search"}
    return frozenset(native)


def _mark(body: Mapping[str, Any], preset: Preset | None, switches: Switches) -> str:
    """How sources are marked: as the preset's own prompt wants it, unless instructions have taken its place."""
    if switch := switches.any_of("web_zero", "markdown_links", "no_marks"):
        return {"web_zero": " [web:0]", "markdown_links": LINK, "no_marks": ""}[switch]
    words = body.get("instructions")
    if preset and words is None:
        return preset.mark
    if not preset and isinstance(body["input"], list):
        words = f"{words or ''} {[item for item in body['input'] if item.get('role') in ('system', 'developer')]}"
    words = words or ""
    if "[web:" in words:
        return " [web:{}]"
    if re.search(r"\[(n|id|number|\d+)\]", words):
        return "[{}]"
    return LINK if re.search("cit(e|ation)|source", words, re.IGNORECASE) else ""
