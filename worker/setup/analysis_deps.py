"""What judges articles is handed, besides what every step is: topics, thresholds, what is set of sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from worker import duplicates, pages, stories, topics
from worker.setup.base_deps import BaseDeps
from worker.setup.settings import Settings
from worker.setup.site_overrides import overrides_for
from worker.setup.topic_sources import read_topics
from worker.storage.db.session import Session
from worker.stories import MEASURED, StorySettings
from worker.topics import TopicSet


@dataclass(frozen=True, slots=True)
class AnalysisRules:
    """What articles are judged by: the topics, when two are copies or of one story."""

    topic_set: topics.TopicSet
    copies: duplicates.DuplicateRules = duplicates.MEASURED
    stories: StorySettings = MEASURED


class AnalysisDeps(BaseDeps):
    """The topics in use, when two articles are copies or of one story, and what is known of sites."""

    @property
    def topics(self) -> TopicSet:
        """The topics in use, as this process saw them last; where it has not looked yet, as they are now."""
        if not self.topics_in_use.is_known:
            with self.reading() as session:
                self.topics_in_use.renew(session)
        return self.topics_in_use.compiled

    def topics_at(self, session: Session) -> TopicSet:
        """Return the topics in use, as they are in this transaction."""
        self.topics_in_use.renew(session)
        return self.topics

    def overrides_for(self, host: str) -> pages.SiteProfile:
        """Return what the configuration says of that site; raises `ConfigurationError`."""
        return overrides_for(self.settings, host)

    @property
    def copy_rules(self) -> duplicates.DuplicateRules:
        """When two articles are copies."""
        return duplicate_rules(self.settings)

    @property
    def story_rules(self) -> stories.StorySettings:
        """When two reports are of one story."""
        return story_settings(self.settings)


def duplicate_rules(settings: Settings) -> duplicates.DuplicateRules:
    """Return what the settings say of copies; what they do not say is as it was measured."""
    said, measured = settings.duplicates, duplicates.MEASURED
    window = measured.window if said.window_days is None else timedelta(days=said.window_days)
    return duplicates.DuplicateRules(replace(measured.thresholds, **said.thresholds()), window)


def story_settings(settings: Settings) -> stories.StorySettings:
    """Return what the settings say of stories; what they do not say is as it was measured."""
    said, measured = settings.stories, stories.MEASURED
    window = measured.window if said.window_days is None else timedelta(days=said.window_days)
    return replace(measured, window=window)


def analysis_rules(settings: Settings, topic_files: Sequence[Path] = ()) -> AnalysisRules:
    """Return what the settings have articles judged by, with the topics of those files or else the built-in ones.

    Raises `ConfigurationError` for a topic file that cannot be used.
    """
    return AnalysisRules(read_topics(topic_files), duplicate_rules(settings), story_settings(settings))
