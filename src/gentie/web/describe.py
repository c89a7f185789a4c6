"""The API described: OpenAPI for programs, one page for people. Nothing comes from elsewhere."""

from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, Schema, SecurityScheme
from litestar.plugins import OpenAPISchemaPlugin
from litestar.types import Empty
from litestar.typing import FieldDefinition
from typing_extensions import override

from gentie import __version__
from gentie.kernel.texts import lang_of
from gentie.web.templating import render

_OPEN: dict[str, Any] = {"open_to_all": True}
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `type` is stable; further members depend on it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_REFUSED: dict[str, Any] = {
    "description": "Refused or failed",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class EitherStruct(OpenAPISchemaPlugin):
    """Describes structs that hold either of two structs; the framework knows tagged ones only."""

    @override
    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        if field_definition.is_union or not field_definition.is_subclass_of(msgspec.Struct):
            return False
        try:
            msgspec.inspect.type_info(field_definition.type_)
        except TypeError:
            return True
        return False

    @override
    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        fields = msgspec.structs.fields(field_definition.type_)
        hints = field_definition.get_type_hints(include_extras=True, resolve_generics=True)
        described: Schema = schema_creator.create_component_schema(
            field_definition,
            required=sorted(one.encode_name for one in fields if one.required),
            property_fields={
                one.encode_name: FieldDefinition.from_annotation(
                    hints[one.name],
                    name=one.encode_name,
                    default=Empty if one.default is msgspec.NODEFAULT else one.default,
                )
                for one in fields
            },
        )
        return described


class _Readable(OpenAPIRenderPlugin):
    """The page under /docs."""

    @override
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        lang = lang_of(request.headers.get("accept-language", ""))
        schema = with_problems(openapi_schema)
        page = render("docs.html", lang, groups=_groups(schema), schema=schema)
        return page.encode()


CONFIG = OpenAPIConfig(
    title="Gentie",
    version=__version__,
    description="Comments whose rules can be checked. Errors are problem+json (RFC 9457).",
    license=License(name="Apache-2.0", identifier="Apache-2.0"),
    path="/docs",
    render_plugins=[_Readable(path="/", media_type=MediaType.HTML)],
    use_handler_docstrings=True,
    components=Components(
        security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}
    ),
)


@get("/openapi.json", opt=_OPEN, include_in_schema=False, sync_to_thread=False)
def openapi_json(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """The description itself, OpenAPI 3.1."""
    headers = {"cache-control": "public, max-age=300"}
    schema = with_problems(request.app.openapi_schema.to_schema())
    return Response(schema, media_type="application/vnd.oai.openapi+json", headers=headers)


def with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Say that every "no" is a problem document; the framework describes its own shape instead."""
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    for item in schema["paths"].values():
        for method in _METHODS & item.keys():
            answers = item[method]["responses"]
            answers.pop("400", None)
            answers["default"] = _REFUSED
    return schema


def _groups(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by tag, in the order of their paths."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in sorted(schema.get("paths", {}).items()):
        for method in sorted(_METHODS & item.keys()):
            told = {"description": "", "parameters": [], "tags": ["other"], **item[method]}
            operation = {**told, "path": path, "method": method.upper()}
            groups.setdefault(operation["tags"][0], []).append(operation)
    return groups


routes = [openapi_json]
