/** A voice, or a voice with a face, into a file by the browser's own recorder. */

export type Recorded = "audio" | "video";

/** One under way. */
export interface Recording {
  kind: Recorded;
  stream: MediaStream;
  /** Ends it. The file comes later. */
  stop(): void;
}

const KINDS: Record<Recorded, readonly string[]> = {
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  video: ["video/webm;codecs=vp8,opus", "video/mp4"],
};
const NEEDS: Record<Recorded, readonly string[]> = { audio: ["microphone"], video: ["microphone", "camera"] };
const WANTS: Record<Recorded, MediaStreamConstraints> = { audio: { audio: true }, video: { audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 } } } };
/** What the service takes, and a little less: half an hour, ten minutes. In milliseconds. */
const LONGEST: Record<Recorded, number> = { audio: 1_790_000, video: 590_000 };
const BITS = 1_500_000; // ten minutes are 110 MB

interface Policy {
  allowsFeature(name: string): boolean;
}

/** Whether this browser records, and this page lets it. */
export function canRecord(kind: Recorded): boolean {
  const { featurePolicy } = document as unknown as { featurePolicy?: Policy };
  return "MediaRecorder" in window && Boolean(navigator.mediaDevices) && NEEDS[kind].every((one) => featurePolicy?.allowsFeature(one) ?? true);
}

/** Begins when microphone and camera are there. Raises what the browser says where they are not. */
export async function record(kind: Recorded, done: (file: File) => void): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia(WANTS[kind]);
  const mimeType = KINDS[kind].find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), videoBitsPerSecond: BITS });
  const pieces: Blob[] = [];
  const stop = () => void (recorder.state === "inactive" || recorder.stop());
  const last = setTimeout(stop, LONGEST[kind]);
  recorder.ondataavailable = ({ data }) => void pieces.push(data);
  recorder.onstop = () => {
    clearTimeout(last);
    for (const track of stream.getTracks()) track.stop();
    done(new File(pieces, "recording", { type: recorder.mimeType }));
  };
  recorder.start();
  return { kind, stream, stop };
}
