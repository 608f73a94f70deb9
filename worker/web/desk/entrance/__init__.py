"""How people come in and go: login links, their own settings, and who else may come in."""
