"""A synthetic news world on loopback with known truth, run through the real service, and a score for its mails."""
