"""What a page says of itself: its title, its language, its date, its own address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import orjson

_LONGEST = 500  # characters
_LONGEST_DATA = 200_000  # characters of a piece of JSON-LD
_MOST_DATA = 20
_TITLES = ("citation_title", "og:title", "twitter:title", "dc.title", "dcterms.title")
_DATES = (
    "citation_publication_date", "citation_online_date", "citation_date", "article:published_time", "og:published_time",
    "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "prism.publicationdate",
    "parsely-pub-date", "sailthru.date", "pubdate", "date",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Head:
    """`meta` has the page's properties by their names in lower case. `free` is False where it says that only some may
    read it. What it does not say is empty."""

    title: str = ""
    language: str = ""
    published: str = ""
    canonical: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    free: bool = True


def read_head(tree: Any, *, url: str) -> Head:
    """What the page at the address says of itself."""
    meta = _meta(tree)
    data = list(_linked_data(tree))
    title: str = next((meta[name] for name in _TITLES if meta.get(name)), "") or _words(tree.findtext(".//title"))
    language: str = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    language = language or meta.get("content-language", "") or meta.get("og:locale", "")
    said = next((meta[name] for name in _DATES if meta.get(name)), "")
    said = said or next((str(one["datePublished"]) for one in data if one.get("datePublished")), "")
    found = _LANGUAGE.match(language.strip())
    return Head(
        title=title[:_LONGEST],
        language=found[0].replace("_", "-")[:35] if found else "",
        published=_day(said),
        canonical=_canonical(tree, url),
        meta=meta,
        free=not any(str(one.get("isAccessibleForFree", "")).lower() == "false" for one in data),
    )


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or element.get("http-equiv")
        if name and (content := _words(element.get("content"))):
            found.setdefault(name.strip().lower()[:100], content[:2000])
    return found


def _canonical(tree: Any, url: str) -> str:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and (href := (element.get("href") or "").strip()):
            try:
                return str(urljoin(url, href))[:4000]
            except ValueError:
                return ""
    return ""


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """The things that the page describes in JSON-LD."""
    read = 0
    for element in tree.iter("script"):
        if (element.get("type") or "").strip().lower() != "application/ld+json" or read >= _MOST_DATA:
            continue
        read += 1
        try:
            value = orjson.loads((element.text or "")[:_LONGEST_DATA])
        except orjson.JSONDecodeError:
            continue
        listed = value if isinstance(value, list) else [value]
        for one in listed[:_MOST_DATA]:
            if isinstance(one, dict):
                yield one
                graph = one.get("@graph")
                yield from (each for each in graph[:100] if isinstance(each, dict)) if isinstance(graph, list) else ()


def _day(said: str) -> str:
    """The day as `YYYY-MM-DD` where it is written in that order, else what the page says."""
    found = _DAY.match(said.strip())
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else said.strip()[:40]


def _words(text: str | None) -> str:
    return " ".join((text or "").split())
