"""Generated images of an archive, and what reviewers decided about them.

A file is no proof that somebody approved an image. So an approved one waits for a reviewer again, unless whoever
brings the team back reviews its images themselves; one that was rejected stays so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from imaging.access import reviews_all_teams
from imaging.models import Decision, GeneratedImage
from imaging.storage import StoredPicture, keep_picture
from sharing.imports.foreign import dict_of, text_of
from sharing.imports.parts.kinds import Deletable, Made, NotTaken
from sharing.imports.parts.places import conversation_called, question_called
from sharing.imports.values import choice_in, money_in, rows_in, text_in, time_in, whole_in
from sharing.models import ImportedPart

MOST_DECISIONS = 200  # about one image
LONGEST_PROMPT = 32_000  # characters
State = GeneratedImage.State
_STATES = (State.PENDING, State.APPROVED, State.REJECTED)
_TEXTS = {"model": 100, "wished_size": 20, "language": 20, "upstream_id": 100, "resolved_model": 100}
_MORE_TEXTS = {"description": LONGEST_PROMPT, "generation_model": 100, "router": 100}


@dataclass(frozen=True, slots=True)
class _Brought:
    row: Mapping[str, Any]
    picture: StoredPicture


class Images(Deletable):
    """They."""

    kind = ImportedPart.Kind.IMAGE
    file, counted = "images.jsonl", "images"
    model = GeneratedImage
    weight = 10

    def prepared(self, row: Mapping[str, Any]) -> _Brought:
        """The picture, judged as any other that comes from outside."""
        if choice_in(row.get("state"), _STATES) == "":
            raise NotTaken
        file = self.upload.archive.file_of(text_of(row.get("sha256")), "") if self.upload.archive else None
        if file is None:
            raise NotTaken
        return _Brought(row, keep_picture(file.read()))

    def store(self, prepared: _Brought) -> Made:
        """The image with its decisions."""
        row, picture = prepared.row, prepared.picture
        place = text_of(row.get("conversation"))
        question = question_called(place, text_of(row.get("question")), target=self.target)
        decisions = rows_in(row.get("decisions"), MOST_DECISIONS)
        state, waits = State(row["state"]), False
        if state == State.APPROVED and not self._may_review:
            state, decisions, waits = State.PENDING, [], True
        created_at = time_in(row.get("created_at"))
        price = money_in(row.get("price"), Decimal(100_000))
        image = GeneratedImage(
            team_id=self.target.run.team_id,
            requested_by=self.target.somebody(dict_of(row.get("requested_by"))) or self.target.membership.user,
            first=self._brought(row.get("first")),
            variant_of=self._brought(row.get("variant_of")),
            position=whole_in(row.get("position"), 1_000),
            state=state,
            prompt=text_in(row.get("prompt"), LONGEST_PROMPT),
            service=choice_in(row.get("service"), GeneratedImage.Service.values, GeneratedImage.Service.IMAGES),
            price=price,
            incognito=row.get("incognito") is not False,
            conversation_id=question.conversation_id if question else conversation_called(place, target=self.target),
            question_id=question.pk if question else None,
            sha256=picture.sha256,
            original_sha256=picture.original_sha256,
            media_type=picture.media_type,
            size=picture.size,
            width=picture.width,
            height=picture.height,
            fingerprint=picture.fingerprint,
            asked_at=time_in(row.get("asked_at")),
            drawn_at=time_in(row.get("drawn_at")) or created_at,
            **{name: text_in(row.get(name), most) for name, most in (_TEXTS | _MORE_TEXTS).items()},
        )
        image.created_at = created_at or image.created_at
        made = [_decision(one, image, self.target) for one in decisions]
        image.decided_at = made[-1].at if made and state != State.PENDING else None
        image.save(force_insert=True)
        Decision.objects.bulk_create(made)
        return Made(str(image.pk), self.like(image), waits=waits)

    @classmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """What people see of it, and what was decided."""
        return {"state": row.state, "decisions": Decision.objects.filter(image=row.pk).count()}

    @property
    def _may_review(self) -> bool:
        by = self.target.membership
        return by.is_reviewer or reviews_all_teams(by.user)

    def _brought(self, id: Any) -> GeneratedImage | None:
        """Another image of the archive that came before this one."""
        known = ImportedPart.objects.filter(team=self.target.run.team_id, kind=self.kind, foreign_id=text_of(id))
        pk: UUID | str | None = known.values_list("row", flat=True).first() if id else None
        return GeneratedImage.objects.filter(pk=pk, team=self.target.run.team_id).first() if pk else None


def _decision(said: Mapping[str, Any], image: GeneratedImage, target: Any) -> Decision:
    by, name = target.somebody(dict_of(said.get("by"))), dict_of(said.get("by"))
    return Decision(
        image=image,
        by=by or target.membership.user,
        by_name="" if by else text_in(name.get("name") or name.get("username"), 150) or "?",
        verdict=choice_in(said.get("verdict"), Decision.Verdict.values, Decision.Verdict.UNDONE),
        reason=" ".join(text_in(said.get("reason"), 500).split()),
        at=time_in(said.get("at")) or image.created_at,
    )
