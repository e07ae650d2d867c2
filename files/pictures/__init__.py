"""Pictures: judged before and by decoding, rid of everything but what one sees, and written again by us.

They are decoded in a process of its own (`files.isolation`), which can neither fill the machine's memory nor keep a
thread of the server. One picture is decoded at a time for each process of Parley's.
"""

from files.pictures.judging import CleanPicture, clean_picture, shrink_picture
from files.pictures.refusals import too_large

__all__ = ["CleanPicture", "clean_picture", "shrink_picture", "too_large"]
