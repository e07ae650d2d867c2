"""The pages that the demo cites, as a server would send them: whoever reads them asks here, not the network."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from upstream.demo.documents import library
from upstream.demo.documents.blocks import Block
from upstream.demo.documents.filters import HOSTS
from upstream.demo.documents.invented import DATE, PAGES, InventedPage
from upstream.demo.documents.passages import Passage

Response = tuple[int, Mapping[str, str], bytes]

_HTML = {"content-type": "text/html; charset=utf-8"}
_NOTHING: Response = (404, {"content-type": "text/plain"}, b"")
_FORBIDDEN = b"User-agent: *\nDisallow: /\n"
_LINE, _LONGEST_LINE = 16, 88  # points, characters


def page_at(url: str, *, documents_url: str) -> Response | None:
    """Status, headers and body of the page at the address; None for addresses that are not the demo's."""
    url = url.partition("#")[0]
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    invented = [page for page in PAGES if urlsplit(page.address).netloc == parts.netloc]
    if parts.path == "/robots.txt":
        if invented:
            return (200, {"content-type": "text/plain"}, _FORBIDDEN) if invented[0].state == "robots" else _NOTHING
        return _NOTHING if parts.netloc in _hosts(documents_url) else None
    if invented:
        return next((_invented(page) for page in invented if page.address == url), _NOTHING)
    if parts.netloc not in _hosts(documents_url):
        return None
    passages = _pages(documents_url).get(_name(url))
    return (200, _HTML, _html(passages[0].page, passages, address=url)) if passages else _NOTHING


def _invented(page: InventedPage) -> Response:
    if page.state == "gone":
        return 404, _HTML, b"<!doctype html><title>Not found</title><p>There is nothing here any more.</p>"
    if page.state == "login":
        form = '<form method="post"><input name="name"><input type="password" name="password"><button>Sign in</button>'
        head = f'<!doctype html><html lang="en"><title>{escape(page.title)}</title>'
        return 200, _HTML, f"{head}<h1>Sign in to continue</h1><p>For subscribers only.</p>{form}</form>".encode()
    if page.state == "pdf":
        return 200, {"content-type": "application/pdf"}, _pdf([page.title, *_folded(page.says)])
    passage = Passage(page.title, page.title, page.address, DATE, "invented", [Block("text", page.says)])
    return 200, _HTML, _html(page.title, [passage], address=page.address)


def _html(title: str, passages: Sequence[Passage], *, address: str) -> bytes:
    date = next((passage.date for passage in passages if passage.date), "")
    body = "".join(f"<h2>{escape(passage.title)}</h2>{''.join(_blocks(passage))}" for passage in passages)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<link rel="canonical" href="{escape(address)}"><meta property="article:published_time" content="{date}">'
        f'</head><body><nav><a href="/">Home</a></nav><main><article><h1>{escape(title)}</h1>{body}</article></main>'
        f"</body></html>"
    ).encode()


def _blocks(passage: Passage) -> Iterator[str]:
    for block in passage.blocks:
        lines = [escape(line) for line in block.text.splitlines()]
        if block.kind == "list":
            yield f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
        elif block.kind == "code":
            yield f"<pre>{escape(block.text)}</pre>"
        else:
            yield f"<p>{'<br>'.join(lines)}</p>"


@lru_cache(maxsize=4)
def _pages(documents_url: str) -> Mapping[str, Sequence[Passage]]:
    """What stands on each page, by the name of the page."""
    found: dict[str, list[Passage]] = {}
    for passage in library.shared(documents_url).passages:
        found.setdefault(_name(passage.url), []).append(passage)
    return found


def _name(url: str) -> str:
    """A page of the documents has the same one on all hosts: papers and filings are the same texts elsewhere."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@lru_cache(maxsize=4)
def _hosts(documents_url: str) -> frozenset[str]:
    found = (urlsplit(passage.url).netloc for passage in library.shared(documents_url).passages)
    return frozenset({*found, *HOSTS.values()})


def _folded(text: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        if len(line) + len(word) >= _LONGEST_LINE:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


def _pdf(lines: Sequence[str]) -> bytes:
    """A page with these lines, which may have the signs of Latin-1."""
    shown = "".join(f"({line.translate(_ESCAPED)}) Tj T* " for line in lines)
    content = zlib.compress(f"BT /F1 11 Tf {_LINE} TL 60 780 Td {shown}ET".encode("latin-1", "replace"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, written in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n" % (size, table, size)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


_ESCAPED = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})
