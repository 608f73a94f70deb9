"""Who is written to: what they get and when, what is on its way to them, and what could not be delivered."""
