"""The command line: a file a command or group of commands, and how arguments are read and answers are printed."""
