"""Puts what was asked before there was a record of spending on that record, so that months and limits begin true."""

from datetime import UTC
from decimal import Decimal

from django.db import migrations
from django.db.models import Q

LIVE = ("waiting", "writing")
AT_ONCE = 1000


def record(apps, schema_editor):
    """One row for each answer with a cost, and an open one for each that is still being written."""
    Answer = apps.get_model("chat", "Answer")
    Spending = apps.get_model("accounts", "Spending")
    known = Answer.objects.using(schema_editor.connection.alias).filter(Q(cost__isnull=False) | Q(state__in=LIVE))
    names = ("id", "asked_by_id", "question__conversation_id", "question__conversation__team_id", "provider", "model")
    rows = known.order_by("id").values_list(*names, "state", "cost", "cost_source", "created_at")
    made = []
    for answer, user, conversation, team, provider, model, state, cost, basis, created_at in rows.iterator(AT_ONCE):
        made.append(
            Spending(
                team_id=team,
                user_id=user,
                month=created_at.astimezone(UTC).date().replace(day=1),
                answer_id=answer,
                conversation_id=conversation,
                provider=provider,
                model=model,
                reserved=Decimal(0),
                cost=None if state in LIVE else cost,
                basis="" if state in LIVE else basis,
                asked_at=created_at,
            )
        )
        if len(made) == AT_ONCE:
            _store(Spending, schema_editor, made)
            made = []
    _store(Spending, schema_editor, made)


def _store(Spending, schema_editor, made):
    Spending.objects.using(schema_editor.connection.alias).bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_spending"),
        ("chat", "0004_presets_come_back"),
    ]

    operations = [migrations.RunPython(record, migrations.RunPython.noop)]
