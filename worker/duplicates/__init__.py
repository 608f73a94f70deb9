"""Copies of one text: exact ones, and near ones told apart from look-alikes made by a template."""

from worker.duplicates.change import TextChange, weigh_change
from worker.duplicates.decision import Candidate, DuplicateDecision, DuplicateKind, decide
from worker.duplicates.fingerprint import MIN_SHARED_SAMPLES, MIN_WORDS, Fingerprint, fingerprint, reread, sample
from worker.duplicates.groups import GroupChange, GroupMember, branch_of, change_groups
from worker.duplicates.news import Printed, is_update
from worker.duplicates.origin import Origin, Printing, trace_origin
from worker.duplicates.relation import Follower, Relation, relate
from worker.duplicates.settings import MEASURED, DuplicateRules, DuplicateSettings
from worker.duplicates.syndication import find_agency
from worker.duplicates.wording import COMPARED_CHARACTERS

__all__ = [
    "COMPARED_CHARACTERS",
    "MEASURED",
    "MIN_SHARED_SAMPLES",
    "MIN_WORDS",
    "Candidate",
    "DuplicateDecision",
    "DuplicateKind",
    "DuplicateRules",
    "DuplicateSettings",
    "Fingerprint",
    "Follower",
    "GroupChange",
    "GroupMember",
    "Origin",
    "Printed",
    "Printing",
    "Relation",
    "TextChange",
    "branch_of",
    "change_groups",
    "decide",
    "find_agency",
    "fingerprint",
    "is_update",
    "relate",
    "reread",
    "sample",
    "trace_origin",
    "weigh_change",
]
