"""What was learned of a site's boilerplate, and a person's word on it."""
