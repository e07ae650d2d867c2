"""One file that holds everything: the rows of every table, every file, and the secret key.

The rows are written as JSON and not in a database's own format. So a backup needs no other program, can be restored by
a later version of Parley, and moves from SQLite to PostgreSQL or back.

    archive     the file: a tar of members in a fixed order, with a hash of each
    tables      rows to lines, and lines to rows
    snapshot    one moment of the database, while everybody goes on writing
    making      makes a backup
    manifest    what a backup says about itself
    reading     looks whether a backup is whole
    places      new things beside the old ones, until they take their place all at once
    databases   the database that is to be replaced: whether it is idle, empty, and how a new one takes its place
    restoring   restores a backup
"""
