/**
 * Numbers for lists of pages: `<gentie-count site="daily" key="article-42">0</gentie-count>`
 *
 * All of a page are asked for together. Shows the bare number; the words around it are the page's.
 */
const MOST = 100; // keys that the service answers at once
const OWN = new URL(import.meta.url).origin;

class CountElement extends HTMLElement {
  connectedCallback(): void {
    waiting.push(this);
    if (waiting.length === 1) queueMicrotask(() => void askAll());
  }
}

const waiting: CountElement[] = [];

async function askAll(): Promise<void> {
  await new Promise((go) => (document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", go, { once: true }) : go(null)));
  const places = new Map<string, CountElement[]>();
  for (const one of waiting.splice(0)) {
    const site = `${(one.getAttribute("src") ?? OWN).replace(/\/+$/, "")}/api/v1/sites/${encodeURIComponent(one.getAttribute("site") ?? "")}`;
    places.set(site, [...(places.get(site) ?? []), one]);
  }
  for (const [site, all] of places) void askSite(site, all);
}

async function askSite(site: string, all: CountElement[]): Promise<void> {
  const keys = [...new Set(all.map((one) => one.getAttribute("key") ?? ""))];
  for (let at = 0; at < keys.length; at += MOST) {
    const query = new URLSearchParams(keys.slice(at, at + MOST).map((key) => ["key", key]));
    const answer = await fetch(`${site}/counts?${query}`, { credentials: "omit" }).catch(() => null);
    if (!answer?.ok) continue; // what the page wrote stays
    const { counts } = (await answer.json()) as { counts: Record<string, number> };
    for (const one of all) show(one, counts[one.getAttribute("key") ?? ""]);
  }
}

function show(one: CountElement, n: number | undefined): void {
  if (n === undefined) return;
  const lang = one.closest("[lang]")?.getAttribute("lang") || undefined;
  one.textContent = new Intl.NumberFormat(lang).format(n);
}

if (!customElements.get("gentie-count")) customElements.define("gentie-count", CountElement);

export {};
