/** One connection for all tabs of a browser: one tab holds it and tells the others. */
import { Stream, type Told } from "./stream.ts";

const HELLO = "hello";

/** Who holds the lock holds the connection; when that tab goes, the next one takes over. */
export class Line {
  private last = "";
  private channel: BroadcastChannel | null = null;
  private stream: Stream | null = null;
  private giveUp: AbortController | null = null;
  private release: (() => void) | null = null;
  /** Whether the connection that is held has been greeted. */
  private greeted = false;

  constructor(
    private readonly url: string,
    private readonly hear: (told: Told) => void,
  ) {}

  open(): void {
    if (this.giveUp) return;
    this.giveUp = new AbortController();
    const { signal } = this.giveUp;
    this.share(signal).catch(() => {
      // Each tab for itself: browsers keep locks and channels from frames whose cookies they block.
      if (signal.aborted || this.leads) return;
      this.channel?.close();
      this.channel = null;
      this.lead();
    });
  }

  private async share(signal: AbortSignal): Promise<void> {
    this.channel = new BroadcastChannel(`gentie:${this.url}`);
    this.channel.onmessage = ({ data }: MessageEvent<Told>) => this.heard(data);
    this.channel.postMessage({ name: HELLO, id: "", data: null } satisfies Told);
    await navigator.locks.request(`gentie:${this.url}`, { signal }, () => this.hold());
  }

  close(): void {
    this.giveUp?.abort();
    this.giveUp = null;
    this.stream?.close();
    this.stream = null;
    this.greeted = false;
    this.channel?.close();
    this.channel = null;
    this.release?.();
    this.release = null;
  }

  /** Whether this tab holds the connection. */
  get leads(): boolean {
    return this.stream !== null;
  }

  private hold(): Promise<void> {
    if (!this.giveUp) return Promise.resolve();
    return new Promise((release) => {
      this.release = release;
      this.lead();
    });
  }

  private lead(): void {
    this.stream = new Stream(this.url, this.last, (told) => {
      if (told.name === "here") this.greeted = true;
      this.last = told.id;
      this.channel?.postMessage(told);
      this.hear(told);
    });
    this.stream.open();
  }

  private heard(told: Told): void {
    if (told.name !== HELLO) {
      this.last = told.id || this.last;
      this.hear(told);
    } else if (this.greeted) {
      this.channel?.postMessage({ name: "here", id: this.last, data: {} } satisfies Told);
    }
  }
}
