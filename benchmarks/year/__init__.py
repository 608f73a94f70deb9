"""A year of the service in an hour: its clock runs ahead, and its size, its mails and its soundness are looked at."""
