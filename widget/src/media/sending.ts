/** Sends a file in pieces (TUS 1.0), goes on where it was cut off, and asks what became of it. */
import type { Api } from "../reading/api.ts";
import { answerOf, Problem } from "../reading/problem.ts";
import type { Medium } from "../reading/types.ts";

/** An upload as the service tells of it. */
export interface Uploaded {
  id: string;
  state: "receiving" | "checking" | "ready" | "held" | "refused";
  kind: Medium["kind"] | null;
  reason: { code: string; says: string } | null;
  offset: number;
  bytes: number;
  alt: string;
  transcript: string;
  waveform?: number[];
  previews: Medium["files"];
}

const PIECE = 512 * 1024;
const TRIES = 4;
const SOON = 400;
const LATER = 3000; // milliseconds

const wait = (time: number) => new Promise((go) => setTimeout(go, time));
const path = (id: string) => `/uploads/${encodeURIComponent(id)}`;
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export const read = (api: Api, id: string): Promise<Uploaded> => api.ask("GET", path(id), true);

export const drop = (api: Api, id: string): Promise<void> => api.ask("DELETE", path(id), true);

export const describe = (api: Api, id: string, words: { alt?: string; transcript?: string }): Promise<Uploaded> => api.ask("PATCH", path(id), true, words);

/** @param once So that a second try makes no second upload. */
export function begin(api: Api, file: Blob, once: string): Promise<Uploaded> {
  const headers = { "upload-length": String(file.size), "upload-metadata": `site ${base64(api.site)}`, "idempotency-key": once };
  return say(api, "POST", "/uploads", headers);
}

/** Send what is missing from `offset` on. `told` hears how much has arrived. */
export async function send(api: Api, file: Blob, id: string, offset: number, told: (offset: number) => void, signal: AbortSignal): Promise<void> {
  let at = offset;
  for (let tries = 0; at < file.size && !signal.aborted; ) {
    try {
      const piece = file.slice(at, at + PIECE);
      const headers = { "content-type": "application/offset+octet-stream", "upload-offset": String(at) };
      await say(api, "PATCH", path(id), headers, piece, signal);
      at += piece.size;
      tries = 0;
    } catch (problem) {
      tries += 1;
      if (!again(problem) || signal.aborted || tries >= TRIES) throw problem;
      await wait(SOON * 2 ** tries);
      at = (await read(api, id).catch(() => ({ offset: at }))).offset;
    }
    told(at);
  }
}

/** Until it is known what it is. */
export async function settled(api: Api, id: string, signal: AbortSignal): Promise<Uploaded> {
  for (let pause = SOON; ; pause = Math.min(LATER, pause * 1.4)) {
    const found = await read(api, id);
    if ((found.state !== "receiving" && found.state !== "checking") || signal.aborted) return found;
    await wait(pause);
  }
}

/** A line that broke, somebody else at it, or the service in trouble: it may go well the next time. */
function again(problem: unknown): boolean {
  return problem instanceof Problem && (problem.status === 0 || problem.status === 409 || problem.status === 423 || problem.status >= 500);
}

async function say<T>(api: Api, method: string, where: string, headers: Record<string, string>, body?: Blob, signal?: AbortSignal): Promise<T> {
  const { credentials, headers: worn } = await api.door.dress(method);
  const all = { accept: "application/json", "accept-language": api.lang, "tus-resumable": "1.0.0", ...headers, ...worn };
  const init: RequestInit = { method, headers: all, credentials };
  if (body) init.body = body;
  if (signal) init.signal = signal;
  return answerOf<T>(fetch(`${api.base}/api/v1${where}`, init));
}
