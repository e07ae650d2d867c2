"""What the administration calls our models and their fields, in the reader's language.

Django makes these names of those in the code, and the models do not repeat them. A name that a model gives itself is
translated already.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy

OURS = ("accounts", "api", "sharing", "imaging", "chat")


def shown() -> Iterator[str]:
    """Every name and help text of that kind that the administration shows, in English."""
    for label in OURS:
        yield str(apps.get_app_config(label).verbose_name)
    for model, its_admin in admin.site._registry.items():
        if model._meta.app_label not in OURS:
            continue
        hidden = set(its_admin.exclude or ())
        yield from (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
        for field in _fields(model):
            if field.name not in hidden:
                yield from filter(None, (str(field.verbose_name), str(field.help_text)))


def translate() -> None:
    """Have every such name looked up when it is shown. Migrations know nothing of it: the models stay as they are."""
    for label in OURS:
        _translate(apps.get_app_config(label), "verbose_name")
        for model in apps.get_app_config(label).get_models():
            if "verbose_name_plural" not in model._meta.original_attrs:  # Django adds an s, whatever the language
                model._meta.verbose_name_plural = str(model._meta.verbose_name_plural)
            _translate(model._meta, "verbose_name")
            _translate(model._meta, "verbose_name_plural")
            for field in _fields(model):
                _translate(field, "verbose_name")
                _translate(field, "help_text")


def _translate(named: Any, attribute: str) -> None:
    name = getattr(named, attribute)
    if name and isinstance(name, str):
        setattr(named, attribute, gettext_lazy(name))


def _fields(model: Any) -> Iterator[Any]:
    return (field for field in model._meta.get_fields() if hasattr(field, "verbose_name"))
