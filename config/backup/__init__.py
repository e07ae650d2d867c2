"""One file that holds everything: the rows of every table, every file, and the secret key.

The rows are written as JSON and not in a database's own format. So a backup needs no other program, can be restored by
a later version of Parley, and moves from SQLite to PostgreSQL or back.
"""
