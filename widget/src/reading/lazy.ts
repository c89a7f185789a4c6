/** Parts that not every reader needs come when somebody wants them. */

const PARTS = {
  composer: () => import("../writing/composer.ts"),
  report: () => import("../writing/report.ts"),
  forms: () => import("../writing/forms.ts"),
  history: () => import("../writing/history.ts"),
  person: () => import("../writing/person.ts"),
  personal: () => import("../writing/personal.ts"),
  settings: () => import("../writing/settings.ts"),
  signin: () => import("../door/signin.ts"),
  media: () => import("../media/media.ts"),
  live: () => import("../live/live.ts"),
};

export type Part = keyof typeof PARTS;

export const bring = <P extends Part>(part: P) => PARTS[part]() as ReturnType<(typeof PARTS)[P]>;

/** Styles of everything that is not reading. */
export const bringStyles = () => import("../writing/styles.ts");
