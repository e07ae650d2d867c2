"""Pictures that lie on other people's servers, shown from ours.

A reader's browser contacts nobody but us: the address of a picture goes through `upstream.safe_fetch`, its bytes
through the same judgement as an upload, and what is shown is a copy that we wrote.
"""

from files.proxy.fetcher import PictureFetcher, shared_pictures
from files.proxy.previews import MEDIA_TYPE, Size

__all__ = ["MEDIA_TYPE", "PictureFetcher", "Size", "shared_pictures"]
