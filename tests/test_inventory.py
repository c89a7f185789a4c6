"""Nothing is kept of people but what the inventory says, and the inventory makes nothing up.

Runs before every landing: who adds a column says in src/gentie/privacy/data/inventory.toml what it
keeps of whom, for what and for how long, or sets the table [apart] with the reason.
"""

from pathlib import Path

import msgspec
import pytest
from tools.privacy_docs import PAGE, page_with, tables

from gentie.accounts.consenting import wordings
from gentie.accounts.model import CONSENT_VERSION, Purpose
from gentie.migrations.schema import DATABASES, metadata_of
from gentie.moving.records.own import PersonExport
from gentie.moving.scope import NOT_OWN, OWN
from gentie.privacy.inventory import faults_of, load_inventory

ROOT = Path(__file__).parent.parent
Columns = dict[str, dict[str, frozenset[str]]]


def real() -> Columns:
    return {
        database: {
            name: frozenset(column.name for column in table.c)
            for name, table in metadata_of(database).tables.items()
        }
        for database in DATABASES
    }


def test_every_column_is_in_the_inventory_and_none_is_made_up() -> None:
    assert list(faults_of(load_inventory(), real())) == []


def test_what_a_person_owns_is_in_their_copy() -> None:
    copied = {one.table: one.copy for one in load_inventory().records if one.copy}
    parts = {field.name for field in msgspec.structs.fields(PersonExport)}

    assert set(copied.values()) <= parts
    assert OWN - set(copied) == set()
    assert set(NOT_OWN) & set(copied) == set()


def test_a_consent_names_what_is_kept_for_it() -> None:
    """More that is kept is a new version of the wording, and people are asked anew."""
    records = load_inventory().records
    for purpose, versions in wordings().items():
        kept = {one.table for one in records if one.purpose == purpose.value}
        assert set(versions[-1].tables) == kept, purpose
        assert [one.version for one in versions] == [*range(1, CONSENT_VERSION[purpose] + 1)]
    assert set(wordings()) == set(Purpose)


@pytest.mark.parametrize(
    ("planted", "seen"),
    [
        ({"diary": {"account_id", "mood"}}, "main.diary is neither in the inventory nor in"),
        ({"account": {"shoe_size"}}, "main.account.shoe_size is not in the inventory"),
    ],
)
def test_a_new_column_is_seen(planted: dict[str, set[str]], seen: str) -> None:
    tables_ = real()
    for name, columns in planted.items():
        tables_["main"][name] = tables_["main"].get(name, frozenset()) | columns

    assert [one for one in faults_of(load_inventory(), tables_) if one.startswith(seen)]


def test_what_is_made_up_is_seen() -> None:
    tables_ = real()
    del tables_["main"]["vote"]
    tables_["vault"]["person"] -= {"digest"}
    found = list(faults_of(load_inventory(), tables_))

    assert "main.vote is in the inventory, and there is no such table" in found
    assert "vault.person.digest is in the inventory, and there is no such column" in found


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"purpose": "fun"}, "session: no purpose fun"),
        ({"retention": "ages"}, "session: no retention ages"),
        ({"since": ""}, "session: from which column do its days run?"),
        ({"since": "moon"}, "session: its days run from moon, which it does not have"),
        ({"copy": ""}, "session: either a person gets a copy of it or there is a reason"),
    ],
)
def test_a_record_without_purpose_retention_or_copy_is_seen(
    change: dict[str, str], seen: str
) -> None:
    inventory = load_inventory()
    records = tuple(
        msgspec.structs.replace(one, **change) if one.table == "session" else one
        for one in inventory.records
    )

    assert seen in list(faults_of(msgspec.structs.replace(inventory, records=records), real()))


def test_the_page_of_the_docs_follows_from_it() -> None:
    """`python -m tools.privacy_docs` writes it again."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")

    assert text == page_with(text, tables())
    assert page_with(text.replace("| `vote` |", ""), tables()) == text
