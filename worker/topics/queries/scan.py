"""What is checked of a query before the parser sees it.

luqum reports a syntax fault without saying what was expected, and neither it nor a walk over its tree
is bounded; a scan over its own tokens gives the position, the remedy and the bounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from worker.errors import QueryError

MAX_BYTES = 20 * 1024
MAX_NESTING = 50
MAX_TOKENS = 8_000

_TYPOGRAPHIC_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_OPERATORS = {"AND_OP": "AND", "OR_OP": "OR"}
_REFUSED = {
    "REGEX": "regular expressions are not supported; write words, or a prefix such as migra*",
    "LBRACKET": "ranges are not supported; expected a word, a phrase or a group",
    "RBRACKET": "ranges are not supported; expected a word, a phrase or a group",
    "LESSTHAN": "comparisons are not supported; expected a word, a phrase or a group",
    "GREATERTHAN": "comparisons are not supported; expected a word, a phrase or a group",
    "PLUS": "+ is not needed: words side by side must all occur; remove it",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One token of luqum's lexer: its type there, where it starts, and how it is written."""

    type: str
    offset: int
    text: str


def fault(query: str, offset: int, message: str) -> QueryError:
    """The error for a fault at `offset` of `query`."""
    before = query[:offset]
    return QueryError(message, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)


def straighten_quotes(query: str) -> str:
    """Typographic quotation marks, which word processors put in, as plain ones; no offset moves."""
    return query.translate(_TYPOGRAPHIC_QUOTES)


def check(query: str) -> None:
    """Raise QueryError at the first fault that the parser would report badly or not survive."""
    if len(query.encode("utf8", "replace")) > MAX_BYTES:
        raise fault(query, 0, f"the query has more than {MAX_BYTES // 1024} KB; split it into signals or definitions")
    tokens = _tokens(query)
    if not tokens:
        raise fault(query, len(query), "the query is empty; expected a word, a phrase or a group")
    _check_order(query, tokens)


def _tokens(query: str) -> list[Token]:
    # luqum takes a tenth of a second to import, which a process without topics should not pay.
    from luqum.exceptions import IllegalCharacterError
    from luqum.parser import lexer

    reader: Any = lexer.clone()  # a clone has its own position: PLY lexers are not thread-safe
    reader.input(query)
    tokens: list[Token] = []
    try:
        while (read := reader.token()) is not None:
            tokens.append(Token(read.type, read.lexpos, query[read.lexpos : reader.lexpos]))
            if len(tokens) > MAX_TOKENS:
                raise fault(query, read.lexpos, f"the query has more than {MAX_TOKENS} words and signs; split it")
    except IllegalCharacterError as unread:
        raise _illegal(query, reader.lexpos) from unread
    return tokens


def _illegal(query: str, offset: int) -> QueryError:
    character = query[offset]
    if character == '"':
        return fault(query, offset, 'this quotation mark is never closed; expected another "')
    if character == "/":
        return fault(query, offset, _REFUSED["REGEX"])
    return fault(query, offset, f"{character!r} cannot start a word; expected a word, a phrase or a group")


def _check_order(query: str, tokens: list[Token]) -> None:
    opened: list[Token] = []
    previous: Token | None = None
    for token in tokens:
        _check_token(query, token, previous)
        if token.type == "LPAREN":
            opened.append(token)
            if len(opened) > MAX_NESTING:
                raise fault(query, token.offset, f"groups are nested more than {MAX_NESTING} deep")
        elif token.type == "RPAREN":
            if not opened:
                raise fault(query, token.offset, "this ) closes nothing; expected a ( before it")
            opened.pop()
        previous = token
    if previous is not None and _wants_operand(previous):
        raise fault(query, len(query.rstrip()), f"expected a word, a phrase or a group after {previous.text}")
    if opened:
        raise fault(query, opened[-1].offset, "this ( is never closed; expected a )")


def _check_token(query: str, token: Token, previous: Token | None) -> None:
    if token.type in _REFUSED:
        raise fault(query, token.offset, _REFUSED[token.type])
    if token.type == "TERM":
        _check_term(query, token)
    starts = previous is None or _wants_operand(previous)
    if starts and token.type in ("AND_OP", "OR_OP", "RPAREN", "COLUMN", "APPROX", "BOOST"):
        after = f" after {previous.text}" if previous is not None else " at the start"
        raise fault(query, token.offset, f"stray {token.text}: expected a word, a phrase or a group{after}")
    if token.type in ("NOT", "MINUS") and previous is not None and previous.type in ("NOT", "MINUS"):
        raise fault(query, token.offset, f"stray {token.text}: two negations in a row; remove both")
    if previous is not None:
        _check_pair(query, token, previous)


def _check_term(query: str, token: Token) -> None:
    quote = re.search(r'(?<!\\)"', token.text)
    if quote:
        raise fault(query, token.offset + quote.start(), "a quotation mark inside a word; expected a space before it")


def _check_pair(query: str, token: Token, previous: Token) -> None:
    if token.type == "APPROX":
        if previous.type != "PHRASE":
            raise fault(
                query,
                token.offset,
                'fuzzy words are not supported; ~ stands after a phrase: "asylum mexico"~8',
            )
        if not re.fullmatch(r"~\d{1,3}", token.text):
            raise fault(query, token.offset, "expected a whole number of words (0-999) after ~")
    if token.type == "BOOST" and not re.fullmatch(r"\^\d{1,3}(\.\d{1,3})?", token.text):
        raise fault(query, token.offset, "expected a number such as 2 or 0.5 after ^")
    if token.type == "BOOST" and previous.type == "BOOST":
        raise fault(query, token.offset, "two boosts in a row; keep one")
    if token.type == "COLUMN" and previous.type != "TERM":
        raise fault(
            query,
            token.offset,
            "stray :, expected a field name before it (title, dateline, lead, body, outlet or lang)",
        )


def _wants_operand(token: Token) -> bool:
    """Whether something to look for must follow `token`."""
    return token.type in ("AND_OP", "OR_OP", "NOT", "MINUS", "LPAREN", "COLUMN")
