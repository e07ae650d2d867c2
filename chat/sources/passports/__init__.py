"""An answer's passport: what was sent to whom and what came back, signed, and verified with nothing but the file.

`canonical`, `log_chain`, `commitments` and `verify` know no Django: `python -m chat.sources.passports.verify FILE`
needs neither settings nor a database. docs/passports.md describes the file.
"""
