"""Mail put together from the settings: what seals, what opens, and the way to the server."""

from functools import partial

from gentie.jobs.mail import Post
from gentie.kernel.clock import Clock
from gentie.mail.adapters.smtp import Server, deliver
from gentie.mail.opening import Opener
from gentie.mail.sealing import Addresses, Tickets
from gentie.main.settings import MailServer, Settings
from gentie.pages.letters import Desk
from gentie.storage.db import Database
from gentie.vault.keys import IndexKey, KeyFault, load_private_key, load_public_key
from gentie.web.mailing import Mailing


def mailing_of(settings: Settings, index_key: IndexKey) -> Mailing | None:
    """What doors need. None: no mail is sent from here. Raises KeyFault."""
    if settings.mail is None:
        return None
    public = load_public_key(settings.mail_public_key_path)
    mark_key = index_key.derive("mail-mark")
    return Mailing(
        addresses=Addresses(public, mark_key=mark_key, tenant=settings.tenant),
        tickets=Tickets(index_key.derive("mail-ticket")),
    )


def post_of(
    settings: Settings, mailing: Mailing | None, db: Database, *, clock: Clock
) -> Post | None:
    """Who sends. None: no mail is sent from here. Raises KeyFault."""
    if settings.mail is None or mailing is None:
        return None
    opener = Opener(load_private_key(settings.mail_private_key_path), tenant=settings.tenant)
    handing = partial(deliver, server_of(settings.mail))
    desk = Desk(base=settings.public_url, tickets=mailing.tickets)
    return Post(db, handing, opener=opener, desk=desk, sender=settings.mail.sender, clock=clock)


def server_of(given: MailServer) -> Server:
    """Raises KeyFault: the file with the password cannot be read."""
    password = ""
    if given.password_file is not None:
        try:
            password = given.password_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFault(f"cannot read the password in {given.password_file}") from error
    return Server(
        host=given.host,
        port=given.port,
        security=given.security,
        user=given.user,
        password=password,
    )
