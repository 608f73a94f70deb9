"""Relevant or not, said in place: a label of the topic, as readers give them by their mails."""

from __future__ import annotations

from starlette.responses import Response

from worker.storage.digests import mutes
from worker.storage.topics import labels
from worker.topics import Label
from worker.web.desk.pages import go_back
from worker.web.desk.visit import Nowhere, Visit

_WORDS = (Label.YES, Label.NO, Label.BORDERLINE)


def save_label(visit: Visit) -> Response:
    """Keep what the person says of an article and a topic; a second word replaces their first."""
    article_id, topic, word = visit.form_number("article"), visit.form.one("topic"), visit.form.one("word")
    if word not in _WORDS or topic not in visit.deps.topic_names():
        raise Nowhere
    with visit.deps.transaction() as session:
        if mutes.mutable_story(session, article_id) is None:
            raise Nowhere
        labels.save_label(session, topic, article_id, Label(word), who=visit.person.address, via="desk", now=visit.now)
    return go_back(visit, otherwise="", said="labelled", at=visit.form.one("at")[:40])
