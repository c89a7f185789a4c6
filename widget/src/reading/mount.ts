/** Everything that a reader needs. Comes when the thread is near. */
import "./comment.ts";
import "./branch.ts";
import "./prompt.ts";
import type { CSSResult } from "lit";
import { FrameDoor, ForeignDoor, OwnDoor } from "../door/door.ts";
import type { Start, ThreadElement } from "../widget.ts";
import { load } from "./acts.ts";
import { Api } from "./api.ts";
import type { Context } from "./context.ts";
import { type Catalogue, Texts } from "./i18n.ts";
import { bring, bringStyles } from "./lazy.ts";
import { keepPlace } from "./place.ts";
import { Places } from "./places.ts";
import { Room } from "./room.ts";
import { meet, personal } from "./someone.ts";
import { Store } from "./store.ts";
import { adopt } from "./styles.ts";

const LONGEST = 5000; // graphemes, as the server counts them

/** Fill the element. What was in it stays until there is something better to read. */
export async function mount(host: ThreadElement, root: ShadowRoot, start: Start): Promise<Room> {
  const room = new Room();
  const dress = dresser(root);
  const store = new Store(contextOf(host, start, dress, () => store), () => room.requestUpdate(), room.focusOn, room.focusTitle);
  room.store = store;
  room.arrived = dress.now;
  room.filled = () =>
    keepPlace(host, room, () => {
      dress.now();
      root.querySelector("slot")?.remove();
    });
  root.append(room);
  const someone = meet(store);
  await load(store);
  await room.settled();
  await someone;
  await room.follow();
  return room;
}

type Asked = Omit<Start, "first"> & { first: Start["first"] | null };

export interface Dresser {
  /** From now on. Until then what stands there without script keeps the looks of its page. */
  now: () => void;
  /** Styles of a part that came later. */
  add: (sheet: CSSResult) => void;
}

export function dresser(root: ShadowRoot): Dresser {
  const more = new Set<CSSResult>();
  let dressed = false;
  const now = () => {
    dressed = true;
    adopt(root, [...more]);
  };
  const add = (sheet: CSSResult) => {
    more.add(sheet);
    if (dressed) now();
  };
  return { now, add };
}

/** @param start Without a first page: none was asked for. */
export function contextOf(host: { go?: ThreadElement["go"] }, start: Asked, dress: Dresser, store: () => Store): Context {
  const { base, framed, key, lang, site } = start;
  const api = `${base}/api/v1`;
  const isOwn = base === location.origin;
  const door = framed ? new FrameDoor(api) : isOwn ? new OwnDoor(api) : new ForeignDoor();
  const texts = new Texts(lang, start.texts, start.rest);
  const load: Context["load"] = async (part) => {
    const [styles, made] = await Promise.all([bringStyles(), bring(part), texts.complete()]);
    dress.add(styles.sheet);
    if ("ready" in made) await made.ready(texts, dress.add);
  };
  return {
    api: new Api(base, site, start.thread, lang, door, start.first),
    texts,
    places: new Places(base, site, key, lang, host.go),
    key: start.name,
    me: "",
    reviewedFirst: true,
    open: true,
    longest: LONGEST,
    evidence: "",
    files: null,
    own: null,
    load,
    enter: async () => (await personal(store())).enter(store()),
    prepare: () => {
      if (door.kind !== "own") personal(store()).then((acts) => acts.prepare(store())).catch(() => undefined);
    },
  };
}

export type { Catalogue };
