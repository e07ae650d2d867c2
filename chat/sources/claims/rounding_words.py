"""The words before a figure that say how exact it is, in several languages."""

import re
from enum import StrEnum

from chat.sources.claims.folding import listed

LOOK_BACK = 24  # characters


class Lean(StrEnum):
    """How a text says that a figure is rounded, and to which side."""

    EXACT = ""
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"


_BETWEEN = r"(?:[ \u00a0]?(?:an? |de |d'|l[ao]s? |les |el |the )?)[ \u00a0]?\Z"
_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.|c\.|close to|up to|"
    r"etwa|rund|ungef\u00e4hr|zirka|gegen|bis zu|environ|autour de|quelque|jusqu'\u00e0|"
    r"unos|unas|cerca del?|aproximadamente|alrededor del?|en torno al?|hasta|uns|umas|em torno de|por volta de)|"
    rf"~|\u2248|\u7d04|約|约|およそ|ほぼ|大约|حوالي|نحو){_BETWEEN}",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"(?:\b(?:more than|over|at least|above|upwards of|exceed(?:s|ed|ing)|just over|a little over|in excess of|"
    r"\u00fcber|mehr als|gut|mindestens|plus d[e']|au moins|un peu plus d[e']|"
    rf"m\u00e1s del?|al menos|poco m\u00e1s de|mais de|pelo menos)|超过|超|أكثر من){_BETWEEN}",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"(?:\b(?:nearly|almost|just under|under|less than|fewer than|below|knapp|fast|weniger als|unter|nahezu|beinahe|"
    r"pr\u00e8s d[e']|presque|quasi|moins d[e']|casi|menos de|quase)|"
    rf"近|不到|未満){_BETWEEN}",
    re.IGNORECASE,
)
_LAST = frozenset(
    listed("""
about around approximately approx roughly some circa nearly almost to etwa rund ungef\u00e4hr knapp fast zirka gegen
environ de quasi presque quelque unos unas uns umas casi aproximadamente quase than over least above below of exceeds
exceeded exceeding \u00fcber als gut mindestens moins under unter menos bis hasta a an d l los las les el del al nahezu
beinahe zu the
""")
)


def lean_of(before: str) -> Lean:
    """How exact a figure is by what stands before it, of which `LOOK_BACK` characters are enough."""
    words = before.lower().split()
    last = words[-1] if words else ""
    if not (last in _LAST or last[-1:] > "\u0600" or last.endswith(("'", ".", "~", "\u00e0"))):
        return Lean.EXACT
    for lean, pattern in ((Lean.OVER, _OVER), (Lean.UNDER, _UNDER), (Lean.ABOUT, _ABOUT)):
        if pattern.search(before):
            return lean
    return Lean.EXACT
