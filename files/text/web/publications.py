"""What the page of a publication says about its standing: retracted, withdrawn, or followed by a newer version.

It is believed only in the places where publishers say so: in the title, in the properties of the page, and in the line
with which arXiv tells a paper's versions. A page that writes about a retraction says nothing of its own.
"""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from files.text.web.head import Head

_RETRACTED = re.compile(r"^\W{0,3}(?:RETRACTED|Retracted)(?: (?:ARTICLE|Article|PAPER|Paper|CHAPTER|Chapter))?\s*[:\]]")
_WITHDRAWN = re.compile(r"^\W{0,3}(?:WITHDRAWN|Withdrawn|REMOVED)(?: (?:ARTICLE|Article|PAPER|Paper))?\s*[:\]]")
_NOTICE = re.compile(
    r"\bthis (?:article|paper|preprint|chapter) (?:has been|was) (retracted|withdrawn)\b", re.IGNORECASE
)
_OLD_ON_ARXIV = re.compile(r"\(this version(?:, v\d{1,3})?\), latest version [^()]{1,60}\(v(\d{1,3})\)")
_ARXIV_ID = re.compile(r"/abs/((?:[a-z-]+(?:\.[A-Z]{2})?/)?[\d.]{7,12})(?:v\d{1,3})?$")
_NEWER_VERSION = re.compile(
    r"\b(?:a newer|an updated|the (?:current|latest)) version of this (?:article|preprint|paper)\b", re.IGNORECASE
)
_NEAR_THE_TOP = 1500  # characters


def standing_of(tree: Any, head: Head, *, url: str, text: str) -> dict[str, str]:
    """Empty where the page says nothing; else `kind` (`retracted`, `withdrawn` or `newer`), `words` that say so, and,
    where the page tells, `address` and `version` of what is newer. `text` is what is read of the page."""
    title = " ".join(" ".join((element.text_content() or "").split()) for element in list(tree.iter("h1"))[:3])
    for said in (head.title, head.meta.get("citation_title", ""), head.meta.get("dc.title", ""), title):
        if _RETRACTED.match(said):
            return {"kind": "retracted", "words": said[:300]}
        if _WITHDRAWN.match(said):
            return {"kind": "withdrawn", "words": said[:300]}
    if _is_arxiv(url):
        return _standing_on_arxiv(tree, url)
    if not any(name.startswith(("citation_", "prism.", "dc.identifier")) for name in head.meta):
        return {}
    top = text[:_NEAR_THE_TOP]
    if found := _NOTICE.search(top):
        return {"kind": found[1].lower(), "words": _sentence_around(top, found)}
    if found := _NEWER_VERSION.search(top):
        return {"kind": "newer", "words": _sentence_around(top, found)}
    return {}


def _is_arxiv(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return f".{host}".endswith(".arxiv.org")


def _standing_on_arxiv(tree: Any, url: str) -> dict[str, str]:
    """docs/pages.md, "Publications"."""
    for element in tree.xpath("//*[contains(@class,'comments') or contains(@class,'error')]")[:10]:
        said = " ".join((element.text_content() or "").split())
        if re.search(r"\bpaper has been withdrawn\b|\bwithdrawn by\b", said, re.IGNORECASE):
            return {"kind": "withdrawn", "words": said[:300]}
    for element in tree.xpath("//*[contains(@class,'dateline')]")[:3]:
        said = " ".join((element.text_content() or "").split())
        if found := _OLD_ON_ARXIV.search(said):
            path = _ARXIV_ID.search(urlsplit(url).path)
            address = urljoin(url, f"/abs/{path[1]}") if path else ""
            return {"kind": "newer", "version": f"v{found[1]}", "words": said[:300], "address": address}
    return {}


def _sentence_around(text: str, found: "re.Match[str]") -> str:
    begin = max(text.rfind("\n", 0, found.start()), text.rfind(". ", 0, found.start()) + 1, 0)
    ends = [place for sign in ("\n", ". ") if (place := text.find(sign, found.end())) >= 0]
    return text[begin : min(ends, default=len(text)) + 1].strip()[:300]
