"""How the installation is: what is ill, in words, with what to do."""
