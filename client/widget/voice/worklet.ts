/** A file of its own, which the audio thread loads: hands on what the microphone gives, some ten milliseconds at a time. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

const blockLength = 512

class Capture extends AudioWorkletProcessor {
  #block = new Float32Array(blockLength)
  #length = 0

  process([input]: Float32Array[][]): boolean {
    const channel = input?.[0]
    if (!channel) return true
    this.#block.set(channel, this.#length)
    this.#length += channel.length
    if (this.#length < blockLength) return true
    this.port.postMessage(this.#block, [this.#block.buffer])
    this.#block = new Float32Array(blockLength)
    this.#length = 0
    return true
  }
}

registerProcessor('parley-capture', Capture)
