"""Addresses of what people keep: their defaults and presets."""

from django.urls import path

from chat.views import apply_preset, presets

_preset = "presets/<uuid:preset_id>/"

urlpatterns = [
    path("presets/", presets.presets, name="presets"),
    path("presets/menu/", apply_preset.menu, name="presets_menu"),
    path("presets/new/", apply_preset.new, name="new_preset"),
    path("presets/keep/", apply_preset.keep, name="keep_preset"),
    path("presets/defaults/", apply_preset.keep_defaults, name="keep_defaults"),
    path(f"{_preset}apply/", apply_preset.apply, name="apply_preset"),
    path(f"{_preset}rename/", presets.rename, name="rename_preset"),
    path(f"{_preset}share/", presets.share, name="share_preset"),
    path(f"{_preset}unshare/", presets.unshare, name="unshare_preset"),
    path(f"{_preset}delete/", presets.delete, name="delete_preset"),
    path(f"{_preset}restore/", presets.restore, name="restore_preset"),
]
