"""What is wrong with an instance, as an operator can mend it. Changes nothing."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import Literal

import msgspec

from gentie.kernel.clock import utc_now
from gentie.ledger import queries
from gentie.ledger.keeping import HighWaterMark, LogBehindMark, Signer
from gentie.ledger.key import BadKey, SigningKey
from gentie.mail import queries as mail
from gentie.mail.adapters.smtp import connected
from gentie.main.instance import HOW, Instance, InstanceFault
from gentie.main.mail import server_of
from gentie.main.settings import CodeGateway, DocumentService, unknown_variables
from gentie.media.adapters.reader import missing
from gentie.migrations.steps import State
from gentie.sites.queries import all_sites
from gentie.vault.grants import reads_seals
from gentie.vault.keys import KeyFault, load_public_key

_LATE = timedelta(hours=1)
"""A letter that has waited so long should have left."""
_OTHERS = 0o077
"""What group and others may do."""


class Finding(msgspec.Struct, frozen=True):
    level: Literal["ok", "advice", "fault"]
    says: str


def examine(instance: Instance) -> list[Finding]:
    """Look at everything. Raises SettingsFault: the settings cannot even be read."""
    looks: tuple[Callable[[Instance], Iterator[Finding]], ...] = (
        _settings,
        _folders,
        _keys,
        _databases,
        _vault,
        _log,
        _address,
        _log_name,
        _providers,
        _gateways,
        _mail,
        _reader,
    )
    return [finding for look in looks for finding in look(instance)]


def _settings(instance: Instance) -> Iterator[Finding]:
    settings = instance.settings
    for name in unknown_variables(os.environ):
        yield Finding("fault", f"{name} is no setting: see docs/settings.md")
    if settings.main_database == settings.vault_database:
        yield Finding("fault", "database_url and vault_url are the same: the vault needs its own")
    if not settings.is_local and not settings.public_url.startswith("https://"):
        yield Finding("advice", f"{settings.public_url} is not https: people's tokens go in clear")
    yield Finding("ok", f"settings can be read; people reach us at {settings.public_url}")


def _folders(instance: Instance) -> Iterator[Finding]:
    settings = instance.settings
    for folder in (settings.data, settings.keys_folder):
        yield _private(folder)
    for key in (settings.signing_key_path, settings.high_water_mark_path):
        if key.is_relative_to(settings.data):
            yield Finding("fault", f"{key} lies in the data folder: who copies one has both")


def _private(path: Path) -> Finding:
    if not path.exists():
        return Finding("fault", f"{path} is not there: `gentie migrate` makes it")
    if path.stat().st_mode & _OTHERS:
        return Finding("fault", f"{path} is open to other users: chmod go= {path}")
    return Finding("ok", f"{path} is ours alone")


def _keys(instance: Instance) -> Iterator[Finding]:
    settings = instance.settings
    checks: tuple[tuple[Path, Callable[[Path], object]], ...] = (
        (settings.signing_key_path, SigningKey.load),
        (settings.vault_public_key_path, load_public_key),
        (settings.blind_index_key_path, Path.read_bytes),
    )
    for path, load in checks:
        try:
            load(path)
        except (BadKey, KeyFault, OSError):
            yield Finding(
                "fault", f"{path} is not there, or no such key: `gentie migrate` makes it"
            )
        else:
            yield _private(path)
    private = settings.vault_private_key_path
    if private.exists() and not settings.demo:
        yield Finding(
            "advice", f"{private} opens the vault: `gentie vault lock` puts it under lock"
        )
    if settings.vault_owner_url:
        yield Finding("advice", "vault_owner_url is set: keep it from the process that serves")


def _vault(instance: Instance) -> Iterator[Finding]:
    """Whether the serving role can read what it has sealed."""
    try:
        if instance.state_of("vault") is not State.CURRENT:
            return  # said already
        vault = instance.open_database("vault")
    except InstanceFault:
        return  # said already
    if reads_seals(vault.engine.sql):
        yield Finding("advice", "vault_url can read sealed identities: see `gentie vault roles`")
    vault.engine.close()
    vault.engine.dispose()


def _databases(instance: Instance) -> Iterator[Finding]:
    for name in instance.urls():
        try:
            state = instance.state_of(name)
        except InstanceFault as error:
            yield Finding("fault", str(error))
            continue
        if state is State.CURRENT:
            yield Finding("ok", f"the database {name!r} is at this version")
        else:
            yield Finding("fault", f"the database {name!r} {HOW[state]}")


def _log(instance: Instance) -> Iterator[Finding]:
    """Whether the log continues what was signed. An old backup does not."""
    settings = instance.settings
    try:
        signer = Signer(
            SigningKey.load(settings.signing_key_path), HighWaterMark(settings.high_water_mark_path)
        )
        mark = signer.read_mark()
        with instance.reading() as tx:
            signer.require_continued(mark, queries.standing(tx, mark))
    except LogBehindMark as error:
        yield Finding("fault", f"the public log: {error}")
    except (BadKey, InstanceFault):
        return  # said already
    else:
        yield Finding("ok", f"the public log continues its mark, size {mark.size if mark else 0}")


def _address(instance: Instance) -> Iterator[Finding]:
    """Whether people elsewhere can follow the links that are given out."""
    settings = instance.settings
    if settings.demo or not (settings.is_local and _has_sites(instance)):
        return
    why = f"is {settings.base_url}" if settings.base_url else "is not set"
    yield Finding(
        "advice",
        f"base_url {why}, but sites are open: links and sign-in lead to {settings.public_url}, "
        "which is this machine to everybody. Set it to what people see",
    )


def _has_sites(instance: Instance) -> bool:
    try:
        with instance.reading() as tx:
            return bool(all_sites(tx))
    except InstanceFault:
        return False  # said already


def _log_name(instance: Instance) -> Iterator[Finding]:
    """Whether the log is still called as the service is: a key keeps the name it was made with."""
    settings = instance.settings
    try:
        origin = SigningKey.load(settings.signing_key_path).origin
    except BadKey:
        return  # said already
    wanted = settings.public_log
    if settings.demo or _host_of(origin) == _host_of(wanted):
        return
    yield Finding(
        "advice",
        f"the public log is called {origin}, but by the settings it would be {wanted}: verifiers "
        "know it by its name. See docs/operate-log.md, `Another name`",
    )


def _host_of(origin: str) -> str:
    """What stands before the path: an epoch changes the path alone."""
    return origin.partition("/")[0]


def _providers(instance: Instance) -> Iterator[Finding]:
    settings = instance.settings
    for provider in settings.identity_providers:
        if provider.sandbox and not settings.demo:
            yield Finding("fault", f"identity provider {provider.id!r} verifies nobody (sandbox)")
        for trust in provider.trust:
            if trust.minimum not in trust.levels:
                yield Finding("fault", f"{provider.id!r}: {trust.minimum!r} is none of its levels")
        secret = provider.client_secret_file
        if secret is not None and not secret.is_file():
            yield Finding("fault", f"{provider.id!r}: {secret} is not there")


def _gateways(instance: Instance) -> Iterator[Finding]:
    settings = instance.settings
    for service in settings.document_services:
        if not service.answer_key_file.is_file():
            yield Finding("fault", f"{service.id!r}: {service.answer_key_file} is not there")
    services: list[CodeGateway | DocumentService] = [
        *settings.code_gateways,
        *settings.document_services,
    ]
    for gateway in services:
        local = gateway.url.startswith(("http://127.", "http://localhost", "http://[::1]"))
        if not gateway.url.startswith("https://") and not local:
            yield Finding("fault", f"{gateway.id!r} is spoken to in clear: its url has to be https")
        if not gateway.token_file.is_file():
            yield Finding("fault", f"{gateway.id!r}: {gateway.token_file} is not there")


def _mail(instance: Instance) -> Iterator[Finding]:
    """Whether letters could be handed over now, and how those that wait are doing."""
    given = instance.settings.mail
    if given is None:
        yield Finding("ok", "no mail is sent: there is no `mail` in the settings")
        return
    if given.security == "none" and given.host not in ("127.0.0.1", "::1", "localhost"):
        yield Finding("fault", f"mail goes to {given.host} in clear: set security to starttls")
    try:
        with connected(server_of(given)):
            yield Finding("ok", f"the mail server {given.host}:{given.port} takes letters")
    except (SMTPException, OSError, ValueError, KeyFault) as error:
        yield Finding("fault", f"the mail server {given.host}:{given.port}: {error}")
    try:
        with instance.reading() as tx:
            yield _letters(mail.standing(tx, now=utc_now()))
    except InstanceFault:
        return  # said already


def _reader(instance: Instance) -> Iterator[Finding]:
    """Whether words in pictures could be read now."""
    languages = instance.settings.media_ocr
    if not languages:
        yield Finding("ok", "no machine reads words in pictures: there is no `media_ocr`")
        return
    with tempfile.TemporaryDirectory() as folder:
        lacks = asyncio.run(missing(languages, Path(folder)))
    if lacks:
        says = f"media_ocr is {languages}, but {lacks} is missing: pictures wait for a person"
        yield Finding("fault", says)
    else:
        yield Finding("ok", f"words in pictures are read in {languages}")


def _letters(standing: mail.Standing) -> Finding:
    error = f", the last error was {standing.error}" if standing.error else ""
    says = f"{standing.waiting} letters wait, {standing.failed} failed this week{error}"
    late = standing.oldest is not None and utc_now() - standing.oldest > _LATE
    return Finding("advice" if late or standing.failed else "ok", says)
