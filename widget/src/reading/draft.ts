/** Half-written comments, kept in this browser until they are posted, unless the reader says no. */

export interface Place {
  site: string;
  key: string;
  /** What is answered or edited. Empty: a new comment. */
  about: string;
}

const HEAD = "gentie:draft:";
const OFF = "gentie:drafts";

const nameOf = (place: Place) => `${HEAD}${place.site}:${place.key}:${place.about}`;

export function readDraft(place: Place): string {
  return attempt(() => localStorage.getItem(nameOf(place)) ?? "", "");
}

/** Keep the text, or forget it when it is empty. Says whether it is kept. */
export function keepDraft(place: Place, text: string): boolean {
  const keep = Boolean(text.trim()) && draftsAreKept();
  return attempt(() => {
    if (keep) localStorage.setItem(nameOf(place), text);
    else localStorage.removeItem(nameOf(place));
    return keep;
  }, false);
}

/** Somebody signs out: what they had begun is not for who comes next. */
export function forgetDrafts(): void {
  attempt(() => {
    const names = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
    for (const name of names) if (name.startsWith(HEAD)) localStorage.removeItem(name);
  }, undefined);
}

export function draftsAreKept(): boolean {
  return attempt(() => localStorage.getItem(OFF) !== "off", false);
}

/** Off forgets what is there. */
export function setDrafts(on: boolean): void {
  attempt(() => (on ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "off")), undefined);
  if (!on) forgetDrafts();
}

/** Storage may be switched off: writing still works, only nothing is kept. */
function attempt<T>(what: () => T, otherwise: T): T {
  try {
    return what();
  } catch {
    return otherwise;
  }
}
