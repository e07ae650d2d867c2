"""The text in bytes that may be in any encoding, whatever they say of themselves."""

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_IN_META = re.compile(rb"<meta[^>]{1,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_IN_XML = re.compile(rb"^\s*<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_LOOKED_AT = 4096
_GUESSED_FROM = 65_536
_MEANT = {  # as browsers read these names (encoding.spec.whatwg.org)
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_NEVER = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
_NOT_LATIN = (
    "gb", "hz", "big5", "cp932", "cp936", "cp949", "cp950", "shift_jis", "euc", "iso2022", "johab",
    "cp1251", "cp1253", "cp1255", "cp1256", "cp866", "cp874", "koi8", "iso8859_5", "iso8859_6", "iso8859_7",
    "iso8859_8", "iso8859_11", "mac_cyrillic", "mac_greek", "tis_620",
)  # fmt: skip
_LANGUAGE = re.compile(rb"<html[^>]{0,200}?\blang\s*=\s*[\"']?([A-Za-z]{2})", re.IGNORECASE)
_OF_LANGUAGE = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl", "bs", "sq"), "cp1250"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    **dict.fromkeys(("tr", "az"), "cp1254"),
    "vi": "cp1258",
}
_FEW = 0.002  # of all characters, that may be wrong in a text which is UTF-8 by its own word


def decode(data: bytes, *, said: str = "") -> str:
    """The text. `said` is what the server calls the encoding, if it does.

    Bytes that are UTF-8 are taken for it, whatever anybody says: by accident they hardly ever are.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    names = [name for name in (_codec(said), _codec(_in_page(data))) if name]
    if not data.isascii() or not names:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    for name in ["utf-8", *names] if not names or "utf-8" in names else names:
        text = data.decode(name, "replace")
        if text.count("\ufffd") <= _FEW * len(text):
            return text
    return data.decode(_guessed(data), "replace")


def _in_page(data: bytes) -> str:
    found = _IN_META.search(data[:_LOOKED_AT]) or _IN_XML.match(data[:_LOOKED_AT])
    return found[1].decode("ascii", "replace") if found else ""


def _codec(name: str) -> str:
    """Python's codec for the name; empty for an unknown one, and for what is no encoding of text."""
    try:
        found = codecs.lookup(name.strip()) if name.strip() else None
    except (LookupError, ValueError):
        return ""
    if found is None or found.name in _NEVER or not getattr(found, "_is_text_encoding", True):
        return ""
    return _MEANT.get(found.name, found.name)


def _guessed(data: bytes) -> str:
    """What it most likely is. Of encodings with Latin letters, which look much the same to statistics, the one that the
    page's language was written in."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESSED_FROM]).best()
    if best and best.encoding.startswith(_NOT_LATIN):
        return _MEANT.get(best.encoding, best.encoding)
    language = _LANGUAGE.search(data[:_LOOKED_AT])
    return _OF_LANGUAGE.get(language[1].decode().lower(), "cp1252") if language else "cp1252"
