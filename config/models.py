"""What the processes of one Parley have to agree on, and what belongs to none of its parts."""

from django.db import models


class BackupSchedule(models.Model):
    """The one row that says when a backup was last made by itself, and which process makes one now.

    Times are those of the database: the clocks of several servers may differ.
    """

    ONLY = 1

    lease_holder = models.UUIDField(null=True, help_text="The process that makes a backup now.")
    lease_expires_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True, help_text="When the last one was begun, whatever became of it.")
    succeeded_at = models.DateTimeField(null=True, help_text="When the last one was begun that came to its end.")
    error = models.CharField(max_length=500, help_text="Why the last one failed; empty where it did not.")

    def __str__(self) -> str:
        return f"backup of {self.succeeded_at}"
