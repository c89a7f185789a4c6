"""Personal data, contacts and web addresses, found by their form and their checksums.

Every pattern is linear: its runs are bounded, and it starts only where a run starts. Digits are
read in any width and script, mobile numbers also in Chinese numerals. Findings say where, never
what: nothing that was found is kept anywhere.
"""

import re
from collections.abc import Callable
from datetime import date

import msgspec

from gentie.screening.model import Action, Finding, RuleSet, Span
from gentie.screening.normal import Views

_SEPARATORS = r"[ .·・_*/—–~-]"
_MOBILE = re.compile(
    rf"(?<![0-9])(?<![0-9]\.)(?:\+?(?:00)?86{_SEPARATORS}?)?"
    rf"(?P<number>1{_SEPARATORS}{{0,2}}[3-9](?:{_SEPARATORS}{{0,2}}[0-9]){{9}})(?![0-9a-z])"
)
_SPLITS = frozenset(
    {(11,), (3, 4, 4), (3, 3, 5), (4, 4, 3), (4, 3, 4), (3, 8), (7, 4), (5, 6), (6, 5), (1, 10)}
    | {(3, 2, 3, 3), (3, 2, 2, 2, 2), (2, 3, 3, 3), (1, 2, 4, 4), (1, 5, 5), (1,) * 11}
)
"""How people split the eleven digits. A row of small numbers is split otherwise."""
_NUMERALS = str.maketrans(
    dict(
        zip("〇零○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖", "00011122233445566778899", strict=True)
    )
)
_WRITTEN_OUT = re.compile(r"[〇零○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖]")
_ID_NUMBER = re.compile(
    r"(?<![0-9a-z])[1-9][0-9]{5} ?(?P<born>(?:19|20)[0-9]{6}) ?[0-9]{3}[0-9x](?![0-9a-z])"
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD = re.compile(
    r"(?<![0-9a-z])(?:62|4[0-9]|5[1-5]|2[2-7]|3[47]|95)(?:[ -]?[0-9]){13,17}(?![0-9a-z])"
)
_MAIL = re.compile(
    r"(?<![a-z0-9_])(?<![a-z0-9][.+-])[a-z0-9_][a-z0-9._+-]{0,63}"
    r"@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?![a-z0-9])"
)
_ENDINGS = (
    "com|cn|net|org|top|xyz|vip|cc|tv|io|info|shop|site|online|club|ltd|app|link|icu|fun|ru|hk|tw|"
    "jp|kr|de|uk|eu|fr|edu|gov|biz|store|wang|tech"
)
_PATH = r"(?:[/?#][!-~]{0,500})?"
_LINK = re.compile(
    rf"(?<![a-z0-9])(?:https?://|www\.)[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{0,5}}{_PATH}"
    r"|(?<![a-z0-9@_-])(?<![a-z0-9@]\.)(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}"
    rf"(?:(?:{_ENDINGS})(?![a-z0-9-]|\.[a-z0-9]){_PATH}"
    r"|(?:cn|ly|gl|co|me|to|gd|im|is|be|us|sh)/[a-z0-9]{3,40})"
)
_CHAT = re.compile(
    r"(?:(?P<add>加我?(?:v|薇|微|威)(?:信|x)?|[+➕]我?(?:薇|微|威)信?|[+➕] ?v(?:x|信)?(?![a-z]))"
    r"|微信|薇信|威信|徽信|溦信|v信|(?<![a-z0-9])(?:vx|wx)(?![a-z])"
    r"|(?<![a-z0-9])(?P<weak>wechat|weixin)(?![a-z]))"
    r"(?P<sure>[号是:=➕→\s]{0,4})(?P<id>[a-z][a-z0-9_-]{5,19}|[0-9]{6,12})(?![a-z0-9_])"
)
_QQ = re.compile(
    r"(?:(?<![a-z0-9])(?P<qq>qq|q群)|扣扣|企鹅|蔻蔻|群|裙)"
    r"(?P<sure>[群号是加:=\s]{0,4})(?P<id>[1-9][0-9]{4,10})(?![0-9a-z])"
)
_NUMBER = r"[0-9〇零一二三四五六七八九十百]{1,5}"
_HOME = re.compile(
    r"(?:家住|住在|家在|住址|家庭地址|他家地址|她家地址)[^\n。！？!?，,；;]{2,40}?"
    rf"(?:{_NUMBER}(?:号楼|号院|栋|幢|单元|室)|(?:路|街|巷|弄|道|胡同){_NUMBER}号(?!楼|线|文|机|人))"
)
_SURE = re.compile(r"[号:=是]")
_DIGIT = re.compile("[0-9]")
_FEW = 2
"""Chinese numerals below which a text is not read again as if they were digits."""

Check = Callable[["re.Match[str]"], bool]


class _Kind(msgspec.Struct, frozen=True):
    detector: str
    pattern: re.Pattern[str]
    needs: str
    """A character without which the pattern cannot match; "0" stands for any digit."""
    check: Check
    says: str


def _mobile(found: re.Match[str]) -> bool:
    groups = re.split(rf"{_SEPARATORS}+", found["number"])
    return tuple(map(len, groups)) in _SPLITS


def _id_number(found: re.Match[str]) -> bool:
    """GB 11643: a real day of birth, and a check digit modulo 11."""
    number = found.group().replace(" ", "")
    born = found["born"]
    try:
        date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    total = sum(int(char) * weight for char, weight in zip(number, _ID_WEIGHTS, strict=False))
    return "10x98765432"[total % 11] == number[-1]


def _card(found: re.Match[str]) -> bool:
    """ISO/IEC 7812: the Luhn sum is a multiple of ten."""
    digits = [int(char) for char in reversed(found.group()) if char.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _chat(found: re.Match[str]) -> bool:
    """An account's name has a digit in it, or something says that it is one."""
    account, sure = found["id"], bool(_SURE.search(found["sure"]))
    if account.isdigit():
        return sure or bool(found["add"])
    return any(not char.isalpha() for char in account) or (sure and not found["weak"])


def _qq(found: re.Match[str]) -> bool:
    return bool(found["qq"] or _SURE.search(found["sure"]))


def _always(_: re.Match[str]) -> bool:
    return True


_PRIVATE = (
    _Kind("mobile", _MOBILE, "0", _mobile, says="Looks like a mobile number"),
    _Kind("id-number", _ID_NUMBER, "0", _id_number, says="Looks like an identity number"),
    _Kind("bank-card", _CARD, "0", _card, says="Looks like a bank card number"),
    _Kind("mail", _MAIL, "@", _always, says="Looks like an e-mail address"),
    _Kind("home", _HOME, "", _always, says="Looks like a home address"),
)
_CONTACTS = (
    _Kind("chat-account", _CHAT, "", _chat, says="Looks like a chat account to be added"),
    _Kind("qq-account", _QQ, "0", _qq, says="Looks like a QQ number"),
)
_LINKS = (_Kind("link", _LINK, "", _always, says="Contains a web address"),)


def personal_data(views: Views, rules: RuleSet, *, version: str) -> list[Finding]:
    """Numbers, cards, mail and home addresses. Whose they are is for the act to say."""
    found = _Search(views, rules.privacy_action, rules.privacy_class, version)
    findings = found.all_of(_PRIVATE)
    if any(finding.detector == "mobile" for finding in findings):
        return findings
    return [*findings, *found.all_of(_PRIVATE[:1], numerals=True)]


def contacts(views: Views, rules: RuleSet, *, version: str) -> list[Finding]:
    """Accounts at chat services that readers are asked to add."""
    return _Search(views, rules.contact_action, rules.contact_class, version).all_of(_CONTACTS)


def links(views: Views, rules: RuleSet, *, version: str) -> list[Finding]:
    """Web addresses, also bare ones."""
    return _Search(views, rules.link_action, None, version).all_of(_LINKS)


class _Search(msgspec.Struct, frozen=True):
    views: Views
    action: Action
    class_id: str | None
    version: str

    def all_of(self, kinds: tuple[_Kind, ...], *, numerals: bool = False) -> list[Finding]:
        """One finding for each kind that is there. `numerals`: read Chinese ones as digits."""
        text = self.views.table.text
        if numerals:
            if len(_WRITTEN_OUT.findall(text)) < _FEW:
                return []
            text = text.translate(_NUMERALS)
        has_digit = _DIGIT.search(text) is not None
        return [
            self._finding(kind, spans)
            for kind in kinds
            if (has_digit if kind.needs == "0" else kind.needs in text)
            if (spans := self._spans(kind, text))
        ]

    def _spans(self, kind: _Kind, text: str) -> tuple[Span, ...]:
        found = (match for match in kind.pattern.finditer(text) if kind.check(match))
        return tuple(self.views.table.span(*match.span()) for match in found)

    def _finding(self, kind: _Kind, spans: tuple[Span, ...]) -> Finding:
        return Finding(
            detector=kind.detector,
            version=self.version,
            class_id=self.class_id,
            action=self.action,
            spans=spans,
            says=kind.says,
        )
