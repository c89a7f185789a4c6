"""The operator's commands on a real instance: `site`, `staff` and `import`."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gentie.demo.content import read_old_site
from gentie.main.commands import Told, cli
from gentie.main.instance import Instance
from tests.visits.tokens import public_pem


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    Instance(data=folder).migrate()
    return folder


def told(data: Path, *arguments: str | Path) -> Result:
    given = [*map(str, arguments), "--data", str(data)]
    return CliRunner().invoke(cli, given, obj=Told())


def a_site(data: Path, key: str = "blog", regime: str = "neutral") -> Result:
    options = ("--name", "A blog", "--regime", regime, "--assessment", "a-1")
    return told(data, "site", "add", key, *options)


def shown_in(data: Path) -> int:
    """How many contributions are public."""
    with closing(sqlite3.connect(data / "gentie.db")) as tx:
        ((shown,),) = tx.execute("SELECT coalesce(sum(shown), 0) FROM comment")
    return int(shown)


def an_export(folder: Path) -> Path:
    file = folder / "old.xml"
    file.write_bytes(read_old_site())
    return file


def test_opens_and_lists_sites(data: Path) -> None:
    opened, again = a_site(data), a_site(data)
    moved = told(data, "site", "regime", "blog", "cn-2022-final")
    listed = json.loads(told(data, "site", "list", "--json").output)

    assert (opened.exit_code, again.exit_code, moved.exit_code) == (0, 1, 0)
    assert "site-exists" in again.output
    assert listed == [{"id": "blog", "name": "A blog", "regime": "cn-2022-final", "test": False}]


def test_changes_origins_and_token_afterwards(data: Path) -> None:
    a_site(data)
    added = told(data, "site", "origin", "blog", "add", "https://news.example")
    wrong = told(data, "site", "origin", "blog", "add", "https://news.example/page")
    shown = told(data, "site", "origin", "blog", "list")
    gone = told(data, "site", "origin", "blog", "remove", "https://news.example")
    tokens = {told(data, "site", "token", "blog").output.split()[-1] for _ in range(2)}

    assert [one.exit_code for one in (added, wrong, shown, gone)] == [0, 1, 0, 0]
    assert shown.output.split() == ["https://news.example"]
    assert "bad-origin" in wrong.output
    assert "nowhere" in gone.output
    assert len(tokens) == 2


def test_a_real_site_gets_no_historic_regime(data: Path) -> None:
    refused = a_site(data, regime="cn-2017")

    assert refused.exit_code == 1
    assert "regime-not-allowed" in refused.output


def test_takes_staff_in(data: Path) -> None:
    short = told(data, "staff", "add", "Zoe", "--role", "moderator", "--password", "short")
    added = told(data, "staff", "add", "Zoe", "--role", "moderator", "--password", "long enough 1")
    (listed,) = json.loads(told(data, "staff", "list", "--json").output)

    assert (short.exit_code, added.exit_code) == (1, 0)
    assert "otpauth://totp/Gentie:Zoe?secret=" in added.output
    assert (listed["name"], listed["role"], listed["active"]) == ("Zoe", "moderator", True)
    assert set(listed) == {"id", "name", "role", "active", "outside", "site"}


def test_imports_publishes_where_it_may_and_only_once(data: Path, tmp_path: Path) -> None:
    a_site(data)
    file = an_export(tmp_path)
    dry = json.loads(
        told(data, "import", "wxr", file, "--site", "blog", "--dry-run", "--json").stdout
    )
    none = shown_in(data)
    first = json.loads(told(data, "import", "wxr", file, "--site", "blog", "--json").stdout)
    second = json.loads(told(data, "import", "wxr", file, "--site", "blog", "--json").stdout)

    assert (dry["read"], dry["imported"], none) == (41, 0, 0)
    assert (first["imported"], first["duplicates"], first["waits"]) == (34, 0, False)
    assert (second["imported"], second["duplicates"]) == (0, 34)
    assert shown_in(data) == 34


def test_an_import_waits_where_names_are_a_duty(data: Path, tmp_path: Path) -> None:
    a_site(data, regime="cn-2022-final")
    answer = told(data, "import", "wxr", an_export(tmp_path), "--site", "blog")

    assert "waits for a chief editor at /console/imports" in answer.stdout
    assert shown_in(data) == 0


def test_decides_on_an_import_where_the_operator_may(data: Path, tmp_path: Path) -> None:
    a_site(data, regime="cn-2022-final")
    told(data, "import", "wxr", an_export(tmp_path), "--site", "blog")
    (waiting,) = json.loads(told(data, "batch", "list", "--json").stdout)
    number = str(waiting["batch"])

    not_here = told(data, "batch", "approve", number)
    told(data, "site", "regime", "blog", "neutral")
    published = told(data, "batch", "approve", number)
    too_late = told(data, "batch", "refuse", number, "--reason", "Not ours")

    assert (waiting["site"], waiting["waiting"], waiting["for_review"]) == ("blog", 34, 0)
    assert (not_here.exit_code, "/console/imports" in not_here.output) == (1, True)
    assert (published.exit_code, shown_in(data)) == (0, 34)
    assert (too_late.exit_code, "batch-decided" in too_late.output) == (1, True)
    assert told(data, "batch", "approve", "rubbish").exit_code == 2
    assert "no-such-batch" in told(data, "batch", "approve", "7").output
    assert json.loads(told(data, "batch", "list", "--json").stdout) == []


def test_refuses_an_import(data: Path, tmp_path: Path) -> None:
    a_site(data, regime="cn-2022-final")
    told(data, "import", "wxr", an_export(tmp_path), "--site", "blog")
    told(data, "site", "regime", "blog", "neutral")
    (waiting,) = json.loads(told(data, "batch", "list", "--json").stdout)

    refused = told(data, "batch", "refuse", str(waiting["batch"]), "--reason", "Not ours")

    assert (refused.exit_code, "is refused" in refused.output) == (0, True)
    assert shown_in(data) == 0
    assert json.loads(told(data, "batch", "list", "--json").stdout) == []


def test_a_broken_file_changes_nothing(data: Path, tmp_path: Path) -> None:
    a_site(data)
    file = tmp_path / "cut.xml"
    file.write_bytes(an_export(tmp_path).read_bytes()[:9_000])
    broken = told(data, "import", "wxr", file, "--site", "blog")
    nowhere = told(data, "import", "wxr", an_export(tmp_path), "--site", "none")

    assert (broken.exit_code, nowhere.exit_code) == (2, 2)
    assert "the XML is broken at line" in broken.output
    assert shown_in(data) == 0


def test_keys_of_a_sites_server_come_and_go(data: Path, tmp_path: Path) -> None:
    a_site(data)
    pem = tmp_path / "key.pem"
    pem.write_bytes(public_pem("EdDSA"))
    added = told(data, "site", "key", "blog", "add", "k1", "--public", pem)
    shared = told(data, "site", "key", "blog", "add", "k2")
    listed = told(data, "site", "key", "blog", "list")
    removed = [told(data, "site", "key", "blog", "remove", "k1").exit_code for _ in range(2)]
    pem.write_bytes(b"no key")
    wrong = told(data, "site", "key", "blog", "add", "k3", "--public", pem)

    assert (added.exit_code, shared.exit_code, wrong.exit_code) == (0, 0, 1)
    assert listed.output.split() == ["k1", "EdDSA", "k2", "HS256"]
    assert len(shared.output.split()[-1]) == 43
    assert removed == [0, 1]
    assert "bad-site-key" in wrong.output
