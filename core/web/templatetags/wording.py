"""Sentences from rows, in the language of their reader."""

from django import template

from core.web.wording import enumerated, said, said_problem, said_text

register = template.Library()
register.filter("enumerated", enumerated)
register.filter("said", said)
register.filter("said_text", said_text)
register.filter("said_problem", said_problem)
