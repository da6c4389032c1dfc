"""What the files say about themselves is what Alembic reads there."""

from alembic.script import ScriptDirectory

from app.revisions import current_revision, head_revision, is_current, known_revisions
from app.schema import alembic_config
from core.db.database import Database


async def test_the_steps_are_those_that_alembic_finds(database: Database) -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert head_revision() == scripts.get_current_head() == await current_revision(database)
    assert known_revisions() == {step.revision for step in scripts.walk_revisions()}
    assert await is_current(database)
