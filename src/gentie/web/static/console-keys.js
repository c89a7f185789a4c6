/* Keys, lease and clocks of the review desk. Everything it does is press buttons of the page:
   without it the same forms do the same things. */

const find = (selector) => document.querySelector(selector);
const all = (selector) => document.querySelectorAll(selector);
const KEYS = "gentie-desk-keys";
const HEARTBEAT = 30_000;
const LOOK = 10_000;
const IDLE = 5 * 60_000;

/* ---- keys ---- */

const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const keysOn = () => localStorage.getItem(KEYS) !== "off";

function press(key) {
  const focused = find(`[data-focus="${key}"]`);
  if (focused) {
    focused.focus();
    return true;
  }
  const button = find(`[data-key="${key}"]:not([hidden])`);
  if (!button || button.closest("[hidden]")) return false;
  button.click();
  return true;
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (!keysOn() || typing(event.target) || find("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key.length === 1 && !/["\\\s]/.test(key) && press(key)) event.preventDefault();
});

const help = find("[data-help-box]");
const helpButton = find("[data-help]");
if (help && helpButton) {
  helpButton.hidden = false;
  helpButton.addEventListener("click", () => help.showModal());
  const box = find("[data-keys-on]");
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem(KEYS, box.checked ? "on" : "off"));
}

/* One form is sent once: a second press of a key while the answer is on its way does nothing. */
let sent = false;
addEventListener("submit", (event) => {
  if (event.target.method === "dialog" || event.defaultPrevented) return;
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => (sent = false));

/* ---- on a phone the places of the desk are a row that moves sideways: where we are is in sight ---- */

const here = find(".side [aria-current]");
if (here) {
  const row = here.parentElement;
  row.scrollLeft += here.getBoundingClientRect().left - (row.clientWidth - here.offsetWidth) / 2;
}

/* ---- files: nothing of a shut one is fetched; one opened by key hears the next key; a shut one is silent ---- */

for (const one of all("details.media")) {
  const player = one.querySelector("audio, video");
  one.addEventListener("toggle", () => {
    if (!player) return;
    if (!one.open) return player.pause();
    if (player.dataset.poster) player.poster = player.dataset.poster; // a poster in the page would not wait
    if (!one.contains(document.activeElement)) player.focus();
  });
}

/* ---- the reason: rule card and proposed words follow the choice; nobody refuses without one ---- */

const reason = find("select[data-focus='/']");
if (reason) {
  const { suggested } = reason.dataset;
  const { facts, message } = reason.form.elements;
  const card = find("[data-rule]");
  const ask = find("[data-ask]");
  const chosen = () => reason.selectedOptions[0];
  const words = () => ({ facts: reason.value && reason.dataset.facts, message: chosen().dataset.message ?? "" });

  const show = () => {
    const ground = reason.value || "none";
    for (const one of all("[data-ground]")) {
      const wanted = { any: ground !== "none", other: ground !== "none" && ground !== suggested };
      one.hidden = !(wanted[one.dataset.ground] ?? one.dataset.ground === ground);
    }
    if (!card || !reason.value) return;
    const { definition, legal } = chosen().dataset;
    card.querySelector("b").textContent = chosen().textContent;
    card.querySelector(".definition").textContent = definition;
    card.querySelector(".legal").textContent = legal || card.dataset.rule;
    const record = find("[data-record]");
    const place = new URL(record.href);
    place.searchParams.set("class", reason.value);
    record.href = place.href;
  };
  addEventListener("pageshow", show); // a browser may bring back another choice than the page's

  let proposed = words();
  reason.addEventListener("change", () => {
    const now = words();
    for (const [name, field] of Object.entries({ facts, message })) {
      if (field.value === proposed[name] || !field.value) field.value = now[name];
    }
    proposed = now;
    if (ask) ask.textContent = "";
    show();
  });

  reason.form.addEventListener("submit", (event) => {
    if (!ask || reason.value || event.submitter?.value !== "refuse") return;
    event.preventDefault();
    ask.textContent = ask.dataset.ask;
    reason.focus();
  });
}

/* ---- clocks ---- */

const clock = (seconds) => {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

function tick() {
  const now = Date.now();
  for (const one of all("[data-since]")) {
    one.textContent = clock(Math.max(0, Math.floor((now - Date.parse(one.dataset.since)) / 1000)));
  }
  for (const one of all("[data-until]")) {
    const left = Math.ceil((Date.parse(one.dataset.until) - now) / 1000);
    one.querySelector("[data-left]").textContent = Math.max(0, left);
    if (left <= 0) one.closest(".done").hidden = true;
  }
}
if (find("[data-since], [data-until]")) setInterval(tick, 1000);
for (const one of all("time[data-clock]")) one.textContent = new Date(one.dateTime).toLocaleTimeString(document.documentElement.lang, { hour12: false });

find(".q [aria-current]")?.scrollIntoView({ block: "nearest" });

/* ---- the lease lives while somebody is here, and ends by itself when nobody is ---- */

const item = find("main[data-item]")?.dataset.item;
let lastSeen = Date.now();
for (const kind of ["keydown", "pointermove", "pointerdown", "scroll"]) {
  addEventListener(kind, () => (lastSeen = Date.now()), { passive: true, capture: true });
}

async function keep() {
  if (document.hidden || Date.now() - lastSeen > IDLE) return;
  const headers = { "x-csrf-token": find("meta[name=csrf]").content };
  try {
    const answer = await fetch(`/api/v1/moderation/items/${item}/claim`, { method: "POST", headers });
    find("[data-lost]").hidden = answer.ok;
  } catch {
    // offline for a moment: the lease lasts five minutes
  }
}
if (item) setInterval(keep, HEARTBEAT);

/* ---- what is new is counted, and never pushes the list ---- */

const more = find(".more");
const live = find("[data-live]");
async function look() {
  if (document.hidden) return;
  try {
    const site = new URL(location.href).searchParams.get("site");
    const query = site ? `?site=${encodeURIComponent(site)}` : "";
    const answer = await fetch(`/api/v1/moderation/queue${query}`);
    live.hidden = !answer.ok;
    if (!answer.ok) return;
    const { waiting } = await answer.json();
    for (const one of all("[data-waiting]")) one.textContent = waiting;
    const added = waiting - Number(more.dataset.shown);
    more.hidden = added <= 0;
    more.textContent = more.dataset.says.replace("{n}", added);
  } catch {
    live.hidden = true;
  }
}
if (more && live) {
  live.hidden = false;
  setInterval(look, LOOK);
}
