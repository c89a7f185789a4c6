/** Addresses of the service's own pages: identity and appeals never happen in a foreign page. */
import type { Tombstone } from "./types.ts";

export class Places {
  constructor(
    readonly base: string,
    private readonly site: string,
    /** The thread's key as a part of an address. */
    private readonly key: string,
    readonly lang: string,
    /** Leaves this page. A test looks at where to. */
    readonly go: (url: string) => void = (url) => window.location.assign(url),
  ) {}

  /** Where a reader signs up and comes back to the half-written comment. */
  signUp(): string {
    return this.help("/account/sign-up");
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

  /** My comments, my data, whom I keep away. */
  account(): string {
    return `${this.base}/account/me`;
  }

  evidence(): string {
    return `${this.base}/account/evidence`;
  }

  people(): string {
    return `${this.base}/account/people`;
  }

  /** The thread on the service's own origin, at one comment. */
  thread(comment?: string): string {
    const page = `${this.base}/t/${encodeURIComponent(this.site)}/${this.key}`;
    return comment ? `${page}?comment=${encodeURIComponent(comment)}` : page;
  }

  feed(): string {
    return `${this.base}/feeds/${encodeURIComponent(this.site)}/${this.key}.atom?lang=${this.lang.startsWith("zh") ? "zh-CN" : "en"}`;
  }

  /** Where anybody checks that this very removal stands in the public log. Empty: it has no place there. */
  record(id: string, { leaf, nonce, revision }: Tombstone["tombstone"]): string {
    if (!nonce) return "";
    if (leaf === null || revision === undefined) return this.thread(id);
    return `${this.base}/log?${new URLSearchParams({ leaf: `${leaf}`, comment: id, revision: `${revision}`, nonce })}`;
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
