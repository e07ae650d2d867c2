"""What pages say of documents of spaces."""

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.documents.problems import sentence_for
from chat.models import DocumentVersion
from core.web.formats import number
from core.web.wording import enumerated
from files.formats import DOC, DOCUMENTS, format_of
from files.limits import MOST_UPLOAD_BYTES

register = template.Library()

_TAKEN = [one for one in DOCUMENTS if one is not DOC]
_ACCEPT = ",".join([*(one.media_type for one in _TAKEN), *(ending for one in _TAKEN for ending in one.endings)])


@register.simple_tag
def documents_accepted() -> str:
    """What a browser shall offer to choose."""
    return _ACCEPT


@register.simple_tag
def largest_document() -> int:
    """Bytes of the largest file that is taken."""
    return MOST_UPLOAD_BYTES


@register.filter
def version_described(version: DocumentVersion) -> str:
    """What a version is: its kind, its pages, its size."""
    found = format_of(version.media_type)
    return enumerated(filter(None, (found.label if found else "", length_of(version), filesizeformat(version.size))))


@register.filter
def length_of(version: DocumentVersion) -> str:
    """How many pages, slides or sheets it has, in words; empty where it has none."""
    count = version.pages
    if not count or not version.is_numbered:
        return ""
    words = {
        "page": ngettext("%(n)s page", "%(n)s pages", count),
        "slide": ngettext("%(n)s slide", "%(n)s slides", count),
        "sheet": ngettext("%(n)s sheet", "%(n)s sheets", count),
    }
    return words[version.unit] % {"n": number(count)}


@register.simple_tag
def place_in(version_unit: str, page: int, label: str = "") -> str:
    """Where something stands, in words: *Page 12*, *Slide 3*, *Line 40*; the label where its number says nothing."""
    words = {
        "page": _("Page %(n)s"),
        "slide": _("Slide %(n)s"),
        "sheet": _("Sheet %(n)s"),
        "line": _("Line %(n)s"),
    }
    if version_unit not in words:
        return label
    return words[version_unit] % {"n": number(page)}


@register.filter
def reading_problem(version: DocumentVersion) -> str:
    """What people should know about its text; empty when all is well."""
    return sentence_for(version.problem, pages=version.pages)
