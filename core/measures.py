"""What happens in this process, counted for those who watch Parley: `GET /metrics` tells it (docs/operating.md).

Counting costs about a microsecond, asks no database, and may be done from any thread. Labels are names of providers,
states and kinds, of which there are few; they never tell people, teams or words.
"""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each, which nobody asks for

REGISTRY = CollectorRegistry()
_TO_FIRST_WORD = (0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 600)
_TO_END = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
_IN_QUEUE = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600)
_COMMITS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _counter(name: str, what: str, *labels: str) -> Counter:
    return Counter(name, what, labels, registry=REGISTRY)


def _seconds(name: str, what: str, *labels: str, bounds: Sequence[float]) -> Histogram:
    return Histogram(name, what, labels, registry=REGISTRY, buckets=bounds)


ANSWERS = _counter("parley_answers", "Answers that ended.", "provider", "state")
FIRST_WORD = _seconds(
    "parley_answer_first_word_seconds", "From the question to the first word.", "provider", bounds=_TO_FIRST_WORD
)
DURATION = _seconds(
    "parley_answer_duration_seconds", "From the question to the end of its answer.", "provider", bounds=_TO_END
)
QUEUE_WAIT = _seconds(
    "parley_answer_queue_seconds", "From the question to its being sent.", "provider", bounds=_IN_QUEUE
)
COMMITS = _seconds(
    "parley_event_log_commit_seconds", "A commit of what running answers say, waiting included.", bounds=_COMMITS
)
ERRORS = _counter("parley_errors", "Answers and images that failed or broke off, by why.", "provider", "kind")
OUTAGES = _counter("parley_outages", "Times that database or disk could not be used.", "kind")
RESPONSES = _counter("parley_responses", "Responses to requests.", "status")
STREAMS = Gauge("parley_open_streams", "Open connections to streams.", ["kind"], registry=REGISTRY)


def answer_ended(
    *,
    provider: str,
    state: str,
    asked_at: datetime,
    sent_at: datetime | None,
    first_word_at: datetime | None,
    ended_at: datetime,
    error: str,
) -> None:
    """Count an answer that ended, and how long people waited for it. `error` is the kind of what went wrong, empty
    where nothing did."""
    ANSWERS.labels(provider, state).inc()
    if error:
        ERRORS.labels(provider, error).inc()
    DURATION.labels(provider).observe(_between(asked_at, ended_at))
    if sent_at:
        QUEUE_WAIT.labels(provider).observe(_between(asked_at, sent_at))
    if first_word_at:
        FIRST_WORD.labels(provider).observe(_between(asked_at, first_word_at))


def _between(earlier: datetime, later: datetime) -> float:
    """Seconds, none where two clocks disagree."""
    return max((later - earlier).total_seconds(), 0.0)
