"""Which tables move, which are a person's own, and why the others are neither."""

from typing import Final

MOVES: Final = frozenset(
    [
        "account",
        "account_consent",
        "account_name",
        "account_verification",
        "agreement_acceptance",
        "agreement_version",
        "appeal_of",
        "archive_author",
        "archive_batch",
        "archive_source",
        "case_evidence",
        "case_file",
        "case_secret",
        "comment",
        "decision",
        "feature",
        "ledger_checkpoint",
        "ledger_earlier",
        "ledger_leaf",
        "ledger_tile",
        "notice",
        "reversal",
        "review_item",
        "revision",
        "screening_rule_set",
        "site",
        "site_regime",
        "switch",
        "thread",
        "thread_class_change",
        "thread_key",
        "thread_tally",
        "vote",
    ]
)
"""Tables of what `gentie export` writes and `gentie restore-site` puts back."""
STAYS: Final = {
    "account_site": "where somebody signed in from, which nobody who moves can yet",
    "boundary_person": "whom somebody keeps away is theirs alone, and holds on all sites",
    "boundary_reply": "set by who signs in, and nobody whose account moved can",
    "boundary_setting": "theirs alone, and holds on all sites",
    "disclosure": "asked about identities that are sealed here, and opened here or nowhere",
    "disclosure_approval": "who agreed to it, of the people who work here",
    "disclosure_month": "which months this log has told of; the leaves move",
    "evidence": "theirs alone until they give it with a report; that copy moves with the case",
    "visit": "signed in is who was signed in here",
    "visit_offer": "under way for two minutes",
    "account_password": "a password is for one service; who has the file must not try it elsewhere",
    "archive_claim_link": "a link that was sent opens where it was made, and nowhere else",
    "id_worker": "belongs to the processes of this instance",
    "identity_erasure": "about identities, and none of them moves",
    "idempotency_key": "answers that are kept for a day, for those who ask twice",
    "mail_contact": "an address is sealed for the job that sends here; it is asked for anew",
    "mail_item": "what letters told of",
    "mail_letter": "letters that left from here, or that will",
    "mail_refusal": "digests under a key of this instance",
    "message": "work that waits; what has to wait there is queued again",
    "rate_window": "counts of the last minutes, partly by address",
    "session": "signed in is who was signed in here",
    "staff": "people who work here; decisions name them by number and role",
    "staff_secret": "passwords and second factors of staff",
    "unsent_comment": "nobody has sent it yet; forgotten after a day",
    "verification_attempt": "under way for fifteen minutes",
}
"""The other tables of the main database. Nothing of the vault moves: identities and addresses."""
MACHINERY: Final = frozenset({"id_worker", "idempotency_key", "message", "rate_window"})
"""May hold something where nothing has happened yet."""

OWN: Final = frozenset(
    [
        "account",
        "account_site",
        "boundary_person",
        "boundary_reply",
        "boundary_setting",
        "case_evidence",
        "evidence",
        "visit",
        "account_consent",
        "account_name",
        "account_verification",
        "agreement_acceptance",
        "archive_author",
        "case_file",
        "comment",
        "decision",
        "mail_contact",
        "mail_letter",
        "notice",
        "reversal",
        "revision",
        "session",
        "vote",
    ]
)
"""Tables whose rows about a person are in that person's own export."""
NOT_OWN: Final = {
    "identity_erasure": "steps of destroying a key; the page of one's identity tells what is left",
    "archive_claim_link": "names an imported author, who is nobody's account before it is used",
    "visit_offer": "under way for two minutes; what came of it is a visit",
    "account_password": "a hash to compare with: nothing that could be used anywhere",
    "mail_item": "which comments a letter told of: the letter itself they have, and it is listed",
    "verification_attempt": "under way for fifteen minutes; what came of it is a verification",
}
"""Other tables that say whose a row is, and why the person does not get it."""
