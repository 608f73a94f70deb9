"""A topic from the words a person names: its name, its query and its file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from worker.cli.first_hour.toml_text import toml_value

LANGUAGES = ("en", "es", "pt")
"""Whose plurals are formed."""

_WORD = re.compile(r"[^\W_]+\*?")
_OPERATORS = {"AND", "OR", "NOT"}
_LONGEST_NAME = 40
_SIBILANTS = ("x", "z", "ch", "sh")
_VOWELS = "aeiouáéíóúâêôã"
_SHORTEST_PLURAL = 3  # letters: "US" is no singular


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """What a person looks for: texts with one of `words`, and one of `also` where there are any, and none of `never`.

    Each is a word or a phrase; `tariff*` stands for all words that begin so.
    """

    title: str
    words: tuple[str, ...]
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def split_words(text: str) -> tuple[str, ...]:
    """Return the words and phrases that stand between commas, semicolons and line ends, each once.

    What has neither letter nor digit is left out.
    """
    parts = (" ".join(_WORD.findall(part)) for part in re.split(r"[,;\n]", unicodedata.normalize("NFC", text)))
    return tuple({part.casefold(): part for part in parts if part}.values())


def title_of(words: Sequence[str]) -> str:
    """Return what a topic of these words may be called."""
    named = ", ".join(word.rstrip("*") for word in words[:3])
    return named[:1].upper() + named[1:]


def name_of(title: str, taken: Collection[str] = ()) -> str:
    """Return a topic's name: small letters, digits and hyphens, and none of those that are taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST_NAME].strip("-") or "my-topic"
    numbered = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in numbered if each not in taken)


def topic_text(topic: OwnTopic, name: str) -> str:
    """Return the text of the topic's file."""
    queries = {"any": query(topic), **{language: query(topic, language) for language in LANGUAGES}}
    told = {key: text for key, text in queries.items() if key == "any" or text != queries["any"]}
    return (
        "# Written by 'storywatch init'. What else may stand here is in docs/topics.md; try a change with\n"
        f"# storywatch topics test {name}.toml --since 7d\n"
        f"name = {toml_value(name)}\n"
        f"description = {toml_value(_description(topic))}\n"
        f"languages = {toml_value(LANGUAGES)}\n\n"
        "[title]\n" + "".join(f"{language} = {toml_value(topic.title)}\n" for language in LANGUAGES) + "\n"
        "[query]\n" + "".join(f"{key} = {_literal(text)}\n" for key, text in told.items())
    )


def query(topic: OwnTopic, language: str | None = None) -> str:
    """Return the topic's query; for a language, with the plurals that its words have there."""
    any_of, also, never = (_group(words, language) for words in (topic.words, topic.also, topic.never))
    asked = " AND ".join(_bracketed(group) for group in (any_of, also) if group)
    if not also and not never:
        return any_of
    return f"{asked} AND NOT {_bracketed(never)}" if never else asked


def plural(word: str, language: str) -> str | None:
    """Return a word's regular plural in one of LANGUAGES; None where it seems to be one, or has none."""
    small = word.casefold()
    if len(word) < _SHORTEST_PLURAL or not word.isalpha() or not small.isalpha() or small.endswith("s"):
        return None
    if language == "pt" and small.endswith("ão"):
        return f"{word[:-2]}ões"
    if small[-1] in _VOWELS:
        return f"{word}s"
    if language == "es":
        return _spanish_plural(word, small)
    if language == "pt":
        return _portuguese_plural(word, small)
    if small.endswith("y"):
        return f"{word}s" if small[-2] in _VOWELS else f"{word[:-1]}ies"
    return f"{word}es" if small.endswith(_SIBILANTS) else f"{word}s"


def _spanish_plural(word: str, small: str) -> str | None:
    """That of a word on a consonant, where it is one that Spanish words end in."""
    if small.endswith("z"):
        return f"{word[:-1]}ces"
    native = small[-1] in "dljnr" or (small.endswith("y") and small[-2] in _VOWELS)
    return f"{word}es" if native else None


def _portuguese_plural(word: str, small: str) -> str | None:
    """That of a word on a consonant, where it is one that Portuguese words end in."""
    if small[-1] == "m":
        return f"{word[:-1]}ns"
    if small[-1] == "l":
        return f"{word[:-1]}is" if small[-2] in "aou" else f"{word[:-2]}eis" if small[-2] == "e" else None
    return f"{word}es" if small[-1] in "rz" else None


def _group(words: Sequence[str], language: str | None) -> str:
    return " OR ".join(dict.fromkeys(term for word in words for term in _terms(word, language)))


def _terms(word: str, language: str | None) -> Iterator[str]:
    """Yield the word as it is and, in a language, its plural: of a phrase, that of its last word."""
    *before, last = _WORD.findall(word)
    yield _term([*before, last])
    if language and (more := plural(last, language)):
        yield _term([*before, more])


def _term(words: Sequence[str]) -> str:
    plain = len(words) == 1 and words[0] not in _OPERATORS and words[0][0].isalpha()
    return words[0] if plain else f'"{" ".join(words)}"'


def _bracketed(group: str) -> str:
    return f"({group})" if " OR " in group else group


def _description(topic: OwnTopic) -> str:
    parts = [f"Texts with {' or '.join(topic.words)}"]
    parts += [f"together with {' or '.join(topic.also)}"] if topic.also else []
    parts += [f"without {' or '.join(topic.never)}"] if topic.never else []
    return f"{', '.join(parts)}."


def _literal(text: str) -> str:
    """A query in single quotes, for it is full of double ones, and never has a single one."""
    return f"'{text}'"
