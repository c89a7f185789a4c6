/** Keeps the reader's place while the widget takes the place of what stood there without script. */

/** Do `swap` so that the comment at the top of the window stays where it is. */
export function keepPlace(before: Element, after: Element, swap: () => void): void {
  const marked = [...before.querySelectorAll<HTMLElement>("[id^=c-]")].find((one) => one.getBoundingClientRect().bottom > 0);
  if (!marked || before.getBoundingClientRect().top >= 0) return swap(); // the reader is not inside
  const was = marked.getBoundingClientRect().top;
  after.classList.add("whole"); // as long as heights are guessed, a place is, too
  swap();
  const now = after.querySelector(`article[id="gentie-${CSS.escape(marked.id.slice(2))}"]`);
  if (now) window.scrollBy({ top: now.getBoundingClientRect().top - was, behavior: "instant" });
  requestAnimationFrame(() => requestAnimationFrame(() => after.classList.remove("whole")));
}
