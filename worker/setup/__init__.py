"""Setup: the settings, and what a process that starts makes of them: logs, secrets, topics, what a step is handed."""
