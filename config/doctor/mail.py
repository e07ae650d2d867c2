"""Looks at the mail server, if there is one: whether it answers, and takes Parley's username and password."""

from django.conf import settings

from config.doctor.findings import Finding
from core.web import mail


def look_at_mail() -> list[Finding]:
    """What the mail server says to a connection by which nothing is sent. Takes seconds at most. Never raises."""
    if not mail.is_set():
        return []
    if problem := mail.try_connection():
        return [Finding("mail", "problem", f"{problem} Check EMAIL_URL.")]
    return [Finding("mail", "ok", f"The mail server at {settings.EMAIL_HOST} answers.")]
