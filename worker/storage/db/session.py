"""The session that storage's functions take: opened by `Database`, handed on by whoever owns the transaction."""

from sqlalchemy.orm import Session

__all__ = ["Session"]
