/** One connection to the thread's stream, opened again whenever it is lost. */

export interface Told {
  name: string;
  /** Where to go on from. Empty: as before. */
  id: string;
  data: unknown;
}

const NAMES = ["here", "new", "changed", "removed", "counts", "again", "bye", "danmaku", "danmaku-removed", "danmaku-again"];
const SILENCE = 40_000; // milliseconds without a word after which a connection is dead
const FIRST = 4_000; // milliseconds before the first new attempt
const LONGEST = 120_000;

export class Stream {
  private source: EventSource | null = null;
  private timer = 0;
  private attempts = 0;

  /** @param last Id of the last event that was heard. Empty: none. */
  constructor(
    private readonly url: string,
    private last: string,
    private readonly tell: (told: Told) => void,
    private readonly jitter: () => number = Math.random,
  ) {}

  open = (): void => {
    this.close();
    const query = this.last ? `?last=${encodeURIComponent(this.last)}` : "";
    this.source = new EventSource(this.url + query);
    for (const name of NAMES) this.source.addEventListener(name, this.hear);
    this.source.onerror = this.lost;
    this.wait(this.open, SILENCE);
  };

  close(): void {
    window.clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private hear = (event: Event): void => {
    const { data, lastEventId, type } = event as MessageEvent<string>;
    this.attempts = 0;
    this.last = lastEventId || this.last;
    this.wait(this.open, SILENCE);
    this.tell({ name: type, id: this.last, data: parsed(data) });
  };

  /** The browser tries again by itself, except after a refusal. */
  private lost = (): void => {
    if (this.source?.readyState !== EventSource.CLOSED) return;
    const pause = Math.min(LONGEST, FIRST * 2 ** this.attempts);
    this.attempts += 1;
    this.wait(this.open, pause * (0.5 + this.jitter()));
  };

  private wait(then: () => void, pause: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(then, pause);
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
