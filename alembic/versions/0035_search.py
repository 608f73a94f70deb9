"""the archive can be searched by its words

Revision ID: 0035
Revises: 0034
Create Date: 2026-12-01
"""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_COLUMNS = ("title", "text", "outlet", "language")


def upgrade() -> None:
    """Index every article that was read. Triggers keep the index as its articles are, in the same transaction."""
    for statement in _SQLITE if _is_sqlite() else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for name in ("read", "changed", "gone"):
        op.execute(f"DROP TRIGGER IF EXISTS articles_search_{name}{'' if _is_sqlite() else ' ON articles'}")
    op.execute("DROP TABLE search_index")
    if not _is_sqlite():
        for name in ("search_write()", "search_vector(text, text, text, text)", "search_fold(text)"):
            op.execute(f"DROP FUNCTION {name}")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _row(of: str) -> str:
    return ", ".join(f"{of}.{name}" for name in ("id", *_COLUMNS))


_INTO = f"search_index(rowid, {', '.join(_COLUMNS)})"
_OUT_OF = f"search_index(search_index, rowid, {', '.join(_COLUMNS)})"
_WATCHED = ("state", *_COLUMNS)
_DIFFERS = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _WATCHED)

_SQLITE = (
    # The words lie in the articles alone: the index takes what it shows of them from there.
    f"""
    CREATE VIRTUAL TABLE search_index USING fts5(
        {', '.join(_COLUMNS)}, content='articles', content_rowid='id', columnsize=0,
        tokenize="unicode61 remove_diacritics 2"
    )""",
    "INSERT INTO search_index(rowid, title, text, outlet, language) "
    "SELECT id, title, text, outlet, language FROM articles WHERE state = 'analyzed'",
    f"""
    CREATE TRIGGER articles_search_read AFTER INSERT ON articles WHEN new.state = 'analyzed' BEGIN
        INSERT INTO {_INTO} VALUES ({_row('new')});
    END""",  # noqa: S608 (names of this file)
    f"""
    CREATE TRIGGER articles_search_changed AFTER UPDATE OF {', '.join(_WATCHED)} ON articles
    WHEN 'analyzed' IN (old.state, new.state) AND ({_DIFFERS}) BEGIN
        INSERT INTO {_OUT_OF} SELECT 'delete', {_row('old')} WHERE old.state = 'analyzed';
        INSERT INTO {_INTO} SELECT {_row('new')} WHERE new.state = 'analyzed';
    END""",
    f"""
    CREATE TRIGGER articles_search_gone AFTER DELETE ON articles WHEN old.state = 'analyzed' BEGIN
        INSERT INTO {_OUT_OF} VALUES ('delete', {_row('old')});
    END""",  # noqa: S608 (names of this file)
)  # fmt: skip

# Characters that vanish from a word: combining marks, and what is invisible. Then what parts words, by its code, since
# what a server takes for a letter depends on its locale.
_VANISHING = r"[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"  # noqa: E501 (one pattern)
_PARTING = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030]+"  # noqa: E501 (one pattern)
_POSTGRESQL = (
    # As many characters as topics read of a text; a vector holds a megabyte at most.
    f"""
    CREATE FUNCTION search_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT regexp_replace(regexp_replace(
            replace(lower(left(normalize(left(value, 80000), NFKD), 160000)), 'ß', 'ss'),
            '{_VANISHING}', '', 'g'), '{_PARTING}', ' ', 'g')
    $$""",
    # A word of the headline, the outlet's name and the language are told by a mark of their own. Words are cut where
    # topics cut them: array_to_tsvector takes longer ones than a vector can be read from again, as from a backup.
    """
    CREATE FUNCTION search_vector(title text, body text, outlet text, language text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_tsvector('simple', search_fold(title)) || to_tsvector('simple', search_fold(body))
            || array_to_tsvector(
                ARRAY(SELECT DISTINCT 'title=' || left(word, 64) FROM unnest(
                    tsvector_to_array(to_tsvector('simple', search_fold(left(title, 8000))))) AS word)
                || ARRAY(SELECT DISTINCT 'outlet=' || left(word, 64) FROM unnest(
                    tsvector_to_array(to_tsvector('simple', search_fold(left(outlet, 1000))))) AS word)
                || CASE WHEN language IS NULL OR language = '' THEN ARRAY[]::text[]
                    ELSE ARRAY['lang=' || lower(split_part(language, '-', 1))] END)
    $$""",
    """
    CREATE TABLE search_index (
        article_id bigint CONSTRAINT pk_search_index PRIMARY KEY
            CONSTRAINT fk_search_index_article_id REFERENCES articles (id) ON DELETE CASCADE,
        words tsvector NOT NULL
    )""",
    """
    INSERT INTO search_index SELECT id, search_vector(title, text, outlet, language)
    FROM articles WHERE state = 'analyzed'""",
    # What is inserted waits in a list that every search walks through: a short one.
    "CREATE INDEX ix_search_index_words ON search_index USING gin (words) WITH (gin_pending_list_limit = 256)",
    """
    CREATE FUNCTION search_write() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state <> 'analyzed' THEN
            DELETE FROM search_index WHERE article_id = NEW.id;
        ELSE
            INSERT INTO search_index VALUES
                (NEW.id, search_vector(NEW.title, NEW.text, NEW.outlet, NEW.language))
            ON CONFLICT (article_id) DO UPDATE SET words = excluded.words;
        END IF;
        RETURN NULL;
    END $$""",
    """
    CREATE TRIGGER articles_search_read AFTER INSERT ON articles FOR EACH ROW
    WHEN (NEW.state = 'analyzed') EXECUTE FUNCTION search_write()""",
    f"""
    CREATE TRIGGER articles_search_changed AFTER UPDATE OF {', '.join(_WATCHED)} ON articles FOR EACH ROW
    WHEN ((OLD.state = 'analyzed' OR NEW.state = 'analyzed') AND
        ({' OR '.join(f'OLD.{name} IS DISTINCT FROM NEW.{name}' for name in _WATCHED)}))
    EXECUTE FUNCTION search_write()""",
)  # fmt: skip
