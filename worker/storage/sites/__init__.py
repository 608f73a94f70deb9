"""Sites as rows: what was learned of each one's boilerplate, and what is to be judged."""
