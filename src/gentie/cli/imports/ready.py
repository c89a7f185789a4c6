"""From what a reader gives to what the act takes: names that can stand here, screened texts."""

from collections import Counter

from gentie.accounts.names import BadName, clean_name
from gentie.actions.posting.import_archive import Archived, ArchivePage
from gentie.actions.posting.make_draft import make_draft
from gentie.cli.imports.model import OldComment, OldPage
from gentie.comments.cleaning import BadText, TextEmpty, TextTooLong
from gentie.kernel.ids import SiteId
from gentie.screening.pipeline import CompiledRules

NOBODY = "Anonymous"
_LONGEST_NAME = 24
_LONGEST_TITLE = 300


def ready_page(page: OldPage, site: SiteId, source: str) -> ArchivePage:
    title = " ".join(page.title.split())[:_LONGEST_TITLE]
    return ArchivePage(site=site, source=source, key=page.key, title=title, url=page.url)


def ready_comments(page: OldPage, rules: CompiledRules) -> tuple[list[Archived], Counter[str]]:
    """What can be taken in, and how many cannot, by the code of the refusal."""
    ready, skipped = [], Counter[str]()
    for one in page.comments:
        try:
            ready.append(_ready(one, rules))
        except (BadText, TextEmpty, TextTooLong) as refusal:
            skipped[refusal.code] += 1
    return ready, skipped


def _ready(comment: OldComment, rules: CompiledRules) -> Archived:
    return Archived(
        source_id=comment.id,
        parent=comment.parent,
        author=_name(comment.author),
        created_at=comment.created_at,
        draft=make_draft(comment.text, rules),
    )


def _name(text: str) -> str:
    try:
        return clean_name(text[:_LONGEST_NAME])
    except BadName:
        return NOBODY
