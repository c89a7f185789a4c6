/** Reads gettext catalogues, so that the widget and the server share one way to translate. */

/** msgid -> its translation; an entry with a plural -> its translation by plural form. */
export type Catalogue = Record<string, string | Record<string, string>>;

type Fields = Map<string, string>;

export function readPo(source: string): Catalogue {
  const found: Catalogue = {};
  for (const block of source.split(/\n\s*\n/)) {
    const fields = fieldsOf(block);
    const id = fields.get("msgid");
    if (id) found[id] = translationOf(fields);
  }
  return found;
}

function fieldsOf(block: string): Fields {
  const fields: Fields = new Map();
  let field = "";
  for (const line of block.split("\n")) {
    const match = /^(?:(msg[a-z_]+(?:\[\d\])?)\s+)?(".*")\s*$/.exec(line);
    if (!match) continue;
    field = match[1] ?? field;
    fields.set(field, (fields.get(field) ?? "") + (JSON.parse(match[2] as string) as string));
  }
  return fields;
}

/** Chinese has one plural form, which is called "other". */
function translationOf(fields: Fields): string | Record<string, string> {
  if (!fields.has("msgid_plural")) return fields.get("msgstr") ?? "";
  return { other: fields.get("msgstr[0]") ?? "" };
}
