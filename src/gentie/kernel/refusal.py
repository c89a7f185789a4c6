"""Refusals: the expected "no, because".

A refusal is part of normal business and is shown to the person who asked. A bug
raises anything else and is answered with 500. Rooms know no HTTP: `gentie.web.problems`
gives each refusal its status.
"""

from typing import ClassVar

from typing_extensions import override


class Refusal(Exception):
    """Base class. `code` is part of the public API: never renamed, only retired."""

    code: ClassVar[str]
    says: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.facts)


def _again(kind: type[Refusal], facts: dict[str, object]) -> Refusal:
    return kind(**facts)
