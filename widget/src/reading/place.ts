/** Keeps the reader's place while the widget takes the place of what stood there without script. */

/** Do `swap` so that the comment at the top of the window stays where it is, and the focus too. */
export function keepPlace(before: Element, after: Element, swap: () => void): void {
  const focused = before.querySelector(":focus");
  keepHeight(before, after, swap);
  if (!focused) return;
  const now = counterpart(after, focused.closest("[id^=c-]")) ?? after.querySelector<HTMLElement>("#gentie-title");
  now?.focus({ preventScroll: true });
}

function keepHeight(before: Element, after: Element, swap: () => void): void {
  const marked = [...before.querySelectorAll("[id^=c-]")].find((one) => one.getBoundingClientRect().bottom > 0);
  if (!marked || before.getBoundingClientRect().top >= 0) return swap(); // the reader is not inside
  const was = marked.getBoundingClientRect().top;
  after.classList.add("whole"); // as long as heights are guessed, a place is, too
  swap();
  const now = counterpart(after, marked);
  if (now) window.scrollBy({ top: now.getBoundingClientRect().top - was, behavior: "instant" });
  requestAnimationFrame(() => requestAnimationFrame(() => after.classList.remove("whole")));
}

/** The comment that stood there as `was`. */
function counterpart(after: Element, was: Element | null): HTMLElement | null {
  return was && after.querySelector<HTMLElement>(`article[id="gentie-${CSS.escape(was.id.slice(2))}"]`);
}
