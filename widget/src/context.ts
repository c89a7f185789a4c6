/** What every element of one thread shares. */
import type { Api } from "./api.ts";
import { Problem } from "./api.ts";
import type { Texts } from "./i18n.ts";

export interface Context {
  api: Api;
  texts: Texts;
  /** My pseudonym. Empty: nobody is signed in, or we cannot know from this origin. */
  me: string;
  reviewedFirst: boolean;
  open: boolean;
  /** Graphemes. */
  longest: number;
  places: Places;
}

/** Addresses of the service's own pages: identity and appeals never happen in a foreign page. */
export class Places {
  constructor(
    readonly base: string,
    private readonly site: string,
    private readonly key: string,
    /** Leaves this page. A test looks at where to. */
    readonly go: (url: string) => void = (url) => window.location.assign(url),
  ) {}

  /** Where a reader signs up and comes back to the half-written comment. */
  signUp(): string {
    const here = `${window.location.pathname}${window.location.search}#gentie-write`;
    return `${this.base}/account/sign-up?next=${encodeURIComponent(here)}`;
  }

  /** Where somebody whose session has ended comes in again. */
  signIn(): string {
    return this.help("/account/sign-in");
  }

  /** A page that a refusal names, with the way back. */
  help(page: string): string {
    const here = `${window.location.pathname}${window.location.search}#gentie-write`;
    return `${this.base}${page}${page.includes("?") ? "&" : "?"}next=${encodeURIComponent(here)}`;
  }

  /** The thread on the service's own origin, at one comment. */
  thread(comment?: string): string {
    const page = `${this.base}/t/${encodeURIComponent(this.site)}/${encodeURIComponent(this.key)}`;
    return comment ? `${page}?comment=${encodeURIComponent(comment)}` : page;
  }

  /** The statement of reasons, and the appeal, for who holds the receipt. */
  decision(id: string, receipt: string | null | undefined): string {
    const query = receipt ? `?receipt=${encodeURIComponent(receipt)}` : "";
    return `${this.base}/d/${encodeURIComponent(id)}${query}`;
  }

  /** Reporting without script, and where this element cannot load the rules. */
  report(comment: string): string {
    return `${this.base}/report?subject=${encodeURIComponent(comment)}`;
  }

  secret(url: string): string {
    return new URL(url, this.base || window.location.origin).href;
  }
}

/** One sentence for a person, in their language, about what went wrong. */
export function sayProblem(texts: Texts, problem: unknown): string {
  if (!(problem instanceof Problem)) return texts.t("Something went wrong here. Your text is kept.");
  switch (problem.code) {
    case "unreachable":
      return texts.t("The service cannot be reached. Your text is kept; please try again.");
    case "too-many":
      return texts.t("That was a lot at once. Please wait a moment and try again.");
    case "text-too-long":
      return texts.t("This is longer than a comment may be.");
    case "identity-required":
    case "identity-expired":
    case "identity-revoked":
      return texts.t("Before you can comment here, your identity has to be verified once.");
    case "agreement-required":
      return texts.t("Please read and accept the agreement first.");
    case "read-only":
      return texts.t("This thread is closed for new comments at the moment.");
    default:
      return problem.message || texts.t("Something went wrong here. Your text is kept.");
  }
}

/** An event from an element to its thread. It does not leave the shadow tree. */
export function tell(from: EventTarget, name: string, detail: object): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}
