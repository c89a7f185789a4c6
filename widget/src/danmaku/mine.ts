/** What I wrote over this video: it stays mine after a reload, and what becomes of it is told here. Comes for its author alone. */
import type { Own } from "../reading/types.ts";
import type { Line } from "./lines.ts";
import type { SentLine } from "./post.ts";
import type { Screen } from "./screen.ts";

const FIRST = 5000; // milliseconds until it is asked for the first time what became of a line
const LONGEST = 60_000;

export class Mine {
  private timer = 0;
  private pause = FIRST;

  constructor(private readonly screen: Screen) {
    document.addEventListener("visibilitychange", this.seen);
  }

  close(): void {
    window.clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  private seen = (): void => {
    if (document.visibilityState === "visible" && this.waiting.length) void this.look(true);
  };

  private get waiting(): Line[] {
    return this.screen.lines.all.filter((line) => line.own && line.waiting);
  }

  /** See how my lines stand. Nobody but me is told of what others cannot see, so I ask, and ask again while one waits. */
  async look(anew: boolean): Promise<void> {
    window.clearTimeout(this.timer);
    const before = this.waiting;
    const own = await this.screen.someone.mine(anew).catch(() => null); // the next time will tell
    const there = new Set(own?.map(({ id }) => id));
    if (own) this.screen.drop(this.screen.lines.remove(before.map(({ id }) => id).filter((id) => !there.has(id)))); // taken back elsewhere
    for (const one of own ?? []) this.put(one);
    if (this.waiting.length) this.timer = window.setTimeout(() => void this.look(true), this.pause);
    this.pause = Math.min(LONGEST, this.pause * 1.5);
  }

  private put({ decision, id, over, state, text }: Own): void {
    const { lines, plain, ctx } = this.screen;
    if (!over) return;
    const isNews = lines.owned.has(id);
    lines.owned.add(id);
    const was = lines.get(id);
    const line = { id, t: over.t_ms, mode: over.mode, colour: over.colour, text, author: was?.author || (ctx?.me ?? ""), own: true, waiting: state === "held" };
    if (state === "held") this.show(line);
    else if (state === "published") {
      if (was && !was.waiting && was.refused === undefined) lines.put({ ...was, own: true }); // a waiting one comes with the others
      else if (was) this.screen.read();
    } else if (was?.refused === undefined) {
      const { places, texts } = plain;
      const says = [state === "removed" ? texts.t("Removed.") : texts.t("Not published."), decision?.title ? texts.pick(decision.title) : "", decision?.message ?? ""];
      this.refuse({ ...line, says: says.filter(Boolean).join(" "), refused: decision ? places.decision(decision.id, null) : "" });
      if (isNews) this.screen.say(texts.t("A line of yours is not shown. The reasons stand beside it in the text."));
    }
  }

  private refuse(line: Line): void {
    const { screen } = this;
    screen.lines.put(line);
    screen.drop([line.id]);
  }

  /** In the text at once, and over the picture when its moment comes. */
  private show(line: Line): void {
    if (this.screen.lines.get(line.id)) return;
    this.screen.lines.put(line);
    this.screen.draw();
  }

  /** The service has answered: show my line as what it is, never as more. */
  sent({ colour, mode, submitted, t, text }: SentLine): void {
    const { screen } = this;
    const { decision: given, id, receipt, state } = submitted;
    const decision = typeof given === "string" ? { id: given } : given;
    const known = screen.lines.get(id);
    const line = { id, t, mode, colour, text, author: screen.ctx?.me ?? "", own: true, waiting: state === "held" && (known?.waiting ?? true) };
    if (state === "refused") {
      this.refuse({ ...line, says: screen.t("Not published."), refused: decision ? screen.plain.places.decision(decision.id, receipt) : "" });
      return screen.say(screen.t("Not published. The reasons stand beside your line in the text."));
    }
    screen.lines.put(line);
    screen.draw();
    screen.say(line.waiting ? screen.t("Sent. It waits for review; only you can see it.") : screen.t("Published."));
    screen.layer?.remove([id]);
    screen.show([{ line, at: screen.now }]);
    this.pause = FIRST;
    if (line.waiting) this.timer = window.setTimeout(() => void this.look(true), this.pause);
  }
}
