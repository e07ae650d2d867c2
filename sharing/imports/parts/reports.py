"""Reports of an archive, with their versions and the answers that were put into them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chat.access import ALONE, TEAM, Place
from chat.access.places import in_space
from core.errors import ActionRefused
from core.text import one_line
from sharing.imports.foreign import dict_of, text_of
from sharing.imports.parts.kinds import Deletable, Made, NotTaken
from sharing.imports.parts.places import answers_called
from sharing.imports.values import choice_in, rows_in, text_in, texts_in, time_in, whole_in
from sharing.models import ImportedPart, Report, ReportAnswer, ReportVersion

MOST_REPORTS = 2_000  # of a team, as people can begin (sharing.reports.service)
MOST_VERSIONS = 100  # of one report, as are kept
MOST_SOURCES = 500  # of one version
MOST_ANSWERS = 2_000  # of one report
LONGEST = 500_000  # characters of a version
MOST_NUMBER = 1_000_000


class Reports(Deletable):
    """They."""

    kind = ImportedPart.Kind.REPORT
    file, counted = "reports.jsonl", "reports"
    model, says_who = Report, True
    weight = 5

    def prepared(self, row: Mapping[str, Any]) -> Any:
        """The row and its versions, by their numbers."""
        versions = {
            number: {
                "number": number,
                "title": one_line(text_in(one.get("title"), 200)) or "…",
                "text": text_in(one.get("text"), LONGEST),
                "sources": self._sources(one.get("sources")),
                "change": choice_in(one.get("change"), ReportVersion.Change.values),
                "note": one_line(text_in(one.get("note"), 200)),
                "saved_by": self.target.somebody(dict_of(one.get("saved_by"))),
                **({"saved_at": at} if (at := time_in(one.get("saved_at"))) else {}),
            }
            for one in rows_in(row.get("versions"), MOST_VERSIONS)
            if (number := whole_in(one.get("number"), MOST_NUMBER))
        }
        if not versions:
            raise NotTaken
        return row, [versions[number] for number in sorted(versions)]

    def store(self, prepared: Any) -> Made:
        """The report. What it says of its place holds as for conversations."""
        row, versions = prepared
        if Report.objects.filter(team=self.target.run.team_id, deleted_at=None).count() >= MOST_REPORTS:
            raise ActionRefused("")
        newest, place = versions[-1], self._place(row)
        report = Report(
            team_id=self.target.run.team_id,
            owner=self.target.somebody(dict_of(row.get("owner"))) or self.target.membership.user,
            space=place.space,
            visibility=place.visibility,
            title=newest["title"],
            version=newest["number"],
            changed_by=self.target.somebody(dict_of(row.get("changed_by"))),
        )
        report.created_at = time_in(row.get("created_at")) or report.created_at
        report.changed_at = time_in(row.get("changed_at")) or report.changed_at
        report.save(force_insert=True)
        ReportVersion.objects.bulk_create([ReportVersion(report=report, **one) for one in versions])
        ReportAnswer.objects.bulk_create(self._origins(row, report))
        return Made(str(report.pk), self.like(report))

    @classmethod
    def like(cls, row: Any) -> dict[str, Any]:
        """Its newest version, and who sees it."""
        return {"version": row.version, "visibility": row.visibility}

    def _place(self, row: Mapping[str, Any]) -> Place:
        visibility = text_of(row.get("visibility"))
        space = self.target.spaces.get(text_of(dict_of(row.get("space")).get("id")))
        if visibility == TEAM.value:
            return TEAM
        return in_space(space) if space and visibility == "space" else ALONE

    def _origins(self, row: Mapping[str, Any], report: Report) -> list[ReportAnswer]:
        said = rows_in(row.get("answers"), MOST_ANSWERS)
        asked: dict[str, list[str]] = defaultdict(list)
        for one in said:
            asked[text_of(one.get("conversation"))].append(text_of(one.get("answer")))
        here: dict[tuple[str, str], UUID] = {}
        for conversation, ids in asked.items():
            found = answers_called(conversation, ids, target=self.target)
            here |= {(conversation, id): pk for id, pk in found.items()}
        made: dict[UUID, ReportAnswer] = {}
        for one in said:
            pk = here.get((text_of(one.get("conversation")), text_of(one.get("answer"))))
            if pk:
                by, at = self.target.somebody(dict_of(one.get("added_by"))), time_in(one.get("added_at"))
                made[pk] = ReportAnswer(report=report, answer_id=pk, added_by=by, **({"added_at": at} if at else {}))
        return list(made.values())

    def _sources(self, value: Any) -> list[dict[str, Any]]:
        """Entries in the shape of `sharing.reports.sources.ReportSource`, each number once."""
        found = {}
        for one in rows_in(value, MOST_SOURCES):
            number = whole_in(one.get("number"), MOST_NUMBER)
            space = self.target.spaces.get(text_of(one.get("space")))
            document = self.target.documents.get(text_of(one.get("document")))
            entry = {
                "number": number,
                "title": text_in(one.get("title"), 4_000),
                "url": text_in(one.get("url"), 10_000),
                "date": text_in(one.get("date"), 40),
                "spellings": texts_in(one.get("spellings"), most=5, longest=10_000),
                "is_document": one.get("is_document") is True,
                "space": str(space.pk) if space else "",
                "document": str(document) if document else "",
                "unit": text_in(one.get("unit"), 10),
                "page": whole_in(one.get("page")),
            }
            if number:
                found[number] = {name: kept for name, kept in entry.items() if kept}
        return [found[number] for number in sorted(found)]
