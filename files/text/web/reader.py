"""Has a page of the web read in a process of its own, which the system ends when it takes too much time or memory.

Pages and documents of the web have a process of their own, so that nobody who attaches a file waits for them.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from files.documents import check_document
from files.errors import FileRefused
from files.formats import HEAD, HTML, PDF, RTF, TXT, Format, document_format
from files.isolation import Bounds as ProcessBounds
from files.isolation import Outcome, Runner
from files.limits import MEGABYTE, MOST_JUDGING_MEMORY
from files.text.bounds import Bounds
from files.text.document_text import DocumentText, Problem
from files.text.reader import PROBLEMS, read_with, text_in

PAGE_BOUNDS = Bounds(cpu=20, time=45, text=2_000_000)
"""Those for one page or document of the web."""
_ROBOTS_BOUNDS = ProcessBounds(cpu=2, time=5, memory=MOST_JUDGING_MEMORY, output=MEGABYTE)
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
_BEGINNINGS = (b"<!doctype html", b"<html", b"<head", b"<body")
_UNNAMED = ("", "application/octet-stream", "binary/octet-stream")

_runner = Runner("files.text.web.process", "trafilatura")
_robots_runner = Runner("files.text.web.robots", "protego")  # which waits for no long page


@dataclass(frozen=True, slots=True)
class WebPage:
    """What was read of a page.

    `problem` is empty, or one of `files.text.Problem` or of `files.text.web.walls`: with `text` it says what is missing
    of that, without why there is none. `canonical` is the address that the page gives itself, `newer` what it says of
    its standing as a publication (`files.text.web.publications`). `media_type` is what the bytes are.
    """

    text: DocumentText = field(default_factory=DocumentText)
    problem: str = ""
    media_type: str = ""
    title: str = ""
    language: str = ""
    published: str = ""
    canonical: str = ""
    newer: Mapping[str, str] = field(default_factory=dict)


def read_web_page(data: bytes, *, media_type: str, charset: str, url: str) -> WebPage:
    """Read what a server sent for the address, and said of it. Takes up to a minute and a half, and waits for other
    pages before. Raises OSError when no process can be started."""
    kind = _kind_of(data, media_type)
    if kind is None:
        return WebPage(problem=Problem.UNREADABLE.value, media_type=media_type)
    if kind is HTML:
        return _read_html(data, charset, url)
    if kind is TXT:
        return _read_plain(data, charset)
    source = io.BytesIO(data)
    try:
        kind = check_document(source, kind)
    except FileRefused:
        # A PDF without its end is opened nevertheless: PDFium finds what there is.
        if kind not in (PDF, RTF):
            return WebPage(problem=Problem.DAMAGED.value, media_type=kind.media_type)
    text = read_with(_runner, source, kind.media_type, PAGE_BOUNDS)
    return WebPage(text=text, problem=text.problem.value, media_type=kind.media_type)


def judge_robots(text: bytes, *, url: str, agent: str) -> tuple[bool, float] | None:
    """Whether a robots.txt lets the agent read the address, and the seconds between two requests that it wants; None
    where it cannot be judged. Raises OSError when no process can be started."""
    job = "files.text.web.robots:judge"
    with _robots_runner.run(job, io.BytesIO(text), bounds=_ROBOTS_BOUNDS, url=url, agent=agent) as ended:
        if ended.outcome is not Outcome.FINISHED:
            return None
        allowed, delay = ended.value
        return bool(allowed), float(delay)


def _kind_of(data: bytes, media_type: str) -> Format | None:
    """What the bytes are: by their beginning, else by what the server calls them. None for what nobody here reads."""
    head = data[:HEAD]
    if found := document_format(head):
        return found
    if media_type in _HTML_TYPES or head.lstrip(b"\xef\xbb\xbf\r\n\t ").lower().startswith(_BEGINNINGS):
        return HTML
    if media_type.startswith("text/") or media_type.endswith("json"):
        return TXT
    return TXT if media_type in _UNNAMED and b"\0" not in data[:4096] and data else None


def _read_html(data: bytes, charset: str, url: str) -> WebPage:
    page = _run("read_html", data, charset=charset, url=url, plainly=False)
    if page.problem in (Problem.DAMAGED, Problem.TOO_HEAVY, Problem.TOO_SLOW) and not page.text.passages:
        return _run("read_html", data, charset=charset, url=url, plainly=True)
    return page


def _read_plain(data: bytes, charset: str) -> WebPage:
    page = _run("read_plain", data, charset=charset)
    return WebPage(text=page.text, problem=page.problem, media_type=TXT.media_type)


def _run(job: str, data: bytes, **arguments: str | bool) -> WebPage:
    with _runner.run(
        f"files.text.web.process:{job}",
        io.BytesIO(data),
        bounds=PAGE_BOUNDS.of_process(),
        **{"text": PAGE_BOUNDS.text, "cpu": PAGE_BOUNDS.cpu // 2, **arguments},
    ) as ended:
        lines = list(ended.output)
        problem = PROBLEMS[ended.outcome].value if ended.outcome in PROBLEMS else str(ended.value)
    known = Problem(problem) if problem in list(Problem) else Problem.NONE
    told = _told(lines[0]) if lines else {}
    return WebPage(
        text=text_in(lines, known),
        problem=problem,
        media_type=HTML.media_type,
        title=told.get("title", ""),
        language=told.get("language", ""),
        published=told.get("published", ""),
        canonical=told.get("canonical", ""),
        newer=told.get("newer", {}),
    )


def _told(line: bytes) -> dict[str, Any]:
    """What the page says of itself, if that is the line."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) and "title" in value else {}
