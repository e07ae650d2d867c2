"""A file is looked through before anything of it is stored: what is in it, and what of that is here already."""

import time
from collections import Counter
from itertools import islice
from typing import Any

from django.db import transaction

from core import graphemes
from core.errors import ActionRefused
from core.sentences import sentence as _
from core.storable import storable
from core.web.wording import stored_text
from sharing.imports import limits
from sharing.imports.answer_rows import vouched_in
from sharing.imports.foreign import ForeignConversation, ImportRefused, LeftOut, Unreadable
from sharing.imports.known import known_of
from sharing.imports.parts.bringing import AFTER, BEFORE
from sharing.imports.steps import Steps
from sharing.imports.targets import Target, owners_in, target_of
from sharing.models import ImportRun

AT_ONCE = 100  # conversations
SECONDS = 0.25  # for which one step goes on
TITLES = 10
MOST_UNREADABLE = 50
NO_QUESTIONS = _("Nobody asked anything in this conversation.")


class Surveying(Steps):
    """Looks through a file; what it finds is on record in `ImportRun.found`."""

    state = ImportRun.State.LOOKING
    _target: Target | None = None

    def step(self) -> bool:
        """Look at some conversations."""
        try:
            if self._target is None:
                run = ImportRun.objects.get(pk=self.run_id)
                self._target = target_of(run)
                self._begin(run)
            return self._look_at_some()
        except (ImportRefused, ActionRefused) as refusal:
            self.refuse(refusal if isinstance(refusal, ImportRefused) else str(refusal))
            return False

    def _begin(self, run: ImportRun) -> None:
        upload = self._opened(run)
        self._counts: Counter[str] = Counter()
        self._left_out: Counter[LeftOut] = Counter()
        self._services: Counter[str] = Counter()
        self._titles: list[str] = []
        self._unreadable: list[list[str]] = []
        self._people: set[str] = set()
        self._end = ""
        self._parts: dict[str, Any] = {"is_team": upload.is_team}
        brings_parts = run.as_it_was and upload.is_team
        for kind in (*BEFORE, *AFTER):
            count = sum(1 for _row in upload.rows_of(kind.file))
            if brings_parts or kind in BEFORE:
                self._parts[kind.counted] = count
            else:
                self._left_out[LeftOut.TEAM] += count

    def _look_at_some(self) -> bool:
        assert self._target
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            some = list(islice(self._found, AT_ONCE))
            self._count(some)
            if len(some) < AT_ONCE:
                return self._finish()
            if self._counts["conversations"] > limits.MOST_CONVERSATIONS:
                raise ImportRefused(_("There are more conversations in this file than Parley imports at once."))
        with transaction.atomic():
            run = self._held()
            run.found = {"seen": self._counts["conversations"]}
            run.save(update_fields=["found"])
        return True

    def _count(self, some: list[ForeignConversation | Unreadable]) -> None:
        readable = []
        for one in some:
            if isinstance(one, Unreadable):
                self._note_unreadable(one)
            elif not one.questions:
                self._note_unreadable(Unreadable(one.title, NO_QUESTIONS))
                self._left_out.update(one.left_out)
            else:
                readable.append(one)
        for one in readable:
            self._counts["conversations"] += 1
            self._counts["questions"] += len(one.questions)
            self._counts["answers"] += one.answer_count
            self._counts["sources"] += sum(len(answer.sources) for asked in one.questions for answer in asked.answers)
            self._counts["pictures"] += sum(len(asked.files) for asked in one.questions)
            self._services[one.service] += 1
            self._left_out.update(one.left_out)
            self._count_answers(one)
            if one.owner:
                self._people.add(one.owner)
            if len(self._titles) < TITLES:
                self._titles.append(graphemes.cut(storable(one.title or one.questions[0].text), 120))
        assert self._target
        known = known_of(readable, membership=self._target.membership, owners=owners_in(self._target, readable))
        for place, there in known.items():
            if there.is_in_trash:
                continue
            is_same = there.imported is None or there.imported.digest == readable[place].digest
            self._counts["known" if is_same else "grown"] += 1

    def _count_answers(self, one: ForeignConversation) -> None:
        """What belongs to answers of Parley's, or, for who brings no whole team back, what of it does not come."""
        assert self._target
        for answer in (answer for asked in one.questions for answer in asked.answers):
            if self._target.is_team:
                self._counts["checks"] += bool(answer.more.get("check"))
                self._counts["verifications"] += len(answer.more.get("verifications") or ())
            else:
                self._left_out[LeftOut.VOUCHED] += vouched_in(answer.more)
                self._left_out[LeftOut.PASSAGE] += len(answer.more.get("passages") or ())

    def _note_unreadable(self, one: Unreadable) -> None:
        if one.is_end:
            self._end = stored_text(one.why)
            return
        self._counts["conversations"] += 1
        self._counts["unreadable"] += 1
        if len(self._unreadable) < MOST_UNREADABLE:
            self._unreadable.append([graphemes.cut(storable(one.title), 120), stored_text(one.why)])

    def _finish(self) -> bool:
        found: dict[str, Any] = {
            **self._counts,
            **self._parts,
            "people": len(self._people),
            "titles": self._titles,
            "refused": self._unreadable,
            "services": dict(self._services),
            "left_out": {kind.value: count for kind, count in self._left_out.items() if count},
        }
        with transaction.atomic():
            run = self._held()
            run.found, run.problem, run.state = found, self._end, ImportRun.State.READY
            run.lease_holder = None
            run.save()
        return False
