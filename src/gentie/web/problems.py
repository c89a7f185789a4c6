"""Refusals as problem details (RFC 9457). One table says which status each one gets."""

from gentie.accounts import model as accounts
from gentie.accounts.names import BadName
from gentie.assessments import model as assessments
from gentie.boundaries import model as boundaries
from gentie.cases import model as cases
from gentie.comments import model as comments
from gentie.comments.cleaning import BadText, TextEmpty, TextTooLong
from gentie.decisions import model as decisions
from gentie.kernel.actor import MayNot
from gentie.kernel.ids import NoSuchComment
from gentie.kernel.page import BadCursor
from gentie.kernel.refusal import Refusal
from gentie.ledger import queries as ledger
from gentie.mail import model as mail
from gentie.pages.streams import TooManyFollowers, TooManyFromHere
from gentie.review import model as review
from gentie.screening import model as screening
from gentie.sites import model as sites
from gentie.storage.idempotency import KeyReused
from gentie.vault import model as vault
from gentie.visits import model as visits
from gentie.web.access import BadCsrf
from gentie.web.once import BadIdempotencyKey

STATUS: dict[type[Refusal], int] = {
    BadCsrf: 403,
    BadCursor: 400,
    BadIdempotencyKey: 400,
    BadName: 422,
    BadText: 422,
    KeyReused: 422,
    MayNot: 403,
    NoSuchComment: 404,
    mail.AddressRefuses: 409,
    mail.BadAddress: 422,
    mail.BadTicket: 404,
    mail.MailNotOffered: 404,
    mail.NoContact: 404,
    ledger.NotInLog: 404,
    ledger.NotYetInLog: 409,
    TextEmpty: 422,
    TextTooLong: 422,
    TooManyFollowers: 503,
    TooManyFromHere: 429,
    assessments.FeatureOffline: 403,
    boundaries.NoSuchEvidence: 404,
    boundaries.NoSuchPerson: 409,
    boundaries.RepliesLimited: 403,
    boundaries.TooManyPeople: 409,
    cases.AlreadyAppealed: 409,
    cases.NoSuchCase: 404,
    cases.NothingToReport: 409,
    comments.BadClaimLink: 403,
    comments.FormNotOffered: 403,
    comments.BatchDecided: 409,
    comments.BatchNeedsReason: 422,
    comments.NameClaimed: 409,
    comments.NoSuchArchiveAuthor: 404,
    comments.NoSuchBatch: 404,
    comments.NoSuchOrder: 400,
    comments.NoSuchParent: 404,
    comments.NothingWaiting: 404,
    comments.NotPublished: 409,
    comments.NotTheAuthor: 403,
    comments.OwnComment: 403,
    comments.StaleRevision: 409,
    comments.WrongState: 409,
    decisions.AlreadyReversed: 409,
    decisions.MeasureNotOffered: 409,
    decisions.NeedsReason: 422,
    decisions.NoSuchClass: 422,
    decisions.NoSuchDecision: 404,
    decisions.NoSuchNotice: 404,
    decisions.NothingToAppeal: 409,
    review.AuthorNotVerified: 409,
    review.ItemChanged: 409,
    review.ItemDecided: 409,
    review.ItemTaken: 409,
    review.NoSuchItem: 404,
    review.NotYourItem: 409,
    review.TooLateToUndo: 409,
    screening.BadRules: 422,
    screening.DraftTaken: 409,
    screening.NeedsAnotherApprover: 403,
    screening.NoSuchRules: 404,
    screening.NotADraft: 409,
    screening.TooMany: 429,
    sites.BadOrigin: 422,
    sites.BadSiteId: 422,
    sites.BadThreadKey: 422,
    sites.KeyTaken: 409,
    sites.NoSuchRegime: 422,
    sites.NoSuchSite: 404,
    sites.NoSuchSwitch: 404,
    sites.NoSuchThread: 404,
    sites.ReadOnly: 403,
    sites.RegimeNotAllowed: 409,
    sites.SameThread: 409,
    sites.SiteExists: 409,
    sites.SwitchNeedsTerm: 422,
    sites.ThreadInUse: 409,
    accounts.AccountClosed: 403,
    accounts.AccountRestricted: 403,
    accounts.AgreementChanged: 409,
    accounts.AgreementRequired: 403,
    accounts.AttemptInvalid: 400,
    accounts.ConsentRequired: 403,
    accounts.IdentityExpired: 403,
    accounts.IdentityRequired: 403,
    accounts.IdentityRevoked: 403,
    accounts.NameTaken: 409,
    accounts.NoAgreement: 404,
    accounts.NoSuchAccount: 404,
    accounts.NoSuchProvider: 404,
    accounts.NoSuchStaff: 404,
    accounts.NotVerified: 403,
    accounts.PasswordTooLong: 422,
    accounts.PasswordTooShort: 422,
    accounts.ProviderUnavailable: 503,
    accounts.SecondFactorWait: 429,
    accounts.SessionExpired: 401,
    accounts.WrongCredentials: 401,
    vault.CannotOpen: 409,
    vault.DisclosureEnded: 409,
    vault.DisclosureUnfit: 422,
    vault.NoSecondPerson: 409,
    vault.NoSuchDisclosure: 404,
    vault.NobodyKnown: 404,
    vault.NotApproved: 409,
    vault.NotYours: 403,
    vault.TicketInvalid: 400,
    visits.CodeInvalid: 400,
    visits.NotForThisPage: 403,
}
