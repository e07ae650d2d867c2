"""What is left after the storm, counted: everything that people were told, against what is stored."""

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.storm.deployment import Deployment
from tests.storm.diary import Diary, Question
from tests.storm.upstream import COST, StormUpstream, word

THREADS_MORE, FILES_MORE, MEGABYTES_MORE = 6, 30, 80
"""How much more than before the storm a worker may have: pools and caches fill by and by, leaks grow for ever."""

_LAST_LINE = re.compile(r"^Traceback \(most recent call last\):\n(?: .*\n)*(\S.*)", re.M)


@dataclass(frozen=True)
class Worker:
    """What one worker process has: threads, open files, and memory in MB."""

    threads: int
    files: int
    megabytes: float

    @classmethod
    def of(cls, pid: int) -> "Worker":
        """The figures of this process. Raises OSError when it is gone."""
        status = Path(f"/proc/{pid}/status").read_text()
        resident = re.search(r"VmRSS:\s+(\d+)", status)
        threads = re.search(r"Threads:\s+(\d+)", status)
        assert resident
        assert threads
        files = len([*Path(f"/proc/{pid}/fd").iterdir()])
        return cls(int(threads[1]), files, int(resident[1]) / 1024)

    def leaks(self, before: "Worker") -> bool:
        """Whether it has more than it had by more than pools and caches explain."""
        return (
            self.threads > before.threads + THREADS_MORE
            or self.files > before.files + FILES_MORE
            or self.megabytes > before.megabytes + MEGABYTES_MORE
        )


@dataclass
class Verdict:
    """What was found: `faults` must be empty, `figures` are told."""

    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def expect(self, what: str, wrong: list[Any]) -> None:
        """Note a fault where the list is not empty."""
        self.figures[what] = len(wrong)
        if wrong:
            self.faults.append(f"{what}: {len(wrong)}, such as {wrong[:3]}")


class Audit:
    """Looks at a deployment that has calmed down."""

    def __init__(self, deployment: Deployment, diary: Diary, upstream: StormUpstream) -> None:
        self._store = deployment.store
        self._deployment = deployment
        self._diary = diary
        self._upstream = upstream

    def is_calm(self) -> bool:
        """Whether nothing is being written or drawn any more."""
        live = self._store.rows("SELECT count(*) FROM chat_answer WHERE state IN ('waiting', 'writing')")[0][0]
        drawing = self._store.rows("SELECT count(*) FROM imaging_generatedimage WHERE state = 'drawing'")[0][0]
        return bool(live == drawing == 0)

    def verdict(self, before: Worker) -> Verdict:
        """Everything that can be counted. `before` is a worker from before the storm."""
        found = Verdict()
        self._questions(found)
        self._money(found)
        self._files(found)
        self._images(found)
        self._processes(found, before)
        self._tracebacks(found)
        found.expect("what must never happen", self._diary.complaints)
        return found

    def _questions(self, found: Verdict) -> None:
        rows = self._store.rows("SELECT id, key, state, text, error FROM chat_answer")
        by_id = {str(uuid.UUID(str(row[0]))): row for row in rows}
        keys = Counter(str(uuid.UUID(str(row[1]))) for row in rows)
        asked = [question for question in self._diary.questions.values() if question.acknowledged]
        stored = [(question, by_id[question.answer]) for question in asked if question.answer in by_id]
        found.figures["questions acknowledged"] = len(asked)
        found.figures["states"] = dict(Counter(row[2] for row in rows))
        found.figures["failed because"] = dict(Counter(str(row[4])[:110] for row in rows if row[2] == "failed"))
        found.expect("questions lost", [question for question in asked if question.answer not in by_id])
        found.expect("questions stored twice", [key for key, times in keys.items() if times > 1])
        found.expect("answers left being written", [row[0] for row in rows if row[2] in ("waiting", "writing")])
        found.expect("words seen and not stored", [q for q, row in stored if not _has_seen(q, row[3])])
        found.expect("words twice or out of order", [q.number for q, row in stored if not _in_order(q, row[3])])
        found.expect("ends shown that are not stored", [(q.shown, row[2]) for q, row in stored if q.shown != row[2]])
        ends = self._store.rows("SELECT answer_id FROM chat_logentry WHERE kind = 'end'")
        found.expect("answers that ended twice", [one for one, times in Counter(ends).items() if times > 1])
        failed = [row[4] for row in rows if row[2] == "failed"]
        found.expect("failed by our own fault", [error for error in failed if "internal" in str(error)])

    def _money(self, found: Verdict) -> None:
        spent = self._store.rows("SELECT answer_id, cost, kind FROM accounts_spending")
        answers = self._store.rows(
            "SELECT a.id, a.cost, a.state, a.sent_at, q.text"
            " FROM chat_answer a JOIN chat_question q ON q.id = a.question_id"
        )
        booked = {str(uuid.UUID(str(row[0]))): row[1] for row in spent}
        found.expect("reservations left", [row[0] for row in spent if row[1] is None])
        wrong, unsent, unasked = [], [], 0
        for identifier, cost, state, sent_at, text in answers:
            kept = booked.get(str(uuid.UUID(str(identifier))))
            if kept is None or float(kept) != float(cost or 0) or (state == "finished" and float(kept) != COST):
                wrong.append((state, cost, kept))
            number = re.search(r"question (\d+)", text)
            if cost and not sent_at:
                unsent.append((text, cost))
            if cost and number and not self._upstream.asked[int(number[1])]:
                unasked += 1
        found.expect("charges that are not the answer's", wrong)
        found.expect("charged and not even on record as sent", unsent)
        # Whoever is killed between putting it on record and sending it is believed to have sent it: the careful guess.
        found.figures["charged, on record as sent, and never asked"] = unasked
        found.expect("answered and paid for twice", [n for n, times in self._upstream.began.items() if times > 1])

    def _files(self, found: Verdict) -> None:
        uploads = {str(uuid.UUID(str(row[0]))) for row in self._store.rows("SELECT id FROM chat_attachment")}
        found.figures["uploads acknowledged"] = len(self._diary.uploads)
        found.expect("uploads lost", [one for one in self._diary.uploads if one not in uploads])
        kept = self._deployment.kept_hashes()
        named = {
            "attachments": "SELECT sha256 FROM chat_attachment",
            "images": "SELECT sha256 FROM imaging_generatedimage WHERE sha256 <> ''",
        }
        for area, statement in named.items():
            rows = {row[0] for row in self._store.rows(statement)}
            found.expect(f"{area} without a file", sorted(rows - kept[area]))
            found.figures[f"{area}: files that no row names, left to the tidying"] = len(kept[area] - rows)

    def _images(self, found: Verdict) -> None:
        first = self._store.rows("SELECT prompt, state FROM imaging_generatedimage WHERE first_id IS NULL")
        prompts = Counter(row[0] for row in first)
        found.figures["drawings acknowledged"] = len(self._diary.prompts)
        found.figures["images"] = dict(Counter(row[1] for row in first))
        found.expect("drawings lost", [one for one in self._diary.prompts if not prompts[one]])
        found.expect("drawings twice", [one for one, times in prompts.items() if times > 1])
        decided = {str(uuid.UUID(str(row[0]))) for row in self._store.rows("SELECT image_id FROM imaging_decision")}
        found.figures["decisions acknowledged"] = len(self._diary.decisions)
        found.expect("decisions lost", [one for one in self._diary.decisions if one not in decided])
        times_decided = Counter(self._store.rows("SELECT image_id FROM imaging_decision"))
        found.expect("decisions twice", [one for one, times in times_decided.items() if times > 1])

    def _processes(self, found: Verdict, before: Worker) -> None:
        after = [Worker.of(pid) for pid in self._deployment.workers()]
        found.figures["a worker before"] = before
        found.figures["workers after"] = after
        found.expect("workers that hold more than before", [one for one in after if one.leaks(before)])
        found.expect("workers missing", [] if len(after) == len(self._deployment.servers) else [len(after)])

    def _tracebacks(self, found: Verdict) -> None:
        found.figures["tracebacks"] = dict(Counter(line[:120] for line in _LAST_LINE.findall(self._deployment.logs())))


def _has_seen(question: Question, text: str) -> bool:
    return question.seen < 0 or word(question.number, question.seen) in text


def _in_order(question: Question, text: str) -> bool:
    places = [int(place) for place in re.findall(rf"w{question.number}x(\d{{4}})", text)]
    return places == [*range(len(places))]
