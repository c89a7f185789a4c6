import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { define, Inner } from "../reading/base.ts";
import type { Medium } from "../reading/types.ts";
import { renderWave } from "./wave.ts";

export { ready } from "./dress.ts";

const TILE = "(max-width: 30rem) 90vw, 24rem";

/** What stands in a comment besides words. Pictures open large; everything has its words, too. */
export class Media extends Inner {
  static override properties: PropertyDeclarations = { parts: { attribute: false }, at: { state: true } };

  declare parts: Medium[];
  /** Which picture is open. -1: none. */
  declare at: number;

  constructor() {
    super();
    this.parts = [];
    this.at = -1;
  }

  private get pictures(): Medium[] {
    return this.parts.filter((one) => one.kind === "picture");
  }

  protected override render(): TemplateResult {
    return html`<div class="media">${this.parts.map((one) => this.renderPart(one))}</div>
      ${this.renderBox(this.pictures[this.at])}`;
  }

  private renderPart(one: Medium): TemplateResult {
    if (one.kind === "picture") return this.renderPicture(one);
    return html`<figure class=${one.kind} part="media">
      ${one.kind === "audio" ? this.renderSound(one) : this.renderVideo(one)}
      ${one.alt ? html`<figcaption dir="auto">${one.alt}</figcaption>` : nothing}
      ${one.transcript
        ? html`<details>
            <summary>${this.t("What is said")}</summary>
            <p dir="auto">${one.transcript}</p>
          </details>`
        : nothing}
    </figure>`;
  }

  private renderPicture(one: Medium): TemplateResult {
    const { files } = one;
    const still = one.animated ? files.find((file) => file.name === "poster") : undefined;
    const sizes = files.filter((file) => file !== still);
    const [large] = sizes;
    const srcset = sizes.map((file) => `${this.url(file)} ${file.width}w`).join(", ");
    return html`<a class="shot" part="media" href=${this.url(large)} target="_blank" rel="noopener" @click=${(event: Event) => void this.open(event, one)}>
      <picture>
        ${still ? html`<source media="(prefers-reduced-motion: reduce)" srcset=${this.url(still)} />` : nothing}
        <img
          src=${this.url(sizes[sizes.length - 1])}
          srcset=${srcset}
          sizes=${TILE}
          width=${large?.width ?? nothing}
          height=${large?.height ?? nothing}
          alt=${this.says(one)}
          loading="lazy"
          decoding="async"
        />
      </picture>
    </a>`;
  }

  private renderSound(one: Medium): TemplateResult {
    return html`${renderWave(one.waveform ?? [])}
      <audio controls preload="none" src=${this.url(one.files[0])} aria-label=${one.alt || this.t("Audio")}></audio>`;
  }

  private renderVideo(one: Medium): TemplateResult {
    const file = (name: string) => one.files.find((found) => found.name === name);
    const video = file("video");
    const poster = file("poster");
    return html`<video
      controls
      playsinline
      preload="none"
      src=${this.url(video)}
      poster=${poster ? this.url(poster) : nothing}
      width=${video?.width ?? nothing}
      height=${video?.height ?? nothing}
      aria-label=${one.alt || this.t("Video")}
    ></video>`;
  }

  /** One picture as large as the window, with its words. */
  private renderBox(one: Medium | undefined): TemplateResult | typeof nothing {
    if (!one) return nothing;
    const { pictures, at } = this;
    const many = pictures.length > 1;
    return html`<dialog class="box" aria-label=${this.says(one)} @close=${this.closed} @keydown=${this.pressed} @click=${this.beside}>
      <img src=${this.url(one.files[0])} alt=${this.says(one)} />
      <p dir="auto">${this.says(one)}</p>
      <div class="acts">
        ${many
          ? html`<button type="button" class="act" data-go="prev" @click=${() => this.go(-1)}>${this.t("Previous")}</button>
              <span aria-live="polite">${at + 1}/${pictures.length}</span>
              <button type="button" class="act" data-go="next" @click=${() => this.go(1)}>${this.t("Next")}</button>`
          : nothing}
        <button type="button" class="btn" @click=${() => this.box?.close()}>${this.t("Close")}</button>
      </div>
    </dialog>`;
  }

  private get box(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  private says(one: Medium): string {
    return one.alt || this.t("A picture without a description");
  }

  private url(file: { url: string } | undefined): string {
    return file ? `${this.ctx.api.base}${file.url}` : "";
  }

  /** Browsers without dialogs, and who asks for a new tab, follow the link. */
  private async open(event: Event, one: Medium): Promise<void> {
    const { ctrlKey, metaKey, shiftKey } = event as MouseEvent;
    if (!("showModal" in HTMLElement.prototype || "HTMLDialogElement" in window) || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    this.at = this.pictures.indexOf(one);
    await this.updateComplete;
    this.box?.showModal();
  }

  private closed(): void {
    const link = this.querySelectorAll<HTMLElement>(".shot")[this.at];
    this.at = -1;
    link?.focus();
  }

  private go(step: number): void {
    this.at = (this.at + step + this.pictures.length) % this.pictures.length;
  }

  private pressed(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && this.pictures.length > 1) this.go(this.ctx.texts.dir === "rtl" ? -step : step);
    if (event.key === "Escape") event.stopPropagation(); // it closes this and nothing around it
  }

  /** On the ground around the picture. */
  private beside(event: MouseEvent): void {
    if (event.target === this.box) this.box?.close();
  }
}

define("gentie-media", Media);
