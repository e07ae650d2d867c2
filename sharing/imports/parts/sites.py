"""What a team says of sites, with all that it said of them before. Where this team has said something, that holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from chat.models import SiteMark
from chat.sources.ledger.marking import bring_marks, mark_site, site_named
from core.errors import ActionRefused
from sharing.imports.foreign import dict_of, text_of
from sharing.imports.parts.kinds import AlreadyHere, Kind, Made, NotTaken
from sharing.imports.values import choice_in, rows_in, text_in, time_in
from sharing.models import ImportedPart

MOST = 200  # of one site


class Sites(Kind):
    """They. History is added to, so what is undone is a word more."""

    kind = ImportedPart.Kind.SITE
    file, counted = "sites.jsonl", "sites"

    def id_of(self, row: Mapping[str, Any]) -> str:
        """The site itself."""
        site = text_of(row.get("site"))
        return site if site and site_named(site) == site else ""

    def prepared(self, row: Mapping[str, Any]) -> Any:
        """What was said, oldest first."""
        said = [
            SiteMark(
                team_id=self.target.run.team_id,
                site=row["site"],
                mark=choice_in(one.get("mark"), SiteMark.Mark.values),
                reason=text_in(one.get("reason"), 500),
                marked_by=self.target.somebody(dict_of(one.get("by"))),
                holds=False,
                **({"marked_at": at} if (at := time_in(one.get("at"))) else {}),
            )
            for one in rows_in(row.get("marks"), MOST)
        ]
        if not said:
            raise NotTaken
        return row["site"], sorted(said, key=lambda one: one.marked_at)

    def store(self, prepared: Any) -> Made:
        """They, the newest in force. Raises AlreadyHere where the team has said something of the site."""
        site, said = prepared
        if SiteMark.objects.filter(team=self.target.run.team_id, site=site).exists():
            raise AlreadyHere
        bring_marks(team=self.target.membership.team, site=site, said=said)
        return Made(site, {"mark": said[-1].mark, "reason": said[-1].reason})

    @classmethod
    def take_away(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> Iterable[ImportedPart]:
        """Say nothing of those sites of which what came still holds."""
        for part in parts:
            holds = SiteMark.objects.filter(team=part.team_id, site=part.row, holds=True).exclude(mark="").first()
            if holds and {"mark": holds.mark, "reason": holds.reason} == part.as_brought:
                mark_site(team=part.team, site=part.row, mark=SiteMark.Mark.NONE, reason="", by=by)
                yield part

    @classmethod
    def bring_back(cls, parts: Sequence[ImportedPart], *, by: User, at: datetime) -> None:
        """Say it again, of those of which nobody has said anything since."""
        for part in parts:
            if SiteMark.objects.filter(team=part.team_id, site=part.row, holds=True).exclude(mark="").exists():
                continue
            mark, reason = SiteMark.Mark(part.as_brought["mark"]), part.as_brought["reason"]
            try:
                mark_site(team=part.team, site=part.row, mark=mark, reason=reason, by=by)
            except ActionRefused:
                continue
