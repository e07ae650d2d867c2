"""Pages travel compressed. Streams do not: a compressor would hold words back until it has enough of them."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompression(GZipMiddleware):
    """Django's own compression, which hides the length of what it compresses, for everything that is sent whole."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, compressed if it is a whole one and the browser takes it."""
        return response if response.streaming else super().process_response(request, response)
