"""How Parley is put together and served."""

import sys

# Where this package is installed, jsonschema makes a grammar of it as it is imported, which takes a second at each
# start. It is for a format, and schemas are compared without formats here.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
