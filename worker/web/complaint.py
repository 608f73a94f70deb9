"""A complaint: what is wrong with a form that was sent, said to the reader who filled it in."""

from __future__ import annotations

from worker.digests import Catalog
from worker.errors import ConfigurationError, SettingError


def complaint(error: ConfigurationError, say: Catalog) -> str:
    """Return which field to fill in otherwise, and how; not how settings are called."""
    by_setting = {
        "topics": say.gettext("Choose at least one topic."),
        "zone": say.gettext("Choose a time zone from the list."),
        "schedule": say.gettext("The times of the schedule cannot be read; write them as 07:30."),
        "stories": say.gettext("The length must be between 1 and 200 stories."),
        "pause_until": say.gettext("Pause until a day within the next two years."),
        "language": say.gettext("Choose a language from the list."),
        "address": say.gettext("That is no mail address; write it as name@example.org."),
    }
    setting = error.setting if isinstance(error, SettingError) else ""
    return by_setting.get(setting) or say.gettext("This cannot be saved as it is.")
