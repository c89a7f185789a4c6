"""Everything an operator may set: `gentie.toml`, then `GENTIE_*`, then the command line.

Each field is explained in docs/settings.md. Keys lie outside the data folder by default, so that
a copy of the data is no copy of the keys.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from gentie.accounts.providers import Kept

FILE = "gentie.toml"
PREFIX = "GENTIE_"

_NOT_SETTINGS = frozenset({"GENTIE_CONFIG"})


class SettingsFault(Exception):
    """A setting is unknown, of the wrong kind or cannot be. The message names it."""


class Trust(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trust framework whose word we take, and how sure it has to be."""

    framework: str
    levels: tuple[str, ...]
    """All its levels of assurance, weakest first."""
    minimum: str
    """The weakest that is enough."""
    method: Literal["phone", "id_number", "org_code", "other"]
    """What it verifies people by, in the words of the regimes."""
    max_age_days: int = 730
    """How long a verification counts, from when it was made."""


class IdentityProvider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An OpenID provider that verifies people for us."""

    id: str
    name: str
    """As people know it."""
    name_zh: str = ""
    """The same in Chinese. Empty: `name`."""
    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    """None: a public client, by PKCE alone."""
    trust: tuple[Trust, ...]
    sector: str = ""
    """The same word for all providers that agree on this identifier. Empty: the provider's id."""
    sector_claim: str = "sector_id"
    """The verified claim that stays the same for a person wherever they sign up."""
    age_claim: str = ""
    """The verified claim that holds an age band or a date of birth. Empty: not asked for."""
    keeps: dict[Kept, str] = {}
    """What is sealed where a regime wants it kept, each with the verified claim that holds it."""
    sandbox: bool = False
    """Verifies nobody: for the demo only."""


class CodeGateway(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service that carries one-time codes, to phones or to organisations."""

    id: str
    name: str
    """As people know it."""
    name_zh: str = ""
    """The same in Chinese. Empty: `name`."""
    proof: Literal["phone", "org_code"] = "phone"
    url: str
    token_file: Path
    max_age_days: int = 730
    """How long a check counts."""


class DocumentService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service that looks at documents and answers later."""

    id: str
    name: str
    """As people know it."""
    name_zh: str = ""
    """The same in Chinese. Empty: `name`."""
    url: str
    token_file: Path
    answer_key_file: Path
    """Ed25519 public key of its answers, as PEM."""
    max_age_days: int = 730
    """How long a check counts."""


class MailServer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where letters are handed over."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    """none: in clear, for a server on this machine."""
    user: str = ""
    """Empty: without signing in."""
    password_file: Path | None = None
    sender: str
    """The address that letters come from."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    data: Path = Path("data")
    database_url: str = ""
    vault_url: str = ""
    vault_owner_url: str = ""
    keys: Path | None = None
    signing_key: Path | None = None
    high_water_mark: Path | None = None
    vault_public_key: Path | None = None
    vault_private_key: Path | None = None
    vault_locked_keys: Path | None = None
    blind_index_key: Path | None = None
    log_origin: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = ""
    origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    security_contact: str = ""
    identity_providers: tuple[IdentityProvider, ...] = ()
    code_gateways: tuple[CodeGateway, ...] = ()
    document_services: tuple[DocumentService, ...] = ()
    mail: MailServer | None = None
    media_store: str = ""
    media_url: str = ""
    media_largest_mb: int = 200
    media_ocr: str = ""
    rate_factor: int = 1
    live_followers: int = 2000
    live_per_address: int = 100
    tenant: str = "gentie"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    demo: bool = False

    @property
    def main_database(self) -> str:
        return self.database_url or f"sqlite:///{self.data}/gentie.db"

    @property
    def vault_database(self) -> str:
        return self.vault_url or f"sqlite:///{self.data}/vault.db"

    @property
    def vault_owner(self) -> str:
        """For migrations and for the process that opens; on SQLite the same file."""
        return self.vault_owner_url or self.vault_database

    @property
    def public_url(self) -> str:
        """Where people reach us, without a slash at the end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 compared, not bound
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def is_local(self) -> bool:
        """Whether that is an address which only this machine can reach."""
        return self.public_url.startswith(("http://127.", "http://localhost", "http://[::1]"))

    @property
    def public_log(self) -> str:
        """The name under which a new log signs."""
        return self.log_origin or f"{urlsplit(self.public_url).netloc}/log"

    @property
    def keys_folder(self) -> Path:
        return self.keys or self.data.with_name(f"{self.data.name}-keys")

    @property
    def signing_key_path(self) -> Path:
        return self.signing_key or self.keys_folder / "log.key"

    @property
    def high_water_mark_path(self) -> Path:
        return self.high_water_mark or self.keys_folder / "log.mark"

    @property
    def vault_public_key_path(self) -> Path:
        return self.vault_public_key or self.keys_folder / "vault.public.pem"

    @property
    def vault_private_key_path(self) -> Path:
        return self.vault_private_key or self.keys_folder / "private" / "vault.private.pem"

    @property
    def mail_public_key_path(self) -> Path:
        return self.keys_folder / "mail.public.pem"

    @property
    def mail_private_key_path(self) -> Path:
        return self.keys_folder / "mail.private.pem"

    @property
    def vault_locked_keys_path(self) -> Path:
        return self.vault_locked_keys or self.keys_folder / "private" / "vault.locked"

    @property
    def media_folder(self) -> Path:
        """Objects, where they lie in no other store."""
        return self.data / "media"

    @property
    def uploads_folder(self) -> Path:
        """What has not all arrived yet."""
        return self.data / "uploads"

    @property
    def destroyed_path(self) -> Path:
        """In the keys folder, so that a backup of the data does not bring anybody back."""
        return self.keys_folder / "vault.destroyed"

    @property
    def blind_index_key_path(self) -> Path:
        return self.blind_index_key or self.keys_folder / "index.key"


_PATHS = {
    name
    for kind in (Settings, IdentityProvider, CodeGateway, DocumentService, MailServer)
    for name, hint in kind.__annotations__.items()
    if hint in (Path, Path | None)
}


def load_settings(
    environment: Mapping[str, str], *, config: Path | None = None, **given: object
) -> Settings:
    """Read the file, lay the environment over it and `given` over both.

    The file is `config`, or GENTIE_CONFIG, or gentie.toml in the data folder that was named, or
    in the current one. Paths in it count from where it lies.

    Raises:
        SettingsFault: with one line that says what is wrong.
    """
    named = {name: value for name, value in given.items() if value is not None}
    from_environment = _from_environment(environment)
    data = named.get("data") or from_environment.get("data")
    file = _file(environment, config, Path(str(data)) if data else Path())
    values = {**(_read(file) if file else {}), **from_environment, **named}
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingsFault(f"{file or 'settings'}: {error}") from error
    return msgspec.structs.replace(settings, data=settings.data.absolute())


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """GENTIE_* that set nothing: most likely misspelt."""
    known = {PREFIX + name.upper() for name in Settings.__struct_fields__} | _NOT_SETTINGS
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _file(environment: Mapping[str, str], config: Path | None, folder: Path) -> Path | None:
    chosen = config or environment.get("GENTIE_CONFIG")
    if chosen:
        return Path(chosen)
    return folder / FILE if (folder / FILE).exists() else None


def _read(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsFault(f"{file}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsFault(f"{file} is not TOML: {error}") from error
    return {name: _from_there(file, name, value) for name, value in values.items()}


def _from_there(file: Path, name: str, value: Any) -> Any:
    """Paths in the file count from its folder."""
    if isinstance(value, list):
        return [_from_there(file, name, one) for one in value]
    if isinstance(value, dict):
        return {inner: _from_there(file, inner, one) for inner, one in value.items()}
    is_path = name in _PATHS and isinstance(value, str)
    return os.path.abspath(file.parent / value) if is_path else value  # noqa: PTH100 follows no link


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in Settings.__struct_fields__:
        value = environment.get(PREFIX + name.upper())
        if value is not None:
            found[name] = _parsed(name, value)
    return found


def _parsed(name: str, value: str) -> Any:
    """Lists of words stand with commas between them, lists of tables as JSON."""
    kind = Settings.__annotations__[name]
    if kind == tuple[str, ...]:
        return [word.strip() for word in value.split(",") if word.strip()]
    if kind in (tuple[IdentityProvider, ...], MailServer | None):
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError as error:
            raise SettingsFault(f"{PREFIX}{name.upper()} is not JSON: {error}") from error
    return value


def _path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str | Path):
        return Path(value)
    raise NotImplementedError
