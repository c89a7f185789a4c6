/** What every element of one thread shares. It is a new value only when one of its facts changes. */
import type { Api } from "./api.ts";
import type { Texts } from "./i18n.ts";
import type { Part } from "./lazy.ts";
import type { Places } from "./places.ts";
import { Problem } from "./problem.ts";
import type { Offer, Own } from "./types.ts";

export interface Context {
  api: Api;
  texts: Texts;
  places: Places;
  /** The thread's key, as the page names it. */
  key: string;
  /** My pseudonym. Empty: nobody is signed in. */
  me: string;
  reviewedFirst: boolean;
  open: boolean;
  /** Graphemes. */
  longest: number;
  /** What was saved when I protected myself on this page. Empty: nothing. */
  evidence: string;
  /** Files that I may add. Null: none, or nobody is signed in. */
  files: Offer | null;
  /** What is said to an author. Absent: nobody is signed in. */
  own: Saying | null;
  /** Bring the code of a part that not every reader needs. */
  load: (part: Part) => Promise<void>;
  /** Sign in where that is a window. Within a click. False: somebody is sent elsewhere, or nothing happened. */
  enter: () => Promise<boolean>;
  /** Get ready for `enter`. */
  prepare: () => void;
}

export interface Saying {
  /** The state of something of mine. `isPublic`: others read it, or an older text of it. */
  state: (ctx: Context, own: Own, isPublic: boolean) => unknown;
  reasons: (ctx: Context, own: Own) => unknown;
}

/** Refusals that a visit to the service can mend. */
const MENDED = /^(identity-|agreement-required|undertaking-due|not-signed-in|session-expired)/;

export const mendable = (problem: unknown): problem is Problem => problem instanceof Problem && MENDED.test(problem.code);

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
    case "session-expired":
    case "not-signed-in":
      return texts.t("Please sign in again. Your text is kept.");
    case "read-only":
      return texts.t("This thread is closed for new comments at the moment.");
    case "replies-limited":
      return texts.t("The author limits who may reply.");
    case "popup-blocked":
      return texts.t("The window for signing in was blocked. Please allow it and try again.");
    case "popup-cut":
    case "insecure-page":
      return texts.t("Signing in does not work within this page.");
    default:
      return problem.message || texts.t("Something went wrong here. Your text is kept.");
  }
}

/** An event from an element to its thread. It does not leave the shadow tree. */
export function tell(from: EventTarget, name: string, detail: object): void {
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}
