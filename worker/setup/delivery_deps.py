"""What makes and sends digests is handed, besides what every step is: channels, templates, and what signs links."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from worker import digests, topics
from worker.channels import ChannelContext, Channels, open_channels
from worker.setup.base_deps import BaseDeps
from worker.setup.secret_files import keep_secret, read_secret
from worker.setup.theme import read_theme
from worker.storage.db.hashes import keyed_hash
from worker.topics import Topic

_TELLING = 3  # reports of a story that say which part of its topic it belongs to


class DeliveryDeps(BaseDeps):
    """What takes a digest to its reader, what it looks like, and the secret that its links are signed with."""

    @cached_property
    def channels(self) -> Channels:
        """The ways on which digests reach their readers."""
        fetch = self.settings.fetch
        context = ChannelContext(
            folder=self.settings.folder, user_agent=self.user_agent, now=self.now, read_secret=read_secret,
            private_hosts=fetch.allow_private_hosts, proxy=fetch.proxy,
        )  # fmt: skip
        return open_channels(self.settings, context)

    @property
    def doubt(self) -> timedelta:
        """How long a message whose fate is not known is left alone."""
        return timedelta(seconds=self.settings.mail.doubt_seconds)

    @property
    def delivery_lease(self) -> timedelta:
        """How long a delivery whose worker died is left alone: its bytes may have arrived."""
        return self.doubt if self.settings.mail.host else self.lease

    @cached_property
    def theme(self) -> dict[str, str]:
        """The templates that replace the digest's own, by name."""
        return read_theme(self.settings.at(self.settings.mail.theme))

    def topic_titles(self, language: str) -> dict[str, str]:
        """Return how each topic is called in that language, or else in its own first one."""
        return {topic.name: topic.title(language) for topic in self._topics()}

    def topic_names(self) -> tuple[str, ...]:
        """Return the names of the topics that can be asked for."""
        return tuple(topic.name for topic in self._topics())

    def _topics(self) -> tuple[Topic, ...]:
        with self.reading() as session:
            self.topics_in_use.renew(session)
        return self.topics_in_use.known

    def subtopic_of(self, language: str) -> digests.SubtopicOf:
        """Return what says which part of its topic a story belongs to, in that language."""
        by_name = {topic.name: topic for topic in self._topics()}

        def name(story: digests.DigestStory) -> str:
            topic = by_name.get(story.topic)
            reports = [topics.TopicArticle(one.title, one.excerpt, one.language) for one in story.articles[:_TELLING]]
            subtopic = topics.choose_subtopic(topic, reports) if topic else None
            return subtopic.title(language) if subtopic else ""

        return name

    @cached_property
    def secret(self) -> str:
        """What links are signed with: the one set, or the installation's own."""
        return self.settings.secret.get_secret_value() or keep_secret(self.settings.data_folder / "secret.key")

    def person_key(self, address: str) -> str:
        """Return the keyed hash by which a forgotten person is known."""
        return keyed_hash(f"person {address.strip().casefold()}", self.secret)

    def sign(self, purpose: str, payload: dict[str, object], *, lasts: timedelta | None = None) -> str:
        """Return a token for a link of ours; without `lasts` it holds for ever."""
        expires_at = None if lasts is None else self.now() + lasts
        return digests.sign(purpose, payload, secret=self.secret, expires_at=expires_at)

    def story_key(self, key: digests.StoryKey, *, lasts: timedelta) -> str:
        """Return the short key for links that say something of a story in a digest."""
        return digests.write_story_key(key, secret=self.secret, expires_at=self.now() + lasts)

    def read_story_key(self, text: str) -> digests.StoryKey:
        """Return what such a key says; raises `digests.TokenError`."""
        names = self.topic_names()
        return digests.read_story_key(text, topics=names, secret=self.secret, now=self.now())

    def read_token(self, purpose: str, token: str) -> dict[str, object]:
        """Return what a token of ours carries; raises `digests.TokenError`."""
        return digests.read(purpose, token, secret=self.secret, now=self.now())
