"""Public identifiers: UUIDs of version 7, so that rows made later sort later and indexes grow at one end."""

import uuid

from uuid_utils import compat


def new_id() -> uuid.UUID:
    """A fresh time-ordered UUID."""
    return compat.uuid7()
