"""One thing that a person is told of, and how it is put for their browser."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from chat.models import Answer, Watch
from core import sse

Kind = Literal["ended", "asked", "seen", "check", "changed", "stopped", "verification", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An answer ended, somebody asked, a person saw a conversation, citations are being checked, the answer to a
    watched question changed, a watch stopped by itself, what somebody verified ends, or another
    package has news for somebody.

    `subject` is the answer, the question, the read mark, the check, the run of the watch, the watch that stopped or the
    verification; `answer` is that of the check or the one that was verified; `by` who asked it, who saw, or whose it
    is. `state` is that of an answer that ended, or says why a watch stopped, or *soon* or *over* of a verification;
    `name` and `position` belong to a question, the latter also to the one whose answer was verified; `watch` to a
    change; `text` and `address` to news of another package, whose `subject` is what it calls them. `by_program` says
    that a program of that person asked for the answer.
    """

    kind: Kind
    at: datetime
    subject: UUID | int | str
    conversation_id: UUID | None
    title: str
    by: UUID
    state: str = ""
    name: str = ""
    position: int = 0
    watch: UUID | None = None
    answer: UUID | None = None
    text: object = ""
    address: str = ""
    by_program: bool = False

    @property
    def key(self) -> str:
        """The same for the same news, however often it is told."""
        again = f" {milliseconds(self.at)}"
        many = {"seen": again, "stopped": again, "verification": f" {self.state}"}
        return f"{self.kind} {self.subject}{many.get(self.kind, '')}"


def milliseconds(moment: datetime) -> int:
    """The moment as a stream numbers its messages."""
    return int(moment.timestamp() * 1000)


def frame(notice: Notice, *, reader_id: UUID, language: str) -> bytes:
    """The notice as an event for this person, in their language."""
    said = {
        "kind": notice.kind,
        "key": notice.key,
        "conversation": str(notice.conversation_id or ""),
        "isOwn": notice.by == reader_id and not notice.by_program,
    }
    if notice.kind == "check":
        said["place"] = f"check-{notice.answer}"
    elif notice.kind != "seen":
        with translation.override(language):
            said |= _words(notice)
    return sse.message("notice", json.dumps(said), id=milliseconds(notice.at))


def _words(notice: Notice) -> dict[str, str]:
    if notice.kind == "other":
        text = str(notice.text)
        return {
            "title": notice.title,
            "address": notice.address,
            "mark": text,
            "text": text,
            "place": "",
            "show": _("Show"),
        }
    address = reverse("chat:conversation", args=[notice.conversation_id])
    if notice.kind == "asked":
        return {
            "title": notice.title,
            "address": f"{address}?around={notice.position}",
            "mark": _("New question"),
            "text": _("%(name)s asked a question") % {"name": notice.name},
            "place": f"exchange-{notice.subject}",
            "show": _("Show"),
        }
    if notice.kind == "changed":
        return {
            "title": notice.title,
            "address": reverse("chat:watch_run", args=[notice.watch, notice.subject]),
            "mark": _("Answer changed"),
            "text": _("The answer changed: %(question)s") % {"question": notice.title},
            "place": "",
            "show": _("Show"),
        }
    if notice.kind == "stopped":
        return {
            "title": notice.title,
            "address": reverse("chat:watch", args=[notice.subject]),
            "mark": _("Watch stopped"),
            "text": _("A watch of yours stopped. %(reason)s") % {"reason": Watch.Reason(notice.state).label},
            "place": "",
            "show": _("Show"),
        }
    if notice.kind == "verification":
        is_over = notice.state == "over"
        text = _("What you verified has reached its end") if is_over else _("What you verified ends in a week")
        return {
            "title": notice.title,
            "address": f"{address}?around={notice.position}#answer-{notice.answer}",
            "mark": _("Verification"),
            "text": text,
            "place": f"answer-{notice.answer}",
            "show": _("Show"),
        }
    is_whole = notice.state == Answer.State.FINISHED
    text = _("Answer ready") if is_whole else _("Answer ended early")
    return {
        "title": notice.title,
        "address": address,
        "state": notice.state,
        "mark": f"✓ {text}" if is_whole else text,
        "text": text,
        "place": f"answer-{notice.subject}",
    }
