"""The nouns of screening: findings with their places, verdicts, rule sets, and its refusals."""

from gentie.kernel.refusal import Refusal


class TooMany(Refusal):
    code, says = "too-many", "Too many attempts. Please wait a little and try again."
