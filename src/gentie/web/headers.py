"""Headers that every answer carries. A handler that needs others sets its own."""

from collections.abc import Collection
from typing import Final

from gentie.pages.ready import Headers

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
"""No inline script or style anywhere, and nobody frames us."""


def csp_within(origins: Collection[str], *, media_url: str = "") -> str:
    """The same policy for a page that pages of `origins` may frame, and nobody else."""
    ancestors = " ".join(sorted(origins)) or "'none'"
    policy = _with_media(media_url)
    return policy.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}")


SECURITY: Final[Headers] = (
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(), microphone=(self), payment=()"),
)
HTTPS_ONLY: Final[Headers] = (("strict-transport-security", "max-age=31536000"),)


def security_headers(base_url: str, *, media_url: str = "") -> Headers:
    """For a service whose public address is `base_url`; `media_url` is where its media are."""
    always = (("content-security-policy", _with_media(media_url)), *SECURITY[1:])
    return always + HTTPS_ONLY if base_url.startswith("https:") else always


def _with_media(media_url: str) -> str:
    policy = CSP
    for name in ("img-src", "media-src") if media_url else ():
        policy = policy.replace(f"{name} 'self'", f"{name} 'self' {media_url}")
    return policy
