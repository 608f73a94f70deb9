"""The doctor: looks at an installation from all sides and says what to do; `verdicts` decide, the rest looks."""
