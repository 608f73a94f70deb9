"""What a text means, as a vector of a small sentence model: one narrow door, behind which another model fits.

`SentenceModel` is the door, `gist` what may be put through it, `Meaning` what comes back. The model itself is in
`worker.meaning.e5`, and only who needs it loads it.
"""

from __future__ import annotations

from worker.meaning.gist import gist
from worker.meaning.vector import Meaning, SentenceModel, as_meaning, likeness

__all__ = ["Meaning", "SentenceModel", "as_meaning", "gist", "likeness"]
