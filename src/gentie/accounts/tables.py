"""Tables of accounts. Who a person is stands in the vault, never here."""

import sqlalchemy as sa

from gentie.storage.schema import ACCOUNT_SCOPED, BY_VALUE, LOCAL, REFERENCE, Id, UtcTime, metadata

accounts = sa.Table(
    "account",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("avatar", sa.Text, nullable=False),
    sa.Column("badges", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    info=ACCOUNT_SCOPED,
)
names = sa.Table(
    "account_name",
    metadata,
    sa.Column("name_key", sa.Text, primary_key=True),
    sa.Column("account_id", sa.Text, nullable=False, index=True),
    sa.Column("taken_at", UtcTime, nullable=False),
    info=BY_VALUE,
)
passwords = sa.Table(
    "account_password",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("stored", sa.Text, nullable=False),
    sa.Column("changed_at", UtcTime, nullable=False),
    info=ACCOUNT_SCOPED,
)
passkeys = sa.Table(
    "account_passkey",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("credential", sa.Text, primary_key=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("added_at", UtcTime, nullable=False),
    sa.Column("used_at", UtcTime),
    info=ACCOUNT_SCOPED,
)
challenges = sa.Table(
    "passkey_challenge",
    metadata,
    sa.Column("challenge", sa.Text, primary_key=True),  # digest
    sa.Column("account_id", sa.Text, nullable=False),  # empty: for signing in
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    info=BY_VALUE,
)
verifications = sa.Table(
    "account_verification",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("framework", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("verified_at", UtcTime, nullable=False),
    sa.Column("recorded_at", UtcTime, nullable=False),
    sa.Column("valid_until", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
    sa.Column("revoked_why", sa.Text),
    sa.Column("person", sa.Text, nullable=False, index=True),
    info=ACCOUNT_SCOPED,
)
attempts = sa.Table(
    "verification_attempt",
    metadata,
    sa.Column("ticket", sa.Text, primary_key=True),  # digest; the browser holds the ticket
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("back_to", sa.Text, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("used_at", UtcTime),
    info=BY_VALUE,
)
sent_codes = sa.Table(
    "verification_code",
    metadata,
    sa.Column("ticket", sa.Text, primary_key=True),  # digest; the browser holds the ticket
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("session", sa.Text, nullable=False),  # keyed marks, all three
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("back_to", sa.Text, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("used_at", UtcTime),
    info=BY_VALUE,
)
document_checks = sa.Table(
    "document_check",
    metadata,
    sa.Column("reference", sa.Text, primary_key=True),  # digest
    sa.Column("account_id", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("back_to", sa.Text, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("answered_at", UtcTime),
    info=BY_VALUE,
)
ages = sa.Table(
    "account_age",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("band", sa.Text, nullable=False),  # never a date of birth
    sa.Column("at", UtcTime, nullable=False),
    info=ACCOUNT_SCOPED,
)
guardians = sa.Table(
    "account_guardian",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),  # the child's
    sa.Column("guardian", sa.Text, primary_key=True, index=True),
    sa.Column("given_at", UtcTime, nullable=False),
    sa.Column("revoked_at", UtcTime),
    info=ACCOUNT_SCOPED,
)
guardian_links = sa.Table(
    "guardian_link",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),  # digest
    sa.Column("account_id", sa.Text, nullable=False),  # the child's
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    info=BY_VALUE,
)
acceptances = sa.Table(
    "agreement_acceptance",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("regime", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcTime, nullable=False),
    info=ACCOUNT_SCOPED,
)
lessons = sa.Table(
    "lesson",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("lesson", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("offered_at", UtcTime, nullable=False),
    sa.Column("done_at", UtcTime),
    info=ACCOUNT_SCOPED,
)
"""Which lessons were offered to whom, with which decision, and when they were finished."""
consents = sa.Table(
    "account_consent",
    metadata,
    sa.Column("account_id", sa.Text, primary_key=True),
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("given", sa.Boolean, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    info=ACCOUNT_SCOPED,
)
agreements = sa.Table(
    "agreement_version",
    metadata,
    sa.Column("regime", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("policy", sa.Text, nullable=False),
    sa.Column("in_force_from", UtcTime, nullable=False),
    sa.Column("text", sa.LargeBinary, nullable=False),  # JSON of AgreementText
    info=REFERENCE,
)
sessions = sa.Table(
    "session",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),  # digest
    sa.Column("holder", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("opened_at", UtcTime, nullable=False),
    sa.Column("expires_at", UtcTime, nullable=False, index=True),
    sa.Column("revoked_at", UtcTime),
    info=BY_VALUE,
)
staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("outside", sa.Boolean, nullable=False),
    sa.Column("site", sa.Text),
    sa.Column("since", UtcTime, nullable=False),
    info=REFERENCE,
)
staff_secrets = sa.Table(
    "staff_secret",
    metadata,
    sa.Column("name_key", sa.Text, primary_key=True),
    sa.Column("staff_id", Id, nullable=False),
    sa.Column("stored", sa.Text, nullable=False),
    sa.Column("totp", sa.LargeBinary, nullable=False),  # encrypted, see accounts.totp
    sa.Column("totp_counter", sa.BigInteger, nullable=False),  # of the last code used
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("wait_until", UtcTime),
    info=LOCAL,
)
