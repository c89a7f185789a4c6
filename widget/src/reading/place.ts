/** Keeps the reader's place while the widget takes the place of what stood there without script. */

/** Do `swap` so that the comment at the top of the window stays where it is. */
export function keepPlace(before: Element, after: Element, swap: () => void): void {
  const marked = [...before.querySelectorAll<HTMLElement>("[id^=c-]")].find((one) => one.getBoundingClientRect().bottom > 0);
  const inside = marked && before.getBoundingClientRect().top < 0;
  const was = inside ? marked.getBoundingClientRect().top : 0;
  const id = marked?.id.slice(2) ?? "";
  swap();
  if (!inside) return;
  const now = after.querySelector(`article[id="gentie-${CSS.escape(id)}"]`);
  if (now) window.scrollBy({ top: now.getBoundingClientRect().top - was, behavior: "instant" });
}
