import { html, nothing, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import { onceKey } from "../reading/api.ts";
import { define, Inner } from "../reading/base.ts";
import { sayProblem } from "../reading/context.ts";
import { keepDraft, type Place, readDraft } from "../reading/draft.ts";
import { msg } from "../reading/i18n.ts";
import { Problem } from "../reading/problem.ts";
import type { Medium } from "../reading/types.ts";
import { canRecord, type Recorded, type Recording, record } from "./recording.ts";
import * as sending from "./sending.ts";
import { renderWave } from "./wave.ts";

/** One file on its way. */
interface Entry {
  name: string;
  /** Null: it was sent before this page was loaded. */
  file: File | null;
  once: string;
  /** "stopped": the line broke. */
  state: sending.Uploaded["state"] | "stopped";
  /** From 0 to 1. */
  sent: number;
  upload: sending.Uploaded | null;
  wrong: string;
  stop: AbortController;
}

const TYPES: Record<Medium["kind"], string> = {
  picture: "image/jpeg,image/png,image/gif,image/webp",
  audio: "audio/*",
  video: "video/mp4,video/webm,video/quicktime,video/x-matroska",
};
const SAYS: Record<Entry["state"], string> = {
  receiving: msg("Sending"),
  stopped: msg("The line broke. What has arrived is kept."),
  checking: msg("Being checked"),
  ready: msg("Ready"),
  held: msg("Ready. A person looks at it before others do."),
  refused: msg("Not taken"),
};
const RECORDS: readonly Recorded[] = ["audio", "video"];
/** By what browsers call it. */
const WRONG: Record<string, string> = {
  NotAllowedError: msg("Your browser does not let this page record. You can allow it beside the address, and try again."),
  NotFoundError: msg("There is no microphone or camera to record with."),
  NotReadableError: msg("Another program is using the microphone or the camera."),
};
const SIDE = 96;
const GIVEN = ["paste", "drop", "dragover"];
const CLIP = svg`<path d="M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.8 17a1.6 1.6 0 0 1-2.3-2.3l7.5-7.5"/>`;

/** Files that go along with what is written. */
export class Attach extends Inner {
  static override properties: PropertyDeclarations = {
    place: { attribute: false },
    entries: { state: true },
    wrong: { state: true },
    recording: { state: true },
    said: { state: true },
    open: { state: true },
  };

  /** What is written: the ids are kept beside its draft. */
  declare place: Place;
  declare entries: Entry[];
  declare wrong: string;
  declare said: string;
  /** Whether somebody adds files. */
  declare open: boolean;
  private form: HTMLFormElement | null = null;
  /** Null: nothing is recorded. */
  declare recording: Recording | null;

  constructor() {
    super();
    this.entries = [];
    this.wrong = "";
    this.said = "";
    this.recording = null;
    this.open = false;
  }

  /** Uploads that can go along. */
  get ids(): string[] {
    return this.entries.flatMap((one) => (one.upload && (one.state === "ready" || one.state === "held") ? [one.upload.id] : []));
  }

  get along(): { attachments: string[] } | false {
    return this.ids.length > 0 && { attachments: this.ids };
  }

  /** Why it cannot be sent yet. Empty: it can. */
  get blocked(): string {
    if (this.entries.some((one) => one.state === "refused")) return this.t("One of the files was not taken. Remove it, and send again.");
    return this.ids.length < this.entries.length || this.recording ? this.t("Your files are not ready yet.") : "";
  }

  /** They have been sent along. */
  forget(): void {
    this.entries = [];
    this.open = false;
    this.keep();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.form = this.closest("form");
    for (const name of GIVEN) this.form?.addEventListener(name, this.given);
  }

  protected override firstUpdated(): void {
    void this.restore(); // here, and not before: an element that waits for its code gets its facts last
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of GIVEN) this.form?.removeEventListener(name, this.given);
    for (const { stop } of this.entries) stop.abort();
    this.recording?.stop();
  }

  override focus(): void {
    this.querySelector<HTMLElement>(".add .btn, .attach.how")?.focus();
  }

  /** Pasted into or dropped on what is written. Words are the field's own. */
  private given = (event: Event): void => {
    const data = (event as ClipboardEvent).clipboardData ?? (event as DragEvent).dataTransfer;
    if (!data?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type !== "dragover") this.take([...data.files]);
  };

  private take(files: readonly File[]): void {
    this.wrong = "";
    this.open = true;
    const room = (this.ctx.files?.each ?? 0) - this.entries.length;
    if (files.length > room) this.wrong = this.t("A comment holds {n} files at most.", { n: this.ctx.files?.each ?? 0 });
    for (const file of files.slice(0, Math.max(0, room))) this.add(file);
  }

  protected override render(): TemplateResult {
    const { files } = this.ctx;
    if (!this.open) {
      return html`<button type="button" class="act clip" aria-expanded="false" @click=${() => void this.opens()}><svg viewBox="0 0 24 24" aria-hidden="true">${CLIP}</svg>${this.t("Add files")}</button>`;
    }
    if (!files?.kinds.length) {
      return html`<p class="attach how" tabindex="-1">${this.t("Your standing here does not allow files at the moment. It recovers with time.")}</p>`;
    }
    return html`<div class="attach" role="group" aria-label=${this.t("Files")}>
      ${this.entries.length
        ? html`<ul>
            ${this.entries.map((one) => this.renderEntry(one))}
          </ul>`
        : nothing}
      ${this.entries.length < files.each ? this.renderAdd(files.kinds) : nothing}
      <p class="problem" role="alert">${this.wrong}</p>
      <p class="skip" role="status">${this.said}</p>
    </div>`;
  }

  private renderAdd(kinds: readonly Medium["kind"][]): TemplateResult {
    const accept = kinds.map((kind) => TYPES[kind]).join(",");
    const input = (name: string, types: string, capture: boolean) =>
      html`<input class="skip" type="file" tabindex="-1" aria-hidden="true" data-from=${name} accept=${types} ?multiple=${!capture} capture=${capture ? "environment" : nothing} @change=${this.chosen} />`;
    return html`<div class="add">
      ${input("files", accept, false)} ${input("camera", TYPES.picture, true)}
      <button type="button" class="btn quiet" @click=${() => this.choose("files")}>${this.t("Choose files")}</button>
      ${kinds.includes("picture") ? html`<button type="button" class="btn quiet camera" @click=${() => this.choose("camera")}>${this.t("Take a picture")}</button>` : nothing}
      ${RECORDS.filter((kind) => kinds.includes(kind) && canRecord(kind)).map((kind) => this.renderRecord(kind))}
      <span class="how">${this.t("Or paste or drop them here.")}</span>
    </div>`;
  }

  /** Who is recorded sees themselves. */
  private renderRecord(kind: Recorded): TemplateResult {
    const now = this.recording?.kind === kind ? this.recording : null;
    const says = now ? this.t("Stop recording") : kind === "audio" ? this.t("Record sound") : this.t("Record video");
    return html`<button type="button" class="btn quiet" data-record=${kind} aria-pressed=${now ? "true" : "false"} ?disabled=${!now && this.recording} @click=${() => void this.records(kind)}>${says}</button>
      ${now?.kind === "video" ? html`<video class="mirror" autoplay playsinline .muted=${true} .srcObject=${now.stream} aria-hidden="true"></video>` : nothing}`;
  }

  private renderEntry(one: Entry): TemplateResult {
    const { state, upload } = one;
    const sends = state === "receiving";
    const status = upload?.reason?.says || one.wrong || this.t(SAYS[state]);
    return html`<li class=${state}>
      ${this.renderSight(one)}
      <div>
        <p class="what"><bdi>${one.name}</bdi></p>
        <p class="how">${status}</p>
        ${sends ? html`<progress max="1" .value=${one.sent} aria-label=${this.t("Sending {name}", { name: one.name })}></progress>` : nothing}
        ${upload ? this.renderPlayed(upload, one.name) : nothing}
        ${upload && state !== "refused" && state !== "stopped" ? this.renderWords(upload) : nothing}
        <div class="acts">
          ${state === "stopped" ? html`<button type="button" class="act" @click=${() => void this.run(one)}>${this.t("Go on")}</button>` : nothing}
          <button type="button" class="act" aria-label=${sends ? this.t("Cancel {name}", { name: one.name }) : this.t("Remove {name}", { name: one.name })} @click=${() => void this.discard(one)}>
            ${sends ? this.t("Cancel") : this.t("Remove")}
          </button>
        </div>
      </div>
    </li>`;
  }

  private renderSight({ file, upload }: Entry): TemplateResult {
    const still = upload?.previews.filter((one) => one.type.startsWith("image/")).pop();
    if (still) return html`<img class="sight" src=${this.ctx.api.base + still.url} alt="" />`;
    if (upload?.kind === "audio") return html`<span class="sight">${renderWave(upload.waveform ?? [])}</span>`;
    return html`<canvas class="sight" width=${SIDE} height=${SIDE} aria-hidden="true" .file=${file}></canvas>`;
  }

  /** As others will hear and see it. */
  private renderPlayed(upload: sending.Uploaded, name: string): TemplateResult | typeof nothing {
    const file = (name: string | null) => this.ctx.api.base + (upload.previews.find((one) => one.name === name)?.url ?? "");
    const src = file(upload.kind);
    const says = this.t("Play {name}", { name });
    if (!upload.previews.length || upload.kind === "picture") return nothing;
    return upload.kind === "audio"
      ? html`<audio controls preload="none" src=${src} aria-label=${says}></audio>`
      : html`<video controls playsinline preload="none" src=${src} poster=${file("poster")} aria-label=${says}></video>`;
  }

  /** For who cannot see or hear it. */
  private renderWords(upload: sending.Uploaded): TemplateResult {
    const id = `gentie-alt-${upload.id}`;
    const heard = upload.kind === "audio";
    const label = heard ? this.t("What is said in it, for people who cannot hear it") : this.t("Describe it for people who cannot see it");
    const write = (event: Event) => {
      const text = (event.target as HTMLTextAreaElement).value.trim();
      void this.describe(upload, heard ? { transcript: text } : { alt: text });
    };
    return html`<label for=${id}>${label}</label><textarea id=${id} rows="2" maxlength=${heard ? 20000 : 1000} .value=${heard ? upload.transcript : upload.alt} @change=${write} @keydown=${ours}></textarea>`;
  }

  protected override updated(): void {
    for (const canvas of this.querySelectorAll<HTMLCanvasElement & { file?: File; drawn?: File }>("canvas")) {
      if (canvas.file && canvas.drawn !== canvas.file) void draw(canvas, (canvas.drawn = canvas.file));
    }
  }

  private async opens(): Promise<void> {
    this.open = true;
    await this.updateComplete;
    this.focus();
  }

  private choose(from: string): void {
    this.querySelector<HTMLInputElement>(`[data-from=${from}]`)?.click();
  }

  private chosen({ target }: Event): void {
    const input = target as HTMLInputElement;
    this.take([...(input.files ?? [])]);
    input.value = "";
  }

  private async records(kind: Recorded): Promise<void> {
    if (this.recording) return this.recording.stop();
    const name = this.t("Recording {n}", { n: this.entries.length + 1 });
    this.wrong = "";
    try {
      this.recording = await record(kind, (file) => {
        this.recording = null;
        this.said = "";
        if (this.isConnected) this.take([new File([file], name, { type: file.type })]);
      });
      this.said = this.t("Recording");
    } catch (fault) {
      this.wrong = this.t(WRONG[(fault as DOMException).name] ?? msg("The recording did not begin."));
    }
  }

  private add(file: File): void {
    const { largest } = this.ctx.files ?? { largest: 0 };
    if (file.size > largest) {
      this.wrong = this.t("{name} is larger than {n} MB.", { name: file.name, n: Math.floor(largest / 2 ** 20) });
      return;
    }
    const entry: Entry = { name: file.name, file, once: onceKey(), state: "receiving", sent: 0, upload: null, wrong: "", stop: new AbortController() };
    this.entries = [...this.entries, entry];
    void this.run(entry);
  }

  /** From wherever it is to what becomes of it. */
  private async run(entry: Entry): Promise<void> {
    const { api, texts } = this.ctx;
    this.set(entry, { state: "receiving", wrong: "" });
    try {
      if (entry.file) await this.send(entry, entry.file);
      if (!entry.upload || entry.stop.signal.aborted) return;
      this.set(entry, { state: "checking" });
      const upload = await sending.settled(api, entry.upload.id, entry.stop.signal);
      const words = { alt: entry.upload.alt, transcript: entry.upload.transcript }; // written in the meantime
      this.set(entry, { upload: { ...upload, ...words }, state: upload.state });
      this.said = `${entry.name}: ${upload.reason?.says || this.t(SAYS[upload.state])}`;
    } catch (problem) {
      if (entry.stop.signal.aborted) return;
      const broke = problem instanceof Problem && problem.status === 0;
      this.set(entry, broke ? { state: "stopped" } : { state: "refused", wrong: sayProblem(texts, problem) });
      this.said = `${entry.name}: ${entry.wrong || this.t(SAYS[entry.state])}`;
    }
  }

  private async send(entry: Entry, file: File): Promise<void> {
    const { api } = this.ctx;
    const upload = entry.upload ? await sending.read(api, entry.upload.id) : await sending.begin(api, file, entry.once);
    this.set(entry, { upload });
    this.keep();
    const told = (offset: number) => this.set(entry, { sent: offset / file.size });
    await sending.send(api, file, upload.id, upload.offset, told, entry.stop.signal);
  }

  private async describe(upload: sending.Uploaded, words: { alt?: string; transcript?: string }): Promise<void> {
    Object.assign(upload, words);
    try {
      await sending.describe(this.ctx.api, upload.id, words);
    } catch (problem) {
      this.wrong = sayProblem(this.ctx.texts, problem);
    }
  }

  private async discard(entry: Entry): Promise<void> {
    entry.stop.abort();
    this.entries = this.entries.filter((one) => one !== entry);
    this.keep();
    await this.updateComplete;
    this.focus();
    if (entry.upload) await sending.drop(this.ctx.api, entry.upload.id).catch(() => undefined); // it is forgotten by itself, too
  }

  /** What was sent before the page was left. What was only half sent has to be chosen again. */
  private async restore(): Promise<void> {
    const ids = readDraft(this.kept).split(" ").filter(Boolean);
    const found = await Promise.all(ids.map((id) => sending.read(this.ctx.api, id).catch(() => null)));
    for (const upload of found) {
      if (!upload || upload.state === "receiving" || this.entries.some((one) => one.upload?.id === upload.id)) continue;
      const name = upload.alt || this.t("File {n}", { n: this.entries.length + 1 });
      const entry: Entry = { name, file: null, once: "", state: "checking", sent: 1, upload, wrong: "", stop: new AbortController() };
      this.entries = [...this.entries, entry];
      this.open = true;
      void this.run(entry);
    }
    this.keep();
  }

  private keep(): void {
    keepDraft(this.kept, this.entries.flatMap((one) => (one.upload ? [one.upload.id] : [])).join(" "));
  }

  private get kept(): Place {
    return { ...this.place, about: `${this.place.about}+files` };
  }

  private set(entry: Entry, facts: Partial<Entry>): void {
    Object.assign(entry, facts);
    this.requestUpdate();
  }
}

/** Keys in our fields are not the composer's, but for sending. */
function ours(event: KeyboardEvent): void {
  if (event.key === "Escape") event.stopPropagation();
}

/** A small picture of the file itself: drawn, since pages may forbid addresses made up here. */
async function draw(canvas: HTMLCanvasElement, file: File): Promise<void> {
  if (!file.type.startsWith("image/") || !("createImageBitmap" in window)) return;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return;
  const scale = Math.max(SIDE / picture.width, SIDE / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d")?.drawImage(picture, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
}

define("gentie-attach", Attach);
