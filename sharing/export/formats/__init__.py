"""The formats of an export: each writes one file, part by part."""

from sharing.export.formats.failures import NotWritten
from sharing.export.formats.table import FORMATS, Format

__all__ = ["FORMATS", "Format", "NotWritten"]
