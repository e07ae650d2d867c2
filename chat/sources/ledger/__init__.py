"""The ledger of sources: every page that answers ever used, in how many, what checks found, what the team says of it.

There is a ledger for each audience: what the whole team may read, what those may read who are in a space, and what
somebody keeps for themselves. Each is summed up from conversations of that audience alone, so that no row, count, date
or order in it tells of a conversation that its reader may not read.
"""
