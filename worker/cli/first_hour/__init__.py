"""From nothing to the first digest: what is asked, which files follow from the answers, and the first reading.

`answers`, `files`, `own_topic`, `toml_text`, `addresses` and `providers` are pure; `questions`, `dialogue`,
`site_search` and `first_reading` are the shell around them.
"""
