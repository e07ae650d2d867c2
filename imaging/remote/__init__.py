"""Pictures that lie on other people's servers, shown from ours.

A reader's browser contacts nobody but us: the address of a picture goes through `upstream.fetching`, its bytes through
the same judgement as an upload, and what is shown is a copy that we wrote.
"""

from imaging.remote.pictures import Pictures, shared
from imaging.remote.shrinking import MEDIA_TYPE, Size

__all__ = ["MEDIA_TYPE", "Pictures", "Size", "shared"]
