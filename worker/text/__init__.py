"""The ground floor of text: characters, folding, months, wire agencies and languages, as every stage knows them.

Pure: it imports the standard library and `worker.errors` alone.
"""
