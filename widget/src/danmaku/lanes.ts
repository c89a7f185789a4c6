/** Which lane a line takes, so that none covers another while there is room. Pure; all times are milliseconds of the media. */

export type Mode = "scroll" | "top" | "bottom";

export interface Ground {
  /** Pixels. */
  width: number;
  /** Lanes over the whole picture. */
  lanes: number;
  /** How many of them may be used: crossing and top lines from above, bottom lines from below. */
  usable: number;
  /** How long a line takes from its first pixel on one side to its last on the other. */
  crossing: number;
  /** How long a line at the top or bottom stands. */
  standing: number;
}

interface Lane {
  /** From when on the right edge is free, with a gap. */
  clear: number;
  /** From when on no crossing line is left. */
  gone: number;
  /** Until when a standing line is here. */
  held: number;
}

export const GAP = 24; // pixels between two lines of one lane
export const NONE = -1;

/** Lines are given in order of time. */
export class Lanes {
  private readonly lanes: Lane[];

  constructor(readonly ground: Ground) {
    this.lanes = Array.from({ length: ground.lanes }, () => ({ clear: -Infinity, gone: -Infinity, held: -Infinity }));
  }

  /**
   * The lane for a line, which is taken by it. `NONE`: there is no room.
   *
   * @param must Take the lane that is free soonest rather than none.
   */
  take(mode: Mode, at: number, width: number, must = false): number {
    const order = this.order(mode);
    const found = mode === "scroll" ? this.crossing(order, at, width) : this.standing(order, at);
    const lane = found === NONE && must ? this.soonest(order) : found;
    if (lane !== NONE) this.hold(this.lanes[lane] as Lane, mode, at, width);
    return lane;
  }

  private order(mode: Mode): number[] {
    const { lanes, usable } = this.ground;
    return Array.from({ length: Math.min(usable, lanes) }, (_, at) => (mode === "bottom" ? lanes - 1 - at : at));
  }

  private crossing(order: number[], at: number, width: number): number {
    const { crossing, width: whole } = this.ground;
    const reaches = at + (whole * crossing) / (whole + width); // its head is at the left edge
    return this.first(order, ({ clear, gone, held }) => at >= clear && reaches >= gone && at >= held);
  }

  /** Where nothing is; else where nothing stands: it may stand before lines that pass. */
  private standing(order: number[], at: number): number {
    const empty = this.first(order, ({ gone, held }) => at >= gone && at >= held);
    return empty === NONE ? this.first(order, ({ held }) => at >= held) : empty;
  }

  private first(order: number[], isFree: (lane: Lane) => boolean): number {
    return order.find((at) => isFree(this.lanes[at] as Lane)) ?? NONE;
  }

  private soonest(order: number[]): number {
    const freeAt = (at: number) => Math.max((this.lanes[at] as Lane).clear, (this.lanes[at] as Lane).held);
    return order.reduce((best, at) => (best === NONE || freeAt(at) < freeAt(best) ? at : best), NONE);
  }

  private hold(lane: Lane, mode: Mode, at: number, width: number): void {
    const { crossing, standing, width: whole } = this.ground;
    if (mode !== "scroll") {
      lane.held = Math.max(lane.held, at + standing);
      return;
    }
    lane.clear = Math.max(lane.clear, at + ((width + GAP) * crossing) / (whole + width));
    lane.gone = Math.max(lane.gone, at + crossing);
  }
}
