"""The Celery shell around the steps: the app, the tasks, and the clock's jobs, all made from the table of steps."""
