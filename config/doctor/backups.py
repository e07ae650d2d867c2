"""How it stands with the backups that Parley makes by itself."""

from django.conf import settings
from django.db import DatabaseError

from config.backup.rotation import dated_backups
from config.doctor.findings import Finding
from config.models import BackupSchedule

_NONE = "Parley makes none automatically. Set BACKUP_EVERY, such as 24h, or run manage.py backup regularly."


def look_at_backups() -> list[Finding]:
    """One line: whether they are made, where the last one is, why the last one failed. Never raises."""
    if not settings.BACKUP_EVERY:
        return [Finding("backups", "note", _NONE)]
    try:
        schedule = BackupSchedule.objects.filter(pk=BackupSchedule.ONLY).first()
    except DatabaseError:
        return []  # said of the database already
    if schedule and schedule.error:
        return [Finding("backups", "problem", f"The last one failed. {schedule.error}")]
    if schedule and schedule.succeeded_at:
        kept = len(dated_backups(settings.BACKUP_DIR))
        when = f"{schedule.succeeded_at:%Y-%m-%d %H:%M} UTC"
        return [Finding("backups", "ok", f"The last one was made at {when}; {kept} are in {settings.BACKUP_DIR}.")]
    return [Finding("backups", "note", "None yet; a running Parley makes the first one right away.")]
