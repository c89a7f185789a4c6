import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPo } from "../tools/po.ts";
import { split, template, textsIn } from "../tools/texts.ts";

const HERE = import.meta.dirname;
const PO = readFileSync(join(HERE, "../../src/gentie/locale/zh_CN/widget.po"), "utf8");

function sources(): string[] {
  const root = join(HERE, "../src");
  const names = readdirSync(root, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts")).map((name) => readFileSync(join(root, name), "utf8"));
}

const placesIn = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe("texts", () => {
  const chinese = readPo(PO);
  const used = new Set(sources().flatMap(textsIn));

  it("have Chinese, all of them", () => {
    expect(used.size).toBeGreaterThan(60);
    expect([...used].filter((text) => !chinese[text])).toEqual([]);
  });

  it("are all in use", () => {
    expect(Object.keys(chinese).filter((text) => !used.has(text))).toEqual([]);
  });

  it("keep the same places in both languages", () => {
    for (const [english, found] of Object.entries(chinese)) {
      for (const text of typeof found === "string" ? [found] : Object.values(found)) expect(placesIn(text)).toEqual(placesIn(english));
    }
  });

  it("are read with plurals, continued lines and escapes", () => {
    const po = 'msgid "a \\"b\\""\nmsgstr ""\n"甲"\n"乙"\n\nmsgid "one"\nmsgid_plural "many"\nmsgstr[0] "几"\n';
    expect(readPo(po)).toEqual({ 'a "b"': "甲乙", one: { other: "几" } });
  });
});

describe("parts of the catalogue", () => {
  const chinese = readPo(PO);
  const { danmaku, pictures, reading, rest } = split(chinese, join(HERE, "../src"));

  it("hold every text, the first load only what reading needs", () => {
    expect({ ...reading, ...rest, ...danmaku, ...pictures }).toEqual(chinese);
    expect(Object.keys(reading).filter((text) => text in danmaku)).toEqual([]);
    expect(rest).not.toHaveProperty("Write danmaku");
    expect(rest).not.toHaveProperty("Record sound");
    expect(pictures).toHaveProperty("Record sound");
    expect(danmaku).toHaveProperty("Write danmaku");
    expect(Object.keys(reading).filter((text) => text in rest)).toEqual([]);
    expect(reading).toHaveProperty("Comments");
    expect(rest).toHaveProperty("Emoji");
  });

  it("give translators a template with every text", () => {
    const made = template(chinese);
    expect(Object.keys(made)).toEqual(Object.keys(chinese));
    expect(made["{n} comment"]).toEqual({ one: "", other: "" });
  });
});

describe("sources", () => {
  it("make no markup from strings and set no inline style", () => {
    const wrong = /innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|document\.write|\beval\(|new Function| style=/;
    expect(sources().filter((source) => wrong.test(source))).toEqual([]);
  });
});
