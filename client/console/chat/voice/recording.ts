/** The browser gives no microphone. */
export class MicrophoneRefused extends Error {
  readonly reason: 'Denied' | 'Missing' | 'Insecure'

  constructor(reason: MicrophoneRefused['reason']) {
    super(reason)
    this.reason = reason
  }
}

/** Somebody who is speaking. */
export interface Recording {
  /** All that was said, as one file. */
  finish(): Promise<File>
  cancel(): void
}

/** Slices of a recording are no files: what is said is one when it ends. @throws MicrophoneRefused */
export async function startRecording(): Promise<Recording> {
  if (!navigator.mediaDevices) throw new MicrophoneRefused('Insecure')
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(({ name }) => {
    throw new MicrophoneRefused(name === 'NotAllowedError' ? 'Denied' : 'Missing')
  })
  const recorder = new MediaRecorder(stream)
  const pieces: Blob[] = []
  recorder.ondataavailable = ({ data }) => pieces.push(data)
  recorder.start()
  const release = () => {
    for (const track of stream.getTracks()) track.stop()
  }
  return {
    finish: () =>
      new Promise(resolve => {
        recorder.onstop = () => {
          release()
          resolve(new File(pieces, 'recording', { type: recorder.mimeType }))
        }
        recorder.stop()
      }),
    cancel() {
      recorder.stop()
      release()
    },
  }
}
