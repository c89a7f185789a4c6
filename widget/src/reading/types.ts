/** Shapes of the service's answers, as in the OpenAPI document. */
import type { Node } from "./ast.ts";

export type Sort = "newest" | "oldest" | "top";
export type State = "held" | "published" | "refused" | "removed" | "withdrawn";

/** A text in both languages that are complete. */
export interface Said {
  zh: string;
  en: string;
}

export interface Author {
  name: string;
  avatar: string;
  badges: string[];
}

/** A picture, audio or video in a contribution. */
export interface Medium {
  id: string;
  kind: "picture" | "audio" | "video";
  /** What a person who cannot see it is told. Empty: its author wrote nothing. */
  alt: string;
  /** Largest first. Addresses are those of the service, without its name. */
  files: { name: string; url: string; type: string; width?: number; height?: number }[];
  transcript?: string;
  seconds?: number;
  animated?: boolean;
  /** Loudness over the time. */
  waveform?: number[];
}

/** Which files I may add here. */
export interface Offer {
  /** Empty: none, and `why` says why. */
  kinds: Medium["kind"][];
  /** How many a comment may hold. */
  each: number;
  /** Bytes of one. */
  largest: number;
  /** "credit": my standing takes them. */
  why?: string;
}

interface Branching {
  id: string;
  parent: string | null;
  reply_count: number;
  /** The first answers of the branch, in the order in which they were written. */
  replies: Item[];
  /** Cursor of the rest of the branch. */
  more_replies: string | null;
}

export interface Comment extends Branching {
  author: Author;
  body: Node[];
  text: string;
  parts?: Medium[];
  lang?: string;
  created_at: string;
  edited_at: string | null;
  votes: number;
  /** From an older system; its author is not verified. */
  archived?: boolean;
}

/** Stands where something was removed. */
export interface Tombstone extends Branching {
  tombstone: {
    /** "withdrawn": its author took it back, and answers still stand under it. */
    tier: string;
    /** Absent where naming it would brand the author or expose somebody. */
    title?: Said | null;
    by: string;
    appeal: "open" | "closed" | "none";
    /** Absent until the log has given it a place. */
    leaf: number | null;
    nonce: string;
    revision?: number;
  };
}

export type Item = Comment | Tombstone;

/** A rule that a comment may break. */
export interface Ground {
  id: string;
  /** "illegal", "negative" or "terms". */
  tier: string;
  title: Said;
  definition: Said;
}

/** How a site is run. */
export interface House {
  classes: Ground[];
  /** `wait` is absent where too little was reviewed to say anything. */
  review: { wait: { median_seconds: number; count: number } | null };
}

/** Says that the thread or its site is run differently for now. */
export interface Banner {
  kind: string;
  reason: string;
  until: string;
}

export interface ThreadFacts {
  count: number;
  /** first: a person reads before the public does. */
  review: "first" | "after";
  writable: boolean;
  banners: Banner[];
}

export interface Page {
  thread: ThreadFacts;
  comments: Item[];
  next: string | null;
}

export interface Branch {
  comments: Item[];
  next: string | null;
}

/** Why something of mine was refused or removed. */
export interface Decision {
  id: string;
  title?: Said | null;
  clause?: string | null;
  message?: string | null;
  appeal_before?: string | null;
}

/** Something I wrote in this thread. Held and refused ones are seen by nobody else. */
export interface Own {
  id: string;
  state: State;
  /** What became of a newer text while an older one is public. */
  change?: State | null;
  parent: string | null;
  /** The newest text as I typed it. */
  text: string;
  body?: Node[];
  parts?: Medium[];
  created_at: string;
  decision?: Decision | null;
  receipt?: string | null;
  /** Where it stands over a video. Null: it is a comment. */
  over?: { t_ms: number; mode: "scroll" | "top" | "bottom"; colour: number } | null;
  /** Sent from this page, a moment ago. Never comes from the service. */
  fresh?: boolean;
}

export type Replies = "everyone" | "known" | "nobody";
export type Keep = "none" | "muted" | "blocked";
export type Why = "muted" | "blocked" | "protected";

/** What is personal in a thread. */
export interface Mine {
  items: Own[];
  /** Ids that I agree with. */
  votes: string[];
  /** What I do not want to see. */
  folded?: { id: string; why: Why }[];
  /** Who may reply to comments of mine that have a limit of their own. */
  limits?: Record<string, Replies>;
  replies_from?: Replies;
  protected_until?: string | null;
  /** Absent: the site takes no files. */
  files?: Offer | null;
  /** Nobody's agreement is shown to me on what I wrote. */
  hide_votes?: boolean;
}

export interface Submitted {
  id: string;
  state: State;
  /** Of a refusal: the statement, or its id alone. */
  decision?: Decision | string | null;
  receipt?: string | null;
}

export interface Filed {
  case: string;
  secret_url: string;
  due: string;
}

export interface Revision {
  number: number;
  body: Node[];
  published_at: string;
}

export interface Preview {
  body: Node[];
  length: number;
}

export interface Protection {
  until: string;
  evidence: { id: string; items: number; sha256: string };
}
