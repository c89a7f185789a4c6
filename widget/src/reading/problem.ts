/** The service said no, or could not be reached (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Path of the page that helps, when there is one. */
    readonly path: string | null = null,
  ) {
    super(detail);
  }
}

export async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  const response = await asked.catch(() => {
    throw new Problem(0, "unreachable", "");
  });
  if (response.status === 204) return undefined as T;
  const data: unknown = await response.json().catch(() => null);
  if (response.ok && data !== null) return data as T;
  throw problemOf(response.status, data);
}

function problemOf(status: number, data: unknown): Problem {
  const said = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof said[name] === "string" ? (said[name] as string) : "");
  const code = text("type").split("/").pop() ?? "";
  const found = Array.isArray(said["found"]) ? ` ${said["found"].join(" · ")}` : "";
  return new Problem(status, code, text("detail") + found, text("path") || null);
}
