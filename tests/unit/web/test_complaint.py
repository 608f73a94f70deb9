"""What a reader is told of a form that cannot be saved: the field that the error names, whatever its text says."""

from __future__ import annotations

import pytest

from worker.errors import ConfigurationError, SettingError
from worker.web.complaint import complaint
from worker.web.speech import speak


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("topics", "Choose at least one topic."),
        ("zone", "Choose a time zone from the list."),
        ("schedule", "The times of the schedule cannot be read; write them as 07:30."),
        ("stories", "The length must be between 1 and 200 stories."),
        ("pause_until", "Pause until a day within the next two years."),
        ("language", "Choose a language from the list."),
        ("address", "That is no mail address; write it as name@example.org."),
        ("band", "This cannot be saved as it is."),
        ("", "This cannot be saved as it is."),
    ],
)
def test_the_field_is_the_one_the_error_names(setting: str, said: str) -> None:
    error = SettingError("topic zone schedule stories pause_until language address", setting=setting)
    assert complaint(error, speak("en")) == said


def test_what_is_wrong_with_the_installation_is_no_fields_fault() -> None:
    assert complaint(ConfigurationError("topic file x.toml: no query"), speak("en")) == "This cannot be saved as it is."
