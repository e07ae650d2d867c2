"""Public identifiers: UUIDs of version 7, so that rows made later sort later and indexes grow at one end."""

import uuid
from datetime import datetime

from uuid_utils import compat


def new_id() -> uuid.UUID:
    """A fresh time-ordered UUID."""
    return compat.uuid7()


def first_id_of(moment: datetime) -> uuid.UUID:
    """The smallest identifier that could be made at this moment: those of rows made later are larger."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | 1 << 63)
