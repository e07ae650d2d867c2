"""What a reasoning model thinks aloud: a true account of what the demo looked for and what it found."""

from upstream.demo import library
from upstream.demo.extracts import Extract


def thoughts(question: str, extract: Extract) -> str:
    """Plain text, several lines."""
    shown = " ".join(question.split())[:200].replace("<", "‹").replace(">", "›")
    lines = [f"The question is: {shown}"]
    wanted = library.words(question)
    lines.append(f"Words worth looking for: {', '.join(wanted)}." if wanted else "It has no word worth looking for.")
    for search in extract.searches:
        found = f"{len(search.found)} titles, first {'; '.join(search.found[:3])}" if search.found else "nothing"
        lines.append(f"I search the library for “{' '.join(search.words)}”: {found}.")
    if extract.sources:
        first = extract.sources[0][0].full_title
        lines.append(f"I keep {len(extract.sources)} of them. “{first}” says most, so it goes first.")
        lines.append("I quote the best sentences and mark each with its source.")
    elif not extract.searches:
        lines.append("I look nothing up.")
    else:
        lines.append("Nothing is close enough to quote, so I say so.")
    return "\n".join(lines)
