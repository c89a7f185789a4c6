"""The vault on PostgreSQL: a schema and roles of its own, and what the serving role may do there.

The serving role writes what it has sealed and cannot read it back: not even the ciphertext. Who
opens works as the owner, in another process.
"""

from typing import Final

import sqlalchemy as sa

SERVING: Final = "gentie_vault_serving"
ROLES: Final = """\
-- Once, as a superuser, in the database of the vault. Then give both logins a password.
DO $$ BEGIN CREATE ROLE gentie_vault_serving NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE gentie_vault LOGIN IN ROLE gentie_vault_serving;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE gentie_vault_owner LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE SCHEMA vault AUTHORIZATION gentie_vault_owner;
REVOKE ALL ON SCHEMA vault FROM PUBLIC;
GRANT USAGE ON SCHEMA vault TO gentie_vault_serving;
ALTER ROLE gentie_vault SET search_path = vault;
ALTER ROLE gentie_vault_owner SET search_path = vault;
"""
GRANTS: Final = {
    "alembic_version": "GRANT SELECT ON alembic_version TO gentie_vault_serving",
    "archive_contact": (
        "GRANT INSERT, DELETE, SELECT (author, expires_at)"
        " ON archive_contact TO gentie_vault_serving"
    ),
    "honey": "GRANT SELECT ON honey TO gentie_vault_serving",
    "network_record": (
        "GRANT INSERT, DELETE, SELECT (reference, subject, at, expires_at)"
        " ON network_record TO gentie_vault_serving"
    ),
    "person": (
        "GRANT SELECT, INSERT, DELETE, UPDATE (confirmed_at, held_until)"
        " ON person TO gentie_vault_serving"
    ),
    "person_field": (
        "GRANT INSERT, DELETE, SELECT (person, field, key) ON person_field TO gentie_vault_serving"
    ),
    "person_key": (
        "GRANT INSERT, DELETE, SELECT (person, key) ON person_key TO gentie_vault_serving"
    ),
    "vault_audit": "GRANT SELECT, INSERT ON vault_audit TO gentie_vault_serving",
}
"""By table. What is not named is not granted."""
_EXISTS: Final = sa.text("SELECT 1 FROM pg_roles WHERE rolname = 'gentie_vault_serving'")
_READS: Final = sa.text(
    "SELECT has_column_privilege('person_field', 'blob', 'SELECT')"
    " OR has_column_privilege('person_key', 'sealed_key', 'SELECT')"
)


def grant_serving(engine: sa.Engine) -> bool:
    """After a migration, as the owner. False: not PostgreSQL, or no such role was made there."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.begin() as tx:
        if tx.scalar(_EXISTS) is None:
            return False
        for statement in GRANTS.values():
            tx.execute(sa.text(statement))
    return True


def reads_seals(engine: sa.Engine) -> bool:
    """Whether this role can read what is sealed. On SQLite a file is read whole or not at all."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as tx:
        return bool(tx.scalar(_READS))
