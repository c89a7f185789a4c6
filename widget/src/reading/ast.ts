/** A comment's body: the nodes that the server parsed, and how they become elements. */
import { html, nothing, type TemplateResult } from "lit";

export type Node =
  | { type: "paragraph" | "quote" | "emphasis" | "strong"; children: Node[] }
  | { type: "text" | "code" | "code_block"; text: string }
  | { type: "break" }
  | { type: "list"; ordered: boolean; start?: number; items: Node[][] }
  | { type: "link"; href: string; children: Node[] };

/** The server cuts at 8; this is for a server that does not. */
const DEEPEST = 24;

type Rendered = TemplateResult | string | typeof nothing;

/** Elements for the nodes. Text only ever becomes text: there is no way to markup from here. */
export function render(nodes: readonly Node[], depth = 0): Rendered[] {
  return depth > DEEPEST ? [] : nodes.map((node) => renderNode(node, depth + 1));
}

function renderNode(node: Node, depth: number): Rendered {
  switch (node.type) {
    case "text":
      return node.text;
    case "break":
      return html`<br />`;
    case "paragraph":
      return html`<p dir="auto">${render(node.children, depth)}</p>`;
    case "emphasis":
      return html`<em>${render(node.children, depth)}</em>`;
    case "strong":
      return html`<strong>${render(node.children, depth)}</strong>`;
    case "quote":
      return html`<blockquote>${render(node.children, depth)}</blockquote>`;
    case "code":
      return html`<code>${node.text}</code>`;
    case "code_block":
      return html`<pre tabindex="0"><code>${node.text}</code></pre>`;
    case "list": {
      const items = node.items.map((item) => html`<li>${render(item, depth)}</li>`);
      return node.ordered ? html`<ol start=${node.start ?? 1}>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case "link":
      return renderLink(node.href, render(node.children, depth));
    default:
      return nothing; // a newer server's node: its siblings are still worth reading
  }
}

function renderLink(href: string, children: Rendered[]): Rendered {
  if (!/^(https?:\/\/|mailto:)/i.test(href)) return html`${children}`;
  return html`<a href=${href} rel="nofollow ugc noopener" referrerpolicy="no-referrer">${children}</a>`;
}

/** Nodes for text that the server has not parsed yet: paragraphs and line breaks. */
export function plainNodes(text: string): Node[] {
  return text.split(/\n{2,}/).map((paragraph) => ({
    type: "paragraph",
    children: paragraph.split("\n").flatMap((line, at): Node[] => {
      const words: Node = { type: "text", text: line };
      return at ? [{ type: "break" }, words] : [words];
    }),
  }));
}
