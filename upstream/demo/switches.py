"""How a test, or a curious person, makes the demo misbehave: magic words in the question, or a header.

In the last user message: `#demo:drop_midway`, `#demo:429=3`, several if wanted, anywhere. They are cut out before the
question is read. In the header `X-Demo-Switches`: `drop_midway, 429=3`. `echo` and `echo_sources` end the reading of
magic words: what follows them is taken as it stands.

`TABLE` below is the whole list.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

HEADER = "X-Demo-Switches"

TABLE: Mapping[str, str] = {
    # Pace
    "fast": "No pauses between chunks.",
    "slow": "=MS milliseconds between chunks (default 500); until work that nobody reads is done (default 5000).",
    "delay": "=MS milliseconds before the response begins (default 1000).",
    "stall": "=N falls silent after N chunks (default half) and never goes on.",
    # Bytes on the wire
    "no_done_marker": "The stream ends without `data: [DONE]`.",
    "crlf": "Lines end in CR LF.",
    "cr": "Lines end in CR alone.",
    "split_bytes": "=N sends pieces of 1 to N bytes (default 7), cut anywhere, also inside a character.",
    "pings": "Comment lines between the chunks.",
    "bad_json_line": "One data line in the middle is not JSON; the stream goes on.",
    "drop_midway": "=N the connection breaks after N chunks (default half).",
    "close_midway": "=N the response ends regularly after N chunks (default half), without any end mark.",
    # Shape of the chunks
    "object_legacy": "`object` is `chat.completion` in every chunk.",
    "sources_last_only": "Sources and pictures come in the last chunk only.",
    "message_only": "`delta.content` stays empty, only the cumulative `message` grows.",
    "no_cost": "Usage without `cost`.",
    "null_usage": "`usage` is null throughout.",
    "empty_choices": "Chunks with `choices: []` in between.",
    "null_delta": "Chunks with `delta: null` in between.",
    "error_event": "=N An `event: error` frame in the middle ends the stream.",
    "error_data": "=N A data frame with a top-level `error` in the middle ends the stream.",
    # What is answered
    "think_split": "The answer begins with a reasoning block whose tags are split across chunks.",
    "think_unclosed": "The reasoning block never closes; `finish_reason` is `length`.",
    "long": "=N an answer of about N characters (default 20000).",
    "lines": "=N an answer of N numbered lines (default 100).",
    "echo": "The answer is the rest of the prompt, character by character; with an error switch, the error's text.",
    "echo_sources": (
        "Followed by JSON: a list of sources, or an object with `sources`, `related_questions`, `images`, `videos`. "
        "What comes after the JSON is echoed."
    ),
    # What is cited of documents that came along
    "document_beyond": "One mark has a number that no passage has.",
    "documents_uncited": "Documents are quoted without marks.",
    # Failures before the answer
    "400": "=TYPE refused: bad_request, invalid_model, invalid_message, invalid_search_domain_filter, …",
    "401": "Key refused or credits used up, as HTML.",
    "403": "Not allowed.",
    "404": "Not found.",
    "405": "Method not allowed.",
    "410": "Gone.",
    "413": "Body too large.",
    "422": "Schema violation, as `detail`.",
    "429": "Too many requests; =S names S seconds to wait, =date:S names a date in S seconds, without value nothing.",
    "500": "Trouble, as HTML.",
    "502": "Trouble in front of the service, as HTML.",
    "503": "Overloaded, as JSON with `error` as a string.",
    "504": "Timed out in front of the service, as HTML.",
    "524": "Timed out at the intermediary, as HTML.",
    "reset": "The connection breaks before any answer.",
    "unreachable": "No connection comes about (on a port: as `reset`).",
    "connect_timeout": "The connection never gets ready (on a port: nothing is ever answered).",
    "times": "=N the failures above happen only for the first N calls with this question.",
    # Requests that are answered later (the failures above happen to the submission)
    "failed": "A queued request ends as FAILED.",
    "vanish": "A queued request is not known any more once it is done.",
    "no_queue": "There is no asynchronous endpoint (404).",
    "lost_reply": "=N the first N submissions are taken, but the connection breaks before the reply (default 1).",
    "late_reply": "=MS a submission is taken, but the reply comes MS milliseconds later (default 3000).",
    "poll_500": "=N the first N looks at a queued request find trouble (default 3).",
    "poll_429": "=S the first look at a queued request comes too soon; wait S seconds (default 2).",
    "poll_reset": "=N the connection breaks at the first N looks at a queued request (default 3).",
    # The Agent API alone: failures before the answer
    "424": "A connector of the request cannot be reached.",
    "5xx": (
        "=TYPE trouble as JSON: internal_error (default), bad_gateway, gateway_timeout, "
        "upstream_structured_output_failed."
    ),
    "organisation_key": "The key is that of an organization (403).",
    "needs_length": "The model wants `max_output_tokens` (400).",
    "input_file": "Documents are taken as parts of a message, which are refused otherwise.",
    "remaining": "=N the headers of the answer say that N more calls (default 0) are taken for now.",
    # Whether it searches, and how it cites
    "no_search": "A tool that is offered is not used.",
    "forced_yet_empty": "Searches bring nothing, not even an item of the output.",
    "no_sources": "Nothing is named as found, though the text has marks.",
    "markdown_links": "Sources are cited by links in the text.",
    "no_marks": "Sources are not cited.",
    "web_zero": "Every mark is `[web:0]`.",
    "mark_beyond": "One mark has an id that no source has.",
    "ids_missing": "Sources have no ids.",
    "ids_repeat": "All sources have the same id.",
    # How a run ends
    "run_failed": "The run fails, with HTTP status 200.",
    "incomplete": "The run ends as incomplete, with its text.",
    "incomplete_empty": "The run ends as incomplete, without any output.",
    "content_filter": "The run ends as incomplete, because of its content.",
    "cancelled": "The run ends as cancelled.",
    "requires_action": "The run ends waiting for somebody to act.",
    "status_in_completed": "The last event is `response.completed`, whatever the status.",
    "failed_inside": "The event of a failed run has a response object with the error.",
    # Its events and items
    "text_once": "The events that close the stream do not repeat the text.",
    "final_differs": "The event that closes the stream has another text.",
    "named_events": "Each event's type is also in a line `event:`.",
    "unknown_events": "Events in between that nobody knows, and one that keeps the connection alive.",
    "unknown_items": "Items of the output that nobody knows.",
    "null_response": "The first events have no response object.",
    "null_fields": "What may be null is null: thought, results, contents, text, content_index, sequence_number.",
    "holes": "=N the numbers of the events go up by N (default 7).",
    "reasoning_events": "Events say when it begins and ends to think.",
    "done_marker": "The stream ends with `data: [DONE]` after all.",
    "error_flat": "=N an event of type `error` in the middle ends the stream, its message not wrapped.",
    "finance": "Finance is looked up, asked for or not.",
    "image_search_error": "Pictures cannot be looked for.",
    # Its work in the background
    "cancelling": "=MS a run goes on for MS milliseconds (default 1000) after it was told to stop.",
    "resume_expired": "A broken stream cannot be resumed (400).",
    "resume_overlap": "A resumed stream repeats some events.",
    "resume_drop": "=N the first N resumed streams (default 1) break as the stream did.",
    # The whole service
    "withdrawn": (
        "=END from now on Sonar's paths answer as after its end: 404, 405, 410 (default), `ended` or `migration` "
        "(403 with either word); with 0 they work."
    ),
    # The gateway alone
    "keepalive": "Comments between the snapshots.",
    "done_null_answer": "The last object has neither text nor results, though the snapshots had.",
    "single_late_snapshot": "The text comes in one piece at the end.",
    "shrinking_results": "Later snapshots have fewer results than earlier ones, or none.",
    "rewrite": "One snapshot does not continue the one before.",
    "empty_stream": "The stream closes before any snapshot.",
    "close_without_done": "The stream ends in the middle without a word.",
    "idle_timeout": "The stream ends in the middle because the service behind was silent.",
    "upstream_401": "The gateway's own sign-in has expired (hidden in a 502).",
    "upstream_403": "The service behind the gateway takes it for a robot (hidden in a 502).",
    "upstream_429": "The service behind the gateway takes no more (hidden in a 502).",
    "upstream_503": "The service behind the gateway is down (hidden in a 502).",
    "rejected": "=CODE the service behind the gateway rejects an upload (default failed_moderation).",
    "text_only": "A prompt for a picture is answered in words (502).",
    "timeout": "A picture takes longer than the gateway waits (504).",
    "two": "A prompt gives two pictures.",
    "bare": "A picture comes with its address and nothing else.",
    "image_url": "=URL the address of the picture, instead of the demo's own.",
    # The image service alone (`image_url` works there too)
    "url": "The picture comes as an address, not within the answer.",
    "data_url": "The picture comes as a `data:` address where the address stands.",
    "revised": "The prompt comes back in other words.",
    "webp": "The picture is a WEBP.",
    "jpeg": "The picture is a JPEG.",
    "extras": "Fields besides that some servers have, null and zero among them.",
    "refused": "=CODE the prompt is against the rules (default moderation_blocked).",
    "busy": "=S the service has no time; wait S seconds (503; without value nothing is said of waiting).",
    "credits": "The account's credits are used up (429).",
    "unverified": "The organization may not draw with this model (403).",
    "strict": "`response_format` is refused, whatever the model.",
    "string_error": "Trouble, as JSON with `error` as a string.",
    "text_error": "Trouble, as plain text.",
    "empty_data": "The list of pictures is empty.",
    "empty_item": "The list of pictures has one with neither bytes nor address.",
    "broken_base64": "What stands in place of the picture is no base64.",
    "not_an_image": "The picture is a page of HTML.",
    "huge": "The picture is larger than anybody keeps.",
    "no_json": "A page of HTML comes instead of JSON, with status 200.",
    "redirect": "=URL the service is said to be elsewhere (307; by default at another host).",
}

_ECHOES = ("echo", "echo_sources")
_WORD = re.compile(r"#demo:([a-z0-9_]+)(?:=(\S+))?\s?")


class SwitchError(ValueError):
    """A switch that does not exist, or one with a value that cannot be read."""


@dataclass(frozen=True, slots=True)
class Switches:
    """The switches of one call: their values (empty where none was given), and what shall be echoed."""

    values: Mapping[str, str] = field(default_factory=dict)
    echo: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def any_of(self, *names: str) -> str:
        """The first of these switches that is on, or nothing."""
        return next((name for name in names if name in self.values), "")

    def number(self, name: str, default: float, *, most: float) -> float:
        """The value of switch `name` as a number between 0 and `most`, or `default` without a value.

        Raises SwitchError for anything else than a number.
        """
        value = self.values.get(name) or str(default)
        try:
            figure = float(value)
        except ValueError:
            figure = math.nan
        if math.isnan(figure):
            raise SwitchError(f"switch {name} takes a number, not {value!r}")
        return min(max(figure, 0.0), most)

    def without(self, *names: str) -> "Switches":
        """The same without some of them."""
        return replace(self, values={name: value for name, value in self.values.items() if name not in names})

    def still(self, name: str, time: int, default: int) -> bool:
        """Whether switch `name` is on and wants something to happen this time: its value says how often, from 1."""
        return name in self.values and time <= self.number(name, default, most=1e6)


def read_switches(prompt: str, header: str = "") -> tuple[Switches, str]:
    """The switches in a prompt and a header, and the question that is left.

    Raises SwitchError for an unknown name.
    """
    words = [word.strip().partition("=") for word in header.split(",") if word.strip()]
    values = {name: value for name, _, value in words}
    kept, position, echo = [], 0, None
    given: Mapping[str, Any] = {}
    for match in _WORD.finditer(prompt):
        kept.append(prompt[position : match.start()])
        position = match.end()
        values[match[1]] = match[2] or ""
        if match[1] in _ECHOES:
            echo, position = prompt[position:], len(prompt)
            if match[1] == "echo_sources":
                given, echo = _json_first(echo)
            break
    kept.append(prompt[position:])
    question = "".join(kept).strip() or (echo or "").strip()
    unknown = sorted(set(values) - set(TABLE))
    if unknown:
        raise SwitchError(f"the demo has no switch {', '.join(unknown)}; it knows {', '.join(TABLE)}")
    if echo is None and "echo" in values:
        echo = prompt
    return Switches(values=values, echo=echo, given=given), question


def without_switches(prompt: str) -> str:
    """An earlier prompt as a question: without its magic words, and without what it wanted echoed."""
    for name in _ECHOES:
        prompt = prompt.partition(f"#demo:{name}")[0]
    return _WORD.sub("", prompt).strip()


def _json_first(text: str) -> tuple[Mapping[str, Any], str]:
    """The lists in the JSON at the beginning of the text, and what follows it."""
    start = len(text) - len(text.lstrip())
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
        given = orjson.loads(text[start:end])  # stricter: what it reads can be written again
    except ValueError as exc:
        raise SwitchError("echo_sources must be followed by JSON") from exc
    given = {"sources": given} if isinstance(given, list) else given
    if not isinstance(given, dict) or not all(isinstance(entries, list) for entries in given.values()):
        raise SwitchError("echo_sources must be followed by a list, or by an object of lists")
    if not all(isinstance(source, dict) for source in given.get("sources", [])):
        raise SwitchError("each source that echo_sources gets must be an object")
    return given, text[end:].removeprefix(" ").removeprefix("\n")
