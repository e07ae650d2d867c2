"""Pages travel compressed. Streams do not: a compressor would hold words back until it has enough of them."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompression(GZipMiddleware):
    """Django's own compression, which hides the length of what it compresses, for everything that is sent whole."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, compressed if it is a whole one, no picture (they are already), and the browser takes it."""
        done = response.streaming or response.get("Content-Type", "").startswith("image/")
        return response if done else super().process_response(request, response)
