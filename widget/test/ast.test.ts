import { html, render as renderInto } from "lit";
import { describe, expect, it } from "vitest";
import { type Node, plainNodes, render } from "../src/reading/ast.ts";

function shown(nodes: Node[]): HTMLElement {
  const place = document.createElement("div");
  renderInto(html`${render(nodes)}`, place);
  return place;
}

const text = (words: string): Node => ({ type: "text", text: words });
const link = (href: string): Node => ({ type: "link", href, children: [text("words")] });

describe("a body", () => {
  it("shows every kind of node", () => {
    const place = shown([
      { type: "paragraph", children: [text("a"), { type: "break" }, { type: "strong", children: [text("b")] }] },
      { type: "quote", children: [{ type: "paragraph", children: [{ type: "emphasis", children: [text("c")] }] }] },
      { type: "list", ordered: true, items: [[text("d")], [{ type: "code", text: "e" }]] },
      { type: "list", ordered: false, items: [[text("f")]] },
      { type: "code_block", text: "g\nh" },
    ]);
    for (const one of ["p br", "p strong", "blockquote em", "ol li code", "ul li", "pre code"]) {
      expect(place.querySelector(one), one).not.toBeNull();
    }
  });

  it("counts on from where a list begins", () => {
    const items = [[text("a good year")]];
    const place = shown([
      { type: "list", ordered: true, start: 1986, items },
      { type: "list", ordered: true, items },
    ]);
    expect([...place.querySelectorAll("ol")].map((list) => list.start)).toEqual([1986, 1]);
  });

  it("keeps markup in text as text", () => {
    const place = shown([text("<img src=x onerror=alert(1)>"), { type: "code", text: "<b>" }]);
    expect(place.querySelector("img, b")).toBeNull();
    expect(place.textContent).toContain("<img src=x onerror=alert(1)>");
  });

  it("links only where a link may lead", () => {
    for (const href of ["javascript:alert(1)", "data:text/html,x", "//host", "vbscript:x", " javascript:x"]) {
      const place = shown([link(href)]);
      expect(place.querySelector("a"), href).toBeNull();
      expect(place.textContent).toContain("words");
    }
    const good = shown([link("https://example.org/")]).querySelector("a");
    expect(good?.getAttribute("rel")).toBe("nofollow ugc noopener");
  });

  it("shows the siblings of what it does not know, and stops in the deep", () => {
    const unknown = { type: "hologram" } as unknown as Node;
    expect(shown([unknown, text("still here")]).textContent).toContain("still here");
    let deep: Node = text("bottom");
    for (let level = 0; level < 100; level += 1) deep = { type: "quote", children: [deep] };
    expect(shown([deep]).textContent).not.toContain("bottom");
  });

  it("is made of plain text with paragraphs and breaks", () => {
    const place = shown(plainNodes("a\nb\n\nc"));
    expect(place.querySelectorAll("p")).toHaveLength(2);
    expect(place.querySelectorAll("br")).toHaveLength(1);
  });
});
