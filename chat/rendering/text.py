"""Characters: tidying what comes in, escaping what goes out."""

import re

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def tidy(text: str) -> str:
    """The text with plain line ends and without characters that no page can hold (NUL and halves of pairs)."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if not text.isascii() and _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
    return text


def escape(text: str) -> str:
    """The text as HTML text, in exactly the spelling that the sanitiser uses."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\xa0" in text:
        text = text.replace("\xa0", "&nbsp;")
    return text


def escape_attribute(text: str) -> str:
    """The text as the value of an attribute in double quotes, on one line."""
    return escape(" ".join(tidy(text).split())).replace('"', "&quot;")
