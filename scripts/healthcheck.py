"""Whether the Parley of this container lives: ends with 0 or 1. Needs nothing but Python, and costs little.

It asks by the name that people use, since requests for any other may be refused.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit

PATIENCE = 4.0  # seconds


def main() -> int:
    port = int(os.environ.get("BIND", "").rpartition(":")[2] or os.environ.get("PORT") or 8000)
    name = urlsplit(os.environ.get("SITE_URL", "")).netloc or f"127.0.0.1:{port}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
