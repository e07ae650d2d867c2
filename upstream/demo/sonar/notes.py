"""What the demo says besides what it quotes: what it is, what it could not do, what it thought, and what was wished.

Every answer is honest about itself: it closes with where its text comes from.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from upstream.demo.documents import library, quoting
from upstream.demo.documents.extracts import Extract
from upstream.demo.sonar.messages import image_size, parts_of, text_of
from upstream.demo.switches import Switches

_LONGEST = 400_000  # characters
_MOST_LINES = 20_000


def closing(body: Mapping[str, Any], extract: Extract, *, origin: str = "", more: Sequence[str] = ()) -> str:
    """The last words of an answer; `origin` replaces what they say of where its text comes from, `more` is added."""
    mode, language = body.get("search_mode") or "web", body.get("language_preference") or "en"
    *earlier, last = body["messages"]
    system = " ".join(" ".join(text_of(one) for one in body["messages"] if one["role"] == "system").split())
    sizes = [" × ".join(map(str, image_size(part))) for part in parts_of(last, "image_url")]
    files = [_harmless(str(part.get("file_name") or "a file without a name")) for part in parts_of(last, "file_url")]
    again = sum(len(parts_of(message, kind)) for message in earlier for kind in ("image_url", "file_url"))
    besides = (
        (mode != "web", f"The demo has no {mode} sources; the addresses stand in for them."),
        (language.lower() not in ("en", "english"), f"Asked for in {language}; the demo has English text only."),
        (system, f"It cannot follow instructions, and does not repeat them; {len(system)} characters were sent."),
        (sizes, f"It cannot look at images; {len(sizes)} were sent ({', '.join(sizes)})."),
        (files, f"It cannot read files; {len(files)} were sent ({', '.join(files)})."),
        (again, f"Attachments of earlier questions that were sent again: {again}."),
    )
    notes = ["This is Parley's demo. No language model wrote this:", origin or _origin(body, extract)]
    notes += [sentence for applies, sentence in besides if applies]
    notes += more
    return f"*{' '.join(notes)}*"


def _origin(body: Mapping[str, Any], extract: Extract) -> str:
    if body.get("disable_search"):
        return "search was switched off, so no sources are named."
    if extract.sources:
        return "it is quoted word for word from the sources, texts that come with Parley and with Python."
    return "it was looked for in texts that come with Parley and with Python."


def thoughts(question: str, extract: Extract) -> str:
    """What a reasoning model thinks aloud: a true account of what was looked for and found, as plain lines."""
    shown = " ".join(question.split())[:200].replace("<", "‹").replace(">", "›")
    lines = [f"The question is: {shown}"]
    for search in extract.searches:
        found = f"{len(search.found)} titles, first {'; '.join(search.found[:3])}" if search.found else "nothing"
        lines.append(f"I search the library for “{' '.join(search.words)}”: {found}.")
    if extract.sources:
        first = extract.sources[0][0].full_title
        lines.append(f"I keep {len(extract.sources)} of them. “{first}” says the most, so it goes first.")
    else:
        lines.append(
            "Nothing is close enough to quote, so I say so." if extract.searches else ("I don't look anything up.")
        )
    return "\n".join(lines)


def replacement(switches: Switches, extract: Extract, documents_url: str) -> str | None:
    """The text that the switches `echo`, `lines` or `long` ask for instead of the composed one, or None."""
    if switches.echo is not None:
        return switches.echo
    if "lines" in switches:
        count = int(switches.number("lines", 100, most=_MOST_LINES))
        return "\n\n".join(f"Line {number} of {count}." for number in range(1, count + 1))
    if "long" not in switches:
        return None
    length = int(switches.number("long", 20_000, most=_LONGEST))
    parts, size = [extract.text], len(extract.text)
    passages = library.shared(documents_url).passages
    while passages and size < length:  # the answer, and then whatever else the library has
        parts.append(quoting.whole(passages[(len(parts) - 1) % len(passages)]))
        size += len(parts[-1]) + 2
    return "\n\n".join(parts)[:length]


def _harmless(text: str) -> str:
    """The text without signs that mean something in Markdown."""
    return re.sub(r"[^\w\s.,;:!?'’-]|_", "", text)
