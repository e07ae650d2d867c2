"""What another app on somebody's phone or computer shares into a new question (config/manifest.py)."""

from django.http import HttpRequest

from core.text import visible_text


def shared_text(request: HttpRequest) -> str:
    """The title, text and link at `?title=`, `?text=` and `?url=`, each once and on lines of their own; empty for none.

    Apps put the link into the text, too, or there alone.
    """
    lines: list[str] = []
    for name in ("title", "text", "url"):
        part = visible_text(request.GET.get(name, "")).strip()
        if part and not any(part in line for line in lines):
            lines.append(part)
    return "\n".join(lines)
