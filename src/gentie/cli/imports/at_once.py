"""A small archive in memory, for whoever brings it in by an act of their own: the demo."""

from itertools import groupby

from gentie.actions.posting.import_archive import Archived, ArchivePage
from gentie.actions.posting.make_draft import Draft
from gentie.cli.imports.bringing import archived_of, page_of
from gentie.cli.imports.formats import Format
from gentie.cli.imports.model import Reading
from gentie.cli.imports.opening import ExportFile
from gentie.cli.imports.ready import drafts_of
from gentie.cli.imports.staging import Staged, Staging
from gentie.cli.imports.urls import UrlMap
from gentie.kernel.ids import SiteId
from gentie.screening.pipeline import CompiledRules

_AT_ONCE = 1000


def archive_at_once(
    file: ExportFile, form: Format, site: SiteId, rules: CompiledRules
) -> list[tuple[ArchivePage, list[Archived]]]:
    """The pages of an export with their comments, parents first.

    Raises:
        BadExport: nothing can be read.
    """
    staging = Staging(None, key=b"")
    staging.fill(form.read(file, Reading()))
    staging.settle(UrlMap())
    ready = [one for some in staging.rest(most=_AT_ONCE) for one in _ready(some, rules)]
    staging.close()
    pages = groupby(ready, key=lambda one: page_of(one[0], site, f"{form.name}:{one[0].site}"))
    return [(page, [archived_of(one, draft) for one, draft in some]) for page, some in pages]


def _ready(some: list[Staged], rules: CompiledRules) -> list[tuple[Staged, Draft]]:
    drafts = drafts_of(((one.text, one.markup) for one in some), rules)
    return [
        (one, draft) for one, draft in zip(some, drafts, strict=True) if not isinstance(draft, str)
    ]
