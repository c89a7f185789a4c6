/** A voice into a file, by the browser's own recorder. */

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

interface Policy {
  allowsFeature(name: string): boolean;
}

/** Whether this browser records, and this page lets it. */
export function canRecord(): boolean {
  const { featurePolicy } = document as unknown as { featurePolicy?: Policy };
  return "MediaRecorder" in window && Boolean(navigator.mediaDevices) && (featurePolicy?.allowsFeature("microphone") ?? true);
}

/** Begins when the microphone is there. Raises what the browser says where it is not. */
export async function record(done: (file: File) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = KINDS.find((one) => MediaRecorder.isTypeSupported(one)) ?? "";
  const recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => void pieces.push(data);
  recorder.onstop = () => {
    for (const track of stream.getTracks()) track.stop();
    done(new File(pieces, "recording", { type: recorder.mimeType }));
  };
  recorder.start();
  return () => recorder.stop();
}
