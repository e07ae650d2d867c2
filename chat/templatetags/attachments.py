"""What pages say of files: before they are uploaded, once they are attached, and when they went with a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.answers.document_blocks import MOST_TEXT
from chat.models import Answer, Attachment
from core.web.wording import enumerated
from files import limits
from files.formats import DOCUMENTS, PICTURES, PPTX, XLSX, format_of
from files.text import sentence_about

register = template.Library()

_ACCEPT = ",".join(
    [*(one.media_type for one in PICTURES), *(ending for one in (*PICTURES, *DOCUMENTS) for ending in one.endings)]
)


@register.simple_tag
def attachment_limits() -> dict[str, Any]:
    """How many attachments, how many bytes of each and together, and what a browser shall offer to choose."""
    return {
        "count": limits.MOST_ATTACHMENTS,
        "upload": limits.MOST_UPLOAD_BYTES,
        "picture": limits.MOST_PICTURE_BYTES,
        "together": limits.MOST_TOGETHER_BYTES,
        "accept": _ACCEPT,
    }


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A document that went with a question, and how, in words."""

    name: str
    how: str


@register.filter
def described(attachment: Attachment) -> str:
    """What the attachment is: its kind, its pages or pixels, its size."""
    found = format_of(attachment.media_type)
    size = filesizeformat(attachment.size)
    if attachment.width:
        return enumerated([size, f"{attachment.width} × {attachment.height}"])
    return enumerated(filter(None, (found.label if found else "", _length_of(attachment), size)))


@register.filter
def text_problem(attachment: Attachment) -> str:
    """What readers should know about the text of a document; empty when all is well."""
    problem = sentence_about(attachment.text_problem, count=attachment.pages)
    return problem or _about_its_length(attachment)


@register.filter
def documents_sent(answer: Answer) -> list[SentDocument]:
    """The documents that went along with the answer's question, and those that found no room."""
    request = answer.request if isinstance(answer.request, Mapping) else {}
    as_files = not request.get("documents_inlined")
    return [
        SentDocument(name=str(one.get("name", "")), how=_how(one, as_file=as_files and one.get("way") == "file"))
        for one in request.get("documents", ())
        if isinstance(one, Mapping)
    ]


def _about_its_length(attachment: Attachment) -> str:
    if (attachment.characters or 0) <= MOST_TEXT:
        return ""
    pages = attachment.pages * MOST_TEXT // (attachment.characters or 1)
    if pages < 1:
        return _("This document is long. Models that don’t accept files get only the beginning.")
    return ngettext(
        "This document is long. Models that don’t accept files get only the beginning, about %(count)s page.",
        "This document is long. Models that don’t accept files get only the beginning, about %(count)s pages.",
        pages,
    ) % {"count": pages}


def _length_of(attachment: Attachment) -> str:
    count = attachment.pages
    if not count:
        return ""
    if attachment.media_type == PPTX.media_type:
        return ngettext("%(count)s slide", "%(count)s slides", count) % {"count": count}
    if attachment.media_type == XLSX.media_type:
        return ngettext("%(count)s sheet", "%(count)s sheets", count) % {"count": count}
    return ngettext("%(count)s page", "%(count)s pages", count) % {"count": count}


def _how(sent: Mapping[str, Any], *, as_file: bool) -> str:
    if as_file:
        return _("the whole file")
    if sent.get("has_none"):
        return _("nothing, because it has no text")
    if "whole" not in sent:
        return _("nothing, because it didn’t fit")
    if sent["whole"]:
        return _("all of its text")
    numbers = {name: sent.get(name) for name in ("first", "last", "count")}
    sentences = {
        "page": _("the text of pages %(first)s–%(last)s of %(count)s"),
        "slide": _("the text of slides %(first)s–%(last)s of %(count)s"),
        "sheet": _("the text of sheets %(first)s–%(last)s of %(count)s"),
    }
    found = sentences.get(str(sent.get("unit")))
    return found % numbers if found else _("the beginning of its text")
