/** Where in its box a video draws its picture: the layer never leaves it. Pure. */

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

/**
 * @param box The content box.
 * @param picture Natural size; zero while it is unknown: then the box.
 * @param fit `object-fit` as computed. @param position `object-position` as computed.
 */
export function drawnRect(box: Rect, picture: Size, fit: string, position: string): Rect {
  if (!picture.width || !picture.height || fit === "fill") return box;
  const scale = scaleOf(box, picture, fit);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const [across, down] = position.split(" ");
  const drawn = { x: box.x + offset(across, box.width - width), y: box.y + offset(down, box.height - height), width, height };
  return within(drawn, box);
}

function scaleOf(box: Size, picture: Size, fit: string): number {
  const [across, down] = [box.width / picture.width, box.height / picture.height];
  if (fit === "cover") return Math.max(across, down);
  if (fit === "none") return 1;
  const contained = Math.min(across, down);
  return fit === "scale-down" ? Math.min(1, contained) : contained;
}

/** Percentages are of the room that is left; pixels are pixels. */
function offset(said: string | undefined, left: number): number {
  const value = Number.parseFloat(said ?? "");
  if (Number.isNaN(value)) return left / 2;
  return said?.endsWith("%") ? (left * value) / 100 : value;
}

function within(one: Rect, box: Rect): Rect {
  const [x, y] = [Math.max(one.x, box.x), Math.max(one.y, box.y)];
  const width = Math.max(0, Math.min(one.x + one.width, box.x + box.width) - x);
  const height = Math.max(0, Math.min(one.y + one.height, box.y + box.height) - y);
  return { x, y, width, height };
}

/** The drawn rectangle of a video as it stands in the window. */
export function drawnBy(video: HTMLVideoElement): Rect {
  const style = getComputedStyle(video);
  const { left, top } = video.getBoundingClientRect();
  const px = (value: string) => Number.parseFloat(value) || 0;
  const [padX, padY] = [px(style.paddingLeft), px(style.paddingTop)];
  const box = {
    x: left + video.clientLeft + padX,
    y: top + video.clientTop + padY,
    width: video.clientWidth - padX - px(style.paddingRight),
    height: video.clientHeight - padY - px(style.paddingBottom),
  };
  return drawnRect(box, { width: video.videoWidth, height: video.videoHeight }, style.objectFit, style.objectPosition);
}
