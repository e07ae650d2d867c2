"""How a document goes along with a question: as the file that it is, or as the text that is in it."""

from functools import cache

from django.conf import settings

from chat.catalog import providers
from files import limits
from upstream.agent.file_intake import FileIntake
from upstream.endpoints import PERPLEXITY
from upstream.sonar.request import TAKEN_AS_FILES

AGENT = "agent"


def agent_file_intake() -> FileIntake:
    """What is known of the Agent API's taking files, shared by all processes on this data folder."""
    address = "demo" if providers.is_demo() else settings.PERPLEXITY_BASE_URL or PERPLEXITY
    return _file_intake(f"{address} {settings.PERPLEXITY_AGENT_PATH}")


@cache
def _file_intake(endpoint: str) -> FileIntake:
    return FileIntake(settings.DATA_DIR / "cache" / "agent-files.json", endpoint=endpoint)


def takes_file(media_type: str, *, provider: str) -> bool:
    """Whether a document of this type is sent as a file, at least as a first attempt."""
    if provider == AGENT:
        return not agent_file_intake().is_refused()
    return media_type in TAKEN_AS_FILES


def needs_text(media_type: str, *, provider: str) -> bool:
    """Whether the text of such a document goes along, for a service that takes no such file, or may not."""
    return provider == AGENT or media_type not in TAKEN_AS_FILES


def most_bytes(*, provider: str) -> int:
    """Bytes of attachments that go with one request."""
    return limits.MOST_AGENT_BYTES if provider == AGENT else limits.MOST_TOGETHER_BYTES
