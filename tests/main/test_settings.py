import re
from pathlib import Path

import msgspec
import pytest

from gentie.main.settings import (
    IdentityProvider,
    Settings,
    SettingsFault,
    Trust,
    load_settings,
    unknown_variables,
)

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_later_wins(folder: Path) -> None:
    (folder / "gentie.toml").write_text('port = 1\nhost = "a"\nlog_level = "debug"')

    settings = load_settings({"GENTIE_PORT": "2", "GENTIE_HOST": "b"}, port=3, host=None)

    assert (settings.port, settings.host, settings.log_level) == (3, "b", "debug")


def test_paths_in_the_file_count_from_where_it_lies(folder: Path) -> None:
    (folder / "etc").mkdir()
    (folder / "etc" / "gentie.toml").write_text('data = "../var"\nsigning_key = "log.key"')

    settings = load_settings({"GENTIE_CONFIG": "etc/gentie.toml"})

    assert settings.data == folder / "var"
    assert settings.signing_key_path == folder / "etc" / "log.key"


def test_the_named_data_folder_has_its_own_file(folder: Path) -> None:
    (folder / "gentie.toml").write_text("port = 1")
    (folder / "news").mkdir()
    (folder / "news" / "gentie.toml").write_text("port = 2")

    assert load_settings({"GENTIE_DATA": "news"}).port == 2
    assert load_settings({}, data=Path("news")).port == 2
    assert load_settings({}).port == 1


def test_keys_lie_outside_the_data_folder(folder: Path) -> None:
    settings = load_settings({}, data=Path("news"))

    for path in (
        settings.signing_key_path,
        settings.high_water_mark_path,
        settings.vault_public_key_path,
        settings.vault_private_key_path,
        settings.blind_index_key_path,
    ):
        assert path.is_relative_to(folder / "news-keys")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prot = 1", "prot"),
        ('port = "many"', "$.port"),
        ("port = [", "not TOML"),
        ('log_level = "loud"', "$.log_level"),
        ('[[identity_providers]]\nid = "a"', "name"),
        ("\xff", "not TOML"),
    ],
)
def test_says_what_is_wrong_in_one_line(folder: Path, text: str, says: str) -> None:
    (folder / "gentie.toml").write_bytes(text.encode("latin-1"))

    with pytest.raises(SettingsFault) as fault:
        load_settings({})

    assert says in str(fault.value)
    assert "gentie.toml" in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_file_that_was_named_has_to_be_there(folder: Path) -> None:
    with pytest.raises(SettingsFault, match=r"nowhere\.toml"):
        load_settings({}, config=Path("nowhere.toml"))


def test_lists_come_with_commas_or_as_json(folder: Path) -> None:
    provider = IdentityProvider(
        id="a",
        name="A",
        issuer="https://a.test",
        client_id="c",
        client_secret_file=Path("/s"),
        trust=(Trust(framework="f", levels=("low", "high"), minimum="high", method="phone"),),
    )
    settings = load_settings(
        {
            "GENTIE_ORIGINS": "https://a.test, https://b.test",
            "GENTIE_IDENTITY_PROVIDERS": msgspec.json.encode([provider], enc_hook=str).decode(),
        }
    )

    assert settings.origins == ("https://a.test", "https://b.test")
    assert settings.identity_providers == (provider,)


def test_misspelt_variables_are_found() -> None:
    environment = {"GENTIE_PROT": "1", "GENTIE_PORT": "1", "GENTIE_CONFIG": "x", "PATH": ""}

    assert unknown_variables(environment) == ["GENTIE_PROT"]


def test_every_setting_is_documented_and_nothing_else() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)

    assert [name for name, _ in rows] == list(Settings.__struct_fields__)
    assert [variable for _, variable in rows] == [
        f"GENTIE_{name.upper()}" for name in Settings.__struct_fields__
    ]


def test_the_example_of_the_docs_is_valid(folder: Path) -> None:
    example = DOCS.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    (folder / "gentie.toml").write_text(example)

    (provider,) = load_settings({}).identity_providers

    assert provider.client_secret_file == folder / "secrets" / "example-id"
    assert provider.trust[0].minimum in provider.trust[0].levels
    assert set(re.findall(r"^(\w+) =", example, re.MULTILINE)) == {
        *IdentityProvider.__struct_fields__,
        *Trust.__struct_fields__,
    } - {"trust"}


def test_the_public_address_is_the_one_people_see() -> None:
    assert Settings().public_url == "http://127.0.0.1:8080"
    assert Settings(host="0.0.0.0").public_url == "http://127.0.0.1:8080"  # noqa: S104 that is the point
    assert Settings(base_url="https://c.test/").public_log == "c.test/log"
