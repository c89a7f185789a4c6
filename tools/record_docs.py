"""The format of exports, field by field, written from the structs into docs/moving-out.md.

What a field means stands below it in the source, or by its name in `tools.record_words`.

`python -m tools.record_docs` writes the part between the two marks again; a test fails when the
page and the structs differ, so that the page cannot fall behind.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
from msgspec import inspect as types

from gentie.moving.records.format import ORDER
from gentie.moving.records.own import PersonExport
from tools.record_words import COMMON

PAGE: Final = Path("docs/moving-out.md")
BEGIN: Final = "<!-- written by tools/record_docs.py -->\n"
END: Final = "<!-- end of what is written -->\n"
_WORDS: Final = {
    types.IntType: "number",
    types.StrType: "text",
    types.FloatType: "number",
    types.BytesType: "base64",
    types.BoolType: "true or false",
    types.DateTimeType: "time",
    types.NoneType: "null",
    types.RawType: "JSON",
}

Struct = type[msgspec.Struct]


def page_with(text: str, tables: str) -> str:
    """The page with what stands between the marks written again."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{tables}\n{END}{after}"


def tables() -> str:
    """All kinds of lines in the order of the file, a person's own file, then their parts."""
    lines = sorted(ORDER, key=ORDER.__getitem__)
    shown = [_shown(one) for one in (*lines, PersonExport)]
    shown += [_shown(one) for one in _parts([*lines, PersonExport])]
    return "\n".join(shown)


def _shown(struct: Struct) -> str:
    fields = _fields_of(struct)
    tag = struct.__struct_config__.tag
    title = f"Line `{tag}`" if tag else _name_of(struct)
    said = inspect.cleandoc(struct.__doc__ or "").replace("\n", " ")
    rows = [f"| `{name}` | {kind} | {says} |" for name, kind, says in fields]
    return "\n".join(
        [f"### {title}", "", said, "", "| field | holds | |", "|---|---|---|", *rows, ""]
    )


def _fields_of(struct: Struct) -> Iterator[tuple[str, str, str]]:
    info, says = types.type_info(struct), _docstrings(struct)
    if not isinstance(info, types.StructType):
        raise TypeError(struct)
    for field in info.fields:
        kind = _kind_of(field.type)
        absent = "; may be absent" if not field.required else ""
        said = says.get(field.name) or COMMON[field.encode_name]
        yield field.encode_name, f"{kind}{absent}", said


def _kind_of(kind: types.Type) -> str:
    match kind:
        case types.UnionType():
            return " or ".join(_kind_of(one) for one in kind.types)
        case types.EnumType():
            return ", ".join(f"`{one.value}`" for one in kind.cls)
        case types.VarTupleType() | types.ListType():
            return f"list of {_kind_of(kind.item_type)}"
        case types.StructType():
            return _name_of(kind.cls)
        case types.LiteralType():
            return ", ".join(f"`{one}`" for one in kind.values)
        case _:
            return _WORDS[type(kind)]


def _parts(structs: list[Struct]) -> list[Struct]:
    """Structs inside lines, each once, in the order in which they are met."""
    met: dict[Struct, None] = {}
    waiting = list(structs)
    while waiting:
        one = waiting.pop(0)
        inner = [part for part in _inside(types.type_info(one)) if part not in (*met, *structs)]
        met |= dict.fromkeys(inner)
        waiting += inner
    return list(met)


def _inside(kind: types.Type) -> Iterator[Struct]:
    match kind:
        case types.StructType():
            for field in kind.fields:
                yield from _named(field.type)
        case _:
            return


def _named(kind: types.Type) -> Iterator[Struct]:
    match kind:
        case types.StructType():
            yield kind.cls
        case types.UnionType():
            for one in kind.types:
                yield from _named(one)
        case types.VarTupleType() | types.ListType():
            yield from _named(kind.item_type)
        case _:
            return


def _docstrings(struct: Struct) -> dict[str, str]:
    """What stands below each field in the source, of the classes it is made of too."""
    found: dict[str, str] = {}
    for one in reversed(struct.__mro__):
        if one.__module__.startswith("gentie."):
            found |= dict(_below_fields(one))
    return found


def _below_fields(one: type) -> Iterator[tuple[str, str]]:
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
    body = made.body if isinstance(made, ast.ClassDef) else []
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=says)):
                yield name, " ".join(str(says).split())


def _name_of(struct: Struct) -> str:
    """AuthorRecord is an author, SwitchRecord a switch."""
    name = struct.__name__.removesuffix("Record")
    return "".join(f" {one.lower()}" if one.isupper() else one for one in name).strip()


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page_with(text, tables()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
