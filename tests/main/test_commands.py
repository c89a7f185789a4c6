import json
import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from gentie import __version__
from gentie.main.commands import COMMANDS, main


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        main([*map(str, arguments)])
    return int(left.value.code or 0)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("GENTIE_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def logs_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `serve` sets up would stay in this process, and write where this test has ended."""
    monkeypatch.setattr("gentie.main.serving.set_up_logs", lambda _level: None)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert run("migrate", "--data", folder / "news") == 0
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A new instance of its own."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "news"


def levels(capsys: pytest.CaptureFixture[str], data: Path) -> dict[str, str]:
    """What the doctor says, by sentence."""
    capsys.readouterr()
    run("doctor", "--json", "--data", data)
    return {one["says"]: one["level"] for one in json.loads(capsys.readouterr().out)}


def advice(capsys: pytest.CaptureFixture[str], data: Path) -> list[str]:
    return [says for says, level in levels(capsys, data).items() if level == "advice"]


def faults(capsys: pytest.CaptureFixture[str], data: Path) -> list[str]:
    return [says for says, level in levels(capsys, data).items() if level == "fault"]


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        assert run(command, "--help") == 0
        assert "--data" in capsys.readouterr().out
    assert run("--help") == 0
    listed = capsys.readouterr().out
    assert all(f"\n  {command} " in listed for command in COMMANDS)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("version", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"version": __version__}


def test_migrating_twice_is_fine(data: Path) -> None:
    assert run("migrate", "--data", data) == 0


class TestDoctor:
    def test_finds_nothing_wrong_with_a_new_instance(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        assert faults(capsys, data) == []
        assert run("doctor", "--data", data) == 0

    def test_asks_for_an_address_once_there_are_sites(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        before = advice(capsys, data)
        opened = ("site", "add", "harbour", "--name", "Harbour", "--assessment", "a-1")
        assert run(*opened, "--data", data) == 0

        assert not [says for says in before if "base_url" in says]
        assert [says for says in advice(capsys, data) if says.startswith("base_url is not set")]
        (data / "gentie.toml").write_text('base_url = "http://localhost:8080"\nport = 8080\n')
        assert [says for says in advice(capsys, data) if "base_url is http://localhost" in says]
        (data / "gentie.toml").write_text('base_url = "https://comments.example"\n')
        assert not [says for says in advice(capsys, data) if "base_url" in says]

    @pytest.mark.parametrize(
        ("settings", "differs"),
        [
            ("", False),
            ('base_url = "https://comments.example"', True),
            ('base_url = "https://c.example"\nlog_origin = "127.0.0.1:8080/log"', False),
            ('log_origin = "127.0.0.1:8080/log-2"', False),
        ],
    )
    def test_sees_that_the_log_is_called_otherwise(
        self, capsys: pytest.CaptureFixture[str], data: Path, settings: str, *, differs: bool
    ) -> None:
        (data / "gentie.toml").write_text(settings)

        said = [one for one in advice(capsys, data) if "log is called 127.0.0.1:8080/log" in one]
        assert bool(said) is differs

    def test_says_whether_words_in_pictures_could_be_read(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        settings = data / "gentie.toml"
        settings.write_text('media_ocr = "nowhere_yet"')
        assert [one for one in faults(capsys, data) if "a model of nowhere_yet is missing" in one]
        settings.write_text('media_ocr = "chi_sim+eng"')
        assert "words in pictures are read in chi_sim+eng" in levels(capsys, data)

    def test_says_that_there_is_nothing(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        assert "is empty" in " ".join(faults(capsys, tmp_path / "nothing"))
        assert run("doctor", "--data", tmp_path / "nothing") == 1
        assert not (tmp_path / "nothing").exists()

    def test_sees_open_folders_and_keys(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        key = data.with_name("news-keys") / "log.key"
        data.chmod(0o755)
        key.chmod(0o644)

        assert [said.split()[0] for said in faults(capsys, data)] == [str(data), str(key)]

    def test_sees_keys_in_the_data_folder(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        (data / "gentie.toml").write_text('keys = "."')

        assert any("lies in the data folder" in said for said in faults(capsys, data))

    def test_sees_damaged_keys(self, capsys: pytest.CaptureFixture[str], data: Path) -> None:
        keys = data.with_name("news-keys")
        (keys / "log.key").write_text("rubbish")
        (keys / "index.key").unlink()

        assert len(faults(capsys, data)) == 2

    def test_sees_a_database_of_another_version(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        engine = sa.create_engine(f"sqlite:///{data}/gentie.db")
        with engine.begin() as tx:
            tx.execute(sa.text("UPDATE alembic_version SET version_num = 'ffff'"))
        engine.dispose()

        assert any("newer or unreleased" in said for said in faults(capsys, data))
        assert run("migrate", "--data", data) == 1
        assert run("serve", "--data", data, "--port", "0") == 1

    def test_sees_a_database_that_cannot_be_reached(
        self, capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
    ) -> None:
        url = f"postgresql://nobody@/nothing?host={tmp_path}"
        (data / "gentie.toml").write_text(f'database_url = "{url}"')

        assert any("cannot be opened" in said for said in faults(capsys, data))
        assert run("migrate", "--data", data) == 1

    def test_sees_two_databases_in_one(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        (data / "gentie.toml").write_text(f'vault_url = "sqlite:///{data}/gentie.db"')

        assert any("needs its own" in said for said in faults(capsys, data))

    def test_sees_a_log_behind_its_mark(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        (data.with_name("news-keys") / "log.mark").write_text("damaged")

        assert any("public log" in said for said in faults(capsys, data))

    def test_sees_a_sandbox_outside_the_demo(
        self, capsys: pytest.CaptureFixture[str], data: Path
    ) -> None:
        provider = """
[[identity_providers]]
id = "play"
name = "Play"
issuer = "https://id.test"
client_id = "gentie"
client_secret_file = "missing"
sandbox = true
[[identity_providers.trust]]
framework = "f"
levels = ["low"]
minimum = "high"
method = "phone"
"""
        (data / "gentie.toml").write_text(provider)
        found = faults(capsys, data)
        (data / "gentie.toml").write_text("demo = true\n" + provider)

        assert len(found) == 3
        assert any("(sandbox)" in said for said in found)
        assert not any("(sandbox)" in said for said in faults(capsys, data))

    def test_sees_misspelt_variables(
        self, capsys: pytest.CaptureFixture[str], data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GENTIE_PROT", "1")

        assert any(said.startswith("GENTIE_PROT ") for said in faults(capsys, data))

    def test_advises_https(self, capsys: pytest.CaptureFixture[str], data: Path) -> None:
        (data / "gentie.toml").write_text('base_url = "http://news.test"')

        assert "advice" in {
            level for said, level in levels(capsys, data).items() if "https" in said
        }
