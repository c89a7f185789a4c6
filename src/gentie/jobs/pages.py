"""What is done when pages change: the cache lets go of them, and followers are told."""

from gentie.actions.place import PAGE_CHANGED, SITE_CHANGED
from gentie.jobs.runner import Handler
from gentie.kernel.ids import ThreadId
from gentie.pages.cache import PageCache
from gentie.pages.changes import Changes
from gentie.pages.thread import thread_mark
from gentie.storage.outbox import Message


def page_handlers(cache: PageCache, changes: Changes) -> dict[str, Handler]:
    """Handlers by topic. Both belong to the loop that the handlers run in."""

    async def page_changed(message: Message) -> None:
        thread, urgent = ThreadId(message.body["thread"]), bool(message.body["urgent"])
        if urgent:
            cache.drop(thread_mark(thread))
        else:
            cache.touch(thread_mark(thread))
        changes.tell(thread, removed=urgent)

    async def site_changed(message: Message) -> None:
        cache.drop(f"site:{message.body['site']}")

    return {PAGE_CHANGED: page_changed, SITE_CHANGED: site_changed}
