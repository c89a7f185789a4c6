/** Half-written comments, kept in this browser until they are posted. */

export interface Place {
  site: string;
  key: string;
  /** What is answered or edited. Empty: a new comment. */
  about: string;
}

const nameOf = (place: Place) => `gentie:draft:${place.site}:${place.key}:${place.about}`;

export function readDraft(place: Place): string {
  try {
    return localStorage.getItem(nameOf(place)) ?? "";
  } catch {
    return ""; // storage is switched off: writing still works, only nothing is kept
  }
}

/** Keep the text, or forget it when it is empty. Says whether it is kept. */
export function keepDraft(place: Place, text: string): boolean {
  try {
    if (text.trim()) localStorage.setItem(nameOf(place), text);
    else localStorage.removeItem(nameOf(place));
    return Boolean(text.trim());
  } catch {
    return false;
  }
}
