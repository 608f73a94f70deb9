"""Storage: the only room that knows the rows. It takes a session, returns frozen values, and never commits.

A package for each kind of thing kept; `db` is the connection itself, `reports` answers questions across all of them.
"""
