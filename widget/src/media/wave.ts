import { html, nothing, svg, type TemplateResult } from "lit";

/** Bars for how loud it is. For the eye alone. */
export function renderWave(points: readonly number[]): TemplateResult | typeof nothing {
  if (!points.length) return nothing;
  const most = Math.max(1, ...points);
  const bars = points.map((point, at) => {
    const half = Math.max(0.5, (point / most) * 15);
    return `M${at + 0.5} ${16 - half}v${half * 2}`;
  });
  return html`<svg class="wave" viewBox=${`0 0 ${points.length} 32`} preserveAspectRatio="none" aria-hidden="true">${svg`<path d=${bars.join("")} />`}</svg>`;
}
